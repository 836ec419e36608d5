//! QTI 3.0 items and tests: safe import (also of 2.0 to 2.2), authoritative scoring, test sequencing, and
//! answer-safe, accessible HTML. See the README for the commands and the shapes of their input and output.

pub mod author;
pub mod command;
pub mod import;
pub mod item;
pub mod package;
pub mod program;
pub mod render;
pub mod report;
pub mod safe;
pub mod score;
pub mod test;
pub mod value;
pub mod xml;

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
