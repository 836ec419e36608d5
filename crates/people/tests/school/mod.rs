//! A small school for tests: three teams and ten people.
#![allow(dead_code, reason = "each test file uses its own part")]

use regie_core::id::{InstitutionId, PersonId, UnitId};
use regie_core::{Caller, Role, Scope, Source};
use regie_people::institution::{Found, Kind as InstitutionKind, found};
use regie_people::person::{self, AddPerson, Kind};
use regie_people::unit::{AddUnit, add as add_unit};
use regie_testkit::World;

pub struct School {
    pub care: UnitId,
    pub ict: UnitId,
    pub nurse: UnitId,
    /// A student and a member of staff, in turns, of: care, nurse, ict, the school itself, and of no unit.
    pub people: Vec<PersonId>,
}

async fn unit(world: &World, caller: &Caller, parent: Option<UnitId>, code: &str) -> UnitId {
    let id = world.id();
    add_unit(&world.db, caller, AddUnit { id, parent, code: code.into(), name: format!("Team {code}") })
        .await
        .unwrap()
}

pub async fn school(world: &World, institution: InstitutionId, slug: &str) -> School {
    let system = Caller::system(institution, world.db.now());
    let allowed = regie_access::platform(&mut world.db.reader(institution), &system).await.unwrap();
    let input = Found {
        id: institution,
        slug: slug.into(),
        name: "ROC Delta".into(),
        kind: InstitutionKind::School,
        brin: Some("25LP".into()),
        home_organization: None,
    };
    found(&world.db, &allowed, input).await.unwrap();
    let root = unit(world, &system, None, "roc").await;
    let care = unit(world, &system, Some(root), "zorg").await;
    let nurse = unit(world, &system, Some(care), "vp").await;
    let ict = unit(world, &system, Some(root), "ict").await;
    let mut people = Vec::new();
    for (n, of) in [Some(care), Some(nurse), Some(ict), Some(root), None].into_iter().enumerate() {
        for (m, kind) in [Kind::Student, Kind::Staff].into_iter().enumerate() {
            let id = world.id();
            let person = AddPerson {
                number: Some(format!("{n}{m}")),
                unit: of,
                ..AddPerson::named(id, kind, "Zoë", Some("de"), &format!("Vries{n}"))
            };
            person::add(&world.db, &system, person).await.unwrap();
            people.push(id);
        }
    }
    School { care, ict, nurse, people }
}

pub fn acting(world: &World, role: Role, scope: Scope, person: PersonId) -> Caller {
    Caller {
        person: Some(person),
        role: Some(role),
        scope,
        source: Source::Page,
        ..Caller::system(world.school, world.db.now())
    }
}
