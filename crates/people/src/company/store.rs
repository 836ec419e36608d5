use crate::person::PersonLine;
use jiff::civil::Date;
use regie_core::id::CompanyId;
use regie_db::{row, statements};
use uuid::Uuid;

row! {
    pub struct Company {
        pub id: CompanyId,
        pub name: String,
        pub code: Option<String>,
        pub city: Option<String>,
        pub mail: Option<String>,
        pub phone: Option<String>,
        pub active: bool,
        pub version: i64,
    }

    /// A company in a list.
    pub struct CompanyLine {
        pub id: CompanyId,
        pub name: String,
        pub code: Option<String>,
        pub city: Option<String>,
        pub active: bool,
        /// Active persons from it.
        pub people: i64,
    }
}

statements! {
    pub(super) fn insert(
        id: CompanyId, name: &str, code: Option<&str>, city: Option<&str>, mail: Option<&str>, phone: Option<&str>,
        search: &str,
    ) = "INSERT INTO company (institution, id, name, code, city, mail, phone, active, search, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, {true}, $8, 1)";

    pub(super) fn update(
        id: CompanyId, version: i64, name: &str, code: Option<&str>, city: Option<&str>, mail: Option<&str>,
        phone: Option<&str>, active: bool, search: &str,
    ) = "UPDATE company SET name = $4, code = $5, city = $6, mail = $7, phone = $8, active = $9, search = $10,
            version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    pub(super) fn by_id(id: CompanyId) -> Company =
        "SELECT id, name, code, city, mail, phone, active, version FROM company WHERE institution = $1 AND id = $2";

    pub(super) fn all() -> Company =
        "SELECT id, name, code, city, mail, phone, active, version FROM company WHERE institution = $1 ORDER BY id";

    pub(super) fn list(w1: &str, w2: &str, w3: &str, active: bool, skip: i64, most: i64) -> CompanyLine =
        "SELECT c.id, c.name, c.code, c.city, c.active,
            (SELECT count(*) FROM person p
             WHERE p.institution = $1 AND p.company = c.id AND p.state = 'active') AS people
         FROM company c
         WHERE c.institution = $1 AND c.active = $5
           AND {contains c.search $2} AND {contains c.search $3} AND {contains c.search $4}
         ORDER BY c.name, c.id LIMIT $7 OFFSET $6";

    pub(super) fn count(w1: &str, w2: &str, w3: &str, active: bool) -> (i64,) =
        "SELECT count(*) FROM company c
         WHERE c.institution = $1 AND c.active = $5
           AND {contains c.search $2} AND {contains c.search $3} AND {contains c.search $4}";

    pub(super) fn people(
        id: CompanyId, reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date,
    ) -> PersonLine =
        "SELECT {person_shown} LEFT JOIN unit u ON u.institution = $1 AND u.id = p.unit
         WHERE p.institution = $1 AND p.company = $2 AND p.state = 'active' AND {person_in_reach p $3 $4 $5 $6}
         ORDER BY p.sort_name, p.id";
}
