use super::store;
use crate::error::filled;
use crate::{Error, registration};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{EntitlementId, Id};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// The student system takes an entitlement back: what hung on it is withdrawn with it. Saying so twice is no error.
pub async fn cancel(db: &Db, caller: &Caller, id: EntitlementId, reason: &str) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let one = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(EntitlementId::KIND))?;
    let allowed = regie_access::person(&mut reader, caller, Action::EditEntitlements, one.person).await?;
    let reason = filled("reason", reason, 500)?;
    db.write(allowed.caller(), (id, reason), |tx, (id, reason)| {
        Box::pin(async move {
            let one = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(EntitlementId::KIND))?;
            if one.state != "valid" {
                return Ok(tx.done((), Event::none("it was taken back before")));
            }
            tx.queue(store::cancel(id, one.version), Expect::one(Error::ChangedMeanwhile));
            tx.flight().await?;
            let hanging = tx.all(registration::store::active_of(id)).await?;
            for one in &hanging {
                tx.queue(
                    registration::store::end(one.id, one.version, "withdrawn", &reason),
                    Expect::one(Error::ChangedMeanwhile),
                );
                tx.touch(one.period);
            }
            let new =
                json!({ "entitlement": id, "test": one.test_name, "registrationsWithdrawn": hanging.len() });
            Ok(tx.done((), Event::new("entitlement.canceled", one.person).new_value(new).why(reason)))
        })
    })
    .await
}
