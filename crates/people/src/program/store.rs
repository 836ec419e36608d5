use jiff::civil::Date;
use regie_core::id::ProgramId;
use regie_db::{row, statements};

row! {
    pub struct Program {
        pub id: ProgramId,
        pub code: String,
        pub crebo: Option<String>,
        pub name: String,
        pub level: u32,
        pub active: bool,
        pub version: i64,
    }

    /// A programme in a list.
    pub struct ProgramLine {
        pub id: ProgramId,
        pub code: String,
        pub crebo: Option<String>,
        pub name: String,
        pub level: u32,
        pub active: bool,
        /// Offerings that are not closed.
        pub offerings: i64,
        /// Students enrolled today.
        pub students: i64,
    }
}

statements! {
    pub(super) fn insert(
        id: ProgramId, code: &str, crebo: Option<&str>, name: &str, level: u32, search: &str,
    ) = "INSERT INTO program (institution, id, code, crebo, name, level, active, search, version)
         VALUES ($1, $2, $3, $4, $5, $6, {true}, $7, 1)";

    pub(super) fn update(
        id: ProgramId, version: i64, code: &str, crebo: Option<&str>, name: &str, level: u32, active: bool,
        search: &str,
    ) = "UPDATE program SET code = $4, crebo = $5, name = $6, level = $7, active = $8, search = $9,
            version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    pub(super) fn by_id(id: ProgramId) -> Program =
        "SELECT id, code, crebo, name, level, active, version FROM program WHERE institution = $1 AND id = $2";

    pub(super) fn list(
        w1: &str, w2: &str, w3: &str, level: Option<u32>, active: bool, today: Date, skip: i64, most: i64,
    ) -> ProgramLine =
        "SELECT p.id, p.code, p.crebo, p.name, p.level, p.active,
            (SELECT count(*) FROM program_offering o
             WHERE o.institution = $1 AND o.program = p.id AND o.active) AS offerings,
            (SELECT count(*) FROM program_enrolment e JOIN program_offering o
               ON o.institution = $1 AND o.id = e.offering AND o.program = p.id
             WHERE e.institution = $1 AND e.begins <= $7 AND (e.ends IS NULL OR e.ends >= $7)) AS students
         FROM program p
         WHERE p.institution = $1 AND p.level = coalesce($5, p.level) AND p.active = $6
           AND {contains p.search $2} AND {contains p.search $3} AND {contains p.search $4}
         ORDER BY p.name, p.level, p.id LIMIT $9 OFFSET $8";

    pub(super) fn count(w1: &str, w2: &str, w3: &str, level: Option<u32>, active: bool) -> (i64,) =
        "SELECT count(*) FROM program p
         WHERE p.institution = $1 AND p.level = coalesce($5, p.level) AND p.active = $6
           AND {contains p.search $2} AND {contains p.search $3} AND {contains p.search $4}";
}
