//! The journal, as programs read it.

use crate::call::{Answer, Call, Reply};
use crate::door::{Door, Op};
use crate::organisation::All;
use jiff::Timestamp;
use regie_core::id::Id as _;
use regie_people::journal::{Entry, latest};
use regie_signin::client::ApiScope::JournalRead;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

pub(crate) fn door() -> Door {
    Door::default().op(
        Op::get("listJournal", "/api/v1/journal", JournalRead, "The latest hundred lines, newest first."),
        list,
    )
}

/// Who did what, when, why, to what.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    id: Uuid,
    recorded_at: Timestamp,
    occurred_at: Timestamp,
    /// `noun.verbed`
    action: String,
    subject_kind: String,
    subject: Uuid,
    person: Option<Uuid>,
    person_name: Option<String>,
    client: Option<Uuid>,
    role: Option<String>,
    mandate: Option<Uuid>,
    source: String,
    reason: Option<String>,
    /// The values before; `null` when there were none or they were lawfully erased.
    old: Value,
    /// The values after.
    new: Value,
    erased_at: Option<Timestamp>,
}

pub(crate) fn shown(entry: Entry, person_name: Option<String>) -> Line {
    let (old, new) = entry.values().unwrap_or_default();
    Line {
        id: entry.id.uuid(),
        recorded_at: entry.recorded_at,
        occurred_at: entry.occurred_at,
        action: entry.action,
        subject_kind: entry.subject_kind,
        subject: entry.subject,
        person: entry.person.map(|id| id.uuid()),
        person_name,
        client: entry.client.map(|id| id.uuid()),
        role: entry.role,
        mandate: entry.mandate.map(|id| id.uuid()),
        source: entry.source,
        reason: entry.reason,
        old,
        new,
        erased_at: entry.erased_at,
    }
}

async fn list(call: Call) -> Answer<All<Line>> {
    let found = latest(&call.house.db, &call.caller, 100).await.map_err(call.told())?;
    Ok(Reply::new(All::of(found, |(entry, name)| shown(entry, name))))
}
