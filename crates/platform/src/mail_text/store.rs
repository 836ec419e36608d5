use jiff::Timestamp;
use regie_db::{row, statements};

row! {
    pub struct OwnText {
        pub name: String,
        pub language: String,
        pub subject: String,
        pub plain: String,
        pub html: Option<String>,
        pub version: i64,
        pub changed_at: Timestamp,
        /// Why the house's text went out instead, the last time it was sent.
        pub fault: Option<String>,
    }
}

statements! {
    pub(super) fn all() -> OwnText =
        "SELECT name, language, subject, plain, html, version, changed_at, fault FROM mail_text
         WHERE institution = $1 ORDER BY name, language";

    pub(super) fn one(name: &str, language: &str) -> OwnText =
        "SELECT name, language, subject, plain, html, version, changed_at, fault FROM mail_text
         WHERE institution = $1 AND name = $2 AND language = $3";

    pub(super) fn insert(name: &str, language: &str, subject: &str, plain: &str, html: Option<&str>, at: Timestamp) =
        "INSERT INTO mail_text (institution, name, language, subject, plain, html, version, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, 1, $7)";

    pub(super) fn update(
        name: &str, language: &str, subject: &str, plain: &str, html: Option<&str>, at: Timestamp, version: i64,
    ) = "UPDATE mail_text SET subject = $4, plain = $5, html = $6, version = version + 1, changed_at = $7, fault = NULL
         WHERE institution = $1 AND name = $2 AND language = $3 AND version = $8";

    pub(super) fn remove(name: &str, language: &str, version: i64) =
        "DELETE FROM mail_text WHERE institution = $1 AND name = $2 AND language = $3 AND version = $4";

    /// Told once for each version of the text.
    pub(super) fn fail(name: &str, language: &str, version: i64, fault: &str) =
        "UPDATE mail_text SET fault = $5
         WHERE institution = $1 AND name = $2 AND language = $3 AND version = $4 AND fault IS NULL";
}
