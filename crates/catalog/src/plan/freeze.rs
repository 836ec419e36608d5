use super::{Whole, flaws, list, store};
use crate::Error;
use crate::decision::{self, Body, NewDecision, Outcome};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{DecisionId, ExamPlanId, Id};
use regie_db::{Ask, Event, Expect};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// Which draft, as it was shown.
#[derive(Debug, Clone)]
pub struct Freeze {
    pub id: ExamPlanId,
    pub version: i64,
    pub decision: DecisionId,
}

/// Fixes a plan for its cohort. From then on it never changes; the edition before it is replaced. Gives the number of
/// the decision.
pub async fn freeze(db: &Db, caller: &Caller, input: Freeze) -> Result<i64, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::about(&mut reader, caller, Action::FreezeExamPlans, input.id).await?;
    let by = allowed.caller().clone();
    db.write(allowed.caller(), (input, by), |tx, (it, by)| {
        Box::pin(async move {
            let plan = tx.opt(store::by_id(it.id)).await?.ok_or(Error::NotFound(ExamPlanId::KIND))?;
            if plan.state != super::State::Draft {
                return Err(Error::Fixed(ExamPlanId::KIND));
            }
            let whole = list::whole(tx, plan).await?;
            if let Some(flaw) = flaws(&whole).into_iter().next() {
                return Err(Error::Plan(flaw));
            }
            let hash = hash_of(&whole);
            tx.queue(store::replace(&whole.plan.crebo, whole.plan.cohort), Expect::any());
            let now = tx.recorded_at();
            tx.queue(
                store::freeze(it.id, it.version, by.person, now, &hash),
                Expect::one(Error::ChangedMeanwhile),
            );
            let title = format!("{} {} {}", whole.plan.name, whole.plan.crebo, whole.plan.cohort);
            let decision = NewDecision {
                id: it.decision,
                body: Body::Committee,
                kind: "exam-plan",
                outcome: Outcome::Granted,
                title,
                grounds: None,
                decided_on: by.today(),
            };
            let number = decision::record(tx, &by, it.id, decision).await?;
            tx.touch(it.id);
            let new = json!({ "hash": hash, "edition": whole.plan.edition, "decision": number });
            Ok(tx.done(number, Event::new("examPlan.frozen", it.id).new_value(new)))
        })
    })
    .await
}

/// Of everything that counts, in one order and one spelling; ids do not count.
fn hash_of(whole: &Whole) -> String {
    let unit_code = |id| whole.units.iter().find(|unit| unit.id == id).map(|unit| unit.code.as_str());
    let test_code = |id| whole.lines.iter().find(|line| line.test == id).map(|line| line.code.clone());
    let mut units: Vec<_> = whole.units.iter().collect();
    units.sort_by(|a, b| a.code.cmp(&b.code));
    let units: Vec<_> = units
        .into_iter()
        .map(|unit| {
            let mut lines: Vec<_> = whole.lines.iter().filter(|line| line.unit == unit.id).collect();
            lines.sort_by(|a, b| a.code.cmp(&b.code));
            let lines: Vec<_> = lines
                .iter()
                .map(|it| json!([it.code, it.position, it.weight, it.attempts, it.least]))
                .collect();
            let mut needs: Vec<_> = whole
                .prerequisites
                .iter()
                .filter(|it| it.of_unit == unit.id)
                .map(|it| {
                    let needed = it.needs_unit.and_then(unit_code);
                    let test = it.needs_test.map(|id| test_code(id).unwrap_or_else(|| id.to_string()));
                    json!([it.of_test.and_then(test_code), it.kind, needed, test, it.year, it.who])
                        .to_string()
                })
                .collect();
            needs.sort();
            json!([
                unit.code,
                unit.name,
                unit.kind.code(),
                unit.parent.and_then(unit_code),
                unit.position,
                unit.weight,
                unit.pass_rule,
                unit.attempts,
                lines,
                needs,
            ])
        })
        .collect();
    let plan = &whole.plan;
    let text = json!(["exam-plan/1", plan.crebo, plan.cohort, plan.name, plan.level, units]).to_string();
    hex::encode(Sha256::digest(text.as_bytes()))
}
