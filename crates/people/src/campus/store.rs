use regie_core::id::CampusId;
use regie_db::{fragments, row, statements};

row! {
    pub struct Campus {
        pub id: CampusId,
        pub code: String,
        pub name: String,
        pub street: Option<String>,
        pub city: Option<String>,
        pub active: bool,
        pub version: i64,
        pub rooms: i64,
    }
}

fragments! {
    /// `SELECT {campus_shown}`: with how many rooms it has.
    campus_shown = "c.id, c.code, c.name, c.street, c.city, c.active, c.version,
            (SELECT count(*) FROM room r WHERE r.institution = $1 AND r.campus = c.id) AS rooms
         FROM campus c";
}

statements! {
    pub(super) fn insert(id: CampusId, code: &str, name: &str, street: Option<&str>, city: Option<&str>) =
        "INSERT INTO campus (institution, id, code, name, street, city, active)
         VALUES ($1, $2, $3, $4, $5, $6, {true})";

    pub(super) fn list() -> Campus =
        "SELECT {campus_shown} WHERE c.institution = $1 ORDER BY c.name, c.id";

    pub(super) fn by_id(id: CampusId) -> Campus =
        "SELECT {campus_shown} WHERE c.institution = $1 AND c.id = $2";

    pub(super) fn update(
        id: CampusId, version: i64, code: &str, name: &str, street: Option<&str>, city: Option<&str>, active: bool,
    ) = "UPDATE campus SET code = $4, name = $5, street = $6, city = $7, active = $8, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";
}
