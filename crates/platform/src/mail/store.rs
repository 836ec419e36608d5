use super::State;
use jiff::Timestamp;
use regie_core::id::{MailId, PersonId};
use regie_db::{row, statements};

row! {
    /// A mail in a list.
    pub struct MailLine {
        pub id: MailId,
        pub recipient: String,
        pub template: String,
        pub subject: String,
        pub state: State,
        pub said: Option<String>,
        pub settled_at: Timestamp,
    }

    pub struct Mail {
        pub id: MailId,
        pub person: Option<PersonId>,
        pub person_name: Option<String>,
        pub sender: String,
        pub reply_to: Option<String>,
        pub recipient: String,
        pub template: String,
        pub language: String,
        pub subject: String,
        pub plain: Option<String>,
        pub html: Option<String>,
        pub calendar: Option<String>,
        pub state: State,
        pub said: Option<String>,
        pub written_at: Timestamp,
        pub settled_at: Timestamp,
    }
}

statements! {
    pub(super) fn insert(
        id: MailId, person: Option<PersonId>, sender: &str, reply_to: Option<&str>, recipient: &str, template: &str,
        language: &str, subject: &str, plain: Option<&str>, html: Option<&str>, calendar: Option<&str>,
        state: State, said: Option<&str>, written_at: Timestamp, settled_at: Timestamp,
    ) = "INSERT INTO mail (institution, id, person, sender, reply_to, recipient, template, language, subject, plain,
            html, calendar, state, said, written_at, settled_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (institution, id) DO NOTHING";

    pub(super) fn count(id: MailId) -> (i64,) =
        "SELECT count(*) FROM mail WHERE institution = $1 AND id = $2";

    pub(super) fn latest(most: i64) -> MailLine =
        "SELECT id, recipient, template, subject, state, said, settled_at FROM mail
         WHERE institution = $1 ORDER BY settled_at DESC, id DESC LIMIT $2";

    pub(super) fn by_id(id: MailId) -> Mail =
        "SELECT m.id, m.person,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = m.person) AS person_name,
            m.sender, m.reply_to, m.recipient, m.template, m.language, m.subject, m.plain, m.html, m.calendar, m.state, m.said,
            m.written_at, m.settled_at
         FROM mail m WHERE m.institution = $1 AND m.id = $2";
}
