use regie_core::id::{CampusId, RoomId};
use regie_db::{fragments, row, statements};

row! {
    pub struct Room {
        pub id: RoomId,
        pub campus: CampusId,
        pub campus_name: String,
        pub code: String,
        pub name: Option<String>,
        pub seats: u32,
        pub device_seats: u32,
        pub secure: bool,
        pub accessible: bool,
        /// `08:00`.
        pub opens: String,
        pub closes: String,
        pub active: bool,
        pub version: i64,
    }
}

fragments! {
    /// `SELECT {room_shown}`: with the name of its campus.
    room_shown = "r.id, r.campus, c.name AS campus_name, r.code, r.name, r.seats, r.device_seats, r.secure,
            r.accessible, r.opens, r.closes, r.active, r.version
         FROM room r JOIN campus c ON c.institution = $1 AND c.id = r.campus";
}

statements! {
    pub(super) fn insert(
        id: RoomId, campus: CampusId, code: &str, name: Option<&str>, seats: u32, device_seats: u32, secure: bool,
        accessible: bool, opens: &str, closes: &str,
    ) = "INSERT INTO room (institution, id, campus, code, name, seats, device_seats, secure, accessible, opens,
            closes, active)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, {true})";

    pub(super) fn list(campus: Option<CampusId>) -> Room =
        "SELECT {room_shown} WHERE r.institution = $1 AND r.campus = coalesce($2, r.campus) ORDER BY c.name, r.code, r.id";

    pub(super) fn by_id(id: RoomId) -> Room =
        "SELECT {room_shown} WHERE r.institution = $1 AND r.id = $2";

    pub(super) fn update(
        id: RoomId, version: i64, campus: CampusId, code: &str, name: Option<&str>, seats: u32, device_seats: u32,
        secure: bool, accessible: bool, opens: &str, closes: &str, active: bool,
    ) = "UPDATE room SET campus = $4, code = $5, name = $6, seats = $7, device_seats = $8, secure = $9,
            accessible = $10, opens = $11, closes = $12, active = $13, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";
}
