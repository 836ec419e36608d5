//! `Db::write`: the only way to change anything. The change, its journal lines, its outbox rows and the memory of
//! the request share one transaction; the answer leaves after the sync.

use crate::postgres::{Pool, Whose};
use crate::sqlite::{Job, Ran};
use crate::tx::{Done, Side};
use crate::{Ask, Backend, Db, Error, Expect, Touched, Tx, journal, statements};
use jiff::Timestamp;
use regie_core::Caller;
use regie_core::clock::new_id;
use regie_core::id::{AccountId, Id, InstitutionId, JournalId, RequestId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tracing::{Instrument as _, Span};

/// What a use case's closure gives back.
pub type Work<'t, T, E> = Pin<Box<dyn Future<Output = Result<Done<T>, E>> + Send + 't>>;

/// How long a command keeps trying while the database is away; then the caller hears of it.
const PATIENCE: Duration = Duration::from_secs(20);

/// For traces: the use case whose closure this is, by its place in the source.
fn span<F>() -> Span {
    let place = std::any::type_name::<F>();
    let use_case = place.split("::{{closure}}").next().unwrap_or(place);
    tracing::debug_span!("command", use_case)
}

/// One try's end.
enum Outcome<T, E> {
    Kept(T, Vec<Touched>),
    /// The use case or the database said no; nothing was kept.
    Refused(E, Option<Error>),
    /// The commit was sent, its answer never came; the value stands if the journal line is there.
    Doubt(T, Vec<Touched>, Error),
}

impl Db {
    /// Runs a use case's work in a transaction. The work may run more than once (a deadlock, a restarted database),
    /// so it has no effects outside `tx`; its input is handed to it anew each time.
    pub async fn write<T, E, I, F>(&self, caller: &Caller, input: I, work: F) -> Result<T, E>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        E: From<Error> + Send + 'static,
        I: Clone + Send + 'static,
        F: for<'t> Fn(&'t mut Tx<E>, I) -> Work<'t, T, E> + Clone + Send + Sync + 'static,
    {
        self.trying(caller, input, work, false).instrument(span::<F>()).await
    }

    /// As `write`, but no other transaction may have seen or changed anything in between.
    pub async fn serial<T, E, I, F>(&self, caller: &Caller, input: I, work: F) -> Result<T, E>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        E: From<Error> + Send + 'static,
        I: Clone + Send + 'static,
        F: for<'t> Fn(&'t mut Tx<E>, I) -> Work<'t, T, E> + Clone + Send + Sync + 'static,
    {
        self.trying(caller, input, work, true).instrument(span::<F>()).await
    }

    async fn trying<T, E, I, F>(&self, caller: &Caller, input: I, work: F, serial: bool) -> Result<T, E>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        E: From<Error> + Send + 'static,
        I: Clone + Send + 'static,
        F: for<'t> Fn(&'t mut Tx<E>, I) -> Work<'t, T, E> + Clone + Send + Sync + 'static,
    {
        let started = Instant::now();
        // The first journal line keeps its id over all tries: it tells whether a commit in doubt happened, and
        // makes two of them impossible.
        let line: JournalId = self.new_id();
        let mut doubt: Option<(T, Vec<Touched>)> = None;
        for attempt in 0u32.. {
            let outcome = match &self.0.backend {
                Backend::Sqlite { .. } => self.on_sqlite(caller, line, input.clone(), work.clone()).await,
                Backend::Postgres { pool } => {
                    self.on_postgres(pool, caller, line, input.clone(), work.clone(), serial).await
                }
            };
            let (refusal, failure) = match outcome {
                Outcome::Kept(value, touched) => {
                    self.changed(caller.institution, touched);
                    return Ok(value);
                }
                Outcome::Doubt(value, touched, error) => {
                    doubt = Some((value, touched));
                    (None, Some(error))
                }
                Outcome::Refused(refusal, failure) => (Some(refusal), failure),
            };
            let again = match &failure {
                Some(Error::Again(_)) => attempt < 10,
                Some(Error::Unavailable(_)) => self.is_postgres() && started.elapsed() < PATIENCE,
                _ => false,
            };
            if again {
                tokio::time::sleep(pause(attempt)).await;
                if doubt.is_some() && self.happened(caller.institution, line).await.unwrap_or(false) {
                    let Some((value, touched)) = doubt else { continue };
                    self.changed(caller.institution, touched);
                    return Ok(value);
                }
                continue;
            }
            if let Some(request) = caller.request
                && let Some(answer) = self.recall(caller, request).await?
            {
                return Ok(answer);
            }
            // A second try after a doubtful first meets its own journal line.
            if let (Some((value, touched)), Some(Error::Unique(_))) = (doubt, &failure)
                && self.happened(caller.institution, line).await.unwrap_or(false)
            {
                self.changed(caller.institution, touched);
                return Ok(value);
            }
            return Err(refusal.unwrap_or_else(|| {
                E::from(failure.unwrap_or_else(|| Error::Bug("a refusal without a reason".into())))
            }));
        }
        Err(E::from(Error::Bug("trying ended".into())))
    }

    async fn on_sqlite<T, E, I, F>(
        &self,
        caller: &Caller,
        line: JournalId,
        input: I,
        work: F,
    ) -> Outcome<T, E>
    where
        T: Serialize + Send + 'static,
        E: From<Error> + Send + 'static,
        I: Send + 'static,
        F: for<'t> Fn(&'t mut Tx<E>, I) -> Work<'t, T, E> + Send + 'static,
    {
        let Backend::Sqlite { writer, .. } = &self.0.backend else {
            return Outcome::Refused(Error::Bug("no writer".into()).into(), None);
        };
        let (told, heard) = oneshot::channel();
        let job = SqliteJob { db: self.clone(), caller: caller.clone(), line, input, work, told };
        let lost = |error: Error| Outcome::Refused(error.clone().into(), Some(error));
        if let Err(error) = writer.submit(Box::new(job)) {
            return lost(error);
        }
        heard.await.unwrap_or_else(|_| lost(Error::Stopped("the writer ended".into())))
    }

    async fn on_postgres<T, E, I, F>(
        &self,
        pool: &Pool,
        caller: &Caller,
        first: JournalId,
        input: I,
        work: F,
        serial: bool,
    ) -> Outcome<T, E>
    where
        T: Serialize + Send + 'static,
        E: From<Error> + Send + 'static,
        I: Send + 'static,
        F: for<'t> Fn(&'t mut Tx<E>, I) -> Work<'t, T, E> + Send + Sync + 'static,
    {
        let mut line = match pool.line().await {
            Ok(line) => line,
            Err(error) => return Outcome::Refused(error.clone().into(), Some(error)),
        };
        line.belongs_to(Whose::One(caller.institution.uuid()));
        if serial {
            line.serializable();
        }
        let mut tx = Tx::new(Side::Postgres(line), caller, self.now());
        let worked = work(&mut tx, input).await;
        let outcome = self.settle(&mut tx, worked, caller, first).await;
        if let Side::Postgres(line) = &mut tx.side
            && !matches!(outcome, Outcome::Kept(..) | Outcome::Doubt(..))
        {
            line.rollback().await;
        }
        outcome
    }

    /// After the work: journal, outbox, request, commit (on SQLite the writer commits the whole group).
    async fn settle<T: Serialize, E: From<Error> + Send>(
        &self,
        tx: &mut Tx<E>,
        worked: Result<Done<T>, E>,
        caller: &Caller,
        first: JournalId,
    ) -> Outcome<T, E> {
        let done = match worked {
            Ok(done) if tx.failure.is_none() => done,
            // The work went on over a failure; the transaction cannot.
            Ok(_) => {
                let failure = tx.failure.take().unwrap_or_else(|| Error::Bug("a failure got lost".into()));
                let refusal = tx.refusal.take().unwrap_or_else(|| failure.clone().into());
                return Outcome::Refused(refusal, Some(failure));
            }
            Err(refusal) => return Outcome::Refused(tx.refusal.take().unwrap_or(refusal), tx.failure.take()),
        };
        let mut id = Some(first);
        for event in std::mem::take(&mut tx.events) {
            if let Some(line) = event.line {
                tx.touched.push(Touched { kind: line.kind, id: line.subject });
                let id = id.take().unwrap_or_else(|| self.new_id());
                let insert = line.insert(id, caller, tx.recorded_at, &*self.0.random);
                tx.queue(insert, Expect::any());
            }
        }
        let journaled = id.is_none();
        for outgoing in std::mem::take(&mut tx.outgoing) {
            tx.queue(outgoing.insert(self.new_id(), tx.recorded_at), Expect::any());
        }
        if let Some(request) = caller.request {
            match serde_json::to_string(&done.value) {
                Ok(answer) => tx.queue(
                    remember(request, caller.account, &command::<T>(caller), &answer, tx.recorded_at),
                    Expect::any(),
                ),
                Err(error) => {
                    let error = Error::Bug(format!("an answer that cannot be kept: {error}"));
                    return Outcome::Refused(error.clone().into(), Some(error));
                }
            }
        }
        let left = tx.leave(None, true).await;
        let touched = std::mem::take(&mut tx.touched);
        match left {
            Ok(_) => Outcome::Kept(done.value, touched),
            Err(error) => {
                let in_doubt = matches!(&tx.side, Side::Postgres(line) if line.in_doubt);
                if in_doubt && journaled {
                    return Outcome::Doubt(done.value, touched, error);
                }
                if in_doubt {
                    // Without a journal line nobody can tell; trying again could do it twice.
                    let error = Error::Refused("the connection broke at the commit".into());
                    return Outcome::Refused(error.clone().into(), Some(error));
                }
                Outcome::Refused(tx.refusal.take().unwrap_or_else(|| error.clone().into()), Some(error))
            }
        }
    }

    async fn happened(&self, institution: InstitutionId, line: JournalId) -> Result<bool, Error> {
        let (count,) = self.reader(institution).one(journal::written(line)).await?;
        Ok(count > 0)
    }

    /// What this request answered the first time.
    async fn recall<T: DeserializeOwned>(
        &self,
        caller: &Caller,
        request: RequestId,
    ) -> Result<Option<T>, Error> {
        let Some(kept) = self.reader(caller.institution).opt(recall(request)).await? else {
            return Ok(None);
        };
        if kept.account != caller.account || kept.command != command::<T>(caller) {
            return Err(Error::RequestReused);
        }
        serde_json::from_str(&kept.answer).map(Some).map_err(|_| Error::RequestReused)
    }
}

/// What was asked, as far as a repetition must be the same.
fn command<T>(caller: &Caller) -> String {
    let kind = std::any::type_name::<T>();
    caller.fingerprint.map_or_else(|| kind.to_owned(), |print| format!("{kind} {print:016x}"))
}

/// A little longer each time, and never all at the same moment.
fn pause(attempt: u32) -> Duration {
    Duration::from_millis(u64::from(5 * 2u32.saturating_pow(attempt.min(7)))).min(Duration::from_millis(500))
}

struct SqliteJob<T, E, I, F> {
    db: Db,
    caller: Caller,
    line: JournalId,
    input: I,
    work: F,
    told: oneshot::Sender<Outcome<T, E>>,
}

impl<T, E, I, F> Job for SqliteJob<T, E, I, F>
where
    T: Serialize + Send + 'static,
    E: From<Error> + Send + 'static,
    I: Send + 'static,
    F: for<'t> Fn(&'t mut Tx<E>, I) -> Work<'t, T, E> + Send + 'static,
{
    fn abandoned(&self) -> bool {
        self.told.is_closed()
    }

    fn refuse(self: Box<Self>, why: Error) {
        let _ = self.told.send(Outcome::Refused(why.clone().into(), Some(why)));
    }

    fn run(self: Box<Self>, connection: rusqlite::Connection) -> Ran {
        let Self { db, caller, line, input, work, told } = *self;
        let mut tx = Tx::new(Side::Sqlite(connection), &caller, db.now());
        // A panic in one use case must not take the writer, and everybody behind it, down.
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let all = async {
                let worked = work(&mut tx, input).await;
                db.settle(&mut tx, worked, &caller, line).await
            };
            match pin!(all).poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(outcome) => outcome,
                Poll::Pending => {
                    let bug = Error::Bug("a use case waited for something else than the database".into());
                    Outcome::Refused(bug.clone().into(), Some(bug))
                }
            }
        }))
        .unwrap_or_else(|_| {
            let bug = Error::Bug("a use case panicked; nothing of it was kept".into());
            Outcome::Refused(bug.clone().into(), Some(bug))
        });
        let Side::Sqlite(connection) = tx.side else { unreachable!("a transaction changed sides") };
        Ran {
            connection,
            keep: matches!(outcome, Outcome::Kept(..)),
            answer: Box::new(move |fate| {
                let outcome = match (outcome, fate) {
                    (Outcome::Kept(..), Err(error)) => Outcome::Refused(error.clone().into(), Some(error)),
                    (outcome, _) => outcome,
                };
                let _ = told.send(outcome);
            }),
        }
    }
}

crate::row! {
    struct Kept {
        account: Option<AccountId>,
        command: String,
        answer: String,
    }
}

statements! {
    fn remember(id: RequestId, account: Option<AccountId>, command: &str, answer: &str, recorded_at: Timestamp) =
        "INSERT INTO request (institution, id, account, command, answer, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6)";

    fn recall(id: RequestId) -> Kept =
        "SELECT account, command, answer FROM request WHERE institution = $1 AND id = $2";
}

impl Db {
    pub(crate) fn new_id<T: Id>(&self) -> T {
        new_id(&*self.0.clock, &*self.0.random)
    }
}
