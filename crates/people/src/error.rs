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
    #[error("role {0} does not exist")]
    RoleUnknown(String),
    #[error("a role for {0} needs to say which")]
    ScopeIncomplete(&'static str),
    #[error("this person is {0}")]
    PersonInactive(&'static str),
    #[error(transparent)]
    Db(#[from] regie_db::Error),
}

impl Told for Error {
    fn standing(&self) -> Standing {
        match self {
            Error::Refused(refusal) => refusal.standing(),
            Error::NotFound(_) => Standing::NotFound,
            Error::ChangedMeanwhile | Error::CodeTaken(_) | Error::NumberTaken(_) => Standing::Conflict,
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
            Error::RoleUnknown(_) => "role-unknown",
            Error::ScopeIncomplete(_) => "scope-incomplete",
            Error::PersonInactive(_) => "person-inactive",
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
            | Error::RoleUnknown(value) => vec![("value", value.clone())],
            Error::Lifecycle(from, to) => vec![("from", (*from).into()), ("to", (*to).into())],
            Error::ScopeIncomplete(kind) => vec![("kind", (*kind).into())],
            Error::PersonInactive(state) => vec![("state", (*state).into())],
            _ => Vec::new(),
        }
    }

    fn who(&self) -> Vec<Role> {
        match self {
            Error::Refused(refusal) => refusal.who(),
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
            Error::EndBeforeBegin => "ends",
            Error::OpeningHours => "closes",
            Error::IdCheckName => "id_check_name",
            Error::Slug => "slug",
            Error::RoleUnknown(_) => "role",
            Error::ScopeIncomplete(_) => "scope",
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
