//! What can be wrong here, each a sentence in `locales/*/platform.ftl`.

use regie_access::{Refusal, db_code, db_standing};
use regie_core::colour::Unreadable;
use regie_core::setting::Wrong;
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
    /// It is not dead: somebody retried or dropped it already.
    #[error("not dead any more")]
    NotDead,
    /// Somebody else changed it since it was shown.
    #[error("changed meanwhile")]
    ChangedMeanwhile,
    #[error(transparent)]
    Setting(Wrong),
    #[error("there is a draft already")]
    DraftExists,
    #[error("it begins in the past")]
    BeginsInThePast,
    #[error("it has no articles")]
    NoArticles,
    /// The field that holds no colour.
    #[error("{0} is no colour")]
    NoColour(&'static str),
    /// The field, and the colour with which something cannot be read.
    #[error("{0}: text cannot be read with {colour}", colour = .1.colour)]
    Unreadable(&'static str, Unreadable),
    #[error("no picture that is shown as it is")]
    NoPicture,
    #[error("the mark is larger than {0} kB")]
    LogoTooLarge(usize),
    #[error(transparent)]
    Db(#[from] regie_db::Error),
}

impl Told for Error {
    fn standing(&self) -> Standing {
        match self {
            Error::Refused(refusal) => refusal.standing(),
            Error::NotFound(_) => Standing::NotFound,
            Error::NotDead | Error::ChangedMeanwhile | Error::DraftExists => Standing::Conflict,
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
            Error::NotDead => "not-dead",
            Error::ChangedMeanwhile => "changed-meanwhile",
            Error::DraftExists => "draft-exists",
            Error::BeginsInThePast => "begins-in-the-past",
            Error::NoArticles => "no-articles",
            Error::NoColour(_) => "no-colour",
            Error::Unreadable(..) => "colour-unreadable",
            Error::NoPicture => "no-picture",
            Error::LogoTooLarge(_) => "logo-too-large",
            Error::Setting(Wrong::NotYesNo) => "setting-not-yes-no",
            Error::Setting(Wrong::NotWhole { .. }) => "setting-not-whole",
            Error::Setting(Wrong::NotOneOf) => "setting-not-one-of",
            Error::Setting(Wrong::NotALine(_)) => "setting-not-line",
            Error::Setting(Wrong::NotAnAddress) => "setting-not-address",
            Error::Db(error) => db_code(error),
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Error::Refused(refusal) => refusal.arguments(),
            Error::NotFound(kind) => vec![("kind", (*kind).into())],
            Error::Missing(field) => vec![("field", (*field).into())],
            Error::Setting(Wrong::NotWhole { least, most }) => {
                vec![("least", least.to_string()), ("most", most.to_string())]
            }
            Error::Setting(Wrong::NotALine(most)) => vec![("most", most.to_string())],
            Error::Unreadable(_, refused) => vec![
                ("colour", refused.colour.to_string()),
                ("contrast", format!("{},{:02}", refused.hundredths / 100, refused.hundredths % 100)),
                ("nearest", refused.nearest.to_string()),
            ],
            Error::LogoTooLarge(most) => vec![("most", most.to_string())],
            Error::TooLong(field, most) => vec![("field", (*field).into()), ("most", most.to_string())],
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
            Error::Setting(_) => "value",
            Error::NoColour(field) | Error::Unreadable(field, _) => field,
            Error::NoPicture | Error::LogoTooLarge(_) => "logo",
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
