use super::store;
use crate::Error;
use crate::error::{filled, optional};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{CampusId, Id};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// A campus as it should be. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct EditCampus {
    pub id: CampusId,
    pub version: i64,
    pub code: String,
    pub name: String,
    pub street: Option<String>,
    pub city: Option<String>,
    pub active: bool,
}

pub async fn edit(db: &Db, caller: &Caller, input: EditCampus) -> Result<CampusId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditOrganisation).await?;
    let input = EditCampus {
        code: filled("code", &input.code, 20)?,
        name: filled("name", &input.name, 120)?,
        street: optional("street", input.street.as_deref(), 120)?,
        city: optional("city", input.city.as_deref(), 80)?,
        ..input
    };
    db.write(allowed.caller(), input, |tx, campus| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(campus.id)).await?.ok_or(Error::NotFound(CampusId::KIND))?;
            tx.queue(
                store::update(
                    campus.id,
                    campus.version,
                    &campus.code,
                    &campus.name,
                    campus.street.as_deref(),
                    campus.city.as_deref(),
                    campus.active,
                ),
                Expect::one(Error::ChangedMeanwhile).or_unique(Error::CodeTaken(campus.code.clone())),
            );
            let event = Event::new("campus.edited", campus.id)
                .old(json!({
                    "code": before.code, "name": before.name, "street": before.street, "city": before.city,
                    "active": before.active,
                }))
                .new_value(json!({
                    "code": campus.code, "name": campus.name, "street": campus.street, "city": campus.city,
                    "active": campus.active,
                }));
            Ok(tx.done(campus.id, event))
        })
    })
    .await
}
