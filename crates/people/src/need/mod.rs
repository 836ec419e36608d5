//! Assigned needs: a right the committee granted to a student, from one day to another.

mod grant;
mod list;
mod store;
mod withdraw;

pub use grant::{GrantNeed, grant};
pub use list::{Filter, State, expiring, list, of_person};
pub use store::Need;
pub use withdraw::withdraw;

use regie_core::need::Extra;

/// What is needed. The first three are the words of the exchange agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    ExtraTime,
    /// Text read aloud.
    Spoken,
    SpellChecker,
    /// A room of one's own, or with few others.
    SeparateRoom,
    LargePrint,
    /// Somebody who writes down what is said.
    Writer,
    /// A device or aid of one's own.
    OwnDevice,
    /// In the words of its description.
    Other,
}

impl Kind {
    pub const ALL: [Kind; 8] = [
        Kind::ExtraTime,
        Kind::Spoken,
        Kind::SpellChecker,
        Kind::SeparateRoom,
        Kind::LargePrint,
        Kind::Writer,
        Kind::OwnDevice,
        Kind::Other,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Kind::ExtraTime => "extraTime",
            Kind::Spoken => "spoken",
            Kind::SpellChecker => "spell-checker-on-screen",
            Kind::SeparateRoom => "separateRoom",
            Kind::LargePrint => "largePrint",
            Kind::Writer => "writer",
            Kind::OwnDevice => "ownDevice",
            Kind::Other => "other",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

regie_db::coded!(Kind = Kind::ExtraTime);

/// Everything that was granted and not withdrawn, for an import to look through.
pub(crate) fn standing_query() -> regie_db::Query<Need> {
    store::standing()
}

impl Need {
    /// The extra time it gives; `None` of it when a later version of Regie wrote a kind we do not know.
    pub fn extra(&self) -> Extra {
        Extra::from_row(&self.extra, self.amount).unwrap_or(Extra::None)
    }
}
