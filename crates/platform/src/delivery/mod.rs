//! What should have left and could not: dead letters, which park all later messages about the same subject.

mod discard;
mod retry;

pub use discard::discard;
pub use regie_db::outbox::DeadLetter;
pub use retry::retry;

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, OutboxId, PersonId};
use regie_db::Ask;
use regie_db::journal::Entry;

/// What the page shows at once.
const MOST: i64 = 200;

/// A dead letter and, when it is about a person, their name.
#[derive(Debug, Clone)]
pub struct Dead {
    pub letter: DeadLetter,
    pub about: Option<String>,
}

impl Dead {
    pub fn person(&self) -> Option<PersonId> {
        (self.letter.subject_kind == PersonId::KIND).then(|| PersonId::from_uuid(self.letter.subject))
    }
}

/// The dead letters of the caller's institution, oldest first.
pub async fn dead(db: &Db, caller: &Caller) -> Result<Vec<Dead>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeDeliveries).await?;
    let mut dead: Vec<Dead> = db
        .dead_letters(caller.institution, MOST)
        .await?
        .into_iter()
        .map(|letter| Dead { letter, about: None })
        .collect();
    let names = crate::journal::names_of(&mut reader, dead.iter().filter_map(Dead::person)).await?;
    for one in &mut dead {
        one.about = one.person().and_then(|person| names.get(&person).cloned());
    }
    Ok(dead)
}

/// One of them, and what happened to it.
pub async fn see(db: &Db, caller: &Caller, id: OutboxId) -> Result<(Dead, Vec<Entry>), Error> {
    let found = dead(db, caller).await?.into_iter().find(|dead| dead.letter.id == id);
    let history = db.reader(caller.institution).all(regie_db::journal::history(id.uuid(), 50)).await?;
    Ok((found.ok_or(Error::NotFound("deadLetter"))?, history))
}
