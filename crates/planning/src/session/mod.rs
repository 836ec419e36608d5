//! Sittings: a test at a time in a room with its staff, planned by hand under hard rules, published, moved or canceled.

mod add;
mod cancel;
mod change;
mod check;
mod list;
mod publish;
pub(crate) mod store;

pub use add::{AddSession, add};
pub use cancel::cancel;
pub use change::{ChangeSession, change};
pub(crate) use check::take;
pub use list::{history, list, rooms, see, staff};
pub(crate) use publish::tell;
pub use publish::{Preview, preview, publish};
pub use store::{RoomChoice, Session, Staff};

/// What somebody does in a sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Leads it: afnameleider.
    Leader,
    Invigilator,
    Assessor,
}

impl Part {
    pub const ALL: [Part; 3] = [Part::Leader, Part::Invigilator, Part::Assessor];

    pub const fn code(self) -> &'static str {
        match self {
            Part::Leader => "leader",
            Part::Invigilator => "invigilator",
            Part::Assessor => "assessor",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }
}

/// Where a sitting is in its life, as far as planning takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Concept,
    /// Staff see it, and students can be booked.
    Published,
    Canceled,
}

impl State {
    pub const ALL: [State; 3] = [State::Concept, State::Published, State::Canceled];

    pub const fn code(self) -> &'static str {
        match self {
            State::Concept => "concept",
            State::Published => "published",
            State::Canceled => "canceled",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}
regie_db::coded!(Part = Part::Leader, State = State::Concept);
