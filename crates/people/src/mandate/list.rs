use super::{Given, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::PersonId;
use regie_db::Ask;

/// All mandates of the people in reach, the newest first.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Given>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::SeeRoles).await?;
    let reach = allowed.what();
    Ok(reader.all(store::list(reach.kind, reach.me, reach.scope, reach.today)).await?)
}

/// The mandates of one person; one's own are no secret to oneself.
pub async fn of_person(db: &Db, caller: &Caller, person: PersonId) -> Result<Vec<Given>, Error> {
    let mut reader = db.reader(caller.institution);
    if caller.person != Some(person) {
        regie_access::person(&mut reader, caller, Action::SeeRoles, person).await?;
    }
    Ok(reader.all(store::of_person(person)).await?)
}
