//! What people can do. An action is asked for by name; the table says who may.

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[$doc])* $name),* }

        impl Action {
            pub const ALL: &'static [Action] = &[$(Action::$name),*];

            /// The name in texts, mandates, journal lines and API errors.
            pub const fn code(self) -> &'static str {
                match self { $(Action::$name => $code),* }
            }

            pub fn from_code(code: &str) -> Option<Action> {
                Action::ALL.iter().copied().find(|action| action.code() == code)
            }
        }
    };
}

actions! {
    /// A person's name, number, programmes and groups.
    SeePeople = "see-people",
    EditPeople = "edit-people",
    ImportPeople = "import-people",
    ExportPeople = "export-people",
    MergePeople = "merge-people",
    /// Remove personal data for good.
    ErasePeople = "erase-people",
    SeeNeeds = "see-needs",
    GrantNeeds = "grant-needs",
    /// Units, campuses, rooms, companies.
    SeeOrganisation = "see-organisation",
    EditOrganisation = "edit-organisation",
    SeePrograms = "see-programs",
    EditPrograms = "edit-programs",
    SeeRoles = "see-roles",
    AssignRoles = "assign-roles",
    GiveMandates = "give-mandates",
    /// Let another organisation act here for a while.
    GrantAccess = "grant-access",
    /// Switch a module on for a unit.
    ActivateModules = "activate-modules",
    /// Tests, suppliers, platforms: what can be examined with, without its content.
    SeeTests = "see-tests",
    EditTests = "edit-tests",
    SeeExamPlans = "see-exam-plans",
    EditExamPlans = "edit-exam-plans",
    /// Fix a plan for its cohort: from then on students count on it.
    FreezeExamPlans = "freeze-exam-plans",
    /// Instruments and their versions, with their conditions and where they stand.
    SeeInstruments = "see-instruments",
    EditInstruments = "edit-instruments",
    /// Open the documents themselves: tasks, keys, schemes.
    OpenInstruments = "open-instruments",
    /// Check, vote and decide on a version that somebody else made.
    ApproveInstruments = "approve-instruments",
    /// Put an approved version into use, suspend it, take it back.
    ReleaseInstruments = "release-instruments",
    /// Ask the board whether the school may make instruments itself.
    AskConstruction = "ask-construction",
    ConsentConstruction = "consent-construction",
    PermitPlatforms = "permit-platforms",
    /// The numbered register of what committee and board decided.
    SeeDecisions = "see-decisions",
    SeeSettings = "see-settings",
    EditSettings = "edit-settings",
    /// The rules of examining themselves: attempts, terms, pass marks.
    EditExamRules = "edit-exam-rules",
    /// Exam periods: when who may register and book.
    SeePeriods = "see-periods",
    EditPeriods = "edit-periods",
    /// What somebody is entitled to, registered for and booked in.
    SeeRegistrations = "see-registrations",
    RegisterStudents = "register-students",
    /// Late requests, and what happens after a period was closed.
    DecideRegistrations = "decide-registrations",
    EditEntitlements = "edit-entitlements",
    /// Exempt or exclude: the committee's word about one student.
    RuleOnStudents = "rule-on-students",
    SeeDemand = "see-demand",
    /// Sittings: where and when, with whom.
    SeeSessions = "see-sessions",
    PlanSessions = "plan-sessions",
    /// Take a seat for somebody, move it or give it back.
    BookStudents = "book-students",
    SeeRegulation = "see-regulation",
    EditRegulation = "edit-regulation",
    /// Put a version of the regulation in force that somebody else wrote.
    PublishRegulation = "publish-regulation",
    EditTexts = "edit-texts",
    SeeJournal = "see-journal",
    SeeDeliveries = "see-deliveries",
    /// Retry or drop what could not be delivered.
    MendDeliveries = "mend-deliveries",
    /// What was mailed to whom, and whether it was taken.
    SeeMail = "see-mail",
    /// Accounts, invitations, second factors of others.
    ManageAccounts = "manage-accounts",
    ManageApiClients = "manage-api-clients",
    /// Schools and the organisations above them.
    ManageInstitutions = "manage-institutions",
}
regie_db::coded!(Action = Action::SeePeople);
