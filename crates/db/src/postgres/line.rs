//! One line to PostgreSQL, on loan to one transaction or reader.

use super::pool::Connected;
use crate::statement::{Query, Statement};
use crate::value::Value;
use crate::{Error, sqlite::Rows};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use tokio::sync::OwnedSemaphorePermit;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// Statements of one use case, each with its values and whether it must change exactly one row.
pub(crate) type Flight = Vec<(&'static Statement, bool, Vec<Value>)>;

/// Whose rows a transaction is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    One(Uuid),
    /// Housekeeping over all institutions.
    All,
}

/// Sizes a batch is cut into, so that few different texts are ever prepared.
const WIDTHS: [usize; 4] = [512, 64, 8, 1];

pub(crate) struct Line {
    connected: Option<Connected>,
    free: Arc<Mutex<Vec<Connected>>>,
    /// A transaction is open: dropping the line now throws the connection away.
    open: bool,
    serializable: bool,
    row_security: bool,
    whose: Option<Whose>,
    /// The commit was sent and its answer never came.
    pub(crate) in_doubt: bool,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Line {
    fn drop(&mut self) {
        // A caller that goes away in the middle leaves an open transaction: that connection is never reused.
        if !self.open
            && let Some(connected) = self.connected.take()
            && !connected.client.is_closed()
            && let Ok(mut free) = self.free.lock()
        {
            free.push(connected);
        }
    }
}

/// The rows of one statement and the number it changed.
type Said = Result<(Vec<tokio_postgres::Row>, u64), tokio_postgres::Error>;
type Step<'a> = Pin<Box<dyn Future<Output = Said> + Send + 'a>>;

impl Line {
    pub(super) fn new(
        connected: Connected,
        free: Arc<Mutex<Vec<Connected>>>,
        permit: OwnedSemaphorePermit,
        row_security: bool,
    ) -> Self {
        Self {
            connected: Some(connected),
            free,
            open: false,
            serializable: false,
            row_security,
            whose: None,
            in_doubt: false,
            _permit: permit,
        }
    }

    pub(crate) fn serializable(&mut self) {
        self.serializable = true;
    }

    /// Whose rows this line may touch, for row-level security.
    pub(crate) fn belongs_to(&mut self, whose: Whose) {
        self.whose = self.row_security.then_some(whose);
    }

    /// For work that sets its own terms: the connection is not used again afterwards.
    pub(crate) fn aside(&mut self) {
        self.open = true;
    }

    fn connected(&mut self) -> Result<&mut Connected, Error> {
        self.connected.as_mut().ok_or_else(|| Error::Bug("a line without a connection".into()))
    }

    pub(crate) fn client(&mut self) -> Result<&tokio_postgres::Client, Error> {
        self.connected().map(|connected| &connected.client)
    }

    async fn prepare(
        &mut self,
        statement: &'static Statement,
        text: &'static str,
    ) -> Result<tokio_postgres::Statement, Error> {
        let connected = self.connected()?;
        // The texts live as long as the program, so their place in memory is their name.
        let key = (text.as_ptr() as usize, text.len());
        if let Some(known) = connected.prepared.get(&key) {
            return Ok(known.clone());
        }
        // The types are known, so that `$2 IS NULL` needs no cast.
        let prepared = connected.client.prepare_typed(text, &super::value::types(statement)).await?;
        connected.prepared.insert(key, prepared.clone());
        Ok(prepared)
    }

    fn begin(&self) -> String {
        let mut text =
            String::from(if self.serializable { "BEGIN ISOLATION LEVEL SERIALIZABLE" } else { "BEGIN" });
        match self.whose {
            Some(Whose::One(institution)) => {
                text.push_str(&format!("; SET LOCAL regie.institution = '{institution}'"));
            }
            Some(Whose::All) => text.push_str("; SET LOCAL regie.institution = 'system'"),
            None => {}
        }
        text
    }

    /// Everything at once: begin (if not begun), the flight, the question, the commit (if asked for). The error
    /// tells which statement of the flight it was; the server has then undone all of it.
    pub(crate) async fn flight(
        &mut self,
        flight: Flight,
        question: Option<(&'static Statement, Vec<Value>)>,
        commit: bool,
    ) -> Result<Option<Rows>, (Option<usize>, Error)> {
        let nowhere = |error: Error| (None, error);
        if flight.is_empty() && question.is_none() && !(commit && self.open) {
            return Ok(None);
        }
        let mut steps = Vec::with_capacity(flight.len() + 1);
        let (first, guards) = (flight.len(), flight.iter().map(|step| step.1).collect::<Vec<_>>());
        let names: Vec<_> = flight.iter().map(|step| step.0.name).collect();
        for (statement, guarded, values) in flight {
            let text = if guarded { statement.guarded() } else { statement.postgres() };
            steps.push((self.prepare(statement, text).await.map_err(nowhere)?, values));
        }
        let asked = question.is_some();
        if let Some((statement, values)) = question {
            steps.push((self.prepare(statement, statement.postgres()).await.map_err(nowhere)?, values));
        }
        let begin = (!self.open).then(|| self.begin());
        self.open = true;
        let connected = self.connected().map_err(nowhere)?;
        let client = &connected.client;
        let mut futures: Vec<Step<'_>> = Vec::with_capacity(steps.len() + 2);
        if let Some(text) = &begin {
            futures
                .push(Box::pin(async move { client.batch_execute(text).await.map(|()| Default::default()) }));
        }
        let lead = futures.len();
        for (statement, values) in &steps {
            futures.push(Box::pin(async move {
                let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
                if statement.columns().is_empty() {
                    return Ok((Vec::new(), client.execute(statement, &values).await?));
                }
                let rows = client.query(statement, &values).await?;
                let count = rows.len() as u64;
                Ok((rows, count))
            }));
        }
        if commit {
            futures.push(Box::pin(async move {
                client.batch_execute("COMMIT").await.map(|()| Default::default())
            }));
        }
        let mut outcomes = in_order(futures).await;
        let mut last = None;
        for (index, outcome) in outcomes.drain(..).enumerate() {
            match outcome {
                Ok(said) => {
                    if asked && index == lead + first {
                        last = Some(said);
                    }
                }
                Err(error) => {
                    // A column was added under a prepared `SELECT *`-like plan: prepare anew.
                    let stale = error.as_db_error().is_some_and(|db| db.code().code() == "0A000");
                    let position = index.checked_sub(lead).filter(|position| *position < first);
                    let guard = position.is_some_and(|p| guards.get(p) == Some(&true));
                    let error = match error.as_db_error() {
                        // The guard's division by zero.
                        Some(db) if guard && db.code().code() == "22012" => Error::Guard(
                            position.and_then(|p| names.get(p)).copied().unwrap_or("a statement"),
                        ),
                        _ => Error::from(error),
                    };
                    if stale && let Some(connected) = self.connected.as_mut() {
                        connected.prepared.clear();
                    }
                    self.in_doubt = commit && matches!(error, Error::Unavailable(_));
                    return Err((position, error));
                }
            }
        }
        drop(outcomes);
        if commit {
            self.open = false;
        }
        let Some((rows, changed)) = last else { return Ok(None) };
        let rows = rows.iter().map(super::value::cells).collect::<Result<Vec<_>, _>>().map_err(nowhere)?;
        Ok(Some((rows, changed)))
    }

    /// Undoes what is open. A line that cannot even do that is thrown away.
    pub(crate) async fn rollback(&mut self) {
        if !self.open {
            return;
        }
        if let Ok(client) = self.client()
            && client.batch_execute("ROLLBACK").await.is_ok()
        {
            self.open = false;
        }
    }

    /// A question outside a transaction (inside one when row-level security must know the institution).
    pub(crate) async fn ask(
        &mut self,
        statement: &'static Statement,
        values: Vec<Value>,
    ) -> Result<Rows, Error> {
        if self.whose.is_some() {
            let rows = self.flight(Vec::new(), Some((statement, values)), true).await.map_err(|(_, e)| e);
            if rows.is_err() {
                self.rollback().await;
            }
            return Ok(rows?.unwrap_or_default());
        }
        let prepared = self.prepare(statement, statement.postgres()).await?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        let rows = self.client()?.query(&prepared, &values).await?;
        let count = rows.len() as u64;
        Ok((rows.iter().map(super::value::cells).collect::<Result<_, _>>()?, count))
    }

    /// Rows of one INSERT, many to a statement.
    pub(crate) async fn widened(&mut self, institution: Uuid, queries: Vec<Query<()>>) -> Result<(), Error> {
        let Some(statement) = queries.first().map(|query| query.statement) else { return Ok(()) };
        if queries.iter().any(|query| !std::ptr::eq(query.statement, statement)) {
            return Err(Error::Bug(format!("a batch of {} mixes statements", statement.name)));
        }
        let global = statement.global;
        let mut rows = queries.into_iter().map(|query| query.arguments).collect::<Vec<_>>().into_iter();
        let arguments = rows.as_slice().first().map_or(0, Vec::len);
        if !self.open {
            let begin = self.begin();
            self.open = true;
            self.client()?.batch_execute(&begin).await?;
        }
        while rows.len() > 0 {
            // At most 65,535 parameters fit in a statement.
            let room = 60_000 / arguments.max(1);
            let width = WIDTHS.into_iter().find(|width| *width <= rows.len().min(room)).unwrap_or(1);
            let text = super::value::widen(statement, width, arguments)?;
            let prepared = self.client()?.prepare(&text).await?;
            loop {
                let mut values = Vec::with_capacity(width * arguments + 1);
                if !global {
                    values.push(Value::Uuid(institution));
                }
                values.extend(rows.by_ref().take(width).flatten());
                let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
                self.client()?.execute(&prepared, &values).await?;
                if rows.len() < width {
                    break;
                }
            }
        }
        Ok(())
    }
}

/// Polls all futures, each time in order: their requests reach the line in the order they were queued.
async fn in_order(mut steps: Vec<Step<'_>>) -> Vec<Said> {
    let mut outcomes: Vec<Option<_>> = steps.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        let mut waiting = false;
        for (step, outcome) in steps.iter_mut().zip(&mut outcomes) {
            if outcome.is_none() {
                match step.as_mut().poll(context) {
                    Poll::Ready(answer) => *outcome = Some(answer),
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    outcomes.into_iter().flatten().collect()
}
