//! What the runner promises, on both databases: every message arrives, each subject's in order, nobody's pile is
//! another school's delay, and what cannot arrive is parked where somebody sees it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use jiff::SignedDuration;
use regie_core::Caller;
use regie_core::id::{Id, InstitutionId, OutboxId, PersonId};
use regie_db::{Ask, Db, Error, Event, Expect, Outgoing, statements};
use regie_jobs::{Failure, Job, Jobs, RunSettings, Running};
use regie_testkit::{World, both};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use uuid::Uuid;

const TABLES: &str = "CREATE TABLE trial_inbox (
  institution {uuid} NOT NULL, subject {uuid} NOT NULL, number {int} NOT NULL, place {serial}, delivery {uuid} NOT NULL
){strict};";

statements! {
    fn receive(subject: Uuid, number: i64, delivery: OutboxId) = "INSERT INTO trial_inbox (institution, subject, number, delivery) VALUES ($1, $2, $3, $4)";
    fn received() -> (Uuid, i64) = "SELECT subject, number FROM trial_inbox WHERE institution = $1 ORDER BY place";
    fn waiting() -> (i64,) = "SELECT count(*) FROM outbox WHERE institution = $1";
    fn attempts() -> (i64,) = "SELECT attempts FROM outbox WHERE institution = $1 ORDER BY position";
}

async fn send(world: &World, school: InstitutionId, event: &'static str, subject: PersonId, number: i64) {
    let caller = Caller::system(school, world.db.now());
    world
        .db
        .write::<(), Error, _, _>(&caller, (), move |tx, ()| {
            Box::pin(async move {
                tx.send(Outgoing::new(event, 1, subject, serde_json::json!(number)));
                Ok(tx.done((), Event::new("message.sent", subject)))
            })
        })
        .await
        .unwrap();
}

/// Receives once, in a transaction of its own.
async fn inbox(db: Db, job: Job) -> Result<(), Failure> {
    let number: i64 = job.row.read()?;
    let caller = Caller::system(job.institution, db.now());
    db.write::<(), Error, _, _>(&caller, job, move |tx, job| {
        Box::pin(async move {
            if !tx.first_time("inbox", job.row.id).await? {
                return Ok(tx.done((), Event::none("seen before")));
            }
            tx.queue(receive(job.row.subject, number, job.row.id), Expect::any());
            Ok(tx.done((), Event::none("a test")))
        })
    })
    .await?;
    Ok(())
}

fn quick() -> RunSettings {
    RunSettings { look: Duration::from_millis(20), ..RunSettings::default() }
}

async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !done().await {
        assert!(started.elapsed() < Duration::from_secs(60), "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn empty(world: &World, school: InstitutionId) -> bool {
    world.db.reader(school).one(waiting()).await.unwrap() == (0,)
}

/// Lets a second pass every so many milliseconds, so that pauses and leases end.
fn time_flies(world: &World, millis: u64) -> tokio::task::JoinHandle<()> {
    let clock = world.clock.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            clock.forward(SignedDuration::from_secs(1));
        }
    })
}

fn node(world: &World, jobs: Jobs, settings: RunSettings) -> Running {
    jobs.start(&world.db, world.id::<OutboxId>().uuid(), settings)
}

both! {
    async fn every_message_arrives_once_and_in_order_though_handlers_fail_and_nodes_die(world: World) {
        world.ddl(TABLES).await;
        // Leases must outlast their handlers here, or rows would die of being tried too often.
        let flies = time_flies(&world, 20);
        let subjects: Vec<PersonId> = (0..6).map(|_| world.id()).collect();
        let calls = Arc::new(AtomicU64::new(0));
        let start = || {
            let calls = calls.clone();
            node(&world, Jobs::new().on("trial.sent", move |db, job| {
                let call = calls.fetch_add(1, Ordering::Relaxed);
                Box::pin(async move {
                    match call % 7 {
                        // Fails before, after, or in a panic; or takes its time, so that a killed node leaves it half-way.
                        1 => return Err(Failure::Later("the receiver is away".into())),
                        3 => { inbox(db, job).await?; return Err(Failure::Later("the answer got lost".into())); }
                        4 => panic!("a bug in a handler"),
                        5 => tokio::time::sleep(Duration::from_millis(15)).await,
                        _ => {}
                    }
                    inbox(db, job).await
                })
            }), RunSettings { lease: SignedDuration::from_secs(90), ..quick() })
        };
        let mut nodes = vec![start(), start()];
        for number in 0..12 {
            for subject in &subjects { send(&world, world.school, "trial.sent", *subject, number).await; }
            // A node dies and another comes.
            drop(nodes.remove(0));
            nodes.push(start());
        }
        until("all messages are delivered", async || empty(&world, world.school).await).await;
        let mut arrived: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
        for (subject, number) in world.db.reader(world.school).all(received()).await.unwrap() {
            arrived.entry(subject).or_default().push(number);
        }
        for subject in subjects {
            assert_eq!(arrived[&subject.uuid()], (0..12).collect::<Vec<_>>());
        }
        assert!(calls.load(Ordering::Relaxed) > 72, "some were tried again");
        flies.abort();
    }

    async fn a_pile_at_one_school_is_no_delay_at_another(world: World) {
        for _ in 0..400 { send(&world, world.school, "slow.sent", world.id(), 0).await; }
        send(&world, world.twin, "quick.sent", world.id(), 0).await;
        let slow = Arc::new(AtomicU64::new(0));
        let count = slow.clone();
        let running = node(&world, Jobs::new()
            .on("slow.sent", move |_, _| {
                let count = count.clone();
                Box::pin(async move {
                    tokio::time::sleep(Duration::from_millis(30)).await;
                    count.fetch_add(1, Ordering::Relaxed);
                    Ok(())
                })
            })
            .on("quick.sent", |_, _| Box::pin(async { Ok(()) })), quick());
        until("the other school's message is delivered", async || empty(&world, world.twin).await).await;
        assert!(slow.load(Ordering::Relaxed) < 200, "it did not wait for the pile");
        running.stop().await;
    }

    async fn a_dead_letter_parks_its_subject_until_somebody_decides(world: World) {
        world.ddl(TABLES).await;
        let flies = time_flies(&world, 3);
        let (noor, daan): (PersonId, PersonId) = (world.id(), world.id());
        let broken = Arc::new(AtomicBool::new(true));
        for number in 0..3 {
            send(&world, world.school, "trial.sent", noor, number).await;
            send(&world, world.school, "trial.sent", daan, number).await;
        }
        let is_broken = broken.clone();
        let running = node(&world, Jobs::new().on("trial.sent", move |db, job| {
            let broken = is_broken.load(Ordering::Relaxed) && job.row.subject == noor.uuid();
            Box::pin(async move {
                if broken && job.row.payload == "0" { return Err(Failure::Later("the receiver refuses".into())); }
                if broken && job.row.payload == "1" { return Err(Failure::Never("this can never arrive".into())); }
                inbox(db, job).await
            })
        }), quick());
        let dead = async || world.db.dead_letters(world.school, 10).await.unwrap();
        until("it is given up", async || !dead().await.is_empty()).await;
        let letter = dead().await.remove(0);
        assert_eq!((letter.attempts, letter.parked, letter.error.as_deref()), (12, 2, Some("the receiver refuses")));
        until("the others arrived", async || world.db.reader(world.school).all(received()).await.unwrap().len() == 3).await;
        assert_eq!(world.db.reader(world.school).one(waiting()).await.unwrap(), (3,), "Noor's three wait");

        let office = world.caller(regie_core::Role::Administrator);
        assert_eq!(world.db.drop_dead(&office, letter.id, "told her by telephone").await, Ok(true));
        assert_eq!(world.db.drop_dead(&office, letter.id, "again").await, Ok(false));
        until("the next is dead at once", async || dead().await.len() == 1).await;
        let next = dead().await.remove(0);
        assert_eq!((next.attempts, next.parked, next.error.as_deref()), (1, 1, Some("this can never arrive")));
        broken.store(false, Ordering::Relaxed);
        assert_eq!(world.db.retry_dead(&office, next.id, "the address was repaired").await, Ok(true));
        until("all is delivered", async || empty(&world, world.school).await).await;
        let last: Vec<i64> = world.db.reader(world.school).all(received()).await.unwrap()
            .into_iter().filter(|(subject, _)| *subject == noor.uuid()).map(|(_, number)| number).collect();
        assert_eq!(last, [1, 2]);
        let told = world.db.reader(world.school).all(regie_db::journal::history(letter.id.uuid(), 9)).await.unwrap();
        let told: Vec<_> = told.iter().map(|line| (line.action.as_str(), line.reason.as_deref())).collect();
        assert!(told.contains(&("outbox.dropped", Some("told her by telephone"))));
        assert!(told.contains(&("outbox.died", Some("the receiver refuses"))));
        running.stop().await;
        flies.abort();
    }

    async fn an_event_nobody_knows_waits_for_a_newer_release(world: World) {
        send(&world, world.school, "future.sent", world.id(), 0).await;
        let old = node(&world, Jobs::new(), quick());
        until("it was tried", async || world.db.reader(world.school).one(attempts()).await.unwrap() == (1,)).await;
        world.clock.forward(SignedDuration::from_secs(5));
        let new = node(&world, Jobs::new().on("future.sent", |_, _| Box::pin(async { Ok(()) })), quick());
        let flies = time_flies(&world, 3);
        until("the newer node delivered it", async || empty(&world, world.school).await).await;
        flies.abort();
        old.stop().await;
        new.stop().await;
    }

    async fn a_graceful_stop_ends_what_runs_and_gives_back_the_rest(world: World) {
        for _ in 0..40 { send(&world, world.school, "slow.sent", world.id(), 0).await; }
        let (begun, ended) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let (b, e) = (begun.clone(), ended.clone());
        let running = node(&world, Jobs::new().on("slow.sent", move |_, _| {
            let (b, e) = (b.clone(), e.clone());
            Box::pin(async move {
                b.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(200)).await;
                e.fetch_add(1, Ordering::Relaxed);
                Ok(())
            })
        }), quick());
        until("some run", async || begun.load(Ordering::Relaxed) >= 16).await;
        running.stop().await;
        let ended = ended.load(Ordering::Relaxed);
        assert_eq!(ended, begun.load(Ordering::Relaxed), "what ran could end");
        let left = world.db.reader(world.school).all(attempts()).await.unwrap();
        assert_eq!(left.len() as u64, 40 - ended);
        assert!(left.iter().all(|row| *row == (0,)), "the rest was given back untouched");
        let claim = world.db.claim(world.school, 100, SignedDuration::from_secs(60)).await.unwrap();
        assert_eq!(claim.rows.len(), left.len(), "and is free at once");
    }

    async fn a_clock_ticks_once_for_all_nodes(world: World) {
        let ticks: Arc<Mutex<Vec<i64>>> = Arc::default();
        let nodes: Vec<Running> = (0..3).map(|_| {
            let ticks = ticks.clone();
            node(&world, Jobs::new().every("trial", SignedDuration::from_mins(10), move |_, fence| {
                let ticks = ticks.clone();
                Box::pin(async move { ticks.lock().unwrap().push(fence.number); Ok(()) })
            }), quick())
        }).collect();
        until("the first tick", async || !ticks.lock().unwrap().is_empty()).await;
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(*ticks.lock().unwrap(), [1], "three nodes, one tick");
        world.clock.forward(SignedDuration::from_mins(11));
        until("the second tick", async || ticks.lock().unwrap().len() == 2).await;
        for node in nodes { node.stop().await; }
        assert_eq!(*ticks.lock().unwrap(), [1, 2]);
    }

    async fn a_holder_that_slept_too_long_changes_nothing(world: World) {
        world.ddl(TABLES).await;
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let time = SignedDuration::from_secs(30);
        let old = world.db.lease("import", one, time).await.unwrap().unwrap();
        assert_eq!(world.db.lease("import", two, time).await, Ok(None));
        assert_eq!(world.db.lease("import", one, time).await, Ok(Some(old)), "its holder keeps it");
        world.clock.forward(SignedDuration::from_secs(31));
        let new = world.db.lease("import", two, time).await.unwrap().unwrap();
        assert_eq!(new.number, old.number + 1);
        let work = async |fence| {
            world.db.write::<(), Error, _, _>(&world.system(), (), move |tx, ()| Box::pin(async move {
                tx.under(fence, Error::Refused("somebody else has the lease".into()));
                tx.queue(receive(one, 1, OutboxId::from_uuid(one)), Expect::any());
                Ok(tx.done((), Event::none("a test")))
            })).await
        };
        assert_eq!(work(old).await, Err(Error::Refused("somebody else has the lease".into())));
        assert_eq!(work(new).await, Ok(()));
        assert_eq!(world.db.reader(world.school).all(received()).await.unwrap().len(), 1);
        world.db.release(new, two).await.unwrap();
        assert!(world.db.lease("import", one, time).await.unwrap().is_some(), "given back early");
    }

    async fn the_sweep_forgets_only_what_is_old(world: World) {
        let ask = async |request| {
            let caller = Caller { request: Some(request), ..world.system() };
            world.db.write::<i64, Error, _, _>(&caller, (), |tx, ()| Box::pin(async move {
                Ok(tx.done(1, Event::none("a test")))
            })).await.unwrap();
        };
        for _ in 0..5 { ask(world.id()).await; }
        world.clock.forward(SignedDuration::from_hours(50));
        ask(world.id()).await;
        regie_jobs::sweep(world.db.clone(), SignedDuration::from_hours(48)).await.unwrap();
        let before = world.db.now().checked_add(SignedDuration::from_hours(1)).unwrap();
        assert_eq!(world.db.sweep(before).await, Ok(1), "one was young enough to stay");
    }
}
