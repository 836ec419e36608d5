//! The journal as its readers see it: with the names of who did it.

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::PersonId;
pub use regie_db::journal::Entry;
use regie_db::{Ask, statements};
use std::collections::HashMap;

statements! {
    fn names(ids: &[PersonId]) -> (PersonId, String) =
        "SELECT id, display_name FROM person WHERE institution = $1 AND id {among_ids $2}";
}

/// The latest lines with the name of who wrote each; `None` is Regie itself.
pub async fn latest(db: &Db, caller: &Caller) -> Result<Vec<(Entry, Option<String>)>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeJournal).await?;
    let now = db.now();
    let until = now.checked_add(jiff::SignedDuration::from_hours(1)).unwrap_or(now);
    let lines = reader.all(regie_db::journal::before(until, 100)).await?;
    let mut ids: Vec<PersonId> = lines.iter().filter_map(|line| line.person).collect();
    ids.sort();
    ids.dedup();
    let names: HashMap<PersonId, String> = reader.all(names(&ids)).await?.into_iter().collect();
    Ok(lines
        .into_iter()
        .map(|line| {
            let name = line.person.and_then(|person| names.get(&person).cloned());
            (line, name)
        })
        .collect())
}
