//! Signing in: accounts above schools, passwords, second factors, and signed-in browsers that can be revoked.
//!
//! A browser holds an opaque token; the database holds only its hash. Acting happens in one role at a time (a *hat*);
//! switching is explicit and journaled.

mod account;
mod begin;
mod change;
pub mod client;
mod current;
mod error;
mod factor;
pub mod federation;
mod hat;
mod invite;
mod letter;
pub mod passkey;
mod password;
mod person;
mod reset;
mod store;
mod token;
mod vault;
mod weak;

pub use account::{NewAccount, create, join, mail_of};
pub use begin::{Begun, PasskeyRoles, Policy, With, begin, second_step};
pub use change::{change_password, has_password};
pub use current::{Current, SignInLine, count, end, end_one, list, resolve, switch};
pub use error::Error;
pub use factor::{Enrolment, confirm, enrol, has_app, has_second_factor, reset_factor};
pub use hat::Hat;
pub use invite::{accept, invite, invite_first, invited};
pub use password::{Passwords, Sound};
pub use person::{erased, merged};
pub use reset::{request_reset, reset};
pub use token::Token;
pub use vault::Vault;

use regie_access::Db;
use regie_core::Random;

/// Puts every secret that can be read again under the newest key; says how many were under another.
pub async fn reseal(db: &Db, vault: &Vault, random: &dyn Random) -> Result<usize, Error> {
    Ok(factor::reseal(db, vault, random).await? + federation::reseal(db, vault, random).await?)
}
