use super::store;
use crate::Error;
use crate::error::{filled, optional};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::CampusId;
use regie_db::{Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct AddCampus {
    pub id: CampusId,
    pub code: String,
    pub name: String,
    pub street: Option<String>,
    pub city: Option<String>,
}

pub async fn add(db: &Db, caller: &Caller, input: AddCampus) -> Result<CampusId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditOrganisation).await?;
    let input = AddCampus {
        id: input.id,
        code: filled("code", &input.code, 20)?,
        name: filled("name", &input.name, 120)?,
        street: optional("street", input.street.as_deref(), 120)?,
        city: optional("city", input.city.as_deref(), 80)?,
    };
    db.write(allowed.caller(), input, |tx, AddCampus { id, code, name, street, city }| {
        Box::pin(async move {
            tx.queue(
                store::insert(id, &code, &name, street.as_deref(), city.as_deref()),
                Expect::unique(Error::CodeTaken(code.clone())),
            );
            let new = json!({ "code": code, "name": name, "street": street, "city": city });
            Ok(tx.done(id, Event::new("campus.added", id).new_value(new)))
        })
    })
    .await
}
