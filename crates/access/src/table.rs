//! The table: which role may do what, and how far it reaches. An exam board can read it in `docs/access-table.md`.

use crate::Action;
use Action::*;
use Width::*;
use regie_core::Role;
use regie_core::Role::*;

/// How far a role reaches for one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// Only oneself.
    Own,
    /// The students of the groups one teaches.
    Groups,
    /// What the role was given for: the institution, a unit and what is below it, a programme …
    Scope,
    /// The whole institution, whatever the role was given for.
    Everywhere,
}

impl Width {
    pub const fn code(self) -> &'static str {
        match self {
            Width::Own => "own",
            Width::Groups => "groups",
            Width::Scope => "scope",
            Width::Everywhere => "everywhere",
        }
    }
}

type Row = (Role, Width, &'static [Action]);

/// Everybody inside may find their way around the house.
const COMMON: &[Action] = &[SeeOrganisation, SeePrograms, SeeExamPlans, SeeRegulation];

/// Who works with exams knows what there is to examine with, and where it stands; not what is in it.
const EXAMINING: &[Action] = &[SeeTests, SeeInstruments];

pub const TABLE: &[Row] = &[
    (Student, Own, &[SeePeople, SeeNeeds]),
    (Student, Everywhere, COMMON),
    (Parent, Everywhere, &[SeeRegulation]),
    (Teacher, Groups, &[SeePeople, SeeNeeds, ExportPeople]),
    (Teacher, Everywhere, COMMON),
    (Teacher, Everywhere, &[SeeTests]),
    (Assessor, Own, &[SeePeople]),
    (Assessor, Everywhere, COMMON),
    (Invigilator, Own, &[SeePeople]),
    (Invigilator, Everywhere, COMMON),
    (SessionLeader, Own, &[SeePeople]),
    (SessionLeader, Everywhere, COMMON),
    (
        ExamOffice,
        Scope,
        &[SeePeople, EditPeople, ImportPeople, ExportPeople, MergePeople, SeeNeeds, SeeRoles],
    ),
    (ExamOffice, Everywhere, COMMON),
    (ExamOffice, Everywhere, &[EditOrganisation, EditPrograms, SeeSettings, SeeDeliveries, MendDeliveries]),
    (ExamOffice, Everywhere, EXAMINING),
    (ExamOffice, Everywhere, &[EditTests, EditExamPlans, SeeDecisions]),
    (ExamOfficer, Scope, &[SeePeople, ExportPeople, SeeNeeds, SeeJournal, SeeRoles]),
    (ExamOfficer, Everywhere, COMMON),
    (ExamOfficer, Everywhere, &[SeeSettings]),
    (ExamOfficer, Everywhere, EXAMINING),
    (
        ExamOfficer,
        Everywhere,
        &[EditTests, EditExamPlans, EditInstruments, OpenInstruments, ReleaseInstruments, SeeDecisions],
    ),
    (CommitteeChair, Scope, COMMITTEE),
    (CommitteeChair, Scope, &[GiveMandates, EditExamRules, EditRegulation, PublishRegulation]),
    (CommitteeChair, Everywhere, COMMON),
    (CommitteeChair, Everywhere, APPROVING),
    (CommitteeChair, Everywhere, &[FreezeExamPlans, ReleaseInstruments, AskConstruction, PermitPlatforms]),
    (CommitteeSecretary, Scope, COMMITTEE),
    (CommitteeSecretary, Scope, &[EditRegulation, PublishRegulation]),
    (CommitteeSecretary, Everywhere, COMMON),
    (CommitteeSecretary, Everywhere, APPROVING),
    (
        CommitteeSecretary,
        Everywhere,
        &[EditExamPlans, FreezeExamPlans, ReleaseInstruments, AskConstruction, PermitPlatforms],
    ),
    (CommitteeMember, Scope, COMMITTEE),
    (CommitteeMember, Everywhere, COMMON),
    (CommitteeMember, Everywhere, APPROVING),
    (TeamLeader, Scope, &[SeePeople, ExportPeople, SeeNeeds, SeeRoles]),
    (TeamLeader, Everywhere, COMMON),
    (TeamLeader, Everywhere, EXAMINING),
    (Administrator, Everywhere, COMMON),
    (
        Administrator,
        Everywhere,
        &[
            SeePeople,
            EditPeople,
            ImportPeople,
            ExportPeople,
            MergePeople,
            ErasePeople,
            EditOrganisation,
            EditPrograms,
            SeeRoles,
            AssignRoles,
            GrantAccess,
            ActivateModules,
            SeeSettings,
            EditSettings,
            EditTexts,
            SeeJournal,
            SeeDeliveries,
            MendDeliveries,
            SeeMail,
            ManageAccounts,
            ManageApiClients,
        ],
    ),
    (PracticalContact, Groups, &[SeePeople]),
    (PracticalContact, Everywhere, COMMON),
    (PracticalCoach, Groups, &[SeePeople]),
    (PracticalCoach, Everywhere, COMMON),
    (WorkplaceAssessor, Own, &[SeePeople]),
    (ExamSupplier, Own, &[SeePeople]),
    (Auditor, Scope, &[SeePeople, SeeJournal, SeeRoles]),
    (Auditor, Everywhere, COMMON),
    (Auditor, Everywhere, &[SeeSettings, SeeDecisions]),
    (Auditor, Everywhere, EXAMINING),
    (CompetentAuthority, Everywhere, COMMON),
    (CompetentAuthority, Everywhere, &[SeeRoles, SeeSettings, ConsentConstruction, SeeDecisions]),
    (AppealBoard, Everywhere, &[SeeRegulation]),
    (ItemAuthor, Everywhere, COMMON),
    (ItemAuthor, Everywhere, EXAMINING),
    (ItemAuthor, Everywhere, &[EditInstruments, OpenInstruments]),
    (MarkingCoordinator, Everywhere, COMMON),
    (SuperAdministrator, Everywhere, &[ManageInstitutions, SeeDeliveries, SeeRegulation]),
    (LearningMaterials, Everywhere, COMMON),
    (LearningMaterials, Everywhere, &[SeeTests]),
    (Supporter, Everywhere, COMMON),
    // From demand to seat.
    (Student, Own, &[SeeRegistrations, RegisterStudents, BookStudents]),
    (Student, Everywhere, &[SeePeriods]),
    (Teacher, Groups, &[SeeRegistrations, RegisterStudents, BookStudents]),
    (Teacher, Everywhere, &[SeePeriods, SeeSessions]),
    (Assessor, Everywhere, &[SeePeriods, SeeSessions]),
    (Invigilator, Everywhere, &[SeePeriods, SeeSessions]),
    (SessionLeader, Everywhere, &[SeePeriods, SeeSessions]),
    (
        ExamOffice,
        Scope,
        &[SeeRegistrations, RegisterStudents, DecideRegistrations, EditEntitlements, BookStudents],
    ),
    (ExamOffice, Everywhere, &[SeePeriods, EditPeriods, SeeDemand, SeeSessions, PlanSessions]),
    (ExamOfficer, Scope, &[SeeRegistrations]),
    (ExamOfficer, Everywhere, &[SeePeriods, SeeDemand, SeeSessions]),
    (CommitteeChair, Scope, &[SeeRegistrations, RuleOnStudents]),
    (CommitteeChair, Everywhere, &[SeePeriods, SeeDemand, SeeSessions]),
    (CommitteeSecretary, Scope, &[SeeRegistrations, RuleOnStudents]),
    (CommitteeSecretary, Everywhere, &[SeePeriods, SeeDemand, SeeSessions]),
    (CommitteeMember, Scope, &[SeeRegistrations, RuleOnStudents]),
    (CommitteeMember, Everywhere, &[SeePeriods, SeeDemand, SeeSessions]),
    (TeamLeader, Scope, &[SeeRegistrations, RegisterStudents, BookStudents]),
    (TeamLeader, Everywhere, &[SeePeriods, SeeDemand, SeeSessions]),
    (Administrator, Everywhere, &[SeeRegistrations, SeePeriods, SeeDemand, SeeSessions]),
    (Auditor, Scope, &[SeeRegistrations]),
    (Auditor, Everywhere, &[SeePeriods, SeeDemand, SeeSessions]),
];

const COMMITTEE: &[Action] =
    &[SeePeople, ExportPeople, SeeNeeds, GrantNeeds, SeeRoles, SeeJournal, SeeSettings];

/// One committee for the whole school: an instrument serves more programmes than one.
const APPROVING: &[Action] = &[SeeTests, SeeInstruments, OpenInstruments, ApproveInstruments, SeeDecisions];

/// How far this role reaches for this action; the widest row wins.
pub fn width(role: Role, action: Action) -> Option<Width> {
    TABLE
        .iter()
        .filter(|(who, _, actions)| *who == role && actions.contains(&action))
        .map(|(_, width, _)| *width)
        .max()
}

/// Who can do it at all, widest reach first: the answer to "who can lift this".
pub fn who_may(action: Action) -> Vec<Role> {
    let mut found: Vec<(Width, Role)> =
        Role::ALL.iter().filter_map(|role| width(*role, action).map(|width| (width, *role))).collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    found.into_iter().map(|(_, role)| role).collect()
}

/// The whole table as a page: a row per action, a column per role.
pub fn printed() -> String {
    let mut page = String::from(
        "# Who may do what\n\nPrinted from the access table by its test; `make accept` after a change made on purpose.\n\
         **own**: only oneself. **groups**: students of the groups one teaches. **scope**: what the role was given \
         for (institution, unit and below, programme, session, practical exam). **everywhere**: the whole \
         institution.\n\n| Role |",
    );
    for action in Action::ALL {
        page.push_str(&format!(" {} |", action.code()));
    }
    page.push_str("\n|---|");
    page.push_str(&"---|".repeat(Action::ALL.len()));
    for role in Role::ALL {
        page.push_str(&format!("\n| {} |", role.code()));
        for action in Action::ALL {
            page.push_str(&format!(" {} |", width(*role, *action).map_or("", Width::code)));
        }
    }
    page.push_str("\n\n## Separation of duties\n\n| Rule | Forbids |\n|---|---|\n");
    for duty in crate::duty::DUTIES {
        page.push_str(&format!("| {} | {} |\n", duty.code, duty.action.code()));
    }
    page
}
