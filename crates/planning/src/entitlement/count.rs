use super::store;
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{EntitlementId, Id};
use regie_core::period::after_attempt;
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Counts an attempt that was sat, or lost by staying away: the registration it came from is done.
pub async fn count_attempt(db: &Db, caller: &Caller, id: EntitlementId) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let one = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(EntitlementId::KIND))?;
    let allowed = regie_access::person(&mut reader, caller, Action::EditEntitlements, one.person).await?;
    db.write(allowed.caller(), id, |tx, id| {
        Box::pin(async move {
            let one = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(EntitlementId::KIND))?;
            let (used, left) = after_attempt(one.attempts_used, one.attempts_left);
            tx.queue(store::count(id, one.version, used, left), Expect::one(Error::ChangedMeanwhile));
            tx.queue(crate::registration::store::done(id), Expect::any());
            let old = json!({ "attemptsUsed": one.attempts_used, "attemptsLeft": one.attempts_left });
            let new = json!({ "attemptsUsed": used, "attemptsLeft": left });
            Ok(tx.done((), Event::new("entitlement.attemptCounted", one.person).old(old).new_value(new)))
        })
    })
    .await
}
