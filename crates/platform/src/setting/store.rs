use jiff::Timestamp;
use regie_db::{row, statements};

row! {
    pub(super) struct Stored {
        pub key: String,
        pub value: String,
        pub version: i64,
        pub changed_at: Timestamp,
    }
}

statements! {
    pub(super) fn all() -> Stored = "SELECT key, value, version, changed_at FROM setting WHERE institution = $1";

    pub(super) fn one(key: &str) -> Stored =
        "SELECT key, value, version, changed_at FROM setting WHERE institution = $1 AND key = $2";

    pub(super) fn insert(key: &str, value: &str, changed_at: Timestamp) =
        "INSERT INTO setting (institution, key, value, version, changed_at) VALUES ($1, $2, $3, 1, $4)";

    pub(super) fn update(key: &str, value: &str, changed_at: Timestamp, version: i64) =
        "UPDATE setting SET value = $3, version = version + 1, changed_at = $4
         WHERE institution = $1 AND key = $2 AND version = $5";
}
