//! Programmes: a qualification with its level, whatever the year it is taught in.

mod add;
mod edit;
mod list;
mod store;

pub use add::{AddProgram, add};
pub use edit::{EditProgram, edit};
pub use list::{Filter, list};
pub use store::{Program, ProgramLine};

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, ProgramId};
use regie_db::Ask;

/// One programme, with the version a later edit must name.
pub async fn see(db: &Db, caller: &Caller, id: ProgramId) -> Result<Program, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeePrograms).await?;
    reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(ProgramId::KIND))
}
