//! The settings of registering, planning and booking.

use crate::{Stage, set};
use jiff::SignedDuration;
use jiff::civil::date;
use regie_core::id::Id as _;
use regie_core::setting::Spec;
use regie_core::{Caller, Role};

/// Who comes after closing: asked for a reason, or refused; and a period keeps what held when it opened.
pub async fn late(stage: &Stage) -> &'static Spec {
    use regie_core::period::{State, Window};
    use regie_planning::{Error, period, registration};
    let world = &stage.world;
    let office = world.caller(Role::ExamOffice);
    let opened = async |code: &str| {
        let window = Window { opens: world.db.now() - SignedDuration::from_hours(2), closes: world.db.now() };
        let input = period::AddPeriod {
            id: world.id(),
            code: code.into(),
            name: code.into(),
            begins: date(2027, 1, 18),
            ends: date(2027, 1, 29),
            student: None,
            teacher: Some(window),
            central: None,
        };
        let id = period::add(&world.db, &office, input).await.unwrap();
        period::advance(&world.db, &office, id, State::Open, 1).await.unwrap();
        id
    };
    let asked = async |id| {
        let teacher = world.caller(Role::Teacher);
        let input = registration::Register {
            period: id,
            test: world.id(),
            persons: vec![(world.id(), world.id())],
            entitlement: None,
            reason: None,
        };
        registration::register_one(&world.db, &teacher, input).await.unwrap_err()
    };
    let first = opened("P1").await;
    assert!(matches!(asked(first).await, Error::Late(_)));
    stage.set(&set::LATE_REGISTRATION.spec, "refused").await;
    assert!(matches!(asked(opened("P2").await).await, Error::LateRefused(_)));
    assert!(matches!(asked(first).await, Error::Late(_)), "a running period keeps its rules");
    &set::LATE_REGISTRATION.spec
}

/// Seats, supervision, and who books until when: each period keeps what held when it opened.
pub async fn sittings(stage: &Stage) -> Vec<&'static Spec> {
    use regie_core::day::{in_school_time, instant};
    use regie_core::id::{EntitlementId, SessionId, TestId};
    use regie_core::period::{State, Window};
    use regie_people::{campus, enrolment, offering, program, room, unit};
    use regie_planning::booking::{self, Book};
    use regie_planning::session::{self, AddSession, Part};
    use regie_planning::{Error, entitlement, period, registration};
    let world = &stage.world;
    let (db, system) = (&world.db, world.system());
    let office = world.caller(Role::ExamOffice);
    let (leader, student) =
        (stage.somebody("lea", Role::Invigilator).await, stage.somebody("sam", Role::Student).await);
    let place = campus::AddCampus {
        id: world.id(),
        code: "K".into(),
        name: "Kanaal".into(),
        street: None,
        city: None,
    };
    let place = campus::add(db, &system, place).await.unwrap();
    let hall = room::AddRoom {
        id: world.id(),
        campus: place,
        code: "E1".into(),
        name: None,
        seats: 30,
        device_seats: 30,
        secure: true,
        accessible: true,
        opens: jiff::civil::time(8, 0, 0, 0),
        closes: jiff::civil::time(18, 0, 0, 0),
    };
    let hall = room::add(db, &system, hall).await.unwrap();
    let test: TestId = world.id();
    let insert = |b: &dyn Fn(uuid::Uuid) -> String, yes: &str, no: &str| {
        format!(
            "INSERT INTO exam_test (institution, id, code, name, minutes, kind, needs_device, active, search, version)
             VALUES ({}, {}, 'REK', 'Rekenen', 90, 'digital', {no}, {yes}, '', 1);",
            b(world.school.uuid()),
            b(test.uuid()),
        )
    };
    world
        .outside(
            &insert(&|id| format!("X'{}'", id.simple()), "1", "0"),
            &insert(&|id| format!("'{id}'"), "TRUE", "FALSE"),
        )
        .await;
    let team = unit::AddUnit { id: world.id(), parent: None, code: "T".into(), name: "Team".into() };
    let team = unit::add(db, &system, team).await.unwrap();
    let course =
        program::AddProgram { id: world.id(), code: "P".into(), crebo: None, name: "P".into(), level: 3 };
    let course = program::add(db, &system, course).await.unwrap();
    let offered = offering::AddOffering {
        id: world.id(),
        program: course,
        code: "P-26".into(),
        cohort: 2026,
        path: offering::Path::Bol,
        campus: Some(place),
        unit: team,
    };
    let offered = offering::add(db, &system, offered).await.unwrap();
    let enrolled = enrolment::Enrol {
        id: world.id(),
        person: student,
        offering: offered,
        begins: date(2026, 8, 1),
        ends: None,
        school_days: regie_core::Weekdays::NONE,
        exam_only: false,
    };
    let enrolled = enrolment::enrol(db, &system, enrolled).await.unwrap();
    let right: EntitlementId = world.id();
    let given = entitlement::Given {
        id: right,
        person: student,
        enrolment: enrolled,
        test,
        source: "sis".into(),
        code: "1".into(),
        attempts_used: 0,
        attempts_left: None,
        due: None,
    };
    entitlement::take_in(db, &system, vec![given]).await.unwrap();

    let opened = async |code: &str| {
        let now = db.now();
        let window = Some(Window {
            opens: now - SignedDuration::from_hours(1),
            closes: now + SignedDuration::from_hours(9),
        });
        let input = period::AddPeriod {
            id: world.id(),
            code: code.into(),
            name: code.into(),
            begins: date(2026, 8, 1),
            ends: date(2027, 7, 31),
            student: window,
            teacher: window,
            central: window,
        };
        let id = period::add(db, &office, input).await.unwrap();
        period::advance(db, &office, id, State::Open, 1).await.unwrap();
        id
    };
    // So many working days from now, at ten; each sitting at a day of its own or canceled again.
    let from_now = |days: u32| {
        let mut day = in_school_time(db.now()).date();
        let mut left = days;
        while left > 0 {
            day = day.tomorrow().unwrap();
            left -= u32::from(day.weekday().to_monday_one_offset() < 6);
        }
        instant(day.at(10, 0, 0, 0)).unwrap()
    };
    let planned = async |period, seats, days| {
        let starts = from_now(days);
        let id: SessionId = world.id();
        let input = AddSession {
            id,
            period,
            test,
            version: None,
            room: hall,
            starts,
            ends: starts + SignedDuration::from_hours(2),
            seats,
            own_room: false,
            base_time_only: false,
            staff: vec![(leader, Part::Leader)],
        };
        session::add(db, &office, input).await
    };
    let mut seen = Vec::new();

    let before = opened("S1").await;
    assert!(matches!(planned(before, 28, 20).await, Err(Error::TooManySeats { most: 27, .. })));
    stage.set(&set::SEAT_RESERVE.spec, "0").await;
    planned(opened("S2").await, 28, 20).await.unwrap();
    assert!(
        matches!(planned(before, 28, 21).await, Err(Error::TooManySeats { most: 27, .. })),
        "keeps its rules"
    );
    seen.push(&set::SEAT_RESERVE.spec);

    let alone = planned(before, 10, 22).await.unwrap();
    let said = session::publish(db, &office, alone, 1).await;
    assert_eq!(said, Err(Error::TooFewStaff { there: 1, needed: 2, seats: 10 }));
    stage.set(&set::LEAST_INVIGILATORS.spec, "1").await;
    let alone = planned(opened("S3").await, 10, 23).await.unwrap();
    session::publish(db, &office, alone, 1).await.unwrap();
    seen.push(&set::LEAST_INVIGILATORS.spec);
    stage.set(&set::PER_INVIGILATOR.spec, "5").await;
    let alone = planned(opened("S4").await, 10, 24).await.unwrap();
    let said = session::publish(db, &office, alone, 1).await;
    assert_eq!(said, Err(Error::TooFewStaff { there: 1, needed: 2, seats: 10 }));
    seen.push(&set::PER_INVIGILATOR.spec);

    let own = Caller { person: Some(student), ..world.caller(Role::Student) };
    let book = async |caller: &Caller, session| {
        let input = Book { id: world.id(), session, person: student, instead_of: None };
        booking::book(db, caller, input).await
    };
    let shut = opened("S5").await;
    let sitting = planned(shut, 5, 10).await.unwrap();
    session::publish(db, &office, sitting, 1).await.unwrap();
    assert_eq!(book(&own, sitting).await, Err(Error::StudentsDoNotBook));
    stage.set(&set::BOOKING_STUDENT.spec, "yes").await;
    let sitting = planned(opened("S6").await, 5, 2).await.unwrap();
    session::publish(db, &office, sitting, 1).await.unwrap();
    assert!(matches!(book(&own, sitting).await, Err(Error::BookingClosed(_))));
    seen.push(&set::BOOKING_STUDENT.spec);
    stage.set(&set::BOOKING_CLOSE_DAYS.spec, "1").await;
    let held = async |code: &str, days| {
        let period = opened(code).await;
        let input = registration::Register {
            period,
            test,
            persons: vec![(world.id(), student)],
            entitlement: Some(right),
            reason: None,
        };
        registration::register_one(db, &own, input).await.unwrap();
        let sitting = planned(period, 5, days).await.unwrap();
        session::publish(db, &office, sitting, 1).await.unwrap();
        book(&own, sitting).await.unwrap()
    };
    // Three days before is in time now; giving it back is not.
    let seat = held("S7", 3).await;
    seen.push(&set::BOOKING_CLOSE_DAYS.spec);
    let own = Caller { occurred_at: db.now(), ..own.clone() };
    assert!(matches!(booking::cancel(db, &own, seat, Some("ziek")).await, Err(Error::CancelLate(_))));
    stage.set(&set::CANCEL_DAYS.spec, "2").await;
    let seat = held("S8", 4).await;
    booking::cancel(db, &own, seat, None).await.unwrap();
    seen.push(&set::CANCEL_DAYS.spec);
    seen
}
