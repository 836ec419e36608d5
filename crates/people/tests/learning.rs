//! Programmes, offerings, enrolments, groups and needs, as the handbook has them, on both databases.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod school;

use jiff::civil::{Date, Weekday, date};
use regie_access::{Action, Refusal};
use regie_core::id::{AssignedNeedId, GroupId, PersonId, ProgramId, ProgramOfferingId, RequestId};
use regie_core::need::Extra;
use regie_core::{Caller, Role, Scope, Weekdays};
use regie_people::enrolment::{self, EditEnrolment, Enrol};
use regie_people::group::{self, AddGroup, EditGroup, Join, Leave, Part};
use regie_people::need::{self, GrantNeed, Kind as Need, State};
use regie_people::offering::{self, AddOffering, EditOffering, Path};
use regie_people::program::{self, AddProgram, EditProgram};
use regie_people::{Error, person};
use regie_testkit::{World, both};
use school::{School, acting, school};

const BEGIN: Date = date(2026, 8, 1);

struct Learning {
    school: School,
    office: Caller,
    program: ProgramId,
    bol: ProgramOfferingId,
    bbl: ProgramOfferingId,
}

fn a_program(id: ProgramId, code: &str) -> AddProgram {
    AddProgram {
        id,
        code: code.into(),
        crebo: Some("25655".into()),
        name: "Verpleegkundige".into(),
        level: 4,
    }
}

fn an_offering(world: &World, program: ProgramId, path: Path, unit: regie_core::id::UnitId) -> AddOffering {
    let code = format!("VP-{}-26", path.code());
    AddOffering { id: world.id(), program, code, cohort: 2026, path, campus: None, unit }
}

async fn learning(world: &World) -> Learning {
    let school = school(world, world.school, "delta").await;
    let office = acting(world, Role::ExamOffice, Scope::Institution, school.people[1]);
    let program = program::add(&world.db, &office, a_program(world.id(), "VP4")).await.unwrap();
    let mut offerings = Vec::new();
    for path in [Path::Bol, Path::Bbl] {
        let one = an_offering(world, program, path, school.nurse);
        offerings.push(offering::add(&world.db, &office, one).await.unwrap());
    }
    Learning { school, office, program, bol: offerings[0], bbl: offerings[1] }
}

fn into(world: &World, person: PersonId, offering: ProgramOfferingId) -> Enrol {
    Enrol {
        id: world.id(),
        person,
        offering,
        begins: BEGIN,
        ends: None,
        school_days: Weekdays::NONE,
        exam_only: false,
    }
}

async fn a_group(world: &World, here: &Learning) -> GroupId {
    let input = AddGroup {
        id: world.id(),
        code: "VP26A".into(),
        name: "Verpleegkunde 26 A".into(),
        unit: here.school.nurse,
        begins: BEGIN,
        ends: Some(date(2027, 7, 31)),
    };
    group::add(&world.db, &here.office, input).await.unwrap()
}

fn extra_time(world: &World, person: PersonId, ends: Option<Date>) -> GrantNeed {
    GrantNeed {
        id: world.id::<AssignedNeedId>(),
        person,
        kind: Need::ExtraTime,
        description: None,
        extra: Extra::Minutes(30),
        only_for: None,
        begins: BEGIN,
        ends,
        reason: Some("besluit van de examencommissie".into()),
    }
}

both! {
    async fn a_programme_has_a_code_of_its_own_and_a_sound_crebo(world: World) {
        let here = learning(&world).await;
        let twice = program::add(&world.db, &here.office, a_program(world.id(), "VP4")).await;
        assert_eq!(twice, Err(Error::CodeTaken("VP4".into())));
        for (wrong, error) in [("2565", Error::Crebo), ("K0072", Error::Crebo), ("256551", Error::TooLong("crebo", 5))] {
            let input = AddProgram { crebo: Some(wrong.into()), ..a_program(world.id(), "X") };
            assert_eq!(program::add(&world.db, &here.office, input).await, Err(error), "{wrong}");
        }
        let fifth = AddProgram { level: 5, ..a_program(world.id(), "X") };
        assert_eq!(program::add(&world.db, &here.office, fifth).await, Err(Error::Level));
        let student = acting(&world, Role::Student, Scope::Institution, here.school.people[0]);
        let refused = program::add(&world.db, &student, a_program(world.id(), "X")).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotInRole { action: Action::EditPrograms, .. }))));
        let filter = program::Filter { text: "VERPLEEG 25655".into(), ..program::Filter::default() };
        let found = program::list(&world.db, &student, &filter).await.unwrap();
        assert_eq!((found.total, found.lines[0].offerings), (1, 2), "everybody may look");
        let theirs = Caller { institution: world.twin, ..here.office.clone() };
        assert_eq!(program::list(&world.db, &theirs, &filter).await.unwrap().total, 0, "the twin has none");
        assert_eq!(program::see(&world.db, &theirs, here.program).await, Err(Error::NotFound("program")));
    }

    async fn the_second_editor_of_a_programme_is_told_and_its_history_kept(world: World) {
        let here = learning(&world).await;
        world.clock.forward(jiff::SignedDuration::from_mins(1));
        let edit = |name: &str| EditProgram {
            program: AddProgram { name: name.into(), ..a_program(here.program, "VP4") },
            version: 1,
            active: false,
        };
        program::edit(&world.db, &here.office, edit("Verpleging")).await.unwrap();
        assert_eq!(program::edit(&world.db, &here.office, edit("Zorg")).await, Err(Error::ChangedMeanwhile));
        let history = regie_people::journal::history(&world.db, &here.office, regie_access::Action::EditPrograms, here.program).await.unwrap();
        assert_eq!(history.iter().map(|line| line.action.as_str()).collect::<Vec<_>>(), ["program.edited", "program.added"]);
        let (old, new) = history[0].values().unwrap();
        assert_eq!((old["active"].as_bool(), new["name"].as_str()), (Some(true), Some("Verpleging")));
        let late = an_offering(&world, here.program, Path::Bol, here.school.ict);
        let late = AddOffering { code: "late".into(), ..late };
        assert_eq!(offering::add(&world.db, &here.office, late).await, Err(Error::Inactive("program")));
    }

    async fn an_offering_is_found_by_programme_cohort_path_and_team(world: World) {
        let here = learning(&world).await;
        let count = async |filter: offering::Filter| offering::list(&world.db, &here.office, &filter).await.unwrap().total;
        assert_eq!(count(offering::Filter { text: "verpleeg bbl".into(), ..Default::default() }).await, 1);
        assert_eq!(count(offering::Filter { path: Some(Path::Bol), cohort: Some(2026), ..Default::default() }).await, 1);
        assert_eq!(count(offering::Filter { unit: Some(here.school.care), ..Default::default() }).await, 2, "the team lies below care");
        assert_eq!(count(offering::Filter { unit: Some(here.school.ict), ..Default::default() }).await, 0);
        assert_eq!(count(offering::Filter { cohort: Some(2025), ..Default::default() }).await, 0);
        let one = offering::see(&world.db, &here.office, here.bol).await.unwrap();
        let moved = AddOffering {
            id: here.bol, program: here.program, code: "VP-BOL-26b".into(), cohort: 2026, path: Path::Bol, campus: None,
            unit: here.school.ict,
        };
        let edit = EditOffering { offering: moved, version: one.version, active: true };
        offering::edit(&world.db, &here.office, edit.clone()).await.unwrap();
        assert_eq!(offering::edit(&world.db, &here.office, edit).await, Err(Error::ChangedMeanwhile));
        assert_eq!(offering::see(&world.db, &here.office, here.bol).await.unwrap().unit, here.school.ict);
        let strange = an_offering(&world, here.program, Path::Bol, world.id());
        let strange = AddOffering { code: "strange".into(), ..strange };
        assert_eq!(offering::add(&world.db, &here.office, strange).await, Err(Error::NotFound("unit")));
    }

    async fn a_student_may_have_several_enrolments_but_not_two_of_one_at_a_time(world: World) {
        let here = learning(&world).await;
        let student = here.school.people[2];
        let first = Enrol { ends: Some(date(2026, 12, 31)), ..into(&world, student, here.bol) };
        enrolment::enrol(&world.db, &here.office, first).await.unwrap();
        enrolment::enrol(&world.db, &here.office, into(&world, student, here.bbl)).await.unwrap();
        let twice = Enrol { begins: date(2026, 12, 31), ..into(&world, student, here.bol) };
        assert_eq!(enrolment::enrol(&world.db, &here.office, twice.clone()).await, Err(Error::EnrolledAlready));
        let again = Enrol { begins: date(2027, 1, 1), ..twice };
        enrolment::enrol(&world.db, &here.office, again).await.unwrap();
        assert_eq!(enrolment::of_person(&world.db, &here.office, student).await.unwrap().len(), 3);
        let on = |on| enrolment::Filter { on: Some(on), ..Default::default() };
        let count = async |filter: enrolment::Filter| enrolment::list(&world.db, &here.office, &filter).await.unwrap().total;
        assert_eq!(count(on(date(2026, 11, 20))).await, 2);
        assert_eq!(count(on(date(2026, 7, 31))).await, 0);
        let backwards = Enrol { ends: Some(date(2026, 7, 1)), ..into(&world, here.school.people[0], here.bol) };
        assert_eq!(enrolment::enrol(&world.db, &here.office, backwards).await, Err(Error::EndBeforeBegin));
        let teacher = into(&world, here.school.people[3], here.bol);
        assert!(matches!(enrolment::enrol(&world.db, &here.office, teacher).await, Err(Error::NotAStudent(_))));
    }

    async fn a_whole_class_is_enrolled_or_nobody_and_twice_is_once(world: World) {
        let here = learning(&world).await;
        world.clock.forward(jiff::SignedDuration::from_mins(1));
        let (one, two, staff) = (here.school.people[0], here.school.people[2], here.school.people[1]);
        let class = vec![into(&world, one, here.bol), into(&world, two, here.bol)];
        let wrong = class.iter().cloned().chain([into(&world, staff, here.bol)]).collect();
        assert!(matches!(enrolment::enrol_all(&world.db, &here.office, wrong).await, Err(Error::NotAStudent(_))));
        assert!(enrolment::of_person(&world.db, &here.office, one).await.unwrap().is_empty(), "nothing half done");
        let office = Caller { request: Some(world.id::<RequestId>()), ..here.office.clone() };
        assert_eq!(enrolment::enrol_all(&world.db, &office, class.clone()).await, Ok(2));
        assert_eq!(enrolment::enrol_all(&world.db, &office, class).await, Ok(2), "the same request is the same command");
        assert_eq!(enrolment::of_person(&world.db, &here.office, one).await.unwrap().len(), 1);
        let history = person::history(&world.db, &here.office, two).await.unwrap();
        assert_eq!(history[0].action, "programEnrolment.added");
    }

    async fn two_at_once_cannot_both_enrol_a_student_in_one_offering(world: World) {
        let here = learning(&world).await;
        let student = here.school.people[2];
        let early = into(&world, student, here.bol);
        let late = Enrol { begins: date(2026, 9, 1), ..into(&world, student, here.bol) };
        let (a, b) = tokio::join!(
            enrolment::enrol(&world.db, &here.office, early),
            enrolment::enrol(&world.db, &here.office, late),
        );
        let told = [a, b].into_iter().filter(|done| *done == Err(Error::EnrolledAlready)).count();
        assert_eq!(told, 1);
        assert_eq!(enrolment::of_person(&world.db, &here.office, student).await.unwrap().len(), 1);
    }

    async fn days_of_school_are_for_students_with_work(world: World) {
        let here = learning(&world).await;
        let student = here.school.people[2];
        let days = Weekdays::NONE.with(Weekday::Monday).with(Weekday::Thursday);
        let bol = Enrol { school_days: days, ..into(&world, student, here.bol) };
        assert_eq!(enrolment::enrol(&world.db, &here.office, bol).await, Err(Error::SchoolDays));
        let bbl = Enrol { school_days: days, ..into(&world, student, here.bbl) };
        let id = enrolment::enrol(&world.db, &here.office, bbl).await.unwrap();
        assert_eq!(enrolment::see(&world.db, &here.office, id).await.unwrap().days(), days);
        let edit = EditEnrolment {
            id, version: 1, begins: BEGIN, ends: Some(date(2026, 12, 1)), school_days: Weekdays::NONE, exam_only: true,
            reason: Some("gestopt".into()),
        };
        enrolment::edit(&world.db, &here.office, edit.clone()).await.unwrap();
        assert_eq!(enrolment::edit(&world.db, &here.office, edit).await, Err(Error::ChangedMeanwhile));
        let now = enrolment::see(&world.db, &here.office, id).await.unwrap();
        assert_eq!((now.ends, now.exam_only, now.version), (Some(date(2026, 12, 1)), true, 2));
    }

    async fn an_office_of_one_team_enrols_its_own_in_its_own(world: World) {
        let here = learning(&world).await;
        let ict = acting(&world, Role::ExamOffice, Scope::Unit(here.school.ict), here.school.people[1]);
        let foreign = enrolment::enrol(&world.db, &ict, into(&world, here.school.people[2], here.bol)).await;
        assert!(matches!(foreign, Err(Error::Refused(Refusal::OutOfReach { .. }))), "{foreign:?}");
        let elsewhere = enrolment::enrol(&world.db, &ict, into(&world, here.school.people[4], here.bol)).await;
        assert!(matches!(elsewhere, Err(Error::Refused(Refusal::OutOfReach { .. }))), "{elsewhere:?}");
        let care = acting(&world, Role::ExamOffice, Scope::Unit(here.school.care), here.school.people[1]);
        enrolment::enrol(&world.db, &care, into(&world, here.school.people[2], here.bol)).await.unwrap();
        // Who is enrolled with a team is in its reach, whatever team they belong to.
        let nurse = acting(&world, Role::ExamOffice, Scope::Unit(here.school.nurse), here.school.people[1]);
        assert!(person::see(&world.db, &nurse, here.school.people[0]).await.is_err());
        enrolment::enrol(&world.db, &here.office, into(&world, here.school.people[0], here.bol)).await.unwrap();
        assert!(person::see(&world.db, &nurse, here.school.people[0]).await.is_ok());
    }

    async fn a_teacher_sees_the_students_of_their_groups_while_they_teach_them(world: World) {
        let here = learning(&world).await;
        let (student, other, staff) = (here.school.people[2], here.school.people[4], here.school.people[3]);
        let id = a_group(&world, &here).await;
        let teacher = acting(&world, Role::Teacher, Scope::Institution, staff);
        assert!(matches!(group::see(&world.db, &teacher, id).await, Err(Error::Refused(Refusal::OutOfReach { .. }))));
        let join = |person, part| Join { group: id, persons: vec![person], part, begins: BEGIN, ends: None };
        group::join(&world.db, &here.office, join(student, Part::Student)).await.unwrap();
        group::join(&world.db, &here.office, join(staff, Part::Teacher)).await.unwrap();
        assert_eq!(group::list(&world.db, &teacher, &group::Filter::default()).await.unwrap().total, 1);
        assert!(person::see(&world.db, &teacher, student).await.is_ok());
        assert!(person::see(&world.db, &teacher, other).await.is_err());
        let me = acting(&world, Role::Student, Scope::Institution, student);
        let members = group::members(&world.db, &me, id).await.unwrap();
        assert_eq!(members.len(), 2, "a student sees themselves and who teaches them: {members:?}");
        assert_eq!(group::teachers(&world.db, &me, student).await.unwrap().len(), 1);
        let leave = Leave { group: id, person: student, last_day: date(2026, 11, 19), reason: None };
        group::leave(&world.db, &here.office, leave.clone()).await.unwrap();
        assert!(person::see(&world.db, &teacher, student).await.is_err(), "gone since yesterday");
        assert_eq!(group::list(&world.db, &me, &group::Filter::default()).await.unwrap().total, 0);
        let again = Leave { last_day: date(2026, 11, 21), ..leave };
        assert_eq!(group::leave(&world.db, &here.office, again).await, Err(Error::NotAMember));
        let history = person::history(&world.db, &here.office, student).await.unwrap();
        assert_eq!(history[0].action, "group.left");
    }

    async fn a_stay_lies_within_its_group_and_is_not_doubled(world: World) {
        let here = learning(&world).await;
        let id = a_group(&world, &here).await;
        let join = |person, part, begins, ends| Join { group: id, persons: vec![person], part, begins, ends };
        let (student, staff) = (here.school.people[2], here.school.people[3]);
        let before = join(student, Part::Student, date(2026, 7, 1), None);
        assert_eq!(group::join(&world.db, &here.office, before).await, Err(Error::OutsideGroup));
        let after = join(student, Part::Student, BEGIN, Some(date(2027, 8, 1)));
        assert_eq!(group::join(&world.db, &here.office, after).await, Err(Error::OutsideGroup));
        let as_teacher = join(student, Part::Teacher, BEGIN, None);
        assert!(matches!(group::join(&world.db, &here.office, as_teacher).await, Err(Error::NotStaff(_))));
        let as_student = join(staff, Part::Student, BEGIN, None);
        assert!(matches!(group::join(&world.db, &here.office, as_student).await, Err(Error::NotAStudent(_))));
        group::join(&world.db, &here.office, join(student, Part::Student, BEGIN, Some(date(2026, 10, 1)))).await.unwrap();
        let overlapping = join(student, Part::Student, date(2026, 10, 1), None);
        assert_eq!(group::join(&world.db, &here.office, overlapping).await, Err(Error::MemberAlready));
        group::join(&world.db, &here.office, join(student, Part::Student, date(2026, 10, 2), None)).await.unwrap();
        assert_eq!(group::members(&world.db, &here.office, id).await.unwrap().len(), 2, "two stays of one person");
        // The group cannot end before who is in it.
        let short = AddGroup {
            id, code: "VP26A".into(), name: "A".into(), unit: here.school.nurse, begins: BEGIN, ends: Some(date(2026, 9, 1)),
        };
        let edit = EditGroup { group: short, version: 1 };
        assert_eq!(group::edit(&world.db, &here.office, edit.clone()).await, Err(Error::OutsideGroup));
        let longer = EditGroup { group: AddGroup { ends: None, ..edit.group }, version: 1 };
        group::edit(&world.db, &here.office, longer.clone()).await.unwrap();
        assert_eq!(group::edit(&world.db, &here.office, longer).await, Err(Error::ChangedMeanwhile));
        let theirs = Caller { institution: world.twin, ..here.office.clone() };
        assert_eq!(group::see(&world.db, &theirs, id).await, Err(Error::Refused(Refusal::NotFound { kind: "group" })));
    }

    async fn groups_listed_and_decided_agree(world: World) {
        let here = learning(&world).await;
        let id = a_group(&world, &here).await;
        let other = AddGroup {
            id: world.id(), code: "ICT".into(), name: "ICT".into(), unit: here.school.ict, begins: BEGIN, ends: None,
        };
        let other = group::add(&world.db, &here.office, other).await.unwrap();
        let people = &here.school.people;
        for (group, persons, part) in
            [(id, vec![people[2]], Part::Student), (id, vec![people[3]], Part::Teacher), (other, vec![people[4]], Part::Student)]
        {
            group::join(&world.db, &here.office, Join { group, persons, part, begins: BEGIN, ends: None }).await.unwrap();
        }
        enrolment::enrol(&world.db, &here.office, into(&world, people[2], here.bol)).await.unwrap();
        let scopes = [Scope::Institution, Scope::Unit(here.school.care), Scope::Unit(here.school.ict), Scope::Program(here.program)];
        let mut seen = 0;
        for role in Role::ALL {
            for scope in scopes {
                for me in [people[2], people[3]] {
                    let caller = acting(&world, *role, scope, me);
                    let Ok(listed) = group::list(&world.db, &caller, &group::Filter::default()).await else { continue };
                    assert_eq!(listed.total as usize, listed.lines.len());
                    for group in [id, other] {
                        let decided = group::see(&world.db, &caller, group).await.is_ok();
                        let in_list = listed.lines.iter().any(|line| line.id == group);
                        assert_eq!(decided, in_list, "{role:?} {scope:?} {me:?} {group:?}");
                        seen += usize::from(decided);
                    }
                }
            }
        }
        assert!(seen > 40, "the test must see something to mean something: {seen}");
    }

    async fn only_the_committee_grants_needs_and_never_to_staff(world: World) {
        let here = learning(&world).await;
        let student = here.school.people[2];
        let need = extra_time(&world, student, Some(date(2027, 7, 31)));
        let refused = need::grant(&world.db, &here.office, need.clone()).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotInRole { action: Action::GrantNeeds, .. }))));
        let chair = acting(&world, Role::CommitteeChair, Scope::Institution, here.school.people[7]);
        need::grant(&world.db, &chair, need.clone()).await.unwrap();
        let staff = GrantNeed { id: world.id(), person: here.school.people[3], ..need.clone() };
        assert_eq!(need::grant(&world.db, &chair, staff).await, Err(Error::OnlyStudents));
        let own = GrantNeed { id: world.id(), person: here.school.people[7], ..need.clone() };
        let own = need::grant(&world.db, &chair, own).await;
        assert_eq!(own, Err(Error::Refused(Refusal::Duty { action: Action::GrantNeeds, rule: "not-your-own-need" })));
        for wrong in [Extra::None, Extra::Minutes(0), Extra::Minutes(601), Extra::Percent(0), Extra::Percent(201)] {
            let input = GrantNeed { id: world.id(), extra: wrong, ..need.clone() };
            assert_eq!(need::grant(&world.db, &chair, input).await, Err(Error::ExtraTime), "{wrong:?}");
        }
        let spoken = GrantNeed { id: world.id(), kind: Need::Spoken, ..need.clone() };
        assert_eq!(need::grant(&world.db, &chair, spoken).await, Err(Error::ExtraTime), "spoken text gives no minutes");
        let other = GrantNeed { id: world.id(), kind: Need::Other, extra: Extra::None, ..need };
        assert_eq!(need::grant(&world.db, &chair, other).await, Err(Error::Missing("description")));
        let me = acting(&world, Role::Student, Scope::Institution, student);
        let mine = need::of_person(&world.db, &me, student).await.unwrap();
        assert_eq!((mine.len(), mine[0].extra()), (1, Extra::Minutes(30)), "a student sees their own");
        assert!(need::of_person(&world.db, &me, here.school.people[4]).await.is_err());
    }

    async fn a_need_that_runs_out_is_told_until_another_follows(world: World) {
        let here = learning(&world).await;
        let chair = acting(&world, Role::CommitteeChair, Scope::Institution, here.school.people[7]);
        let student = here.school.people[2];
        let grant = async |ends| need::grant(&world.db, &chair, extra_time(&world, student, ends)).await.unwrap();
        let soon = grant(Some(date(2026, 12, 20))).await;
        assert_eq!(need::expiring(&world.db, &chair).await.unwrap(), 1);
        let count = async |state| {
            let filter = need::Filter { state: Some(state), ..Default::default() };
            need::list(&world.db, &here.office, &filter).await.unwrap().total
        };
        assert_eq!((count(State::Valid).await, count(State::Expired).await, count(State::Coming).await), (1, 0, 0));
        let next = grant(Some(date(2027, 12, 20))).await;
        assert_eq!(need::expiring(&world.db, &chair).await.unwrap(), 0, "somebody decided");
        need::withdraw(&world.db, &chair, next, "verleend aan de verkeerde student").await.unwrap();
        assert_eq!(need::withdraw(&world.db, &chair, next, "nog eens").await, Err(Error::ChangedMeanwhile));
        assert_eq!(need::withdraw(&world.db, &chair, soon, " ").await, Err(Error::Missing("reason")));
        assert_eq!(need::expiring(&world.db, &chair).await.unwrap(), 1);
        assert_eq!(count(State::Withdrawn).await, 1);
        world.clock.forward(jiff::SignedDuration::from_hours(24 * 31));
        let later = Caller { occurred_at: world.db.now(), ..here.office.clone() };
        let mine = need::of_person(&world.db, &later, student).await.unwrap();
        let states: Vec<State> = mine.iter().map(|need| need.state(later.today())).collect();
        assert!(states.contains(&State::Expired) && states.contains(&State::Withdrawn), "{states:?}");
        let theirs = Caller { institution: world.twin, ..chair };
        assert_eq!(need::withdraw(&world.db, &theirs, soon, "x").await, Err(Error::NotFound("assignedNeed")));
    }
}
