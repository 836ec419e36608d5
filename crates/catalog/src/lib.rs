//! What is examined and with what: suppliers, tests, exam plans, instruments with their immutable versions, and the
//! decisions by which the committee lets them be used.
//! One module per noun, one file per verb.

#[macro_use]
mod code;
pub mod approval;
pub mod consent;
pub mod decision;
mod error;
pub mod instrument;
pub mod plan;
pub mod platform;
pub mod supplier;
mod telling;
pub mod test;
pub mod version;

pub use error::Error;
pub use regie_core::paging::{Page, Paging};
