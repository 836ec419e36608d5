use super::store;
use crate::Error;
use crate::error::filled;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{AssignedNeedId, Id};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// From now on it gives no right any more; what was delivered under it stays under it.
pub async fn withdraw(db: &Db, caller: &Caller, id: AssignedNeedId, reason: &str) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let need = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(AssignedNeedId::KIND))?;
    let allowed = regie_access::person(&mut reader, caller, Action::GrantNeeds, need.person).await?;
    let reason = filled("reason", reason, 500)?;
    db.write(allowed.caller(), (need, reason), |tx, (need, reason)| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(store::withdraw(need.id, now), Expect::one(Error::ChangedMeanwhile));
            tx.touch(need.id);
            let old = json!({ "need": need.id, "needKind": need.kind.code(), "begins": need.begins, "ends": need.ends });
            Ok(tx.done((), Event::new("assignedNeed.withdrawn", need.person).old(old).why(reason)))
        })
    })
    .await
}
