//! Exam plans: what must be examined for one qualification and cohort, with what, in which order and how often.

mod add;
mod discard;
mod edit;
mod flaw;
mod freeze;
pub mod import;
mod list;
mod prerequisite;
mod store;
mod test;
mod unit;

pub use add::{AddPlan, add};
pub use discard::discard;
pub use edit::{EditPlan, edit};
pub use flaw::{PlanFlaw, flaws};
pub use freeze::{Freeze, freeze};
pub use list::{Filter, Whole, history, list, see};
pub use prerequisite::{Needs, PutPrerequisite, put_prerequisite, remove_prerequisite};
pub use store::{Line, Plan, PlanLine, Prerequisite, Unit};
pub use test::{PutTest, put_test, remove_test};
pub use unit::{PutUnit, put_unit, remove_unit};

codes! {
    pub enum State {
        Draft = "draft",
        /// It holds for its cohort, until a next edition is frozen.
        Frozen = "frozen",
        Replaced = "replaced",
    }

    pub enum UnitKind {
        CoreTask = "core-task",
        WorkProcess = "work-process",
        /// Dutch, numeracy, English.
        Generic = "generic",
        Elective = "elective",
        CareerCitizenship = "career-citizenship",
    }
}

/// Five digits for a qualification, K and four for a keuzedeel.
pub(crate) fn is_crebo(text: &str) -> bool {
    let digits = |text: &str, many: usize| text.len() == many && text.bytes().all(|b| b.is_ascii_digit());
    digits(text, 5) || text.strip_prefix('K').is_some_and(|rest| digits(rest, 4))
}
