use super::{Part, State};
use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::id::{CampusId, ExamPeriodId, InstrumentVersionId, PersonId, RoomId, SessionId, TestId};
use regie_core::need::{Extra, Ground};
use regie_db::{fragments, row, statements};
use uuid::Uuid;

row! {
    pub struct Session {
        pub id: SessionId,
        pub period: ExamPeriodId,
        pub period_name: String,
        pub test: TestId,
        pub test_code: String,
        pub test_name: String,
        pub subject: Option<String>,
        pub instrument_version: Option<InstrumentVersionId>,
        pub campus: CampusId,
        pub campus_name: String,
        pub room: RoomId,
        pub room_code: String,
        pub starts_at: Timestamp,
        pub ends_at: Timestamp,
        pub minutes: u32,
        pub own_room: bool,
        pub state: State,
        pub seats: u32,
        pub taken: u32,
        pub sequence: u32,
        pub version: i64,
    }

    pub struct Staff {
        pub person: PersonId,
        pub name: String,
        pub part: Part,
    }

    /// A room as a planner chooses it.
    pub struct RoomChoice {
        pub id: RoomId,
        pub campus: CampusId,
        pub campus_name: String,
        pub code: String,
        pub seats: u32,
        pub device_seats: u32,
        pub opens: String,
        pub closes: String,
        pub active: bool,
    }

    pub(super) struct Test {
        pub name: String,
        pub minutes: u32,
        pub needs_device: bool,
        pub subject: Option<String>,
    }

    pub(super) struct Version {
        pub number: u32,
        pub state: String,
        pub valid_from: Option<Date>,
        pub valid_until: Option<Date>,
        pub hash: Option<String>,
        pub delivered_hash: Option<String>,
        pub plannable: Option<InstrumentVersionId>,
    }

    /// Another sitting in the way.
    pub(super) struct Other {
        pub person_name: String,
        pub test_name: String,
        pub room_code: String,
        pub starts_at: Timestamp,
    }

    /// A need of somebody who waits for a seat.
    pub(crate) struct Need {
        pub person: PersonId,
        pub code: String,
        pub extra: String,
        pub amount: u32,
        pub only_for: Option<String>,
        pub begins: Date,
        pub ends: Option<Date>,
    }
}

impl Version {
    pub(super) fn is_plannable(&self) -> bool {
        self.plannable.is_some()
    }
}

impl Need {
    pub(crate) fn ground(&self) -> Option<Ground> {
        let extra = Extra::from_row(&self.extra, self.amount)?;
        Some(Ground { extra, only_for: self.only_for.clone(), begins: self.begins, ends: self.ends })
    }
}

fragments! {
    /// `SELECT {session_shown}`: with names.
    session_shown = "s.id, s.period, x.name AS period_name, s.test, t.code AS test_code, t.name AS test_name,
            t.subject, s.instrument_version, s.campus, c.name AS campus_name, s.room, r.code AS room_code,
            s.starts_at, s.ends_at, s.minutes, s.own_room, s.state, s.seats, s.taken, s.sequence, s.version
         FROM exam_session s
         JOIN exam_period x ON x.institution = $1 AND x.id = s.period
         JOIN pub_test t ON t.institution = $1 AND t.id = s.test
         JOIN pub_campus c ON c.institution = $1 AND c.id = s.campus
         JOIN pub_room r ON r.institution = $1 AND r.id = s.room";

    /// `{session_meets s $but $starts $ends}`: another one that is not canceled, at that time.
    session_meets = "{1}.id <> {2} AND {1}.state <> 'canceled' AND {1}.starts_at < {4} AND {1}.ends_at > {3}";
}

statements! {
    /// Takes the row of a person or a room; who comes second waits.
    pub(super) fn take(subject: Uuid) =
        "INSERT INTO agenda (institution, subject, taken) VALUES ($1, $2, 1)
         ON CONFLICT (institution, subject) DO UPDATE SET taken = agenda.taken + 1";

    pub(super) fn insert(
        id: SessionId, period: ExamPeriodId, test: TestId, version: Option<InstrumentVersionId>, campus: CampusId,
        room: RoomId, starts: Timestamp, ends: Timestamp, minutes: u32, own_room: bool, seats: u32,
    ) = "INSERT INTO exam_session (institution, id, period, test, instrument_version, campus, room, starts_at,
            ends_at, minutes, own_room, state, seats, taken, sequence, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'concept', $12, 0, 0, 1)";

    pub(super) fn insert_staff(session: SessionId, person: PersonId, part: Part) =
        "INSERT INTO session_staff (institution, session, person, part) VALUES ($1, $2, $3, $4)";

    pub(super) fn clear_staff(session: SessionId) =
        "DELETE FROM session_staff WHERE institution = $1 AND session = $2";

    pub(super) fn hold(id: SessionId, version: i64) =
        "UPDATE exam_session SET version = version + 1 WHERE institution = $1 AND id = $2 AND version = $3";

    pub(super) fn update(
        id: SessionId, version: Option<InstrumentVersionId>, campus: CampusId, room: RoomId, starts: Timestamp,
        ends: Timestamp, own_room: bool, seats: u32,
    ) = "UPDATE exam_session SET instrument_version = $3, campus = $4, room = $5, starts_at = $6, ends_at = $7,
            own_room = $8, seats = $9, sequence = sequence + 1
         WHERE institution = $1 AND id = $2";

    pub(super) fn publish(id: SessionId, version: i64, now: Timestamp) =
        "UPDATE exam_session SET state = 'published', published_at = $4, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3 AND state = 'concept'";

    pub(super) fn cancel(id: SessionId, version: i64) =
        "UPDATE exam_session SET state = 'canceled', taken = 0, sequence = sequence + 1, version = version + 1
         WHERE institution = $1 AND id = $2 AND version = $3";

    /// One seat, while there is one and the sitting stands.
    pub(crate) fn claim(id: SessionId, sequence: u32) =
        "UPDATE exam_session SET taken = taken + 1
         WHERE institution = $1 AND id = $2 AND taken < seats AND state = 'published' AND sequence = $3";

    pub(crate) fn release(id: SessionId) =
        "UPDATE exam_session SET taken = taken - 1 WHERE institution = $1 AND id = $2 AND taken > 0";

    pub(crate) fn by_id(id: SessionId) -> Session =
        "SELECT {session_shown} WHERE s.institution = $1 AND s.id = $2";

    pub(super) fn of_period(period: ExamPeriodId) -> Session =
        "SELECT {session_shown} WHERE s.institution = $1 AND s.period = $2 ORDER BY s.starts_at, r.code, s.id";

    /// Where somebody who is registered for this test in this period could sit.
    pub(crate) fn bookable(period: ExamPeriodId, test: TestId, after: Timestamp) -> Session =
        "SELECT {session_shown} WHERE s.institution = $1 AND s.period = $2 AND s.test = $3
           AND s.state = 'published' AND s.starts_at > $4 ORDER BY s.starts_at, r.code, s.id";

    pub(super) fn staff_of(session: SessionId) -> Staff =
        "SELECT f.person, p.display_name AS name, f.part FROM session_staff f
         JOIN pub_person p ON p.institution = $1 AND p.id = f.person
         WHERE f.institution = $1 AND f.session = $2 ORDER BY f.part DESC, p.sort_name, f.person";

    pub(super) fn staff_known(ids: &[PersonId]) -> (PersonId,) =
        "SELECT id FROM pub_person WHERE institution = $1 AND id {among_ids $2}
           AND kind <> 'student' AND state = 'active'";

    pub(super) fn test(id: TestId) -> Test =
        "SELECT name, minutes, needs_device, subject FROM pub_test
         WHERE institution = $1 AND id = $2 AND active = {true}";

    pub(super) fn windows(test: TestId) -> (Date, Date) =
        "SELECT opens, closes FROM pub_central_window WHERE institution = $1 AND test = $2 ORDER BY opens DESC";

    pub(super) fn version(id: InstrumentVersionId, test: TestId) -> Version =
        "SELECT v.number, v.state, v.valid_from, v.valid_until, v.hash, p.delivered_hash, p.id AS plannable
         FROM pub_instrument_version v
         LEFT JOIN pub_plannable_version p ON p.institution = $1 AND p.id = v.id
         WHERE v.institution = $1 AND v.id = $2 AND v.test = $3";

    pub(super) fn room(id: RoomId) -> RoomChoice =
        "SELECT r.id, r.campus, c.name AS campus_name, r.code, r.seats, r.device_seats, r.opens, r.closes, r.active
         FROM pub_room r JOIN pub_campus c ON c.institution = $1 AND c.id = r.campus
         WHERE r.institution = $1 AND r.id = $2";

    pub(super) fn rooms() -> RoomChoice =
        "SELECT r.id, r.campus, c.name AS campus_name, r.code, r.seats, r.device_seats, r.opens, r.closes, r.active
         FROM pub_room r JOIN pub_campus c ON c.institution = $1 AND c.id = r.campus
         WHERE r.institution = $1 AND r.active = {true} ORDER BY c.name, r.code, r.id";

    pub(super) fn in_room(room: RoomId, but: SessionId, starts: Timestamp, ends: Timestamp) -> Other =
        "SELECT '' AS person_name, t.name AS test_name, r.code AS room_code, s.starts_at
         FROM exam_session s
         JOIN pub_test t ON t.institution = $1 AND t.id = s.test
         JOIN pub_room r ON r.institution = $1 AND r.id = s.room
         WHERE s.institution = $1 AND s.room = $2 AND {session_meets s $3 $4 $5} ORDER BY s.starts_at LIMIT 1";

    pub(super) fn of_staff(person: PersonId, but: SessionId, starts: Timestamp, ends: Timestamp) -> Other =
        "SELECT p.display_name AS person_name, t.name AS test_name, r.code AS room_code, s.starts_at
         FROM session_staff f
         JOIN exam_session s ON s.institution = $1 AND s.id = f.session
         JOIN pub_person p ON p.institution = $1 AND p.id = f.person
         JOIN pub_test t ON t.institution = $1 AND t.id = s.test
         JOIN pub_room r ON r.institution = $1 AND r.id = s.room
         WHERE f.institution = $1 AND f.person = $2 AND {session_meets s $3 $4 $5} ORDER BY s.starts_at LIMIT 1";

    pub(super) fn waiting(period: ExamPeriodId, test: TestId, campus: CampusId) -> (i64,) =
        "SELECT count(*) FROM registration WHERE institution = $1 AND period = $2 AND test = $3 AND campus = $4
           AND state IN ('registered', 'frozen')";

    pub(super) fn waiting_needs(period: ExamPeriodId, test: TestId, campus: CampusId) -> Need =
        "SELECT n.person, n.code, n.extra, n.amount, n.only_for, n.begins, n.ends
         FROM registration r JOIN pub_need n ON n.institution = $1 AND n.person = r.person
         WHERE r.institution = $1 AND r.period = $2 AND r.test = $3 AND r.campus = $4
           AND r.state IN ('registered', 'frozen')";

    pub(crate) fn needs_of(person: PersonId) -> Need =
        "SELECT person, code, extra, amount, only_for, begins, ends FROM pub_need
         WHERE institution = $1 AND person = $2";
}
