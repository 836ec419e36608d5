//! Closes exam periods when their last channel has closed (the clock `periods`).

use jiff::Timestamp;
use regie_core::Caller;
use regie_core::id::InstitutionId;
use regie_db::{Ask, Db, Error, global_statements};
use regie_planning::period::freeze_due;

global_statements! {
    fn schools() -> (InstitutionId,) = "SELECT id FROM pub_institution WHERE state <> 'closed' ORDER BY id";
}

/// Every school, one after the other; what fails at one does not keep the others waiting.
pub async fn close(db: Db) -> Result<(), Error> {
    let now: Timestamp = db.now();
    for (school,) in db.reader(InstitutionId::NIL).all(schools()).await? {
        if let Err(error) = freeze_due(&db, &Caller::system(school, now)).await {
            tracing::warn!(%error, %school, "a period could not be closed");
        }
    }
    Ok(())
}
