use super::store;
use crate::Error;
use crate::error::filled;
use jiff::civil::Date;
use regie_access::{Action, Db, width};
use regie_core::id::{MandateId, PersonId};
use regie_core::{Caller, Role, Scope};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct GiveMandate {
    pub id: MandateId,
    pub holder: PersonId,
    /// The task.
    pub action: Action,
    pub scope: Scope,
    pub begins: Date,
    /// The last day: a mandate without an end is no mandate.
    pub ends: Date,
    pub reason: String,
}

/// What this role can let others do: what it may do itself, except giving mandates on.
pub fn possible(role: Role) -> impl Iterator<Item = Action> {
    Action::ALL
        .iter()
        .copied()
        .filter(move |action| *action != Action::GiveMandates && width(role, *action).is_some())
        // Everybody may look around; that needs no mandate.
        .filter(|action| width(Role::Student, *action).is_none())
}

pub async fn give(db: &Db, caller: &Caller, input: GiveMandate) -> Result<MandateId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::GiveMandates, input.holder).await?;
    let caller = allowed.caller().clone();
    if caller.role.is_some_and(|role| !possible(role).any(|action| action == input.action)) {
        return Err(Error::MandateNotYours(input.action.code()));
    }
    // The task reaches no further than who gives it.
    match input.scope {
        Scope::Unit(unit) => {
            regie_access::unit(&mut reader, &caller, Action::GiveMandates, unit).await?;
        }
        Scope::Institution => {
            regie_access::here(&mut reader, &caller, Action::GiveMandates).await?;
        }
        Scope::Program(program) => {
            if caller.scope != input.scope {
                regie_access::here(&mut reader, &caller, Action::GiveMandates).await?;
            }
            crate::program::see(db, &caller, program).await?;
        }
        Scope::Session(_) | Scope::ProficiencyTest(_) => return Err(Error::ScopeIncomplete("mandate")),
    }
    if input.ends < input.begins {
        return Err(Error::EndBeforeBegin);
    }
    let input = GiveMandate { reason: filled("reason", &input.reason, 500)?, ..input };
    db.write(&caller, input, |tx, given| {
        Box::pin(async move {
            let (kind, scope) = (given.scope.kind(), given.scope.id());
            tx.queue(store::hold_holder(given.holder), Expect::one(Error::MandateToStudent));
            tx.queue(
                store::insert(
                    given.id,
                    given.holder,
                    given.action,
                    kind,
                    scope,
                    given.begins,
                    given.ends,
                    &given.reason,
                ),
                Expect::any(),
            );
            let (twice,) = tx.one(store::same_at_once(given.holder, given.action, kind, scope)).await?;
            if twice > 0 {
                return Err(Error::MandateAlready);
            }
            let new = json!({
                "mandate": given.id, "action": given.action.code(), "scope": { "kind": kind, "id": scope },
                "begins": given.begins, "ends": given.ends,
            });
            tx.touch(given.id);
            let event = Event::new("mandate.given", given.holder).new_value(new).why(given.reason);
            Ok(tx.done(given.id, event))
        })
    })
    .await
}
