//! Needs that the committee granted, as its list says them. A sheet adds; what was granted is only withdrawn by hand.

use super::super::Kind;
use super::sheet::{Plan, Sheet, Stood};
use super::who::{People, Who};
use super::{Row, Verdict};
use crate::Error;
use crate::need::{GrantNeed, Kind as Needed, Need, standing_query};
use crate::person::Kind as PersonKind;
use regie_core::Caller;
use regie_core::column::{Choice, Column, Shape};
use regie_core::id::{AssignedNeedId, Id, PersonId};
use regie_core::need::Extra;
use regie_db::{Ask, Event, Query};
use serde_json::Value;
use std::collections::HashMap;

pub(in super::super) const COLUMNS: &[Column] = &[
    Column::text("number", 40, &["studentnummer", "leerlingnummer", "deelnemernummer", "student number"])
        .required()
        .example("0301234"),
    Column::of(
        "need",
        Shape::Code(&[
            Choice { code: "extraTime", aliases: &["extra tijd", "tijdverlenging", "extra time"] },
            Choice {
                code: "spoken",
                aliases: &["voorlezen", "voorleessoftware", "text read aloud", "auditief"],
            },
            Choice {
                code: "spell-checker-on-screen",
                aliases: &[
                    "spellingcontrole",
                    "spellingcontrole op het scherm",
                    "spell checker",
                    "spelling checker on screen",
                ],
            },
            Choice {
                code: "separateRoom",
                aliases: &["aparte ruimte", "prikkelarme ruimte", "separate room"],
            },
            Choice { code: "largePrint", aliases: &["grote letter", "vergroting", "large print"] },
            Choice { code: "writer", aliases: &["schrijfhulp", "schrijver", "somebody who writes"] },
            Choice { code: "ownDevice", aliases: &["eigen hulpmiddel", "eigen laptop", "own device"] },
            Choice { code: "other", aliases: &["anders", "iets anders", "something else"] },
        ]),
        &["voorziening", "aanpassing", "soort", "need", "provision"],
    )
    .required()
    .example("extra tijd"),
    Column::of("minutes", Shape::Whole(1, 600), &["minuten", "minuten extra", "extra minutes", "minutes"])
        .example("30"),
    Column::of("percent", Shape::Whole(1, 200), &["procent", "percentage", "percent"]),
    Column::of("unlimited", Shape::YesNo, &["onbeperkt", "unlimited"]).example("nee"),
    Column::text("description", 500, &["omschrijving", "toelichting", "description"]),
    Column::text("only_for", 80, &["alleen voor", "toets", "vak", "only for"]).example("rekenen"),
    Column::of("begins", Shape::Date, &["begindatum", "ingangsdatum", "vanaf", "start date"])
        .required()
        .example("01-08-2026"),
    Column::of("ends", Shape::Date, &["einddatum", "geldig tot", "tot en met", "end date"])
        .example("31-07-2028"),
];

pub(in super::super) struct Needs {
    people: People,
    stood: HashMap<PersonId, Vec<Stood<GrantNeed>>>,
}

const STUDENT: &[PersonKind] = &[PersonKind::Student];

fn kind_of(row: &Row<'_>) -> Option<Needed> {
    row.text("need").and_then(Needed::from_code)
}

impl Needs {
    fn who(&self, row: &Row<'_>) -> Option<&Who> {
        self.people.find(row.text("number"), STUDENT)
    }
}

impl Sheet for Needs {
    type Thing = GrantNeed;
    const KEY: &'static str = "number";
    const ADDED: &'static str = "assignedNeed.granted";
    const EDITED: &'static str = "assignedNeed.granted";

    async fn known(q: &mut impl Ask, caller: &Caller, kind: Kind) -> Result<Self, Error> {
        let allowed = regie_access::list(q, caller, kind.action()).await?;
        let mut stood: HashMap<PersonId, Vec<Stood<GrantNeed>>> = HashMap::new();
        for need in q.all(standing_query()).await? {
            let extra = need.extra();
            let Need { id, person, kind, description, only_for, begins, ends, .. } = need;
            let description = Some(description).filter(|text| !text.is_empty());
            let thing =
                GrantNeed { id, person, kind, description, extra, only_for, begins, ends, reason: None };
            stood.entry(person).or_default().push(Stood {
                id: person.uuid(),
                thing,
                version: 0,
                active: true,
            });
        }
        Ok(Self { people: People::known(q, allowed.what()).await?, stood })
    }

    fn said(&self, row: &Row<'_>) -> Option<String> {
        let number = row.text("number")?;
        let who = self.who(row).map_or_else(|| number.to_owned(), |who| who.id.to_string());
        let only = row.text("only_for").unwrap_or_default();
        Some(format!("{who} {} {only} {}", row.text("need")?, row.date("begins")?))
    }

    fn label(&self, row: &Row<'_>) -> String {
        let said = row.text("number").unwrap_or_default();
        self.who(row).filter(|who| who.reached).map_or_else(|| said.to_owned(), |who| who.name.clone())
    }

    /// The same need for the same tests at the same time.
    fn standing(&self, row: &Row<'_>) -> Option<&Stood<GrantNeed>> {
        let (who, kind, begins) = (self.who(row)?, kind_of(row)?, row.date("begins")?);
        let (ends, only_for) = (row.date("ends"), row.owned("only_for"));
        // What somebody has is not told to who may not see it.
        let reached = who.reached.then_some(who.id)?;
        self.stood.get(&reached)?.iter().find(|one| {
            one.thing.kind == kind
                && one.thing.only_for == only_for
                && one.thing.ends.is_none_or(|last| last >= begins)
                && ends.is_none_or(|last| one.thing.begins <= last)
        })
    }

    fn wanted(
        &self,
        row: &Row<'_>,
        old: Option<&GrantNeed>,
        verdict: &mut Verdict<Plan<GrantNeed>>,
    ) -> Option<GrantNeed> {
        let who = self.people.must(row, "number", STUDENT, verdict)?;
        let kind = kind_of(row)?;
        let said = [
            row.whole("minutes").map(Extra::Minutes),
            row.whole("percent").map(Extra::Percent),
            row.yes("unlimited").filter(|yes| *yes).map(|_| Extra::Unlimited),
        ];
        let mut said = said.into_iter().flatten();
        let extra = said.next().unwrap_or(Extra::None);
        if said.next().is_some() {
            verdict.refuse("import-extra-twice", "percent", []);
            return None;
        }
        let wanted = GrantNeed {
            id: old.map_or(AssignedNeedId::from_uuid(row.staged.fresh), |old| old.id),
            person: who.id,
            kind,
            description: row.owned("description").or_else(|| old.and_then(|old| old.description.clone())),
            extra,
            only_for: row.owned("only_for"),
            begins: row.date("begins")?,
            ends: row.date("ends"),
            reason: None,
        };
        if old.is_some_and(|old| old.shown() != wanted.shown()) {
            verdict.refuse("import-need-stands", "need", []);
            return None;
        }
        match wanted.checked() {
            Ok(wanted) => Some(wanted),
            Err(error) => {
                verdict.told(&error);
                None
            }
        }
    }

    fn words(&self, need: &GrantNeed) -> Vec<(&'static str, Option<String>)> {
        let minutes = match need.extra {
            Extra::Minutes(minutes) => Some(minutes.to_string()),
            _ => None,
        };
        let percent = match need.extra {
            Extra::Percent(percent) => Some(percent.to_string()),
            _ => None,
        };
        vec![
            ("need", Some(need.kind.code().to_owned())),
            ("minutes", minutes),
            ("percent", percent),
            ("unlimited", (need.extra == Extra::Unlimited).then(|| true.to_string())),
            ("description", need.description.clone()),
            ("only_for", need.only_for.clone()),
            ("begins", Some(need.begins.to_string())),
            ("ends", need.ends.map(|day| day.to_string())),
        ]
    }

    fn event(action: &'static str, need: &GrantNeed) -> Event {
        Event::new(action, need.person)
    }

    fn shown(need: &GrantNeed) -> Value {
        need.shown()
    }

    fn insert(need: &GrantNeed) -> Query<()> {
        need.insert()
    }

    /// Never asked for: a need that stands otherwise is refused.
    fn update(need: &GrantNeed, _: i64, _: bool) -> Query<()> {
        need.insert()
    }
}
