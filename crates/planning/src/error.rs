//! What can be wrong from demand to seat, each a sentence in `locales/*/planning.ftl`.

use jiff::Timestamp;
use regie_access::{Action, Refusal, db_code, db_standing, who_may};
use regie_core::day::in_school_time;
use regie_core::{Role, Standing, Told};
use serde::{Deserialize, Serialize};

/// Why one student cannot be registered: rule, value and who can lift it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "rule")]
pub enum Why {
    /// Unknown, or outside the caller's part of the school.
    NotYours,
    NotActive,
    NoEntitlement,
    /// The entitlement was taken back, or is for another test or student.
    OtherEntitlement,
    NoAttempts {
        used: u32,
    },
    NeedsUnit {
        unit: String,
    },
    NeedsTest {
        test: String,
    },
    NeedsYear {
        year: u32,
        now: u32,
    },
    NeedsAgreement {
        by: String,
    },
    Exempt,
    Excluded {
        until: String,
    },
    Already {
        by: String,
    },
}

impl Told for Why {
    fn standing(&self) -> Standing {
        match self {
            Why::NotYours => Standing::NotFound,
            Why::Already { .. } => Standing::Conflict,
            _ => Standing::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Why::NotYours => "student-not-yours",
            Why::NotActive => "student-not-active",
            Why::NoEntitlement => "no-entitlement",
            Why::OtherEntitlement => "other-entitlement",
            Why::NoAttempts { .. } => "no-attempts",
            Why::NeedsUnit { .. } => "needs-unit",
            Why::NeedsTest { .. } => "needs-test",
            Why::NeedsYear { .. } => "needs-year",
            Why::NeedsAgreement { .. } => "needs-agreement",
            Why::Exempt => "exempt",
            Why::Excluded { .. } => "excluded",
            Why::Already { .. } => "registered-already",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Why::NoAttempts { used } => vec![("used", used.to_string())],
            Why::NeedsUnit { unit } => vec![("unit", unit.clone())],
            Why::NeedsTest { test } => vec![("test", test.clone())],
            Why::NeedsYear { year, now } => vec![("year", year.to_string()), ("now", now.to_string())],
            Why::NeedsAgreement { by } => vec![("by", by.clone())],
            Why::Excluded { until } => vec![("until", until.clone())],
            Why::Already { by } => vec![("by", by.clone())],
            _ => Vec::new(),
        }
    }

    fn who(&self) -> Vec<Role> {
        match self {
            Why::NoAttempts { .. } | Why::NeedsUnit { .. } | Why::NeedsTest { .. } | Why::Exempt => {
                who_may(Action::RuleOnStudents)
            }
            Why::Excluded { .. } => who_may(Action::RuleOnStudents),
            Why::NoEntitlement | Why::OtherEntitlement => who_may(Action::EditEntitlements),
            _ => Vec::new(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("person")
    }
}

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
    #[error("the code {0} is in use")]
    CodeTaken(String),
    #[error("changed meanwhile")]
    ChangedMeanwhile,
    #[error("the end lies before the beginning")]
    EndBeforeBegin,
    #[error("{0} needs both an opening and a closing, the closing later")]
    Window(&'static str),
    #[error("no channel has an opening time")]
    NoWindow,
    #[error("from {0} to {1} is not a step in a period's life")]
    Step(&'static str, &'static str),
    #[error("registering opens at {0}")]
    NotOpenYet(Timestamp),
    #[error("this period takes no registrations by {0}")]
    ChannelShut(&'static str),
    #[error("registering closed at {0}")]
    Late(Timestamp),
    #[error("registering closed at {0} and late requests are not taken")]
    LateRefused(Timestamp),
    /// It moved on while somebody registered.
    #[error("the period is {0}")]
    PeriodIs(&'static str),
    #[error("nobody was chosen")]
    Nobody,
    #[error("more than {0} students at once")]
    TooMany(usize),
    #[error("{}", .0.code())]
    Not(Why),
    /// It is past the point where this can be done to it.
    #[error("the registration is {0}")]
    RegistrationIs(&'static str),
    #[error("{0}: this enrolment is entitled to the test already")]
    EntitledAlready(String),
    #[error("an exclusion lasts a year at most")]
    ExclusionTooLong,
    #[error(transparent)]
    Db(#[from] regie_db::Error),
}

/// A moment as a sentence says it: school time, without a language of its own.
fn moment(at: Timestamp) -> String {
    in_school_time(at).strftime("%d-%m-%Y %H:%M").to_string()
}

impl Told for Error {
    fn standing(&self) -> Standing {
        match self {
            Error::Refused(refusal) => refusal.standing(),
            Error::NotFound(_) => Standing::NotFound,
            Error::CodeTaken(_)
            | Error::EntitledAlready(_)
            | Error::ChangedMeanwhile
            | Error::Step(..)
            | Error::NotOpenYet(_)
            | Error::Late(_)
            | Error::LateRefused(_)
            | Error::PeriodIs(_)
            | Error::RegistrationIs(_) => Standing::Conflict,
            Error::Not(why) => why.standing(),
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
            Error::CodeTaken(_) => "code-taken",
            Error::ChangedMeanwhile => "changed-meanwhile",
            Error::EndBeforeBegin => "end-before-begin",
            Error::Window(_) => "window",
            Error::NoWindow => "no-window",
            Error::Step(..) => "period-step",
            Error::NotOpenYet(_) => "not-open-yet",
            Error::ChannelShut(_) => "channel-shut",
            Error::Late(_) => "late",
            Error::LateRefused(_) => "late-refused",
            Error::PeriodIs(_) => "period-is",
            Error::Nobody => "nobody-chosen",
            Error::TooMany(_) => "too-many-students",
            Error::Not(why) => why.code(),
            Error::RegistrationIs(_) => "registration-is",
            Error::EntitledAlready(_) => "entitled-already",
            Error::ExclusionTooLong => "exclusion-too-long",
            Error::Db(error) => db_code(error),
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Error::Refused(refusal) => refusal.arguments(),
            Error::NotFound(kind) => vec![("kind", (*kind).into())],
            Error::Missing(field) => vec![("field", (*field).into())],
            Error::TooLong(field, most) => vec![("field", (*field).into()), ("most", most.to_string())],
            Error::CodeTaken(value) | Error::EntitledAlready(value) => vec![("value", value.clone())],
            Error::Window(channel) | Error::ChannelShut(channel) => vec![("channel", (*channel).into())],
            Error::Step(from, to) => vec![("period", (*from).into()), ("next", (*to).into())],
            Error::PeriodIs(state) => vec![("period", (*state).into())],
            Error::RegistrationIs(state) => vec![("registration", (*state).into())],
            Error::NotOpenYet(at) | Error::Late(at) | Error::LateRefused(at) => vec![("moment", moment(*at))],
            Error::TooMany(most) => vec![("most", most.to_string())],
            Error::Not(why) => why.arguments(),
            _ => Vec::new(),
        }
    }

    fn who(&self) -> Vec<Role> {
        match self {
            Error::Refused(refusal) => refusal.who(),
            Error::Not(why) => why.who(),
            Error::Late(_) | Error::LateRefused(_) | Error::RegistrationIs(_) => {
                who_may(Action::DecideRegistrations)
            }
            Error::NotOpenYet(_) | Error::ChannelShut(_) | Error::PeriodIs(_) => who_may(Action::EditPeriods),
            _ => Vec::new(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Error::Missing(field) | Error::TooLong(field, _) => field,
            Error::CodeTaken(_) => "code",
            Error::EndBeforeBegin | Error::ExclusionTooLong => "ends",
            Error::Window("student") => "student_closes",
            Error::Window("teacher") => "teacher_closes",
            Error::Window(_) => "central_closes",
            Error::NoWindow => "student_opens",
            Error::Late(_) => "reason",
            Error::Nobody | Error::TooMany(_) => "person",
            Error::Not(why) => return why.field(),
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
