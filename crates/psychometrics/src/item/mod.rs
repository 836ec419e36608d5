//! Item and test statistics: an integer [`Tally`] of the answers, and everything that follows from it.

pub mod advise;
pub mod analyse;
mod count;
pub mod curve;
pub mod glb;
pub mod option;
pub mod reliability;
pub mod tally;
pub mod time;

pub use analyse::{Analysis, ItemStatistics, TestStatistics, analyse};
pub(crate) use count::{Counter, bit_rows};
pub use option::OptionStatistics;
pub use tally::{ScoreGroup, Tally};
