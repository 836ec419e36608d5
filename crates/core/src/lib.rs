//! What is true about exams without a computer: nouns, typed ids, rules and calculations.
//! No input or output, no SQL, no async, no clock: time and randomness come in as parameters.

pub mod caller;
pub mod clock;
pub mod colour;
pub mod column;
pub mod conversion;
pub mod day;
pub mod id;
pub mod institution;
pub mod limit;
pub mod name;
pub mod need;
pub mod paging;
pub mod pass_rule;
pub mod period;
pub mod role;
pub mod seat;
pub mod setting;
pub mod told;
pub mod week;

pub use caller::{Caller, Scope, Source};
pub use clock::{Clock, Random};
pub use role::Role;
pub use told::{Standing, Told};
pub use week::Weekdays;
