//! Roles: who acts as what, for which part of the school, from when to when.

mod assign;
mod store;
mod withdraw;

pub use assign::{AssignRole, assign};
pub use store::Held;
pub use withdraw::withdraw;

use crate::Error;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::id::{InstitutionId, PersonId};
use regie_core::{Caller, Scope};
use regie_db::Ask;

impl Held {
    /// `None` when the row names a scope this version does not know.
    pub fn scope(&self) -> Option<Scope> {
        Scope::from_row(&self.scope_kind, self.scope)
    }
}

/// Everything that was given and not withdrawn, for an import to look through.
pub(crate) fn standing_query() -> regie_db::Query<Held> {
    store::standing()
}

/// The roles a person may act in today: what sign-in offers as hats.
pub async fn held_today(
    db: &Db,
    institution: InstitutionId,
    person: PersonId,
    today: Date,
) -> Result<Vec<Held>, Error> {
    Ok(db.reader(institution).all(store::held(person, today)).await?)
}

/// All roles of one person, past and coming too.
pub async fn of_person(db: &Db, caller: &Caller, person: PersonId) -> Result<Vec<Held>, Error> {
    let mut reader = db.reader(caller.institution);
    if caller.person == Some(person) {
        // One's own roles are no secret to oneself.
        return Ok(reader.all(store::of_person(person)).await?);
    }
    let allowed = regie_access::person(&mut reader, caller, Action::SeeRoles, person).await?;
    Ok(reader.all(store::of_person(allowed.id())).await?)
}
