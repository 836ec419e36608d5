use super::judge::{judged, with_subject};
use super::subject::{
    Batch, Subject, campus, company, enrolment, group, member, need, person, role, room, sheet, unit,
};
use super::{Import, Kind, Outcome, Problem, State, see, store};
use crate::Error;
use regie_access::Db;
use regie_core::id::ImportId;
use regie_core::{Caller, Source};
use regie_db::{Ask, Event, Expect, Outgoing, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedOut {
    pub added: usize,
    pub changed: usize,
}

/// Does all that the preview promised, in one transaction, or nothing. The rows are judged once more inside it: when anything
/// comes out differently than the preview said, the answer is [`Problem::Stale`] and nothing happens.
pub async fn carry_out(db: &Db, caller: &Caller, id: ImportId) -> Result<CarriedOut, Error> {
    let (import, allowed) = see::mine(db, caller, id).await?;
    if import.state == State::Judged && import.new_rows + import.changed_rows == 0 {
        return Err(Problem::Nothing.into());
    }
    let acting = Caller { source: Source::Import, ..allowed };
    db.serial(&acting.clone(), acting, move |tx, acting| {
        Box::pin(async move {
            let import = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound("import"))?;
            if import.state != State::Judged {
                return Err(Problem::NotNow(import.state).into());
            }
            let (batch, done) = with_subject!(import.kind, S => promised::<S>(tx, &acting, &import).await?);
            perform(tx, batch).await?;
            let now = tx.recorded_at();
            let settle = store::settle(id, State::Judged, State::Done, None, now);
            tx.queue(settle, Expect::one(Error::ChangedMeanwhile));
            tx.send(Outgoing::new("import.settled", 1, id, json!({ "file": import.file })));
            let new = json!({
                "kind": import.kind.code(), "fileName": import.file_name, "sha256": import.file,
                "added": done.added, "changed": done.changed, "refused": import.refused_rows,
            });
            Ok(tx.done(done, Event::new("import.carriedOut", id).new_value(new)))
        })
    })
    .await
}

/// The statements of all accepted rows, if judging gives today what the preview showed.
async fn promised<S: Subject>(
    tx: &mut Tx<Error>,
    caller: &Caller,
    import: &Import,
) -> Result<(Batch, CarriedOut), Error> {
    let kept = tx.all(store::staged(import.id)).await?;
    let rows = kept.iter().map(store::Kept::staged).collect::<Result<Vec<_>, _>>()?;
    let all = judged::<S>(tx, caller, import.kind, &import.mapping(), &rows).await?;
    let mut batch = Batch::default();
    let mut done = CarriedOut { added: 0, changed: 0 };
    for (kept, (now, plan)) in kept.iter().zip(all) {
        let (changes, faults) = (json!(now.changes).to_string(), json!(now.faults).to_string());
        if kept.outcome != Some(now.outcome) || kept.changes != changes || kept.faults != faults {
            return Err(Problem::Stale.into());
        }
        let Some(plan) = plan else { continue };
        match now.outcome {
            Outcome::New => done.added += 1,
            _ => done.changed += 1,
        }
        S::carry(plan, &mut batch);
    }
    Ok((batch, done))
}

async fn perform(tx: &mut Tx<Error>, batch: Batch) -> Result<(), Error> {
    let Batch { waves, deep, steps, events } = batch;
    for queries in waves.into_values() {
        tx.each(queries).await.map_err(overtaken)?;
    }
    for query in deep.into_values().flatten() {
        tx.queue(query, Expect::unique(stale()).or_foreign(stale()));
    }
    for query in steps {
        tx.queue(query, Expect::one(stale()).or_unique(stale()).or_foreign(stale()));
    }
    for event in events {
        tx.event(event);
    }
    Ok(())
}

fn stale() -> Error {
    Problem::Stale.into()
}

/// Somebody added the same thing between judging and writing.
fn overtaken(error: regie_db::Error) -> Error {
    match error {
        regie_db::Error::Unique(_) | regie_db::Error::Foreign(_) => stale(),
        error => error.into(),
    }
}

/// Sends a preview that no longer holds to be judged anew, with the reach of the one who asks.
pub async fn judge_again(db: &Db, caller: &Caller, id: ImportId) -> Result<(), Error> {
    let (import, allowed) = see::mine(db, caller, id).await?;
    let state = import.state;
    db.write(&Caller { request: None, ..allowed.clone() }, allowed, move |tx, acting| {
        Box::pin(async move {
            let again = store::again(id, acting.person, acting.role, acting.scope.kind(), acting.scope.id());
            tx.queue(again, Expect::one(Problem::NotNow(state).into()));
            tx.send(Outgoing::new("import.judge", 1, id, json!({})));
            tx.touch(id);
            Ok(tx.done((), Event::none("a preview changes nothing of the school")))
        })
    })
    .await
}
