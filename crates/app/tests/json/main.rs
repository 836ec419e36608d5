//! The JSON door, as programs meet it, on both databases. Every answer is held against the document.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod door;
mod program;
mod story;
