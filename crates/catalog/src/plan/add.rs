use super::{UnitKind, Whole, is_crebo, list, store};
use crate::Error;
use crate::error::{filled, within};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPlanId, ExamUnitId, Id, PrerequisiteId};
use regie_core::name::folded;
use regie_db::{Ask, Event, Expect, Tx};
use serde_json::json;
use uuid::Uuid;

/// A new edition for a qualification and cohort. It begins with what the last edition says, or with nothing.
#[derive(Debug, Clone)]
pub struct AddPlan {
    pub id: ExamPlanId,
    pub crebo: String,
    pub cohort: u32,
    pub name: String,
    pub level: u32,
}

pub(super) fn search(name: &str, crebo: &str, cohort: u32) -> String {
    folded(&format!("{name} {crebo} {cohort}"))
}

/// One draft of a qualification and cohort at a time.
pub async fn add(db: &Db, caller: &Caller, input: AddPlan) -> Result<ExamPlanId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditExamPlans).await?;
    if !is_crebo(&input.crebo) {
        return Err(Error::Crebo);
    }
    within("cohort", input.cohort.into(), 2000, 2100)?;
    within("level", input.level.into(), 1, 4)?;
    let input = AddPlan { name: filled("name", &input.name, 160)?, ..input };
    let person = allowed.caller().person;
    db.write(allowed.caller(), input, move |tx, it| {
        Box::pin(async move {
            let before = tx.opt(store::latest(&it.crebo, it.cohort)).await?;
            if before.as_ref().is_some_and(|plan| plan.state == super::State::Draft) {
                return Err(Error::DraftExists);
            }
            let edition = before.as_ref().map_or(1, |plan| plan.edition + 1);
            tx.queue(
                store::insert(
                    it.id,
                    &it.crebo,
                    it.cohort,
                    edition,
                    &it.name,
                    it.level,
                    person,
                    &search(&it.name, &it.crebo, it.cohort),
                ),
                Expect::unique(Error::DraftExists),
            );
            if let Some(before) = before {
                let whole = list::whole(tx, before).await?;
                copy(tx, it.id, &whole);
            }
            tx.touch(it.id);
            let new = json!({
                "crebo": it.crebo, "cohort": it.cohort, "edition": edition, "name": it.name, "level": it.level,
            });
            Ok(tx.done(it.id, Event::new("examPlan.added", it.id).new_value(new)))
        })
    })
    .await
}

fn copy(tx: &mut Tx<Error>, to: ExamPlanId, from: &Whole) {
    // The same thing copied to the same plan has one id, however often the transaction runs.
    let mixed = |id: Uuid| Uuid::from_u128(id.as_u128() ^ to.uuid().as_u128().rotate_left(64));
    let unit_of = |id: ExamUnitId| ExamUnitId::from_uuid(mixed(id.uuid()));
    // Parents first: a work process refers to its core task.
    let (parents, children): (Vec<_>, Vec<_>) = from.units.iter().partition(|unit| unit.parent.is_none());
    for unit in parents.into_iter().chain(children) {
        let kind: UnitKind = unit.kind;
        tx.queue(
            store::put_unit(
                unit_of(unit.id),
                to,
                unit.parent.map(unit_of),
                &unit.code,
                &unit.name,
                kind,
                unit.position,
                unit.weight,
                &unit.pass_rule,
                unit.attempts,
            ),
            Expect::any(),
        );
    }
    for line in &from.lines {
        let (unit, least) = (unit_of(line.unit), line.least);
        tx.queue(
            store::put_test(unit, line.test, to, line.position, line.weight, line.attempts, least),
            Expect::any(),
        );
    }
    for it in &from.prerequisites {
        tx.queue(
            store::put_prerequisite(
                PrerequisiteId::from_uuid(mixed(it.id.uuid())),
                to,
                unit_of(it.of_unit),
                it.of_test,
                &it.kind,
                it.needs_unit.map(unit_of),
                it.needs_test,
                it.year,
                it.who.as_deref(),
            ),
            Expect::any(),
        );
    }
}
