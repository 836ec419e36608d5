use crate::offering::Path;
use jiff::civil::Date;
use regie_core::id::{PersonId, ProgramEnrolmentId, ProgramId, ProgramOfferingId, UnitId};
use regie_db::{fragments, row, statements};
use uuid::Uuid;

row! {
    pub struct Enrolment {
        pub id: ProgramEnrolmentId,
        pub person: PersonId,
        pub person_name: String,
        pub number: Option<String>,
        pub offering: ProgramOfferingId,
        pub offering_code: String,
        pub program: ProgramId,
        pub program_name: String,
        pub level: u32,
        pub cohort: u32,
        pub path: Path,
        pub unit: UnitId,
        pub unit_name: String,
        pub begins: Date,
        pub ends: Option<Date>,
        pub school_days: Option<String>,
        pub exam_only: bool,
        pub version: i64,
    }
}

fragments! {
    /// `SELECT {enrolment_shown}`: with student, offering, programme and team.
    enrolment_shown = "e.id, e.person, p.display_name AS person_name, p.number, e.offering,
            o.code AS offering_code, o.program, g.name AS program_name, g.level, o.cohort, o.path, o.unit,
            u.name AS unit_name, e.begins, e.ends, e.school_days, e.exam_only, e.version
         FROM program_enrolment e
         JOIN person p ON p.institution = $1 AND p.id = e.person
         JOIN program_offering o ON o.institution = $1 AND o.id = e.offering
         JOIN program g ON g.institution = $1 AND g.id = o.program
         JOIN unit u ON u.institution = $1 AND u.id = o.unit";

    /// `{enrolment_asked offering program unit on}`
    enrolment_asked = "e.offering = coalesce({1}, e.offering) AND o.program = coalesce({2}, o.program)
           AND ({3} IS NULL OR EXISTS (SELECT 1 FROM unit_tree x
                WHERE x.institution = $1 AND x.ancestor = {3} AND x.unit = o.unit))
           AND ({4} IS NULL OR (e.begins <= {4} AND (e.ends IS NULL OR e.ends >= {4})))
           AND p.state = 'active'";
}

statements! {
    pub(super) fn all() -> Enrolment = "SELECT {enrolment_shown} WHERE e.institution = $1 ORDER BY e.id";

    pub(super) fn offered(ids: &[ProgramOfferingId]) -> (ProgramOfferingId, UnitId, Path, bool) =
        "SELECT id, unit, path, active FROM program_offering WHERE institution = $1 AND id {among_ids $2}";

    /// Changes nothing: others who want to enrol or place the same students wait until we are done.
    pub(super) fn hold_students(ids: &[PersonId]) =
        "UPDATE person SET state = state
         WHERE institution = $1 AND id {among_ids $2} AND kind = 'student' AND state = 'active'";

    pub(super) fn no_student(ids: &[PersonId]) -> (String,) =
        "SELECT display_name FROM person
         WHERE institution = $1 AND id {among_ids $2} AND (kind <> 'student' OR state <> 'active')
         ORDER BY sort_name LIMIT 1";

    pub(super) fn insert(
        id: ProgramEnrolmentId, person: PersonId, offering: ProgramOfferingId, begins: Date, ends: Option<Date>,
        school_days: Option<&str>, exam_only: bool,
    ) = "INSERT INTO program_enrolment (institution, id, person, offering, begins, ends, school_days, exam_only)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    pub(super) fn update(
        id: ProgramEnrolmentId, version: i64, begins: Date, ends: Option<Date>, school_days: Option<&str>,
        exam_only: bool,
    ) = "UPDATE program_enrolment SET begins = $4, ends = $5, school_days = $6, exam_only = $7,
            version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    /// Twice in one offering at the same time.
    pub(super) fn overlapping(ids: &[PersonId]) -> (i64,) =
        "SELECT count(*) FROM program_enrolment a JOIN program_enrolment b
           ON b.institution = $1 AND b.person = a.person AND b.offering = a.offering AND b.id > a.id
         WHERE a.institution = $1 AND a.person {among_ids $2}
           AND (a.ends IS NULL OR a.ends >= b.begins) AND (b.ends IS NULL OR b.ends >= a.begins)";

    pub(super) fn by_id(id: ProgramEnrolmentId) -> Enrolment =
        "SELECT {enrolment_shown} WHERE e.institution = $1 AND e.id = $2";

    pub(super) fn of_person(person: PersonId) -> Enrolment =
        "SELECT {enrolment_shown} WHERE e.institution = $1 AND e.person = $2 ORDER BY e.begins DESC, e.id";

    pub(super) fn list(
        w1: &str, w2: &str, w3: &str, offering: Option<ProgramOfferingId>, program: Option<ProgramId>,
        unit: Option<UnitId>, on: Option<Date>, reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date,
        skip: i64, most: i64,
    ) -> Enrolment =
        "SELECT {enrolment_shown}
         WHERE e.institution = $1 AND {enrolment_asked $5 $6 $7 $8}
           AND {contains p.search $2} AND {contains p.search $3} AND {contains p.search $4}
           AND {person_in_reach p $9 $10 $11 $12}
         ORDER BY p.sort_name, e.begins DESC, e.id LIMIT $14 OFFSET $13";

    pub(super) fn count(
        w1: &str, w2: &str, w3: &str, offering: Option<ProgramOfferingId>, program: Option<ProgramId>,
        unit: Option<UnitId>, on: Option<Date>, reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date,
    ) -> (i64,) =
        "SELECT count(*) FROM program_enrolment e
         JOIN person p ON p.institution = $1 AND p.id = e.person
         JOIN program_offering o ON o.institution = $1 AND o.id = e.offering
         WHERE e.institution = $1 AND {enrolment_asked $5 $6 $7 $8}
           AND {contains p.search $2} AND {contains p.search $3} AND {contains p.search $4}
           AND {person_in_reach p $9 $10 $11 $12}";
}
