//! Offerings: a programme for one cohort, by one learning path, at one place.

mod add;
mod edit;
mod list;
mod store;

pub use add::{AddOffering, add};
pub use edit::{EditOffering, edit};
pub use list::{Filter, list};
pub use store::{Offering, OfferingLine};

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, ProgramOfferingId};
use regie_db::Ask;

/// How a student learns the trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// At school, with placements.
    Bol,
    /// Employed, a few days at school.
    Bbl,
}

impl Path {
    pub const ALL: [Path; 2] = [Path::Bol, Path::Bbl];

    pub const fn code(self) -> &'static str {
        match self {
            Path::Bol => "BOL",
            Path::Bbl => "BBL",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|path| path.code() == code)
    }
}

regie_db::coded!(Path = Path::Bol);

/// One offering, with the version a later edit must name.
pub async fn see(db: &Db, caller: &Caller, id: ProgramOfferingId) -> Result<Offering, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeePrograms).await?;
    reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(ProgramOfferingId::KIND))
}
