use super::{Kind, store};
use crate::Error;
use crate::error::filled;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::ImportId;
use regie_db::{Event, Expect};
use serde_json::json;

/// A file that was handed in and could be read.
#[derive(Debug, Clone)]
pub struct Begin {
    pub id: ImportId,
    pub kind: Kind,
    pub file_name: String,
    /// The SHA-256 of its bytes.
    pub file: String,
    pub sheet: Option<String>,
    pub header_row: u32,
    pub headers: Vec<String>,
    pub rows: usize,
}

/// Puts a file beside the school's data. Nothing changes yet.
pub async fn begin(db: &Db, caller: &Caller, input: Begin) -> Result<ImportId, Error> {
    let allowed = regie_access::list(&mut db.reader(caller.institution), caller, input.kind.action()).await?;
    let file_name: String = input.file_name.chars().filter(|sign| !sign.is_control()).take(200).collect();
    let input = Begin { file_name: filled("file", &file_name, 200)?, ..input };
    let acting = allowed.caller().clone();
    db.write(&acting.clone(), (input, acting), |tx, (input, acting)| {
        Box::pin(async move {
            let headers = json!(input.headers).to_string();
            let now = tx.recorded_at();
            tx.queue(
                store::insert(
                    input.id,
                    input.kind,
                    &input.file_name,
                    &input.file,
                    input.sheet.as_deref(),
                    input.header_row,
                    &headers,
                    i64::try_from(input.rows).unwrap_or(i64::MAX),
                    acting.person,
                    acting.role,
                    acting.scope.kind(),
                    acting.scope.id(),
                    now,
                ),
                Expect::any(),
            );
            let new = json!({
                "kind": input.kind.code(), "fileName": input.file_name, "sha256": input.file, "rows": input.rows,
            });
            Ok(tx.done(input.id, Event::new("import.begun", input.id).new_value(new)))
        })
    })
    .await
}
