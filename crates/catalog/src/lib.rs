//! What is examined and with what: suppliers, tests, exam plans, instruments with their immutable versions, and the
//! decisions by which the committee lets them be used.
//! One module per noun, one file per verb.

#[macro_use]
mod code;
pub mod decision;
mod error;
pub mod platform;
pub mod supplier;
pub mod test;

pub use error::Error;
pub use regie_core::paging::{Page, Paging};
