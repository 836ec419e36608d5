use super::store;
use crate::{Error, demand, registration};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPeriodId, Id};
use regie_core::period::{Channel, State};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Takes a period to its next state. Opening keeps the rules as they are now; closing makes demand of what was
/// registered, in one step that no registration comes between.
pub async fn advance(
    db: &Db,
    caller: &Caller,
    id: ExamPeriodId,
    to: State,
    version: i64,
) -> Result<(), Error> {
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, Action::EditPeriods).await?;
    db.write(allowed.caller(), (id, to, version), |tx, (id, to, version)| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(ExamPeriodId::KIND))?;
            if before.state.next() != Some(to) {
                return Err(Error::Step(before.state.code(), to.code()));
            }
            let mut new = json!({ "state": to.code() });
            match to {
                State::Open => {
                    if Channel::ALL.iter().all(|channel| before.window(*channel).is_none()) {
                        return Err(Error::NoWindow);
                    }
                    let rules = regie_access::settings(tx).await?.snapshot();
                    let rules = serde_json::to_string(&rules).unwrap_or_default();
                    tx.queue(store::open(id, version, &rules), Expect::one(Error::ChangedMeanwhile));
                }
                State::Frozen => {
                    // First the period: whoever registers at this moment waits, and then hears that it is closed.
                    let now = tx.recorded_at();
                    tx.queue(store::freeze(id, version, now), Expect::one(Error::ChangedMeanwhile));
                    let frozen = tx.run(registration::store::freeze(id)).await?;
                    tx.queue(demand::store::keep(id, before.begins, before.ends), Expect::any());
                    if let Some(new) = new.as_object_mut() {
                        new.insert("registrations".into(), frozen.into());
                    }
                }
                _ => tx.queue(store::step(id, version, to), Expect::one(Error::ChangedMeanwhile)),
            }
            tx.touch(id);
            let old = json!({ "state": before.state.code() });
            Ok(tx.done((), Event::new("period.advanced", id).old(old).new_value(new)))
        })
    })
    .await
}

/// Closes every period of a school whose last channel has closed: the clock's work. Says how many.
pub async fn freeze_due(db: &Db, caller: &Caller) -> Result<usize, Error> {
    let mut count = 0;
    for period in db.reader(caller.institution).all(store::list()).await? {
        let last =
            Channel::ALL.iter().filter_map(|channel| period.window(*channel)).map(|it| it.closes).max();
        if period.state == State::Open && last.is_some_and(|last| last <= caller.occurred_at) {
            match advance(db, caller, period.id, State::Frozen, period.version).await {
                Ok(()) => count += 1,
                // Somebody of the office was first.
                Err(Error::ChangedMeanwhile | Error::Step(..)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(count)
}
