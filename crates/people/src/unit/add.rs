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
    db.write(allowed.caller(), input, |tx, unit| {
        Box::pin(async move {
            for query in insert_queries(&unit) {
                let taken = Error::CodeTaken(unit.code.clone());
                tx.queue(query, Expect::unique(taken).or_foreign(Error::NotFound("unit")));
            }
            let AddUnit { id, parent, code, name } = unit;
            let new = json!({ "code": code, "name": name, "parent": parent });
            Ok(tx.done(id, Event::new("unit.added", id).new_value(new)))
        })
    })
    .await
}

/// The unit and its place in the tree, in this order.
pub(crate) fn insert_queries(unit: &AddUnit) -> Vec<regie_db::Query<()>> {
    let mut queries =
        vec![store::insert(unit.id, unit.parent, &unit.code, &unit.name), store::below_itself(unit.id)];
    queries.extend(unit.parent.map(|parent| store::below_ancestors(unit.id, parent)));
    queries
}
