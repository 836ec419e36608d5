use super::{RoomChoice, Session, Staff, State, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPeriodId, Id, SessionId};
use regie_db::Ask;
use regie_db::journal::Entry;

/// The sittings of a period, by time. Concepts are for who plans.
pub async fn list(db: &Db, caller: &Caller, period: ExamPeriodId) -> Result<Vec<Session>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeSessions).await?;
    let plans = regie_access::here(&mut reader, caller, Action::PlanSessions).await.is_ok();
    let found = reader.all(store::of_period(period)).await?;
    Ok(found.into_iter().filter(|one| plans || one.state != State::Concept).collect())
}

/// One sitting, with the version a later change must name.
pub async fn see(db: &Db, caller: &Caller, id: SessionId) -> Result<Session, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeSessions).await?;
    let plans = regie_access::here(&mut reader, caller, Action::PlanSessions).await.is_ok();
    let one = reader.opt(store::by_id(id)).await?;
    one.filter(|one| plans || one.state != State::Concept).ok_or(Error::NotFound(SessionId::KIND))
}

/// Who does what in it.
pub async fn staff(db: &Db, caller: &Caller, id: SessionId) -> Result<Vec<Staff>, Error> {
    see(db, caller, id).await?;
    Ok(db.reader(caller.institution).all(store::staff_of(id)).await?)
}

/// The rooms there are, with what they hold.
pub async fn rooms(db: &Db, caller: &Caller) -> Result<Vec<RoomChoice>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::PlanSessions).await?;
    Ok(reader.all(store::rooms()).await?)
}

/// What happened to it, newest first: every room and time it had.
pub async fn history(db: &Db, caller: &Caller, id: SessionId) -> Result<Vec<Entry>, Error> {
    see(db, caller, id).await?;
    Ok(db.reader(caller.institution).all(regie_db::journal::history(id.uuid(), 100)).await?)
}
