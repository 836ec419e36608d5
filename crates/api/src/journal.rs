//! The journal, as programs read it.

use crate::call::{Answer, Call, Reply};
use crate::door::{Door, Op};
use crate::problem::Problem;
use jiff::Timestamp;
use regie_core::id::{Id as _, JournalId};
use regie_people::journal::{Entry, page};
use regie_signin::client::ApiScope::JournalRead;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub(crate) fn door() -> Door {
    Door::default().op(
        Op::get(
            "listJournal",
            "/api/v1/journal",
            JournalRead,
            "The journal, newest first, a page at a time.",
        ),
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

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    /// `next` of the page before: what was recorded earlier than that.
    before: Option<Uuid>,
    /// 100 when left out.
    #[schemars(range(min = 1, max = 250))]
    page_size: Option<u32>,
}

/// A page of the journal. New lines come in at its beginning and shift nothing.
#[derive(Serialize, JsonSchema)]
struct LinePage {
    items: Vec<Line>,
    /// Ask for what came before with `before`; `null` on the last page.
    next: Option<Uuid>,
}

async fn list(call: Call<(), Asked>) -> Answer<LinePage> {
    let size = call.query.page_size.unwrap_or(100);
    if !(1..=250).contains(&size) {
        return Err(Problem::parameter("pageSize", "pageSize is 1 to 250."));
    }
    let before = call.query.before.map(JournalId::from_uuid);
    // One more than is shown: then it is known whether there is more.
    let found = page(&call.house.db, &call.caller, before, size + 1).await.map_err(call.told())?;
    let more = found.len() > size as usize;
    let items: Vec<Line> =
        found.into_iter().take(size as usize).map(|(entry, name)| shown(entry, name)).collect();
    let next = items.last().filter(|_| more).map(|line| line.id);
    Ok(Reply::new(LinePage { items, next }))
}
