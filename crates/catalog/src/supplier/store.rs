use jiff::civil::Date;
use regie_core::id::SupplierId;
use regie_db::{row, statements};

row! {
    pub struct Supplier {
        pub id: SupplierId,
        pub code: String,
        pub name: String,
        pub mail: Option<String>,
        pub certified_until: Option<Date>,
        pub active: bool,
        pub version: i64,
    }
}

statements! {
    pub(super) fn insert(
        id: SupplierId, code: &str, name: &str, mail: Option<&str>, certified_until: Option<Date>, search: &str,
    ) = "INSERT INTO supplier (institution, id, code, name, mail, certified_until, active, search, version)
         VALUES ($1, $2, $3, $4, $5, $6, {true}, $7, 1)";

    pub(super) fn update(
        id: SupplierId, version: i64, code: &str, name: &str, mail: Option<&str>, certified_until: Option<Date>,
        active: bool, search: &str,
    ) = "UPDATE supplier SET code = $4, name = $5, mail = $6, certified_until = $7, active = $8, search = $9,
            version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    pub(super) fn by_id(id: SupplierId) -> Supplier =
        "SELECT id, code, name, mail, certified_until, active, version FROM supplier
         WHERE institution = $1 AND id = $2";

    pub(super) fn list(w1: &str, w2: &str, w3: &str, skip: i64, most: i64) -> Supplier =
        "SELECT id, code, name, mail, certified_until, active, version FROM supplier
         WHERE institution = $1 AND {contains search $2} AND {contains search $3} AND {contains search $4}
         ORDER BY name, id LIMIT $6 OFFSET $5";

    pub(super) fn count(w1: &str, w2: &str, w3: &str) -> (i64,) =
        "SELECT count(*) FROM supplier
         WHERE institution = $1 AND {contains search $2} AND {contains search $3} AND {contains search $4}";
}
