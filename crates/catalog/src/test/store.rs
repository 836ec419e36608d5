use super::Kind;
use jiff::civil::Date;
use regie_core::id::{CentralWindowId, PlatformId, SupplierId, TestId};
use regie_db::{row, statements};

row! {
    pub struct Test {
        pub id: TestId,
        pub code: String,
        pub name: String,
        pub minutes: u32,
        pub kind: Kind,
        pub subject: Option<String>,
        pub reference_level: Option<String>,
        pub platform: Option<PlatformId>,
        pub platform_name: Option<String>,
        pub needs_device: bool,
        pub supplier: Option<SupplierId>,
        pub supplier_name: Option<String>,
        pub active: bool,
        pub version: i64,
    }

    /// A test in a list.
    pub struct TestLine {
        pub id: TestId,
        pub code: String,
        pub name: String,
        pub minutes: u32,
        pub kind: Kind,
        pub platform_name: Option<String>,
        pub active: bool,
        /// In how many frozen plans it stands.
        pub plans: i64,
        /// Versions of its instruments that may be planned.
        pub versions: i64,
    }

    pub struct Window {
        pub id: CentralWindowId,
        pub name: String,
        pub opens: Date,
        pub closes: Date,
    }
}

statements! {
    pub(super) fn insert(
        id: TestId, code: &str, name: &str, minutes: u32, kind: Kind, subject: Option<&str>,
        reference_level: Option<&str>, platform: Option<PlatformId>, needs_device: bool,
        supplier: Option<SupplierId>, search: &str,
    ) = "INSERT INTO exam_test (institution, id, code, name, minutes, kind, subject, reference_level, platform,
            needs_device, supplier, active, search, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, {true}, $12, 1)";

    pub(super) fn update(
        id: TestId, version: i64, code: &str, name: &str, minutes: u32, kind: Kind, subject: Option<&str>,
        reference_level: Option<&str>, platform: Option<PlatformId>, needs_device: bool,
        supplier: Option<SupplierId>, active: bool, search: &str,
    ) = "UPDATE exam_test SET code = $4, name = $5, minutes = $6, kind = $7, subject = $8, reference_level = $9,
            platform = $10, needs_device = $11, supplier = $12, active = $13, search = $14, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    pub(super) fn add_need(test: TestId, code: &str) =
        "INSERT INTO exam_test_need (institution, test, code) VALUES ($1, $2, $3)";

    pub(super) fn remove_needs(test: TestId) = "DELETE FROM exam_test_need WHERE institution = $1 AND test = $2";

    pub(super) fn needs(test: TestId) -> (String,) =
        "SELECT code FROM exam_test_need WHERE institution = $1 AND test = $2 ORDER BY code";

    pub(super) fn put_window(id: CentralWindowId, test: TestId, name: &str, opens: Date, closes: Date) =
        "INSERT INTO central_window (institution, id, test, name, opens, closes) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (institution, id) DO UPDATE
         SET name = excluded.name, opens = excluded.opens, closes = excluded.closes";

    pub(super) fn remove_window(id: CentralWindowId, test: TestId) =
        "DELETE FROM central_window WHERE institution = $1 AND id = $2 AND test = $3";

    pub(super) fn windows(test: TestId) -> Window =
        "SELECT id, name, opens, closes FROM central_window WHERE institution = $1 AND test = $2 ORDER BY opens";

    pub(super) fn by_id(id: TestId) -> Test =
        "SELECT t.id, t.code, t.name, t.minutes, t.kind, t.subject, t.reference_level, t.platform,
            p.name AS platform_name, t.needs_device, t.supplier, s.name AS supplier_name, t.active, t.version
         FROM exam_test t
         LEFT JOIN delivery_platform p ON p.institution = $1 AND p.id = t.platform
         LEFT JOIN supplier s ON s.institution = $1 AND s.id = t.supplier
         WHERE t.institution = $1 AND t.id = $2";

    pub(super) fn list(
        w1: &str, w2: &str, w3: &str, kind: Option<Kind>, active: bool, skip: i64, most: i64,
    ) -> TestLine =
        "SELECT t.id, t.code, t.name, t.minutes, t.kind, p.name AS platform_name, t.active,
            (SELECT count(DISTINCT l.plan) FROM unit_test l JOIN exam_plan e
               ON e.institution = $1 AND e.id = l.plan AND e.state = 'frozen'
             WHERE l.institution = $1 AND l.test = t.id) AS plans,
            (SELECT count(*) FROM instrument_version v JOIN exam_instrument i
               ON i.institution = $1 AND i.id = v.instrument AND i.test = t.id
             WHERE v.institution = $1 AND v.state IN ('approved', 'active')) AS versions
         FROM exam_test t LEFT JOIN delivery_platform p ON p.institution = $1 AND p.id = t.platform
         WHERE t.institution = $1 AND t.kind = coalesce($5, t.kind) AND t.active = $6
           AND {contains t.search $2} AND {contains t.search $3} AND {contains t.search $4}
         ORDER BY t.name, t.code, t.id LIMIT $8 OFFSET $7";

    pub(super) fn count(w1: &str, w2: &str, w3: &str, kind: Option<Kind>, active: bool) -> (i64,) =
        "SELECT count(*) FROM exam_test t
         WHERE t.institution = $1 AND t.kind = coalesce($5, t.kind) AND t.active = $6
           AND {contains t.search $2} AND {contains t.search $3} AND {contains t.search $4}";
}
