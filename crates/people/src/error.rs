//! What can be wrong with organisation and people, each a sentence in `locales/*/people.ftl`.

use regie_access::{Refusal, db_code, db_standing};
use regie_core::{Role, Standing, Told};

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("{0} not found")]
    NotFound(&'static str),
    /// A field that must be filled is empty.
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("{0} is longer than {1} characters")]
    TooLong(&'static str, usize),
    #[error("{0} is not a valid mail address")]
    MailInvalid(String),
    #[error("the code {0} is in use")]
    CodeTaken(String),
    #[error("the number {0} belongs to somebody else")]
    NumberTaken(String),
    /// Somebody else changed it since it was shown.
    #[error("changed meanwhile")]
    ChangedMeanwhile,
    #[error("{0} cannot lie below itself")]
    UnitLoop(String),
    #[error("more device seats than seats")]
    DeviceSeats,
    #[error("the end lies before the beginning")]
    EndBeforeBegin,
    #[error("opening hours end before they begin")]
    OpeningHours,
    #[error("a name for the ID check is needed, or say that it is secret or not available")]
    IdCheckName,
    #[error("the school must have a name and a short name of letters, digits and hyphens")]
    Slug,
    #[error("from {0} to {1} is not a step in an institution's life")]
    Lifecycle(&'static str, &'static str),
    #[error("{0} lets nobody in")]
    InstitutionClosed(String),
    #[error("role {0} does not exist")]
    RoleUnknown(String),
    #[error("a role for {0} needs to say which")]
    ScopeIncomplete(&'static str),
    #[error("this person is {0}")]
    PersonInactive(&'static str),
    #[error("a crebo has five digits")]
    Crebo,
    #[error("levels run from 1 to 4")]
    Level,
    #[error("a cohort is a year from 2000")]
    Cohort,
    /// A programme or an offering that takes nothing new.
    #[error("{0} is not in use")]
    Inactive(&'static str),
    #[error("{0} is no active student")]
    NotAStudent(String),
    #[error("{0} is a student, and teaches no group")]
    NotStaff(String),
    #[error("{0} is not active")]
    NotActive(String),
    #[error("only active students have needs")]
    OnlyStudents,
    #[error("enrolled in this offering at that time already")]
    EnrolledAlready,
    #[error("only students with work have days of school")]
    SchoolDays,
    #[error("a stay lies within the dates of its group")]
    OutsideGroup,
    #[error("in this group at that time already")]
    MemberAlready,
    #[error("not in this group on that day")]
    NotAMember,
    #[error("{0} is not yours to let others do")]
    MandateNotYours(&'static str),
    #[error("a mandate goes to active staff or somebody from outside, not to a student")]
    MandateToStudent,
    #[error("this mandate exists already at that time")]
    MandateAlready,
    #[error("access is granted to another organisation, not to oneself or the platform")]
    GrantTo,
    #[error("the role {0} is for people of the school itself")]
    GrantRole(&'static str),
    #[error("a grant lasts a year at most")]
    GrantTooLong,
    #[error("extra time is 1 to 600 minutes, 1 to 200 percent or unlimited, and belongs to that need alone")]
    ExtraTime,
    #[error("an auditor looks for at most {0} days")]
    AuditorTooLong(i64),
    #[error("a record cannot be merged with itself")]
    MergeWithItself,
    #[error("a student, staff and somebody from outside are different records")]
    MergeKinds,
    #[error(transparent)]
    Import(#[from] crate::import::Problem),
    #[error(transparent)]
    Db(#[from] regie_db::Error),
}

impl Told for Error {
    fn standing(&self) -> Standing {
        match self {
            Error::Refused(refusal) => refusal.standing(),
            Error::NotFound(_) => Standing::NotFound,
            Error::ChangedMeanwhile
            | Error::CodeTaken(_)
            | Error::NumberTaken(_)
            | Error::EnrolledAlready
            | Error::MandateAlready
            | Error::MemberAlready => Standing::Conflict,
            Error::MandateNotYours(_) => Standing::Refused,
            Error::Import(problem) => problem.standing(),
            Error::Db(error) => db_standing(error),
            _ => Standing::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Error::Refused(refusal) => refusal.code(),
            Error::NotFound(_) => "not-found",
            Error::Missing(_) => "missing",
            Error::TooLong(..) => "too-long",
            Error::MailInvalid(_) => "mail-invalid",
            Error::CodeTaken(_) => "code-taken",
            Error::NumberTaken(_) => "number-taken",
            Error::ChangedMeanwhile => "changed-meanwhile",
            Error::UnitLoop(_) => "unit-loop",
            Error::DeviceSeats => "device-seats",
            Error::EndBeforeBegin => "end-before-begin",
            Error::OpeningHours => "opening-hours",
            Error::IdCheckName => "id-check-name",
            Error::Slug => "slug",
            Error::Lifecycle(..) => "lifecycle",
            Error::InstitutionClosed(_) => "institution-shut",
            Error::RoleUnknown(_) => "role-unknown",
            Error::ScopeIncomplete(_) => "scope-incomplete",
            Error::PersonInactive(_) => "person-inactive",
            Error::Crebo => "crebo",
            Error::Level => "level",
            Error::Cohort => "cohort",
            Error::Inactive(_) => "inactive",
            Error::NotAStudent(_) => "not-a-student",
            Error::NotStaff(_) => "not-staff",
            Error::NotActive(_) => "not-active",
            Error::OnlyStudents => "only-students",
            Error::EnrolledAlready => "enrolled-already",
            Error::SchoolDays => "school-days",
            Error::OutsideGroup => "outside-group",
            Error::MemberAlready => "member-already",
            Error::NotAMember => "not-a-member",
            Error::ExtraTime => "extra-time",
            Error::MandateNotYours(_) => "mandate-not-yours",
            Error::MandateToStudent => "mandate-to-student",
            Error::MandateAlready => "mandate-already",
            Error::GrantTo => "grant-to",
            Error::GrantRole(_) => "grant-role",
            Error::GrantTooLong => "grant-too-long",
            Error::AuditorTooLong(_) => "auditor-too-long",
            Error::MergeWithItself => "merge-with-itself",
            Error::MergeKinds => "merge-kinds",
            Error::Import(problem) => problem.code(),
            Error::Db(error) => db_code(error),
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Error::Refused(refusal) => refusal.arguments(),
            Error::NotFound(kind) => vec![("kind", (*kind).into())],
            Error::Missing(field) => vec![("field", (*field).into())],
            Error::TooLong(field, most) => vec![("field", (*field).into()), ("most", most.to_string())],
            Error::MailInvalid(value)
            | Error::CodeTaken(value)
            | Error::NumberTaken(value)
            | Error::UnitLoop(value)
            | Error::RoleUnknown(value)
            | Error::NotAStudent(value)
            | Error::NotStaff(value)
            | Error::NotActive(value) => vec![("value", value.clone())],
            Error::MandateNotYours(action) => vec![("action", (*action).into())],
            Error::InstitutionClosed(name) => vec![("name", name.clone())],
            Error::GrantRole(role) => vec![("role", (*role).into())],
            Error::Inactive(kind) => vec![("kind", (*kind).into())],
            Error::Lifecycle(from, to) => vec![("from", (*from).into()), ("to", (*to).into())],
            Error::ScopeIncomplete(kind) => vec![("kind", (*kind).into())],
            Error::AuditorTooLong(days) => vec![("days", days.to_string())],
            Error::PersonInactive(state) => vec![("state", (*state).into())],
            Error::Import(problem) => problem.arguments(),
            _ => Vec::new(),
        }
    }

    fn who(&self) -> Vec<Role> {
        match self {
            Error::Refused(refusal) => refusal.who(),
            Error::AuditorTooLong(_) => regie_access::who_may(regie_access::Action::EditExamRules),
            _ => Vec::new(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Error::Missing(field) | Error::TooLong(field, _) => field,
            Error::MailInvalid(_) => "mail",
            Error::CodeTaken(_) => "code",
            Error::NumberTaken(_) => "number",
            Error::UnitLoop(_) => "parent",
            Error::DeviceSeats => "device_seats",
            Error::EndBeforeBegin | Error::AuditorTooLong(_) => "ends",
            Error::OpeningHours => "closes",
            Error::IdCheckName => "id_check_name",
            Error::Slug => "slug",
            Error::MergeWithItself | Error::MergeKinds => "keep",
            Error::RoleUnknown(_) => "role",
            Error::ScopeIncomplete(_) => "scope",
            Error::Crebo => "crebo",
            Error::Level => "level",
            Error::Cohort => "cohort",
            Error::SchoolDays => "school_days",
            Error::NotAStudent(_) | Error::NotStaff(_) | Error::NotActive(_) | Error::MemberAlready => {
                "person"
            }
            Error::EnrolledAlready => "offering",
            Error::OutsideGroup => "begins",
            Error::NotAMember => "last_day",
            Error::ExtraTime => "amount",
            Error::MandateToStudent | Error::MandateAlready => "holder",
            Error::GrantTo => "to",
            Error::GrantRole(_) => "role",
            Error::GrantTooLong => "ends",
            _ => return None,
        })
    }
}

/// A filled field of reasonable length, without the spaces around it.
pub(crate) fn filled(field: &'static str, value: &str, most: usize) -> Result<String, Error> {
    let value = value.trim();
    match value.chars().count() {
        0 => Err(Error::Missing(field)),
        length if length > most => Err(Error::TooLong(field, most)),
        _ => Ok(value.to_owned()),
    }
}

/// As `filled`, but it may be empty.
pub(crate) fn optional(
    field: &'static str,
    value: Option<&str>,
    most: usize,
) -> Result<Option<String>, Error> {
    match value.map(str::trim) {
        None | Some("") => Ok(None),
        Some(value) => filled(field, value, most).map(Some),
    }
}

/// An address that a mail server could accept; whether it exists shows when mail is sent.
pub(crate) fn mail(value: Option<&str>) -> Result<Option<String>, Error> {
    let Some(value) = optional("mail", value, 254)? else { return Ok(None) };
    let sound = value.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !value.contains(char::is_whitespace)
            && value.matches('@').count() == 1
    });
    if sound { Ok(Some(value)) } else { Err(Error::MailInvalid(value)) }
}
