use super::{Filter, PersonLine, list::listed};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_db::Event;
use serde_json::json;

/// Lines at once, while they are gathered.
const SLICE: u32 = 5_000;

/// The whole of a filtered list, as far as the caller may take it away; that it left is in the journal.
pub async fn export(db: &Db, caller: &Caller, filter: &Filter) -> Result<Vec<PersonLine>, Error> {
    let allowed =
        regie_access::list(&mut db.reader(caller.institution), caller, Action::ExportPeople).await?;
    let mut lines = Vec::new();
    for page in 1.. {
        let slice = Filter { page, size: SLICE, ..filter.clone() };
        let found = listed(db, caller, &slice, Action::ExportPeople).await?;
        let last = found.lines.len() < usize::try_from(SLICE).unwrap_or(usize::MAX);
        lines.extend(found.lines);
        if last {
            break;
        }
    }
    let said = json!({
        "rows": lines.len(), "text": filter.text, "kind": filter.kind.map(super::Kind::code), "unit": filter.unit,
        "state": filter.state.code(),
    });
    let caller = Caller { request: None, ..allowed.caller().clone() };
    db.write::<(), Error, _, _>(&caller, said, |tx, said| {
        Box::pin(async move {
            let event = Event::new("people.exported", tx.institution()).new_value(said);
            Ok(tx.done((), event))
        })
    })
    .await?;
    Ok(lines)
}
