use super::{Supplier, store};
use crate::{Error, Page, Paging};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, SupplierId};
use regie_core::paging::Words;
use regie_db::Ask;

/// Suppliers in which all words occur, by name.
pub async fn list(db: &Db, caller: &Caller, text: &str, paging: Paging) -> Result<Page<Supplier>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeTests).await?;
    let words = Words::of(text);
    let (w1, w2, w3) = words.three();
    let (skip, most) = paging.slice();
    let (total,) = reader.one(store::count(w1, w2, w3)).await?;
    Ok(Page::new(reader.all(store::list(w1, w2, w3, skip, most)).await?, total))
}

pub async fn see(db: &Db, caller: &Caller, id: SupplierId) -> Result<Supplier, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeTests).await?;
    reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(SupplierId::KIND))
}
