//! Programs that ask on behalf of a school: OAuth 2.0 client credentials. An administrator makes a client, which acts
//! in one role and for some scopes; it trades its secret for tokens that live an hour and can be ended at once.

mod manage;
mod scope;
mod store;
mod token;

pub use manage::{AddClient, CLIENT_ROLES, add, list, revoke, rotate};
pub use scope::{ApiScope, read, written};
pub use token::{ClientNow, Granted, NoToken, recognise, token};

use jiff::Timestamp;
use regie_core::Role;
use regie_core::id::{ApiClientId, PersonId};

/// A client as its administrator sees it. The secret is nowhere any more.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiClient {
    pub id: ApiClientId,
    pub name: String,
    pub role: Role,
    pub scopes: Vec<ApiScope>,
    /// Who was handed its secret last.
    pub owner: Option<PersonId>,
    pub created_at: Timestamp,
    pub rotated_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}
