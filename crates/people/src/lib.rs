//! Organisation and people: institutions, units, campuses, rooms, persons, what they learn, in which groups, what they
//! need, and who acts in which role.
//! One module per noun, one file per verb.

pub mod campus;
pub mod company;
pub mod enrolment;
mod error;
pub mod grant;
pub mod group;
pub mod import;
pub mod institution;
pub mod journal;
pub mod mandate;
pub mod module;
pub mod need;
pub mod offering;
use regie_core::paging;
pub mod person;
pub mod program;
pub mod role;
pub mod room;
mod shown;
pub mod unit;

pub use error::Error;
pub use paging::{Page, Paging};
