use jiff::civil::Date;
use regie_core::id::PlatformId;
use regie_db::{row, statements};

row! {
    pub struct Platform {
        pub id: PlatformId,
        pub code: String,
        pub name: String,
        pub needs_device: bool,
        pub secure: bool,
        pub permitted_from: Option<Date>,
        pub permitted_until: Option<Date>,
        pub grounds: String,
        pub version: i64,
    }
}

statements! {
    pub(super) fn insert(id: PlatformId, code: &str, name: &str, needs_device: bool, secure: bool) =
        "INSERT INTO delivery_platform (institution, id, code, name, needs_device, secure, grounds, version)
         VALUES ($1, $2, $3, $4, $5, $6, '', 1)";

    pub(super) fn permit(id: PlatformId, version: i64, from: Date, until: Option<Date>, grounds: &str) =
        "UPDATE delivery_platform SET permitted_from = $4, permitted_until = $5, grounds = $6, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    pub(super) fn by_id(id: PlatformId) -> Platform =
        "SELECT id, code, name, needs_device, secure, permitted_from, permitted_until, grounds, version
         FROM delivery_platform WHERE institution = $1 AND id = $2";

    pub(super) fn all() -> Platform =
        "SELECT id, code, name, needs_device, secure, permitted_from, permitted_until, grounds, version
         FROM delivery_platform WHERE institution = $1 ORDER BY name, id";
}
