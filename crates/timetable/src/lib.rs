//! Plans exam sessions and oral exams, and says what a plan costs and why.
#![doc = include_str!("../README.md")]

#[cfg(feature = "command")]
pub mod command;
pub mod format;
pub mod problem;
pub mod score;
pub mod search;
pub mod unit;
