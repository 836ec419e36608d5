use jiff::Timestamp;
use jiff::civil::Date;
use regie_access::Action;
use regie_core::id::{MandateId, PersonId};
use regie_db::{fragments, row, statements};
use uuid::Uuid;

row! {
    pub struct Given {
        pub id: MandateId,
        pub holder: PersonId,
        pub holder_name: String,
        /// The code of an action; a later version of Regie may know more of them.
        pub action: String,
        pub scope_kind: String,
        pub scope: Option<Uuid>,
        /// The unit's or programme's name.
        pub scope_name: Option<String>,
        pub begins: Date,
        pub ends: Date,
        pub reason: String,
        pub withdrawn_at: Option<Timestamp>,
    }
}

fragments! {
    /// `SELECT {mandate_shown}`: with who holds it and for what.
    mandate_shown = "m.id, m.holder, p.display_name AS holder_name, m.action, m.scope_kind, m.scope,
            coalesce((SELECT u.name FROM unit u WHERE u.institution = $1 AND u.id = m.scope),
                     (SELECT g.name FROM program g WHERE g.institution = $1 AND g.id = m.scope)) AS scope_name,
            m.begins, m.ends, m.reason, m.withdrawn_at
         FROM mandate m JOIN person p ON p.institution = $1 AND p.id = m.holder";
}

statements! {
    /// Changes nothing: it holds the person still and counts whether they can have a mandate.
    pub(super) fn hold_holder(id: PersonId) =
        "UPDATE person SET state = state
         WHERE institution = $1 AND id = $2 AND kind <> 'student' AND state = 'active'";

    pub(super) fn insert(
        id: MandateId, holder: PersonId, action: Action, scope_kind: &str, scope: Option<Uuid>, begins: Date,
        ends: Date, reason: &str,
    ) = "INSERT INTO mandate (institution, id, holder, action, scope_kind, scope, begins, ends, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    pub(super) fn same_at_once(holder: PersonId, action: Action, scope_kind: &str, scope: Option<Uuid>) -> (i64,) =
        "SELECT count(*) FROM mandate a JOIN mandate b
           ON b.institution = $1 AND b.holder = a.holder AND b.action = a.action AND b.id > a.id
          AND b.scope_kind = a.scope_kind AND b.withdrawn_at IS NULL AND b.begins <= a.ends AND b.ends >= a.begins
         WHERE a.institution = $1 AND a.holder = $2 AND a.action = $3 AND a.scope_kind = $4
           AND ($5 IS NULL OR (a.scope = $5 AND b.scope = $5)) AND a.withdrawn_at IS NULL";

    pub(super) fn withdraw(id: MandateId, at: Timestamp) =
        "UPDATE mandate SET withdrawn_at = $3 WHERE institution = $1 AND id = $2 AND withdrawn_at IS NULL";

    pub(super) fn by_id(id: MandateId) -> Given =
        "SELECT {mandate_shown} WHERE m.institution = $1 AND m.id = $2";

    pub(super) fn of_person(holder: PersonId) -> Given =
        "SELECT {mandate_shown} WHERE m.institution = $1 AND m.holder = $2 ORDER BY m.begins DESC, m.id";

    pub(super) fn list(reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date) -> Given =
        "SELECT {mandate_shown} WHERE m.institution = $1 AND {person_in_reach p $2 $3 $4 $5}
         ORDER BY m.begins DESC, p.sort_name, m.id";
}
