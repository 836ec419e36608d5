use jiff::civil::Date;
use regie_core::id::{EntitlementId, PersonId, ProgramEnrolmentId, TestId};
use regie_db::{fragments, row, statements};
use uuid::Uuid;

row! {
    pub struct Entitlement {
        pub id: EntitlementId,
        pub person: PersonId,
        pub enrolment: ProgramEnrolmentId,
        pub test: TestId,
        pub test_code: String,
        pub test_name: String,
        pub program_name: String,
        pub source: String,
        pub code: String,
        pub attempts_used: u32,
        pub attempts_left: Option<u32>,
        pub due: Option<Date>,
        /// `valid` or `canceled`.
        pub state: String,
        pub version: i64,
    }

    /// A test, and how many within reach are entitled to it.
    pub struct PlannableTest {
        pub id: TestId,
        pub code: String,
        pub name: String,
        pub students: i64,
    }
}

fragments! {
    /// `SELECT {entitlement_shown}`: with its test and programme.
    entitlement_shown = "e.id, e.person, e.enrolment, e.test, t.code AS test_code, t.name AS test_name,
            g.name AS program_name, e.source, e.code, e.attempts_used, e.attempts_left, e.due, e.state, e.version
         FROM entitlement e
         JOIN pub_test t ON t.institution = $1 AND t.id = e.test
         JOIN pub_enrolment n ON n.institution = $1 AND n.id = e.enrolment
         JOIN pub_program g ON g.institution = $1 AND g.id = n.program";
}

statements! {
    pub(super) fn put(
        id: EntitlementId, person: PersonId, enrolment: ProgramEnrolmentId, test: TestId, source: &str, code: &str,
        attempts_used: u32, attempts_left: Option<u32>, due: Option<Date>,
    ) = "INSERT INTO entitlement (institution, id, person, enrolment, test, source, code, attempts_used,
            attempts_left, due, state, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'valid', 1)
         ON CONFLICT (institution, source, code) DO UPDATE SET attempts_used = excluded.attempts_used,
            attempts_left = excluded.attempts_left, due = excluded.due, state = 'valid',
            version = entitlement.version + 1";

    pub(super) fn enrolled(ids: &[ProgramEnrolmentId]) -> (ProgramEnrolmentId, PersonId) =
        "SELECT id, person FROM pub_enrolment WHERE institution = $1 AND id {among_ids $2}";

    pub(super) fn tests_known(ids: &[TestId]) -> (i64,) =
        "SELECT count(*) FROM pub_test WHERE institution = $1 AND id {among_ids $2}";

    pub(crate) fn by_id(id: EntitlementId) -> Entitlement =
        "SELECT {entitlement_shown} WHERE e.institution = $1 AND e.id = $2";

    pub(super) fn of_person(person: PersonId) -> Entitlement =
        "SELECT {entitlement_shown} WHERE e.institution = $1 AND e.person = $2
         ORDER BY e.state DESC, t.name, g.name, e.id";

    pub(super) fn tests(reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date) -> PlannableTest =
        "SELECT t.id, t.code, t.name, count(*) AS students
         FROM entitlement e
         JOIN pub_test t ON t.institution = $1 AND t.id = e.test
         JOIN pub_person p ON p.institution = $1 AND p.id = e.person
         WHERE e.institution = $1 AND e.state = 'valid' AND {person_in_reach p $2 $3 $4 $5}
         GROUP BY t.id, t.code, t.name ORDER BY t.name, t.code, t.id";

    pub(super) fn count(id: EntitlementId, version: i64, used: u32, left: Option<u32>) =
        "UPDATE entitlement SET attempts_used = $4, attempts_left = $5, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    pub(super) fn cancel(id: EntitlementId, version: i64) =
        "UPDATE entitlement SET state = 'canceled', version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    /// Whoever would take it back waits until the registration stands.
    pub(crate) fn hold(id: EntitlementId) =
        "UPDATE entitlement SET state = state WHERE institution = $1 AND id = $2 AND state = 'valid'";
}
