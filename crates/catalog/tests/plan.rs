//! Exam plans on both databases: made, imported, fixed, and then never changed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod shelf;

use regie_catalog::Error;
use regie_catalog::plan::import::{self, Effect, SheetRow};
use regie_catalog::plan::{
    self, AddPlan, EditPlan, Freeze, Needs, PlanFlaw, PutPrerequisite, PutTest, PutUnit, State, UnitKind,
    flaws,
};
use regie_catalog::test::Kind;
use regie_core::id::{ExamPlanId, ExamUnitId, TestId};
use regie_core::pass_rule::PassRule;
use regie_core::{Caller, Role};
use regie_testkit::{World, both};

async fn drafted(world: &World, by: &Caller) -> ExamPlanId {
    let input = AddPlan {
        id: world.id(),
        crebo: "25480".into(),
        cohort: 2026,
        name: "Verpleegkundige".into(),
        level: 4,
    };
    plan::add(&world.db, by, input).await.unwrap()
}

async fn version(world: &World, by: &Caller, id: ExamPlanId) -> i64 {
    plan::see(&world.db, by, id).await.unwrap().plan.version
}

async fn unit(world: &World, by: &Caller, plan: ExamPlanId, code: &str) -> ExamUnitId {
    let input = PutUnit {
        plan,
        version: version(world, by, plan).await,
        unit: world.id(),
        parent: None,
        code: code.into(),
        name: format!("Onderdeel {code}"),
        kind: UnitKind::CoreTask,
        position: 10,
        weight: 1,
        rule: PassRule::Grade { least: 6 },
        attempts: Some(2),
    };
    let id = input.unit;
    plan::put_unit(&world.db, by, input).await.unwrap();
    id
}

async fn examined(world: &World, by: &Caller, plan: ExamPlanId, unit: ExamUnitId, test: TestId, weight: i64) {
    let version = version(world, by, plan).await;
    let input = PutTest { plan, version, unit, test, position: 10, weight, attempts: None, least: None };
    plan::put_test(&world.db, by, input).await.unwrap();
}

fn row(number: u32, cells: [&str; 9]) -> SheetRow {
    SheetRow { number, cells: cells.map(|cell| (!cell.is_empty()).then(|| cell.to_owned())).into() }
}

both! {
    async fn a_plan_is_fixed_once_and_a_next_edition_replaces_it(world: World) {
        let (office, chair) = (world.caller(Role::ExamOffice), world.caller(Role::CommitteeChair));
        let student = world.caller(Role::Student);
        let id = drafted(&world, &office).await;
        let again = AddPlan { id: world.id(), crebo: "25480".into(), cohort: 2026, name: "X".into(), level: 4 };
        assert_eq!(plan::add(&world.db, &office, again.clone()).await, Err(Error::DraftExists));
        let odd = AddPlan { crebo: "2548".into(), ..again.clone() };
        assert_eq!(plan::add(&world.db, &office, odd).await, Err(Error::Crebo));
        // Students see what holds, not what is being made.
        assert_eq!(plan::see(&world.db, &student, id).await, Err(Error::NotFound("examPlan")));
        let test = shelf::test(&world, "BK1", Kind::Written).await;
        let k1 = unit(&world, &office, id, "B1-K1").await;
        let k2 = unit(&world, &office, id, "B1-K2").await;
        let freeze = async |by: &Caller, version| {
            plan::freeze(&world.db, by, Freeze { id, version, decision: world.id() }).await
        };
        let now = async || version(&world, &office, id).await;
        assert_eq!(freeze(&chair, now().await).await, Err(Error::Plan(PlanFlaw::NoTest("B1-K1".into()))));
        examined(&world, &office, id, k1, test, 60).await;
        examined(&world, &office, id, k2, test, 100).await;
        assert_eq!(freeze(&chair, now().await).await, Err(Error::Plan(PlanFlaw::Weights("B1-K1".into(), 60))));
        examined(&world, &office, id, k1, test, 100).await;
        assert!(matches!(freeze(&office, now().await).await, Err(Error::Refused(_))));
        assert_eq!(freeze(&chair, 1).await, Err(Error::ChangedMeanwhile));
        assert_eq!(freeze(&chair, now().await).await, Ok(1));
        let fixed = Err(Error::Fixed("examPlan"));
        let edit = EditPlan { id, version: now().await, name: "Anders".into(), level: 3 };
        assert_eq!(plan::edit(&world.db, &office, edit).await, fixed);
        assert_eq!(plan::remove_unit(&world.db, &office, id, now().await, k1).await, fixed);
        assert_eq!(plan::discard(&world.db, &office, id, now().await).await, fixed);
        assert_eq!(plan::see(&world.db, &student, id).await.unwrap().units.len(), 2);

        let next = plan::add(&world.db, &office, again).await.unwrap();
        let copy = plan::see(&world.db, &office, next).await.unwrap();
        assert_eq!((copy.plan.edition, copy.units.len(), copy.lines.len()), (2, 2, 2));
        let second = Freeze { id: next, version: copy.plan.version, decision: world.id() };
        plan::freeze(&world.db, &chair, second).await.unwrap();
        let old = plan::see(&world.db, &student, id).await.unwrap().plan;
        let new = plan::see(&world.db, &student, next).await.unwrap().plan;
        assert_eq!((old.state, new.state), (State::Replaced, State::Frozen));
        assert_ne!(old.hash, new.hash, "the name is another");
    }

    async fn nothing_comes_before_itself(world: World) {
        let office = world.caller(Role::ExamOffice);
        let id = drafted(&world, &office).await;
        let (k1, k2) = (unit(&world, &office, id, "K1").await, unit(&world, &office, id, "K2").await);
        let test = shelf::test(&world, "BK1", Kind::Written).await;
        examined(&world, &office, id, k1, test, 100).await;
        let ask = async |of_unit, needs| {
            let version = version(&world, &office, id).await;
            let input = PutPrerequisite { id: world.id(), plan: id, version, of_unit, of_test: None, needs };
            plan::put_prerequisite(&world.db, &office, input).await
        };
        ask(k2, Needs::UnitPassed(k1)).await.unwrap();
        assert_eq!(ask(k1, Needs::UnitPassed(k2)).await, Err(Error::Plan(PlanFlaw::Round("K1".into()))));
        assert!(matches!(ask(k1, Needs::UnitPassed(k1)).await, Err(Error::Plan(PlanFlaw::Round(_)))));
        assert!(matches!(ask(k1, Needs::TestPassed(test)).await, Err(Error::Plan(PlanFlaw::Round(_)))));
        ask(k1, Needs::Year(2)).await.unwrap();
        assert_eq!(ask(k1, Needs::Year(9)).await, Err(Error::Range("year", 1, 4)));
        ask(k1, Needs::Agreement("SLB".into())).await.unwrap();
        let whole = plan::see(&world.db, &office, id).await.unwrap();
        assert_eq!(whole.prerequisites.len(), 3);
        assert!(!flaws(&whole).iter().any(|flaw| matches!(flaw, PlanFlaw::Round(_))));
        plan::remove_unit(&world.db, &office, id, whole.plan.version, k1).await.unwrap();
        assert_eq!(plan::see(&world.db, &office, id).await.unwrap().prerequisites, []);
    }

    async fn a_sheet_is_judged_by_cell_and_carried_out_as_one(world: World) {
        let (office, chair) = (world.caller(Role::ExamOffice), world.caller(Role::CommitteeChair));
        let id = drafted(&world, &office).await;
        for code in ["NE-CE", "NE-IE", "BK1"] {
            shelf::test(&world, code, Kind::Written).await;
        }
        let wrong = [
            row(2, ["NED", "Nederlands", "generiek", "", "5", "2", "NE-CE", "50", ""]),
            row(3, ["NED", "", "", "", "", "", "NE-XX", "half", ""]),
            row(4, ["B1-K1", "Zorg", "taakje", "", "zes", "", "BK1", "100", "NEDERLANDS"]),
            row(5, ["", "Iets", "", "", "", "", "", "", ""]),
            row(6, ["LB", "", "burgerschap", "", "voldaan", "", "", "", ""]),
        ];
        let seen = import::preview(&world.db, &office, id, &wrong).await.unwrap();
        let faults: Vec<_> = seen.rows.iter().flat_map(|row| {
            row.faults.iter().map(|fault| (row.number, fault.column, fault.code.as_str()))
        }).collect();
        assert_eq!(faults, [
            (3, "weight", "sheet-plan-number"),
            (3, "test", "sheet-plan-test-unknown"),
            (4, "unit_kind", "sheet-plan-kind"),
            (4, "rule", "sheet-plan-rule"),
            (5, "unit", "sheet-plan-unit-missing"),
            (6, "unit_name", "sheet-plan-name-missing"),
        ]);
        let refused = import::carry_out(&world.db, &office, id, seen.version, wrong.to_vec()).await;
        assert_eq!(refused, Err(Error::ChangedMeanwhile), "what is refused is not carried out in part");
        assert_eq!(plan::see(&world.db, &office, id).await.unwrap().units, []);

        let right = [
            row(2, ["NED", "Nederlands", "generiek", "", "5", "", "NE-CE", "50", ""]),
            row(3, ["NED", "", "", "", "", "", "NE-IE", "50", ""]),
            row(4, ["B1-K1-W1", "Werkproces", "werkproces", "B1-K1", "V", "", "BK1", "100", "NED"]),
            row(5, ["B1-K1", "Zorg", "kerntaak", "", "6", "2", "", "", ""]),
            row(6, ["LB", "Loopbaan en burgerschap", "L&B", "", "voldaan", "", "", "", ""]),
        ];
        let seen = import::preview(&world.db, &office, id, &right).await.unwrap();
        assert_eq!((seen.refused(), seen.changing()), (0, 5), "{:?}", seen.rows);
        assert_eq!(import::carry_out(&world.db, &office, id, seen.version, right.to_vec()).await, Ok(5));
        let whole = plan::see(&world.db, &office, id).await.unwrap();
        assert_eq!((whole.units.len(), whole.lines.len(), whole.prerequisites.len()), (4, 3, 1));
        let process = whole.units.iter().find(|unit| unit.code == "B1-K1-W1").unwrap();
        let task = whole.units.iter().find(|unit| unit.code == "B1-K1").unwrap();
        assert_eq!((process.parent, task.kind, task.attempts), (Some(task.id), UnitKind::CoreTask, Some(2)));
        assert_eq!(flaws(&whole), []);
        // The same sheet again does nothing.
        let again = import::preview(&world.db, &office, id, &right).await.unwrap();
        assert!(again.rows.iter().all(|row| row.effect == Effect::Same), "{:?}", again.rows);
        let version = whole.plan.version;
        plan::freeze(&world.db, &chair, Freeze { id, version, decision: world.id() }).await.unwrap();
        assert_eq!(import::preview(&world.db, &office, id, &right).await, Err(Error::Fixed("examPlan")));
    }
}
