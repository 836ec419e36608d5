//! Sittings and the seats in them.

use crate::call::{Answer, Call, Reply};
use crate::coded::Coded;
use crate::door::{Door, Op};
use crate::organisation::{All, Made};
use jiff::Timestamp;
use regie_core::id::{BookingId, ExamPeriodId, Id, InstrumentVersionId, PersonId, RoomId, SessionId, TestId};
use regie_planning::booking::{self, Book};
use regie_planning::session::{self, AddSession, ChangeSession, Part, State};
use regie_signin::client::ApiScope::{PlanningRead, PlanningWrite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const SESSIONS: &str = "/api/v1/periods/{period}/sessions";
const SESSION: &str = "/api/v1/sessions/{session}";
const BOOKINGS: &str = "/api/v1/sessions/{session}/bookings";

pub(crate) fn door() -> Door {
    let publish_at = "/api/v1/sessions/{session}/publish";
    let cancel_at = "/api/v1/sessions/{session}/cancel";
    let give_back_at = "/api/v1/bookings/{booking}/cancel";
    Door::default()
        .op(Op::get("listSessions", SESSIONS, PlanningRead, "The sittings of a period, by time."), list)
        .op(Op::add("addSession", SESSIONS, PlanningWrite, "Plans a sitting, as a concept."), add)
        .op(Op::get("getSession", SESSION, PlanningRead, "One sitting.").with_etag(), see)
        .op(
            Op::put(
                "putSession",
                SESSION,
                PlanningWrite,
                "Moves or changes a sitting; who was told is told again.",
            ),
            put,
        )
        .op(
            Op::act("publishSession", publish_at, PlanningWrite, "Publishes a sitting: seats can be taken."),
            publish,
        )
        .op(
            Op::act(
                "cancelSession",
                cancel_at,
                PlanningWrite,
                "Cancels a sitting: who had a seat waits again.",
            ),
            cancel,
        )
        .op(Op::get("listBookings", BOOKINGS, PlanningRead, "Who has a seat in a sitting."), bookings)
        .op(
            Op::add(
                "addBooking",
                BOOKINGS,
                PlanningWrite,
                "Takes a seat for a student; first come, first served.",
            ),
            book,
        )
        .op(Op::act("cancelBooking", give_back_at, PlanningWrite, "Gives a seat back."), give_back)
}

#[derive(Deserialize, JsonSchema)]
struct PeriodPath {
    period: Uuid,
}

#[derive(Deserialize, JsonSchema)]
struct SessionPath {
    session: Uuid,
}

impl SessionPath {
    fn id(&self) -> SessionId {
        SessionId::from_uuid(self.session)
    }
}

/// A test at a time in a room.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Session {
    id: Uuid,
    period: Uuid,
    test: Uuid,
    test_code: String,
    instrument_version: Option<Uuid>,
    campus: Uuid,
    room: Uuid,
    room_code: String,
    starts_at: Timestamp,
    /// Until when the room is booked.
    ends_at: Timestamp,
    minutes: u32,
    /// For who needs a room apart.
    own_room: bool,
    state: Coded<State>,
    seats: u32,
    taken: u32,
}

fn shown(one: session::Session) -> Session {
    Session {
        id: one.id.uuid(),
        period: one.period.uuid(),
        test: one.test.uuid(),
        test_code: one.test_code,
        instrument_version: one.instrument_version.map(Id::uuid),
        campus: one.campus.uuid(),
        room: one.room.uuid(),
        room_code: one.room_code,
        starts_at: one.starts_at,
        ends_at: one.ends_at,
        minutes: one.minutes,
        own_room: one.own_room,
        state: Coded(one.state),
        seats: one.seats,
        taken: one.taken,
    }
}

async fn list(call: Call<PeriodPath>) -> Answer<All<Session>> {
    let period = ExamPeriodId::from_uuid(call.path.period);
    regie_planning::period::see(&call.house.db, &call.caller, period).await.map_err(call.told())?;
    let found = session::list(&call.house.db, &call.caller, period).await.map_err(call.told())?;
    Ok(Reply::new(All::of(found, shown)))
}

async fn see(call: Call<SessionPath>) -> Answer<Session> {
    let one = session::see(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    let version = one.version;
    Ok(Reply::new(shown(one)).version(version))
}

/// Somebody of the school and what they do there.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewStaff {
    person: Uuid,
    part: Coded<Part>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewSession {
    test: Uuid,
    /// An approved version; nothing for what others deliver.
    instrument_version: Option<Uuid>,
    room: Uuid,
    starts_at: Timestamp,
    /// Until when the room is booked.
    ends_at: Timestamp,
    #[schemars(range(min = 1))]
    seats: u32,
    /// For who needs a room apart.
    #[serde(default)]
    own_room: bool,
    /// Who has extra time sits elsewhere.
    #[serde(default)]
    base_time_only: bool,
    #[serde(default)]
    #[schemars(length(max = 40))]
    staff: Vec<NewStaff>,
}

impl NewSession {
    fn input(&self, id: SessionId, period: ExamPeriodId) -> AddSession {
        AddSession {
            id,
            period,
            test: TestId::from_uuid(self.test),
            version: self.instrument_version.map(InstrumentVersionId::from_uuid),
            room: RoomId::from_uuid(self.room),
            starts: self.starts_at,
            ends: self.ends_at,
            seats: self.seats,
            own_room: self.own_room,
            base_time_only: self.base_time_only,
            staff: self.staff.iter().map(|it| (PersonId::from_uuid(it.person), it.part.0)).collect(),
        }
    }
}

async fn add(call: Call<PeriodPath, (), NewSession>) -> Answer<Made> {
    let input = call.body.input(call.house.new_id(), ExamPeriodId::from_uuid(call.path.period));
    let id = session::add(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)).at(format!("/api/v1/sessions/{id}")))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangedSession {
    /// As it should be; its test and period stay.
    wanted: NewSession,
    /// Needed once it was published.
    #[schemars(length(max = 500))]
    reason: Option<String>,
}

async fn put(call: Call<SessionPath, (), ChangedSession>) -> Answer<Session> {
    let now = session::see(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    let input = ChangeSession {
        session: call.body.wanted.input(now.id, now.period),
        version: call.version,
        reason: call.body.reason.clone(),
    };
    session::change(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    let one = session::see(&call.house.db, &call.caller, now.id).await.map_err(call.told())?;
    let version = one.version;
    Ok(Reply::new(shown(one)).version(version))
}

async fn publish(call: Call<SessionPath>) -> Answer<()> {
    let now = session::see(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    session::publish(&call.house.db, &call.caller, now.id, now.version).await.map_err(call.told())?;
    Ok(Reply::new(()))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CancelSession {
    #[schemars(length(min = 1, max = 500))]
    reason: String,
}

async fn cancel(call: Call<SessionPath, (), CancelSession>) -> Answer<()> {
    let now = session::see(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    session::cancel(&call.house.db, &call.caller, now.id, now.version, &call.body.reason)
        .await
        .map_err(call.told())?;
    Ok(Reply::new(()))
}

/// Somebody's seat.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Booking {
    id: Uuid,
    person: Uuid,
    person_name: String,
    number: Option<String>,
    registration: Uuid,
    starts_at: Timestamp,
    /// One's own end.
    ends_at: Timestamp,
    extra_minutes: u32,
}

async fn bookings(call: Call<SessionPath>) -> Answer<All<Booking>> {
    let now = session::see(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    let found = booking::of_session(&call.house.db, &call.caller, now.id).await.map_err(call.told())?;
    Ok(Reply::new(All::of(found, |one| Booking {
        id: one.id.uuid(),
        person: one.person.uuid(),
        person_name: one.person_name,
        number: one.number,
        registration: one.registration.uuid(),
        starts_at: one.starts_at,
        ends_at: one.ends_at,
        extra_minutes: one.extra_minutes,
    })))
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewBooking {
    person: Uuid,
    /// The booking that is given up for it.
    instead_of: Option<Uuid>,
}

async fn book(call: Call<SessionPath, (), NewBooking>) -> Answer<Made> {
    let input = Book {
        id: call.house.new_id(),
        session: call.path.id(),
        person: PersonId::from_uuid(call.body.person),
        instead_of: call.body.instead_of.map(BookingId::from_uuid),
    };
    let id = booking::book(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)))
}

#[derive(Deserialize, JsonSchema)]
struct BookingPath {
    booking: Uuid,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CancelBooking {
    /// Needed shortly before the sitting.
    #[schemars(length(max = 500))]
    reason: Option<String>,
}

async fn give_back(call: Call<BookingPath, (), CancelBooking>) -> Answer<()> {
    let id = BookingId::from_uuid(call.path.booking);
    let reason = call.body.reason.as_deref();
    booking::cancel(&call.house.db, &call.caller, id, reason).await.map_err(call.told())?;
    Ok(Reply::new(()))
}
