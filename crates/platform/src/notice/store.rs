use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::Role;
use regie_core::id::{NoticeId, PersonId};
use regie_db::{row, statements};

row! {
    pub struct Notice {
        pub id: NoticeId,
        /// Its text is `notice-<code>`.
        pub code: String,
        /// A JSON object; `values` reads it.
        pub arguments: String,
        /// Where it leads.
        pub place: Option<String>,
        pub made_at: Timestamp,
        pub read_at: Option<Timestamp>,
    }
}

statements! {
    pub(super) fn latest(person: PersonId, most: i64) -> Notice =
        "SELECT id, code, arguments, place, made_at, read_at FROM notice
         WHERE institution = $1 AND person = $2 ORDER BY made_at DESC, id DESC LIMIT $3";

    pub(super) fn one(id: NoticeId, person: PersonId) -> Notice =
        "SELECT id, code, arguments, place, made_at, read_at FROM notice
         WHERE institution = $1 AND id = $2 AND person = $3";

    pub(super) fn unread(person: PersonId) -> (i64,) =
        "SELECT count(*) FROM notice WHERE institution = $1 AND person = $2 AND read_at IS NULL";

    pub(super) fn insert(
        id: NoticeId, person: PersonId, code: &str, arguments: &str, place: Option<&str>, made_at: Timestamp,
    ) = "INSERT INTO notice (institution, id, person, code, arguments, place, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)";

    pub(super) fn mark(id: NoticeId, person: PersonId, at: Timestamp) =
        "UPDATE notice SET read_at = $4 WHERE institution = $1 AND id = $2 AND person = $3 AND read_at IS NULL";

    pub(super) fn mark_all(person: PersonId, at: Timestamp) =
        "UPDATE notice SET read_at = $3 WHERE institution = $1 AND person = $2 AND read_at IS NULL";

    pub(super) fn holders(role: Role, today: Date) -> (PersonId,) =
        "SELECT DISTINCT person FROM pub_role WHERE institution = $1 AND role = $2 AND withdrawn_at IS NULL
            AND begins <= $3 AND (ends IS NULL OR ends >= $3)";
}
