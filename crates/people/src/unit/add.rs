use super::store;
use crate::Error;
use crate::error::filled;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::UnitId;
use regie_db::{Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct AddUnit {
    pub id: UnitId,
    pub parent: Option<UnitId>,
    pub code: String,
    pub name: String,
}

pub async fn add(db: &Db, caller: &Caller, input: AddUnit) -> Result<UnitId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditOrganisation).await?;
    let input =
        AddUnit { code: filled("code", &input.code, 20)?, name: filled("name", &input.name, 120)?, ..input };
    db.write(allowed.caller(), input, |tx, AddUnit { id, parent, code, name }| {
        Box::pin(async move {
            tx.queue(
                store::insert(id, parent, &code, &name),
                Expect::unique(Error::CodeTaken(code.clone())).or_foreign(Error::NotFound("unit")),
            );
            tx.queue(store::below_itself(id), Expect::any());
            if let Some(parent) = parent {
                tx.queue(store::below_ancestors(id, parent), Expect::any());
            }
            let new = json!({ "code": code, "name": name, "parent": parent });
            Ok(tx.done(id, Event::new("unit.added", id).new_value(new)))
        })
    })
    .await
}
