use super::{AddSupplier, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, SupplierId};
use regie_db::{Ask, Event, Expect};

/// A supplier as it should be. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct EditSupplier {
    pub supplier: AddSupplier,
    pub version: i64,
    pub active: bool,
}

pub async fn edit(db: &Db, caller: &Caller, input: EditSupplier) -> Result<SupplierId, Error> {
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, Action::EditTests).await?;
    let input = EditSupplier { supplier: input.supplier.checked()?, ..input };
    db.write(allowed.caller(), input, |tx, EditSupplier { supplier: it, version, active }| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(it.id)).await?.ok_or(Error::NotFound(SupplierId::KIND))?;
            tx.queue(
                store::update(
                    it.id,
                    version,
                    &it.code,
                    &it.name,
                    it.mail.as_deref(),
                    it.certified_until,
                    active,
                    &it.search(),
                ),
                Expect::one(Error::ChangedMeanwhile).or_unique(Error::CodeTaken(it.code.clone())),
            );
            tx.touch(it.id);
            let old = AddSupplier {
                id: before.id,
                code: before.code,
                name: before.name,
                mail: before.mail,
                certified_until: before.certified_until,
            };
            let event = Event::new("supplier.edited", it.id).old(old.shown()).new_value(it.shown());
            Ok(tx.done(it.id, event))
        })
    })
    .await
}
