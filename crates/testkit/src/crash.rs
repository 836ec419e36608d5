//! Crash tests: the use case that is interrupted, and the memory of what was acknowledged.

use regie_core::Caller;
use regie_core::id::{Id, InstitutionId, PersonId, SessionId};
use regie_db::{Ask, Db, Error, Event, Expect, Outgoing, Trust, statements};
use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The tables of the use case.
pub const TABLES: &str = "
CREATE TABLE trial_session (
  institution {uuid} NOT NULL, id {uuid} NOT NULL, seats {int} NOT NULL, taken {int} NOT NULL,
  PRIMARY KEY (institution, id), CHECK (taken <= seats)
){strict};
CREATE TABLE trial_booking (
  institution {uuid} NOT NULL, session {uuid} NOT NULL, task {int} NOT NULL, number {int} NOT NULL,
  PRIMARY KEY (institution, task, number),
  FOREIGN KEY (institution, session) REFERENCES trial_session (institution, id)
){strict};";

pub fn school() -> InstitutionId {
    InstitutionId::from_uuid(Uuid::from_u128(42))
}

fn session() -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(43))
}

/// One seat of the hot session, for the n-th time by this task.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    pub task: i64,
    pub number: i64,
}

pub async fn claim(db: &Db, caller: &Caller, claim: Claim) -> Result<(), Error> {
    db.write::<(), Error, _, _>(caller, claim, |tx, Claim { task, number }| {
        Box::pin(async move {
            let person = PersonId::from_uuid(Uuid::from_u128(number.unsigned_abs().into()));
            tx.queue(book(session(), task, number), Expect::any());
            tx.hot(take(session()), Expect::one(Error::Refused("the session is full".into())));
            tx.send(Outgoing::new("booking.confirmed", 1, person, serde_json::json!({ "task": task })));
            Ok(tx.done((), Event::new("booking.made", person).why("a crash test")))
        })
    })
    .await
}

/// The session that everybody wants a seat of.
pub async fn open_session(db: &Db) {
    let caller = Caller::system(school(), db.now());
    db.write::<(), Error, _, _>(&caller, (), |tx, ()| {
        Box::pin(async move {
            tx.queue(add_session(session(), 1_000_000_000), Expect::any());
            Ok(tx.done((), Event::none("before the test")))
        })
    })
    .await
    .unwrap();
}

/// The process that writes, and what it said.
pub struct Writer {
    child: Child,
    said: Receiver<String>,
}

impl Writer {
    /// Starts the program with a database to write to.
    pub fn start(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(program)
            .args(arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (tell, said) = channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
        Self { child, said }
    }

    /// Listens until so many were acknowledged since this call.
    pub fn hear(&mut self, oracle: &mut Oracle, count: usize) {
        let (started, before) = (Instant::now(), oracle.acknowledged.len());
        while oracle.acknowledged.len() < before + count {
            match self.said.recv_timeout(Duration::from_secs(60)) {
                Ok(line) => oracle.hear(&line),
                Err(why) => panic!("the writer fell silent ({why}) after {:?}", started.elapsed()),
            }
            assert!(started.elapsed() < Duration::from_secs(240), "the writer is too slow");
        }
    }

    /// SIGKILL; then everything it still managed to say.
    pub fn kill(mut self, oracle: &mut Oracle) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.listen_out(oracle);
    }

    /// What it has said by now; then the cable is out. A power cut stops the machine that would speak; here the writer
    /// lives on for a moment, and a flush that was under way when the file system went down may still answer that it
    /// succeeded (seen in one cut of thirty). What nobody heard in time was never promised.
    pub fn hear_the_last(&mut self, oracle: &mut Oracle) {
        while let Ok(line) = self.said.try_recv() {
            oracle.hear(&line);
        }
    }

    /// SIGKILL, and nothing it says any more is heard.
    pub fn silence(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Everything it says for a while.
    pub fn hear_for(&mut self, oracle: &mut Oracle, time: Duration) {
        let started = Instant::now();
        while let Some(left) = time.checked_sub(started.elapsed()) {
            match self.said.recv_timeout(left) {
                Ok(line) => oracle.hear(&line),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Listens until the first caller hears a refusal.
    pub fn hear_until_error(&mut self, oracle: &mut Oracle) {
        while oracle.errors.is_empty() {
            match self.said.recv_timeout(Duration::from_secs(60)) {
                Ok(line) => oracle.hear(&line),
                Err(why) => panic!("no refusal was heard ({why})"),
            }
        }
    }

    fn listen_out(&self, oracle: &mut Oracle) {
        while let Ok(line) = self.said.recv() {
            oracle.hear(&line);
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What was acknowledged, in the memory of a process that is not killed.
#[derive(Debug, Default)]
pub struct Oracle {
    pub acknowledged: HashSet<(i64, i64)>,
    /// Refusals, as the callers saw them.
    pub errors: Vec<String>,
}

impl Oracle {
    fn hear(&mut self, line: &str) {
        let parts: Vec<&str> = line.splitn(3, ' ').collect();
        match parts.as_slice() {
            ["A", task, number] => {
                self.acknowledged.insert((task.parse().unwrap(), number.parse().unwrap()));
            }
            ["E", why @ ..] => self.errors.push(why.join(" ")),
            // Cut off in the middle of a word by the kill: not an acknowledgement.
            _ => {}
        }
    }

    /// How many acknowledged seats are not there.
    pub async fn lost(&self, db: &Db) -> usize {
        let there: HashSet<(i64, i64)> =
            db.reader(school()).all(bookings()).await.unwrap().into_iter().collect();
        self.acknowledged.difference(&there).count()
    }
}

/// Seat, counter, journal line, message and request id stand or fall together, and the chain holds.
pub async fn whole(db: &Db) {
    let mut reader = db.reader(school());
    let (taken,) = reader.one(taken(session())).await.unwrap();
    let counts = [
        ("bookings", reader.one(count_bookings()).await.unwrap().0),
        ("journal lines", reader.one(count_lines()).await.unwrap().0),
        ("messages", reader.one(count_messages()).await.unwrap().0),
        ("request ids", reader.one(count_requests()).await.unwrap().0),
    ];
    for (what, count) in counts {
        assert_eq!(count, taken, "{what} against seats taken");
    }
    let verdict = db.verify(school(), &Trust::default()).await.unwrap();
    assert_eq!(verdict.flaw, None);
}

statements! {
    fn add_session(id: SessionId, seats: i64) =
        "INSERT INTO trial_session (institution, id, seats, taken) VALUES ($1, $2, $3, 0)";
    fn book(session: SessionId, task: i64, number: i64) =
        "INSERT INTO trial_booking (institution, session, task, number) VALUES ($1, $2, $3, $4)";
    fn take(session: SessionId) =
        "UPDATE trial_session SET taken = taken + 1 WHERE institution = $1 AND id = $2 AND taken < seats";
    fn taken(session: SessionId) -> (i64,) = "SELECT taken FROM trial_session WHERE institution = $1 AND id = $2";
    fn bookings() -> (i64, i64) = "SELECT task, number FROM trial_booking WHERE institution = $1";
    fn count_bookings() -> (i64,) = "SELECT count(*) FROM trial_booking WHERE institution = $1";
    fn count_lines() -> (i64,) =
        "SELECT count(*) FROM journal WHERE institution = $1 AND action = 'booking.made'";
    fn count_messages() -> (i64,) =
        "SELECT count(*) FROM outbox WHERE institution = $1 AND event = 'booking.confirmed'";
    fn count_requests() -> (i64,) = "SELECT count(*) FROM request WHERE institution = $1";
}
