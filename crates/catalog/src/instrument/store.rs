use super::Route;
use crate::test::Kind;
use crate::version::State;
use jiff::civil::Date;
use regie_core::id::{ConsentId, InstrumentId, InstrumentVersionId, SupplierId, TestId};
use regie_db::{row, statements};

row! {
    pub struct Instrument {
        pub id: InstrumentId,
        pub test: TestId,
        pub test_name: String,
        pub test_kind: Kind,
        pub code: String,
        pub name: String,
        pub route: Route,
        pub supplier: Option<SupplierId>,
        pub supplier_name: Option<String>,
        pub consent: Option<ConsentId>,
        pub consent_title: Option<String>,
        pub active: bool,
        pub version: i64,
    }

    /// An instrument in a list, with its newest version.
    pub struct InstrumentLine {
        pub id: InstrumentId,
        pub code: String,
        pub name: String,
        pub test_name: String,
        pub route: Route,
        pub newest: Option<InstrumentVersionId>,
        pub number: Option<i64>,
        pub state: Option<State>,
        pub valid_until: Option<Date>,
        /// Versions that may be planned.
        pub plannable: i64,
    }

    pub struct VersionLine {
        pub id: InstrumentVersionId,
        pub number: i64,
        pub state: State,
        pub valid_from: Option<Date>,
        pub valid_until: Option<Date>,
        pub made_name: Option<String>,
        pub hash: Option<String>,
    }
}

statements! {
    pub(super) fn test(id: TestId) -> (u32, Kind) =
        "SELECT minutes, kind FROM exam_test WHERE institution = $1 AND id = $2";

    pub(super) fn insert(
        id: InstrumentId, test: TestId, code: &str, name: &str, route: Route, supplier: Option<SupplierId>,
        consent: Option<ConsentId>, search: &str,
    ) = "INSERT INTO exam_instrument (institution, id, test, code, name, route, supplier, consent, active, search,
            version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, {true}, $9, 1)";

    pub(super) fn update(
        id: InstrumentId, version: i64, code: &str, name: &str, route: Route, supplier: Option<SupplierId>,
        consent: Option<ConsentId>, active: bool, search: &str,
    ) = "UPDATE exam_instrument SET code = $4, name = $5, route = $6, supplier = $7, consent = $8, active = $9,
            search = $10, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    pub(super) fn handed_in(id: InstrumentId) -> (i64,) =
        "SELECT count(*) FROM instrument_version WHERE institution = $1 AND instrument = $2 AND state <> 'draft'";

    pub(super) fn by_id(id: InstrumentId) -> Instrument =
        "SELECT i.id, i.test, t.name AS test_name, t.kind AS test_kind, i.code, i.name, i.route, i.supplier,
            s.name AS supplier_name, i.consent, c.title AS consent_title, i.active, i.version
         FROM exam_instrument i JOIN exam_test t ON t.institution = $1 AND t.id = i.test
         LEFT JOIN supplier s ON s.institution = $1 AND s.id = i.supplier
         LEFT JOIN construction_consent c ON c.institution = $1 AND c.id = i.consent
         WHERE i.institution = $1 AND i.id = $2";

    pub(super) fn versions(id: InstrumentId) -> VersionLine =
        "SELECT v.id, v.number, v.state, v.valid_from, v.valid_until,
            (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = v.made_by) AS made_name,
            v.hash
         FROM instrument_version v WHERE v.institution = $1 AND v.instrument = $2 ORDER BY v.number DESC";

    pub(super) fn list(
        w1: &str, w2: &str, w3: &str, test: Option<TestId>, state: Option<State>, skip: i64, most: i64,
    ) -> InstrumentLine =
        "SELECT i.id, i.code, i.name, t.name AS test_name, i.route, v.id AS newest, v.number, v.state, v.valid_until,
            (SELECT count(*) FROM instrument_version x WHERE x.institution = $1 AND x.instrument = i.id
               AND x.state IN ('approved', 'active')) AS plannable
         FROM exam_instrument i JOIN exam_test t ON t.institution = $1 AND t.id = i.test
         LEFT JOIN instrument_version v ON v.institution = $1 AND v.instrument = i.id
           AND v.number = (SELECT max(y.number) FROM instrument_version y
                           WHERE y.institution = $1 AND y.instrument = i.id)
         WHERE i.institution = $1 AND i.test = coalesce($5, i.test)
           AND ($6 IS NULL OR EXISTS (SELECT 1 FROM instrument_version z
                WHERE z.institution = $1 AND z.instrument = i.id AND z.state = $6))
           AND {contains i.search $2} AND {contains i.search $3} AND {contains i.search $4}
         ORDER BY i.name, i.code, i.id LIMIT $8 OFFSET $7";

    pub(super) fn count(
        w1: &str, w2: &str, w3: &str, test: Option<TestId>, state: Option<State>,
    ) -> (i64,) =
        "SELECT count(*) FROM exam_instrument i
         WHERE i.institution = $1 AND i.test = coalesce($5, i.test)
           AND ($6 IS NULL OR EXISTS (SELECT 1 FROM instrument_version z
                WHERE z.institution = $1 AND z.instrument = i.id AND z.state = $6))
           AND {contains i.search $2} AND {contains i.search $3} AND {contains i.search $4}";
}
