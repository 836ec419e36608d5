//! Typed ids. One type per noun, so that swapping two arguments does not compile.
//! They are UUID version 7: they sort by time, and therefore are never secrets or exam codes.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What all typed ids share; `db` binds and reads them through it.
pub trait Id: Copy + Eq + Ord + std::fmt::Display + Send + Sync + 'static {
    /// The noun, as it stands in journal and outbox rows.
    const KIND: &'static str;
    fn from_uuid(uuid: Uuid) -> Self;
    fn uuid(self) -> Uuid;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl Id for $name {
            const KIND: &'static str = $kind;
            fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
            fn uuid(self) -> Uuid { self.0 }
        }

        impl $name {
            /// Nobody and nothing: for questions asked in no one's name.
            pub const NIL: Self = Self(Uuid::nil());
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

/// Calls a macro with the list of all ids, so that `db` can bind and read every one of them.
#[macro_export]
macro_rules! each_id {
    ($then:ident) => {
        $then! {
            /// A school, or an organisation above schools: the tenant.
            InstitutionId = "institution",
            /// A login, above tenants.
            AccountId = "account",
            /// A human being inside one institution.
            PersonId = "person",
            UnitId = "unit",
            CampusId = "campus",
            RoomId = "room",
            ProgramId = "program",
            ProgramOfferingId = "programOffering",
            ProgramEnrolmentId = "programEnrolment",
            GroupId = "group",
            CompanyId = "company",
            AssignedNeedId = "assignedNeed",
            /// One dated role of one person in one scope.
            RoleAssignmentId = "roleAssignment",
            MandateId = "mandate",
            GrantId = "grant",
            /// An exam sitting. A signed-in browser is a `SignIn`.
            SessionId = "session",
            SignInId = "signIn",
            /// A practical exam (proeve van bekwaamheid).
            ProficiencyTestId = "proficiencyTest",
            JournalId = "journal",
            OutboxId = "outbox",
            /// Given by the client with each command; the same one twice is the same command.
            RequestId = "request",
            DeviceId = "device",
            FileId = "file",
            ImportId = "import",
            InvitationId = "invitation",
            ApiClientId = "apiClient",
            /// Somebody else who signs people in for a school.
            IdentityProviderId = "identityProvider",
            RegulationId = "regulation",
            MailId = "mail",
            NoticeId = "notice",
            SettingId = "setting",
            /// One article of the regulation, the same from version to version.
            ArticleId = "article",
            DeadLetterId = "deadLetter",
            SupplierId = "supplier",
            /// A system on which exams are taken.
            PlatformId = "platform",
            TestId = "test",
            CentralWindowId = "centralWindow",
            ExamPlanId = "examPlan",
            ExamUnitId = "examUnit",
            PrerequisiteId = "prerequisite",
            InstrumentId = "examInstrument",
            InstrumentVersionId = "instrumentVersion",
            FormVariantId = "formVariant",
            DocumentId = "instrumentDocument",
            ApprovalId = "approval",
            /// The board's word that the school may make instruments itself.
            ConsentId = "constructionConsent",
            DecisionId = "decision",
            ExamPeriodId = "examPeriod",
            /// The right of one student to attempts at one test.
            EntitlementId = "entitlement",
            /// The wish to sit a test in a period.
            RegistrationId = "registration",
            /// What the committee decided about one student and a test.
            RulingId = "ruling",
            /// A seat in a sitting.
            BookingId = "booking",
        }
    };
}
each_id!(ids);

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
