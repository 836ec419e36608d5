//! Exam instruments: everything needed to examine with one test. What is in one stands in its versions.

mod add;
mod edit;
mod list;
mod store;

pub use add::{AddInstrument, add};
pub use edit::{EditInstrument, edit};
pub use list::{Filter, Whole, history, list, see};
pub use store::{Instrument, InstrumentLine, VersionLine};

codes! {
    /// How the school comes by it, and therefore who answers for its quality.
    pub enum Route {
        /// From a certified supplier, used as it is.
        Bought = "bought",
        /// Made within agreements with other schools.
        Agreed = "agreed",
        /// Made here, and validated outside.
        Validated = "validated",
        /// Set by the state; the committee has no say in it.
        Central = "central",
    }
}

impl Route {
    /// Made by the school: board and committee must have agreed to that.
    pub const fn own(self) -> bool {
        matches!(self, Route::Agreed | Route::Validated)
    }
}
