//! Roles: who acts as what, for the whole school or for a team, from one day to another. A sheet gives roles; taking one
//! away is done by hand, with a reason.

use super::super::Kind;
use super::place::{Named, Unit, known_units, unit};
use super::sheet::{Plan, Sheet, Stood};
use super::who::{People, Who};
use super::{Row, Verdict};
use crate::Error;
use crate::person::Kind as PersonKind;
use crate::role::{AssignRole, Held, standing_query};
use regie_core::column::{Choice, Column, Shape};
use regie_core::id::{Id, PersonId, RoleAssignmentId};
use regie_core::setting::AUDITOR_DAYS;
use regie_core::{Caller, Role, Scope};
use regie_db::{Ask, Event, Query};
use serde_json::Value;
use std::collections::HashMap;

pub(in super::super) const COLUMNS: &[Column] = &[
    Column::text(
        "person",
        254,
        &["personeelsnummer", "medewerkernummer", "nummer", "mailadres", "staff number"],
    )
    .required()
    .example("P20431"),
    Column::of(
        "role",
        Shape::Code(&[
            Choice { code: "teacher", aliases: &["docent", "teacher"] },
            Choice { code: "assessor", aliases: &["beoordelaar", "corrector", "assessor"] },
            Choice { code: "invigilator", aliases: &["surveillant", "invigilator"] },
            Choice { code: "sessionLeader", aliases: &["afnameleider", "session leader"] },
            Choice {
                code: "examOffice",
                aliases: &["examenbureau", "medewerker examenbureau", "exam office"],
            },
            Choice { code: "examOfficer", aliases: &["examenfunctionaris", "exam officer"] },
            Choice {
                code: "committeeChair",
                aliases: &[
                    "voorzitter examencommissie",
                    "voorzitter",
                    "committee chair",
                    "chair of the exam committee",
                ],
            },
            Choice {
                code: "committeeSecretary",
                aliases: &[
                    "secretaris examencommissie",
                    "secretaris",
                    "committee secretary",
                    "secretary of the exam committee",
                ],
            },
            Choice {
                code: "committeeMember",
                aliases: &["lid examencommissie", "committee member", "member of the exam committee"],
            },
            Choice { code: "teamLeader", aliases: &["teamleider", "opleidingsmanager", "team leader"] },
            Choice {
                code: "administrator",
                aliases: &["functioneel beheerder", "beheerder", "administrator"],
            },
            Choice {
                code: "practicalContact",
                aliases: &[
                    "contactpersoon praktijkexamens",
                    "contactpersoon praktijk",
                    "practical exam contact",
                ],
            },
            Choice {
                code: "practicalCoach",
                aliases: &["praktijkbegeleider", "bpv-docent", "workplace coach"],
            },
            Choice { code: "workplaceAssessor", aliases: &["praktijkbeoordelaar", "workplace assessor"] },
            Choice { code: "examSupplier", aliases: &["examenleverancier", "exam supplier"] },
            Choice { code: "auditor", aliases: &["auditor", "inspecteur"] },
            Choice { code: "competentAuthority", aliases: &["bevoegd gezag", "competent authority"] },
            Choice { code: "appealBoard", aliases: &["commissie van beroep", "appeal board"] },
            Choice { code: "itemAuthor", aliases: &["vragenmaker", "constructeur", "item author"] },
            Choice {
                code: "markingCoordinator",
                aliases: &["coördinator nakijken", "correctiecoördinator", "marking coordinator"],
            },
            Choice {
                code: "learningMaterials",
                aliases: &["leermiddelencoördinator", "learning materials coordinator"],
            },
        ]),
        &["rol", "functie", "role"],
    )
    .required()
    .example("docent"),
    Column::text("unit", 120, &["team", "teamcode", "voor", "afdeling", "unit", "department"])
        .example("ZW-VP"),
    Column::of("begins", Shape::Date, &["begindatum", "ingangsdatum", "vanaf", "start date"])
        .required()
        .example("01-08-2026"),
    Column::of("ends", Shape::Date, &["einddatum", "tot en met", "end date"]).example("31-07-2027"),
];

pub(in super::super) struct Roles {
    people: People,
    units: Named<Unit>,
    stood: HashMap<PersonId, Vec<Stood<AssignRole>>>,
    auditor_days: i64,
}

const NOT_STUDENTS: &[PersonKind] = &[PersonKind::Staff, PersonKind::External];

fn role_of(row: &Row<'_>) -> Option<Role> {
    row.text("role").and_then(Role::from_code)
}

impl Roles {
    fn who(&self, row: &Row<'_>) -> Option<&Who> {
        self.people.find(row.text("person"), NOT_STUDENTS)
    }

    fn scope(&self, row: &Row<'_>) -> Option<Scope> {
        match row.text("unit") {
            None => Some(Scope::Institution),
            Some(word) => self.units.find(word).map(|unit| Scope::Unit(unit.id)),
        }
    }
}

impl Sheet for Roles {
    type Thing = AssignRole;
    const KEY: &'static str = "person";
    const ADDED: &'static str = "role.assigned";
    const EDITED: &'static str = "role.assigned";

    async fn known(q: &mut impl Ask, caller: &Caller, kind: Kind) -> Result<Self, Error> {
        let allowed = regie_access::list(q, caller, kind.action()).await?;
        let mut stood: HashMap<PersonId, Vec<Stood<AssignRole>>> = HashMap::new();
        for held in q.all(standing_query()).await? {
            let Some(scope) = held.scope() else { continue };
            let Held { id, person, role, begins, ends, .. } = held;
            let thing = AssignRole { id, person, role, scope, begins, ends, reason: None };
            stood.entry(person).or_default().push(Stood {
                id: person.uuid(),
                thing,
                version: 0,
                active: true,
            });
        }
        Ok(Self {
            people: People::known(q, allowed.what()).await?,
            units: known_units(q, allowed.what()).await?,
            stood,
            auditor_days: regie_access::setting(q, &AUDITOR_DAYS).await?,
        })
    }

    fn said(&self, row: &Row<'_>) -> Option<String> {
        let person = row.text("person")?;
        let who = self.who(row).map_or_else(|| person.to_owned(), |who| who.id.to_string());
        let scope = self.scope(row).and_then(Scope::id).map(|id| id.to_string()).unwrap_or_default();
        Some(format!("{who} {} {scope}", row.text("role")?))
    }

    fn label(&self, row: &Row<'_>) -> String {
        let said = row.text("person").unwrap_or_default();
        self.who(row).filter(|who| who.reached).map_or_else(|| said.to_owned(), |who| who.name.clone())
    }

    /// The same role for the same part of the school at the same time.
    fn standing(&self, row: &Row<'_>) -> Option<&Stood<AssignRole>> {
        let (who, role, scope) = (self.who(row)?, role_of(row)?, self.scope(row)?);
        let (begins, ends) = (row.date("begins")?, row.date("ends"));
        self.stood.get(&who.id)?.iter().find(|one| {
            one.thing.role == role
                && one.thing.scope == scope
                && one.thing.ends.is_none_or(|last| last >= begins)
                && ends.is_none_or(|last| one.thing.begins <= last)
        })
    }

    fn wanted(
        &self,
        row: &Row<'_>,
        old: Option<&AssignRole>,
        verdict: &mut Verdict<Plan<AssignRole>>,
    ) -> Option<AssignRole> {
        let who = self.people.must(row, "person", NOT_STUDENTS, verdict);
        let scope = match row.text("unit") {
            None => Some(Scope::Institution),
            Some(_) => unit(&self.units, row, "unit", verdict).map(|unit| Scope::Unit(unit.id)),
        };
        let (who, scope, role, begins) = (who?, scope?, role_of(row)?, row.date("begins")?);
        let ends = row.date("ends");
        if ends.is_some_and(|ends| ends < begins) {
            verdict.told(&Error::EndBeforeBegin);
            return None;
        }
        if role == Role::Auditor {
            let last = begins.checked_add(jiff::Span::new().days(self.auditor_days - 1)).unwrap_or(begins);
            if ends.is_none_or(|ends| ends > last) {
                verdict.told(&Error::AuditorTooLong(self.auditor_days));
                return None;
            }
        }
        if old.is_some_and(|old| old.begins != begins || old.ends != ends) {
            verdict.refuse("import-role-stands", "role", []);
            return None;
        }
        let id = old.map_or(RoleAssignmentId::from_uuid(row.staged.fresh), |old| old.id);
        Some(AssignRole { id, person: who.id, role, scope, begins, ends, reason: None })
    }

    fn words(&self, one: &AssignRole) -> Vec<(&'static str, Option<String>)> {
        let unit = one.scope.id().and_then(|id| self.units.all.iter().find(|unit| unit.id.uuid() == id));
        vec![
            ("role", Some(one.role.code().to_owned())),
            ("unit", unit.map(|unit| unit.code.clone())),
            ("begins", Some(one.begins.to_string())),
            ("ends", one.ends.map(|day| day.to_string())),
        ]
    }

    fn event(action: &'static str, one: &AssignRole) -> Event {
        Event::new(action, one.person)
    }

    fn shown(one: &AssignRole) -> Value {
        one.shown()
    }

    fn insert(one: &AssignRole) -> Query<()> {
        one.insert()
    }

    /// Never asked for: a role that stands otherwise is refused.
    fn update(one: &AssignRole, _: i64, _: bool) -> Query<()> {
        one.insert()
    }
}
