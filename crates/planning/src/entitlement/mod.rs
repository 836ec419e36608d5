//! Entitlements: the right of one student to attempts at one test, given by the student system under one enrolment.

mod cancel;
mod count;
pub(crate) mod store;
mod take_in;

pub use cancel::cancel;
pub use count::count_attempt;
pub use store::{Entitlement, PlannableTest};
pub use take_in::{Given, take_in};

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::PersonId;
use regie_core::period::attempt_is_left;
use regie_db::Ask;

impl Entitlement {
    pub fn attempt_is_left(&self) -> bool {
        attempt_is_left(self.attempts_used, self.attempts_left)
    }
}

/// What one student may sit, each under its own programme.
pub async fn of_person(db: &Db, caller: &Caller, person: PersonId) -> Result<Vec<Entitlement>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::person(&mut reader, caller, Action::SeeRegistrations, person).await?;
    Ok(reader.all(store::of_person(person)).await?)
}

/// The tests that somebody within reach is entitled to, with how many.
pub async fn tests(db: &Db, caller: &Caller) -> Result<Vec<PlannableTest>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::SeeRegistrations).await?;
    let reach = allowed.what();
    Ok(reader.all(store::tests(reach.kind, reach.me, reach.scope, reach.today)).await?)
}
