use super::{edit::open, store};
use crate::Error;
use crate::error::within;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPlanId, ExamUnitId, Id, TestId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// With which test a unit of a draft is examined.
#[derive(Debug, Clone)]
pub struct PutTest {
    pub plan: ExamPlanId,
    pub version: i64,
    pub unit: ExamUnitId,
    pub test: TestId,
    pub position: i64,
    /// In per cent of the unit.
    pub weight: i64,
    /// In one school year; those of the unit when empty.
    pub attempts: Option<u32>,
    /// The lowest grade, in tenths, without which the unit is not passed.
    pub least: Option<u32>,
}

impl PutTest {
    pub(super) fn checked(&self) -> Result<(), Error> {
        within("position", self.position, 0, 10_000)?;
        within("weight", self.weight, 0, 100)?;
        if let Some(attempts) = self.attempts {
            within("attempts", attempts.into(), 1, 20)?;
        }
        if let Some(least) = self.least {
            within("least", least.into(), 10, 100)?;
        }
        Ok(())
    }

    pub(super) fn query(&self) -> regie_db::Query<()> {
        let Self { unit, test, plan, position, weight, attempts, least, .. } = *self;
        store::put_test(unit, test, plan, position, weight, attempts, least)
    }

    pub(super) fn shown(&self) -> serde_json::Value {
        json!({
            "unit": self.unit, "test": self.test, "position": self.position, "weight": self.weight,
            "attempts": self.attempts, "least": self.least,
        })
    }
}

pub async fn put_test(db: &Db, caller: &Caller, input: PutTest) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditExamPlans).await?;
    input.checked()?;
    db.write(allowed.caller(), input, |tx, it| {
        Box::pin(async move {
            let plan = tx.opt(store::by_id(it.plan)).await?.ok_or(Error::NotFound(ExamPlanId::KIND))?;
            tx.opt(store::unit(it.plan, it.unit)).await?.ok_or(Error::NotFound(ExamUnitId::KIND))?;
            open(tx, &plan, it.version)?;
            tx.queue(it.query(), Expect::any().or_foreign(Error::NotFound(TestId::KIND)));
            Ok(tx.done((), Event::new("examPlan.testPut", it.plan).new_value(it.shown())))
        })
    })
    .await
}

pub async fn remove_test(
    db: &Db,
    caller: &Caller,
    plan: ExamPlanId,
    version: i64,
    unit: ExamUnitId,
    test: TestId,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditExamPlans).await?;
    db.write(allowed.caller(), (), move |tx, ()| {
        Box::pin(async move {
            let found = tx.opt(store::by_id(plan)).await?.ok_or(Error::NotFound(ExamPlanId::KIND))?;
            open(tx, &found, version)?;
            tx.queue(store::remove_prerequisites_for(plan, unit, test), Expect::any());
            tx.queue(store::remove_test(plan, unit, test), Expect::one(Error::NotFound(TestId::KIND)));
            let old = json!({ "unit": unit, "test": test });
            Ok(tx.done((), Event::new("examPlan.testRemoved", plan).old(old)))
        })
    })
    .await
}
