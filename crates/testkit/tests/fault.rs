//! Disks that fail: no space, and a flush that does not succeed. What was acknowledged stays; what cannot be kept is
//! said; nothing is retried in silence.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

use regie_core::Caller;
use regie_core::id::{Id, RequestId};
use regie_db::{Db, Error, PostgresSettings, Settings, Synchronous};
use regie_testkit::crash::{Claim, Oracle, TABLES, Writer, claim, open_session, school, whole};
use regie_testkit::{Cluster, Durability, RealClock, SeededRandom, SmallDisk};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

fn open(settings: Settings) -> Db {
    Db::open(settings, Arc::new(RealClock), Arc::new(SeededRandom::new(3))).unwrap()
}

fn sqlite(path: &Path) -> Db {
    open(Settings::Sqlite { path: path.into(), readers: 2, synchronous: Synchronous::Full })
}

async fn ready(path: &Path) -> Db {
    let db = sqlite(path);
    db.migrate().await.unwrap();
    regie_db::script(path, &regie_db::ddl(TABLES, false)).unwrap();
    open_session(&db).await;
    db
}

/// A caller with a request id of its own.
fn asking(db: &Db, task: i64, number: i64) -> Caller {
    let request = Uuid::from_u64_pair(task.unsigned_abs(), number.unsigned_abs());
    Caller { request: Some(RequestId::from_uuid(request)), ..Caller::system(school(), db.now()) }
}

/// Claims seats until the database refuses; gives the refusal.
async fn fill(db: &Db, oracle: &mut Oracle, first: i64) -> Error {
    for number in first..first + 2_000_000 {
        let mut some = tokio::task::JoinSet::new();
        for task in 0..16 {
            let (db, caller) = (db.clone(), asking(db, task, number));
            some.spawn(async move { (task, claim(&db, &caller, Claim { task, number }).await) });
        }
        let mut refusal = None;
        while let Some(done) = some.join_next().await {
            match done.unwrap() {
                (task, Ok(())) => drop(oracle.acknowledged.insert((task, number))),
                (_, Err(error)) => refusal = Some(error),
            }
        }
        if let Some(refusal) = refusal {
            return refusal;
        }
    }
    panic!("the disk never filled up");
}

async fn fills_up_and_goes_on(db: &Db, more_space: impl AsyncFnOnce()) {
    let mut oracle = Oracle::default();
    let refusal = fill(db, &mut oracle, 0).await;
    assert_eq!(refusal, Error::DiskFull);
    assert!(refusal.to_string().contains("Free some space"), "{refusal}");
    assert!(oracle.acknowledged.len() > 100);
    assert_eq!(oracle.lost(db).await, 0, "reading goes on, and what was acknowledged is there");
    more_space().await;
    let started = Instant::now();
    loop {
        match claim(db, &asking(db, 99, 1), Claim { task: 99, number: 1 }).await {
            Ok(()) => break,
            Err(Error::DiskFull) if started.elapsed() < Duration::from_secs(20) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(error) => panic!("it did not recover: {error}"),
        }
    }
    oracle.acknowledged.insert((99, 1));
    assert_eq!(oracle.lost(db).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_sqlite_is_said_and_passes() {
    let Some(disk) = small(3) else { return };
    let db = ready(&disk.path().join("regie.db")).await;
    fills_up_and_goes_on(&db, async || disk.grow(64)).await;
    assert!(!db.stopped());
    while db.seal(school()).await != Ok(regie_db::Sealed::Lines(0)) {}
    whole(&db).await;
}

/// Where no disk can be made the reason is said, and fails the test unless REGIE_NO_POWER_CUTS accepts it by name.
fn small(megabytes: u32) -> Option<SmallDisk> {
    match SmallDisk::new(megabytes) {
        Ok(disk) => Some(disk),
        Err(why) if std::env::var_os("REGIE_NO_POWER_CUTS").is_some() => {
            eprintln!("no full disks on this machine: {why}");
            None
        }
        Err(why) => panic!("a small disk needs root ({why}); REGIE_NO_POWER_CUTS=1 goes on without"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_postgres_is_said_and_passes() {
    let Some(disk) = small(110) else { return };
    let settings = ["max_wal_size=32MB", "min_wal_size=32MB", "wal_recycle=off"];
    // Only the tables are on the small disk: a full write-ahead log stops PostgreSQL as a whole, by design.
    let dir = tempfile::tempdir().unwrap();
    regie_testkit::for_postgres(dir.path());
    let cluster = Cluster::start_at(dir.path().join("data"), Durability::None, &settings);
    let space = disk.path().join("space");
    std::fs::create_dir(&space).unwrap();
    regie_testkit::for_postgres(&space);
    cluster.run("postgres", &format!("CREATE TABLESPACE small LOCATION '{}'", space.display())).await;
    cluster.run("postgres", "CREATE DATABASE regie TABLESPACE small").await;
    disk.fill_but(6);
    let db = open(Settings::Postgres(PostgresSettings {
        url: cluster.url("regie"),
        connections: 8,
        authority: None,
        row_security: false,
    }));
    db.migrate().await.unwrap();
    cluster.run("regie", &regie_db::ddl(TABLES, true)).await;
    open_session(&db).await;
    fills_up_and_goes_on(&db, async || disk.free_up()).await;
    whole(&db).await;
}

/// A kernel reports a failed flush once; the pages may be gone, and the next flush succeeds. Whoever goes on loses
/// acknowledged writes, so the writer must stop for good.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_failed_flush_sqlite_writes_nothing_more() {
    let dir = tempfile::tempdir().unwrap();
    let shim = dir.path().join("sync.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/faults/sync.c");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&shim).arg(source).arg("-ldl");
    assert!(compiler.status().unwrap().success(), "cc builds the fault");
    let path = dir.path().join("regie.db");
    drop(ready(&path).await);
    for syncs in [30, 31, 47] {
        let mut oracle = Oracle::default();
        let number = syncs.to_string();
        let preload = [("LD_PRELOAD", shim.to_str().unwrap()), ("REGIE_SYNCS", &number)];
        let program = env!("CARGO_BIN_EXE_crash-writer");
        let mut writer =
            Writer::start(program, &["sqlite", path.to_str().unwrap(), "full", &number], &preload);
        writer.hear_until_error(&mut oracle);
        // Answers of the last good group may still be on their way.
        writer.hear_for(&mut oracle, Duration::from_millis(300));
        let acknowledged = oracle.acknowledged.len();
        assert!(acknowledged > 0);
        writer.hear_for(&mut oracle, Duration::from_millis(700));
        assert_eq!(oracle.acknowledged.len(), acknowledged, "nothing is acknowledged after the failure");
        assert!(oracle.errors.len() > 64, "every caller hears it, again and again");
        for error in &oracle.errors {
            assert!(error.contains("Regie stopped writing") && error.contains("restart Regie"), "{error}");
        }
        writer.kill(&mut oracle);
        let db = sqlite(&path);
        assert_eq!(oracle.lost(&db).await, 0, "after {syncs} flushes");
        whole(&db).await;
    }
}
