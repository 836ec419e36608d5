use super::store;
use crate::Error;
use crate::error::filled;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, RulingId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

pub async fn withdraw(db: &Db, caller: &Caller, id: RulingId, reason: &str) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let one = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(RulingId::KIND))?;
    let allowed = regie_access::person(&mut reader, caller, Action::RuleOnStudents, one.person).await?;
    let reason = filled("reason", reason, 500)?;
    db.write(allowed.caller(), (one, reason), |tx, (one, reason)| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(store::withdraw(one.id, now), Expect::one(Error::ChangedMeanwhile));
            let old = json!({ "ruling": one.kind.code(), "test": one.test, "begins": one.begins, "ends": one.ends });
            Ok(tx.done((), Event::new("ruling.withdrawn", one.person).old(old).why(reason)))
        })
    })
    .await
}
