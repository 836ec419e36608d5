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
        pub version: i64,
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
        "SELECT u.id, u.parent, u.code, u.name, u.active, u.version,
            (SELECT count(*) - 1 FROM unit_tree t WHERE t.institution = $1 AND t.unit = u.id) AS depth
         FROM unit u WHERE u.institution = $1 AND u.id = $2";

    pub(super) fn list(kind: &str, scope: Option<Uuid>) -> Unit =
        "SELECT u.id, u.parent, u.code, u.name, u.active, u.version,
            (SELECT count(*) - 1 FROM unit_tree t WHERE t.institution = $1 AND t.unit = u.id) AS depth
         FROM unit u WHERE u.institution = $1 AND {unit_in_reach u $2 $1 $3 $1}
         ORDER BY depth, u.name, u.id";

    pub(super) fn update(
        id: UnitId, version: i64, parent: Option<UnitId>, code: &str, name: &str, active: bool,
    ) = "UPDATE unit SET parent = $4, code = $5, name = $6, active = $7, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    /// Whether this one is the unit itself or lies below it.
    pub(super) fn lies_below(id: UnitId, other: UnitId) -> (i64,) =
        "SELECT count(*) FROM unit_tree WHERE institution = $1 AND ancestor = $2 AND unit = $3";

    /// The unit and what lies below it forget all that lay above.
    pub(super) fn cut_off(id: UnitId) =
        "DELETE FROM unit_tree WHERE institution = $1
           AND unit IN (SELECT t.unit FROM unit_tree t WHERE t.institution = $1 AND t.ancestor = $2)
           AND ancestor NOT IN (SELECT t.unit FROM unit_tree t WHERE t.institution = $1 AND t.ancestor = $2)";

    /// The unit and what lies below it lie below the parent and all above that.
    pub(super) fn hang_below(id: UnitId, parent: UnitId) =
        "INSERT INTO unit_tree (institution, ancestor, unit, depth)
         SELECT $1, a.ancestor, d.unit, a.depth + d.depth + 1
         FROM unit_tree a JOIN unit_tree d ON d.institution = $1 AND d.ancestor = $2
         WHERE a.institution = $1 AND a.unit = $3";
}
