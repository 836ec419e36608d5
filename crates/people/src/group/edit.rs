use super::{AddGroup, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{GroupId, Id};
use regie_db::{Ask, Event, Expect};

/// A group as it should be. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct EditGroup {
    pub group: AddGroup,
    pub version: i64,
}

pub async fn edit(db: &Db, caller: &Caller, input: EditGroup) -> Result<GroupId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::group(&mut reader, caller, Action::EditPeople, input.group.id).await?;
    // Nobody moves a group to where they cannot reach.
    regie_access::unit(&mut reader, allowed.caller(), Action::EditPeople, input.group.unit).await?;
    let input = EditGroup { group: input.group.checked()?, ..input };
    db.write(allowed.caller(), input, |tx, EditGroup { group, version }| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(group.id)).await?.ok_or(Error::NotFound(GroupId::KIND))?;
            tx.queue(
                group.update(version),
                Expect::one(Error::ChangedMeanwhile)
                    .or_unique(Error::CodeTaken(group.code.clone()))
                    .or_foreign(Error::NotFound("unit")),
            );
            let (outside,) = tx.one(store::outside(group.id, group.begins, group.ends)).await?;
            if outside > 0 {
                return Err(Error::OutsideGroup);
            }
            let old = AddGroup {
                id: before.id,
                code: before.code,
                name: before.name,
                unit: before.unit,
                begins: before.begins,
                ends: before.ends,
            };
            let event = Event::new("group.edited", group.id).old(old.shown()).new_value(group.shown());
            Ok(tx.done(group.id, event))
        })
    })
    .await
}
