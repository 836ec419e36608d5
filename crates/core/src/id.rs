//! Typed ids. One type per noun, so that swapping two arguments does not compile.
//! They are UUID version 7: they sort by time, and therefore are never secrets or exam codes.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What all typed ids share; `db` binds and reads them through it.
pub trait Id: Copy + Eq + Ord + std::fmt::Display + Send + Sync + 'static {
    fn from_uuid(uuid: Uuid) -> Self;
    fn uuid(self) -> Uuid;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl Id for $name {
            fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
            fn uuid(self) -> Uuid { self.0 }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { Uuid::parse_str(text).map(Self) }
        }
    )* };
}

ids! {
    /// A school, or an organisation above schools: the tenant.
    InstitutionId,
    /// A login, above tenants.
    AccountId,
    /// A human being inside one institution.
    PersonId,
    UnitId,
    CampusId,
    RoomId,
    ProgramId,
    ProgramOfferingId,
    ProgramEnrolmentId,
    GroupId,
    CompanyId,
    AssignedNeedId,
    /// One dated role of one person in one scope.
    RoleAssignmentId,
    MandateId,
    GrantId,
    /// An exam sitting. A signed-in browser is a `SignIn`.
    SessionId,
    SignInId,
    /// A practical exam (proeve van bekwaamheid).
    ProficiencyTestId,
    JournalId,
    OutboxId,
    /// Given by the client with each command; the same one twice is the same command.
    RequestId,
    DeviceId,
    FileId,
    ImportId,
    InvitationId,
    ApiClientId,
    RegulationId,
    MailId,
    DeadLetterId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id = PersonId::from_uuid(Uuid::from_u128(0x0193_5a1e_7c00_7000_8000_0000_0000_0001));
        assert_eq!(id.to_string().parse::<PersonId>(), Ok(id));
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{id}\""));
    }
}
