//! The roles of the exam chain (handbook, section 2). What a role may do stands in `access`.

use serde::{Deserialize, Serialize};

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum Role { $($(#[$doc])* $name),* }

        impl Role {
            pub const ALL: &'static [Role] = &[$(Role::$name),*];

            /// The name in the database, in texts and in the printed table.
            pub const fn code(self) -> &'static str {
                match self { $(Role::$name => $code),* }
            }

            pub fn from_code(code: &str) -> Option<Role> {
                Role::ALL.iter().copied().find(|role| role.code() == code)
            }
        }
    };
}

roles! {
    Student = "student",
    Parent = "parent",
    Teacher = "teacher",
    /// Judges or marks assigned work (assessor 1 and 2 are positions, not roles).
    Assessor = "assessor",
    Invigilator = "invigilator",
    /// Afnameleider.
    SessionLeader = "sessionLeader",
    /// Examenbureau medewerker.
    ExamOffice = "examOffice",
    /// Examenfunctionaris.
    ExamOfficer = "examOfficer",
    CommitteeChair = "committeeChair",
    CommitteeSecretary = "committeeSecretary",
    CommitteeMember = "committeeMember",
    TeamLeader = "teamLeader",
    /// Functioneel beheerder.
    Administrator = "administrator",
    /// Contactpersoon ROC.
    PracticalContact = "practicalContact",
    /// Praktijkbegeleider.
    PracticalCoach = "practicalCoach",
    /// Praktijkbeoordelaar: judges in the company.
    WorkplaceAssessor = "workplaceAssessor",
    ExamSupplier = "examSupplier",
    /// Auditor or inspectorate: read-only, time-boxed, logged.
    Auditor = "auditor",
    /// Bevoegd gezag: the board.
    CompetentAuthority = "competentAuthority",
    /// Commissie van beroep voor de examens.
    AppealBoard = "appealBoard",
    ItemAuthor = "itemAuthor",
    MarkingCoordinator = "markingCoordinator",
    /// Runs the platform; sees no exam content of a school.
    SuperAdministrator = "superAdministrator",
    /// Leermiddelencoördinator.
    LearningMaterials = "learningMaterials",
    /// Helps a user with consent, in a time-boxed view.
    Supporter = "supporter",
}
