use super::{State, UnitKind};
use crate::test::Kind;
use jiff::Timestamp;
use regie_core::id::{ExamPlanId, ExamUnitId, PersonId, PrerequisiteId, TestId};
use regie_db::{fragments, row, statements};

row! {
    pub struct Plan {
        pub id: ExamPlanId,
        pub crebo: String,
        pub cohort: u32,
        pub edition: i64,
        pub name: String,
        pub level: u32,
        pub state: State,
        pub made_name: Option<String>,
        pub frozen_name: Option<String>,
        pub frozen_at: Option<Timestamp>,
        pub hash: Option<String>,
        pub version: i64,
    }

    /// A plan in a list.
    pub struct PlanLine {
        pub id: ExamPlanId,
        pub crebo: String,
        pub cohort: u32,
        pub edition: i64,
        pub name: String,
        pub level: u32,
        pub state: State,
        pub units: i64,
        pub tests: i64,
    }

    pub struct Unit {
        pub id: ExamUnitId,
        pub parent: Option<ExamUnitId>,
        pub code: String,
        pub name: String,
        pub kind: UnitKind,
        pub position: i64,
        pub weight: i64,
        pub pass_rule: String,
        pub attempts: Option<u32>,
    }

    /// A test of a unit.
    pub struct Line {
        pub unit: ExamUnitId,
        pub test: TestId,
        pub code: String,
        pub name: String,
        pub minutes: u32,
        pub kind: Kind,
        pub active: bool,
        pub position: i64,
        pub weight: i64,
        pub attempts: Option<u32>,
        pub least: Option<u32>,
    }

    pub struct Prerequisite {
        pub id: PrerequisiteId,
        pub of_unit: ExamUnitId,
        pub of_test: Option<TestId>,
        pub kind: String,
        pub needs_unit: Option<ExamUnitId>,
        pub needs_test: Option<TestId>,
        pub year: Option<u32>,
        pub who: Option<String>,
    }
}

fragments! {
    /// `SELECT {plan_shown} WHERE …`
    plan_shown = "e.id, e.crebo, e.cohort, e.edition, e.name, e.level, e.state,
        (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = e.made_by) AS made_name,
        (SELECT p.display_name FROM pub_person p WHERE p.institution = $1 AND p.id = e.frozen_by) AS frozen_name,
        e.frozen_at, e.hash, e.version FROM exam_plan e";
}

statements! {
    pub(super) fn insert(
        id: ExamPlanId, crebo: &str, cohort: u32, edition: i64, name: &str, level: u32, made_by: Option<PersonId>,
        search: &str,
    ) = "INSERT INTO exam_plan (institution, id, crebo, cohort, edition, name, level, state, made_by, search, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, 1)";

    pub(super) fn update(id: ExamPlanId, name: &str, level: u32, search: &str) =
        "UPDATE exam_plan SET name = $3, level = $4, search = $5 WHERE institution = $1 AND id = $2";

    pub(super) fn touch(id: ExamPlanId, version: i64) =
        "UPDATE exam_plan SET version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = 'draft'";

    pub(super) fn replace(crebo: &str, cohort: u32) =
        "UPDATE exam_plan SET state = 'replaced', version = version + 1
         WHERE institution = $1 AND crebo = $2 AND cohort = $3 AND state = 'frozen'";

    pub(super) fn freeze(id: ExamPlanId, version: i64, by: Option<PersonId>, at: Timestamp, hash: &str) =
        "UPDATE exam_plan SET state = 'frozen', frozen_by = $4, frozen_at = $5, hash = $6, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = 'draft'";

    pub(super) fn remove(id: ExamPlanId) =
        "DELETE FROM exam_plan WHERE institution = $1 AND id = $2 AND state = 'draft'";

    pub(super) fn by_id(id: ExamPlanId) -> Plan =
        "SELECT {plan_shown} WHERE e.institution = $1 AND e.id = $2";

    pub(super) fn latest(crebo: &str, cohort: u32) -> Plan =
        "SELECT {plan_shown} WHERE e.institution = $1 AND e.crebo = $2 AND e.cohort = $3
         ORDER BY e.edition DESC LIMIT 1";

    pub(super) fn list(
        w1: &str, w2: &str, w3: &str, cohort: Option<u32>, state: Option<State>, drafts: bool, skip: i64, most: i64,
    ) -> PlanLine =
        "SELECT e.id, e.crebo, e.cohort, e.edition, e.name, e.level, e.state,
            (SELECT count(*) FROM exam_unit u WHERE u.institution = $1 AND u.plan = e.id) AS units,
            (SELECT count(*) FROM unit_test l WHERE l.institution = $1 AND l.plan = e.id) AS tests
         FROM exam_plan e
         WHERE e.institution = $1 AND e.cohort = coalesce($5, e.cohort) AND e.state = coalesce($6, e.state)
           AND ($7 OR e.state <> 'draft')
           AND {contains e.search $2} AND {contains e.search $3} AND {contains e.search $4}
         ORDER BY e.name, e.level, e.cohort DESC, e.edition DESC, e.id LIMIT $9 OFFSET $8";

    pub(super) fn count(
        w1: &str, w2: &str, w3: &str, cohort: Option<u32>, state: Option<State>, drafts: bool,
    ) -> (i64,) =
        "SELECT count(*) FROM exam_plan e
         WHERE e.institution = $1 AND e.cohort = coalesce($5, e.cohort) AND e.state = coalesce($6, e.state)
           AND ($7 OR e.state <> 'draft')
           AND {contains e.search $2} AND {contains e.search $3} AND {contains e.search $4}";

    pub(super) fn units(plan: ExamPlanId) -> Unit =
        "SELECT id, parent, code, name, kind, position, weight, pass_rule, attempts FROM exam_unit
         WHERE institution = $1 AND plan = $2 ORDER BY position, code, id";

    pub(super) fn unit(plan: ExamPlanId, unit: ExamUnitId) -> Unit =
        "SELECT id, parent, code, name, kind, position, weight, pass_rule, attempts FROM exam_unit
         WHERE institution = $1 AND plan = $2 AND id = $3";

    pub(super) fn lines(plan: ExamPlanId) -> Line =
        "SELECT l.unit, l.test, t.code, t.name, t.minutes, t.kind, t.active, l.position, l.weight, l.attempts, l.least
         FROM unit_test l JOIN exam_test t ON t.institution = $1 AND t.id = l.test
         WHERE l.institution = $1 AND l.plan = $2 ORDER BY l.position, t.code, l.unit";

    pub(super) fn prerequisites(plan: ExamPlanId) -> Prerequisite =
        "SELECT id, of_unit, of_test, kind, needs_unit, needs_test, year, who FROM prerequisite
         WHERE institution = $1 AND plan = $2 ORDER BY id";

    pub(super) fn put_unit(
        id: ExamUnitId, plan: ExamPlanId, parent: Option<ExamUnitId>, code: &str, name: &str, kind: UnitKind,
        position: i64, weight: i64, pass_rule: &str, attempts: Option<u32>,
    ) = "INSERT INTO exam_unit (institution, id, plan, parent, code, name, kind, position, weight, pass_rule, attempts)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (institution, id) DO UPDATE SET parent = excluded.parent, code = excluded.code,
            name = excluded.name, kind = excluded.kind, position = excluded.position, weight = excluded.weight,
            pass_rule = excluded.pass_rule, attempts = excluded.attempts";

    pub(super) fn put_test(
        unit: ExamUnitId, test: TestId, plan: ExamPlanId, position: i64, weight: i64, attempts: Option<u32>,
        least: Option<u32>,
    ) = "INSERT INTO unit_test (institution, unit, test, plan, position, weight, attempts, least)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (institution, unit, test) DO UPDATE SET position = excluded.position, weight = excluded.weight,
            attempts = excluded.attempts, least = excluded.least";

    pub(super) fn put_prerequisite(
        id: PrerequisiteId, plan: ExamPlanId, of_unit: ExamUnitId, of_test: Option<TestId>, kind: &str,
        needs_unit: Option<ExamUnitId>, needs_test: Option<TestId>, year: Option<u32>, who: Option<&str>,
    ) = "INSERT INTO prerequisite (institution, id, plan, of_unit, of_test, kind, needs_unit, needs_test, year, who)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

    pub(super) fn remove_prerequisite(plan: ExamPlanId, id: PrerequisiteId) =
        "DELETE FROM prerequisite WHERE institution = $1 AND plan = $2 AND id = $3";

    pub(super) fn remove_prerequisites_of(plan: ExamPlanId, unit: ExamUnitId) =
        "DELETE FROM prerequisite WHERE institution = $1 AND plan = $2 AND (of_unit = $3 OR needs_unit = $3)";

    pub(super) fn remove_prerequisites_for(plan: ExamPlanId, unit: ExamUnitId, test: TestId) =
        "DELETE FROM prerequisite WHERE institution = $1 AND plan = $2 AND of_unit = $3 AND of_test = $4";

    pub(super) fn remove_tests_of(plan: ExamPlanId, unit: ExamUnitId) =
        "DELETE FROM unit_test WHERE institution = $1 AND plan = $2 AND unit = $3";

    pub(super) fn remove_test(plan: ExamPlanId, unit: ExamUnitId, test: TestId) =
        "DELETE FROM unit_test WHERE institution = $1 AND plan = $2 AND unit = $3 AND test = $4";

    pub(super) fn remove_unit(plan: ExamPlanId, unit: ExamUnitId) =
        "DELETE FROM exam_unit WHERE institution = $1 AND plan = $2 AND id = $3";

    pub(super) fn clear_prerequisites(plan: ExamPlanId) =
        "DELETE FROM prerequisite WHERE institution = $1 AND plan = $2";

    pub(super) fn clear_tests(plan: ExamPlanId) = "DELETE FROM unit_test WHERE institution = $1 AND plan = $2";

    pub(super) fn clear_children(plan: ExamPlanId) =
        "DELETE FROM exam_unit WHERE institution = $1 AND plan = $2 AND parent IS NOT NULL";

    pub(super) fn clear_units(plan: ExamPlanId) = "DELETE FROM exam_unit WHERE institution = $1 AND plan = $2";

    pub(super) fn tests_by_code() -> (TestId, String, String, bool) =
        "SELECT id, code, name, active FROM exam_test WHERE institution = $1 ORDER BY code";
}
