//! Companies: where students learn and are assessed, and whose people come in from outside.

mod add;
mod edit;
mod list;
mod store;

pub use add::{AddCompany, add};
pub use edit::{EditCompany, edit};
pub use list::{Filter, list, people};
pub use store::{Company, CompanyLine};

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{CompanyId, Id};
use regie_db::Ask;

/// Every company, for an import to look through.
pub(crate) fn all_query() -> regie_db::Query<Company> {
    store::all()
}

/// One company, with the version a later edit must name.
pub async fn see(db: &Db, caller: &Caller, id: CompanyId) -> Result<Company, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeOrganisation).await?;
    reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(CompanyId::KIND))
}
