//! Grants: another organisation (a cooperative, a supplier, an exam bureau) may act here in one role, for a while.
//! Without a grant nothing of one institution can be reached from another.

mod give;
mod store;

pub use give::{GiveGrant, give, possible, revoke};
pub use store::Granted;

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_db::Ask;

impl Granted {
    /// Whether it counts on this day.
    pub fn holds(&self, today: jiff::civil::Date) -> bool {
        self.revoked_at.is_none() && regie_core::day::holds(self.begins, Some(self.ends), today)
    }
}

/// All grants this institution ever gave, the newest first.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Granted>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::GrantAccess).await?;
    Ok(reader.all(store::list()).await?)
}
