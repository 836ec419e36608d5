//! What a school sets, writes and hears. One module per noun, one file per verb.

pub mod delivery;
mod error;
mod journal;
pub mod mail;
pub mod setting;

pub use error::Error;
