//! Registrations: the wish to sit a test in a period, one by one or a whole group at once. They make the demand.

mod decide;
mod judge;
mod list;
mod register;
pub(crate) mod store;
mod withdraw;

pub use decide::{Decision, decide};
pub use list::{Filter, Page, list, of_person, see};
pub use register::{Outcome, Refused, Register, register, register_one};
pub use store::Registration;
pub use withdraw::withdraw;

use regie_core::period::Channel;
use regie_core::{Caller, Role};

/// Where a registration is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// Late: waits for the exam office.
    Requested,
    Registered,
    /// Its period was closed: it counts as demand.
    Frozen,
    Booked,
    Done,
    Withdrawn,
    Rejected,
}

impl State {
    pub const ALL: [State; 7] = [
        State::Requested,
        State::Registered,
        State::Frozen,
        State::Booked,
        State::Done,
        State::Withdrawn,
        State::Rejected,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            State::Requested => "requested",
            State::Registered => "registered",
            State::Frozen => "frozen",
            State::Booked => "booked",
            State::Done => "done",
            State::Withdrawn => "withdrawn",
            State::Rejected => "rejected",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether it is neither over nor taken back.
    pub const fn is_active(self) -> bool {
        matches!(self, State::Requested | State::Registered | State::Frozen | State::Booked)
    }
}
regie_db::coded!(State = State::Registered);

/// By which way this caller registers.
pub fn channel(caller: &Caller) -> Channel {
    match caller.role {
        Some(Role::Student) => Channel::Student,
        Some(Role::Teacher | Role::TeamLeader) => Channel::Teacher,
        _ => Channel::Central,
    }
}
