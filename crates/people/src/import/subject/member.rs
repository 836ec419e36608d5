//! Who is in which group: a student or a teacher, from one day to another.

use super::super::Kind;
use super::sheet::{Plan, Sheet, Stood};
use super::who::{People, Who};
use super::{Row, Verdict};
use crate::Error;
use crate::group::{Group, Part, Stay, all_query, stays_query};
use crate::person::Kind as PersonKind;
use jiff::civil::Date;
use regie_core::Caller;
use regie_core::column::{Choice, Column, Shape};
use regie_core::id::{GroupId, Id, PersonId, UnitId};
use regie_db::{Ask, Event, Query};
use serde_json::{Value, json};
use std::collections::HashMap;

pub(in super::super) const COLUMNS: &[Column] = &[
    Column::text("group", 30, &["groep", "groepscode", "klas", "klascode", "group", "class"])
        .required()
        .example("VP4-1A"),
    Column::text(
        "person",
        254,
        &["studentnummer", "personeelsnummer", "nummer", "leerlingnummer", "student number", "staff number"],
    )
    .required()
    .example("0301234"),
    Column::of(
        "part",
        Shape::Code(&[
            Choice { code: "student", aliases: &["leerling", "deelnemer"] },
            Choice { code: "teacher", aliases: &["docent", "mentor", "leraar"] },
        ]),
        &["als", "rol in groep", "part"],
    )
    .example("student"),
    Column::of("begins", Shape::Date, &["begindatum", "startdatum", "vanaf", "start date", "from"])
        .example("01-08-2026"),
    Column::of("ends", Shape::Date, &["einddatum", "tot en met", "t/m", "end date", "until"])
        .example("31-07-2027"),
];

/// One stay of one person.
pub(in super::super) struct Place {
    group: GroupId,
    group_code: String,
    person: PersonId,
    part: Part,
    begins: Date,
    ends: Option<Date>,
}

pub(in super::super) struct Members {
    people: People,
    groups: HashMap<String, Vec<Group>>,
    stays: HashMap<(GroupId, PersonId), Vec<Stood<Place>>>,
    reached: Vec<UnitId>,
}

const ANYBODY: &[PersonKind] = &[PersonKind::Student, PersonKind::Staff, PersonKind::External];

impl Members {
    /// The group with this code that exists on the first day; the newest when no day is said.
    fn group(&self, row: &Row<'_>) -> Option<&Group> {
        let all = self.groups.get(row.text("group")?)?;
        let on = row.date("begins");
        let exists =
            |group: &&Group| on.is_none_or(|day| regie_core::day::holds(group.begins, group.ends, day));
        all.iter().filter(exists).max_by_key(|group| group.begins)
    }

    fn who(&self, row: &Row<'_>) -> Option<&Who> {
        self.people.find(row.text("person"), ANYBODY)
    }
}

impl Sheet for Members {
    type Thing = Place;
    const KEY: &'static str = "person";
    const ADDED: &'static str = "group.joined";
    const EDITED: &'static str = "group.left";

    async fn known(q: &mut impl Ask, caller: &Caller, kind: Kind) -> Result<Self, Error> {
        let allowed = regie_access::list(q, caller, kind.action()).await?;
        let units = super::place::known_units(q, allowed.what()).await?;
        let mut groups: HashMap<String, Vec<Group>> = HashMap::new();
        let mut codes = HashMap::new();
        for group in q.all(all_query()).await? {
            codes.insert(group.id, group.code.clone());
            groups.entry(group.code.clone()).or_default().push(group);
        }
        let mut stays: HashMap<(GroupId, PersonId), Vec<Stood<Place>>> = HashMap::new();
        for Stay { learning_group: group, person, part, begins, ends } in q.all(stays_query()).await? {
            let group_code = codes.get(&group).cloned().unwrap_or_default();
            let thing = Place { group, group_code, person, part, begins, ends };
            let stood = Stood { id: person.uuid(), thing, version: 0, active: true };
            stays.entry((group, person)).or_default().push(stood);
        }
        Ok(Self {
            people: People::known(q, allowed.what()).await?,
            groups,
            stays,
            reached: units.all.iter().filter(|unit| unit.reached).map(|unit| unit.id).collect(),
        })
    }

    fn said(&self, row: &Row<'_>) -> Option<String> {
        let (group, person) = (row.text("group")?, row.text("person")?);
        let who = self.who(row).map_or_else(|| person.to_owned(), |who| who.id.to_string());
        Some(format!("{group} {who}"))
    }

    fn label(&self, row: &Row<'_>) -> String {
        let said = row.text("person").unwrap_or_default();
        self.who(row).filter(|who| who.reached).map_or_else(|| said.to_owned(), |who| who.name.clone())
    }

    /// A stay that overlaps what the row wants is the one it is about.
    fn standing(&self, row: &Row<'_>) -> Option<&Stood<Place>> {
        let (group, who) = (self.group(row)?, self.who(row)?);
        let begins = row.date("begins").unwrap_or(group.begins);
        let ends = row.date("ends");
        self.stays.get(&(group.id, who.id))?.iter().find(|stay| {
            stay.thing.ends.is_none_or(|last| last >= begins)
                && ends.is_none_or(|last| stay.thing.begins <= last)
        })
    }

    fn wanted(
        &self,
        row: &Row<'_>,
        old: Option<&Place>,
        verdict: &mut Verdict<Plan<Place>>,
    ) -> Option<Place> {
        let word = row.text("group")?;
        let Some(group) = self.group(row) else {
            verdict.refuse("import-group-unknown", "group", [("value", word.into())]);
            return None;
        };
        if !self.reached.contains(&group.unit) {
            verdict.refuse("import-group-out-of-reach", "group", [("value", word.into())]);
            return None;
        }
        let who = self.people.must(row, "person", ANYBODY, verdict)?;
        let student = who.kind == PersonKind::Student;
        let part = row.text("part").and_then(Part::from_code);
        let part = part.unwrap_or(if student { Part::Student } else { Part::Teacher });
        match (part, student) {
            (Part::Student, false) => verdict.told(&Error::NotAStudent(who.name.clone())),
            (Part::Teacher, true) => verdict.told(&Error::NotStaff(who.name.clone())),
            _ => {}
        }
        let place = Place {
            group: group.id,
            group_code: group.code.clone(),
            person: who.id,
            part,
            begins: row.date("begins").or(old.map(|old| old.begins)).unwrap_or(group.begins),
            ends: if row.has("ends") { row.date("ends") } else { old.and_then(|old| old.ends) },
        };
        if old.is_some_and(|old| old.begins != place.begins || old.part != place.part) {
            // A stay only ends; another beginning would be another stay at the same time.
            verdict.told(&Error::MemberAlready);
        }
        if place.ends.is_some_and(|ends| ends < place.begins) {
            verdict.told(&Error::EndBeforeBegin);
        } else if place.begins < group.begins
            || group
                .ends
                .is_some_and(|last| place.begins > last || place.ends.is_some_and(|ends| ends > last))
        {
            verdict.told(&Error::OutsideGroup);
        }
        verdict.faults.is_empty().then_some(place)
    }

    fn words(&self, place: &Place) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("group", Some(place.group_code.clone())),
            ("part", Some(place.part.code().to_owned())),
            ("begins", Some(place.begins.to_string())),
            ("ends", place.ends.map(|day| day.to_string())),
        ]
    }

    /// A person's history tells where they were.
    fn event(action: &'static str, place: &Place) -> Event {
        Event::new(action, place.person)
    }

    fn shown(place: &Place) -> Value {
        json!({ "group": place.group, "part": place.part.code(), "begins": place.begins, "ends": place.ends })
    }

    fn insert(place: &Place) -> Query<()> {
        crate::group::insert_member(place.group, place.person, place.part, place.begins, place.ends)
    }

    fn update(place: &Place, _: i64, _: bool) -> Query<()> {
        crate::group::set_end(place.group, place.person, place.begins, place.ends)
    }
}
