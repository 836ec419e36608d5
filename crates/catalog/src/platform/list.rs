use super::{Platform, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, PlatformId};
use regie_db::Ask;

/// The whole register, by name.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Platform>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeTests).await?;
    Ok(reader.all(store::all()).await?)
}

pub async fn see(db: &Db, caller: &Caller, id: PlatformId) -> Result<Platform, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeTests).await?;
    reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(PlatformId::KIND))
}
