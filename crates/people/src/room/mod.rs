//! Rooms: seats, devices, and what a room is fit for.

mod add;
mod edit;
mod store;

pub use add::{AddRoom, add};
pub use edit::{EditRoom, edit};
pub use store::Room;

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{CampusId, Id, RoomId};
use regie_db::Ask;

/// Every room, for an import to look through.
pub(crate) fn all_query() -> regie_db::Query<Room> {
    store::list(None)
}

/// All rooms, or those of one campus.
pub async fn list(db: &Db, caller: &Caller, campus: Option<CampusId>) -> Result<Vec<Room>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeOrganisation).await?;
    Ok(reader.all(store::list(campus)).await?)
}

/// One room, with the version a later edit must name.
pub async fn see(db: &Db, caller: &Caller, id: RoomId) -> Result<Room, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeOrganisation).await?;
    reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(RoomId::KIND))
}
