use super::store;
use crate::Error;
use crate::decision::{self, Body, NewDecision, Outcome};
use crate::error::filled;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{DecisionId, Id, PlatformId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// From when to when a platform may be used, and why the committee thinks so. To end a permission, give its last day.
#[derive(Debug, Clone)]
pub struct Permit {
    pub platform: PlatformId,
    pub version: i64,
    pub from: Date,
    /// The last day.
    pub until: Option<Date>,
    pub grounds: String,
    pub decision: DecisionId,
}

pub async fn permit(db: &Db, caller: &Caller, input: Permit) -> Result<i64, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::PermitPlatforms).await?;
    if input.until.is_some_and(|until| until < input.from) {
        return Err(Error::EndBeforeBegin);
    }
    let input = Permit { grounds: filled("grounds", &input.grounds, 2_000)?, ..input };
    let by = allowed.caller().clone();
    db.write(allowed.caller(), (input, by), |tx, (it, by)| {
        Box::pin(async move {
            let missing = Error::NotFound(PlatformId::KIND);
            let before = tx.opt(store::by_id(it.platform)).await?.ok_or(missing)?;
            tx.queue(
                store::permit(it.platform, it.version, it.from, it.until, &it.grounds),
                Expect::one(Error::ChangedMeanwhile),
            );
            let decision = NewDecision {
                id: it.decision,
                body: Body::Committee,
                kind: "platform",
                outcome: Outcome::Granted,
                title: before.name.clone(),
                grounds: Some(it.grounds.clone()),
                decided_on: by.today(),
            };
            let number = decision::record(tx, &by, it.platform, decision).await?;
            tx.touch(it.platform);
            let event = Event::new("platform.permitted", it.platform)
                .old(json!({ "from": before.permitted_from, "until": before.permitted_until, "grounds": before.grounds }))
                .new_value(json!({ "from": it.from, "until": it.until, "grounds": it.grounds, "decision": number }));
            Ok(tx.done(number, event))
        })
    })
    .await
}
