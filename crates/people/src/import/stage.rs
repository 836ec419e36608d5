//! What the job does: take the task, put the rows down in slices, and stop when somebody cancelled or took over.

use super::{Fault, Import, Mapping, Problem, Staged, State, store};
use crate::Error;
use regie_access::Db;
use regie_core::id::{ImportId, InstitutionId};
use regie_core::{Caller, Scope, Source};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Rows in one transaction: short enough that nobody waits for it.
pub(super) const SLICE: usize = 500;

/// One attempt at reading and judging an import.
#[derive(Debug, Clone)]
pub struct Task {
    pub import: Import,
    pub mapping: Mapping,
    /// The one who handed it in: rows are judged with their reach.
    pub(super) caller: Caller,
    pub(super) run: i64,
}

impl Task {
    pub(super) fn system(&self) -> Caller {
        Caller { source: Source::System, ..Caller::system(self.caller.institution, self.caller.occurred_at) }
    }
}

/// Takes an import that waits to be judged. `None` when there is nothing to do any more: it was done before, or cancelled.
pub async fn take(db: &Db, institution: InstitutionId, id: ImportId) -> Result<Option<Task>, Error> {
    let Some(import) = db.reader(institution).opt(store::by_id(id)).await? else { return Ok(None) };
    if import.state != State::Judging {
        return Ok(None);
    }
    let scope = Scope::from_row(&import.scope_kind, import.scope).unwrap_or(Scope::Institution);
    let caller =
        Caller { person: import.person, role: import.role, scope, ..Caller::system(institution, db.now()) };
    let clear = !import.staged;
    let run = db
        .write::<i64, Error, _, _>(&Caller::system(institution, db.now()), (), move |tx, ()| {
            Box::pin(async move {
                tx.queue(store::next_run(id), Expect::one(Problem::Overtaken.into()));
                if clear {
                    tx.queue(store::clear(id), Expect::any());
                }
                let run = tx.one(store::by_id(id)).await?.run;
                Ok(tx.done(run, Event::none("nothing of the school changes while rows are judged")))
            })
        })
        .await;
    match run {
        Ok(run) => Ok(Some(Task { mapping: import.mapping(), import, caller, run })),
        Err(Error::Import(Problem::Overtaken)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts the rows of the file down. Needed once for a choice of columns.
pub async fn stage(db: &Db, task: &Task, rows: &[Staged]) -> Result<(), Error> {
    let (id, run) = (task.import.id, task.run);
    for (slice, done) in rows.chunks(SLICE).zip((SLICE..).step_by(SLICE)) {
        let done = i64::try_from(done.min(rows.len())).unwrap_or(i64::MAX) / 2;
        db.write::<(), Error, _, _>(&task.system(), slice.to_vec(), move |tx, slice| {
            Box::pin(async move {
                tx.queue(store::advance(id, run, done), Expect::one(Problem::Overtaken.into()));
                let puts = slice.iter().map(|row| {
                    let (cells, found) = (json!(row.cells).to_string(), json!(row.found).to_string());
                    store::put(id, row.number, row.fresh, &cells, &found)
                });
                tx.each(puts.collect()).await?;
                tx.touch(id);
                Ok(tx.done((), Event::none("nothing of the school changes while rows are judged")))
            })
        })
        .await?;
    }
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    db.write(&task.system(), (), move |tx, ()| {
        Box::pin(async move {
            tx.queue(store::all_staged(id, run, total), Expect::one(Problem::Overtaken.into()));
            Ok(tx.done((), Event::none("nothing of the school changes while rows are judged")))
        })
    })
    .await
}

/// Ends an import whose file cannot be read after all.
pub async fn fail(db: &Db, task: &Task, fault: &Fault) -> Result<(), Error> {
    let (id, fault) = (task.import.id, json!(fault).to_string());
    db.write(&task.system(), fault, move |tx, fault| {
        Box::pin(async move {
            let now = tx.recorded_at();
            let end = store::settle(id, State::Judging, State::Failed, Some(&fault), now);
            tx.queue(end, Expect::one(Problem::Overtaken.into()));
            tx.queue(store::clear(id), Expect::any());
            Ok(tx.done((), Event::new("import.failed", id)))
        })
    })
    .await
}
