//! From demand to seat: exam periods, what students are entitled to, who registers for what, and the demand that makes.
//! One module per noun, one file per verb.

pub mod booking;
pub mod demand;
pub mod entitlement;
mod error;
pub mod period;
pub mod registration;
pub mod ruling;
pub mod session;

pub use error::{Error, Why};
