use super::{add::search, store};
use crate::Error;
use crate::error::{filled, within};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPlanId, Id};
use regie_db::{Ask, Event, Expect, Tx};
use serde_json::json;

/// Name and level of a draft. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct EditPlan {
    pub id: ExamPlanId,
    pub version: i64,
    pub name: String,
    pub level: u32,
}

pub async fn edit(db: &Db, caller: &Caller, input: EditPlan) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditExamPlans).await?;
    within("level", input.level.into(), 1, 4)?;
    let input = EditPlan { name: filled("name", &input.name, 160)?, ..input };
    db.write(allowed.caller(), input, |tx, it| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(it.id)).await?.ok_or(Error::NotFound(ExamPlanId::KIND))?;
            let words = search(&it.name, &before.crebo, before.cohort);
            open(tx, &before, it.version)?;
            tx.queue(store::update(it.id, &it.name, it.level, &words), Expect::any());
            let event = Event::new("examPlan.edited", it.id)
                .old(json!({ "name": before.name, "level": before.level }))
                .new_value(json!({ "name": it.name, "level": it.level }));
            Ok(tx.done((), event))
        })
    })
    .await
}

/// Every change of a draft passes here: a frozen plan does not, and neither does who was overtaken.
pub(super) fn open(tx: &mut Tx<Error>, plan: &super::Plan, version: i64) -> Result<(), Error> {
    if plan.state != super::State::Draft {
        return Err(Error::Fixed(ExamPlanId::KIND));
    }
    tx.queue(store::touch(plan.id, version), Expect::one(Error::ChangedMeanwhile));
    tx.touch(plan.id);
    Ok(())
}
