//! Schools and the organisations above them: the tenants.

mod advance;
mod found;
mod store;

pub use advance::advance;
pub use found::{Found, found};
pub use store::Institution;

use crate::Error;
use regie_access::Db;
use regie_core::id::InstitutionId;
use regie_db::Ask;

/// What kind of organisation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    School,
    Cooperative,
    Supplier,
    ExamBureau,
    Platform,
}

impl Kind {
    pub const ALL: [Kind; 5] =
        [Kind::School, Kind::Cooperative, Kind::Supplier, Kind::ExamBureau, Kind::Platform];

    pub const fn code(self) -> &'static str {
        match self {
            Kind::School => "school",
            Kind::Cooperative => "cooperative",
            Kind::Supplier => "supplier",
            Kind::ExamBureau => "examBureau",
            Kind::Platform => "platform",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// `preparing → active ↔ suspended → closed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Preparing,
    Active,
    Suspended,
    Closed,
}

impl State {
    pub const ALL: [State; 4] = [State::Preparing, State::Active, State::Suspended, State::Closed];

    pub const fn code(self) -> &'static str {
        match self {
            State::Preparing => "preparing",
            State::Active => "active",
            State::Suspended => "suspended",
            State::Closed => "closed",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

regie_db::coded!(Kind = Kind::School, State = State::Active);

/// One institution, for whoever is inside it.
pub async fn see(db: &Db, id: InstitutionId) -> Result<Institution, Error> {
    db.reader(id).opt(store::by_id(id)).await?.ok_or(Error::NotFound("institution"))
}

/// By its short name in an address, before anybody is signed in.
pub async fn by_slug(db: &Db, slug: &str) -> Result<Option<Institution>, Error> {
    Ok(db.reader(NOBODY).opt(store::by_slug(slug)).await?)
}

/// All of them, for clocks and the platform's operator.
pub async fn all(db: &Db) -> Result<Vec<Institution>, Error> {
    Ok(db.reader(NOBODY).all(store::all()).await?)
}

/// Questions above tenants are asked in no institution's name.
const NOBODY: InstitutionId = InstitutionId::NIL;
