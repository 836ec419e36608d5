//! What `Db::write` promises, on both databases, with a small seat-claiming use case of its own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use regie_core::id::{Id, PersonId, RequestId, SessionId};
use regie_core::{Caller, Role};
use regie_db::{Ask, Db, Error as DbError, Event, Expect, Outgoing, statements};
use regie_testkit::{World, both};
use serde::{Deserialize, Serialize};

const TABLES: &str = "
CREATE TABLE trial_session (
  institution {uuid} NOT NULL, id {uuid} NOT NULL, seats {int} NOT NULL, taken {int} NOT NULL,
  PRIMARY KEY (institution, id), CHECK (taken <= seats)
){strict};
CREATE TABLE trial_booking (
  institution {uuid} NOT NULL, session {uuid} NOT NULL, person {uuid} NOT NULL,
  PRIMARY KEY (institution, session, person),
  FOREIGN KEY (institution, session) REFERENCES trial_session (institution, id)
){strict};";

statements! {
    fn add_session(id: SessionId, seats: i64) = "INSERT INTO trial_session (institution, id, seats, taken) VALUES ($1, $2, $3, 0)";
    fn book(session: SessionId, person: PersonId) = "INSERT INTO trial_booking (institution, session, person) VALUES ($1, $2, $3)";
    fn claim(session: SessionId) = "UPDATE trial_session SET taken = taken + 1 WHERE institution = $1 AND id = $2 AND taken < seats";
    fn taken(session: SessionId) -> (i64,) = "SELECT taken FROM trial_session WHERE institution = $1 AND id = $2";
    fn bookings(session: SessionId) -> (i64,) = "SELECT count(*) FROM trial_booking WHERE institution = $1 AND session = $2";
    fn of_these(persons: &[PersonId]) -> (i64,) = "SELECT count(*) FROM trial_booking WHERE institution = $1 AND person {among_ids $2}";
    fn journal_lines() -> (i64,) = "SELECT count(*) FROM journal WHERE institution = $1";
    fn outbox_rows() -> (i64,) = "SELECT count(*) FROM outbox WHERE institution = $1";
}

#[derive(Debug, PartialEq)]
enum Refusal {
    Full,
    Already,
    NoSession,
    Db(DbError),
}

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Self {
        Refusal::Db(error)
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Seat(PersonId);

async fn enrol(db: &Db, caller: &Caller, session: SessionId, person: PersonId) -> Result<Seat, Refusal> {
    db.write(caller, (session, person), |tx, (session, person)| {
        Box::pin(async move {
            tx.queue(book(session, person), Expect::unique(Refusal::Already).or_foreign(Refusal::NoSession));
            tx.hot(claim(session), Expect::one(Refusal::Full));
            tx.send(Outgoing::new("booking.confirmed", 1, person, serde_json::json!({ "session": session })));
            Ok(tx.done(Seat(person), Event::new("booking.made", person).why("first come, first served")))
        })
    })
    .await
}

async fn session(world: &World, seats: i64) -> SessionId {
    let id: SessionId = world.id();
    world
        .db
        .write::<_, DbError, _, _>(&world.system(), id, move |tx, id| {
            Box::pin(async move {
                tx.queue(add_session(id, seats), Expect::any());
                Ok(tx.done((), Event::new("session.added", id)))
            })
        })
        .await
        .unwrap();
    id
}

async fn count(world: &World, query: regie_db::Query<(i64,)>) -> i64 {
    world.db.reader(world.school).one(query).await.unwrap().0
}

both! {
    async fn a_change_its_journal_line_and_its_message_are_kept_together(world: World) {
        world.ddl(TABLES).await;
        let id = session(&world, 1).await;
        let caller = world.caller(Role::Student);
        let noor: PersonId = world.id();
        assert_eq!(enrol(&world.db, &caller, id, noor).await, Ok(Seat(noor)));
        assert_eq!(enrol(&world.db, &caller, id, noor).await, Err(Refusal::Already));
        assert_eq!(enrol(&world.db, &caller, id, world.id()).await, Err(Refusal::Full));
        assert_eq!(enrol(&world.db, &caller, world.id(), noor).await, Err(Refusal::NoSession));
        assert_eq!(count(&world, taken(id)).await, 1);
        assert_eq!(count(&world, bookings(id)).await, 1);
        assert_eq!(count(&world, journal_lines()).await, 2, "the session and one booking");
        assert_eq!(count(&world, outbox_rows()).await, 1);
        let line = world.db.reader(world.school).all(regie_db::journal::history(noor.uuid(), 10)).await.unwrap();
        assert_eq!(line[0].action, "booking.made");
        assert_eq!(line[0].role.as_deref(), Some("student"));
        assert_eq!(line[0].reason.as_deref(), Some("first come, first served"));
        assert_eq!(count(&world, of_these(&[noor, world.id()])).await, 1);
    }

    async fn full_is_full_under_a_rush(world: World) {
        world.ddl(TABLES).await;
        let id = session(&world, 20).await;
        let caller = world.caller(Role::Student);
        let mut rush = Vec::new();
        for _ in 0..64 {
            let (db, caller, person) = (world.db.clone(), caller.clone(), world.id());
            rush.push(tokio::spawn(async move { enrol(&db, &caller, id, person).await }));
        }
        let mut seated = 0;
        for one in rush {
            match one.await.unwrap() {
                Ok(_) => seated += 1,
                Err(refusal) => assert_eq!(refusal, Refusal::Full),
            }
        }
        assert_eq!(seated, 20);
        assert_eq!(count(&world, taken(id)).await, 20);
        assert_eq!(count(&world, bookings(id)).await, 20);
        assert_eq!(count(&world, journal_lines()).await, 21);
    }

    async fn the_same_request_twice_is_done_once_and_answers_the_same(world: World) {
        world.ddl(TABLES).await;
        let id = session(&world, 5).await;
        let noor: PersonId = world.id();
        let caller = Caller { request: Some(world.id::<RequestId>()), ..world.caller(Role::Student) };
        assert_eq!(enrol(&world.db, &caller, id, noor).await, Ok(Seat(noor)));
        assert_eq!(enrol(&world.db, &caller, id, noor).await, Ok(Seat(noor)), "not: already");
        assert_eq!(count(&world, taken(id)).await, 1);
        // The same id for another command is a mistake of the client, said so.
        let other = world.db.write::<i64, Refusal, _, _>(&caller, (), |tx, ()| Box::pin(async move {
            Ok(tx.done(1, Event::none("a test")))
        })).await;
        assert_eq!(other, Err(Refusal::Db(DbError::RequestReused)));
    }

    async fn a_panic_in_one_job_leaves_the_others_unharmed(world: World) {
        world.ddl(TABLES).await;
        let id = session(&world, 100).await;
        let caller = world.caller(Role::Student);
        let mut jobs = Vec::new();
        for n in 0..40 {
            let (db, caller, person) = (world.db.clone(), caller.clone(), world.id());
            jobs.push(tokio::spawn(async move {
                if n % 4 == 0 {
                    let _ = db.write::<(), Refusal, _, _>(&caller, (id, person), |tx, (id, person)| Box::pin(async move {
                        tx.run(book(id, person)).await?;
                        panic!("a bug in one use case");
                    })).await;
                    return false;
                }
                enrol(&db, &caller, id, person).await.is_ok()
            }));
        }
        let mut seated = 0;
        for job in jobs {
            // On PostgreSQL the panic reaches the caller's own task; on SQLite the writer catches it.
            seated += i64::from(job.await.unwrap_or(false));
        }
        assert_eq!(seated, 30);
        assert_eq!(count(&world, bookings(id)).await, 30, "nothing of the panicking ones was kept");
        assert_eq!(count(&world, taken(id)).await, 30);
    }

    async fn a_caller_that_goes_away_leaves_nothing_half_done(world: World) {
        world.ddl(TABLES).await;
        let id = session(&world, 1000).await;
        let caller = world.caller(Role::Student);
        let mut jobs = Vec::new();
        for n in 0..60u64 {
            let (db, caller, person) = (world.db.clone(), caller.clone(), world.id());
            let job = tokio::spawn(async move { enrol(&db, &caller, id, person).await });
            if n % 3 == 0 {
                tokio::time::sleep(std::time::Duration::from_micros(n * 40)).await;
                job.abort();
            }
            jobs.push(job);
        }
        for job in jobs { let _ = job.await; }
        // Whatever was kept was kept whole, and the connections go on working.
        enrol(&world.db, &caller, id, world.id()).await.unwrap();
        assert_eq!(count(&world, taken(id)).await, count(&world, bookings(id)).await);
        assert_eq!(count(&world, bookings(id)).await + 1, count(&world, journal_lines()).await);
    }

    async fn waiting_for_the_world_inside_a_transaction_is_a_bug(world: World) {
        let done = world.db.write::<(), DbError, _, _>(&world.system(), (), |tx, ()| Box::pin(async move {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            Ok(tx.done((), Event::none("a test")))
        })).await;
        // PostgreSQL cannot tell; SQLite has everybody waiting behind it and refuses.
        assert_eq!(done.is_err(), !world.db.is_postgres());
    }

    async fn batches_keep_every_row(world: World) {
        world.ddl(TABLES).await;
        let id = session(&world, 5000).await;
        let people: Vec<PersonId> = (0..1300).map(|_| world.id()).collect();
        let kept = world.db.write::<usize, DbError, _, _>(&world.system(), people, move |tx, people| Box::pin(async move {
            tx.each(people.iter().map(|person| book(id, *person)).collect()).await?;
            Ok(tx.done(people.len(), Event::new("booking.filled", id)))
        })).await.unwrap();
        assert_eq!(kept, 1300);
        assert_eq!(count(&world, bookings(id)).await, 1300);
    }

    async fn the_twin_school_sees_nothing_of_ours(world: World) {
        world.ddl(TABLES).await;
        let id = session(&world, 3).await;
        enrol(&world.db, &world.caller(Role::Student), id, world.id()).await.unwrap();
        let twin = Caller { institution: world.twin, ..world.caller(Role::ExamOffice) };
        let mut reader = world.db.reader(world.twin);
        assert_eq!(reader.opt(taken(id)).await.unwrap(), None);
        assert_eq!(reader.one(journal_lines()).await.unwrap(), (0,));
        assert_eq!(enrol(&world.db, &twin, id, world.id()).await, Err(Refusal::NoSession));
    }
}
