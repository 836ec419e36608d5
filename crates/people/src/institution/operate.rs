//! What the platform's own people see and change of the institutions on it.

use super::{Institution, Kind, store};
use crate::Error;
use crate::error::{filled, mail, optional};
use crate::person::{self, AddPerson};
use crate::role::AssignRole;
use regie_access::{Action, Allowed, Db, Refusal};
use regie_core::id::{InstitutionId, PersonId, RoleAssignmentId};
use regie_core::{Caller, Role, Scope};
use regie_db::journal::Entry;
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// The platform's own people, at the platform: a role that somebody was given inside a school opens no other school.
pub async fn operator(db: &Db, caller: &Caller) -> Result<Allowed<InstitutionId>, Error> {
    let allowed = regie_access::platform(&mut db.reader(caller.institution), caller).await?;
    if caller.role.is_some() && super::see(db, caller.institution).await?.kind != Kind::Platform {
        return Err(Refusal::OutOfReach { action: Action::ManageInstitutions, role: caller.role }.into());
    }
    Ok(allowed)
}

/// All institutions, by name.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Institution>, Error> {
    operator(db, caller).await?;
    super::all(db).await
}

/// One institution and what happened to itself, newest first; nothing of what is inside.
pub async fn look(db: &Db, caller: &Caller, id: InstitutionId) -> Result<Institution, Error> {
    operator(db, caller).await?;
    super::see(db, id).await
}

pub async fn history(db: &Db, caller: &Caller, id: InstitutionId) -> Result<Vec<Entry>, Error> {
    use regie_core::id::Id as _;
    operator(db, caller).await?;
    Ok(db.reader(id).all(regie_db::journal::history(id.uuid(), 100)).await?)
}

/// An institution as it should be. Its short name stays: addresses and agreements hold it.
#[derive(Debug, Clone)]
pub struct Edit {
    pub id: InstitutionId,
    pub version: i64,
    pub name: String,
    pub brin: Option<String>,
    pub home_organization: Option<String>,
}

pub async fn edit(db: &Db, allowed: &Allowed<InstitutionId>, input: Edit) -> Result<(), Error> {
    let input = Edit {
        name: filled("name", &input.name, 120)?,
        brin: optional("brin", input.brin.as_deref(), 6)?,
        home_organization: optional("home_organization", input.home_organization.as_deref(), 120)?,
        ..input
    };
    let caller = Caller { institution: input.id, ..allowed.caller().clone() };
    db.write(&caller, input, |tx, input| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(input.id)).await?.ok_or(Error::NotFound("institution"))?;
            let (brin, home) = (input.brin.as_deref(), input.home_organization.as_deref());
            let now = tx.recorded_at();
            let update = store::update(input.id, input.version, &input.name, brin, home, now);
            tx.queue(update, Expect::one(Error::ChangedMeanwhile));
            let shown = |name: &str, brin: Option<&str>, home: Option<&str>| {
                json!({ "name": name, "brin": brin, "homeOrganization": home })
            };
            let old = shown(&before.name, before.brin.as_deref(), before.home_organization.as_deref());
            let event = Event::new("institution.edited", input.id).old(old);
            Ok(tx.done((), event.new_value(shown(&input.name, brin, home))))
        })
    })
    .await
}

/// Somebody who will set the institution up. From then on it looks after itself.
#[derive(Debug, Clone)]
pub struct Appoint {
    pub institution: InstitutionId,
    pub person: PersonId,
    pub role: RoleAssignmentId,
    pub given_name: String,
    pub prefix: Option<String>,
    pub family_name: String,
    pub mail: String,
}

/// Adds a first administrator. The invitation is sent apart: it belongs to signing in.
pub async fn appoint(db: &Db, allowed: &Allowed<InstitutionId>, input: Appoint) -> Result<PersonId, Error> {
    let at = super::see(db, input.institution).await?;
    if !at.state.is_open() {
        return Err(Error::InstitutionClosed(at.name));
    }
    filled("mail", &input.mail, 254)?;
    let person = AddPerson {
        mail: mail(Some(&input.mail))?,
        prefix: input.prefix.clone(),
        ..AddPerson::named(input.person, person::Kind::Staff, &input.given_name, None, &input.family_name)
    };
    let person = person.checked()?;
    let caller = Caller { institution: input.institution, ..allowed.caller().clone() };
    let today = caller.today();
    db.write(&caller, (person, input.role), move |tx, (person, role)| {
        Box::pin(async move {
            let id = person.id;
            tx.queue(person.insert(), Expect::any());
            let role = AssignRole {
                id: role,
                person: id,
                role: Role::Administrator,
                scope: Scope::Institution,
                begins: today,
                ends: None,
                reason: None,
            };
            tx.queue(role.insert(), Expect::any());
            tx.event(Event::new("person.added", id).new_value(person.shown()));
            let new = role.shown();
            Ok(tx.done(id, Event::new("role.assigned", id).new_value(new)))
        })
    })
    .await
}
