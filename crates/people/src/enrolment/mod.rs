//! Enrolments: a student in an offering, from one day to another; a student may have several.

mod edit;
mod enrol;
mod list;
mod store;

pub use edit::{EditEnrolment, edit};
pub use enrol::{Enrol, enrol, enrol_all};
pub use list::{Filter, list, of_person};
pub use store::Enrolment;

use crate::Error;
use regie_access::{Action, Db};
use regie_core::id::{Id, ProgramEnrolmentId};
use regie_core::{Caller, Weekdays};
use regie_db::Ask;

impl Enrolment {
    /// On which days a student with work is at school.
    pub fn days(&self) -> Weekdays {
        self.school_days.as_deref().and_then(Weekdays::from_code).unwrap_or_default()
    }
}

/// Every enrolment, for an import to look through.
pub(crate) fn all_query() -> regie_db::Query<Enrolment> {
    store::all()
}

/// One enrolment, with the version a later edit must name.
pub async fn see(db: &Db, caller: &Caller, id: ProgramEnrolmentId) -> Result<Enrolment, Error> {
    let mut reader = db.reader(caller.institution);
    let one = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(ProgramEnrolmentId::KIND))?;
    regie_access::person(&mut reader, caller, Action::SeePeople, one.person).await?;
    Ok(one)
}
