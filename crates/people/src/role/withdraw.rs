use super::store;
use crate::Error;
use crate::error::filled;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::RoleAssignmentId;
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Ends a role now. What was done in it stays under it.
pub async fn withdraw(db: &Db, caller: &Caller, id: RoleAssignmentId, reason: &str) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let held = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound("roleAssignment"))?;
    let allowed = regie_access::person(&mut reader, caller, Action::AssignRoles, held.person).await?;
    let reason = filled("reason", reason, 500)?;
    db.write(allowed.caller(), (held, reason), |tx, (held, reason)| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(store::withdraw(held.id, now), Expect::one(Error::ChangedMeanwhile));
            let old =
                json!({ "role": held.role.code(), "scope": { "kind": held.scope_kind, "id": held.scope } });
            Ok(tx.done((), Event::new("role.withdrawn", held.person).old(old).why(reason)))
        })
    })
    .await
}
