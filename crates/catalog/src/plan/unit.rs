use super::{UnitKind, edit::open, store};
use crate::Error;
use crate::error::{filled, within};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPlanId, ExamUnitId, Id};
use regie_core::pass_rule::PassRule;
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// A unit of a draft, new or as it should be.
#[derive(Debug, Clone)]
pub struct PutUnit {
    pub plan: ExamPlanId,
    pub version: i64,
    pub unit: ExamUnitId,
    pub parent: Option<ExamUnitId>,
    pub code: String,
    pub name: String,
    pub kind: UnitKind,
    pub position: i64,
    /// How much it counts among its likes; 0 when it does not.
    pub weight: i64,
    pub rule: PassRule,
    /// In one school year, for each of its tests; without end when empty.
    pub attempts: Option<u32>,
}

impl PutUnit {
    pub(super) fn checked(self) -> Result<Self, Error> {
        within("position", self.position, 0, 10_000)?;
        within("weight", self.weight, 0, 1_000)?;
        if let Some(attempts) = self.attempts {
            within("attempts", attempts.into(), 1, 20)?;
        }
        if self.parent == Some(self.unit) {
            return Err(Error::Plan(super::PlanFlaw::Parent(self.code)));
        }
        Ok(Self { code: filled("code", &self.code, 40)?, name: filled("name", &self.name, 160)?, ..self })
    }

    pub(super) fn query(&self) -> regie_db::Query<()> {
        let rule = json!(self.rule).to_string();
        store::put_unit(
            self.unit,
            self.plan,
            self.parent,
            &self.code,
            &self.name,
            self.kind,
            self.position,
            self.weight,
            &rule,
            self.attempts,
        )
    }

    pub(super) fn shown(&self) -> serde_json::Value {
        json!({
            "unit": self.unit, "code": self.code, "name": self.name, "kind": self.kind.code(),
            "parent": self.parent, "position": self.position, "weight": self.weight, "rule": self.rule,
            "attempts": self.attempts,
        })
    }
}

pub async fn put_unit(db: &Db, caller: &Caller, input: PutUnit) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditExamPlans).await?;
    let input = input.checked()?;
    db.write(allowed.caller(), input, |tx, it| {
        Box::pin(async move {
            let plan = tx.opt(store::by_id(it.plan)).await?.ok_or(Error::NotFound(ExamPlanId::KIND))?;
            open(tx, &plan, it.version)?;
            if let Some(parent) = it.parent {
                let parent = tx.opt(store::unit(it.plan, parent)).await?;
                // Work processes hang below something that hangs below nothing.
                if parent.is_none_or(|parent| parent.parent.is_some()) {
                    return Err(Error::Plan(super::PlanFlaw::Parent(it.code)));
                }
            }
            tx.queue(it.query(), Expect::unique(Error::CodeTaken(it.code.clone())));
            Ok(tx.done((), Event::new("examPlan.unitPut", it.plan).new_value(it.shown())))
        })
    })
    .await
}

/// Takes a unit out of a draft, with its tests, what was asked before it, and what it was asked for.
pub async fn remove_unit(
    db: &Db,
    caller: &Caller,
    plan: ExamPlanId,
    version: i64,
    unit: ExamUnitId,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditExamPlans).await?;
    db.write(allowed.caller(), (), move |tx, ()| {
        Box::pin(async move {
            let found = tx.opt(store::by_id(plan)).await?.ok_or(Error::NotFound(ExamPlanId::KIND))?;
            let old = tx.opt(store::unit(plan, unit)).await?.ok_or(Error::NotFound(ExamUnitId::KIND))?;
            open(tx, &found, version)?;
            tx.queue(store::remove_prerequisites_of(plan, unit), Expect::any());
            tx.queue(store::remove_tests_of(plan, unit), Expect::any());
            let children = Error::Plan(super::PlanFlaw::Children(old.code.clone()));
            tx.queue(
                store::remove_unit(plan, unit),
                Expect::one(Error::ChangedMeanwhile).or_foreign(children),
            );
            let old = json!({ "unit": unit, "code": old.code, "name": old.name });
            Ok(tx.done((), Event::new("examPlan.unitRemoved", plan).old(old)))
        })
    })
    .await
}
