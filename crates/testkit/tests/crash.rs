//! No acknowledged write is lost: not when Regie is killed, not when PostgreSQL is, not when the power goes.
//!
//! Rounds: 20 in `make test`, REGIE_CRASH_ROUNDS in `make soak`; at least 1,000 acknowledged writes between kills.
//! Killing processes alone does not prove durability (the kernel keeps their pages), so the power cuts have controls
//! that must report loss: without them the tests would be blind.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

use regie_db::{Db, PostgresSettings, Settings, Synchronous};
use regie_testkit::crash::{Oracle, TABLES, Writer, open_session, whole};
use regie_testkit::{Cluster, Disk, Durability, RealClock, SeededRandom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const WRITER: &str = env!("CARGO_BIN_EXE_crash-writer");
const WRITES: usize = 1000;

fn rounds(usual: u32) -> u32 {
    std::env::var("REGIE_CRASH_ROUNDS")
        .ok()
        .and_then(|n| n.parse::<u32>().ok())
        .map_or(usual, |n| n * usual / 20)
}

fn open(settings: Settings) -> Db {
    Db::open(settings, Arc::new(RealClock), Arc::new(SeededRandom::new(1))).unwrap()
}

fn sqlite(path: &Path) -> Db {
    open(Settings::Sqlite { path: path.into(), readers: 2, synchronous: Synchronous::Full })
}

fn postgres(cluster: &Cluster) -> Db {
    open(Settings::Postgres(PostgresSettings {
        url: cluster.url("postgres"),
        connections: 4,
        authority: None,
        row_security: false,
    }))
}

async fn new_sqlite(path: &Path) {
    let db = sqlite(path);
    db.migrate().await.unwrap();
    regie_db::script(path, &regie_db::ddl(TABLES, false)).unwrap();
    open_session(&db).await;
}

async fn new_postgres(cluster: &Cluster) {
    let db = postgres(cluster);
    db.migrate().await.unwrap();
    cluster.run("postgres", &regie_db::ddl(TABLES, true)).await;
    open_session(&db).await;
}

fn write_sqlite(path: &Path, sync: &str, round: u32) -> Writer {
    Writer::start(WRITER, &["sqlite", path.to_str().unwrap(), sync, &round.to_string()], &[])
}

fn write_postgres(cluster: &Cluster, round: u32) -> Writer {
    Writer::start(WRITER, &["postgres", &cluster.url("postgres"), "-", &round.to_string()], &[])
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_regie_on_sqlite_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("regie.db");
    new_sqlite(&path).await;
    let mut oracle = Oracle::default();
    for round in 1..=rounds(20) {
        let mut writer = write_sqlite(&path, "full", round);
        writer.hear(&mut oracle, WRITES);
        writer.kill(&mut oracle);
        assert_eq!(oracle.lost(&sqlite(&path)).await, 0, "round {round}");
    }
    whole(&sqlite(&path)).await;
    assert_eq!(oracle.errors, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_regie_or_postgres_loses_nothing_and_shows_no_error() {
    // In memory, where there is such a place: the kernel outlives these kills, and the power cuts below have disks.
    let memory = Path::new("/dev/shm");
    let mut builder = tempfile::Builder::new();
    builder.prefix("regie-crash-");
    let dir = if memory.is_dir() { builder.tempdir_in(memory) } else { builder.tempdir() }.unwrap();
    regie_testkit::for_postgres(dir.path());
    let mut cluster = Cluster::start_at(dir.path().join("data"), Durability::Fsync, &[]);
    new_postgres(&cluster).await;
    let mut oracle = Oracle::default();
    let mut writer = write_postgres(&cluster, 0);
    for round in 1..=rounds(20) {
        writer.hear(&mut oracle, WRITES);
        // PostgreSQL every time; Regie every other time too.
        cluster.kill();
        if round % 2 == 0 {
            writer.kill(&mut oracle);
            cluster.launch();
            writer = write_postgres(&cluster, round);
        } else {
            cluster.launch();
        }
        assert_eq!(oracle.lost(&postgres(&cluster)).await, 0, "round {round}");
    }
    writer.kill(&mut oracle);
    assert_eq!(oracle.lost(&postgres(&cluster)).await, 0);
    whole(&postgres(&cluster)).await;
    assert_eq!(oracle.errors, Vec::<String>::new(), "a restart is a pause for callers, not an error");
}

/// A power cut needs a file system of our own. Where that is not possible the reason is said, and fails the test
/// unless REGIE_NO_POWER_CUTS accepts it by name.
fn disk(megabytes: u32) -> Option<Disk> {
    match Disk::new(megabytes) {
        Ok(disk) => Some(disk),
        Err(why) if std::env::var_os("REGIE_NO_POWER_CUTS").is_some() => {
            eprintln!("no power cuts on this machine: {why}");
            None
        }
        Err(why) => panic!(
            "a disk whose power can be cut needs root and loop devices ({why}); REGIE_NO_POWER_CUTS=1 goes on without"
        ),
    }
}

async fn cuts_on_sqlite(disk: &Disk, sync: &str, rounds: u32) -> (usize, usize) {
    let path: PathBuf = disk.join("regie.db");
    new_sqlite(&path).await;
    disk.flush();
    let (mut oracle, mut lost) = (Oracle::default(), 0);
    for round in 1..=rounds {
        let mut writer = write_sqlite(&path, sync, round);
        writer.hear(&mut oracle, WRITES);
        // The power goes while the writer writes; what was said until then is promised.
        writer.hear_the_last(&mut oracle);
        disk.cut(|| writer.silence());
        let db = sqlite(&path);
        lost += oracle.lost(&db).await;
        if sync == "full" {
            whole(&db).await;
        }
    }
    (oracle.acknowledged.len(), lost)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_on_sqlite_loses_nothing_and_without_syncing_it_would() {
    let Some(disk) = disk(256) else { return };
    let (written, lost) = cuts_on_sqlite(&disk, "full", rounds(5)).await;
    assert_eq!(lost, 0, "of {written}");
    drop(disk);
    control(async || cuts_on_sqlite(&self::disk(256).unwrap(), "off", 1).await).await;
}

/// Without flushing something must get lost. The kernel may happen to flush by itself (somebody's `sync`), so the
/// control has a few tries.
async fn control(cut: impl AsyncFn() -> (usize, usize)) {
    for _ in 0..4 {
        let (written, lost) = cut().await;
        if lost > 0 {
            eprintln!("the control lost {lost} of {written}");
            return;
        }
    }
    panic!("the controls lost nothing: this test is blind");
}

async fn cuts_on_postgres(disk: &Disk, durability: Durability, rounds: u32) -> (usize, usize) {
    // Few megabytes of write-ahead log, or the disk is slow to make.
    let settings = ["max_wal_size=96MB", "min_wal_size=32MB", "wal_recycle=on"];
    let mut cluster = Cluster::start_at(disk.join("data"), durability, &settings);
    new_postgres(&cluster).await;
    cluster.run("postgres", "CHECKPOINT").await;
    disk.flush();
    let (mut oracle, mut lost) = (Oracle::default(), 0);
    for round in 1..=rounds {
        let mut writer = write_postgres(&cluster, round);
        writer.hear(&mut oracle, WRITES);
        writer.hear_the_last(&mut oracle);
        disk.cut(|| {
            cluster.kill_all();
            writer.silence();
        });
        cluster.launch();
        let db = postgres(&cluster);
        lost += oracle.lost(&db).await;
        if durability == Durability::Fsync {
            whole(&db).await;
        }
    }
    (oracle.acknowledged.len(), lost)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_on_postgres_loses_nothing_and_without_fsync_it_would() {
    let Some(disk) = disk(400) else { return };
    let (written, lost) = cuts_on_postgres(&disk, Durability::Fsync, rounds(3)).await;
    assert_eq!(lost, 0, "of {written}");
    drop(disk);
    control(async || cuts_on_postgres(&self::disk(400).unwrap(), Durability::Control, 1).await).await;
}
