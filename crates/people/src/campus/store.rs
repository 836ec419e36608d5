use regie_core::id::CampusId;
use regie_db::{row, statements};

row! {
    pub struct Campus {
        pub id: CampusId,
        pub code: String,
        pub name: String,
        pub street: Option<String>,
        pub city: Option<String>,
        pub active: bool,
        pub rooms: i64,
    }
}

statements! {
    pub(super) fn insert(id: CampusId, code: &str, name: &str, street: Option<&str>, city: Option<&str>) =
        "INSERT INTO campus (institution, id, code, name, street, city, active)
         VALUES ($1, $2, $3, $4, $5, $6, {true})";

    pub(super) fn list() -> Campus =
        "SELECT c.id, c.code, c.name, c.street, c.city, c.active,
            (SELECT count(*) FROM room r WHERE r.institution = $1 AND r.campus = c.id) AS rooms
         FROM campus c WHERE c.institution = $1 ORDER BY c.name, c.id";
}
