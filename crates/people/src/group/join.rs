use super::{Part, store};
use crate::Error;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{GroupId, Id, PersonId};
use regie_db::{Ask, Event};
use serde_json::json;
use std::collections::BTreeSet;

/// Persons come into a group together: all of them, or nobody.
#[derive(Debug, Clone)]
pub struct Join {
    pub group: GroupId,
    pub persons: Vec<PersonId>,
    pub part: Part,
    pub begins: Date,
    /// The last day; without one, as long as the group lasts.
    pub ends: Option<Date>,
}

pub async fn join(db: &Db, caller: &Caller, input: Join) -> Result<u64, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::group(&mut reader, caller, Action::EditPeople, input.group).await?;
    let caller = allowed.caller();
    let persons: BTreeSet<PersonId> = input.persons.iter().copied().collect();
    if !regie_access::list(&mut reader, caller, Action::EditPeople).await?.what().is_all() {
        for person in &persons {
            regie_access::person(&mut reader, caller, Action::EditPeople, *person).await?;
        }
    }
    if persons.is_empty() {
        return Err(Error::Missing("person"));
    }
    if input.ends.is_some_and(|ends| ends < input.begins) {
        return Err(Error::EndBeforeBegin);
    }
    let input = Join { persons: persons.into_iter().collect(), ..input };
    db.write(caller, input, |tx, Join { group, persons, part, begins, ends }| {
        Box::pin(async move {
            // Holding the group still makes the questions about dates and doubles below true ones.
            let held = tx.run(store::hold(group)).await?;
            if held != 1 {
                return Err(Error::NotFound(GroupId::KIND));
            }
            let there = tx.all(store::standing(&persons)).await?;
            if there.len() != persons.len() {
                return Err(Error::NotFound(PersonId::KIND));
            }
            for (name, kind, active) in there {
                match (part, kind) {
                    _ if !active => return Err(Error::NotActive(name)),
                    (Part::Student, crate::person::Kind::Student)
                    | (Part::Teacher, crate::person::Kind::Staff | crate::person::Kind::External) => {}
                    (Part::Student, _) => return Err(Error::NotAStudent(name)),
                    (Part::Teacher, _) => return Err(Error::NotStaff(name)),
                }
            }
            let rows = persons.iter().map(|person| store::insert_member(group, *person, part, begins, ends));
            tx.each(rows.collect()).await.map_err(|error| match error {
                regie_db::Error::Unique(_) => Error::MemberAlready,
                other => other.into(),
            })?;
            let (outside,) = tx.one(store::members_outside(group)).await?;
            if outside > 0 {
                return Err(Error::OutsideGroup);
            }
            let (twice,) = tx.one(store::members_twice(group)).await?;
            if twice > 0 {
                return Err(Error::MemberAlready);
            }
            // A person's history tells where they were; the group only hears that it changed.
            tx.touch(group);
            let new = json!({ "group": group, "part": part.code(), "begins": begins, "ends": ends });
            let count = persons.len() as u64;
            let mut events: Vec<Event> = persons
                .into_iter()
                .map(|person| Event::new("group.joined", person).new_value(new.clone()))
                .collect();
            let last = events.pop().unwrap_or_else(|| Event::none("nobody joined"));
            events.into_iter().for_each(|event| tx.event(event));
            Ok(tx.done(count, last))
        })
    })
    .await
}
