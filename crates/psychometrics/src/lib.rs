//! Test and item statistics, item response models, marker agreement, cut scores and grades.
//!
//! Scores are whole numbers, so everything that can be counted is counted exactly and divided once at the
//! end: results do not depend on the order of persons, and a running analysis equals a fresh one bit for
//! bit.

#[cfg(feature = "cli")]
pub mod command;
pub mod cut;
pub mod dif;
pub mod domain;
pub mod golden;
pub mod grade;
pub mod item;
pub mod marker;
pub mod mml;
pub mod number;
pub mod rasch;
pub mod report;
pub mod stream;
pub mod table;

pub use number::{Fraction, Reason, Stat};
pub use table::{Table, TableError};

/// The example of the README, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
