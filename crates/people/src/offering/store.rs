use super::Path;
use jiff::civil::Date;
use regie_core::id::{CampusId, ProgramId, ProgramOfferingId, UnitId};
use regie_db::{fragments, row, statements};

row! {
    pub struct Offering {
        pub id: ProgramOfferingId,
        pub program: ProgramId,
        pub program_name: String,
        pub code: String,
        pub cohort: u32,
        pub path: Path,
        pub campus: Option<CampusId>,
        pub campus_name: Option<String>,
        pub unit: UnitId,
        pub unit_name: String,
        pub active: bool,
        pub version: i64,
    }

    /// An offering in a list.
    pub struct OfferingLine {
        pub id: ProgramOfferingId,
        pub program: ProgramId,
        pub program_name: String,
        pub level: u32,
        pub code: String,
        pub cohort: u32,
        pub path: Path,
        pub campus_name: Option<String>,
        pub unit_name: String,
        pub active: bool,
        /// Enrolled today.
        pub students: i64,
    }
}

fragments! {
    /// `{offering_asked o program cohort path unit active}`
    offering_asked = "{1}.program = coalesce({2}, {1}.program) AND {1}.cohort = coalesce({3}, {1}.cohort)
        AND {1}.path = coalesce({4}, {1}.path) AND {1}.active = {6}
        AND ({5} IS NULL OR EXISTS (SELECT 1 FROM unit_tree x
            WHERE x.institution = $1 AND x.ancestor = {5} AND x.unit = {1}.unit))";
}

statements! {
    /// Changes nothing: it holds the programme still and counts whether it may have offerings.
    pub(super) fn program_is_active(program: ProgramId) =
        "UPDATE program SET active = active WHERE institution = $1 AND id = $2 AND active";

    pub(super) fn insert(
        id: ProgramOfferingId, program: ProgramId, code: &str, cohort: u32, path: Path, campus: Option<CampusId>,
        unit: UnitId, search: &str,
    ) = "INSERT INTO program_offering (institution, id, program, code, cohort, path, campus, unit, active, search,
            version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, {true}, $9, 1)";

    pub(super) fn update(
        id: ProgramOfferingId, version: i64, code: &str, cohort: u32, path: Path, campus: Option<CampusId>,
        unit: UnitId, active: bool, search: &str,
    ) = "UPDATE program_offering SET code = $4, cohort = $5, path = $6, campus = $7, unit = $8, active = $9,
            search = $10, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    pub(super) fn by_id(id: ProgramOfferingId) -> Offering =
        "SELECT o.id, o.program, p.name AS program_name, o.code, o.cohort, o.path, o.campus,
            c.name AS campus_name, o.unit, u.name AS unit_name, o.active, o.version
         FROM program_offering o
         JOIN program p ON p.institution = $1 AND p.id = o.program
         JOIN unit u ON u.institution = $1 AND u.id = o.unit
         LEFT JOIN campus c ON c.institution = $1 AND c.id = o.campus
         WHERE o.institution = $1 AND o.id = $2";

    pub(super) fn list(
        w1: &str, w2: &str, w3: &str, program: Option<ProgramId>, cohort: Option<u32>, path: Option<Path>,
        unit: Option<UnitId>, active: bool, today: Date, skip: i64, most: i64,
    ) -> OfferingLine =
        "SELECT o.id, o.program, p.name AS program_name, p.level, o.code, o.cohort, o.path,
            c.name AS campus_name, u.name AS unit_name, o.active,
            (SELECT count(*) FROM program_enrolment e
             WHERE e.institution = $1 AND e.offering = o.id
               AND e.begins <= $10 AND (e.ends IS NULL OR e.ends >= $10)) AS students
         FROM program_offering o
         JOIN program p ON p.institution = $1 AND p.id = o.program
         JOIN unit u ON u.institution = $1 AND u.id = o.unit
         LEFT JOIN campus c ON c.institution = $1 AND c.id = o.campus
         WHERE o.institution = $1 AND {offering_asked o $5 $6 $7 $8 $9}
           AND {contains p.search||'_'||o.search $2} AND {contains p.search||'_'||o.search $3}
           AND {contains p.search||'_'||o.search $4}
         ORDER BY p.name, o.cohort DESC, o.path, o.code, o.id LIMIT $12 OFFSET $11";

    pub(super) fn count(
        w1: &str, w2: &str, w3: &str, program: Option<ProgramId>, cohort: Option<u32>, path: Option<Path>,
        unit: Option<UnitId>, active: bool,
    ) -> (i64,) =
        "SELECT count(*) FROM program_offering o JOIN program p ON p.institution = $1 AND p.id = o.program
         WHERE o.institution = $1 AND {offering_asked o $5 $6 $7 $8 $9}
           AND {contains p.search||'_'||o.search $2} AND {contains p.search||'_'||o.search $3}
           AND {contains p.search||'_'||o.search $4}";
}
