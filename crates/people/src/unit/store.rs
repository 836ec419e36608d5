use regie_core::id::UnitId;
use regie_db::{row, statements};
use uuid::Uuid;

row! {
    pub struct Unit {
        pub id: UnitId,
        pub parent: Option<UnitId>,
        pub code: String,
        pub name: String,
        pub active: bool,
        /// How many units lie above it.
        pub depth: i64,
    }
}

statements! {
    pub(super) fn insert(id: UnitId, parent: Option<UnitId>, code: &str, name: &str) =
        "INSERT INTO unit (institution, id, parent, code, name, active) VALUES ($1, $2, $3, $4, $5, {true})";

    pub(super) fn below_itself(id: UnitId) =
        "INSERT INTO unit_tree (institution, ancestor, unit, depth) VALUES ($1, $2, $2, 0)";

    /// The new unit lies below all that its parent lies below.
    pub(super) fn below_ancestors(id: UnitId, parent: UnitId) =
        "INSERT INTO unit_tree (institution, ancestor, unit, depth)
         SELECT $1, ancestor, $2, depth + 1 FROM unit_tree WHERE institution = $1 AND unit = $3";

    pub(super) fn by_id(id: UnitId) -> Unit =
        "SELECT u.id, u.parent, u.code, u.name, u.active,
            (SELECT count(*) - 1 FROM unit_tree t WHERE t.institution = $1 AND t.unit = u.id) AS depth
         FROM unit u WHERE u.institution = $1 AND u.id = $2";

    pub(super) fn list(kind: &str, scope: Option<Uuid>) -> Unit =
        "SELECT u.id, u.parent, u.code, u.name, u.active,
            (SELECT count(*) - 1 FROM unit_tree t WHERE t.institution = $1 AND t.unit = u.id) AS depth
         FROM unit u WHERE u.institution = $1 AND {unit_in_reach u $2 $1 $3 $1}
         ORDER BY depth, u.name, u.id";
}
