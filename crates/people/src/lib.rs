//! Organisation and people: institutions, units, campuses, rooms, persons, and who acts in which role.
//! One module per noun, one file per verb.

pub mod campus;
mod error;
pub mod institution;
pub mod journal;
pub mod person;
pub mod role;
pub mod room;
pub mod unit;

pub use error::Error;
