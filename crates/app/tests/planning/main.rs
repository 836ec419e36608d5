//! From demand to seat as the handbook's scenarios tell it: through HTTP, on both databases.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod register;
mod sitting;
mod stage;
