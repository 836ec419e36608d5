//! What must still leave: rows written with the change, delivered at least once, in order for each subject.

pub mod deliver;

pub use deliver::{ATTEMPTS, Claim, DeadLetter, Delivery};

use crate::statement::Query;
use crate::statements;
use jiff::Timestamp;
use regie_core::id::{Id, OutboxId};
use uuid::Uuid;

/// A message to be. `event` and `version` say how to read the payload: a rolling upgrade may meet either.
#[derive(Debug, Clone)]
pub struct Outgoing {
    event: &'static str,
    version: u16,
    kind: &'static str,
    subject: Uuid,
    payload: serde_json::Value,
    due_at: Option<Timestamp>,
}

impl Outgoing {
    pub fn new<I: Id>(event: &'static str, version: u16, subject: I, payload: serde_json::Value) -> Self {
        Self { event, version, kind: I::KIND, subject: subject.uuid(), payload, due_at: None }
    }

    /// Not before this moment.
    pub fn at(mut self, due_at: Timestamp) -> Self {
        self.due_at = Some(due_at);
        self
    }

    pub(crate) fn insert(&self, id: OutboxId, recorded_at: Timestamp) -> Query<()> {
        add(
            id,
            self.kind,
            self.subject,
            self.event,
            self.version,
            &self.payload.to_string(),
            recorded_at,
            self.due_at.unwrap_or(recorded_at),
        )
    }
}

statements! {
    fn add(
        id: OutboxId, subject_kind: &str, subject: Uuid, event: &str, version: u16, payload: &str,
        recorded_at: Timestamp, due_at: Timestamp,
    ) = "INSERT INTO outbox (institution, id, subject_kind, subject, event, version, payload, recorded_at, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}
