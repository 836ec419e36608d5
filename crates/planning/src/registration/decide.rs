use super::{State, store};
use crate::error::optional;
use crate::{Error, period};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPeriodId, Id, RegistrationId};
use regie_core::period::State as PeriodState;
use regie_db::{Ask, Event, Expect, Outgoing};
use serde_json::json;

/// What the exam office says to a request or a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Approve,
    /// Always with a reason: the student reads it.
    Reject,
}

impl Decision {
    pub const ALL: [Decision; 2] = [Decision::Approve, Decision::Reject];

    pub const fn code(self) -> &'static str {
        match self {
            Decision::Approve => "approve",
            Decision::Reject => "reject",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.code() == code)
    }
}

pub async fn decide(
    db: &Db,
    caller: &Caller,
    id: RegistrationId,
    decision: Decision,
    reason: Option<&str>,
) -> Result<State, Error> {
    let mut reader = db.reader(caller.institution);
    let one = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(RegistrationId::KIND))?;
    let allowed = regie_access::person(&mut reader, caller, Action::DecideRegistrations, one.person).await?;
    let reason = optional("reason", reason, 500)?;
    if decision == Decision::Reject && reason.is_none() {
        return Err(Error::Missing("reason"));
    }
    db.write(allowed.caller(), (id, decision, reason), |tx, (id, decision, reason)| {
        Box::pin(async move {
            let one = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(RegistrationId::KIND))?;
            let period =
                tx.opt(period::store::by_id(one.period)).await?.ok_or(Error::NotFound(ExamPeriodId::KIND))?;
            let state = match (decision, one.state) {
                (Decision::Approve, State::Requested) => match period.state {
                    PeriodState::Open => State::Registered,
                    _ => State::Frozen,
                },
                (Decision::Reject, State::Requested | State::Registered) => State::Rejected,
                (_, state) => return Err(Error::RegistrationIs(state.code())),
            };
            let why = reason.clone().or(one.reason.clone()).unwrap_or_default();
            tx.queue(store::end(id, one.version, state.code(), &why), Expect::one(Error::ChangedMeanwhile));
            if state != State::Rejected {
                // A request that is granted is demand like any other: closing and granting wait for each other.
                let still = period::store::still(period.id, period.state, 0);
                tx.hot(still, Expect::one(Error::ChangedMeanwhile));
            }
            tx.touch(one.period);
            let telling = json!({
                "people": [one.person], "code": format!("registration-{}", state.code()),
                "arguments": { "test": one.test_name, "reason": why }, "place": "/exams",
            });
            tx.send(Outgoing::new("notice.tell", 1, one.person, telling));
            let old = json!({ "state": one.state.code() });
            let new = json!({ "registration": id, "test": one.test_name, "state": state.code() });
            let mut event = Event::new("registration.decided", one.person).old(old).new_value(new);
            if let Some(reason) = reason {
                event = event.why(reason);
            }
            Ok(tx.done(state, event))
        })
    })
    .await
}
