use super::Module;
use jiff::civil::Date;
use regie_core::id::UnitId;
use regie_db::{row, statements};

row! {
    pub struct Activation {
        pub module: Module,
        pub unit: UnitId,
        pub unit_name: String,
        pub begins: Date,
    }
}

statements! {
    pub(super) fn activate(module: Module, unit: UnitId, begins: Date) =
        "INSERT INTO module_activation (institution, module, unit, begins) VALUES ($1, $2, $3, $4)";

    pub(super) fn deactivate(module: Module, unit: UnitId) =
        "DELETE FROM module_activation WHERE institution = $1 AND module = $2 AND unit = $3";

    pub(super) fn list() -> Activation =
        "SELECT a.module, a.unit, u.name AS unit_name, a.begins
         FROM module_activation a JOIN unit u ON u.institution = $1 AND u.id = a.unit
         WHERE a.institution = $1 ORDER BY a.module, u.name, a.unit";

    pub(super) fn on(module: Module, unit: UnitId, today: Date) -> (i64,) =
        "SELECT count(*) FROM module_activation a JOIN unit_tree t
           ON t.institution = $1 AND t.ancestor = a.unit AND t.unit = $3
         WHERE a.institution = $1 AND a.module = $2 AND a.begins <= $4";
}
