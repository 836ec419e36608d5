//! Plannen en inschrijven: scenarios 16–20, 24–26, 28, 29, 31, 32.

use crate::stage::{Browser, Stage, at, stage};
use axum::http::StatusCode;
use jiff::civil::date;
use regie_core::id::{
    BookingId, CampusId, ExamPeriodId, PersonId, RegistrationId, RoomId, SessionId, TestId,
};
use regie_core::need::Extra;
use regie_core::period::State as PeriodState;
use regie_core::{Caller, Role};
use regie_people::need;
use regie_people::person::{Filter, Kind, list};
use regie_people::room::{self, AddRoom};
use regie_planning::booking::{self, Book};
use regie_planning::registration::{self, Register, State as Registered};
use regie_planning::session::{self, AddSession, ChangeSession, Part, State};
use regie_planning::{Error, entitlement, period};
use regie_platform::setting::{Change, change};
use regie_testkit::{World, both};

/// A closed period in which a class wants one test, a room of thirty with devices, and staff to be with it.
struct Plan {
    period: ExamPeriodId,
    test: TestId,
    students: Vec<PersonId>,
    room: RoomId,
    campus: CampusId,
    staff: Vec<PersonId>,
    office: Caller,
}

async fn set(stage: &Stage, world: &World, key: &str, value: &str) {
    let input = Change { key: key.into(), value: value.into(), version: 0, reason: Some("toets".into()) };
    change(&world.db, &stage.system(world), input).await.unwrap();
}

async fn add_room(stage: &Stage, world: &World, campus: CampusId, code: &str, seats: u32) -> RoomId {
    let input = AddRoom {
        id: world.id(),
        campus,
        code: code.into(),
        name: None,
        seats,
        device_seats: seats,
        secure: true,
        accessible: true,
        opens: jiff::civil::time(8, 0, 0, 0),
        closes: jiff::civil::time(18, 0, 0, 0),
    };
    room::add(&world.db, &stage.system(world), input).await.unwrap()
}

async fn register(stage: &Stage, world: &World, period: ExamPeriodId, test: TestId, students: &[PersonId]) {
    for student in students {
        stage.entitle(world, *student, test, 0, Some(0)).await;
    }
    let input = Register {
        period,
        test,
        persons: students.iter().map(|it| (world.id(), *it)).collect(),
        entitlement: None,
        reason: Some("voor deze toets".into()),
    };
    let done = registration::register(&world.db, &stage.system(world), input).await.unwrap();
    assert_eq!(done.refused, []);
}

async fn plan(stage: &Stage, world: &World, teacher: &Browser, size: usize) -> Plan {
    let (_, students) = stage.class(world, teacher.person, size).await;
    let test = stage.test(world, "REK", "Rekenen", "rekenen").await;
    let system = stage.system(world);
    for one in need::list(&world.db, &system, &need::Filter::default()).await.unwrap().lines {
        // The demo's needs would decide about rooms; these tests bring their own.
        let _ = need::withdraw(&world.db, &system, one.id, "voor deze toets").await;
    }
    let period = stage.period(world, "P2", true).await;
    register(stage, world, period, test, &students).await;
    period::advance(&world.db, &system, period, PeriodState::Frozen, 2).await.unwrap();
    // Rooms stand where the first student's demand is.
    let campus = stage.registrations(world, period).await[0].campus.unwrap();
    let room = add_room(stage, world, campus, "E1.01", 30).await;
    let filter = Filter { kind: Some(Kind::Staff), size: 6, ..Filter::default() };
    let staff = list(&world.db, &system, &filter).await.unwrap().lines.into_iter().map(|it| it.id).collect();
    Plan { period, test, students, room, campus, staff, office: stage.caller(world, Role::ExamOffice) }
}

impl Plan {
    /// Thursday 21 January, from nine to eleven unless said otherwise.
    fn sitting(&self, world: &World, seats: u32) -> AddSession {
        AddSession {
            id: world.id(),
            period: self.period,
            test: self.test,
            version: None,
            room: self.room,
            starts: at("2027-01-21T09:00:00+01:00"),
            ends: at("2027-01-21T11:00:00+01:00"),
            seats,
            own_room: false,
            base_time_only: false,
            staff: vec![(self.staff[0], Part::Leader), (self.staff[1], Part::Invigilator)],
        }
    }

    async fn published(&self, world: &World, input: AddSession) -> SessionId {
        let id = session::add(&world.db, &self.office, input).await.unwrap();
        session::publish(&world.db, &self.office, id, 1).await.unwrap();
        id
    }

    async fn book(&self, world: &World, session: SessionId, person: PersonId) -> Result<BookingId, Error> {
        let input = Book { id: world.id(), session, person, instead_of: None };
        booking::book(&world.db, &self.office, input).await
    }

    async fn see(&self, world: &World, id: SessionId) -> session::Session {
        session::see(&world.db, &self.office, id).await.unwrap()
    }
}

both! {
    async fn c17_thirty_seats_and_a_tenth_in_reserve_are_27(world: World) {
        let stage = stage(&world).await;
        let (teacher, office) = (stage.browser(&world, "teacher").await, stage.browser(&world, "examoffice").await);
        let plan = plan(&stage, &world, &teacher, 2).await;
        let (test, room) = (plan.test.to_string(), plan.room.to_string());
        let fields = |seats: &'static str| {
            vec![
                ("test", test.as_str()),
                ("room", room.as_str()),
                ("starts", "2027-01-21T09:00"),
                ("ends", "2027-01-21T11:00"),
                ("seats", seats),
            ]
        };
        let path = format!("/periods/{}/sessions/new", plan.period);
        let refused = stage.post(&office, &path, &fields("28")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("28 plaatsen past niet: hoogstens 27 van 30"), "{}", refused.body);
        assert_eq!(stage.post(&office, &path, &fields("27")).await.status, StatusCode::SEE_OTHER);
        let all = session::list(&world.db, &plan.office, plan.period).await.unwrap();
        assert_eq!((all.len(), all[0].seats, all[0].state), (1, 27, State::Concept));
    }

    async fn c18_nobody_and_no_room_is_at_two_places(world: World) {
        let stage = stage(&world).await;
        let teacher = stage.browser(&world, "teacher").await;
        let plan = plan(&stage, &world, &teacher, 2).await;
        let first = plan.sitting(&world, 10);
        session::add(&world.db, &plan.office, first.clone()).await.unwrap();
        let other = add_room(&stage, &world, plan.campus, "E1.02", 30).await;
        let half_past = AddSession {
            id: world.id(),
            room: other,
            starts: at("2027-01-21T10:30:00+01:00"),
            ends: at("2027-01-21T12:30:00+01:00"),
            staff: vec![(plan.staff[1], Part::Invigilator)],
            ..first.clone()
        };
        let said = session::add(&world.db, &plan.office, half_past.clone()).await.unwrap_err();
        let Error::StaffBusy { room, at: when, wanted_at, .. } = &said else { panic!("{said}") };
        assert_eq!((room.as_str(), *when, *wanted_at), ("E1.01", first.starts, half_past.starts), "both are shown");
        let in_room = AddSession { id: world.id(), room: plan.room, staff: Vec::new(), ..half_past.clone() };
        let said = session::add(&world.db, &plan.office, in_room.clone()).await.unwrap_err();
        assert!(matches!(said, Error::RoomBusy { .. }), "{said}");
        let after = AddSession {
            starts: at("2027-01-21T11:00:00+01:00"),
            ends: at("2027-01-21T13:00:00+01:00"),
            ..in_room
        };
        session::add(&world.db, &plan.office, after).await.unwrap();

        // Ten planners at once for one room at one time, with two people in turned order: one gets it.
        let mut tries = Vec::new();
        for n in 0..10 {
            let mut staff = vec![(plan.staff[2], Part::Leader), (plan.staff[3], Part::Invigilator)];
            if n % 2 == 1 {
                staff.reverse();
            }
            let input = AddSession {
                id: world.id(),
                room: if n % 2 == 0 { plan.room } else { other },
                starts: at("2027-01-22T09:00:00+01:00"),
                ends: at("2027-01-22T11:00:00+01:00"),
                staff,
                ..first.clone()
            };
            let (db, office) = (world.db.clone(), plan.office.clone());
            tries.push(tokio::spawn(async move { session::add(&db, &office, input).await }));
        }
        let mut good = 0;
        for tried in tries {
            match tried.await.unwrap() {
                Ok(_) => good += 1,
                Err(Error::RoomBusy { .. } | Error::StaffBusy { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(good, 1);
    }

    async fn c19_the_longest_extra_time_fits_in_the_booked_room(world: World) {
        let stage = stage(&world).await;
        let teacher = stage.browser(&world, "teacher").await;
        let plan = plan(&stage, &world, &teacher, 2).await;
        let waiting = stage.registrations(&world, plan.period).await;
        let student = waiting.iter().find(|it| it.campus == Some(plan.campus)).unwrap().person;
        let granted = need::GrantNeed {
            id: world.id(),
            person: student,
            kind: need::Kind::ExtraTime,
            description: None,
            extra: Extra::Minutes(30),
            only_for: None,
            begins: date(2026, 8, 1),
            ends: None,
            reason: None,
        };
        need::grant(&world.db, &stage.system(&world), granted).await.unwrap();
        let base = AddSession { ends: at("2027-01-21T10:30:00+01:00"), ..plan.sitting(&world, 10) };
        let said = session::add(&world.db, &plan.office, base.clone()).await;
        assert_eq!(said, Err(Error::TooShort { until: at("2027-01-21T11:00:00+01:00"), extra: 30 }));
        // Or said to be for the others only; then the one with extra time finds no seat in it.
        let short = plan.published(&world, AddSession { base_time_only: true, ..base }).await;
        let refused = plan.book(&world, short, student).await;
        assert_eq!(refused, Err(Error::TooShort { until: at("2027-01-21T11:00:00+01:00"), extra: 30 }));
        let other = plan.students.iter().find(|it| **it != student).unwrap();
        plan.book(&world, short, *other).await.unwrap();
    }

    async fn c20_and_c24_a_central_exam_keeps_its_window_and_only_approved_versions_are_planned(world: World) {
        let stage = stage(&world).await;
        let teacher = stage.browser(&world, "teacher").await;
        let plan = plan(&stage, &world, &teacher, 2).await;
        stage.window(&world, plan.test, "2027-01-18", "2027-01-20").await;
        let id = session::add(&world.db, &plan.office, plan.sitting(&world, 10)).await.unwrap();
        let said = session::publish(&world.db, &plan.office, id, 1).await;
        assert_eq!(said, Err(Error::OutsideWindow(date(2027, 1, 18), date(2027, 1, 20))));
        let seen = session::preview(&world.db, &plan.office, id).await.unwrap();
        assert!(seen.hindrance.is_some() && seen.staff.len() == 2);

        let (third, fourth) = stage.versions(&world, plan.test).await;
        let later = |version| AddSession {
            version: Some(version),
            starts: at("2027-01-20T09:00:00+01:00"),
            ends: at("2027-01-20T11:00:00+01:00"),
            ..plan.sitting(&world, 10)
        };
        let said = session::add(&world.db, &plan.office, later(fourth)).await;
        assert_eq!(said, Err(Error::VersionNotApproved { number: 4, state: "draft".into() }));
        let id = session::add(&world.db, &plan.office, later(third)).await.unwrap();
        session::publish(&world.db, &plan.office, id, 1).await.unwrap();
    }

    async fn c25_a_canceled_session_gives_everybody_back_what_they_had(world: World) {
        let stage = stage(&world).await;
        let (teacher, office) = (stage.browser(&world, "teacher").await, stage.browser(&world, "examoffice").await);
        let plan = plan(&stage, &world, &teacher, 20).await;
        let id = plan.published(&world, plan.sitting(&world, 27)).await;
        for student in &plan.students {
            plan.book(&world, id, *student).await.unwrap();
        }
        let now = plan.see(&world, id).await;
        assert_eq!(now.taken, 20);
        let path = format!("/sessions/{id}/cancel?version={}", now.version);
        let done = stage.post(&office, &path, &[("reason", "brandalarm")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let all = stage.registrations(&world, plan.period).await;
        assert!(all.iter().all(|it| it.state == Registered::Frozen && it.priority));
        assert_eq!(plan.see(&world, id).await.state, State::Canceled);
        for student in &plan.students {
            let rights = entitlement::of_person(&world.db, &plan.office, *student).await.unwrap();
            assert_eq!(rights[0].attempts_used, 0, "no attempt is used");
            let seats = booking::of_person(&world.db, &plan.office, *student).await.unwrap();
            assert_eq!((seats.len(), seats[0].state), (1, booking::State::Canceled));
        }
    }

    async fn d26_two_hundred_for_one_seat_is_one(world: World) {
        let stage = stage(&world).await;
        let teacher = stage.browser(&world, "teacher").await;
        let plan = plan(&stage, &world, &teacher, 25).await;
        let id = plan.published(&world, plan.sitting(&world, 1)).await;
        let mut tries = Vec::new();
        for n in 0..200 {
            let (db, office) = (world.db.clone(), plan.office.clone());
            let person = plan.students[n % plan.students.len()];
            let input = Book { id: world.id(), session: id, person, instead_of: None };
            tries.push(tokio::spawn(async move { booking::book(&db, &office, input).await }));
        }
        let mut good = 0;
        for tried in tries {
            match tried.await.unwrap() {
                Ok(_) => good += 1,
                Err(Error::Full | Error::BookedAlready) => {}
                Err(error) => panic!("{error}"),
            }
        }
        let now = plan.see(&world, id).await;
        let seats = booking::of_session(&world.db, &plan.office, id).await.unwrap();
        assert_eq!((good, now.taken, seats.len()), (1, 1, 1));
        let booked = stage.registrations(&world, plan.period).await;
        assert_eq!(booked.iter().filter(|it| it.state == Registered::Booked).count(), 1);
    }

    async fn d28_d29_and_d31_overlap_deadline_and_a_move_that_fails(world: World) {
        let stage = stage(&world).await;
        let (teacher, student) = (stage.browser(&world, "teacher").await, stage.browser(&world, "student").await);
        set(&stage, &world, "booking-student", "yes").await;
        let plan = plan(&stage, &world, &teacher, 2).await;
        let dutch = stage.test(&world, "NL", "Nederlands", "Nederlands").await;
        // The asking student may be one of the class; then the registration is there already.
        if !plan.students.contains(&student.person) {
            register(&stage, &world, plan.period, plan.test, &[student.person]).await;
        }
        register(&stage, &world, plan.period, dutch, &[student.person]).await;
        let asking = student.person;
        let wish = async |test: TestId| {
            let all = registration::of_person(&world.db, &stage.system(&world), asking).await.unwrap();
            all.into_iter().find(|it| it.test == test && it.state != Registered::Withdrawn).unwrap().id
        };
        let first = plan.published(&world, plan.sitting(&world, 5)).await;
        let other = add_room(&stage, &world, plan.campus, "E1.02", 30).await;
        let second = AddSession {
            test: dutch,
            room: other,
            starts: at("2027-01-21T10:30:00+01:00"),
            ends: at("2027-01-21T12:30:00+01:00"),
            staff: vec![(plan.staff[2], Part::Leader), (plan.staff[3], Part::Invigilator)],
            ..plan.sitting(&world, 5)
        };
        let second = plan.published(&world, second).await;
        let take = async |wish: RegistrationId, session: SessionId| {
            let session = session.to_string();
            stage.post(&student, &format!("/registrations/{wish}/seats"), &[("session", &session)]).await
        };
        let numeracy = wish(plan.test).await;
        let booked = take(numeracy, first).await;
        assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.body);
        // A test of ninety minutes from nine ends as the other begins; with an hour more it does not.
        let page = stage.get(&student, "/exams").await;
        assert!(page.body.contains("E1.01"), "{}", page.body);
        let follows = take(wish(dutch).await, second).await;
        assert_eq!(follows.status, StatusCode::SEE_OTHER, "one may follow on the other: {}", follows.body);
        let seats = booking::of_person(&world.db, &plan.office, student.person).await.unwrap();
        let held = seats.iter().find(|it| it.session == second).unwrap().clone();
        booking::cancel(&world.db, &plan.office, held.id, Some("anders")).await.unwrap();
        let earlier = AddSession {
            test: dutch,
            room: other,
            starts: at("2027-01-21T10:00:00+01:00"),
            ends: at("2027-01-21T12:00:00+01:00"),
            staff: vec![(plan.staff[4], Part::Leader), (plan.staff[5], Part::Invigilator)],
            ..plan.sitting(&world, 5)
        };
        session::cancel(&world.db, &plan.office, second, plan.see(&world, second).await.version, "verzet").await.unwrap();
        let earlier = plan.published(&world, earlier).await;
        let overlaps = take(wish(dutch).await, earlier).await;
        assert_eq!(overlaps.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(overlaps.body.contains("Dat overlapt met Rekenen, vanaf 21-01-2027 09:00"), "{}", overlaps.body);

        // A full sitting of the same test: moving there fails, and the old seat stays.
        let third = add_room(&stage, &world, plan.campus, "E1.03", 30).await;
        let full = AddSession {
            room: third,
            starts: at("2027-01-22T09:00:00+01:00"),
            ends: at("2027-01-22T11:00:00+01:00"),
            ..plan.sitting(&world, 1)
        };
        let full = plan.published(&world, full).await;
        let somebody = *plan.students.iter().find(|it| **it != student.person).unwrap();
        plan.book(&world, full, somebody).await.unwrap();
        let moved = take(numeracy, full).await;
        assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(moved.body.contains("Deze zitting is vol"), "{}", moved.body);
        let kept = booking::of_person(&world.db, &plan.office, student.person).await.unwrap();
        let kept: Vec<_> = kept.iter().filter(|it| it.state == booking::State::Confirmed).collect();
        assert_eq!((kept.len(), kept[0].session), (1, first));
        assert_eq!((plan.see(&world, first).await.taken, plan.see(&world, full).await.taken), (1, 1));
        // When the other gives it back, the move works, and the old seat is free.
        let theirs = booking::of_session(&world.db, &plan.office, full).await.unwrap();
        booking::cancel(&world.db, &plan.office, theirs[0].id, Some("ruil")).await.unwrap();
        assert_eq!(take(numeracy, full).await.status, StatusCode::SEE_OTHER);
        assert_eq!((plan.see(&world, first).await.taken, plan.see(&world, full).await.taken), (0, 1));

        // Five working days before nine o'clock on Friday the 22nd is Friday the 15th.
        world.clock.set(at("2027-01-15T09:00:00+01:00"));
        let student = stage.browser(&world, "student").await;
        let seat = booking::of_session(&world.db, &plan.office, full).await.unwrap()[0].id;
        let late = stage.post(&student, &format!("/bookings/{seat}/cancel"), &[("reason", "ziek")]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.body.contains("Wijzigen kon tot 15-01-2027 09:00"), "{}", late.body);
        let office = stage.browser(&world, "examoffice").await;
        let without = stage.post(&office, &format!("/bookings/{seat}/cancel"), &[]).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = stage.post(&office, &format!("/bookings/{seat}/cancel"), &[("reason", "ziek")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        assert_eq!(plan.see(&world, full).await.taken, 0);
    }

    async fn d32_a_moved_session_takes_everybody_along_and_remembers(world: World) {
        let stage = stage(&world).await;
        let (teacher, office) = (stage.browser(&world, "teacher").await, stage.browser(&world, "examoffice").await);
        let plan = plan(&stage, &world, &teacher, 3).await;
        let id = plan.published(&world, plan.sitting(&world, 10)).await;
        for student in &plan.students {
            plan.book(&world, id, *student).await.unwrap();
        }
        let other = add_room(&stage, &world, plan.campus, "E1.02", 30).await;
        let now = plan.see(&world, id).await;
        let input = ChangeSession {
            session: AddSession {
                id,
                room: other,
                starts: at("2027-01-21T13:00:00+01:00"),
                ends: at("2027-01-21T15:00:00+01:00"),
                ..plan.sitting(&world, 10)
            },
            version: now.version,
            reason: None,
        };
        let without = session::change(&world.db, &plan.office, input.clone()).await;
        assert_eq!(without, Err(Error::Missing("reason")));
        let input = ChangeSession { reason: Some("lekkage".into()), ..input };
        session::change(&world.db, &plan.office, input.clone()).await.unwrap();
        assert_eq!(session::change(&world.db, &plan.office, input).await, Err(Error::ChangedMeanwhile));
        let seats = booking::of_session(&world.db, &plan.office, id).await.unwrap();
        assert_eq!(seats.len(), 3);
        for seat in seats {
            assert_eq!((seat.room_code.as_str(), seat.starts_at), ("E1.02", at("2027-01-21T13:00:00+01:00")));
            assert_eq!(seat.ends_at, at("2027-01-21T14:30:00+01:00"), "ninety minutes");
        }
        let page = stage.get(&office, &format!("/sessions/{id}")).await;
        for shown in ["E1.01", "E1.02", "lekkage"] {
            assert!(page.body.contains(shown), "{shown} is not on the page: {}", page.body);
        }
        // Fewer seats than are taken is refused.
        let now = plan.see(&world, id).await;
        let fewer = ChangeSession {
            session: AddSession {
                id,
                room: other,
                starts: at("2027-01-21T13:00:00+01:00"),
                ends: at("2027-01-21T15:00:00+01:00"),
                ..plan.sitting(&world, 2)
            },
            version: now.version,
            reason: Some("kleiner".into()),
        };
        assert_eq!(session::change(&world.db, &plan.office, fewer).await, Err(Error::SeatsTaken(3)));
    }

    async fn d27_the_mail_says_what_to_bring_and_nothing_of_needs(world: World) {
        let stage = stage(&world).await;
        let teacher = stage.browser(&world, "teacher").await;
        let plan = plan(&stage, &world, &teacher, 1).await;
        let granted = need::GrantNeed {
            id: world.id(),
            person: plan.students[0],
            kind: need::Kind::ExtraTime,
            description: None,
            extra: Extra::Minutes(30),
            only_for: None,
            begins: date(2026, 8, 1),
            ends: None,
            reason: None,
        };
        need::grant(&world.db, &stage.system(&world), granted).await.unwrap();
        let id = plan.published(&world, plan.sitting(&world, 5)).await;
        plan.book(&world, id, plan.students[0]).await.unwrap();
        let now = plan.see(&world, id).await;
        session::cancel(&world.db, &plan.office, id, now.version, "brandalarm").await.unwrap();
        let mails = stage.mails(&world, 2).await;
        let of = |template: &str| mails.iter().find(|mail| mail.template == template).unwrap();
        let booked = of("session-booked");
        let said = booked.plain.as_deref().unwrap();
        for shown in ["Rekenen", "21 januari 2027", "09:00 tot 11:00", "E1.01", "identiteitsbewijs", "14 januari 2027"] {
            assert!(said.contains(shown), "{shown}: {said}");
        }
        for hidden in ["Extra tijd", "30 minuten", "voorziening"] {
            assert!(!said.to_lowercase().contains(&hidden.to_lowercase()), "{hidden}: {said}");
        }
        let calendar = booked.calendar.as_deref().unwrap();
        assert!(calendar.contains("METHOD:REQUEST") && calendar.contains("DTSTART"), "{calendar}");
        let canceled = of("seat-canceled");
        assert!(canceled.plain.as_deref().unwrap().contains("brandalarm"));
        assert!(canceled.calendar.as_deref().unwrap().contains("METHOD:CANCEL"));
        assert_eq!(mails.iter().filter(|mail| mail.person_name.is_some()).count(), 2, "one message each time");
    }

    async fn b16_a_right_taken_back_frees_the_seat_and_tells_the_student(world: World) {
        let stage = stage(&world).await;
        let teacher = stage.browser(&world, "teacher").await;
        let plan = plan(&stage, &world, &teacher, 1).await;
        let id = plan.published(&world, plan.sitting(&world, 1)).await;
        plan.book(&world, id, plan.students[0]).await.unwrap();
        let right = entitlement::of_person(&world.db, &plan.office, plan.students[0]).await.unwrap();
        let right = right.iter().find(|it| it.test == plan.test).unwrap().id;
        entitlement::cancel(&world.db, &stage.system(&world), right, "uitgeschreven").await.unwrap();
        assert_eq!(plan.see(&world, id).await.taken, 0);
        let seats = booking::of_person(&world.db, &plan.office, plan.students[0]).await.unwrap();
        assert_eq!(seats[0].state, booking::State::Canceled);
        let all = stage.registrations(&world, plan.period).await;
        assert_eq!(all[0].state, Registered::Withdrawn);
    }
}
