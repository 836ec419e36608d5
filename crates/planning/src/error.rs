//! What can be wrong from demand to seat, each a sentence in `locales/*/planning.ftl`.

use jiff::Timestamp;
use jiff::civil::Date;
use regie_access::{Action, Refusal, db_code, db_standing, who_may};
use regie_core::day::in_school_time;
use regie_core::{Role, Standing, Told};
use serde::{Deserialize, Serialize};

/// Why one student cannot be registered: rule, value and who can lift it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "rule")]
pub enum Why {
    /// Unknown, or outside the caller's part of the school.
    NotYours,
    NotActive,
    NoEntitlement,
    /// The entitlement was taken back, or is for another test or student.
    OtherEntitlement,
    NoAttempts {
        used: u32,
    },
    NeedsUnit {
        unit: String,
    },
    NeedsTest {
        test: String,
    },
    NeedsYear {
        year: u32,
        now: u32,
    },
    NeedsAgreement {
        by: String,
    },
    Exempt,
    Excluded {
        until: String,
    },
    Already {
        by: String,
    },
}

impl Told for Why {
    fn standing(&self) -> Standing {
        match self {
            Why::NotYours => Standing::NotFound,
            Why::Already { .. } => Standing::Conflict,
            _ => Standing::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Why::NotYours => "student-not-yours",
            Why::NotActive => "student-not-active",
            Why::NoEntitlement => "no-entitlement",
            Why::OtherEntitlement => "other-entitlement",
            Why::NoAttempts { .. } => "no-attempts",
            Why::NeedsUnit { .. } => "needs-unit",
            Why::NeedsTest { .. } => "needs-test",
            Why::NeedsYear { .. } => "needs-year",
            Why::NeedsAgreement { .. } => "needs-agreement",
            Why::Exempt => "exempt",
            Why::Excluded { .. } => "excluded",
            Why::Already { .. } => "registered-already",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Why::NoAttempts { used } => vec![("used", used.to_string())],
            Why::NeedsUnit { unit } => vec![("unit", unit.clone())],
            Why::NeedsTest { test } => vec![("test", test.clone())],
            Why::NeedsYear { year, now } => vec![("year", year.to_string()), ("now", now.to_string())],
            Why::NeedsAgreement { by } => vec![("by", by.clone())],
            Why::Excluded { until } => vec![("until", until.clone())],
            Why::Already { by } => vec![("by", by.clone())],
            _ => Vec::new(),
        }
    }

    fn who(&self) -> Vec<Role> {
        match self {
            Why::NoAttempts { .. } | Why::NeedsUnit { .. } | Why::NeedsTest { .. } | Why::Exempt => {
                who_may(Action::RuleOnStudents)
            }
            Why::Excluded { .. } => who_may(Action::RuleOnStudents),
            Why::NoEntitlement | Why::OtherEntitlement => who_may(Action::EditEntitlements),
            _ => Vec::new(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("person")
    }
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("{0} is longer than {1} characters")]
    TooLong(&'static str, usize),
    #[error("the code {0} is in use")]
    CodeTaken(String),
    #[error("changed meanwhile")]
    ChangedMeanwhile,
    #[error("the end lies before the beginning")]
    EndBeforeBegin,
    #[error("{0} needs both an opening and a closing, the closing later")]
    Window(&'static str),
    #[error("no channel has an opening time")]
    NoWindow,
    #[error("from {0} to {1} is not a step in a period's life")]
    Step(&'static str, &'static str),
    #[error("registering opens at {0}")]
    NotOpenYet(Timestamp),
    #[error("this period takes no registrations by {0}")]
    ChannelShut(&'static str),
    #[error("registering closed at {0}")]
    Late(Timestamp),
    #[error("registering closed at {0} and late requests are not taken")]
    LateRefused(Timestamp),
    /// It moved on while somebody registered.
    #[error("the period is {0}")]
    PeriodIs(&'static str),
    #[error("nobody was chosen")]
    Nobody,
    #[error("more than {0} students at once")]
    TooMany(usize),
    #[error("{}", .0.code())]
    Not(Why),
    /// It is past the point where this can be done to it.
    #[error("the registration is {0}")]
    RegistrationIs(&'static str),
    #[error("{0}: this enrolment is entitled to the test already")]
    EntitledAlready(String),
    #[error("an exclusion lasts a year at most")]
    ExclusionTooLong,
    #[error("exams of this period are from {0} to {1}")]
    OutsidePeriod(Date, Date),
    #[error("this test has no such version")]
    VersionUnknown,
    #[error("version {number} is {state}")]
    VersionNotApproved { number: u32, state: String },
    #[error("what the platform delivers of version {0} differs from what was approved")]
    OtherBytes(u32),
    #[error("{wanted} seats, at most {most} of {capacity}: {reserve}% stays free")]
    TooManySeats { wanted: u32, most: u32, capacity: u32, reserve: u32 },
    #[error("{room} is open from {opens} to {closes}")]
    RoomClosed { room: String, opens: String, closes: String },
    /// The longest extra time does not fit in.
    #[error("until {until} is needed, {extra} minutes of it extra")]
    TooShort { until: Timestamp, extra: u32 },
    #[error("{room} is taken by {test} from {at}")]
    RoomBusy { room: String, test: String, at: Timestamp },
    #[error("{name} is at {test} in {room} from {at}")]
    StaffBusy {
        name: Box<str>,
        test: Box<str>,
        room: String,
        at: Timestamp,
        wanted: Box<str>,
        wanted_at: Timestamp,
    },
    #[error("{name} sits {test} from {at}")]
    StudentBusy { name: String, test: String, at: Timestamp },
    #[error("somebody is named twice")]
    StaffTwice,
    #[error("{there} of {needed} supervisors for {seats}")]
    TooFewStaff { there: u32, needed: u32, seats: u32 },
    #[error("nobody leads it")]
    NoLeader,
    #[error("this test is taken from {0} to {1}")]
    OutsideWindow(Date, Date),
    #[error("the sitting is {0}")]
    SessionIs(&'static str),
    #[error("{0} seats are taken")]
    SeatsTaken(u32),
    #[error("full")]
    Full,
    #[error("students do not book here")]
    StudentsDoNotBook,
    #[error("booking closed at {0}")]
    BookingClosed(Timestamp),
    #[error("changing was possible until {0}")]
    CancelLate(Timestamp),
    #[error("not registered for this test")]
    NotRegistered,
    #[error("has a seat already")]
    BookedAlready,
    #[error("needs a room apart")]
    NeedsOwnRoom,
    #[error("sits {test} from {at}")]
    BusyYourself { test: String, at: Timestamp },
    #[error(transparent)]
    Db(#[from] regie_db::Error),
}

fn day(date: Date) -> String {
    date.strftime("%d-%m-%Y").to_string()
}

/// A moment as a sentence says it: school time, without a language of its own.
pub(crate) fn moment(at: Timestamp) -> String {
    in_school_time(at).strftime("%d-%m-%Y %H:%M").to_string()
}

impl Told for Error {
    fn standing(&self) -> Standing {
        match self {
            Error::Refused(refusal) => refusal.standing(),
            Error::NotFound(_) => Standing::NotFound,
            Error::CodeTaken(_)
            | Error::EntitledAlready(_)
            | Error::ChangedMeanwhile
            | Error::Step(..)
            | Error::NotOpenYet(_)
            | Error::Late(_)
            | Error::LateRefused(_)
            | Error::PeriodIs(_)
            | Error::RoomBusy { .. }
            | Error::StaffBusy { .. }
            | Error::StudentBusy { .. }
            | Error::BusyYourself { .. }
            | Error::SessionIs(_)
            | Error::SeatsTaken(_)
            | Error::Full
            | Error::StudentsDoNotBook
            | Error::BookingClosed(_)
            | Error::CancelLate(_)
            | Error::NotRegistered
            | Error::BookedAlready
            | Error::RegistrationIs(_) => Standing::Conflict,
            Error::Not(why) => why.standing(),
            Error::Db(error) => db_standing(error),
            _ => Standing::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Error::Refused(refusal) => refusal.code(),
            Error::NotFound(_) => "not-found",
            Error::Missing(_) => "missing",
            Error::TooLong(..) => "too-long",
            Error::CodeTaken(_) => "code-taken",
            Error::ChangedMeanwhile => "changed-meanwhile",
            Error::EndBeforeBegin => "end-before-begin",
            Error::Window(_) => "window",
            Error::NoWindow => "no-window",
            Error::Step(..) => "period-step",
            Error::NotOpenYet(_) => "not-open-yet",
            Error::ChannelShut(_) => "channel-shut",
            Error::Late(_) => "late",
            Error::LateRefused(_) => "late-refused",
            Error::PeriodIs(_) => "period-is",
            Error::Nobody => "nobody-chosen",
            Error::TooMany(_) => "too-many-students",
            Error::Not(why) => why.code(),
            Error::RegistrationIs(_) => "registration-is",
            Error::EntitledAlready(_) => "entitled-already",
            Error::ExclusionTooLong => "exclusion-too-long",
            Error::OutsidePeriod(..) => "outside-period",
            Error::VersionUnknown => "version-unknown",
            Error::VersionNotApproved { .. } => "version-not-approved",
            Error::OtherBytes(_) => "other-bytes",
            Error::TooManySeats { .. } => "too-many-seats",
            Error::RoomClosed { .. } => "room-closed",
            Error::TooShort { .. } => "too-short",
            Error::RoomBusy { .. } => "room-busy",
            Error::StaffBusy { .. } => "staff-busy",
            Error::StudentBusy { .. } => "student-busy",
            Error::StaffTwice => "staff-twice",
            Error::TooFewStaff { .. } => "too-few-staff",
            Error::NoLeader => "no-leader",
            Error::OutsideWindow(..) => "outside-window",
            Error::SessionIs(_) => "session-is",
            Error::SeatsTaken(_) => "seats-taken",
            Error::Full => "full",
            Error::StudentsDoNotBook => "students-do-not-book",
            Error::BookingClosed(_) => "booking-closed",
            Error::CancelLate(_) => "cancel-late",
            Error::NotRegistered => "not-registered",
            Error::BookedAlready => "booked-already",
            Error::NeedsOwnRoom => "needs-own-room",
            Error::BusyYourself { .. } => "busy-yourself",
            Error::Db(error) => db_code(error),
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Error::Refused(refusal) => refusal.arguments(),
            Error::NotFound(kind) => vec![("kind", (*kind).into())],
            Error::Missing(field) => vec![("field", (*field).into())],
            Error::TooLong(field, most) => vec![("field", (*field).into()), ("most", most.to_string())],
            Error::CodeTaken(value) | Error::EntitledAlready(value) => vec![("value", value.clone())],
            Error::Window(channel) | Error::ChannelShut(channel) => vec![("channel", (*channel).into())],
            Error::Step(from, to) => vec![("period", (*from).into()), ("next", (*to).into())],
            Error::PeriodIs(state) => vec![("period", (*state).into())],
            Error::RegistrationIs(state) => vec![("registration", (*state).into())],
            Error::NotOpenYet(at) | Error::Late(at) | Error::LateRefused(at) => vec![("moment", moment(*at))],
            Error::TooMany(most) => vec![("most", most.to_string())],
            Error::OutsidePeriod(from, until) | Error::OutsideWindow(from, until) => {
                vec![("from", day(*from)), ("until", day(*until))]
            }
            Error::VersionNotApproved { number, state } => {
                vec![("number", number.to_string()), ("version", state.clone())]
            }
            Error::OtherBytes(number) => vec![("number", number.to_string())],
            Error::TooManySeats { wanted, most, capacity, reserve } => vec![
                ("wanted", wanted.to_string()),
                ("most", most.to_string()),
                ("capacity", capacity.to_string()),
                ("reserve", reserve.to_string()),
            ],
            Error::RoomClosed { room, opens, closes } => {
                vec![("room", room.clone()), ("opens", opens.clone()), ("closes", closes.clone())]
            }
            Error::TooShort { until, extra } => {
                vec![("until", moment(*until)), ("extra", extra.to_string())]
            }
            Error::RoomBusy { room, test, at } => {
                vec![("room", room.clone()), ("test", test.clone()), ("moment", moment(*at))]
            }
            Error::StaffBusy { name, test, room, at, wanted, wanted_at } => vec![
                ("name", name.to_string()),
                ("test", test.to_string()),
                ("room", room.clone()),
                ("moment", moment(*at)),
                ("wanted", wanted.to_string()),
                ("wantedAt", moment(*wanted_at)),
            ],
            Error::StudentBusy { name, test, at } => {
                vec![("name", name.clone()), ("test", test.clone()), ("moment", moment(*at))]
            }
            Error::BusyYourself { test, at } => vec![("test", test.clone()), ("moment", moment(*at))],
            Error::TooFewStaff { there, needed, seats } => vec![
                ("there", there.to_string()),
                ("needed", needed.to_string()),
                ("seats", seats.to_string()),
            ],
            Error::SessionIs(state) => vec![("sitting", (*state).into())],
            Error::SeatsTaken(taken) => vec![("taken", taken.to_string())],
            Error::BookingClosed(at) | Error::CancelLate(at) => vec![("moment", moment(*at))],
            Error::Not(why) => why.arguments(),
            _ => Vec::new(),
        }
    }

    fn who(&self) -> Vec<Role> {
        match self {
            Error::Refused(refusal) => refusal.who(),
            Error::Not(why) => why.who(),
            Error::Late(_) | Error::LateRefused(_) | Error::RegistrationIs(_) => {
                who_may(Action::DecideRegistrations)
            }
            Error::NotOpenYet(_) | Error::ChannelShut(_) | Error::PeriodIs(_) => who_may(Action::EditPeriods),
            Error::CancelLate(_)
            | Error::BookingClosed(_)
            | Error::StudentsDoNotBook
            | Error::NeedsOwnRoom => who_may(Action::PlanSessions),
            _ => Vec::new(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Error::Missing(field) | Error::TooLong(field, _) => field,
            Error::CodeTaken(_) => "code",
            Error::EndBeforeBegin | Error::ExclusionTooLong => "ends",
            Error::Window("student") => "student_closes",
            Error::Window("teacher") => "teacher_closes",
            Error::Window(_) => "central_closes",
            Error::NoWindow => "student_opens",
            Error::Late(_) => "reason",
            Error::Nobody | Error::TooMany(_) => "person",
            Error::Not(why) => return why.field(),
            Error::OutsidePeriod(..) => "starts",
            Error::VersionUnknown | Error::VersionNotApproved { .. } => "version",
            Error::TooManySeats { .. } | Error::SeatsTaken(_) => "seats",
            Error::RoomClosed { .. } | Error::RoomBusy { .. } => "room",
            Error::TooShort { .. } => "ends",
            Error::StaffBusy { .. } | Error::StaffTwice | Error::TooFewStaff { .. } | Error::NoLeader => {
                "staff"
            }
            _ => return None,
        })
    }
}

/// A filled field of reasonable length, without the spaces around it.
pub(crate) fn filled(field: &'static str, value: &str, most: usize) -> Result<String, Error> {
    let value = value.trim();
    match value.chars().count() {
        0 => Err(Error::Missing(field)),
        length if length > most => Err(Error::TooLong(field, most)),
        _ => Ok(value.to_owned()),
    }
}

/// As `filled`, but it may be empty.
pub(crate) fn optional(
    field: &'static str,
    value: Option<&str>,
    most: usize,
) -> Result<Option<String>, Error> {
    match value.map(str::trim) {
        None | Some("") => Ok(None),
        Some(value) => filled(field, value, most).map(Some),
    }
}
