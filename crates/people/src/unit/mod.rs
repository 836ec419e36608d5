//! Units: colleges, teams, the exam office; a tree.

mod add;
mod edit;
mod store;

pub(crate) use add::insert_queries;
pub use add::{AddUnit, add};
pub use edit::{EditUnit, edit};
pub use store::Unit;

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::UnitId;
use regie_db::Ask;

/// The whole tree, parents before children, as far as the caller reaches.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Unit>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::SeeOrganisation).await?;
    let reach = allowed.what();
    Ok(reader.all(store::list(reach.kind, reach.scope)).await?)
}

/// One unit.
pub async fn see(db: &Db, caller: &Caller, id: UnitId) -> Result<Unit, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::unit(&mut reader, caller, Action::SeeOrganisation, id).await?;
    reader.opt(store::by_id(allowed.id())).await?.ok_or(Error::NotFound("unit"))
}
