//! The hard parts: slow jobs, cancelled transactions, serialisable retries, the write-ahead log, TLS, and migrations.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use regie_core::Role;
use regie_core::id::PersonId;
use regie_db::{Ask, Db, Error, Event, Expect, PostgresSettings, Settings, Synchronous, statements};
use regie_testkit::{Cluster, Durability, MovableClock, SeededRandom, World, both, empty_database};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const TABLES: &str = "
CREATE TABLE trial_note (institution {uuid} NOT NULL, id {uuid} NOT NULL, text {text} NOT NULL, PRIMARY KEY (institution, id)){strict};
CREATE TABLE trial_owner (institution {uuid} NOT NULL, id {uuid} NOT NULL, version {int} NOT NULL, PRIMARY KEY (institution, id)){strict};
CREATE TABLE trial_stay (institution {uuid} NOT NULL, owner {uuid} NOT NULL, first {int} NOT NULL, last {int} NOT NULL){strict};";

statements! {
    fn add_note(id: PersonId, text: &str) = "INSERT INTO trial_note (institution, id, text) VALUES ($1, $2, $3)";
    fn notes() -> (i64,) = "SELECT count(*) FROM trial_note WHERE institution = $1";
    fn add_owner(id: PersonId) = "INSERT INTO trial_owner (institution, id, version) VALUES ($1, $2, 0)";
    fn take_owner(id: PersonId) = "UPDATE trial_owner SET version = version + 1 WHERE institution = $1 AND id = $2";
    fn overlapping(owner: PersonId, first: i64, last: i64) -> (i64,) =
        "SELECT count(*) FROM trial_stay WHERE institution = $1 AND owner = $2 AND first <= $4 AND last >= $3";
    fn add_stay(owner: PersonId, first: i64, last: i64) = "INSERT INTO trial_stay (institution, owner, first, last) VALUES ($1, $2, $3, $4)";
    fn stays(owner: PersonId) -> (i64,) = "SELECT count(*) FROM trial_stay WHERE institution = $1 AND owner = $2";
    fn endless() -> (i64,) =
        "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000) SELECT count(*) FROM n WHERE $1 IS NOT NULL";
    fn endless_writing() =
        "INSERT INTO trial_note (institution, id, text)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000)
         SELECT $1, randomblob(16), 'x' FROM n";
}

async fn note(db: &Db, caller: &regie_core::Caller, id: PersonId, text: String) -> Result<(), Error> {
    db.write::<(), Error, _, _>(caller, (id, text), |tx, (id, text)| {
        Box::pin(async move {
            tx.queue(add_note(id, &text), Expect::any());
            Ok(tx.done((), Event::new("note.added", id)))
        })
    })
    .await
}

/// Everybody waits behind a slow job on SQLite, so it is stopped; its neighbours in the group are kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_never_ends_is_stopped_and_harms_nobody() {
    let world = World::sqlite().await;
    world.ddl(TABLES).await;
    world.db.limit_jobs(Duration::from_millis(200));
    for writing in [false, true] {
        let started = Instant::now();
        let mut others = tokio::task::JoinSet::new();
        for n in 0..30 {
            let (db, caller, id) = (world.db.clone(), world.caller(Role::ExamOffice), world.id());
            others.spawn(async move { note(&db, &caller, id, format!("note {n}")).await });
        }
        let slow = world
            .db
            .write::<(), Error, _, _>(&world.system(), (), move |tx, ()| {
                Box::pin(async move {
                    if writing {
                        tx.run(endless_writing()).await?;
                    } else {
                        tx.one(endless()).await?;
                    }
                    Ok(tx.done((), Event::none("never")))
                })
            })
            .await;
        let slow = slow.unwrap_err().to_string();
        assert!(slow.contains("do it in smaller parts"), "writing {writing}: {slow}");
        while let Some(other) = others.join_next().await {
            other.unwrap().unwrap();
        }
        assert!(started.elapsed() < Duration::from_secs(20));
    }
    assert_eq!(world.db.reader(world.school).one(notes()).await, Ok((60,)));
}

/// A caller that goes away while its transaction waits for a row must not leave that transaction behind.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_transaction_takes_its_connection_with_it() {
    let world = World::postgres().await;
    world.ddl(TABLES).await;
    let Settings::Postgres(judged) = &world.settings else { panic!() };
    let one = Settings::Postgres(PostgresSettings { connections: 1, ..judged.clone() });
    let db = Db::open(one, world.clock.clone(), world.random.clone()).unwrap();
    let (owner, caller): (PersonId, _) = (world.id(), world.system());
    db.write::<(), Error, _, _>(&caller, (), move |tx, ()| {
        Box::pin(async move {
            tx.queue(add_owner(owner), Expect::any());
            Ok(tx.done((), Event::none("a test")))
        })
    })
    .await
    .unwrap();
    // Somebody else holds the row.
    let url = judged.url.replace("user=judged", "user=regie");
    let (holder, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    holder.batch_execute("BEGIN; UPDATE trial_owner SET version = 7").await.unwrap();
    let (waiting_db, waiting_caller) = (db.clone(), caller.clone());
    let waiting = tokio::spawn(async move {
        waiting_db
            .write::<(), Error, _, _>(&waiting_caller, (), move |tx, ()| {
                Box::pin(async move {
                    tx.run(add_note(owner, "half a transaction")).await?;
                    tx.run(take_owner(owner)).await?;
                    Ok(tx.done((), Event::none("a test")))
                })
            })
            .await
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    holder.batch_execute("ROLLBACK").await.unwrap();
    // The only connection is a new one, and nothing of the half transaction is there.
    note(&db, &caller, world.id(), "afterwards".into()).await.unwrap();
    assert_eq!(db.reader(world.school).one(notes()).await, Ok((1,)));
    let started = Instant::now();
    loop {
        let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
        if holder.query_one(open, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "a transaction stayed open");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// With readers busy and a writer that never rests the log is folded back again and again.
#[tokio::test(flavor = "multi_thread")]
async fn the_write_ahead_log_stays_small_under_load() {
    let world = World::sqlite().await;
    world.ddl(TABLES).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut busy = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let (db, school, stop) = (world.db.clone(), world.school, stop.clone());
        busy.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                db.reader(school).one(notes()).await.unwrap();
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        });
    }
    let log = world.dir.path().join("regie.db-wal");
    let (mut largest, mut written) = (0, 0usize);
    let text = "x".repeat(20_000);
    while written < 120 << 20 {
        let mut some = tokio::task::JoinSet::new();
        for _ in 0..64 {
            let (db, caller, id, text) = (world.db.clone(), world.system(), world.id(), text.clone());
            some.spawn(async move { note(&db, &caller, id, text).await.unwrap() });
        }
        some.join_all().await;
        written += 64 * text.len();
        largest = largest.max(std::fs::metadata(&log).unwrap().len());
    }
    stop.store(true, Ordering::Relaxed);
    busy.join_all().await;
    assert!(largest < 64 << 20, "{} MB of log for {} MB written", largest >> 20, written >> 20);
}

both! {
    /// Two at once may each see room for one more; `serial` lets only one of them be right.
    async fn what_was_decided_on_what_was_read_holds(world: World) {
        world.ddl(TABLES).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let (db, caller, id) = (world.db.clone(), world.system(), world.id::<PersonId>());
            tasks.spawn(async move {
                db.serial::<bool, Error, _, _>(&caller, (), move |tx, ()| Box::pin(async move {
                    let (count,) = tx.one(notes()).await?;
                    if count < 5 { tx.queue(add_note(id, "one of five"), Expect::any()); }
                    Ok(tx.done(count < 5, Event::new("note.added", id)))
                })).await
            });
        }
        let added = tasks.join_all().await.into_iter().filter(|done| *done == Ok(true)).count();
        assert_eq!(added, 5);
        assert_eq!(world.db.reader(world.school).one(notes()).await, Ok((5,)));
    }

    /// The pattern for "not twice at the same time": first the owner by a guarded update, then look, then write. The
    /// update makes the second wait until the first has committed, so READ COMMITTED is enough.
    async fn no_two_stays_overlap_because_the_owner_is_taken_first(world: World) {
        world.ddl(TABLES).await;
        let owner: PersonId = world.id();
        world.db.write::<(), Error, _, _>(&world.system(), (), move |tx, ()| Box::pin(async move {
            tx.queue(add_owner(owner), Expect::any());
            Ok(tx.done((), Event::none("a test")))
        })).await.unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..24i64 {
            let (db, caller) = (world.db.clone(), world.system());
            tasks.spawn(async move {
                let (first, last) = (n % 6, n % 6 + 1);
                db.write::<(), Error, _, _>(&caller, (), move |tx, ()| Box::pin(async move {
                    tx.queue(take_owner(owner), Expect::one(Error::Refused("no such owner".into())));
                    if tx.one(overlapping(owner, first, last)).await?.0 > 0 {
                        return Err(Error::Refused("already somewhere else at that time".into()));
                    }
                    tx.queue(add_stay(owner, first, last), Expect::any());
                    Ok(tx.done((), Event::new("stay.added", owner)))
                })).await
            });
        }
        let kept = tasks.join_all().await.into_iter().filter(Result::is_ok).count() as i64;
        assert!((2..=4).contains(&kept), "{kept} of six slots of two, each overlapping the next");
        assert_eq!(world.db.reader(world.school).one(stays(owner)).await, Ok((kept,)));
        for n in 0..=6 {
            assert!(world.db.reader(world.school).one(overlapping(owner, n, n)).await.unwrap().0 <= 1);
        }
    }

    async fn migrations_never_change_and_never_go_back(world: World) {
        let total = regie_db::migrations(world.db.is_postgres()).len();
        assert_eq!(world.db.migrate().await, Ok(vec![]), "nothing to do");
        // Numbers of a newer release are left alone: this one runs on them.
        let newer = "INSERT INTO migration (number, name, checksum) VALUES (9999, '9999_future', 'x')";
        world.outside(newer, newer).await;
        assert_eq!(db_of_owner(&world).migrate().await, Ok(vec![]));
        // One of ours that was never applied comes too late now.
        let gap = "DELETE FROM migration WHERE number = 1";
        world.outside(gap, gap).await;
        let late = db_of_owner(&world).migrate().await.unwrap_err().to_string();
        assert!(late.contains("0001_ground comes before migrations that were already applied"), "{late}");
        let other = "INSERT INTO migration (number, name, checksum) VALUES (1, '0001_ground', 'of another text')";
        world.outside(other, other).await;
        let altered = db_of_owner(&world).migrate().await.unwrap_err().to_string();
        assert!(altered.contains("was applied as 0001_ground with another text"), "{altered}");
        assert!(total >= 1);
    }

    async fn of_several_nodes_that_start_together_one_migrates(world: World) {
        let settings = if world.db.is_postgres() {
            plain(empty_database().await, None)
        } else {
            Settings::Sqlite { path: world.dir.path().join("empty.db"), readers: 1, synchronous: Synchronous::Full }
        };
        let mut nodes = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let db = Db::open(settings.clone(), world.clock.clone(), world.random.clone()).unwrap();
            nodes.spawn(async move { db.migrate().await.unwrap().len() });
        }
        let mut applied = nodes.join_all().await;
        applied.sort_unstable();
        assert_eq!(applied, [0, 0, 0, regie_db::migrations(world.db.is_postgres()).len()]);
    }
}

fn db_of_owner(world: &World) -> Db {
    let settings = match &world.settings {
        Settings::Postgres(judged) => plain(judged.url.replace("user=judged", "user=regie"), None),
        sqlite => sqlite.clone(),
    };
    Db::open(settings, world.clock.clone(), world.random.clone()).unwrap()
}

fn plain(url: String, authority: Option<std::path::PathBuf>) -> Settings {
    Settings::Postgres(PostgresSettings { url, connections: 2, authority, row_security: false })
}

fn openssl(dir: &std::path::Path, arguments: &str) {
    let out = Command::new("openssl").current_dir(dir).args(arguments.split(' ')).output().unwrap();
    assert!(out.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&out.stderr));
}

/// Encrypted, and only with a server that our own authority vouches for under the name we called.
#[tokio::test(flavor = "multi_thread")]
async fn tls_checks_who_the_server_is() {
    let dir = tempfile::tempdir().unwrap();
    let keys = dir.path().join("keys");
    std::fs::create_dir(&keys).unwrap();
    for name in ["ours", "theirs"] {
        openssl(
            &keys,
            &format!(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={name} -addext basicConstraints=critical,CA:TRUE -keyout {name}.key -out {name}.pem"
            ),
        );
    }
    openssl(
        &keys,
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout server.key -out server.csr",
    );
    openssl(
        &keys,
        "x509 -req -in server.csr -CA ours.pem -CAkey ours.key -CAcreateserial -days 2 -copy_extensions copy -out server.pem",
    );
    regie_testkit::for_postgres(dir.path());
    for file in ["server.key", "server.pem"] {
        regie_testkit::for_postgres(&keys.join(file));
    }
    regie_testkit::for_postgres(&keys);
    Command::new("chmod").arg("600").arg(keys.join("server.key")).status().unwrap();
    // TLS needs TCP. The port is asked of the kernel, and the certificate tells a stranger from our server.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = [
        "ssl=on".to_owned(),
        format!("ssl_cert_file={}", keys.join("server.pem").display()),
        format!("ssl_key_file={}", keys.join("server.key").display()),
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={port}"),
    ];
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    let server = Cluster::start_at(dir.path().join("data"), Durability::None, &settings);
    let open = |host: &str, mode: &str, authority: Option<&str>| {
        let url =
            format!("host={host} hostaddr=127.0.0.1 port={port} user=regie dbname=postgres sslmode={mode}");
        let clock = Arc::new(MovableClock::at("2026-11-20T08:00:00Z"));
        let settings = plain(url, authority.map(|name| keys.join(name)));
        Db::open(settings, clock, Arc::new(SeededRandom::new(1))).unwrap()
    };
    let db = open("localhost", "require", Some("ours.pem"));
    db.migrate().await.unwrap();
    let encrypted = db.encrypted().await.unwrap();
    assert!(encrypted, "the line is encrypted");
    let refused = async |db: Db| db.pending().await.unwrap_err().to_string();
    let wrong = refused(open("localhost", "require", Some("theirs.pem"))).await;
    assert!(wrong.contains("UnknownIssuer") || wrong.contains("BadSignature"), "{wrong}");
    let public = refused(open("localhost", "require", None)).await;
    assert!(public.contains("UnknownIssuer"), "{public}");
    let name = refused(open("regie.example", "require", Some("ours.pem"))).await;
    assert!(name.contains("not valid for name") || name.contains("NotValidForName"), "{name}");
    drop(server);
}
