use super::{Kind, What};
use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::id::{PersonId, RulingId, TestId};
use regie_db::{row, statements};
use uuid::Uuid;

row! {
    pub struct Ruling {
        pub id: RulingId,
        pub person: PersonId,
        pub kind: Kind,
        pub test: Option<TestId>,
        pub begins: Date,
        pub ends: Option<Date>,
        pub reason: String,
        pub withdrawn_at: Option<Timestamp>,
    }
}

statements! {
    pub(super) fn insert(
        id: RulingId, person: PersonId, kind: Kind, test: Option<TestId>, begins: Date, ends: Option<Date>,
        reason: &str,
    ) = "INSERT INTO ruling (institution, id, person, kind, test, begins, ends, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    pub(super) fn withdraw(id: RulingId, now: Timestamp) =
        "UPDATE ruling SET withdrawn_at = $3 WHERE institution = $1 AND id = $2 AND withdrawn_at IS NULL";

    pub(super) fn by_id(id: RulingId) -> Ruling =
        "SELECT id, person, kind, test, begins, ends, reason, withdrawn_at FROM ruling
         WHERE institution = $1 AND id = $2";

    pub(super) fn of_person(person: PersonId) -> Ruling =
        "SELECT id, person, kind, test, begins, ends, reason, withdrawn_at FROM ruling
         WHERE institution = $1 AND person = $2 ORDER BY begins DESC, id";

    /// What holds on a day for a test.
    pub(crate) fn holding(persons: &[PersonId], test: TestId, day: Date) -> Ruling =
        "SELECT id, person, kind, test, begins, ends, reason, withdrawn_at FROM ruling
         WHERE institution = $1 AND person {among_ids $2} AND (test IS NULL OR test = $3)
           AND begins <= $4 AND (ends IS NULL OR ends >= $4) AND withdrawn_at IS NULL";

    pub(super) fn achieve(
        person: PersonId, what: What, subject: Uuid, passed: bool, source: &str, now: Timestamp,
    ) = "INSERT INTO achievement (institution, person, kind, subject, passed, source, noted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (institution, person, kind, subject) DO UPDATE SET passed = excluded.passed,
            source = excluded.source, noted_at = excluded.noted_at";

    pub(crate) fn achieved(persons: &[PersonId]) -> (PersonId, What, Uuid, bool) =
        "SELECT person, kind, subject, passed FROM achievement WHERE institution = $1 AND person {among_ids $2}";
}
