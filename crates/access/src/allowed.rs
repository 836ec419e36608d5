//! `Allowed<T>`: permission as a value in the signature. Only this crate makes one.

use crate::duty::{When, duties};
use crate::reach::{
    Reach, group_reached, group_there, person_reached, person_there, unit_reached, unit_there,
};
use crate::{Action, Refusal, mandate, width};
use regie_core::Caller;
use regie_core::id::{GroupId, Id, InstitutionId, PersonId, UnitId};
use regie_db::{Ask, Db, Event, Query, statements};
use uuid::Uuid;

/// Proof that this caller may do this action to this thing, now.
#[derive(Debug, Clone)]
pub struct Allowed<T> {
    what: T,
    caller: Caller,
    action: Action,
}

impl<T> Allowed<T> {
    pub fn what(&self) -> &T {
        &self.what
    }

    /// The caller as it acts: with the mandate that made it possible, if one did.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    pub fn action(&self) -> Action {
        self.action
    }
}

impl<T: Id> Allowed<T> {
    pub fn id(&self) -> T {
        self.what
    }
}

/// Something of the whole institution: its settings, its journal, its rooms.
pub async fn here(
    q: &mut impl Ask,
    caller: &Caller,
    action: Action,
) -> Result<Allowed<InstitutionId>, Refusal> {
    let (caller, reach) = by_role_or_mandate(q, caller, action).await?;
    if !reach.is_all() {
        return Err(Refusal::OutOfReach { action, role: caller.role });
    }
    Ok(Allowed { what: caller.institution, caller, action })
}

/// One thing of the whole institution that only one pair of hands may not do all about.
pub async fn about<T: Id>(
    q: &mut impl Ask,
    caller: &Caller,
    action: Action,
    id: T,
) -> Result<Allowed<T>, Refusal> {
    let allowed = here(q, caller, action).await?;
    separate(q, &allowed.caller, action, id.uuid(), false).await?;
    Ok(Allowed { what: id, caller: allowed.caller, action })
}

/// A list: what of it the caller reaches goes into the query's fragment.
pub async fn list(q: &mut impl Ask, caller: &Caller, action: Action) -> Result<Allowed<Reach>, Refusal> {
    let (caller, reach) = by_role_or_mandate(q, caller, action).await?;
    Ok(Allowed { what: reach, caller, action })
}

/// One person.
pub async fn person(
    q: &mut impl Ask,
    caller: &Caller,
    action: Action,
    id: PersonId,
) -> Result<Allowed<PersonId>, Refusal> {
    let (caller, reach) = by_role_or_mandate(q, caller, action).await?;
    let reached = person_reached(id, reach.kind, reach.me, reach.scope, reach.today);
    let allowed = one(q, caller, action, id, person_there(id), reached).await?;
    let oneself = allowed.caller.person.or(allowed.caller.owner) == Some(id);
    separate(q, &allowed.caller, action, id.uuid(), oneself).await?;
    Ok(allowed)
}

/// A unit and what hangs below it.
pub async fn unit(
    q: &mut impl Ask,
    caller: &Caller,
    action: Action,
    id: UnitId,
) -> Result<Allowed<UnitId>, Refusal> {
    let (caller, reach) = by_role_or_mandate(q, caller, action).await?;
    one(q, caller, action, id, unit_there(id), unit_reached(id, reach.kind, reach.scope)).await
}

/// One group of students and staff.
pub async fn group(
    q: &mut impl Ask,
    caller: &Caller,
    action: Action,
    id: GroupId,
) -> Result<Allowed<GroupId>, Refusal> {
    let (caller, reach) = by_role_or_mandate(q, caller, action).await?;
    let reached = group_reached(id, reach.kind, reach.me, reach.scope, reach.today);
    one(q, caller, action, id, group_there(id), reached).await
}

/// It must exist, and lie within reach: in that order, so that each gets its own answer.
async fn one<T: Id>(
    q: &mut impl Ask,
    caller: Caller,
    action: Action,
    id: T,
    there: Query<(i64,)>,
    reached: Query<(i64,)>,
) -> Result<Allowed<T>, Refusal> {
    if q.one(there).await?.0 == 0 {
        return Err(Refusal::NotFound { kind: T::KIND });
    }
    if q.one(reached).await?.0 == 0 {
        return Err(Refusal::OutOfReach { action, role: caller.role });
    }
    Ok(Allowed { what: id, caller, action })
}

/// Above schools: only the platform's own people.
pub async fn platform(q: &mut impl Ask, caller: &Caller) -> Result<Allowed<InstitutionId>, Refusal> {
    here(q, caller, Action::ManageInstitutions).await
}

/// The role's own reach, or else that of a mandate; the caller then acts under it.
async fn by_role_or_mandate(
    q: &mut impl Ask,
    caller: &Caller,
    action: Action,
) -> Result<(Caller, Reach), Refusal> {
    let Some(role) = caller.role else {
        // The system itself; pages always have a caller with a role.
        let system = caller.account.is_none() && caller.client.is_none();
        return match system {
            true => Ok((caller.clone(), Reach::of(caller, crate::Width::Everywhere))),
            false => Err(Refusal::NoCaller),
        };
    };
    if let Some(width) = width(role, action) {
        return Ok((caller.clone(), Reach::of(caller, width)));
    }
    match mandate::find(q, caller, action).await? {
        Some((mandate, scope)) => {
            let acting = Caller { mandate: Some(mandate), scope, ..caller.clone() };
            let reach = Reach::of(&acting, crate::Width::Scope);
            Ok((acting, reach))
        }
        None => Err(Refusal::NotInRole { action, role: Some(role) }),
    }
}

async fn separate(
    q: &mut impl Ask,
    caller: &Caller,
    action: Action,
    subject: Uuid,
    oneself: bool,
) -> Result<(), Refusal> {
    for duty in duties(action) {
        let broken = match duty.when {
            When::OnOneself => oneself,
            When::After(done) => {
                let names: Vec<String> = done.iter().map(|name| (*name).to_owned()).collect();
                match caller.person.or(caller.owner) {
                    Some(person) => q.one(did_before(subject, person, &names)).await?.0 > 0,
                    None => false,
                }
            }
        };
        if broken {
            return Err(Refusal::Duty { action, rule: duty.code });
        }
    }
    Ok(())
}

statements! {
    fn did_before(subject: Uuid, person: PersonId, actions: &[String]) -> (i64,) =
        "SELECT count(*) FROM pub_journal
         WHERE institution = $1 AND subject = $2 AND person = $3 AND action {among_texts $4}";
}

/// Refused attempts are journaled, with the rule and the place, under the one who tried.
pub async fn journal_refusal(db: &Db, caller: &Caller, rule: &str, path: &str) {
    let line = serde_json::json!({ "rule": rule, "path": path });
    let caller = Caller { request: None, ..caller.clone() };
    let subject = caller.person;
    let written = db
        .write::<(), regie_db::Error, _, _>(&caller, (line, subject), |tx, (line, subject)| {
            Box::pin(async move {
                let event = match subject {
                    Some(person) => Event::new("access.refused", person),
                    None => Event::new("access.refused", tx.institution()),
                };
                Ok(tx.done((), event.new_value(line)))
            })
        })
        .await;
    // The refusal stands whether or not it could be written down.
    drop(written);
}
