//! Enrolments: which student is in which programme of which year.

use super::super::Kind;
use super::sheet::{Plan, Sheet, Stood};
use super::who::{People, Who};
use super::{Row, Verdict};
use crate::Error;
use crate::enrolment::{Enrol, all_query};
use crate::offering::Path;
use crate::person::Kind as PersonKind;
use regie_core::column::{Column, Shape};
use regie_core::id::{Id, PersonId, ProgramEnrolmentId, ProgramOfferingId, UnitId};
use regie_core::{Caller, Weekdays};
use regie_db::{Ask, Event, Query, row, statements};
use serde_json::Value;
use std::collections::HashMap;

pub(in super::super) const COLUMNS: &[Column] = &[
    Column::text("number", 40, &["studentnummer", "leerlingnummer", "deelnemernummer", "student number"])
        .required()
        .example("0301234"),
    Column::text(
        "offering",
        40,
        &["opleiding", "opleidingscode", "opleiding per jaar", "aanbod", "offering", "programme"],
    )
    .required()
    .example("25655-2026-BOL"),
    Column::of("begins", Shape::Date, &["begindatum", "ingangsdatum", "startdatum", "vanaf", "start date"])
        .required()
        .example("01-08-2026"),
    Column::of("ends", Shape::Date, &["einddatum", "uitschrijfdatum", "tot en met", "end date"])
        .example("31-07-2029"),
    Column::text("school_days", 60, &["schooldagen", "lesdagen", "school days"]).example("ma, vr"),
    Column::of("exam_only", Shape::YesNo, &["alleen examens", "extraneus", "exam only"]).example("nee"),
];

row! {
    struct Offered {
        id: ProgramOfferingId,
        code: String,
        path: Path,
        unit: UnitId,
        active: bool,
    }
}

statements! {
    fn offered() -> Offered =
        "SELECT id, code, path, unit, active FROM program_offering WHERE institution = $1 ORDER BY code";
}

pub(in super::super) struct Enrolments {
    people: People,
    offered: HashMap<String, Offered>,
    codes: HashMap<ProgramOfferingId, String>,
    stood: HashMap<(PersonId, ProgramOfferingId), Vec<Stood<Enrol>>>,
    reached: Vec<UnitId>,
}

const STUDENT: &[PersonKind] = &[PersonKind::Student];

/// Days as people write them: *ma, vr* or *maandag en vrijdag*.
fn days(text: &str) -> Option<Weekdays> {
    const NAMES: [(&str, &str); 7] = [
        ("maandag", "monday"),
        ("dinsdag", "tuesday"),
        ("woensdag", "wednesday"),
        ("donderdag", "thursday"),
        ("vrijdag", "friday"),
        ("zaterdag", "saturday"),
        ("zondag", "sunday"),
    ];
    let words = text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.filter(|word| !["en", "and"].contains(word)).try_fold(Weekdays::NONE, |days, word| {
        let word = word.to_lowercase();
        // Two letters tell the days apart, in either language.
        let means = |(nl, en): &(&str, &str)| {
            word.chars().count() >= 2 && (nl.starts_with(&word) || en.starts_with(&word))
        };
        let index = NAMES.iter().position(means)?;
        let day = jiff::civil::Weekday::from_monday_zero_offset(i8::try_from(index).ok()?).ok()?;
        Some(days.with(day))
    })
}

impl Enrolments {
    fn offering(&self, row: &Row<'_>) -> Option<&Offered> {
        self.offered.get(row.text("offering")?)
    }

    fn who(&self, row: &Row<'_>) -> Option<&Who> {
        self.people.find(row.text("number"), STUDENT)
    }
}

impl Sheet for Enrolments {
    type Thing = Enrol;
    const KEY: &'static str = "number";
    const ADDED: &'static str = "programEnrolment.added";
    const EDITED: &'static str = "programEnrolment.edited";

    async fn known(q: &mut impl Ask, caller: &Caller, kind: Kind) -> Result<Self, Error> {
        let allowed = regie_access::list(q, caller, kind.action()).await?;
        let units = super::place::known_units(q, allowed.what()).await?;
        let offered = q.all(offered()).await?;
        let mut stood: HashMap<_, Vec<Stood<Enrol>>> = HashMap::new();
        for one in q.all(all_query()).await? {
            let thing = Enrol {
                id: one.id,
                person: one.person,
                offering: one.offering,
                begins: one.begins,
                ends: one.ends,
                school_days: one.days(),
                exam_only: one.exam_only,
            };
            let known = Stood { id: one.person.uuid(), version: one.version, active: true, thing };
            stood.entry((one.person, one.offering)).or_default().push(known);
        }
        Ok(Self {
            people: People::known(q, allowed.what()).await?,
            codes: offered.iter().map(|one| (one.id, one.code.clone())).collect(),
            offered: offered.into_iter().map(|one| (one.code.clone(), one)).collect(),
            stood,
            reached: units.all.iter().filter(|unit| unit.reached).map(|unit| unit.id).collect(),
        })
    }

    fn said(&self, row: &Row<'_>) -> Option<String> {
        let (number, offering) = (row.text("number")?, row.text("offering")?);
        let who = self.who(row).map_or_else(|| number.to_owned(), |who| who.id.to_string());
        Some(format!("{who} {offering}"))
    }

    fn label(&self, row: &Row<'_>) -> String {
        let said = row.text("number").unwrap_or_default();
        self.who(row).filter(|who| who.reached).map_or_else(|| said.to_owned(), |who| who.name.clone())
    }

    /// An enrolment in the same programme that overlaps is the one the row is about.
    fn standing(&self, row: &Row<'_>) -> Option<&Stood<Enrol>> {
        let (who, offering, begins) = (self.who(row)?, self.offering(row)?, row.date("begins")?);
        let ends = row.date("ends");
        self.stood.get(&(who.id, offering.id))?.iter().find(|one| {
            one.thing.ends.is_none_or(|last| last >= begins)
                && ends.is_none_or(|last| one.thing.begins <= last)
        })
    }

    fn wanted(
        &self,
        row: &Row<'_>,
        old: Option<&Enrol>,
        verdict: &mut Verdict<Plan<Enrol>>,
    ) -> Option<Enrol> {
        let word = row.text("offering")?;
        let offering = self.offering(row);
        match offering {
            None => verdict.refuse("import-offering-unknown", "offering", [("value", word.into())]),
            Some(one) if !self.reached.contains(&one.unit) => {
                verdict.refuse("import-offering-out-of-reach", "offering", [("value", word.into())]);
            }
            Some(one) if !one.active && old.is_none() => {
                verdict.told(&Error::Inactive(ProgramOfferingId::KIND));
            }
            Some(_) => {}
        }
        let who = self.people.must(row, "number", STUDENT, verdict);
        let said = row.text("school_days").map(days);
        if said == Some(None) {
            let value = row.text("school_days").unwrap_or_default();
            verdict.refuse("import-days-unknown", "school_days", [("value", value.into())]);
        }
        let (who, offering, begins) = (who?, offering?, row.date("begins")?);
        let school_days = match (row.has("school_days"), said) {
            (true, said) => said.flatten().unwrap_or(Weekdays::NONE),
            (false, _) => old.map_or(Weekdays::NONE, |old| old.school_days),
        };
        let wanted = Enrol {
            id: old.map_or(ProgramEnrolmentId::from_uuid(row.staged.fresh), |old| old.id),
            person: who.id,
            offering: offering.id,
            begins,
            ends: if row.has("ends") { row.date("ends") } else { old.and_then(|old| old.ends) },
            school_days,
            exam_only: row.yes("exam_only").or(old.map(|old| old.exam_only)).unwrap_or(false),
        };
        match wanted.checked(offering.path) {
            Ok(wanted) => Some(wanted),
            Err(error) => {
                verdict.told(&error);
                None
            }
        }
    }

    fn words(&self, one: &Enrol) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("offering", self.codes.get(&one.offering).cloned()),
            ("begins", Some(one.begins.to_string())),
            ("ends", one.ends.map(|day| day.to_string())),
            ("school_days", one.days()),
            ("exam_only", Some(one.exam_only.to_string())),
        ]
    }

    fn event(action: &'static str, one: &Enrol) -> Event {
        Event::new(action, one.person)
    }

    fn shown(one: &Enrol) -> Value {
        one.shown()
    }

    fn insert(one: &Enrol) -> Query<()> {
        one.insert()
    }

    fn update(one: &Enrol, version: i64, _: bool) -> Query<()> {
        one.update(version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_read_as_schools_write_them() {
        let code = |text: &str| days(text).map(Weekdays::code);
        assert_eq!(code("ma, vr").as_deref(), Some("15"));
        assert_eq!(code("Maandag en woensdag").as_deref(), Some("13"));
        assert_eq!(code("tue/thu").as_deref(), Some("24"));
        assert_eq!(code("morgen"), None);
        assert_eq!(code("").as_deref(), Some(""));
    }

    proptest! {
        #[test]
        fn no_days_are_too_odd(text in ".*") {
            let _ = days(&text);
        }
    }
}
