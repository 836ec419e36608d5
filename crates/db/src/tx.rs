//! A transaction: statements queue with what is expected of them and leave in one flight.
//!
//! On PostgreSQL everything queued, the journal lines, the outbox rows and the commit travel together in one
//! pipelined round trip; an expectation that fails is an error *on the server*, so the commit behind it becomes a
//! rollback. On SQLite statements run at once, on the writer's thread, and nothing is ever waited for.

use crate::journal::Event;
use crate::outbox::Outgoing;
use crate::postgres::Line;
use crate::row::FromRow;
use crate::sqlite;
use crate::statement::{Query, decode};
use crate::value::Value;
use crate::{Error, Touched};
use jiff::Timestamp;
use regie_core::Caller;
use regie_core::id::Id;
use uuid::Uuid;

/// What a queued statement must do, and what the use case answers when it does not.
pub struct Expect<E> {
    pub(crate) one: Option<E>,
    pub(crate) unique: Option<E>,
    pub(crate) foreign: Option<E>,
    pub(crate) check: Option<E>,
    pub(crate) guarded: bool,
}

impl<E> Expect<E> {
    /// Whatever it does is fine; a refused constraint is an internal error.
    pub fn any() -> Self {
        Self { one: None, unique: None, foreign: None, check: None, guarded: false }
    }
    /// Exactly one row must change, else this error.
    pub fn one(error: E) -> Self {
        Self { one: Some(error), guarded: true, ..Self::any() }
    }
    /// A unique constraint may refuse, with this error.
    pub fn unique(error: E) -> Self {
        Self::any().or_unique(error)
    }
    pub fn or_unique(mut self, error: E) -> Self {
        self.unique = Some(error);
        self
    }
    /// A foreign key may refuse, with this error.
    pub fn or_foreign(mut self, error: E) -> Self {
        self.foreign = Some(error);
        self
    }
    /// A check constraint may refuse, with this error.
    pub fn or_check(mut self, error: E) -> Self {
        self.check = Some(error);
        self
    }

    /// The use case's answer to what the database said, if it has one.
    fn answer(self, error: &Error) -> Option<E> {
        match error {
            Error::Guard(_) => self.one,
            Error::Unique(_) => self.unique,
            Error::Foreign(_) => self.foreign,
            Error::Check(_) => self.check,
            _ => None,
        }
    }
}

pub(crate) struct Queued<E> {
    pub(crate) query: Query<()>,
    pub(crate) expect: Expect<E>,
}

/// The two databases behind a transaction.
pub(crate) enum Side {
    Sqlite(rusqlite::Connection),
    Postgres(Line),
}

/// Proof that a use case said what it did; only [`Tx::done`] makes one.
pub struct Done<T> {
    pub(crate) value: T,
}

pub struct Tx<E> {
    pub(crate) side: Side,
    pub(crate) institution: Uuid,
    pub(crate) recorded_at: Timestamp,
    pub(crate) queue: Vec<Queued<E>>,
    /// Leaves last, so that a row many wait for is locked for the commit alone.
    pub(crate) hot: Vec<Queued<E>>,
    pub(crate) events: Vec<Event>,
    pub(crate) outgoing: Vec<Outgoing>,
    pub(crate) touched: Vec<Touched>,
    /// The use case's own answer to a failed expectation; wins over what the closure made of it.
    pub(crate) refusal: Option<E>,
    /// The last thing the database said.
    pub(crate) failure: Option<Error>,
}

/// Asking, the same in a transaction and outside one.
pub trait Ask: Send {
    fn all<R: FromRow + Send>(
        &mut self,
        query: Query<R>,
    ) -> impl Future<Output = Result<Vec<R>, Error>> + Send;

    /// The first row, if any.
    fn opt<R: FromRow + Send>(
        &mut self,
        query: Query<R>,
    ) -> impl Future<Output = Result<Option<R>, Error>> + Send {
        async { Ok(self.all(query).await?.into_iter().next()) }
    }

    /// The row of a statement that always gives one, such as a count.
    fn one<R: FromRow + Send>(&mut self, query: Query<R>) -> impl Future<Output = Result<R, Error>> + Send {
        async move {
            let name = query.statement.name;
            self.opt(query).await?.ok_or_else(|| Error::Decode(format!("{name} gave no row")))
        }
    }
}

impl<E: Send> Tx<E> {
    pub(crate) fn new(side: Side, caller: &Caller, recorded_at: Timestamp) -> Self {
        Self {
            side,
            institution: caller.institution.uuid(),
            recorded_at,
            queue: Vec::new(),
            hot: Vec::new(),
            events: Vec::new(),
            outgoing: Vec::new(),
            touched: Vec::new(),
            refusal: None,
            failure: None,
        }
    }

    /// Whose transaction it is.
    pub fn institution(&self) -> regie_core::id::InstitutionId {
        Id::from_uuid(self.institution)
    }

    /// When it is being recorded. (`Caller::occurred_at` is when it happened.)
    pub fn recorded_at(&self) -> Timestamp {
        self.recorded_at
    }

    /// Puts a statement in the queue; it leaves with the next question, `flight`, or the commit.
    pub fn queue(&mut self, query: Query<()>, expect: Expect<E>) {
        self.queue.push(Queued { query, expect });
    }

    /// As `queue`, but leaves behind everything else, just before the commit: for the row others wait for.
    pub fn hot(&mut self, query: Query<()>, expect: Expect<E>) {
        self.hot.push(Queued { query, expect });
    }

    /// Many rows of one INSERT statement: a prepared loop on SQLite, widened `VALUES` on PostgreSQL.
    pub async fn each(&mut self, queries: Vec<Query<()>>) -> Result<(), Error> {
        self.flight().await?;
        let institution = self.institution;
        let outcome = match &mut self.side {
            Side::Sqlite(connection) => queries.into_iter().try_for_each(|query| {
                let statement = query.statement;
                sqlite::run(connection, statement, &query.values(institution)).map(drop)
            }),
            Side::Postgres(line) => line.widened(institution, queries).await,
        };
        self.noting(outcome)
    }

    /// Runs a statement now and tells how many rows it changed.
    pub async fn run(&mut self, query: Query<()>) -> Result<u64, Error> {
        let (rows, changed) = self.ask(query.statement, query.values(self.institution)).await?;
        drop(rows);
        Ok(changed)
    }

    /// Sends what is queued and waits for it, when later statements depend on it.
    pub async fn flight(&mut self) -> Result<(), Error> {
        self.leave(None, false).await.map(drop)
    }

    /// One more journal line, for a use case that does several things.
    pub fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    /// A message that leaves after the commit, at least once, in order for its subject.
    pub fn send(&mut self, outgoing: Outgoing) {
        self.outgoing.push(outgoing);
    }

    /// Screens that show this will look again.
    pub fn touch<I: Id>(&mut self, id: I) {
        self.touched.push(Touched { kind: I::KIND, id: id.uuid() });
    }

    /// The only way to commit: with what was done.
    pub fn done<T>(&mut self, value: T, event: Event) -> Done<T> {
        self.events.push(event);
        Done { value }
    }

    pub(crate) fn noting<T>(&mut self, outcome: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &outcome {
            self.failure = Some(error.clone());
        }
        outcome
    }

    async fn ask(
        &mut self,
        statement: &'static crate::Statement,
        values: Vec<Value>,
    ) -> Result<(Vec<Vec<Value>>, u64), Error> {
        let answered = self.leave(Some((statement, values)), false).await?;
        answered.ok_or_else(|| Error::Bug(format!("{} was not answered", statement.name)))
    }

    /// Everything queued, then the question if there is one, then the commit if asked for.
    pub(crate) async fn leave(
        &mut self,
        question: Option<(&'static crate::Statement, Vec<Value>)>,
        commit: bool,
    ) -> Result<Option<(Vec<Vec<Value>>, u64)>, Error> {
        let mut queue = std::mem::take(&mut self.queue);
        if commit {
            queue.append(&mut self.hot);
        }
        let institution = self.institution;
        match &mut self.side {
            Side::Sqlite(connection) => {
                for Queued { query, expect } in queue {
                    let statement = query.statement;
                    let outcome = match sqlite::run(connection, statement, &query.values(institution)) {
                        Ok((_, changed)) if expect.guarded && changed != 1 => {
                            Err(Error::Guard(statement.name))
                        }
                        other => other,
                    };
                    if let Err(error) = outcome {
                        self.refusal = expect.answer(&error);
                        return self.noting(Err(error));
                    }
                }
                let outcome = question
                    .map(|(statement, values)| sqlite::run(connection, statement, &values))
                    .transpose();
                self.noting(outcome)
            }
            Side::Postgres(line) => {
                let mut expects = Vec::with_capacity(queue.len());
                let mut flight = Vec::with_capacity(queue.len());
                for Queued { query, expect } in queue {
                    flight.push((query.statement, expect.guarded, query.values(institution)));
                    expects.push(expect);
                }
                match line.flight(flight, question, commit).await {
                    Ok(answer) => Ok(answer),
                    Err((position, error)) => {
                        let expect = position.and_then(|p| expects.into_iter().nth(p));
                        self.refusal = expect.and_then(|expect| expect.answer(&error));
                        self.noting(Err(error))
                    }
                }
            }
        }
    }
}

impl<E: Send> Ask for Tx<E> {
    async fn all<R: FromRow + Send>(&mut self, query: Query<R>) -> Result<Vec<R>, Error> {
        let statement = query.statement;
        let (rows, _) = self.ask(statement, query.values(self.institution)).await?;
        let outcome = decode(statement, rows);
        self.noting(outcome)
    }
}
