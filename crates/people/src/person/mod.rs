//! Persons: students, staff and people from outside, each inside one institution.

mod add;
mod edit;
mod erase;
mod export;
mod list;
mod merge;
mod store;

pub use add::{AddPerson, add, add_all};
pub use edit::{EditPerson, edit};
pub use erase::{Erase, erase, erase_history};
pub use export::export;
pub use list::{Filter, find, list};
pub use merge::{Merge, alike, merge};
pub use store::{Person, PersonLine};

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, PersonId};
use regie_db::Ask;
use regie_db::journal::Entry;

/// What brings a person here. Roles are given apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Student,
    Staff,
    /// From a company or another organisation.
    External,
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::Student, Kind::Staff, Kind::External];

    pub const fn code(self) -> &'static str {
        match self {
            Kind::Student => "student",
            Kind::Staff => "staff",
            Kind::External => "external",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The kind of `person_code` that keeps numbers of records that were merged.
    pub(crate) const fn number_code(self) -> &'static str {
        match self {
            Kind::Student => "studentNumber",
            Kind::Staff => "staffNumber",
            Kind::External => "externalNumber",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Active,
    Inactive,
    /// Its history went to another record of the same person.
    Merged,
    /// Personal data removed; the tombstone keeps references whole.
    Erased,
}

impl State {
    pub const ALL: [State; 4] = [State::Active, State::Inactive, State::Merged, State::Erased];

    pub const fn code(self) -> &'static str {
        match self {
            State::Active => "active",
            State::Inactive => "inactive",
            State::Merged => "merged",
            State::Erased => "erased",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Against what an invigilator checks the ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdCheck {
    /// The name in `id_check_name`.
    Name,
    /// There is one, but it may not be shown: the office checks.
    Secret,
    NotAvailable,
}

impl IdCheck {
    pub const ALL: [IdCheck; 3] = [IdCheck::Name, IdCheck::Secret, IdCheck::NotAvailable];

    pub const fn code(self) -> &'static str {
        match self {
            IdCheck::Name => "name",
            IdCheck::Secret => "secret",
            IdCheck::NotAvailable => "notAvailable",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.code() == code)
    }
}

regie_db::coded!(Kind = Kind::Student, State = State::Active, IdCheck = IdCheck::Name);

/// One person, with the version a later edit must name.
pub async fn see(db: &Db, caller: &Caller, id: PersonId) -> Result<Person, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::SeePeople, id).await?;
    reader.opt(store::by_id(allowed.id())).await?.ok_or(Error::NotFound("person"))
}

/// What happened to a person's record, newest first.
pub async fn history(db: &Db, caller: &Caller, id: PersonId) -> Result<Vec<Entry>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::SeePeople, id).await?;
    let mut lines = Vec::new();
    for record in merge::all_of(&mut reader, allowed.id()).await? {
        lines.extend(reader.all(regie_db::journal::history(record.uuid(), 100)).await?);
    }
    lines.sort_by_key(|line| std::cmp::Reverse((line.recorded_at, line.id)));
    lines.truncate(100);
    Ok(lines)
}
