//! What can be wrong with exam plans and instruments, each a sentence in `locales/*/catalog.ftl`.

use regie_access::{Refusal, db_code, db_standing};
use regie_core::{Role, Standing, Told};

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("{0} is longer than {1} characters")]
    TooLong(&'static str, usize),
    #[error("{0} runs from {1} to {2}")]
    Range(&'static str, i64, i64),
    #[error("the code {0} is in use")]
    CodeTaken(String),
    #[error("changed meanwhile")]
    ChangedMeanwhile,
    #[error("the end lies before the beginning")]
    EndBeforeBegin,
    /// Something that takes nothing new.
    #[error("{0} is not in use")]
    Inactive(&'static str),
    #[error("from {0} this is no step")]
    NotNow(&'static str),
    #[error(transparent)]
    Db(#[from] regie_db::Error),
}

impl Told for Error {
    fn standing(&self) -> Standing {
        match self {
            Error::Refused(refusal) => refusal.standing(),
            Error::NotFound(_) => Standing::NotFound,
            Error::ChangedMeanwhile | Error::CodeTaken(_) | Error::NotNow(_) => Standing::Conflict,
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
            Error::Range(..) => "range",
            Error::CodeTaken(_) => "code-taken",
            Error::ChangedMeanwhile => "changed-meanwhile",
            Error::EndBeforeBegin => "end-before-begin",
            Error::Inactive(_) => "inactive",
            Error::NotNow(_) => "not-now",
            Error::Db(error) => db_code(error),
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Error::Refused(refusal) => refusal.arguments(),
            Error::NotFound(kind) | Error::Inactive(kind) => vec![("kind", (*kind).into())],
            Error::Missing(field) => vec![("field", (*field).into())],
            Error::TooLong(field, most) => vec![("field", (*field).into()), ("most", most.to_string())],
            Error::Range(field, least, most) => {
                vec![("field", (*field).into()), ("least", least.to_string()), ("most", most.to_string())]
            }
            Error::CodeTaken(value) => vec![("value", value.clone())],
            Error::NotNow(state) => vec![("state", (*state).into())],
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
            Error::Missing(field) | Error::TooLong(field, _) | Error::Range(field, ..) => field,
            Error::CodeTaken(_) => "code",
            Error::EndBeforeBegin => "ends",
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

/// A whole number within its bounds.
pub(crate) fn within(field: &'static str, value: i64, least: i64, most: i64) -> Result<(), Error> {
    if (least..=most).contains(&value) { Ok(()) } else { Err(Error::Range(field, least, most)) }
}
