use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::Role;
use regie_core::id::{GrantId, InstitutionId};
use regie_db::{fragments, global_statements, row, statements};
use uuid::Uuid;

row! {
    pub struct Granted {
        pub id: GrantId,
        pub to_institution: InstitutionId,
        pub to_name: String,
        pub role: Role,
        pub scope_kind: String,
        pub scope: Option<Uuid>,
        pub scope_name: Option<String>,
        pub begins: Date,
        pub ends: Date,
        pub reason: String,
        pub revoked_at: Option<Timestamp>,
    }
}

fragments! {
    /// `SELECT {grant_shown}`: with the other organisation's name.
    grant_shown = "g.id, g.to_institution, i.name AS to_name, g.role, g.scope_kind, g.scope,
            (SELECT u.name FROM unit u WHERE u.institution = $1 AND u.id = g.scope) AS scope_name,
            g.begins, g.ends, g.reason, g.revoked_at
         FROM institution_grant g JOIN institution i ON i.id = g.to_institution";
}

global_statements! {
    /// Above schools, so that who holds a grant finds it without looking into any school.
    pub(super) fn place(id: GrantId, to: InstitutionId, at: InstitutionId) =
        "INSERT INTO grant_place (at_grant, to_institution, at_institution) VALUES ($1, $2, $3)";
}

regie_db::travels! {
    grant_place: "at_institution = $1", keep;
}

statements! {
    pub(super) fn insert(
        id: GrantId, to: InstitutionId, role: Role, scope_kind: &str, scope: Option<Uuid>, begins: Date, ends: Date,
        reason: &str,
    ) = "INSERT INTO institution_grant (institution, id, to_institution, role, scope_kind, scope, begins, ends, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    pub(super) fn revoke(id: GrantId, at: Timestamp) =
        "UPDATE institution_grant SET revoked_at = $3 WHERE institution = $1 AND id = $2 AND revoked_at IS NULL";

    pub(super) fn by_id(id: GrantId) -> Granted =
        "SELECT {grant_shown} WHERE g.institution = $1 AND g.id = $2";

    pub(super) fn list() -> Granted =
        "SELECT {grant_shown} WHERE g.institution = $1 ORDER BY g.begins DESC, i.name, g.id";
}
