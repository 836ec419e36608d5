//! What can be wrong with exam plans and instruments, each a sentence in `locales/*/catalog.ftl`.

use crate::plan::PlanFlaw;
use crate::version::Lack;
use regie_access::{Action, Refusal, db_code, db_standing, who_may};
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
    #[error("a crebo has five digits, a keuzedeel K and four")]
    Crebo,
    /// Something that takes nothing new.
    #[error("{0} is not in use")]
    Inactive(&'static str),
    /// Only drafts change: what was frozen or handed in is what people rely on.
    #[error("{0} is fixed")]
    Fixed(&'static str),
    #[error("there is a draft already")]
    DraftExists,
    #[error("from {0} this is no step")]
    NotNow(&'static str),
    #[error(transparent)]
    Plan(PlanFlaw),
    #[error("not complete: {0:?}")]
    Lacks(Vec<Lack>),
    /// Votes that count, and how many there must be.
    #[error("{have} of {need} members voted")]
    Quorum { have: i64, need: i64 },
    #[error("more members are against it than for it")]
    NoMajority,
    #[error("the checklist is not done: {0}")]
    Unchecked(&'static str),
    #[error("a no on the checklist: {0}")]
    CheckedNo(&'static str),
    #[error("no file {0}")]
    NoFile(String),
    #[error("a central exam has a central instrument, and no other test has one")]
    RouteOfTest,
    #[error("no student opens this before the start")]
    TooEarly,
    #[error("a score occurs twice or grades go down at {0}")]
    Conversion(i64),
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
            | Error::DraftExists
            | Error::Fixed(_)
            | Error::NotNow(_)
            | Error::Quorum { .. }
            | Error::NoMajority => Standing::Conflict,
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
            Error::Crebo => "crebo",
            Error::Inactive(_) => "inactive",
            Error::Fixed(_) => "fixed",
            Error::DraftExists => "draft-there",
            Error::NotNow(_) => "not-now",
            Error::Plan(flaw) => flaw.code(),
            Error::Lacks(lacks) => lacks.first().map_or("lacks", |lack| lack.code()),
            Error::Quorum { .. } => "quorum",
            Error::NoMajority => "no-majority",
            Error::Unchecked(_) => "unchecked",
            Error::CheckedNo(_) => "checked-no",
            Error::NoFile(_) => "no-file",
            Error::RouteOfTest => "route-of-test",
            Error::TooEarly => "too-early",
            Error::Conversion(_) => "conversion",
            Error::Db(error) => db_code(error),
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Error::Refused(refusal) => refusal.arguments(),
            Error::NotFound(kind) | Error::Inactive(kind) | Error::Fixed(kind) => {
                vec![("kind", (*kind).into())]
            }
            Error::Missing(field) => vec![("field", (*field).into())],
            Error::TooLong(field, most) => vec![("field", (*field).into()), ("most", most.to_string())],
            Error::Range(field, least, most) => {
                vec![("field", (*field).into()), ("least", least.to_string()), ("most", most.to_string())]
            }
            Error::CodeTaken(value) | Error::NoFile(value) => vec![("value", value.clone())],
            Error::NotNow(state) => vec![("stage", (*state).into())],
            Error::Plan(flaw) => flaw.arguments(),
            Error::Quorum { have, need } => vec![("have", have.to_string()), ("need", need.to_string())],
            Error::Unchecked(check) | Error::CheckedNo(check) => vec![("check", (*check).into())],
            Error::Conversion(score) => vec![("score", score.to_string())],
            _ => Vec::new(),
        }
    }

    fn who(&self) -> Vec<Role> {
        match self {
            Error::Refused(refusal) => refusal.who(),
            Error::Quorum { .. } => who_may(Action::ApproveInstruments),
            Error::Lacks(lacks) if lacks.contains(&Lack::Consent) => who_may(Action::ConsentConstruction),
            Error::Lacks(lacks) if lacks.contains(&Lack::Platform) => who_may(Action::PermitPlatforms),
            _ => Vec::new(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Error::Missing(field) | Error::TooLong(field, _) | Error::Range(field, ..) => field,
            Error::CodeTaken(_) => "code",
            Error::EndBeforeBegin => "ends",
            Error::Crebo => "crebo",
            Error::Plan(flaw) => return flaw.field(),
            Error::Unchecked(check) | Error::CheckedNo(check) => check,
            Error::NoFile(_) => "file",
            Error::RouteOfTest => "route",
            Error::TooEarly => "moment",
            Error::Conversion(_) => "conversion",
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
