//! A refusal names the rule and who can lift it.

use crate::{Action, who_may};
use regie_core::{Role, Standing, Told};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("nobody is signed in")]
    NoCaller,
    /// The role one acts in may not do this at all.
    #[error("{} is not for the role {}", .action.code(), .role.map_or("none", Role::code))]
    NotInRole { action: Action, role: Option<Role> },
    /// It may, but not to this one.
    #[error("{} is outside the reach of the role {}", .action.code(), .role.map_or("none", Role::code))]
    OutOfReach { action: Action, role: Option<Role> },
    /// Separation of duties.
    #[error("{}: {rule}", .action.code())]
    Duty { action: Action, rule: &'static str },
    #[error("{kind} not found")]
    NotFound { kind: &'static str },
    #[error(transparent)]
    Db(#[from] regie_db::Error),
}

impl Told for Refusal {
    fn standing(&self) -> Standing {
        match self {
            Refusal::NoCaller => Standing::NoCaller,
            Refusal::NotInRole { .. } | Refusal::OutOfReach { .. } | Refusal::Duty { .. } => {
                Standing::Refused
            }
            Refusal::NotFound { .. } => Standing::NotFound,
            Refusal::Db(error) => db_standing(error),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Refusal::NoCaller => "no-caller",
            Refusal::NotInRole { .. } => "not-in-role",
            Refusal::OutOfReach { .. } => "out-of-reach",
            Refusal::Duty { rule, .. } => rule,
            Refusal::NotFound { .. } => "not-found",
            Refusal::Db(error) => db_code(error),
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Refusal::NotInRole { action, role } | Refusal::OutOfReach { action, role } => {
                vec![("action", action.code().into()), ("role", role.map_or("none", Role::code).into())]
            }
            Refusal::Duty { action, .. } => vec![("action", action.code().into())],
            Refusal::NotFound { kind } => vec![("kind", (*kind).into())],
            Refusal::NoCaller | Refusal::Db(_) => Vec::new(),
        }
    }

    fn who(&self) -> Vec<Role> {
        match self {
            Refusal::NotInRole { action, .. }
            | Refusal::OutOfReach { action, .. }
            | Refusal::Duty { action, .. } => who_may(*action),
            _ => Vec::new(),
        }
    }
}

/// How a database error stands, for every area's error enum.
pub fn db_standing(error: &regie_db::Error) -> Standing {
    use regie_db::Error as E;
    match error {
        E::Unique(_) | E::Foreign(_) | E::Check(_) | E::Guard(_) | E::RequestReused => Standing::Conflict,
        E::Unavailable(_) | E::DiskFull | E::Stopped(_) | E::Again(_) => Standing::Unavailable,
        E::Decode(_) | E::Migration(_) | E::Bug(_) | E::Refused(_) => Standing::Bug,
    }
}

pub fn db_code(error: &regie_db::Error) -> &'static str {
    use regie_db::Error as E;
    match error {
        E::RequestReused => "request-reused",
        E::Unique(_) | E::Foreign(_) | E::Check(_) | E::Guard(_) => "changed-meanwhile",
        E::DiskFull => "disk-full",
        E::Unavailable(_) | E::Stopped(_) | E::Again(_) => "unavailable",
        E::Decode(_) | E::Migration(_) | E::Bug(_) | E::Refused(_) => "bug",
    }
}
