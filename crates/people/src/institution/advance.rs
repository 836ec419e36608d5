use super::{State, store};
use crate::Error;
use crate::error::filled;
use regie_access::{Allowed, Db};
use regie_core::Caller;
use regie_core::id::InstitutionId;
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// The next step in an institution's life, with the reason. The line stands in its own journal.
pub async fn advance(
    db: &Db,
    allowed: &Allowed<InstitutionId>,
    id: InstitutionId,
    next: State,
    reason: &str,
) -> Result<(), Error> {
    let reason = filled("reason", reason, 500)?;
    let caller = Caller { institution: id, ..allowed.caller().clone() };
    db.write(&caller, (id, next, reason), |tx, (id, next, reason)| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound("institution"))?;
            if !before.state.may_become(next) {
                return Err(Error::Lifecycle(before.state.code(), next.code()));
            }
            let now = tx.recorded_at();
            tx.queue(store::advance(id, before.state, next, now), Expect::one(Error::ChangedMeanwhile));
            let event = Event::new("institution.advanced", id)
                .old(json!({ "state": before.state.code() }))
                .new_value(json!({ "state": next.code() }))
                .why(reason);
            Ok(tx.done((), event))
        })
    })
    .await
}
