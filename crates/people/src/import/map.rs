use super::{Kind, Mapping, Problem, see, store};
use crate::Error;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::ImportId;
use regie_db::{Ask, Event, Expect, Outgoing};
use serde_json::json;
use std::collections::BTreeMap;

/// Which column of the file is which column of the program, and what to remember for the next file.
#[derive(Debug, Clone, Default)]
pub struct Mapped {
    pub mapping: Mapping,
    /// Folded headers with what they were chosen for; nothing when they were left out.
    pub remember: BTreeMap<String, Option<String>>,
    /// Where in the file the table stands.
    pub sheet: Option<String>,
    pub header_row: u32,
    pub headers: Vec<String>,
}

/// Fixes the columns and sends the rows to be judged.
pub async fn map(db: &Db, caller: &Caller, id: ImportId, input: Mapped) -> Result<(), Error> {
    let (import, allowed) = see::mine(db, caller, id).await?;
    let columns = import.kind.columns();
    if let Some(missing) = columns.iter().find(|it| it.required && !input.mapping.contains_key(it.key)) {
        return Err(Problem::ColumnMissing(missing.key).into());
    }
    let (kind, state) = (import.kind, import.state);
    let mapping: Mapping = input
        .mapping
        .into_iter()
        .filter(|(key, _)| columns.iter().any(|column| column.key == key.as_str()))
        .collect();
    let place = (input.sheet, input.header_row, json!(input.headers).to_string());
    db.write(&allowed, (mapping, input.remember, place), move |tx, (mapping, remember, place)| {
        Box::pin(async move {
            let text = json!(mapping).to_string();
            let (sheet, header_row, headers) = place;
            let fixed = store::map(id, &text, sheet.as_deref(), header_row, &headers);
            tx.queue(fixed, Expect::one(Problem::NotNow(state).into()));
            for (header, key) in remember.iter().filter(|(header, _)| header.chars().count() <= 200) {
                tx.queue(store::forget_header(kind, header), Expect::any());
                tx.queue(store::remember(kind, header, key.as_deref()), Expect::any());
            }
            tx.send(Outgoing::new("import.judge", 1, id, json!({})));
            Ok(tx.done((), Event::new("import.mapped", id).new_value(json!({ "columns": mapping }))))
        })
    })
    .await
}

/// What headers meant in this school's earlier files.
pub async fn remembered(
    db: &Db,
    caller: &Caller,
    kind: Kind,
) -> Result<BTreeMap<String, Option<String>>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::list(&mut reader, caller, kind.action()).await?;
    Ok(reader.all(store::remembered(kind)).await?.into_iter().collect())
}
