//! Companies where students learn, the people who assess there, and who may act for the committee.

use super::Measure;
use super::crowd::Crowd;
use super::names::draw;
use super::people::{Known, Placed};
use super::school::{Error, Maker, Units};
use jiff::civil::date;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use regie_access::Action;
use regie_core::id::{CompanyId, PersonId, RoleAssignmentId};
use regie_core::{Caller, Role, Scope};
use regie_people::company::{self, AddCompany};
use regie_people::mandate::{self, GiveMandate};
use regie_people::person::{self, AddPerson, Kind};
use regie_people::role::{self, AssignRole};

const TRADES: &[&str] = &[
    "Zorggroep",
    "Kinderopvang",
    "Bakkerij",
    "Installatiebedrijf",
    "Garage",
    "Hotel",
    "Transport",
    "Drukkerij",
    "Thuiszorg",
    "Bouwbedrijf",
    "Advocatenkantoor",
    "Administratiekantoor",
    "Sportcentrum",
    "Webbureau",
    "Supermarkt",
    "Beveiliging",
];
const NAMES: &[&str] = &[
    "De Linde",
    "Noorderlicht",
    "Van Dam",
    "Het Anker",
    "Rijnzicht",
    "Kaya & zonen",
    "De Korenbloem",
    "Delta",
    "Zuiderpark",
    "Mulder",
    "Nieuwe Haven",
    "De Brug",
    "Oosterhof",
    "Bouzidi",
    "Molenzicht",
    "De Vlinder",
];
const CITIES: &[&str] = &["Delfstad", "Maasveen", "Rijnburg", "Oosterdam"];

impl Maker<'_> {
    /// Each company has one or two people who assess there.
    pub async fn companies(
        &self,
        caller: &Caller,
        measure: &Measure,
        random: &mut StdRng,
    ) -> Result<(), Error> {
        let mut crowd = Crowd::default();
        for n in 0..measure.companies {
            let id: CompanyId = self.id();
            let trade = TRADES.get(n % TRADES.len()).copied().unwrap_or("Bedrijf");
            let name = NAMES.choose(random).copied().unwrap_or("Delta");
            let city = CITIES.choose(random).copied().unwrap_or("Delfstad");
            let input = AddCompany {
                id,
                name: format!("{trade} {name}"),
                code: Some(format!("10{:07}", n * 7 + 13)),
                city: Some(city.into()),
                mail: Some(format!("praktijk{n}@bedrijf.example")),
                phone: Some(format!("010-{:07}", 1_000_000 + n * 37)),
            };
            let mut people = Vec::new();
            for _ in 0..random.random_range(1..=2) {
                let name = draw(random);
                let person: PersonId = self.id();
                let named = AddPerson::named(person, Kind::External, name.given, name.prefix, name.family);
                let assignment = AssignRole {
                    id: self.id::<RoleAssignmentId>(),
                    person,
                    role: Role::WorkplaceAssessor,
                    scope: Scope::Institution,
                    begins: date(2026, 8, 1),
                    ends: Some(date(2027, 7, 31)),
                    reason: Some("demo".into()),
                };
                people.push((AddPerson { company: Some(id), ..named }, assignment));
            }
            let (db, caller) = (self.db.clone(), caller.clone());
            crowd
                .start(async move {
                    company::add(&db, &caller, input).await?;
                    for (person, assignment) in people {
                        person::add(&db, &caller, person).await?;
                        role::assign(&db, &caller, assignment).await?;
                    }
                    Ok(())
                })
                .await?;
        }
        crowd.end().await
    }

    /// The officer grants needs for the committee this school year; a teacher did so for one team last spring.
    pub async fn mandates(
        &self,
        caller: &Caller,
        units: &Units,
        staff: &[Placed],
        known: &Known,
    ) -> Result<(), Error> {
        let given = |holder, scope, begins, ends, reason: &str| GiveMandate {
            id: self.id(),
            holder,
            action: Action::GrantNeeds,
            scope,
            begins,
            ends,
            reason: reason.into(),
        };
        if let Some(officer) = known.of(Role::ExamOfficer) {
            let (begins, ends) = (date(2026, 8, 1), date(2027, 7, 31));
            let reason = "kent vaste voorzieningen toe volgens het besluit van juni";
            let input = given(officer.id, Scope::Institution, begins, ends, reason);
            mandate::give(self.db, caller, input).await?;
        }
        if let Some(teacher) = staff.first() {
            let (begins, ends) = (date(2026, 2, 1), date(2026, 6, 30));
            let scope = Scope::Unit(units.team(teacher.team));
            let input = given(teacher.id, scope, begins, ends, "tijdens het verlof van de secretaris");
            mandate::give(self.db, caller, input).await?;
        }
        Ok(())
    }
}
