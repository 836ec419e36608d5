use super::{edit::open, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPlanId, Id};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Throws a draft away, with all that is in it. The journal keeps that it was there.
pub async fn discard(db: &Db, caller: &Caller, id: ExamPlanId, version: i64) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditExamPlans).await?;
    db.write(allowed.caller(), (), move |tx, ()| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(ExamPlanId::KIND))?;
            open(tx, &before, version)?;
            tx.queue(store::clear_prerequisites(id), Expect::any());
            tx.queue(store::clear_tests(id), Expect::any());
            tx.queue(store::clear_children(id), Expect::any());
            tx.queue(store::clear_units(id), Expect::any());
            tx.queue(store::remove(id), Expect::one(Error::ChangedMeanwhile));
            let old = json!({ "crebo": before.crebo, "cohort": before.cohort, "edition": before.edition });
            Ok(tx.done((), Event::new("examPlan.discarded", id).old(old)))
        })
    })
    .await
}
