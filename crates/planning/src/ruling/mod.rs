//! Rulings: what the committee decided about one student, and what is known of earlier results.

mod give;
mod note;
pub(crate) mod store;
mod withdraw;

pub use give::{GiveRuling, give};
pub use note::{Achieved, What, note};
pub use store::Ruling;
pub use withdraw::withdraw;

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::PersonId;
use regie_db::Ask;

/// Exempt from one test, or excluded for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Exemption,
    /// After fraud: nobody registers, a year at most.
    Exclusion,
}

impl Kind {
    pub const ALL: [Kind; 2] = [Kind::Exemption, Kind::Exclusion];

    pub const fn code(self) -> &'static str {
        match self {
            Kind::Exemption => "exemption",
            Kind::Exclusion => "exclusion",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
regie_db::coded!(Kind = Kind::Exemption);

/// What was decided about one student.
pub async fn of_person(db: &Db, caller: &Caller, person: PersonId) -> Result<Vec<Ruling>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::person(&mut reader, caller, Action::SeeRegistrations, person).await?;
    Ok(reader.all(store::of_person(person)).await?)
}
