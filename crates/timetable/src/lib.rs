//! Plans exam sessions and oral exams, and says what a plan costs and why.
#![doc = include_str!("../README.md")]

#[cfg(feature = "command")]
pub mod command;
pub mod defence;
pub mod explain;
pub mod format;
pub mod generate;
pub mod oral;
pub mod problem;
pub mod roster;
pub mod school;
pub mod score;
pub mod search;
pub mod tradeoff;
pub mod unit;
