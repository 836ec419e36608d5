use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::Role;
use regie_core::id::{PersonId, RoleAssignmentId};
use regie_db::{fragments, row, statements};
use uuid::Uuid;

row! {
    pub struct Held {
        pub id: RoleAssignmentId,
        pub person: PersonId,
        pub role: Role,
        pub scope_kind: String,
        pub scope: Option<Uuid>,
        /// The unit's or programme's name.
        pub scope_name: Option<String>,
        pub begins: Date,
        pub ends: Option<Date>,
        pub withdrawn_at: Option<Timestamp>,
    }
}

fragments! {
    /// `SELECT {role_shown}`: with the name of the unit or the programme it is for.
    role_shown = "a.id, a.person, a.role, a.scope_kind, a.scope,
            coalesce((SELECT u.name FROM unit u WHERE u.institution = $1 AND u.id = a.scope),
                     (SELECT g.name FROM program g WHERE g.institution = $1 AND g.id = a.scope)) AS scope_name,
            a.begins, a.ends, a.withdrawn_at
         FROM role_assignment a";
}

statements! {
    pub(super) fn insert(
        id: RoleAssignmentId, person: PersonId, role: Role, scope_kind: &str, scope: Option<Uuid>, begins: Date,
        ends: Option<Date>,
    ) = "INSERT INTO role_assignment (institution, id, person, role, scope_kind, scope, begins, ends)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    pub(super) fn standing() -> Held =
        "SELECT {role_shown} WHERE a.institution = $1 AND a.withdrawn_at IS NULL ORDER BY a.id";

    pub(super) fn withdraw(id: RoleAssignmentId, at: Timestamp) =
        "UPDATE role_assignment SET withdrawn_at = $3 WHERE institution = $1 AND id = $2 AND withdrawn_at IS NULL";

    pub(super) fn by_id(id: RoleAssignmentId) -> Held =
        "SELECT {role_shown} WHERE a.institution = $1 AND a.id = $2";

    pub(super) fn held(person: PersonId, today: Date) -> Held =
        "SELECT {role_shown} JOIN person p ON p.institution = $1 AND p.id = a.person AND p.state = 'active'
         WHERE a.institution = $1 AND a.person = $2 AND a.withdrawn_at IS NULL
           AND a.begins <= $3 AND (a.ends IS NULL OR a.ends >= $3)
         ORDER BY a.role, a.id";

    pub(super) fn of_person(person: PersonId) -> Held =
        "SELECT {role_shown} WHERE a.institution = $1 AND a.person = $2 ORDER BY a.begins DESC, a.id";
}
