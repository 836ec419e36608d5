//! Who asks: it travels as the first argument of every use case and is written in every journal line.

use crate::id::{
    AccountId, ApiClientId, DeviceId, InstitutionId, MandateId, PersonId, RequestId, RoleAssignmentId,
};
use crate::role::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a command came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    Page,
    Api,
    Import,
    /// A clock or an outbox row, not a person.
    System,
    /// Done without connection and sent in later.
    Offline,
    /// Written on paper and entered afterwards.
    Paper,
}

impl Source {
    pub const fn code(self) -> &'static str {
        match self {
            Source::Page => "page",
            Source::Api => "api",
            Source::Import => "import",
            Source::System => "system",
            Source::Offline => "offline",
            Source::Paper => "paper",
        }
    }
}

/// The one who asks, acting in one role at one institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub institution: InstitutionId,
    pub account: Option<AccountId>,
    pub person: Option<PersonId>,
    pub client: Option<ApiClientId>,
    /// `None` for the system itself.
    pub role: Option<Role>,
    pub assignment: Option<RoleAssignmentId>,
    pub mandate: Option<MandateId>,
    pub source: Source,
    /// When it happened; the database adds when it was recorded.
    pub occurred_at: Timestamp,
    /// The device and its own counter, for work done without connection.
    pub device: Option<(DeviceId, u32)>,
    /// The same request id twice is the same command: the second answers what the first did.
    pub request: Option<RequestId>,
}

impl Caller {
    /// Regie itself, for clocks and deliveries.
    pub fn system(institution: InstitutionId, occurred_at: Timestamp) -> Self {
        Self {
            institution,
            account: None,
            person: None,
            client: None,
            role: None,
            assignment: None,
            mandate: None,
            source: Source::System,
            occurred_at,
            device: None,
            request: None,
        }
    }
}
