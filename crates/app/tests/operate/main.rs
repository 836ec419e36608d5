//! Nodes as an operator runs them: the binary itself, over HTTP, on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests"
)]

mod node;
mod nodes;
mod serving;
#[cfg(feature = "opentelemetry")]
mod trace;
mod upgrade;
