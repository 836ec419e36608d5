//! The journal: who did what, when, in which role and why, with old and new values. Lines are written in the same
//! transaction as the change and sealed into a chain shortly after (see `seal`).

use crate::statement::Query;
use crate::{Error, statements};
use jiff::Timestamp;
use regie_core::id::{AccountId, ApiClientId, DeviceId, Id, JournalId, MandateId, PersonId};
use regie_core::{Caller, Random};
use uuid::Uuid;

/// What happened to which subject.
#[derive(Debug, Clone)]
pub struct Event {
    pub(crate) line: Option<Line>,
}

#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) action: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) subject: Uuid,
    reason: Option<String>,
    old: serde_json::Value,
    new: serde_json::Value,
}

impl Event {
    /// `action` is `noun.verbed`, the subject is what it happened to.
    pub fn new<I: Id>(action: &'static str, subject: I) -> Self {
        Self {
            line: Some(Line {
                action,
                kind: I::KIND,
                subject: subject.uuid(),
                reason: None,
                old: serde_json::Value::Null,
                new: serde_json::Value::Null,
            }),
        }
    }

    /// Nothing worth a line. The reason is for the reader of the code, and easy to find.
    pub fn none(_why_no_line: &'static str) -> Self {
        Self { line: None }
    }

    pub fn old(self, old: serde_json::Value) -> Self {
        self.with(|line| line.old = old)
    }

    pub fn new_value(self, new: serde_json::Value) -> Self {
        self.with(|line| line.new = new)
    }

    /// Why, in the words of the one who did it.
    pub fn why(self, reason: impl Into<String>) -> Self {
        self.with(|line| line.reason = Some(reason.into()))
    }

    fn with(mut self, change: impl FnOnce(&mut Line)) -> Self {
        if let Some(line) = &mut self.line {
            change(line);
        }
        self
    }
}

impl Line {
    pub(crate) fn insert(
        &self,
        id: JournalId,
        caller: &Caller,
        recorded_at: Timestamp,
        random: &dyn Random,
    ) -> Query<()> {
        // Without the salt nobody can find an erased text by trying likely ones against its commitment.
        let mut salt = [0u8; 16];
        random.fill(&mut salt);
        let payload = serde_json::json!({ "old": self.old, "new": self.new }).to_string();
        add(
            id,
            recorded_at,
            caller.occurred_at,
            caller.account,
            caller.person,
            caller.client,
            caller.role.map(regie_core::Role::code),
            caller.mandate,
            caller.source.code(),
            caller.device.map(|(device, _)| device),
            caller.device.map(|(_, sequence)| sequence),
            self.action,
            self.kind,
            self.subject,
            self.reason.as_deref(),
            &payload,
            &salt,
        )
    }
}

crate::row! {
    /// A line as people look at it.
    pub struct Entry {
        pub id: JournalId,
        pub recorded_at: Timestamp,
        pub occurred_at: Timestamp,
        pub account: Option<AccountId>,
        pub person: Option<PersonId>,
        pub client: Option<ApiClientId>,
        pub role: Option<String>,
        pub mandate: Option<MandateId>,
        pub source: String,
        pub action: String,
        pub subject_kind: String,
        pub subject: Uuid,
        pub reason: Option<String>,
        pub payload: Option<String>,
        pub erased_at: Option<Timestamp>,
    }
}

impl Entry {
    /// The values before and after; null when there were none or they were erased.
    pub fn values(&self) -> Result<(serde_json::Value, serde_json::Value), Error> {
        let Some(payload) = &self.payload else { return Ok(Default::default()) };
        let mut both: serde_json::Value = serde_json::from_str(payload)
            .map_err(|error| Error::Decode(format!("payload of journal line {}: {error}", self.id)))?;
        let take = |both: &mut serde_json::Value, key| both.get_mut(key).map(serde_json::Value::take);
        Ok((take(&mut both, "old").unwrap_or_default(), take(&mut both, "new").unwrap_or_default()))
    }
}

statements! {
    fn add(
        id: JournalId, recorded_at: Timestamp, occurred_at: Timestamp, account: Option<AccountId>,
        person: Option<PersonId>, client: Option<ApiClientId>, role: Option<&str>, mandate: Option<MandateId>,
        source: &str, device: Option<DeviceId>, device_sequence: Option<u32>, action: &str, subject_kind: &str,
        subject: Uuid, reason: Option<&str>, payload: &str, salt: &[u8],
    ) = "INSERT INTO journal (institution, id, recorded_at, occurred_at, account, person, client, role, mandate,
            source, device, device_sequence, action, subject_kind, subject, reason, payload, salt)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";

    /// The history of one thing, newest first.
    pub fn history(subject: Uuid, most: i64) -> Entry =
        "SELECT id, recorded_at, occurred_at, account, person, client, role, mandate, source, action, subject_kind,
            subject, reason, payload, erased_at
         FROM journal WHERE institution = $1 AND subject = $2 ORDER BY recorded_at DESC, id DESC LIMIT $3";

    /// The whole journal from a moment back, for the journal page.
    pub fn before(moment: Timestamp, most: i64) -> Entry =
        "SELECT id, recorded_at, occurred_at, account, person, client, role, mandate, source, action, subject_kind,
            subject, reason, payload, erased_at
         FROM journal WHERE institution = $1 AND recorded_at < $2 ORDER BY stamp DESC, id DESC LIMIT $3";

    pub fn newest(most: i64) -> Entry =
        "SELECT id, recorded_at, occurred_at, account, person, client, role, mandate, source, action, subject_kind,
            subject, reason, payload, erased_at
         FROM journal WHERE institution = $1 ORDER BY stamp DESC, id DESC LIMIT $2";

    /// What stands behind this line, newest first. A line that is not there ends the list.
    pub fn older(line: JournalId, most: i64) -> Entry =
        "SELECT j.id, j.recorded_at, j.occurred_at, j.account, j.person, j.client, j.role, j.mandate, j.source, j.action,
            j.subject_kind, j.subject, j.reason, j.payload, j.erased_at
         FROM journal c JOIN journal j ON j.institution = $1 AND j.stamp <= c.stamp
         WHERE c.institution = $1 AND c.id = $2 AND (j.stamp < c.stamp OR j.id < c.id)
         ORDER BY j.stamp DESC, j.id DESC LIMIT $3";

    pub(crate) fn written(id: JournalId) -> (i64,) =
        "SELECT count(*) FROM journal WHERE institution = $1 AND id = $2";
}
