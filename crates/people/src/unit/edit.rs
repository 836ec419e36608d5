use super::store;
use crate::Error;
use crate::error::filled;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, UnitId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// A unit as it should be; with another parent it moves with all that lies below it.
#[derive(Debug, Clone)]
pub struct EditUnit {
    pub id: UnitId,
    pub version: i64,
    pub parent: Option<UnitId>,
    pub code: String,
    pub name: String,
    pub active: bool,
}

pub async fn edit(db: &Db, caller: &Caller, input: EditUnit) -> Result<UnitId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditOrganisation).await?;
    let input =
        EditUnit { code: filled("code", &input.code, 20)?, name: filled("name", &input.name, 120)?, ..input };
    // Two moves at once could each be sound and together make a loop.
    db.serial(allowed.caller(), input, |tx, unit| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(unit.id)).await?.ok_or(Error::NotFound(UnitId::KIND))?;
            tx.queue(
                store::update(unit.id, unit.version, unit.parent, &unit.code, &unit.name, unit.active),
                Expect::one(Error::ChangedMeanwhile)
                    .or_unique(Error::CodeTaken(unit.code.clone()))
                    .or_foreign(Error::NotFound("unit")),
            );
            if unit.parent != before.parent {
                if let Some(parent) = unit.parent {
                    let (below,) = tx.one(store::lies_below(unit.id, parent)).await?;
                    if below > 0 {
                        return Err(Error::UnitLoop(unit.name));
                    }
                }
                tx.queue(store::cut_off(unit.id), Expect::any());
                if let Some(parent) = unit.parent {
                    tx.queue(store::hang_below(unit.id, parent), Expect::any());
                }
            }
            let shown = |code: &str, name: &str, parent: Option<UnitId>, active: bool| {
                json!({ "code": code, "name": name, "parent": parent, "active": active })
            };
            let event = Event::new("unit.edited", unit.id)
                .old(shown(&before.code, &before.name, before.parent, before.active))
                .new_value(shown(&unit.code, &unit.name, unit.parent, unit.active));
            Ok(tx.done(unit.id, event))
        })
    })
    .await
}
