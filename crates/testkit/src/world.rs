//! One migrated database with a clock and two schools: ours and a twin that nobody of ours may ever see.

use crate::{MovableClock, SeededRandom, cluster};
use regie_core::clock::new_id;
use regie_core::id::{Id, InstitutionId, PersonId};
use regie_core::{Caller, Clock, Role, Source};
use regie_db::{Db, PostgresSettings, Settings, Synchronous};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio_postgres::NoTls;

pub struct World {
    pub db: Db,
    pub settings: Settings,
    pub clock: Arc<MovableClock>,
    pub random: Arc<SeededRandom>,
    pub school: InstitutionId,
    pub twin: InstitutionId,
    pub dir: tempfile::TempDir,
}

impl World {
    /// Where and when tests live: a Friday morning in November.
    fn new(settings: Settings, dir: tempfile::TempDir) -> Self {
        let clock = Arc::new(MovableClock::at("2026-11-20T08:00:00Z"));
        let random = Arc::new(SeededRandom::new(7));
        let db = Db::open(settings.clone(), clock.clone(), random.clone()).unwrap();
        let school = new_id(&*clock, &*random);
        let twin = new_id(&*clock, &*random);
        Self { db, settings, clock, random, school, twin, dir }
    }

    pub async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings::Sqlite {
            path: dir.path().join("regie.db"),
            readers: 4,
            synchronous: Synchronous::Full,
        };
        let world = Self::new(settings, dir);
        world.db.migrate().await.unwrap();
        world
    }

    /// A database cloned from a template that is migrated once, in which row-level security judges every row.
    pub async fn postgres() -> Self {
        let name = fresh_name();
        template().await;
        admin("postgres", &format!("CREATE DATABASE {name} TEMPLATE {}", template_name())).await;
        let settings = Settings::Postgres(PostgresSettings {
            url: cluster().judged_url(&name),
            connections: 8,
            authority: None,
            row_security: true,
        });
        Self::new(settings, tempfile::tempdir().unwrap())
    }

    pub fn id<T: Id>(&self) -> T {
        new_id(&*self.clock, &*self.random)
    }

    /// Somebody in a role at our school.
    pub fn caller(&self, role: Role) -> Caller {
        Caller {
            person: Some(self.id::<PersonId>()),
            role: Some(role),
            source: Source::Page,
            ..Caller::system(self.school, self.clock.now())
        }
    }

    pub fn system(&self) -> Caller {
        Caller::system(self.school, self.clock.now())
    }
}

impl World {
    /// Tables of a test's own, under the same judge as all others.
    pub async fn ddl(&self, text: &str) {
        let text = regie_db::ddl(text, self.db.is_postgres());
        match &self.settings {
            Settings::Sqlite { path, .. } => {
                regie_db::script(path, &text).unwrap();
            }
            Settings::Postgres(settings) => {
                let database = settings.url.rsplit('=').next().unwrap();
                admin(database, &text).await;
                admin(database, JUDGE).await;
            }
        }
    }
}

impl World {
    /// Meddles with the database from outside, as somebody with the administrator's password could.
    pub async fn outside(&self, sqlite: &str, postgres: &str) {
        match &self.settings {
            Settings::Sqlite { path, .. } => regie_db::script(path, sqlite).unwrap(),
            Settings::Postgres(settings) => {
                admin(settings.url.rsplit('=').next().unwrap(), postgres).await;
            }
        }
    }

    /// Seals until nothing of our school is left to seal. (On PostgreSQL open transactions of other tests hold it
    /// back: the numbers of transactions are the whole cluster's.)
    pub async fn seal(&self) {
        while self.db.unsealed_schools().await.unwrap().iter().any(|(school, _)| *school == self.school) {
            if self.db.seal(self.school).await.unwrap() == regie_db::Sealed::Lines(0) {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        }
    }
}

/// The cluster outlives a run, and process numbers come round again: the moment is part of the name.
fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let moment = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros();
    format!("test_{moment:x}_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// An empty PostgreSQL database, by its owner's address.
pub async fn empty_database() -> String {
    let name = fresh_name();
    cluster().run("postgres", &format!("CREATE DATABASE {name}")).await;
    cluster().url(&name)
}

/// Named after the migrations, so that a cluster that outlives a change of schema is not fooled.
fn template_name() -> String {
    use std::hash::{Hash, Hasher};
    let mut hasher = std::hash::DefaultHasher::new();
    for migration in regie_db::migrations(true) {
        migration.text.hash(&mut hasher);
    }
    regie_db::views().hash(&mut hasher);
    format!("regie_template_{:016x}", hasher.finish())
}

pub(crate) async fn admin(database: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(&cluster().url(database), NoTls).await.unwrap();
    let running = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    drop(client);
    running.await.unwrap().unwrap();
}

/// Makes the template unless another test process already did; the lock is PostgreSQL's.
async fn template() {
    static MADE: tokio::sync::OnceCell<()> = tokio::sync::OnceCell::const_new();
    MADE.get_or_init(|| async {
        let name = template_name();
        let (client, connection) = tokio_postgres::connect(&cluster().url("postgres"), NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute("SELECT pg_advisory_lock(77)").await.unwrap();
        let there = client
            .query_one("SELECT count(*) FROM pg_database WHERE datname = $1", &[&name])
            .await
            .unwrap()
            .get::<_, i64>(0);
        if there == 0 {
            let building = format!("{name}_{}", std::process::id());
            client.batch_execute(&format!("CREATE DATABASE {building}")).await.unwrap();
            let clock = Arc::new(MovableClock::at("2026-11-20T08:00:00Z"));
            let settings = Settings::Postgres(PostgresSettings {
                url: cluster().url(&building),
                connections: 1,
                authority: None,
                row_security: false,
            });
            let db = Db::open(settings, clock, Arc::new(SeededRandom::new(1))).unwrap();
            db.migrate().await.unwrap();
            drop(db);
            admin(&building, JUDGE).await;
            // The pool's lines end a moment after the handle is gone.
            loop {
                let busy = client
                    .query_one("SELECT count(*) FROM pg_stat_activity WHERE datname = $1", &[&building])
                    .await
                    .unwrap()
                    .get::<_, i64>(0);
                if busy == 0 {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            client.batch_execute(&format!("ALTER DATABASE {building} RENAME TO {name}")).await.unwrap();
        }
        client.batch_execute("SELECT pg_advisory_unlock(77)").await.unwrap();
    })
    .await;
}

/// Row-level security as second judge: every table with an institution shows and takes only rows of the
/// institution the transaction named. The user `judged` owns nothing, so it cannot look past it.
const JUDGE: &str = "
DO $$
DECLARE t record;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'judged') THEN CREATE ROLE judged LOGIN; END IF;
  EXECUTE format('GRANT ALL ON SCHEMA public TO judged');
  EXECUTE format('GRANT ALL ON ALL TABLES IN SCHEMA public TO judged');
  EXECUTE format('GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO judged');
  FOR t IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
           WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'institution'
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t.relname);
    EXECUTE format('DROP POLICY IF EXISTS tenant ON %I', t.relname);
    EXECUTE format('CREATE POLICY tenant ON %I USING (
      current_setting(''regie.institution'', true) = ''system''
      OR institution::text = current_setting(''regie.institution'', true))', t.relname);
  END LOOP;
  FOR t IN SELECT viewname AS relname FROM pg_views WHERE schemaname = 'public'
  LOOP
    EXECUTE format('ALTER VIEW %I SET (security_invoker = true)', t.relname);
  END LOOP;
END $$;";
