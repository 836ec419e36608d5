use super::{State, channel, store};
use crate::error::optional;
use crate::{Error, period};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, RegistrationId};
use regie_core::period::{Gate, gate};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Takes a registration back: who may register may do it until their channel closes, the exam office afterwards too,
/// with a reason.
pub async fn withdraw(
    db: &Db,
    caller: &Caller,
    id: RegistrationId,
    reason: Option<&str>,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let one = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(RegistrationId::KIND))?;
    let allowed = regie_access::person(&mut reader, caller, Action::RegisterStudents, one.person).await?;
    let decides = regie_access::person(&mut reader, caller, Action::DecideRegistrations, one.person).await;
    let reason = optional("reason", reason, 500)?;
    let input = (id, reason, decides.is_ok(), caller.occurred_at, channel(caller));
    db.write(allowed.caller(), input, |tx, (id, reason, decides, now, channel)| {
        Box::pin(async move {
            let one = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(RegistrationId::KIND))?;
            let open = match tx.opt(period::store::by_id(one.period)).await? {
                Some(period) => matches!(gate(period.window(channel), now), Gate::Open),
                None => false,
            };
            match one.state {
                State::Withdrawn => return Ok(tx.done((), Event::none("it was taken back before"))),
                State::Requested => {}
                State::Registered if open => {}
                State::Registered | State::Frozen if decides && reason.is_some() => {}
                State::Registered | State::Frozen if decides => return Err(Error::Missing("reason")),
                state => return Err(Error::RegistrationIs(state.code())),
            }
            let why = reason.clone().unwrap_or_default();
            tx.queue(
                store::end(id, one.version, State::Withdrawn.code(), &why),
                Expect::one(Error::ChangedMeanwhile),
            );
            tx.touch(one.period);
            let old = json!({ "state": one.state.code() });
            let new = json!({ "registration": id, "test": one.test_name, "state": State::Withdrawn.code() });
            let mut event = Event::new("registration.withdrawn", one.person).old(old).new_value(new);
            if let Some(reason) = reason {
                event = event.why(reason);
            }
            Ok(tx.done((), event))
        })
    })
    .await
}
