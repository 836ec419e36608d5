//! The search: a table of what every unit would cost in every period, and a walk that looks changes up in it.

mod anneal;
pub(crate) mod model;
#[cfg(test)]
mod proof;
mod random;
mod repair;
mod solve;
pub(crate) mod state;
mod walk;

pub use random::Random;
pub use solve::{Control, Limit, Options, Outcome, Progress, solve};
