use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::OutboxId;

/// The cause is repaired: it is tried again at once, and what waits behind it follows.
pub async fn retry(db: &Db, caller: &Caller, id: OutboxId) -> Result<(), Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::MendDeliveries).await?;
    match db.retry_dead(allowed.caller(), id, "").await? {
        true => Ok(()),
        false => Err(Error::NotDead),
    }
}
