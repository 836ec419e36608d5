use super::store;
use crate::Error;
use crate::offering::Path;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::id::{Id, PersonId, ProgramEnrolmentId, ProgramOfferingId, UnitId};
use regie_core::{Caller, Weekdays};
use regie_db::{Ask, Event, Query};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

#[derive(Debug, Clone)]
pub struct Enrol {
    pub id: ProgramEnrolmentId,
    pub person: PersonId,
    pub offering: ProgramOfferingId,
    pub begins: Date,
    /// The last day.
    pub ends: Option<Date>,
    /// When a student with work (BBL) is at school.
    pub school_days: Weekdays,
    /// Takes exams, follows no teaching (extraneus).
    pub exam_only: bool,
}

impl Enrol {
    pub(crate) fn checked(self, path: Path) -> Result<Self, Error> {
        if self.ends.is_some_and(|ends| ends < self.begins) {
            return Err(Error::EndBeforeBegin);
        }
        if path == Path::Bol && !self.school_days.is_empty() {
            return Err(Error::SchoolDays);
        }
        Ok(self)
    }

    pub(crate) fn days(&self) -> Option<String> {
        Some(self.school_days.code()).filter(|days| !days.is_empty())
    }

    pub(crate) fn insert(&self) -> Query<()> {
        let days = self.days();
        let (begins, ends, days) = (self.begins, self.ends, days.as_deref());
        store::insert(self.id, self.person, self.offering, begins, ends, days, self.exam_only)
    }

    /// Over the version that was shown.
    pub(crate) fn update(&self, version: i64) -> Query<()> {
        store::update(self.id, version, self.begins, self.ends, self.days().as_deref(), self.exam_only)
    }

    pub(crate) fn shown(&self) -> serde_json::Value {
        json!({
            "enrolment": self.id, "offering": self.offering, "begins": self.begins, "ends": self.ends,
            "schoolDays": self.days(), "examOnly": self.exam_only,
        })
    }
}

pub async fn enrol(db: &Db, caller: &Caller, input: Enrol) -> Result<ProgramEnrolmentId, Error> {
    let id = input.id;
    enrol_all(db, caller, vec![input]).await.map(|_| id)
}

/// A whole class at once: all of it, or nothing.
pub async fn enrol_all(db: &Db, caller: &Caller, input: Vec<Enrol>) -> Result<u64, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::EditPeople).await?;
    let caller = allowed.caller().clone();
    let offered: Vec<ProgramOfferingId> =
        input.iter().map(|one| one.offering).collect::<BTreeSet<_>>().into_iter().collect();
    let offered: HashMap<ProgramOfferingId, (UnitId, Path, bool)> = reader
        .all(store::offered(&offered))
        .await?
        .into_iter()
        .map(|(id, unit, path, active)| (id, (unit, path, active)))
        .collect();
    if !allowed.what().is_all() {
        for person in input.iter().map(|one| one.person).collect::<BTreeSet<_>>() {
            regie_access::person(&mut reader, &caller, Action::EditPeople, person).await?;
        }
        // Nobody enrols into a team that is not theirs.
        for unit in offered.values().map(|(unit, ..)| *unit).collect::<BTreeSet<_>>() {
            regie_access::unit(&mut reader, &caller, Action::EditPeople, unit).await?;
        }
    }
    let mut checked = Vec::with_capacity(input.len());
    for one in input {
        let missing = Error::NotFound(ProgramOfferingId::KIND);
        let (_, path, active) = offered.get(&one.offering).ok_or(missing)?;
        if !active {
            return Err(Error::Inactive(ProgramOfferingId::KIND));
        }
        checked.push(one.checked(*path)?);
    }
    let persons: BTreeSet<PersonId> = checked.iter().map(|one| one.person).collect();
    let persons: Vec<PersonId> = persons.into_iter().collect();
    db.write(&caller, (checked, persons), |tx, (enrolments, persons)| {
        Box::pin(async move {
            // Holding the students still makes the question about overlap below a true one.
            let held = tx.run(store::hold_students(&persons)).await?;
            if held != persons.len() as u64 {
                let (name,) =
                    tx.opt(store::no_student(&persons)).await?.ok_or(Error::NotFound(PersonId::KIND))?;
                return Err(Error::NotAStudent(name));
            }
            let rows = enrolments.iter().map(Enrol::insert);
            tx.each(rows.collect()).await.map_err(|error| match error {
                regie_db::Error::Unique(_) => Error::EnrolledAlready,
                regie_db::Error::Foreign(_) => Error::NotFound(ProgramOfferingId::KIND),
                other => other.into(),
            })?;
            let (twice,) = tx.one(store::overlapping(&persons)).await?;
            if twice > 0 {
                return Err(Error::EnrolledAlready);
            }
            let count = enrolments.len() as u64;
            let mut events: Vec<Event> = enrolments
                .into_iter()
                .map(|one| {
                    tx.touch(one.id);
                    Event::new("programEnrolment.added", one.person).new_value(one.shown())
                })
                .collect();
            let last = events.pop().unwrap_or_else(|| Event::none("nobody was enrolled"));
            events.into_iter().for_each(|event| tx.event(event));
            Ok(tx.done(count, last))
        })
    })
    .await
}
