use super::{Body, Outcome};
use jiff::civil::Date;
use regie_core::id::{DecisionId, PersonId};
use regie_db::{row, statements};
use uuid::Uuid;

row! {
    pub struct Decision {
        pub id: DecisionId,
        pub year: i64,
        pub number: i64,
        pub body: Body,
        pub kind: String,
        pub outcome: Outcome,
        pub subject_kind: String,
        pub subject: Uuid,
        pub title: String,
        pub grounds: Option<String>,
        pub decided_on: Date,
        pub recorded_name: Option<String>,
    }
}

statements! {
    pub(super) fn next(year: i64) =
        "INSERT INTO decision_number (institution, year, last) VALUES ($1, $2, 1)
         ON CONFLICT (institution, year) DO UPDATE SET last = decision_number.last + 1";

    pub(super) fn last(year: i64) -> (i64,) =
        "SELECT last FROM decision_number WHERE institution = $1 AND year = $2";

    pub(super) fn insert(
        id: DecisionId, year: i64, number: i64, body: Body, kind: &str, outcome: Outcome, subject_kind: &str,
        subject: Uuid, title: &str, grounds: Option<&str>, decided_on: Date, recorded_by: Option<PersonId>,
    ) = "INSERT INTO decision (institution, id, year, number, body, kind, outcome, subject_kind, subject, title,
            grounds, decided_on, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

    pub(super) fn list(year: Option<i64>, kind: Option<&str>, skip: i64, most: i64) -> Decision =
        "SELECT d.id, d.year, d.number, d.body, d.kind, d.outcome, d.subject_kind, d.subject, d.title, d.grounds,
            d.decided_on, p.display_name AS recorded_name
         FROM decision d LEFT JOIN pub_person p ON p.institution = $1 AND p.id = d.recorded_by
         WHERE d.institution = $1 AND d.year = coalesce($2, d.year) AND d.kind = coalesce($3, d.kind)
         ORDER BY d.year DESC, d.number DESC LIMIT $5 OFFSET $4";

    pub(super) fn count(year: Option<i64>, kind: Option<&str>) -> (i64,) =
        "SELECT count(*) FROM decision
         WHERE institution = $1 AND year = coalesce($2, year) AND kind = coalesce($3, kind)";
}
