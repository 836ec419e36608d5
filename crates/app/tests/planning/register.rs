//! Aanmelden: scenarios 1 and 8–15, 62.

use crate::stage::{Stage, at, stage};
use axum::http::StatusCode;
use jiff::civil::date;
use regie_core::id::{ExamPeriodId, GroupId, PersonId, TestId};
use regie_core::need::Extra;
use regie_core::period::State as PeriodState;
use regie_core::{Caller, Role};
use regie_people::{enrolment, need};
use regie_planning::registration::{self, Decision, Register, State};
use regie_planning::{Error, Why, demand, entitlement, period, ruling};
use regie_testkit::{World, both};

fn fields(group: GroupId, test: TestId) -> [(&'static str, String); 2] {
    [("group", group.to_string()), ("test", test.to_string())]
}

/// A group by the teacher's form.
async fn by_form(
    stage: &Stage,
    browser: &crate::stage::Browser,
    period: ExamPeriodId,
    group: GroupId,
    test: TestId,
) -> crate::stage::Told {
    let fields = fields(group, test);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    stage.post(browser, &format!("/periods/{period}/register"), &fields).await
}

fn one(world: &World, period: ExamPeriodId, test: TestId, person: PersonId) -> Register {
    Register { period, test, persons: vec![(world.id(), person)], entitlement: None, reason: None }
}

both! {
    async fn a1_two_enrolments_show_two_entitlements_each_with_its_programme(world: World) {
        let stage = stage(&world).await;
        let student = stage.browser(&world, "student").await;
        let system = stage.system(&world);
        let first = enrolment::of_person(&world.db, &system, student.person).await.unwrap().remove(0);
        let all = regie_people::offering::Filter::default();
        let all = regie_people::offering::list(&world.db, &system, &all).await.unwrap();
        let other = all.lines.into_iter().find(|it| it.program != first.program).unwrap();
        let second = enrolment::Enrol {
            id: world.id(),
            person: student.person,
            offering: other.id,
            begins: date(2026, 8, 1),
            ends: None,
            school_days: regie_core::Weekdays::NONE.with(jiff::civil::Weekday::Monday),
            exam_only: false,
        };
        let second = match enrolment::enrol(&world.db, &system, second.clone()).await {
            Ok(id) => id,
            Err(_) => {
                let school_days = regie_core::Weekdays::NONE;
                enrolment::enrol(&world.db, &system, enrolment::Enrol { school_days, ..second }).await.unwrap()
            }
        };
        let dutch = stage.test(&world, "NL3F", "Nederlands 3F", "Nederlands").await;
        stage.entitle_under(&world, student.person, first.id, dutch, 1, Some(2)).await;
        stage.entitle_under(&world, student.person, second, dutch, 0, Some(0)).await;
        let page = stage.get(&student, "/exams").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.matches("Nederlands 3F").count() >= 2);
        for shown in [&first.program_name, &other.program_name] {
            assert!(page.body.contains(&askama_escape(shown)), "{shown} is not on the page");
        }
        assert!(page.body.contains("nog 2 kansen") && page.body.contains("nog 1 kans"));
    }

    async fn b8_before_it_opens_nothing_is_saved_and_the_date_is_shown(world: World) {
        let stage = stage(&world).await;
        let teacher = stage.browser(&world, "teacher").await;
        let (group, students) = stage.class(&world, teacher.person, 3).await;
        let test = stage.test(&world, "REK", "Rekenen", "rekenen").await;
        for student in students {
            stage.entitle(&world, student, test, 0, None).await;
        }
        let period = stage.period(&world, "P2", true).await;
        world.clock.set(at("2026-11-02T07:59:59+01:00"));
        let teacher = stage.browser(&world, "teacher").await;
        let told = by_form(&stage, &teacher, period, group, test).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(told.body.contains("Aanmelden opent 02-11-2026 08:00"), "{}", told.body);
        assert!(stage.registrations(&world, period).await.is_empty());
        world.clock.set(at("2026-11-02T08:00:00+01:00"));
        assert_eq!(by_form(&stage, &teacher, period, group, test).await.status, StatusCode::OK);
        assert_eq!(stage.registrations(&world, period).await.len(), 3);
    }

    async fn b9_student_and_teacher_at_the_same_second_make_one(world: World) {
        let stage = stage(&world).await;
        let (student, teacher) = (stage.browser(&world, "student").await, stage.browser(&world, "teacher").await);
        let (group, _) = stage.class(&world, teacher.person, 1).await;
        let join = regie_people::group::Join {
            group,
            persons: vec![student.person],
            part: regie_people::group::Part::Student,
            begins: date(2026, 8, 1),
            ends: None,
        };
        // The class may hold the student already: it was the first of the list.
        let _ = regie_people::group::join(&world.db, &stage.system(&world), join).await;
        let test = stage.test(&world, "NL2F", "Nederlands 2F", "Nederlands").await;
        let right = stage.entitle(&world, student.person, test, 0, None).await;
        let period = stage.period(&world, "P2", true).await;
        let own = format!("/exams/register?entitlement={right}&period={period}");
        let (by_student, by_teacher) = tokio::join!(
            stage.post(&student, &own, &[]),
            by_form(&stage, &teacher, period, group, test),
        );
        let made = stage.registrations(&world, period).await;
        let made: Vec<_> = made.iter().filter(|it| it.person == student.person).collect();
        assert_eq!(made.len(), 1, "exactly one");
        assert_eq!(by_teacher.status, StatusCode::OK);
        let loser = if by_student.status == StatusCode::SEE_OTHER { &by_teacher.body } else { &by_student.body };
        assert!(loser.contains("Al aangemeld door"), "the second is told: {loser}");
        assert!(loser.contains(&askama_escape(made[0].made_by_name.as_deref().unwrap())), "and by whom");

        // Eight at once, again and again: one each time.
        let other = stage.test(&world, "NL3F", "Nederlands 3F", "Nederlands").await;
        stage.entitle(&world, student.person, other, 0, None).await;
        let office = stage.caller(&world, Role::ExamOffice);
        let mut tries = Vec::new();
        for _ in 0..8 {
            let (db, office, input) = (world.db.clone(), office.clone(), one(&world, period, other, student.person));
            tries.push(tokio::spawn(async move { registration::register_one(&db, &office, input).await }));
        }
        let mut good = 0;
        for tried in tries {
            match tried.await.unwrap() {
                Ok(_) => good += 1,
                Err(Error::Not(Why::Already { .. })) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(good, 1);
    }

    async fn b10_and_i62_without_an_attempt_left_it_is_refused_and_the_first_is_always_there(world: World) {
        let stage = stage(&world).await;
        let teacher = stage.browser(&world, "teacher").await;
        let (group, students) = stage.class(&world, teacher.person, 1).await;
        let test = stage.test(&world, "REK", "Rekenen", "rekenen").await;
        let right = stage.entitle(&world, students[0], test, 0, Some(0)).await;
        let period = stage.period(&world, "P2", true).await;
        let told = by_form(&stage, &teacher, period, group, test).await;
        assert!(told.body.contains("Aangemeld: 1. Niet aangemeld: 0."), "{}", told.body);
        entitlement::count_attempt(&world.db, &stage.system(&world), right).await.unwrap();
        assert_eq!(stage.registrations(&world, period).await[0].state, State::Done);
        let told = by_form(&stage, &teacher, period, group, test).await;
        assert!(told.body.contains("Geen kansen meer: 1 afgelegd"), "{}", told.body);
        assert!(told.body.contains("Voorzitter examencommissie"), "who can lift it: {}", told.body);
    }

    async fn b11_a_unit_that_must_come_first_is_named(world: World) {
        let stage = stage(&world).await;
        let teacher = stage.browser(&world, "teacher").await;
        let (group, students) = stage.class(&world, teacher.person, 1).await;
        let system = stage.system(&world);
        let enrolled = enrolment::of_person(&world.db, &system, students[0]).await.unwrap().remove(0);
        let program = regie_people::program::see(&world.db, &system, enrolled.program).await.unwrap();
        let first = stage.test(&world, "K1", "Kerntaak 1", "zorg").await;
        let second = stage.test(&world, "K2", "Kerntaak 2", "zorg").await;
        let unit = stage.plan(&world, program.crebo.as_deref().unwrap(), enrolled.cohort, first, second).await;
        stage.entitle_under(&world, students[0], enrolled.id, second, 0, None).await;
        let period = stage.period(&world, "P2", true).await;
        let told = by_form(&stage, &teacher, period, group, second).await;
        assert!(told.body.contains("Eerst moet Bieden van zorg gehaald zijn"), "{}", told.body);
        let passed = ruling::Achieved {
            person: students[0],
            what: ruling::What::Unit,
            subject: unit,
            passed: true,
            source: "sis".into(),
        };
        ruling::note(&world.db, &system, passed).await.unwrap();
        let told = by_form(&stage, &teacher, period, group, second).await;
        assert!(told.body.contains("Aangemeld: 1."), "{}", told.body);
    }

    async fn b12_an_exemption_is_for_its_test_alone(world: World) {
        let stage = stage(&world).await;
        let (teacher, chair) =
            (stage.browser(&world, "teacher").await, stage.browser(&world, "committeechair").await);
        let (group, students) = stage.class(&world, teacher.person, 1).await;
        let school = stage.test(&world, "EN-IE", "Engels IE", "Engels").await;
        let central = stage.test(&world, "EN-CE", "Engels CE", "Engels").await;
        stage.entitle(&world, students[0], school, 0, None).await;
        stage.entitle(&world, students[0], central, 0, None).await;
        let period = stage.period(&world, "P2", true).await;
        let test = school.to_string();
        let given = stage
            .post(
                &chair,
                &format!("/people/{}/rulings/new", students[0]),
                &[("kind", "exemption"), ("test", &test), ("begins", "2026-11-01"), ("reason", "eerder diploma")],
            )
            .await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
        let told = by_form(&stage, &teacher, period, group, school).await;
        assert!(told.body.contains("vrijstelling voor deze toets"), "{}", told.body);
        assert!(by_form(&stage, &teacher, period, group, central).await.body.contains("Aangemeld: 1."));
        // Nobody but the committee decides this.
        let wanted = stage.get(&teacher, &format!("/people/{}/rulings/new", students[0])).await;
        assert_eq!(wanted.status, StatusCode::FORBIDDEN);
    }

    async fn b13_a_group_of_28_with_three_ineligible(world: World) {
        let stage = stage(&world).await;
        let teacher = stage.browser(&world, "teacher").await;
        let (group, students) = stage.class(&world, teacher.person, 28).await;
        let test = stage.test(&world, "REK", "Rekenen", "rekenen").await;
        for (n, student) in students.iter().enumerate() {
            match n {
                0 => continue,
                1 => drop(stage.entitle(&world, *student, test, 2, Some(0)).await),
                _ => drop(stage.entitle(&world, *student, test, 0, None).await),
            }
        }
        let excluded = ruling::GiveRuling {
            id: world.id(),
            person: students[2],
            kind: ruling::Kind::Exclusion,
            test: None,
            begins: date(2026, 10, 1),
            ends: Some(date(2027, 3, 31)),
            reason: "fraude".into(),
        };
        ruling::give(&world.db, &stage.system(&world), excluded).await.unwrap();
        let period = stage.period(&world, "P2", true).await;
        let told = by_form(&stage, &teacher, period, group, test).await;
        assert_eq!(told.status, StatusCode::OK);
        assert!(told.body.contains("Aangemeld: 25. Niet aangemeld: 3."), "{}", told.body);
        for reason in ["geen geldige toetsinschrijving", "Geen kansen meer: 2 afgelegd", "uitgesloten van examens"] {
            assert!(told.body.contains(reason), "{reason}");
        }
        assert_eq!(stage.registrations(&world, period).await.len(), 25);
        // The same again registers nobody twice.
        let told = by_form(&stage, &teacher, period, group, test).await;
        assert!(told.body.contains("Aangemeld: 0. Niet aangemeld: 28."), "{}", told.body);
    }

    async fn b14_the_moment_of_closing_is_late(world: World) {
        let stage = stage(&world).await;
        let student = stage.browser(&world, "student").await;
        let (dutch, numeracy) = (
            stage.test(&world, "NL", "Nederlands", "Nederlands").await,
            stage.test(&world, "REK", "Rekenen", "rekenen").await,
        );
        let first = stage.entitle(&world, student.person, dutch, 0, None).await;
        let second = stage.entitle(&world, student.person, numeracy, 0, None).await;
        let period = stage.period(&world, "P2", true).await;
        let path = |right: regie_core::id::EntitlementId| format!("/exams/register?entitlement={right}&period={period}");
        world.clock.set(at("2026-11-20T16:59:59+01:00"));
        let student = stage.browser(&world, "student").await;
        assert_eq!(stage.post(&student, &path(first), &[]).await.status, StatusCode::SEE_OTHER);
        world.clock.set(at("2026-11-20T17:00:00+01:00"));
        let late = stage.post(&student, &path(second), &[]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.body.contains("Het aanmelden sloot 20-11-2026 17:00"), "{}", late.body);
        assert_eq!(stage.registrations(&world, period).await.len(), 1);
        // With a reason it becomes a request, which the exam office decides about.
        let asked = stage.post(&student, &path(second), &[("reason", "ik was ziek")]).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
        let waiting = stage.registrations(&world, period).await;
        let waiting = waiting.iter().find(|it| it.test == numeracy).unwrap();
        assert_eq!((waiting.state, waiting.late, waiting.reason.as_deref()), (State::Requested, true, Some("ik was ziek")));
        let office = stage.browser(&world, "examoffice").await;
        let decided = stage
            .post(&office, &format!("/registrations/{}/decide", waiting.id), &[("decision", "approve")])
            .await;
        assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.body);
        let now = stage.registrations(&world, period).await;
        assert!(now.iter().all(|it| it.state == State::Registered));
        let again = registration::decide(&world.db, &stage.system(&world), waiting.id, Decision::Approve, None).await;
        assert_eq!(again, Err(Error::RegistrationIs("registered")));
    }

    async fn b15_demand_is_what_was_frozen_with_needs_apart(world: World) {
        let stage = stage(&world).await;
        let (teacher, office) =
            (stage.browser(&world, "teacher").await, stage.browser(&world, "examoffice").await);
        let (group, students) = stage.class(&world, teacher.person, 12).await;
        let test = stage.test(&world, "REK", "Rekenen", "rekenen").await;
        let system = stage.system(&world);
        for one in need::list(&world.db, &system, &need::Filter::default()).await.unwrap().lines {
            // Needs of the demo would count too; this test brings its own.
            let _ = need::withdraw(&world.db, &system, one.id, "voor deze toets").await;
        }
        let granted = |person, kind, extra, only_for: Option<&str>| need::GrantNeed {
            id: world.id(),
            person,
            kind,
            description: None,
            extra,
            only_for: only_for.map(Into::into),
            begins: date(2026, 8, 1),
            ends: None,
            reason: None,
        };
        for input in [
            granted(students[0], need::Kind::ExtraTime, Extra::Minutes(30), None),
            granted(students[1], need::Kind::Spoken, Extra::None, None),
            granted(students[2], need::Kind::ExtraTime, Extra::Unlimited, Some("rekenen")),
            // For another subject: no need here.
            granted(students[3], need::Kind::ExtraTime, Extra::Minutes(30), Some("Nederlands")),
        ] {
            need::grant(&world.db, &system, input).await.unwrap();
        }
        for student in &students {
            stage.entitle(&world, *student, test, 0, None).await;
        }
        let period = stage.period(&world, "P2", true).await;
        by_form(&stage, &teacher, period, group, test).await;
        let advance = format!("/periods/{period}/advance?version=2&to=frozen");
        let closed = stage.post(&office, &advance, &[]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.body);
        let frozen = stage.registrations(&world, period).await;
        assert!(frozen.len() == 12 && frozen.iter().all(|it| it.state == State::Frozen));
        let lines = demand::of_period(&world.db, &system, period).await.unwrap();
        let sum = |of: &dyn Fn(&demand::Line) -> i64| lines.iter().map(of).sum::<i64>();
        assert_eq!(sum(&|line| line.now.total), 12);
        assert_eq!(sum(&|line| line.now.needs), 3);
        assert_eq!((sum(&|line| line.now.sound), sum(&|line| line.now.own_room)), (1, 2));
        assert_eq!((sum(&|line| line.now.unlimited), sum(&|line| line.delta())), (1, 0));
        for line in &lines {
            let own = frozen.iter().filter(|it| it.campus == line.now.campus && it.test == line.now.test);
            assert_eq!(line.frozen, i64::try_from(own.count()).ok());
        }
        let page = stage.get(&office, &format!("/periods/{period}")).await;
        assert!(page.status == StatusCode::OK && page.body.contains("Met voorziening"));
        // A withdrawal after closing shows as a difference; the teacher cannot do it any more.
        let path = format!("/registrations/{}/withdraw", frozen[0].id);
        let refused = stage.post(&teacher, &path, &[("reason", "x")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(stage.post(&office, &path, &[("reason", "verhuisd")]).await.status, StatusCode::SEE_OTHER);
        let lines = demand::of_period(&world.db, &system, period).await.unwrap();
        assert_eq!(lines.iter().map(demand::Line::delta).sum::<i64>(), -1);
    }

    async fn closing_and_registering_wait_for_each_other(world: World) {
        let stage = stage(&world).await;
        let teacher = stage.browser(&world, "teacher").await;
        let (_, students) = stage.class(&world, teacher.person, 20).await;
        let test = stage.test(&world, "REK", "Rekenen", "rekenen").await;
        for student in &students {
            stage.entitle(&world, *student, test, 0, None).await;
        }
        let period = stage.period(&world, "P2", true).await;
        let office = stage.caller(&world, Role::ExamOffice);
        let mut tries = Vec::new();
        for student in students {
            let (db, office) = (world.db.clone(), Caller { request: None, ..office.clone() });
            let input = one(&world, period, test, student);
            tries.push(tokio::spawn(async move { registration::register_one(&db, &office, input).await }));
        }
        period::advance(&world.db, &office, period, PeriodState::Frozen, 2).await.unwrap();
        let mut made = 0;
        for tried in tries {
            match tried.await.unwrap() {
                Ok(_) => made += 1,
                Err(Error::PeriodIs(_) | Error::Late(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        let all = stage.registrations(&world, period).await;
        assert_eq!(all.len(), made);
        assert!(all.iter().all(|it| it.state == State::Frozen), "nothing slips in behind the closing");
        let lines = demand::of_period(&world.db, &office, period).await.unwrap();
        assert!(lines.iter().all(|line| line.delta() == 0));
    }

    async fn an_entitlement_taken_back_takes_its_registration_along(world: World) {
        let stage = stage(&world).await;
        let teacher = stage.browser(&world, "teacher").await;
        let (group, students) = stage.class(&world, teacher.person, 1).await;
        let test = stage.test(&world, "REK", "Rekenen", "rekenen").await;
        let right = stage.entitle(&world, students[0], test, 0, None).await;
        let period = stage.period(&world, "P2", true).await;
        by_form(&stage, &teacher, period, group, test).await;
        let system = stage.system(&world);
        entitlement::cancel(&world.db, &system, right, "uitgeschreven").await.unwrap();
        entitlement::cancel(&world.db, &system, right, "nog eens").await.unwrap();
        let left = stage.registrations(&world, period).await;
        assert_eq!((left[0].state, left[0].reason.as_deref()), (State::Withdrawn, Some("uitgeschreven")));
        let told = by_form(&stage, &teacher, period, group, test).await;
        assert!(told.body.contains("geen geldige toetsinschrijving"), "{}", told.body);
    }

    async fn a_period_closes_by_itself_when_its_last_channel_has(world: World) {
        let stage = stage(&world).await;
        let period = stage.period(&world, "P2", true).await;
        world.clock.set(at("2026-11-27T16:59:59+01:00"));
        assert_eq!(period::freeze_due(&world.db, &stage.system(&world)).await, Ok(0));
        world.clock.set(at("2026-11-27T17:00:00+01:00"));
        assert_eq!(period::freeze_due(&world.db, &stage.system(&world)).await, Ok(1));
        assert_eq!(period::freeze_due(&world.db, &stage.system(&world)).await, Ok(0));
        let one = period::see(&world.db, &stage.system(&world), period).await.unwrap();
        assert_eq!((one.state, one.frozen_at), (PeriodState::Frozen, Some(at("2026-11-27T17:00:00+01:00"))));
    }
}

/// As a template writes it.
fn askama_escape(text: &str) -> String {
    text.replace('&', "&#38;").replace('\'', "&#39;")
}
