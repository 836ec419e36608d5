//! Schools and the organisations above them: the tenants.

mod advance;
mod found;
mod operate;
mod store;

pub use advance::advance;
pub use found::{Found, found};
pub use operate::{Appoint, Edit, appoint, edit, history, list, look, operator};
pub use regie_core::institution::State;
pub use store::Institution;

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
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

regie_db::coded!(Kind = Kind::School);

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

/// Those that something can be granted to: open, not oneself, and not the platform.
pub async fn others(db: &Db, caller: &Caller) -> Result<Vec<Institution>, Error> {
    regie_access::here(&mut db.reader(caller.institution), caller, Action::GrantAccess).await?;
    let mut found = all(db).await?;
    found.retain(|one| one.id != caller.institution && one.kind != Kind::Platform && one.state.is_open());
    Ok(found)
}

/// Questions above tenants are asked in no institution's name.
const NOBODY: InstitutionId = InstitutionId::NIL;
