//! Numerical ground: sums, matrices, distributions, exact fractions.

pub mod distribution;
pub mod eigen;
mod fastest;
pub mod fraction;
pub mod hermite;
pub mod matrix;
pub mod random;
pub mod stat;
pub mod sum;

pub(crate) use fastest::fastest;
pub use fraction::Fraction;
pub use matrix::Matrix;
pub use stat::{Reason, Stat};
