//! Backup and restore as an operator does them: with the binary, while others write, from and to either database.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use regie_core::Caller;
use regie_core::id::{Id as _, InstitutionId, PersonId};
use regie_db::{Ask, Db, Error, Event, STAYS, TRAVELS, Trust, statements};
use regie_testkit::{RealClock, SeededRandom, empty_database};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

statements! {
    fn drilled() -> (i64,) = "SELECT count(*) FROM journal WHERE institution = $1 AND action = 'drill.held'";
}

/// One installation: its folder, and its database.
struct House {
    dir: tempfile::TempDir,
    database: Option<String>,
}

impl House {
    async fn new(postgres: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut database = None;
        if postgres {
            database = Some(empty_database().await);
        }
        Self { dir, database }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regie"));
        for name in ["REGIE_CONFIG", "REGIE_DATA", "REGIE_DATABASE", "REGIE_LOG"] {
            command.env_remove(name);
        }
        command.arg("--data").arg(self.path("data")).args(words);
        if let Some(database) = &self.database {
            command.args(["--database", database]);
        }
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// What it said when all went well.
    fn must(&self, words: &[&str]) -> String {
        let out = self.run(words);
        assert!(out.status.success(), "{words:?}: {out:?}");
        String::from_utf8(out.stdout).unwrap()
    }

    /// What it complained of.
    fn refused(&self, words: &[&str]) -> String {
        let out = self.run(words);
        assert!(!out.status.success(), "{words:?} was not refused: {out:?}");
        String::from_utf8(out.stderr).unwrap()
    }

    fn db(&self) -> Db {
        let settings = match &self.database {
            Some(url) => regie_db::Settings::Postgres(regie_db::PostgresSettings {
                url: url.clone(),
                connections: 8,
                authority: None,
                row_security: false,
            }),
            None => regie_db::Settings::Sqlite {
                path: self.path("data/regie.db"),
                readers: 4,
                synchronous: regie_db::Synchronous::Full,
            },
        };
        Db::open(settings, Arc::new(RealClock), Arc::new(SeededRandom::new(11))).unwrap()
    }

    /// The rows of one institution, file by file, as an archive of it holds them.
    fn rows(&self, slug: &str) -> BTreeMap<String, String> {
        let file = self.path(&format!("look-{}.regie", std::fs::read_dir(self.dir.path()).unwrap().count()));
        self.must(&["backup", file.to_str().unwrap(), "--institution", slug]);
        unpacked(&file).into_iter().filter(|(name, _)| name.starts_with("rows/")).collect()
    }
}

fn unpacked(file: &Path) -> BTreeMap<String, String> {
    let dir = tempfile::tempdir().unwrap();
    let out = Command::new("tar").arg("-xf").arg(file).arg("-C").arg(dir.path()).output().unwrap();
    assert!(out.status.success(), "{out:?}");
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let name = entry.path().strip_prefix(dir.path()).unwrap().to_str().unwrap().to_owned();
                found.insert(
                    name,
                    String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned(),
                );
            }
        }
    }
    found
}

fn block_on(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(work);
}

const DEMO: &str = regie_app::demo::SLUG;

async fn school(db: &Db, slug: &str) -> InstitutionId {
    regie_people::institution::by_slug(db, slug).await.unwrap().unwrap().id
}

async fn hold_drill(db: &Db, school: InstitutionId) {
    let caller = Caller::system(school, db.now());
    db.write::<(), Error, _, _>(&caller, (), move |tx, ()| {
        Box::pin(async move {
            let subject = PersonId::from_uuid(school.uuid());
            Ok(tx.done((), Event::new("drill.held", subject)))
        })
    })
    .await
    .unwrap();
}

/// A fire drill: sixteen people write, the backup command runs beside them, and the archive is restored elsewhere.
/// Everything that was acknowledged before the backup began is there, and the journal is whole.
async fn drill(postgres: bool) {
    let (here, there) = (House::new(postgres).await, House::new(postgres).await);
    here.must(&["demo", "--size", "tiny"]);
    std::fs::create_dir_all(here.path("data/blobs/ab")).unwrap();
    std::fs::write(here.path("data/blobs/ab/cd"), b"a scanned form").unwrap();
    std::fs::create_dir_all(here.path("data/keys")).unwrap();
    std::fs::write(here.path("data/keys/forms.key"), [7; 32]).unwrap();
    let db = here.db();
    let school = school(&db, DEMO).await;
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicI64::new(0)));
    let writers: Vec<_> = (0..16)
        .map(|_| {
            let (db, stop, written) = (db.clone(), stop.clone(), written.clone());
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    hold_drill(&db, school).await;
                    written.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    while written.load(Ordering::Relaxed) < 200 {
        tokio::task::yield_now().await;
    }
    let acknowledged = written.load(Ordering::Relaxed);
    let archive = here.path("saved.regie");
    let (command, file) = (here.command(&["backup", archive.to_str().unwrap()]), archive.clone());
    let out = tokio::task::spawn_blocking(move || {
        let mut command = command;
        command.output().unwrap()
    })
    .await
    .unwrap();
    assert!(out.status.success(), "{out:?}");
    let beside = written.load(Ordering::Relaxed);
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(beside > acknowledged, "nobody had to wait for the backup");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "keys are in it");
    }

    let said = there.must(&["restore", file.to_str().unwrap()]);
    assert!(said.contains("ROC Delta (demo): whole"), "{said}");
    assert_eq!(std::fs::read(there.path("data/blobs/ab/cd")).unwrap(), b"a scanned form");
    assert_eq!(std::fs::read(there.path("data/keys/forms.key")).unwrap(), [7; 32]);
    assert!(there.must(&["verify"]).contains("ROC Delta (demo): whole"));
    let restored = there.db();
    let (count,) = restored.reader(school).one(drilled()).await.unwrap();
    assert!(count >= acknowledged, "{count} of {acknowledged} that were acknowledged before the backup");
    // Life goes on there.
    hold_drill(&restored, school).await;
    while restored.unsealed_schools().await.unwrap().iter().any(|(one, _)| *one == school) {
        restored.seal(school).await.unwrap();
        tokio::task::yield_now().await;
    }
    let verdict = restored.verify(school, &Trust::default()).await.unwrap();
    assert_eq!((verdict.flaw, verdict.unsealed), (None, 0));

    let again = there.refused(&["restore", file.to_str().unwrap()]);
    assert!(again.contains("writes over nothing"), "{again}");
    let over = here.refused(&["backup", file.to_str().unwrap()]);
    assert!(over.contains("saved.regie exists"), "{over}");
}

#[test]
fn a_fire_drill_on_sqlite() {
    block_on(drill(false));
}

#[test]
fn a_fire_drill_on_postgres() {
    block_on(drill(true));
}

/// The demo school moves beside another school that knows one of its accounts, and nothing of the other changes.
async fn moves(from_postgres: bool, to_postgres: bool) {
    let (from, to) = (House::new(from_postgres).await, House::new(to_postgres).await);
    from.must(&["demo", "--size", "tiny"]);
    // Names of blobs in the rows decide which blobs go along.
    let (mine, other) = ("ab".repeat(32), "cd".repeat(32));
    let source = from.db();
    let id = school(&source, DEMO).await;
    let caller = Caller::system(id, source.now());
    let named = mine.clone();
    source
        .write::<(), Error, _, _>(&caller, named, move |tx, named| {
            Box::pin(async move {
                let subject = PersonId::from_uuid(id.uuid());
                Ok(tx.done(
                    (),
                    Event::new("scan.filed", subject).new_value(serde_json::json!({ "file": named })),
                ))
            })
        })
        .await
        .unwrap();
    while source.unsealed_schools().await.unwrap().iter().any(|(one, _)| *one == id) {
        source.seal(id).await.unwrap();
        tokio::task::yield_now().await;
    }
    for hash in [&mine, &other] {
        std::fs::create_dir_all(from.path("data/blobs")).unwrap();
        std::fs::write(from.path("data/blobs").join(hash), hash).unwrap();
    }
    let archive = from.path("delta.regie");
    from.must(&["backup", archive.to_str().unwrap(), "--institution", DEMO]);
    let files = unpacked(&archive);
    assert!(files.contains_key(&format!("blobs/{mine}")) && !files.contains_key(&format!("blobs/{other}")));
    assert!(!files.keys().any(|name| name.ends_with(".key")), "the keys of an installation stay there");

    to.must(&["migrate"]);
    let target = to.db();
    let twin = twin(&target).await;
    let before = to.rows("twin");
    let said = to.must(&["restore", archive.to_str().unwrap()]);
    assert!(
        said.contains("ROC Delta (demo): whole") && said.contains("1 accounts were here already"),
        "{said}"
    );
    assert_eq!(to.rows("twin"), before, "the twin school was touched");
    assert_eq!(std::fs::read_to_string(to.path("data/blobs").join(&mine)).unwrap(), mine);

    // What an archive of it holds there is what the archive held, but for the account that was known and the new line.
    let (then, now) = (files, to.rows(DEMO));
    for (name, text) in then.iter().filter(|(name, _)| name.starts_with("rows/")) {
        let here: std::collections::BTreeSet<&str> = now[name].lines().collect();
        let lost: Vec<&str> = text.lines().filter(|line| !here.contains(line)).collect();
        match name.as_str() {
            "rows/account.jsonl" | "rows/account_person.jsonl" => {
                assert_eq!(lost.len(), 1, "{name}: {lost:?}")
            }
            // The stamps by which a database orders its lines are its own.
            "rows/journal_head.jsonl" => assert!(lost.len() <= 1, "{lost:?}"),
            _ => assert_eq!(lost, Vec::<&str>::new(), "{name}"),
        }
    }
    // The known account keeps its own password, and now stands at both schools.
    let accounts = target.reader(twin).all(stands_at("examoffice@delta.example")).await.unwrap();
    assert_eq!(accounts, [("its own".to_owned(), twin.uuid()), ("its own".to_owned(), id.uuid())]);
    // A new line comes after all old ones, and the chain goes on.
    hold_drill(&target, id).await;
    while target.unsealed_schools().await.unwrap().iter().any(|(one, _)| *one == id) {
        target.seal(id).await.unwrap();
        tokio::task::yield_now().await;
    }
    let verdict = target.verify(id, &Trust::default()).await.unwrap();
    assert_eq!((verdict.flaw, verdict.unsealed), (None, 0));

    let again = to.refused(&["restore", archive.to_str().unwrap()]);
    assert!(again.contains("is in this database already"), "{again}");
    let bytes = std::fs::read(&archive).unwrap();
    let broken = to.path("broken.regie");
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    for (what, bytes) in [("flipped", flipped.as_slice()), ("cut off", &bytes[..bytes.len() / 3])] {
        std::fs::write(&broken, bytes).unwrap();
        let told = to.refused(&["restore", broken.to_str().unwrap()]);
        assert!(told.contains("broken.regie is damaged"), "{what}: {told}");
    }
    let unknown = to.refused(&["backup", "x", "--institution", "nowhere"]);
    assert!(unknown.contains("there is no institution nowhere") && unknown.contains("twin"), "{unknown}");
}

regie_db::global_statements! {
    fn stands_at(mail: &str) -> (String, uuid::Uuid) =
        "SELECT coalesce(a.password, 'none'), p.at_institution FROM account a JOIN account_person p ON p.account = a.id
         WHERE a.mail = $1 ORDER BY a.password, p.at_institution";
}

/// A school with one person, whose account somebody of the demo school has too.
async fn twin(db: &Db) -> InstitutionId {
    use regie_people::institution::{Found, Kind, found};
    use regie_people::person::{self, AddPerson};
    let id = InstitutionId::from_uuid(uuid::Uuid::from_u128(1));
    let system = Caller::system(id, db.now());
    let allowed = regie_access::platform(&mut db.reader(id), &system).await.unwrap();
    let input = Found {
        id,
        slug: "twin".into(),
        name: "Twin".into(),
        kind: Kind::School,
        brin: None,
        home_organization: None,
    };
    found(db, &allowed, input).await.unwrap();
    let who = PersonId::from_uuid(uuid::Uuid::from_u128(2));
    person::add(db, &system, AddPerson::named(who, person::Kind::Staff, "Sam", None, "Bos")).await.unwrap();
    let account = regie_signin::NewAccount {
        id: regie_core::id::AccountId::from_uuid(uuid::Uuid::from_u128(3)),
        mail: "examoffice@delta.example".into(),
        password: Some("its own".into()),
        person: who,
    };
    regie_signin::create(db, &allowed, account).await.unwrap();
    while db.unsealed_schools().await.unwrap().iter().any(|(one, _)| *one == id) {
        db.seal(id).await.unwrap();
        tokio::task::yield_now().await;
    }
    id
}

#[test]
fn one_school_moves_from_sqlite_to_sqlite() {
    block_on(moves(false, false));
}

#[test]
fn one_school_moves_from_sqlite_to_postgres() {
    block_on(moves(false, true));
}

#[test]
fn one_school_moves_from_postgres_to_sqlite() {
    block_on(moves(true, false));
}

#[test]
fn one_school_moves_from_postgres_to_postgres() {
    block_on(moves(true, true));
}

/// Every table above institutions travels with one of them or stays, and its area says which.
#[test]
fn every_table_above_institutions_travels_or_stays() {
    let above = regie_db::migrations(false).into_iter().flat_map(|migration| {
        let lines = migration.text.lines().filter_map(|line| line.strip_prefix("-- above tenants: "));
        lines.flat_map(|line| line.split(", ")).map(str::to_owned).collect::<Vec<_>>()
    });
    let decided: Vec<&str> =
        TRAVELS.iter().map(|one| one.table).chain(STAYS.iter().map(|one| one.table)).collect();
    for table in above {
        let table = table.trim().to_owned();
        assert_eq!(
            decided.iter().filter(|one| **one == table).count(),
            1,
            "{table}: say once, in its area, whether its rows go along when an institution moves (travels!) or stay (stays!)"
        );
    }
}
