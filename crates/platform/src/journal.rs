//! Names beside journal lines.

use crate::Error;
use regie_core::id::PersonId;
use regie_db::journal::Entry;
use regie_db::{Ask, statements};
use std::collections::HashMap;

statements! {
    fn names(ids: &[PersonId]) -> (PersonId, String) =
        "SELECT id, display_name FROM pub_person WHERE institution = $1 AND id {among_ids $2}";
}

/// The lines with the name of who wrote each; `None` is Regie itself.
pub(crate) async fn named(
    q: &mut impl Ask,
    lines: Vec<Entry>,
) -> Result<Vec<(Entry, Option<String>)>, Error> {
    let names = names_of(q, lines.iter().filter_map(|line| line.person)).await?;
    Ok(lines
        .into_iter()
        .map(|line| {
            let name = line.person.and_then(|person| names.get(&person).cloned());
            (line, name)
        })
        .collect())
}

/// Names of people, by id.
pub(crate) async fn names_of(
    q: &mut impl Ask,
    people: impl Iterator<Item = PersonId>,
) -> Result<HashMap<PersonId, String>, Error> {
    let mut ids: Vec<PersonId> = people.collect();
    ids.sort();
    ids.dedup();
    Ok(q.all(names(&ids)).await?.into_iter().collect())
}
