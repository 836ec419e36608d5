use super::store;
use crate::Error;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{GroupId, PersonId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// A member's last day in a group.
#[derive(Debug, Clone)]
pub struct Leave {
    pub group: GroupId,
    pub person: PersonId,
    pub last_day: Date,
    pub reason: Option<String>,
}

pub async fn leave(db: &Db, caller: &Caller, input: Leave) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::group(&mut reader, caller, Action::EditPeople, input.group).await?;
    let reason = crate::error::optional("reason", input.reason.as_deref(), 500)?;
    db.write(allowed.caller(), (input, reason), |tx, (Leave { group, person, last_day, .. }, reason)| {
        Box::pin(async move {
            // The stay that holds on that day; one that is still to come ends before it begins: that is never left.
            let stay = tx.opt(store::stay(group, person, last_day)).await?.ok_or(Error::NotAMember)?;
            tx.queue(
                store::end_member(group, person, stay.begins, last_day),
                Expect::one(Error::ChangedMeanwhile),
            );
            let old = json!({ "group": group, "begins": stay.begins, "ends": stay.ends });
            let new = json!({ "group": group, "begins": stay.begins, "ends": last_day });
            let mut event = Event::new("group.left", person).old(old).new_value(new);
            if let Some(reason) = reason {
                event = event.why(reason);
            }
            tx.touch(group);
            Ok(tx.done((), event))
        })
    })
    .await
}
