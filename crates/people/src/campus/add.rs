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
    db.write(allowed.caller(), input, |tx, campus| {
        Box::pin(async move {
            tx.queue(insert_query(&campus), Expect::unique(Error::CodeTaken(campus.code.clone())));
            let AddCampus { id, code, name, street, city } = campus;
            let new = json!({ "code": code, "name": name, "street": street, "city": city });
            Ok(tx.done(id, Event::new("campus.added", id).new_value(new)))
        })
    })
    .await
}

/// Over the version that was shown.
pub(crate) fn update_query(campus: &AddCampus, version: i64, active: bool) -> regie_db::Query<()> {
    let (street, city) = (campus.street.as_deref(), campus.city.as_deref());
    store::update(campus.id, version, &campus.code, &campus.name, street, city, active)
}

pub(crate) fn insert_query(campus: &AddCampus) -> regie_db::Query<()> {
    store::insert(campus.id, &campus.code, &campus.name, campus.street.as_deref(), campus.city.as_deref())
}
