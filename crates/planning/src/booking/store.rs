use super::State;
use crate::registration::State as Registered;
use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::id::{BookingId, ExamPeriodId, PersonId, RegistrationId, SessionId, TestId};
use regie_db::{fragments, row, statements};
use uuid::Uuid;

row! {
    pub struct Booking {
        pub id: BookingId,
        pub session: SessionId,
        pub registration: RegistrationId,
        pub person: PersonId,
        pub person_name: String,
        pub number: Option<String>,
        pub test_name: String,
        pub campus_name: String,
        pub room_code: String,
        pub state: State,
        pub starts_at: Timestamp,
        pub ends_at: Timestamp,
        pub extra_minutes: u32,
        pub reason: Option<String>,
        pub version: i64,
    }

    pub(super) struct Wish {
        pub id: RegistrationId,
        pub state: Registered,
    }
}

fragments! {
    /// `SELECT {booking_shown}`: with names.
    booking_shown = "b.id, b.session, b.registration, b.person, p.display_name AS person_name, p.number,
            t.name AS test_name, c.name AS campus_name, r.code AS room_code, b.state, b.starts_at, b.ends_at,
            b.extra_minutes, b.reason, b.version
         FROM booking b
         JOIN exam_session s ON s.institution = $1 AND s.id = b.session
         JOIN pub_test t ON t.institution = $1 AND t.id = s.test
         JOIN pub_campus c ON c.institution = $1 AND c.id = s.campus
         JOIN pub_room r ON r.institution = $1 AND r.id = s.room
         JOIN pub_person p ON p.institution = $1 AND p.id = b.person";
}

statements! {
    pub(super) fn insert(
        id: BookingId, session: SessionId, registration: RegistrationId, person: PersonId, made_by: Option<PersonId>,
        made_at: Timestamp, starts: Timestamp, ends: Timestamp, extra: u32,
    ) = "INSERT INTO booking (institution, id, session, registration, person, state, made_by, made_at, starts_at,
            ends_at, extra_minutes, version)
         VALUES ($1, $2, $3, $4, $5, 'confirmed', $6, $7, $8, $9, $10, 1)";

    pub(crate) fn end(id: BookingId, version: i64, state: State, reason: &str) =
        "UPDATE booking SET state = $4, reason = CASE WHEN $5 = '' THEN reason ELSE $5 END, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = 'confirmed'";

    pub(crate) fn at_time(id: BookingId, version: i64, starts: Timestamp, ends: Timestamp) =
        "UPDATE booking SET starts_at = $4, ends_at = $5, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = 'confirmed'";

    pub(super) fn address(person: PersonId) -> (Option<String>,) =
        "SELECT mail FROM pub_person WHERE institution = $1 AND id = $2";

    pub(super) fn registered(period: ExamPeriodId, person: PersonId, test: TestId) -> Wish =
        "SELECT id, state FROM registration
         WHERE institution = $1 AND period = $2 AND person = $3 AND test = $4
           AND state IN ('registered', 'frozen', 'booked')";

    pub(super) fn overlapping(person: PersonId, starts: Timestamp, ends: Timestamp, but: BookingId) -> Booking =
        "SELECT {booking_shown} WHERE b.institution = $1 AND b.person = $2 AND b.state = 'confirmed'
           AND b.starts_at < $4 AND b.ends_at > $3 AND b.id <> $5 ORDER BY b.starts_at LIMIT 1";

    pub(crate) fn by_id(id: BookingId) -> Booking =
        "SELECT {booking_shown} WHERE b.institution = $1 AND b.id = $2";

    pub(crate) fn confirmed(session: SessionId) -> Booking =
        "SELECT {booking_shown} WHERE b.institution = $1 AND b.session = $2 AND b.state = 'confirmed'
         ORDER BY b.person";

    pub(crate) fn of_registration(registration: RegistrationId) -> Booking =
        "SELECT {booking_shown} WHERE b.institution = $1 AND b.registration = $2 AND b.state = 'confirmed'";

    pub(super) fn of_session(
        session: SessionId, reach: &str, me: Option<Uuid>, scope: Option<Uuid>, today: Date,
    ) -> Booking =
        "SELECT {booking_shown}
         WHERE b.institution = $1 AND b.session = $2 AND b.state = 'confirmed' AND {person_in_reach p $3 $4 $5 $6}
         ORDER BY p.sort_name, b.id";

    pub(super) fn of_person(person: PersonId) -> Booking =
        "SELECT {booking_shown} WHERE b.institution = $1 AND b.person = $2 ORDER BY b.starts_at DESC, b.id";
}
