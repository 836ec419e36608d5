//! Sheets of people and places: read, judged row by row, looked through, and carried out as one.
//!
//! One machine for every kind of sheet. A kind says which columns it has, who may hand it in, how a row is matched and judged
//! against what stands, and which statements carry it out ([`subject::Subject`]). Judging is a function of the staged rows and
//! of what stands, so carrying out judges once more inside its transaction and goes on only when nothing came out differently.

mod begin;
mod cancel;
mod carry_out;
mod forget;
mod judge;
mod map;
mod problem;
mod see;
mod stage;
mod store;
mod subject;

pub use begin::{Begin, begin};
pub use cancel::cancel;
pub use carry_out::{CarriedOut, carry_out, judge_again};
pub use forget::{forget, unneeded};
pub use judge::judge;
pub use map::{Mapped, map, remembered};
pub use problem::Problem;
pub use see::{Rows, exported, latest, missing, rows, see};
pub use stage::{Task, fail, stage, take};
pub use store::{Import, Line, Missing};

use regie_core::column::Column;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a sheet holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Students,
    Staff,
    Externals,
    Units,
    Campuses,
    Rooms,
    Companies,
    Groups,
    Members,
    Enrolments,
    Needs,
    Roles,
}

impl Kind {
    /// In the order in which a school needs them.
    pub const ALL: [Kind; 12] = [
        Kind::Units,
        Kind::Campuses,
        Kind::Rooms,
        Kind::Companies,
        Kind::Staff,
        Kind::Externals,
        Kind::Roles,
        Kind::Students,
        Kind::Enrolments,
        Kind::Groups,
        Kind::Members,
        Kind::Needs,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Kind::Students => "students",
            Kind::Staff => "staff",
            Kind::Externals => "externals",
            Kind::Units => "units",
            Kind::Campuses => "campuses",
            Kind::Rooms => "rooms",
            Kind::Companies => "companies",
            Kind::Groups => "groups",
            Kind::Members => "members",
            Kind::Enrolments => "enrolments",
            Kind::Needs => "needs",
            Kind::Roles => "roles",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What its sheets may hold.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Kind::Students => subject::person::STUDENTS,
            Kind::Staff => subject::person::STAFF,
            Kind::Externals => subject::person::EXTERNALS,
            Kind::Units => subject::unit::COLUMNS,
            Kind::Campuses => subject::campus::COLUMNS,
            Kind::Rooms => subject::room::COLUMNS,
            Kind::Companies => subject::company::COLUMNS,
            Kind::Groups => subject::group::COLUMNS,
            Kind::Members => subject::member::COLUMNS,
            Kind::Enrolments => subject::enrolment::COLUMNS,
            Kind::Needs => subject::need::COLUMNS,
            Kind::Roles => subject::role::COLUMNS,
        }
    }

    /// Who may hand it in.
    pub const fn action(self) -> regie_access::Action {
        match self {
            Kind::Students
            | Kind::Staff
            | Kind::Externals
            | Kind::Enrolments
            | Kind::Groups
            | Kind::Members => regie_access::Action::ImportPeople,
            Kind::Units | Kind::Campuses | Kind::Rooms | Kind::Companies => {
                regie_access::Action::EditOrganisation
            }
            Kind::Needs => regie_access::Action::GrantNeeds,
            Kind::Roles => regie_access::Action::AssignRoles,
        }
    }

    /// The persons it is about, for kinds that are about persons.
    pub const fn person(self) -> Option<crate::person::Kind> {
        match self {
            Kind::Students => Some(crate::person::Kind::Student),
            Kind::Staff => Some(crate::person::Kind::Staff),
            Kind::Externals => Some(crate::person::Kind::External),
            _ => None,
        }
    }
}

/// `mapping → judging → judged → done`; it can be cancelled until it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Somebody says which column is what.
    Mapping,
    Judging,
    Judged,
    Done,
    Cancelled,
    /// The file could not be read after all.
    Failed,
}

impl State {
    pub const ALL: [State; 6] =
        [State::Mapping, State::Judging, State::Judged, State::Done, State::Cancelled, State::Failed];

    pub const fn code(self) -> &'static str {
        match self {
            State::Mapping => "mapping",
            State::Judging => "judging",
            State::Judged => "judged",
            State::Done => "done",
            State::Cancelled => "cancelled",
            State::Failed => "failed",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What a row would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    New,
    Changed,
    Same,
    Refused,
}

impl Outcome {
    pub const ALL: [Outcome; 4] = [Outcome::New, Outcome::Changed, Outcome::Same, Outcome::Refused];

    pub const fn code(self) -> &'static str {
        match self {
            Outcome::New => "new",
            Outcome::Changed => "changed",
            Outcome::Same => "same",
            Outcome::Refused => "refused",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

regie_db::coded!(Kind = Kind::Students, State = State::Mapping, Outcome = Outcome::New);

/// What is wrong with a row, and in which column of the file. Kept as rule and arguments; the reader's language comes later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The key of its text.
    pub code: String,
    pub arguments: Vec<(String, Argument)>,
    /// Counted from 0; without one it is about the whole row.
    pub column: Option<u32>,
}

/// Numbers stay numbers, so that the text can choose its plural.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Argument {
    Number(i64),
    Text(String),
}

/// One value that is different, or new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The column's key.
    pub key: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

/// A row as the file says it, read but not yet judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// As the spreadsheet counts.
    pub number: u32,
    /// The id of what it adds, should it add something.
    pub fresh: Uuid,
    /// In the order of the kind's columns; a cell that could not be read is empty and has a fault.
    pub cells: Vec<Option<String>>,
    pub found: Vec<Fault>,
}

/// The program's columns by their key, and which column of the file each is.
pub type Mapping = BTreeMap<String, u32>;
