use super::State;
use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::id::{
    CampusId, EntitlementId, ExamPeriodId, PersonId, ProgramEnrolmentId, RegistrationId, TestId, UnitId,
};
use regie_core::period::Channel;
use regie_db::{fragments, row, statements};
use uuid::Uuid;

row! {
    pub struct Registration {
        pub id: RegistrationId,
        pub period: ExamPeriodId,
        pub period_name: String,
        pub person: PersonId,
        pub person_name: String,
        pub number: Option<String>,
        pub test: TestId,
        pub test_code: String,
        pub test_name: String,
        pub entitlement: EntitlementId,
        pub campus: Option<CampusId>,
        pub campus_name: Option<String>,
        pub unit: UnitId,
        pub unit_name: String,
        pub state: State,
        pub channel: Channel,
        pub made_by_name: Option<String>,
        pub made_at: Timestamp,
        pub late: bool,
        pub reason: Option<String>,
        pub priority: bool,
        pub version: i64,
    }

    /// A student as far as the caller reaches.
    pub(super) struct Candidate {
        pub id: PersonId,
        pub name: String,
        pub state: String,
    }

    /// A valid entitlement to the test, with what its programme says.
    pub(super) struct Claim {
        pub id: EntitlementId,
        pub person: PersonId,
        pub enrolment: ProgramEnrolmentId,
        pub attempts_used: u32,
        pub attempts_left: Option<u32>,
        pub campus: Option<CampusId>,
        pub unit: UnitId,
        pub cohort: u32,
        pub crebo: Option<String>,
    }

    /// What the plan of a qualification and cohort wants to see before the test.
    pub(super) struct Needed {
        pub crebo: Option<String>,
        pub cohort: u32,
        pub kind: String,
        pub subject: Option<Uuid>,
        pub name: Option<String>,
        pub year: Option<u32>,
        pub who: Option<String>,
    }
}

fragments! {
    /// `SELECT {registration_shown}`: with names.
    registration_shown = "r.id, r.period, x.name AS period_name, r.person, p.display_name AS person_name, p.number,
            r.test, t.code AS test_code, t.name AS test_name, r.entitlement, r.campus, c.name AS campus_name, r.unit,
            u.name AS unit_name, r.state, r.channel, m.display_name AS made_by_name, r.made_at, r.late, r.reason,
            r.priority, r.version
         FROM registration r
         JOIN exam_period x ON x.institution = $1 AND x.id = r.period
         JOIN pub_person p ON p.institution = $1 AND p.id = r.person
         JOIN pub_test t ON t.institution = $1 AND t.id = r.test
         JOIN pub_unit u ON u.institution = $1 AND u.id = r.unit
         LEFT JOIN pub_campus c ON c.institution = $1 AND c.id = r.campus
         LEFT JOIN pub_person m ON m.institution = $1 AND m.id = r.made_by";

    /// `{registration_asked period test campus state}`
    registration_asked = "r.period = {1} AND r.test = coalesce({2}, r.test)
           AND ({3} IS NULL OR r.campus = {3}) AND r.state = coalesce({4}, r.state)";
}

statements! {
    pub(super) fn candidates(
        ids: &[PersonId], reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date,
    ) -> Candidate =
        "SELECT p.id, p.display_name AS name, p.state FROM pub_person p
         WHERE p.institution = $1 AND p.id {among_ids $2} AND p.kind = 'student'
           AND {person_in_reach p $3 $4 $5 $6}";

    pub(super) fn claims(ids: &[PersonId], test: TestId) -> Claim =
        "SELECT e.id, e.person, e.enrolment, e.attempts_used, e.attempts_left, o.campus, o.unit, o.cohort, g.crebo
         FROM entitlement e
         JOIN pub_enrolment n ON n.institution = $1 AND n.id = e.enrolment
         JOIN pub_offering o ON o.institution = $1 AND o.id = n.offering
         JOIN pub_program g ON g.institution = $1 AND g.id = o.program
         WHERE e.institution = $1 AND e.person {among_ids $2} AND e.test = $3 AND e.state = 'valid'
         ORDER BY e.person, CASE WHEN e.due IS NULL THEN 1 ELSE 0 END, e.due, e.id";

    /// Of the editions that hold, over all qualifications that know this test.
    pub(super) fn needed(test: TestId) -> Needed =
        "SELECT l.crebo, l.cohort, q.kind, coalesce(q.needs_unit, q.needs_test) AS subject,
            coalesce(u.name, t.name) AS name, q.year, q.who
         FROM pub_plan_line l
         JOIN pub_prerequisite q ON q.institution = $1 AND q.plan = l.plan AND q.of_unit = l.unit
           AND (q.of_test IS NULL OR q.of_test = l.test)
         LEFT JOIN pub_exam_unit u ON u.institution = $1 AND u.id = q.needs_unit
         LEFT JOIN pub_test t ON t.institution = $1 AND t.id = q.needs_test
         WHERE l.institution = $1 AND l.test = $2 AND l.state = 'frozen' ORDER BY l.crebo, l.cohort, q.id";

    /// Nothing when the student has an active one.
    pub(super) fn insert(
        id: RegistrationId, period: ExamPeriodId, person: PersonId, test: TestId, entitlement: EntitlementId,
        campus: Option<CampusId>, unit: UnitId, state: State, channel: Channel, made_by: Option<PersonId>,
        made_at: Timestamp, late: bool, reason: Option<&str>,
    ) = "INSERT INTO registration (institution, id, period, person, test, entitlement, campus, unit, state, channel,
            made_by, made_at, late, reason, priority, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, {false}, 1)
         ON CONFLICT DO NOTHING";

    pub(super) fn made_by(period: ExamPeriodId, person: PersonId, test: TestId) -> (Option<String>,) =
        "SELECT m.display_name FROM registration r
         LEFT JOIN pub_person m ON m.institution = $1 AND m.id = r.made_by
         WHERE r.institution = $1 AND r.period = $2 AND r.person = $3 AND r.test = $4
           AND r.state IN ('requested', 'registered', 'frozen', 'booked')";

    pub(crate) fn freeze(period: ExamPeriodId) =
        "UPDATE registration SET state = 'frozen', version = version + 1
         WHERE institution = $1 AND period = $2 AND state = 'registered'";

    /// Its next state, with the reason.
    pub(crate) fn end(id: RegistrationId, version: i64, state: &str, reason: &str) =
        "UPDATE registration SET state = $4, reason = CASE WHEN $5 = '' THEN reason ELSE $5 END,
            version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    /// The attempt was sat: who had a seat under this entitlement is done.
    pub(crate) fn done(entitlement: EntitlementId) =
        "UPDATE registration SET state = 'done', version = version + 1
         WHERE institution = $1 AND entitlement = $2 AND state IN ('registered', 'frozen', 'booked')";

    /// Has a seat now.
    pub(crate) fn booked(id: RegistrationId) =
        "UPDATE registration SET state = 'booked', version = version + 1
         WHERE institution = $1 AND id = $2 AND state IN ('registered', 'frozen')";

    /// Waits for a seat again; first in line when it was not the student who gave it up.
    pub(crate) fn again(id: RegistrationId, priority: bool) =
        "UPDATE registration SET state = 'frozen', priority = CASE WHEN $3 = {true} THEN {true} ELSE priority END,
            version = version + 1
         WHERE institution = $1 AND id = $2 AND state = 'booked'";

    /// What a student waits for, or has a seat for.
    pub(crate) fn wanting(person: PersonId) -> Registration =
        "SELECT {registration_shown} WHERE r.institution = $1 AND r.person = $2
           AND r.state IN ('registered', 'frozen', 'booked') ORDER BY t.name, r.id";

    pub(crate) fn active_of(entitlement: EntitlementId) -> Registration =
        "SELECT {registration_shown} WHERE r.institution = $1 AND r.entitlement = $2
           AND r.state IN ('requested', 'registered', 'frozen', 'booked') ORDER BY r.id";

    pub(crate) fn by_id(id: RegistrationId) -> Registration =
        "SELECT {registration_shown} WHERE r.institution = $1 AND r.id = $2";

    pub(super) fn of_person(person: PersonId) -> Registration =
        "SELECT {registration_shown} WHERE r.institution = $1 AND r.person = $2 ORDER BY x.begins DESC, t.name, r.id";

    pub(super) fn list(
        period: ExamPeriodId, test: Option<TestId>, campus: Option<CampusId>, state: Option<State>, reach: &str,
        me: Option<Uuid>, scope: Option<Uuid>, today: Date, skip: i64, most: i64,
    ) -> Registration =
        "SELECT {registration_shown}
         WHERE r.institution = $1 AND {registration_asked $2 $3 $4 $5} AND {person_in_reach p $6 $7 $8 $9}
         ORDER BY t.name, p.sort_name, r.id LIMIT $11 OFFSET $10";

    pub(super) fn count(
        period: ExamPeriodId, test: Option<TestId>, campus: Option<CampusId>, state: Option<State>, reach: &str,
        me: Option<Uuid>, scope: Option<Uuid>, today: Date,
    ) -> (i64,) =
        "SELECT count(*) FROM registration r JOIN pub_person p ON p.institution = $1 AND p.id = r.person
         WHERE r.institution = $1 AND {registration_asked $2 $3 $4 $5} AND {person_in_reach p $6 $7 $8 $9}";
}
