//! Campuses: the teaching sites.

mod add;
mod store;

pub use add::{AddCampus, add};
pub use store::Campus;

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_db::Ask;

pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Campus>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeOrganisation).await?;
    Ok(reader.all(store::list()).await?)
}
