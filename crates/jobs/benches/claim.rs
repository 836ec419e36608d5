//! Claiming a seat as a person does it: look up what the person may do, then in one transaction a booking with two
//! foreign keys, the guarded seat, the journal line, the message and the request id; 64 tasks, the sealer and the
//! outbox running. SQLite at FULL, in process; PostgreSQL beside a stored procedure that pgbench drives, in one run.
//!
//!     cargo bench -p regie-jobs --bench claim            (REGIE_BENCH_SECONDS=5, REGIE_BENCH_LINES=16 connections)
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods
)] // a measuring tool

use regie_core::Caller;
use regie_core::clock::new_id;
use regie_core::id::{Id, InstitutionId, PersonId, SessionId};
use regie_db::{
    Ask, Db, Error, Event, Expect, Outgoing, PostgresSettings, SealSettings, Settings, Signer, Synchronous,
    Trust, statements,
};
use regie_jobs::{Jobs, RunSettings};
use regie_testkit::{Cluster, Durability, RealClock, SeededRandom};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

const TASKS: usize = 64;
const PEOPLE: usize = 2000;

const TABLES: &str = "
CREATE TABLE trial_person (institution {uuid} NOT NULL, id {uuid} NOT NULL, PRIMARY KEY (institution, id)){strict};
CREATE TABLE trial_role (
  institution {uuid} NOT NULL, person {uuid} NOT NULL, role {text} NOT NULL, until {time} NOT NULL,
  PRIMARY KEY (institution, person, role)
){strict};
CREATE TABLE trial_session (
  institution {uuid} NOT NULL, id {uuid} NOT NULL, seats {int} NOT NULL, taken {int} NOT NULL,
  PRIMARY KEY (institution, id), CHECK (taken <= seats)
){strict};
CREATE TABLE trial_booking (
  institution {uuid} NOT NULL, id {uuid} NOT NULL, session {uuid} NOT NULL, person {uuid} NOT NULL,
  PRIMARY KEY (institution, id),
  FOREIGN KEY (institution, session) REFERENCES trial_session (institution, id),
  FOREIGN KEY (institution, person) REFERENCES trial_person (institution, id)
){strict};";

/// The same work, by hand: what a specialist would write for PostgreSQL alone.
const PROCEDURE: &str = "
CREATE FUNCTION take_whole(s uuid, p uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE school uuid := '00000000-0000-0000-0000-00000000002a'; b uuid := gen_random_uuid();
BEGIN
  PERFORM count(*) FROM trial_role WHERE institution = school AND person = p AND until > now();
  INSERT INTO trial_booking (institution, id, session, person) VALUES (school, b, s, p);
  INSERT INTO journal (institution, id, recorded_at, occurred_at, person, role, source, action, subject_kind, subject,
      payload, salt)
    VALUES (school, gen_random_uuid(), now(), now(), p, 'student', 'page', 'booking.made', 'person', p,
      '{\"new\":null,\"old\":null}', '\\x00112233445566778899aabbccddeeff');
  INSERT INTO outbox (institution, id, subject_kind, subject, event, version, payload, recorded_at, due_at)
    VALUES (school, gen_random_uuid(), 'person', p, 'booking.confirmed', 1, '{}', now(), now());
  INSERT INTO request (institution, id, command, answer, recorded_at)
    VALUES (school, gen_random_uuid(), 'claim', 'null', now());
  UPDATE trial_session SET taken = taken + 1 WHERE institution = school AND id = s AND taken < seats;
  IF NOT FOUND THEN RAISE EXCEPTION 'full'; END IF;
  RETURN true;
END $$;";

statements! {
    fn add_person(id: PersonId) = "INSERT INTO trial_person (institution, id) VALUES ($1, $2)";
    fn add_role(person: PersonId, role: &str, until: jiff::Timestamp) = "INSERT INTO trial_role (institution, person, role, until) VALUES ($1, $2, $3, $4)";
    fn add_session(id: SessionId, seats: i64) = "INSERT INTO trial_session (institution, id, seats, taken) VALUES ($1, $2, $3, 0)";
    fn roles(person: PersonId, now: jiff::Timestamp) -> (String,) = "SELECT role FROM trial_role WHERE institution = $1 AND person = $2 AND until > $3";
    fn book(id: SessionId, session: SessionId, person: PersonId) = "INSERT INTO trial_booking (institution, id, session, person) VALUES ($1, $2, $3, $4)";
    fn take(session: SessionId) = "UPDATE trial_session SET taken = taken + 1 WHERE institution = $1 AND id = $2 AND taken < seats";
    fn taken() -> (i64,) = "SELECT CAST(sum(taken) AS BIGINT) FROM trial_session WHERE institution = $1";
    fn lines() -> (i64,) = "SELECT count(*) FROM journal WHERE institution = $1 AND action = 'booking.made'";
    fn waiting() -> (i64,) = "SELECT count(*) FROM outbox WHERE institution = $1";
}

fn school() -> InstitutionId {
    InstitutionId::from_uuid(Uuid::from_u128(42))
}
fn person(n: usize) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(0x1000 + n as u128))
}
fn session(n: usize) -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(0x10_0000 + n as u128))
}

async fn claim(db: &Db, random: &SeededRandom, who: PersonId, what: SessionId) -> Result<(), Error> {
    let now = db.now();
    let roles = db.reader(school()).all(roles(who, now)).await?;
    if !roles.iter().any(|(role,)| role == "student") {
        return Err(Error::Refused("not a student".into()));
    }
    let caller = Caller {
        person: Some(who),
        role: Some(regie_core::Role::Student),
        request: Some(new_id(&RealClock, random)),
        ..Caller::system(school(), now)
    };
    let booking: SessionId = new_id(&RealClock, random);
    db.write::<(), Error, _, _>(&caller, (), move |tx, ()| {
        Box::pin(async move {
            tx.queue(book(booking, what, who), Expect::any());
            tx.hot(take(what), Expect::one(Error::Refused("full".into())));
            tx.send(Outgoing::new("booking.confirmed", 1, who, serde_json::json!({})));
            Ok(tx.done((), Event::new("booking.made", who)))
        })
    })
    .await
}

async fn fill(db: &Db) {
    let caller = Caller::system(school(), db.now());
    db.write::<(), Error, _, _>(&caller, (), |tx, ()| {
        Box::pin(async move {
            let until = "2100-01-01T00:00:00Z".parse().unwrap();
            tx.each((0..PEOPLE).map(|n| add_person(person(n))).collect()).await?;
            tx.each((0..PEOPLE).map(|n| add_role(person(n), "student", until)).collect()).await?;
            tx.each((0..300).map(|n| add_session(session(n), 1_000_000_000)).collect()).await?;
            Ok(tx.done((), Event::none("before the measurement")))
        })
    })
    .await
    .unwrap();
}

/// User and system seconds of a process and of its children that ended.
fn cpu(pid: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let behind = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
    let ticks: Vec<f64> = behind.split_whitespace().skip(11).take(4).filter_map(|n| n.parse().ok()).collect();
    ticks.iter().sum::<f64>() / 100.0
}

/// Of a PostgreSQL with all its processes.
fn cpu_of_server(dir: &Path) -> f64 {
    let text = std::fs::read_to_string(dir.join("data/postmaster.pid")).unwrap_or_default();
    let Some(postmaster) = text.lines().next().map(str::to_owned) else { return 0.0 };
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let children = all.filter_map(|entry| entry.file_name().to_str().map(str::to_owned)).filter(|pid| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit_once(')')
            .and_then(|(_, b)| b.split_whitespace().nth(1).map(|p| p == postmaster))
            .unwrap_or(false)
    });
    children.map(|pid| cpu(&pid)).sum::<f64>() + cpu(&postmaster)
}

struct Figures {
    rate: f64,
    p50: f64,
    p99: f64,
    micros: f64,
    lag: Duration,
    left: i64,
}

async fn measure(db: &Db, sessions: usize, seconds: u64, server: impl Fn() -> f64) -> Figures {
    let random = Arc::new(SeededRandom::new(std::process::id().into()));
    let dir = tempfile::tempdir().unwrap();
    let signer = Arc::new(Signer::open(&dir.path().join("key"), &*random).unwrap());
    let sealer = db.start_sealer(signer, SealSettings::default(), |_| {});
    let delivered = Arc::new(AtomicUsize::new(0));
    let count = delivered.clone();
    let jobs = Jobs::new().on("booking.confirmed", move |_, _| {
        count.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok(()) })
    });
    let running = jobs.start(db, Uuid::from_u128(1), RunSettings::default());
    let stop = Arc::new(AtomicBool::new(false));
    let before = cpu("self") + server();
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..TASKS {
        let (db, stop) = (db.clone(), stop.clone());
        tasks.spawn(async move {
            let random = SeededRandom::new(task as u64 + 1000 * u64::from(std::process::id()));
            let mut times = Vec::new();
            let mut n = task * 7919;
            while !stop.load(Ordering::Relaxed) {
                n += 101;
                let begun = Instant::now();
                claim(&db, &random, person(n % PEOPLE), session(n % sessions)).await.unwrap();
                times.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
            times
        });
    }
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    stop.store(true, Ordering::Relaxed);
    let mut times: Vec<f64> = tasks.join_all().await.into_iter().flatten().collect();
    let took = started.elapsed().as_secs_f64();
    let used = cpu("self") + server() - before;
    let lag = db.seal_lag().oldest();
    times.sort_by(f64::total_cmp);
    let left = db.reader(school()).one(waiting()).await.unwrap().0;
    running.stop().await;
    drop(sealer);
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    Figures {
        rate: times.len() as f64 / took,
        p50: at(0.5),
        p99: at(0.99),
        micros: used * 1e6 / times.len() as f64,
        lag,
        left,
    }
}

async fn checked(db: &Db) {
    let mut reader = db.reader(school());
    let (taken, lines) = (reader.one(taken()).await.unwrap().0, reader.one(lines()).await.unwrap().0);
    assert_eq!(taken, lines, "a seat, a line");
    assert_eq!(db.verify(school(), &Trust::default()).await.unwrap().flaw, None);
}

fn show(name: &str, f: &Figures) {
    println!(
        "{name:<44} {:>9.0}/s  p50 {:>6.2} ms  p99 {:>7.2} ms  CPU {:>5.0} µs/op  seal lag {:>5} ms  undelivered {}",
        f.rate,
        f.p50,
        f.p99,
        f.micros,
        f.lag.as_millis(),
        f.left
    );
}

fn pgbench(cluster: &Cluster, name: &str, script: &str, seconds: u64) -> f64 {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("script.sql");
    std::fs::write(&file, script).unwrap();
    let before = cpu_of_server(cluster.dir());
    let out = Command::new("pgbench")
        .args(["-n", "-M", "prepared", "-c", "64", "-j", "2", "-U", "regie", "-h"])
        .arg(cluster.dir())
        .args(["-T", &seconds.to_string(), "-f"])
        .arg(&file)
        .arg("postgres")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let tps =
        text.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
    let tps: f64 = tps.unwrap_or_else(|| panic!("pgbench: {text} {}", String::from_utf8_lossy(&out.stderr)));
    let micros = (cpu_of_server(cluster.dir()) - before) * 1e6 / (tps * seconds as f64);
    println!("{name:<44} {tps:>9.0}/s  (server CPU {micros:>5.0} µs/op)");
    tps
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

async fn on_sqlite(seconds: u64) {
    let dir = tempfile::tempdir_in(std::env::var("REGIE_BENCH_DIR").unwrap_or("/var/tmp".into())).unwrap();
    let path = dir.path().join("regie.db");
    let settings = Settings::Sqlite { path: path.clone(), readers: 4, synchronous: Synchronous::Full };
    let db = Db::open(settings, Arc::new(RealClock), Arc::new(SeededRandom::new(1))).unwrap();
    db.migrate().await.unwrap();
    regie_db::script(&path, &regie_db::ddl(TABLES, false)).unwrap();
    fill(&db).await;
    measure(&db, 300, 1, || 0.0).await;
    for (name, sessions) in [("SQLite FULL, one hot session", 1), ("SQLite FULL, 300 sessions", 300)] {
        show(name, &measure(&db, sessions, seconds, || 0.0).await);
    }
    checked(&db).await;
}

async fn on_postgres(seconds: u64) {
    let cluster = Cluster::start(Durability::Fsync);
    let settings = Settings::Postgres(PostgresSettings {
        url: cluster.url("postgres"),
        connections: number("REGIE_BENCH_LINES", 32) as usize,
        authority: None,
        row_security: false,
    });
    let db = Db::open(settings, Arc::new(RealClock), Arc::new(SeededRandom::new(1))).unwrap();
    db.migrate().await.unwrap();
    cluster.run("postgres", &regie_db::ddl(TABLES, true)).await;
    cluster.run("postgres", PROCEDURE).await;
    fill(&db).await;
    measure(&db, 300, 1, || 0.0).await;
    let peers = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/bench/peers/pg/schema.sql");
    let peer = std::fs::read_to_string(peers).ok();
    if let Some(schema) = &peer {
        // Its tables are named otherwise than ours; 300 rows instead of its 100.
        let schema = schema.replace("generate_series(1, 100)", "generate_series(1, 300)");
        cluster.run("postgres", &schema).await;
    }
    for (name, sessions) in [("one hot session", 1), ("300 sessions", 300)] {
        println!();
        let by_hand = format!(
            "\\set s random(0, {})\n\\set p random(0, {})\nselect take_whole(('00000000-0000-0000-0000-' || lpad(to_hex(1048576 + :s), 12, '0'))::uuid, ('00000000-0000-0000-0000-' || lpad(to_hex(4096 + :p), 12, '0'))::uuid);",
            sessions - 1,
            PEOPLE - 1
        );
        let mut ours = Vec::new();
        let mut same = Vec::new();
        let mut less = Vec::new();
        // By turns, because the machine is not ours alone.
        for _ in 0..2 {
            same.push(pgbench(&cluster, &format!("procedure, the same work, {name}"), &by_hand, seconds));
            if peer.is_some() {
                let script = format!(
                    "\\set st random(1, 100000000)\n\\set s random(1, {sessions})\nselect take(:s, :st);"
                );
                less.push(pgbench(&cluster, &format!("procedure, two rows only, {name}"), &script, seconds));
            }
            let figures = measure(&db, sessions, seconds, || cpu_of_server(cluster.dir())).await;
            show(&format!("Regie on PostgreSQL, {name}"), &figures);
            ours.push(figures.rate);
            // What pgbench wrote was neither sealed nor delivered: that is not ours to wait for.
            cluster.run("postgres", "DELETE FROM outbox; CHECKPOINT").await;
        }
        let mean = |rates: &[f64]| rates.iter().sum::<f64>() / rates.len() as f64;
        println!(
            "{:<44} {:>8.0} % of the same work by hand",
            format!("Regie, {name}"),
            100.0 * mean(&ours) / mean(&same)
        );
        if !less.is_empty() {
            println!("{:<44} {:>8.0} % of a procedure with two rows", "", 100.0 * mean(&ours) / mean(&less));
        }
    }
    while !db.unsealed_schools().await.unwrap().is_empty() {
        db.seal(school()).await.unwrap();
    }
}

fn main() {
    // `cargo test --benches` starts it too, without asking for a measurement.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let seconds = number("REGIE_BENCH_SECONDS", 5);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!(
        "{TASKS} tasks, {seconds} s each, {} cores, load {load}",
        std::thread::available_parallelism().unwrap()
    );
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        on_sqlite(seconds).await;
        on_postgres(seconds).await;
    });
}
