//! Signing in: accounts above schools, passwords, second factors, and signed-in browsers that can be revoked.
//!
//! A browser holds an opaque token; the database holds only its hash. Acting happens in one role at a time (a *hat*);
//! switching is explicit and journaled.

mod account;
mod begin;
pub mod client;
mod current;
mod error;
mod factor;
mod invite;
mod password;
mod person;
mod reset;
mod store;
mod token;

pub use account::{NewAccount, create, join, mail_of};
pub use begin::{Begun, Policy, With, begin, second_step};
pub use current::{Current, Hat, SignInLine, count, end, end_one, list, resolve, switch};
pub use error::Error;
pub use factor::{Enrolment, confirm, enrol, has_second_factor};
pub use invite::{accept, invite, invited};
pub use password::Passwords;
pub use person::{erased, merged};
pub use reset::{request_reset, reset};
pub use token::Token;
