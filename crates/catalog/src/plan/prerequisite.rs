use super::{Prerequisite, edit::open, flaw, list, store};
use crate::Error;
use crate::error::{filled, within};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPlanId, ExamUnitId, Id, PrerequisiteId, TestId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// What must be there first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needs {
    UnitPassed(ExamUnitId),
    TestPassed(TestId),
    TestTaken(TestId),
    /// From this year of study.
    Year(u32),
    /// Somebody's word, such as the coach's.
    Agreement(String),
}

impl Needs {
    pub const KINDS: [&'static str; 5] = ["unit-passed", "test-passed", "test-taken", "year", "agreement"];

    pub const fn kind(&self) -> &'static str {
        match self {
            Needs::UnitPassed(_) => "unit-passed",
            Needs::TestPassed(_) => "test-passed",
            Needs::TestTaken(_) => "test-taken",
            Needs::Year(_) => "year",
            Needs::Agreement(_) => "agreement",
        }
    }
}

/// What is asked before one test of a unit, or before all of them.
#[derive(Debug, Clone)]
pub struct PutPrerequisite {
    pub id: PrerequisiteId,
    pub plan: ExamPlanId,
    pub version: i64,
    pub of_unit: ExamUnitId,
    pub of_test: Option<TestId>,
    pub needs: Needs,
}

impl PutPrerequisite {
    pub(super) fn row(&self) -> Prerequisite {
        let mut row = Prerequisite {
            id: self.id,
            of_unit: self.of_unit,
            of_test: self.of_test,
            kind: self.needs.kind().into(),
            needs_unit: None,
            needs_test: None,
            year: None,
            who: None,
        };
        match &self.needs {
            Needs::UnitPassed(unit) => row.needs_unit = Some(*unit),
            Needs::TestPassed(test) | Needs::TestTaken(test) => row.needs_test = Some(*test),
            Needs::Year(year) => row.year = Some(*year),
            Needs::Agreement(who) => row.who = Some(who.clone()),
        }
        row
    }

    pub(super) fn query(&self) -> regie_db::Query<()> {
        let row = self.row();
        store::put_prerequisite(
            row.id,
            self.plan,
            row.of_unit,
            row.of_test,
            &row.kind,
            row.needs_unit,
            row.needs_test,
            row.year,
            row.who.as_deref(),
        )
    }
}

pub async fn put_prerequisite(db: &Db, caller: &Caller, input: PutPrerequisite) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditExamPlans).await?;
    match &input.needs {
        Needs::Year(year) => within("year", (*year).into(), 1, 4)?,
        Needs::Agreement(who) => drop(filled("who", who, 80)?),
        _ => {}
    }
    db.write(allowed.caller(), input, |tx, it| {
        Box::pin(async move {
            let plan = tx.opt(store::by_id(it.plan)).await?.ok_or(Error::NotFound(ExamPlanId::KIND))?;
            let version = it.version;
            let mut whole = list::whole(tx, plan.clone()).await?;
            let has_unit = |id| whole.units.iter().any(|unit| unit.id == id);
            if !has_unit(it.of_unit) || matches!(it.needs, Needs::UnitPassed(unit) if !has_unit(unit)) {
                return Err(Error::NotFound(ExamUnitId::KIND));
            }
            whole.prerequisites.push(it.row());
            if let Some(round) = flaw::round(&whole) {
                return Err(Error::Plan(round));
            }
            open(tx, &plan, version)?;
            tx.queue(it.query(), Expect::any().or_foreign(Error::NotFound(TestId::KIND)));
            let new = json!({ "unit": it.of_unit, "test": it.of_test, "needs": it.needs.kind() });
            Ok(tx.done((), Event::new("examPlan.prerequisitePut", it.plan).new_value(new)))
        })
    })
    .await
}

pub async fn remove_prerequisite(
    db: &Db,
    caller: &Caller,
    plan: ExamPlanId,
    version: i64,
    id: PrerequisiteId,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditExamPlans).await?;
    db.write(allowed.caller(), (), move |tx, ()| {
        Box::pin(async move {
            let found = tx.opt(store::by_id(plan)).await?.ok_or(Error::NotFound(ExamPlanId::KIND))?;
            open(tx, &found, version)?;
            let missing = Error::NotFound(PrerequisiteId::KIND);
            tx.queue(store::remove_prerequisite(plan, id), Expect::one(missing));
            Ok(tx.done(
                (),
                Event::new("examPlan.prerequisiteRemoved", plan).old(json!({ "prerequisite": id })),
            ))
        })
    })
    .await
}
