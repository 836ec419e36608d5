//! What is learnt: programmes, who is enrolled, in which groups, with which needs.

use super::Measure;
use super::crowd::Crowd;
use super::people::{Known, People, Placed};
use super::programs::{Drawn, drawn};
use super::school::{Error, Maker, Units};
use jiff::civil::{Date, Weekday, date};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use regie_core::id::{PersonId, ProgramId, ProgramOfferingId};
use regie_core::need::Extra;
use regie_core::{Caller, Role, Weekdays};
use regie_people::enrolment::{self, Enrol};
use regie_people::group::{self, AddGroup, Join, Part};
use regie_people::need::{self, GrantNeed, Kind as Need};
use regie_people::offering::{self, AddOffering, Path};
use regie_people::program::{self, AddProgram};
use std::collections::BTreeMap;

/// The school year in which the demo plays.
const YEAR: i16 = 2026;
const BEGIN: Date = date(YEAR, 8, 1);
const END: Date = date(YEAR + 1, 7, 31);
/// As many as fit in a classroom.
const CLASS: usize = 26;
const BATCH: usize = 250;

/// How much was made.
pub struct Learnt {
    pub programs: usize,
    pub offerings: usize,
    pub groups: usize,
}

#[derive(Debug, Clone)]
struct Offered {
    id: ProgramOfferingId,
    code: String,
    name: &'static str,
    team: usize,
    cohort: i16,
    path: Path,
}

impl Maker<'_> {
    pub async fn learning(
        &self,
        caller: &Caller,
        measure: &Measure,
        units: &Units,
        people: &People,
        known: &Known,
        random: &mut StdRng,
    ) -> Result<Learnt, Error> {
        let programs = drawn(measure.programs, measure.teams);
        let offered = self.programs(caller, measure, units, &programs).await?;
        let mut students = people.students.clone();
        students.extend(known.of(Role::Student));
        let classes = self.enrolments(caller, &offered, &students, random).await?;
        let groups = self.groups(caller, units, people, known, classes, random).await?;
        self.needs(caller, &students, known, random).await?;
        Ok(Learnt { programs: programs.len(), offerings: offered.len(), groups })
    }

    /// Each programme in its last cohorts, the practical ones also for students with work.
    async fn programs(
        &self,
        caller: &Caller,
        measure: &Measure,
        units: &Units,
        programs: &[Drawn],
    ) -> Result<Vec<Offered>, Error> {
        let mut offered = Vec::new();
        let mut crowd = Crowd::default();
        for (n, drawn) in programs.iter().enumerate() {
            let id: ProgramId = self.id();
            let team = place(drawn.field, n, measure.teams);
            let code = format!("{}{:03}", initials(drawn.name), n + 1);
            let crebo = Some(format!("{}", 25_000 + n * 3));
            let program =
                AddProgram { id, code: code.clone(), crebo, name: drawn.name.into(), level: drawn.level };
            let work = drawn.level > 1 && (drawn.level < 4 || n % 3 == 0);
            let years = i16::try_from(drawn.level.min(3)).unwrap_or(3);
            let mut own = Vec::new();
            for back in 0..years {
                for path in if work { &Path::ALL[..] } else { &[Path::Bol] } {
                    let cohort = YEAR - back;
                    let one = Offered {
                        id: self.id(),
                        code: format!("{code}-{}-{}", path.code(), cohort % 100),
                        name: drawn.name,
                        team,
                        cohort,
                        path: *path,
                    };
                    own.push(AddOffering {
                        id: one.id,
                        program: id,
                        code: one.code.clone(),
                        cohort: u32::try_from(cohort).unwrap_or_default(),
                        path: *path,
                        campus: units.campuses.get(team % units.campuses.len().max(1)).copied(),
                        unit: units.team(team),
                    });
                    offered.push(one);
                }
            }
            let (db, caller) = (self.db.clone(), caller.clone());
            crowd
                .start(async move {
                    program::add(&db, &caller, program).await?;
                    for one in own {
                        offering::add(&db, &caller, one).await?;
                    }
                    Ok(())
                })
                .await?;
        }
        crowd.end().await?;
        Ok(offered)
    }

    /// Everybody in one offering of their team; a few in a second one, a few after another that ended.
    async fn enrolments(
        &self,
        caller: &Caller,
        offered: &[Offered],
        students: &[Placed],
        random: &mut StdRng,
    ) -> Result<Vec<(Offered, Vec<PersonId>)>, Error> {
        let mut by_team: BTreeMap<usize, Vec<&Offered>> = BTreeMap::new();
        for one in offered {
            by_team.entry(one.team).or_default().push(one);
        }
        let mut classes: BTreeMap<ProgramOfferingId, Vec<PersonId>> = BTreeMap::new();
        let mut wanted = Vec::new();
        for student in students {
            let own = by_team.get(&student.team).map_or(&[][..], Vec::as_slice);
            let Some(first) = popular(own, random).or_else(|| offered.first()) else { continue };
            wanted.push(self.enrolment(student.id, first, None, random));
            classes.entry(first.id).or_default().push(student.id);
            let other = popular(own, random).filter(|other| other.id != first.id);
            match (random.random_range(0..100), other) {
                // Two diplomas at once.
                (0..3, Some(second)) => wanted.push(self.enrolment(student.id, second, None, random)),
                // Switched: the old enrolment ended before the new one began.
                (3..8, Some(old)) if old.cohort < YEAR => {
                    let ended = begin(old).saturating_add(jiff::Span::new().months(5));
                    if ended < begin(first) {
                        wanted.push(self.enrolment(student.id, old, Some(ended), random));
                    }
                }
                _ => {}
            }
        }
        for batch in wanted.chunks(BATCH) {
            enrolment::enrol_all(self.db, caller, batch.to_vec()).await?;
        }
        let known: BTreeMap<ProgramOfferingId, &Offered> = offered.iter().map(|one| (one.id, one)).collect();
        Ok(classes.into_iter().filter_map(|(id, class)| Some(((*known.get(&id)?).clone(), class))).collect())
    }

    fn enrolment(&self, person: PersonId, of: &Offered, ends: Option<Date>, random: &mut StdRng) -> Enrol {
        let first = Weekdays::WORKING.choose(random).copied().unwrap_or(Weekday::Monday);
        let second = Weekdays::WORKING.choose(random).copied().filter(|_| random.random_bool(0.3));
        let days = second.map_or(Weekdays::NONE.with(first), |day| Weekdays::NONE.with(first).with(day));
        Enrol {
            id: self.id(),
            person,
            offering: of.id,
            begins: begin(of),
            ends,
            school_days: if of.path == Path::Bbl { days } else { Weekdays::NONE },
            exam_only: random.random_bool(0.008),
        }
    }

    /// Classes for this school year, with two or three teachers of the team each.
    async fn groups(
        &self,
        caller: &Caller,
        units: &Units,
        people: &People,
        known: &Known,
        classes: Vec<(Offered, Vec<PersonId>)>,
        random: &mut StdRng,
    ) -> Result<usize, Error> {
        let mut teaching: BTreeMap<usize, Vec<PersonId>> = BTreeMap::new();
        for placed in &people.staff {
            teaching.entry(placed.team).or_default().push(placed.id);
        }
        let everybody: Vec<PersonId> = people.staff.iter().map(|placed| placed.id).collect();
        let mut hers = 0;
        let mut count = 0;
        let mut crowd = Crowd::default();
        for (of, class) in classes {
            for (part, students) in class.chunks(CLASS).enumerate() {
                let letter = char::from_u32('A' as u32 + u32::try_from(part).unwrap_or(0)).unwrap_or('Z');
                let group = AddGroup {
                    id: self.id(),
                    code: format!("{}{letter}", of.code.replace("-BOL-", "-").replace("-BBL-", "-W")),
                    name: format!("{} {} {letter}", of.name, of.cohort),
                    unit: units.team(of.team),
                    begins: BEGIN,
                    ends: Some(END),
                };
                let team = teaching.get(&of.team).unwrap_or(&everybody);
                let most = random.random_range(2..=3);
                let mut teachers: Vec<PersonId> = team.choose_multiple(random, most).copied().collect();
                // The teacher whose account the demo offers has four classes.
                if let Some(teacher) = known.of(Role::Teacher).filter(|it| it.team == of.team && hers < 4) {
                    hers += 1;
                    teachers.push(teacher.id);
                }
                let join = |persons: Vec<PersonId>, part| Join {
                    group: group.id,
                    persons,
                    part,
                    begins: BEGIN,
                    ends: None,
                };
                let (taught, teach) = (join(students.to_vec(), Part::Student), join(teachers, Part::Teacher));
                let (db, caller) = (self.db.clone(), caller.clone());
                count += 1;
                crowd
                    .start(async move {
                        group::add(&db, &caller, group).await?;
                        group::join(&db, &caller, taught).await?;
                        if !teach.persons.is_empty() {
                            group::join(&db, &caller, teach).await?;
                        }
                        Ok(())
                    })
                    .await?;
            }
        }
        crowd.end().await?;
        Ok(count)
    }

    /// About one student in eight has a need; most of those are extra time.
    async fn needs(
        &self,
        caller: &Caller,
        students: &[Placed],
        known: &Known,
        random: &mut StdRng,
    ) -> Result<(), Error> {
        let mut crowd = Crowd::default();
        for student in students {
            let ours = known.of(Role::Student).is_some_and(|it| it.id == student.id);
            let (kind, extra, only_for) = match random.random_range(0..1000) {
                _ if ours => (Need::ExtraTime, Extra::Minutes(30), None),
                0..75 => (Need::ExtraTime, Extra::Minutes(30), None),
                75..85 => (Need::ExtraTime, Extra::Percent(25), None),
                85..95 => (Need::ExtraTime, Extra::Minutes(30), Some("rekenen")),
                95..97 => (Need::ExtraTime, Extra::Unlimited, None),
                97..117 => (Need::Spoken, Extra::None, None),
                117..125 => (Need::SpellChecker, Extra::None, None),
                125..132 => (Need::SeparateRoom, Extra::None, None),
                132..135 => (Need::LargePrint, Extra::None, None),
                135..136 => (Need::Writer, Extra::None, None),
                _ => continue,
            };
            // One in eight runs out before the winter is over, one in twenty did so last summer.
            let (begins, ends) = match random.random_range(0..40) {
                0..2 if !ours => (date(YEAR - 1, 8, 1), Some(date(YEAR, 7, 31))),
                2..7 if !ours => (date(YEAR - 1, 8, 1), Some(date(YEAR, 12, random.random_range(1..=31)))),
                7..30 => (BEGIN, Some(END)),
                _ => (BEGIN, None),
            };
            let input = GrantNeed {
                id: self.id(),
                person: student.id,
                kind,
                description: None,
                extra,
                only_for: only_for.map(Into::into),
                begins,
                ends,
                reason: Some("besluit van de examencommissie".into()),
            };
            let wrong = random.random_bool(0.02).then_some("op verzoek van de student");
            let (db, caller) = (self.db.clone(), caller.clone());
            crowd
                .start(async move {
                    let id = need::grant(&db, &caller, input).await?;
                    if let Some(reason) = wrong.filter(|_| !ours) {
                        need::withdraw(&db, &caller, id, reason).await?;
                    }
                    Ok(())
                })
                .await?;
        }
        crowd.end().await
    }
}

/// The team of a field: large schools have several for one.
fn place(field: usize, n: usize, teams: usize) -> usize {
    let fields = super::programs::FIELDS.len();
    let same = teams.saturating_sub(field).div_ceil(fields).max(1);
    (field + (n / fields) % same * fields) % teams.max(1)
}

/// Early cohorts have fewer left, and some programmes draw more than others.
fn popular<'a>(own: &[&'a Offered], random: &mut StdRng) -> Option<&'a Offered> {
    let at = (0..2).map(|_| random.random_range(0..own.len().max(1))).min()?;
    own.get(at).copied()
}

fn begin(of: &Offered) -> Date {
    date(of.cohort, 8, 1)
}

/// `VI` for *Verzorgende IG*: at most three letters.
fn initials(name: &str) -> String {
    let words = name.split([' ', '-']).filter(|word| word.len() > 2 || word.chars().all(char::is_uppercase));
    words.filter_map(|word| word.chars().next()).take(3).flat_map(char::to_uppercase).collect()
}
