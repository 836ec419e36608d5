//! The journal as its readers see it: with the names of who did it, and of what it was done to.

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, JournalId, PersonId};
pub use regie_db::journal::Entry;
use regie_db::{Ask, Event, statements};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

statements! {
    fn names(ids: &[PersonId]) -> (PersonId, String) =
        "SELECT id, display_name FROM person WHERE institution = $1 AND id {among_ids $2}";

    /// What the house is made of; the names of people are not told so.
    fn called(ids: &[Uuid]) -> (Uuid, String) =
        "SELECT id, name FROM unit WHERE institution = $1 AND id {among_ids $2}
         UNION ALL SELECT id, name FROM campus WHERE institution = $1 AND id {among_ids $2}
         UNION ALL SELECT id, name FROM program WHERE institution = $1 AND id {among_ids $2}
         UNION ALL SELECT id, name FROM company WHERE institution = $1 AND id {among_ids $2}
         UNION ALL SELECT id, code FROM program_offering WHERE institution = $1 AND id {among_ids $2}
         UNION ALL SELECT id, code FROM learning_group WHERE institution = $1 AND id {among_ids $2}";
}

/// The names of what journal lines name by id.
#[derive(Debug, Default)]
pub struct Names(HashMap<String, String>);

impl Names {
    pub fn of(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }
}

/// The names of teams, campuses, programmes, companies and groups in these lines. Who may read a line may read them.
pub async fn names_in(db: &Db, caller: &Caller, lines: &[Entry]) -> Result<Names, Error> {
    let mut ids = BTreeSet::new();
    for line in lines {
        let (old, new) = line.values()?;
        gather(&old, &mut ids);
        gather(&new, &mut ids);
    }
    if ids.is_empty() {
        return Ok(Names::default());
    }
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let found = db.reader(caller.institution).all(called(&ids)).await?;
    Ok(Names(found.into_iter().map(|(id, name)| (id.to_string(), name)).collect()))
}

fn gather(value: &Value, ids: &mut BTreeSet<Uuid>) {
    match value {
        Value::String(text) => ids.extend(text.parse::<Uuid>().ok()),
        Value::Object(members) => members.values().for_each(|value| gather(value, ids)),
        _ => {}
    }
}

/// What happened to one thing of the house, newest first, for who may do this action to it.
pub async fn history<I: Id>(db: &Db, caller: &Caller, action: Action, id: I) -> Result<Vec<Entry>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, action).await?;
    Ok(reader.all(regie_db::journal::history(id.uuid(), 100)).await?)
}

/// Says that a list that names people left as a file.
pub async fn taken_away(
    db: &Db,
    caller: &Caller,
    action: Action,
    list: &'static str,
    rows: usize,
) -> Result<(), Error> {
    let allowed = regie_access::list(&mut db.reader(caller.institution), caller, action).await?;
    let caller = Caller { request: None, ..allowed.caller().clone() };
    db.write::<(), Error, _, _>(&caller, (), move |tx, ()| {
        Box::pin(async move {
            let event = Event::new("list.exported", tx.institution());
            Ok(tx.done((), event.new_value(json!({ "list": list, "rows": rows }))))
        })
    })
    .await
}

/// The latest lines with the name of who wrote each; `None` is Regie itself, or somebody of another organisation.
pub async fn latest(db: &Db, caller: &Caller, most: u32) -> Result<Vec<(Entry, Option<String>)>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeJournal).await?;
    let now = db.now();
    let until = now.checked_add(jiff::SignedDuration::from_hours(1)).unwrap_or(now);
    let lines = reader.all(regie_db::journal::before(until, most.into())).await?;
    with_names(&mut reader, lines).await
}

/// Lines that were written before this one, newest first, with those names; the newest of all without one.
pub async fn page(
    db: &Db,
    caller: &Caller,
    before: Option<JournalId>,
    most: u32,
) -> Result<Vec<(Entry, Option<String>)>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeJournal).await?;
    let lines = match before {
        Some(line) => reader.all(regie_db::journal::older(line, i64::from(most))).await?,
        None => reader.all(regie_db::journal::newest(i64::from(most))).await?,
    };
    with_names(&mut reader, lines).await
}

async fn with_names(reader: &mut impl Ask, lines: Vec<Entry>) -> Result<Vec<(Entry, Option<String>)>, Error> {
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
