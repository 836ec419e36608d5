//! Own construction: a school makes instruments itself only when its board and its committee agree, for a while.

mod answer;
mod ask;
mod list;
mod store;

pub use answer::{Answer, answer};
pub use ask::{Ask, ask};
pub use list::list;
pub use store::Consent;
pub(crate) use store::by_id;

use jiff::civil::Date;

codes! {
    pub enum State {
        Asked = "asked",
        Given = "given",
        Refused = "refused",
        /// Given before, and taken back.
        Withdrawn = "withdrawn",
    }
}

impl Consent {
    pub fn holds_on(&self, day: Date) -> bool {
        self.state == State::Given && self.begins <= day && day <= self.ends
    }
}
