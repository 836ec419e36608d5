use super::store;
use crate::Error;
use crate::error::filled;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, MandateId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// From now on the holder may not do it any more; what was done under it stays under it.
pub async fn withdraw(db: &Db, caller: &Caller, id: MandateId, reason: &str) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let given = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(MandateId::KIND))?;
    let allowed = regie_access::person(&mut reader, caller, Action::GiveMandates, given.holder).await?;
    let reason = filled("reason", reason, 500)?;
    db.write(allowed.caller(), (given, reason), |tx, (given, reason)| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(store::withdraw(given.id, now), Expect::one(Error::ChangedMeanwhile));
            tx.touch(given.id);
            let old = json!({ "mandate": given.id, "action": given.action, "begins": given.begins, "ends": given.ends });
            Ok(tx.done((), Event::new("mandate.withdrawn", given.holder).old(old).why(reason)))
        })
    })
    .await
}
