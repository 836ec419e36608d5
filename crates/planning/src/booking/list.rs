use super::{Booking, store};
use crate::session::{self, Session};
use crate::{Error, period, registration};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{BookingId, Id, PersonId, RegistrationId, SessionId};
use regie_core::setting;
use regie_db::Ask;

/// Who sits in a sitting, within the caller's reach.
pub async fn of_session(db: &Db, caller: &Caller, id: SessionId) -> Result<Vec<Booking>, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::SeeRegistrations).await?;
    let reach = allowed.what();
    Ok(reader.all(store::of_session(id, reach.kind, reach.me, reach.scope, reach.today)).await?)
}

/// The seats of one student, past and to come.
pub async fn of_person(db: &Db, caller: &Caller, person: PersonId) -> Result<Vec<Booking>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::person(&mut reader, caller, Action::SeeRegistrations, person).await?;
    Ok(reader.all(store::of_person(person)).await?)
}

/// Where a student who wants a seat may take one: for each registration the sittings that are to come.
pub async fn possible(
    db: &Db,
    caller: &Caller,
    person: PersonId,
) -> Result<Vec<(RegistrationId, Vec<Session>)>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::person(&mut reader, caller, Action::BookStudents, person).await?;
    let school = regie_access::settings(&mut reader).await?;
    let mut found = Vec::new();
    for one in reader.all(registration::store::wanting(person)).await? {
        let Some(period) = reader.opt(period::store::by_id(one.period)).await? else { continue };
        let own = registration::channel(caller) == regie_core::period::Channel::Student;
        if own && !period.rules(school.clone()).get(&setting::BOOKING_STUDENT) {
            continue;
        }
        let sittings = reader.all(session::store::bookable(one.period, one.test, caller.occurred_at)).await?;
        found.push((one.id, sittings));
    }
    Ok(found)
}

/// One seat.
pub async fn see(db: &Db, caller: &Caller, id: BookingId) -> Result<Booking, Error> {
    let mut reader = db.reader(caller.institution);
    let one = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(BookingId::KIND))?;
    regie_access::person(&mut reader, caller, Action::SeeRegistrations, one.person).await?;
    Ok(one)
}
