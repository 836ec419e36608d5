//! Campuses: the teaching sites.

mod add;
mod edit;
mod store;

pub use add::{AddCampus, add};
pub(crate) use add::{insert_query, update_query};
pub use edit::{EditCampus, edit};
pub use store::Campus;

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{CampusId, Id};
use regie_db::Ask;

/// Every campus, for an import to look through.
pub(crate) fn all_query() -> regie_db::Query<Campus> {
    store::list()
}

pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Campus>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeOrganisation).await?;
    Ok(reader.all(store::list()).await?)
}

/// One campus, with the version a later edit must name.
pub async fn see(db: &Db, caller: &Caller, id: CampusId) -> Result<Campus, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeOrganisation).await?;
    reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(CampusId::KIND))
}
