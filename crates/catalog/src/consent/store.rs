use super::State;
use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::id::{ConsentId, DecisionId, PersonId};
use regie_db::{row, statements};

row! {
    pub struct Consent {
        pub id: ConsentId,
        pub title: String,
        pub grounds: String,
        pub state: State,
        pub begins: Date,
        pub ends: Date,
        pub asked_by: Option<PersonId>,
        pub asked_name: Option<String>,
        pub answered_name: Option<String>,
        pub answer: Option<String>,
        pub version: i64,
    }
}

statements! {
    pub(super) fn insert(
        id: ConsentId, title: &str, grounds: &str, begins: Date, ends: Date, asked_by: Option<PersonId>,
        asked_at: Timestamp,
    ) = "INSERT INTO construction_consent (institution, id, title, grounds, state, begins, ends, asked_by, asked_at,
            version)
         VALUES ($1, $2, $3, $4, 'asked', $5, $6, $7, $8, 1)";

    pub(super) fn answer(
        id: ConsentId, version: i64, state: State, by: Option<PersonId>, at: Timestamp, answer: &str,
        decision: DecisionId,
    ) = "UPDATE construction_consent SET state = $4, answered_by = $5, answered_at = $6, answer = $7, decision = $8,
            version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    pub(crate) fn by_id(id: ConsentId) -> Consent =
        "SELECT c.id, c.title, c.grounds, c.state, c.begins, c.ends, c.asked_by,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = c.asked_by) AS asked_name,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = c.answered_by) AS answered_name,
            c.answer, c.version
         FROM construction_consent c WHERE c.institution = $1 AND c.id = $2";

    pub(super) fn all() -> Consent =
        "SELECT c.id, c.title, c.grounds, c.state, c.begins, c.ends, c.asked_by,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = c.asked_by) AS asked_name,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = c.answered_by) AS answered_name,
            c.answer, c.version
         FROM construction_consent c WHERE c.institution = $1 ORDER BY c.asked_at DESC, c.id";
}
