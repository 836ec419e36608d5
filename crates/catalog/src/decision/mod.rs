//! The register of decisions of committee and board: numbered within a year, written once.

mod list;
mod record;
mod store;

pub use list::{Filter, list};
pub(crate) use record::{NewDecision, record};
pub use store::Decision;

codes! {
    /// Who decided.
    pub enum Body { Committee = "committee", Board = "board" }

    pub enum Outcome {
        Granted = "granted",
        Refused = "refused",
        /// What was granted ends.
        Withdrawn = "withdrawn",
    }
}
