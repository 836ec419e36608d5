//! Who is at the school: students, staff, and one person with an account for each role.

use super::crowd::Crowd;
use super::names::{draw, parts};
use super::school::{Error, Maker, Units};
use super::{Measure, PASSWORD, mail};
use jiff::civil::date;
use rand::Rng as _;
use rand::rngs::StdRng;
use regie_core::id::{InstitutionId, PersonId, RoleAssignmentId, UnitId};
use regie_core::name::display_name;
use regie_core::{Caller, Role, Scope};
use regie_people::person::{self, AddPerson, IdCheck};
use regie_people::role::{self, AssignRole};
use regie_signin::{NewAccount, Passwords};

/// So many in one transaction: large enough to share a sync, small enough to let others in between.
const BATCH: usize = 200;

/// Somebody and the team they belong to, as its place in the list of teams.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    pub id: PersonId,
    pub team: usize,
}

pub struct People {
    pub students: Vec<Placed>,
    pub staff: Vec<Placed>,
}

/// The person behind the account of each role.
pub struct Known(Vec<(Role, Placed)>);

impl Known {
    pub fn of(&self, role: Role) -> Option<Placed> {
        self.0.iter().find(|(known, _)| *known == role).map(|(_, placed)| *placed)
    }
}

impl Maker<'_> {
    pub async fn people(
        &self,
        caller: &Caller,
        measure: &Measure,
        units: &Units,
        random: &mut StdRng,
    ) -> Result<People, Error> {
        let mut people = People { students: Vec::new(), staff: Vec::new() };
        let mut batch = Vec::with_capacity(BATCH);
        for n in 0..measure.students + measure.staff {
            let student = n < measure.students;
            let name = draw(random);
            let kind = if student { person::Kind::Student } else { person::Kind::Staff };
            let number =
                if student { format!("{}", 400_000 + n) } else { format!("m{:05}", n - measure.students) };
            let id: PersonId = self.id();
            let full = display_name(name.given, name.prefix, name.family);
            let known = random.random_bool(0.97);
            let born = date(if student { 2004 } else { 1975 }, 1, 1)
                .checked_add(jiff::Span::new().days(random.random_range(0..1_800)))
                .ok();
            let team = random.random_range(0..measure.teams);
            batch.push(AddPerson {
                mail: Some(format!("{number}@{}delta.example", if student { "student." } else { "" })),
                number: Some(number),
                id_check: if known { IdCheck::Name } else { IdCheck::Secret },
                id_check_name: known.then_some(full),
                born,
                unit: Some(units.team(team)),
                ..AddPerson::named(id, kind, name.given, name.prefix, name.family)
            });
            let placed = Placed { id, team };
            if student {
                people.students.push(placed)
            } else {
                people.staff.push(placed)
            }
            if batch.len() == BATCH {
                person::add_all(self.db, caller, std::mem::take(&mut batch)).await?;
            }
        }
        person::add_all(self.db, caller, batch).await?;
        self.staff_roles(caller, units, &people.staff).await?;
        Ok(people)
    }

    /// Most teach; the first of each team leads it.
    async fn staff_roles(&self, caller: &Caller, units: &Units, staff: &[Placed]) -> Result<(), Error> {
        let mut crowd = Crowd::default();
        let mut led = std::collections::HashSet::new();
        for (n, placed) in staff.iter().enumerate() {
            let role = match n % 12 {
                _ if led.insert(placed.team) => Role::TeamLeader,
                5 => Role::Invigilator,
                9 => Role::Assessor,
                _ => Role::Teacher,
            };
            let input = self.assignment(placed.id, role, Scope::Unit(units.team(placed.team)));
            let (db, caller) = (self.db.clone(), caller.clone());
            crowd.start(async move { Ok(role::assign(&db, &caller, input).await.map(drop)?) }).await?;
        }
        crowd.end().await
    }

    fn assignment(&self, person: PersonId, role: Role, scope: Scope) -> AssignRole {
        AssignRole {
            id: self.id::<RoleAssignmentId>(),
            person,
            role,
            scope,
            begins: date(2026, 8, 1),
            ends: (role == Role::Auditor).then(|| date(2027, 7, 31)),
            reason: Some("demo".into()),
        }
    }

    /// One person with an account for each role.
    pub async fn roles(
        &self,
        caller: &Caller,
        platform: InstitutionId,
        units: &Units,
    ) -> Result<Known, Error> {
        let passwords = Passwords::standard(self.ids)?;
        // One hash for all: they have one password, and hashing is slow on purpose.
        let kept = passwords.hash_now(PASSWORD, self.ids)?;
        let mut known = Vec::new();
        for (n, role) in Role::ALL.iter().copied().enumerate() {
            let above = role == Role::SuperAdministrator;
            let caller = if above { Caller::system(platform, self.db.now()) } else { caller.clone() };
            // Student and teacher meet in the first team.
            let place = if matches!(role, Role::Student | Role::Teacher) { 0 } else { n };
            let (kind, unit, scope) = standing(role, units.team(place), units.school);
            let (given, family) = parts(role);
            let id: PersonId = self.id();
            let input = AddPerson {
                number: Some(format!("demo-{:02}", n + 1)),
                mail: Some(mail(role)),
                unit,
                ..AddPerson::named(id, kind, given, None, family)
            };
            person::add(self.db, &caller, input).await?;
            role::assign(self.db, &caller, self.assignment(id, role, scope)).await?;
            let allowed = regie_access::here(
                &mut self.db.reader(caller.institution),
                &caller,
                regie_access::Action::ManageAccounts,
            )
            .await?;
            let account =
                NewAccount { id: self.id(), mail: mail(role), password: Some(kept.clone()), person: id };
            regie_signin::create(self.db, &allowed, account).await?;
            known.push((role, Placed { id, team: place % units.teams.len().max(1) }));
        }
        Ok(Known(known))
    }
}

/// What kind of person has this role, of which unit, and for what.
fn standing(role: Role, team: UnitId, school: UnitId) -> (person::Kind, Option<UnitId>, Scope) {
    match role {
        Role::SuperAdministrator => (person::Kind::Staff, None, Scope::Institution),
        Role::Student => (person::Kind::Student, Some(team), Scope::Unit(team)),
        Role::Teacher | Role::TeamLeader => (person::Kind::Staff, Some(team), Scope::Unit(team)),
        Role::Parent | Role::WorkplaceAssessor | Role::ExamSupplier | Role::Auditor | Role::AppealBoard => {
            (person::Kind::External, Some(school), Scope::Institution)
        }
        _ => (person::Kind::Staff, Some(school), Scope::Institution),
    }
}
