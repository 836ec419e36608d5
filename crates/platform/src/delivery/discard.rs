use crate::Error;
use crate::error::filled;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::OutboxId;

/// It need not arrive any more. The journal keeps what it was and why it was dropped.
pub async fn discard(db: &Db, caller: &Caller, id: OutboxId, reason: &str) -> Result<(), Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::MendDeliveries).await?;
    let reason = filled("reason", reason, 500)?;
    match db.drop_dead(allowed.caller(), id, &reason).await? {
        true => Ok(()),
        false => Err(Error::NotDead),
    }
}
