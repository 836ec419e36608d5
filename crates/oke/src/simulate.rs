//! The other parties of the exchange, to test against without bothering them.
//!
//! A [`Stand`] serves a party from memory; an [`Agent`] makes it do its own part: push enrolments, plan sessions, hold
//! them, report. Agents go in steps, so that a test can follow three of them and a clock can run at any speed.

mod agent;
pub mod data;
pub mod fault;
mod page;
mod prepare;
mod scenario;
mod stand;
mod traffic;

pub use agent::{Agent, Partners, Work};
pub use page::{Action, Actions, page};
pub use prepare::{main_caller, prepare};
pub use scenario::{Event, Profile, Scenario};
pub use stand::{Credentials, Stand, StandSettings, credentials, scopes_of};
pub use traffic::{Seen, Traffic};
