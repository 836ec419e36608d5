//! Who asks: it travels as the first argument of every use case and is written in every journal line.

use crate::id::{
    AccountId, ApiClientId, DeviceId, Id, InstitutionId, MandateId, PersonId, ProficiencyTestId, ProgramId,
    RequestId, RoleAssignmentId, SessionId, UnitId,
};
use crate::role::Role;
use jiff::Timestamp;
use jiff::civil::Date;
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

/// What part of the institution a role reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "id")]
pub enum Scope {
    Institution,
    /// This unit and everything below it.
    Unit(UnitId),
    Program(ProgramId),
    Session(SessionId),
    ProficiencyTest(ProficiencyTestId),
}

impl Scope {
    pub const KINDS: [&'static str; 5] = ["institution", "unit", "program", "session", "proficiencyTest"];

    pub const fn kind(self) -> &'static str {
        match self {
            Scope::Institution => "institution",
            Scope::Unit(_) => "unit",
            Scope::Program(_) => "program",
            Scope::Session(_) => "session",
            Scope::ProficiencyTest(_) => "proficiencyTest",
        }
    }

    pub fn id(self) -> Option<uuid::Uuid> {
        match self {
            Scope::Institution => None,
            Scope::Unit(id) => Some(id.uuid()),
            Scope::Program(id) => Some(id.uuid()),
            Scope::Session(id) => Some(id.uuid()),
            Scope::ProficiencyTest(id) => Some(id.uuid()),
        }
    }

    /// As it stands in a row.
    pub fn from_row(kind: &str, id: Option<uuid::Uuid>) -> Option<Self> {
        Some(match (kind, id) {
            ("institution", None) => Scope::Institution,
            ("unit", Some(id)) => Scope::Unit(Id::from_uuid(id)),
            ("program", Some(id)) => Scope::Program(Id::from_uuid(id)),
            ("session", Some(id)) => Scope::Session(Id::from_uuid(id)),
            ("proficiencyTest", Some(id)) => Scope::ProficiencyTest(Id::from_uuid(id)),
            _ => return None,
        })
    }
}

/// The one who asks, acting in one role at one institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub institution: InstitutionId,
    pub account: Option<AccountId>,
    pub person: Option<PersonId>,
    pub client: Option<ApiClientId>,
    /// Behind a program: who was handed its secret. What nobody may do to themselves, they may not let it do either.
    pub owner: Option<PersonId>,
    /// `None` for the system itself.
    pub role: Option<Role>,
    pub assignment: Option<RoleAssignmentId>,
    pub scope: Scope,
    pub mandate: Option<MandateId>,
    pub source: Source,
    /// When it happened; the database adds when it was recorded.
    pub occurred_at: Timestamp,
    /// The device and its own counter, for work done without connection.
    pub device: Option<(DeviceId, u32)>,
    /// The same request id twice is the same command: the second answers what the first did.
    pub request: Option<RequestId>,
    /// What the command said. The same request id with something else in it is then told from a repetition.
    pub fingerprint: Option<u64>,
}

impl Caller {
    /// The school's calendar day on which this is asked.
    pub fn today(&self) -> Date {
        crate::day::school_day(self.occurred_at)
    }

    /// Regie itself, for clocks and deliveries.
    pub fn system(institution: InstitutionId, occurred_at: Timestamp) -> Self {
        Self {
            institution,
            account: None,
            person: None,
            client: None,
            owner: None,
            role: None,
            assignment: None,
            scope: Scope::Institution,
            mandate: None,
            source: Source::System,
            occurred_at,
            device: None,
            request: None,
            fingerprint: None,
        }
    }
}
