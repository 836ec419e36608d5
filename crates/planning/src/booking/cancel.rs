use super::{News, Seat, State, store, tell};
use crate::error::optional;
use crate::registration::channel;
use crate::{Error, period, registration, session};
use jiff::Timestamp;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::day::working_days_before;
use regie_core::id::{BookingId, ExamPeriodId, Id, SessionId};
use regie_core::period::Channel;
use regie_core::setting::{self, Settings};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Whether somebody may still change a booking themselves; the exam office always may.
pub(super) fn in_time(
    rules: &Settings,
    channel: Channel,
    starts: Timestamp,
    now: Timestamp,
) -> Result<(), Error> {
    let days = u32::try_from(rules.get(&setting::CANCEL_DAYS)).unwrap_or_default();
    let deadline = working_days_before(starts, days, &[]);
    match channel {
        Channel::Central => Ok(()),
        _ if now < deadline => Ok(()),
        _ => Err(Error::CancelLate(deadline)),
    }
}

/// Gives a seat back: the student waits for another. After the deadline only the exam office does it, with a reason.
pub async fn cancel(db: &Db, caller: &Caller, id: BookingId, reason: Option<&str>) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let one = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(BookingId::KIND))?;
    let allowed = regie_access::person(&mut reader, caller, Action::BookStudents, one.person).await?;
    let reason = optional("reason", reason, 500)?;
    let input = (id, reason, channel(caller), caller.occurred_at);
    db.write(allowed.caller(), input, |tx, (id, reason, channel, now)| {
        Box::pin(async move {
            let one = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(BookingId::KIND))?;
            match one.state {
                State::Confirmed => {}
                State::Canceled => return Ok(tx.done((), Event::none("it was canceled before"))),
                State::Moved => return Err(Error::NotFound(BookingId::KIND)),
            }
            let session =
                tx.opt(session::store::by_id(one.session)).await?.ok_or(Error::NotFound(SessionId::KIND))?;
            let period =
                tx.opt(period::store::by_id(session.period)).await?.ok_or(Error::NotFound(ExamPeriodId::KIND))?;
            let rules = period.rules(regie_access::settings(tx).await?);
            in_time(&rules, channel, session.starts_at, now)?;
            let late = in_time(&rules, Channel::Student, session.starts_at, now).is_err();
            if late && reason.is_none() {
                return Err(Error::Missing("reason"));
            }
            let why = reason.clone().unwrap_or_default();
            tx.queue(
                store::end(id, one.version, State::Canceled, &why),
                Expect::one(Error::ChangedMeanwhile),
            );
            tx.queue(registration::store::again(one.registration, false), Expect::any());
            tx.hot(session::store::release(one.session), Expect::any());
            let seat = Seat { person: one.person, registration: one.registration, ends: one.ends_at };
            tell(tx, seat, &session, News::Canceled(&why)).await?;
            tx.touch(one.session);
            let old = json!({ "test": session.test_name, "room": session.room_code, "startsAt": session.starts_at });
            let mut event = Event::new("booking.canceled", one.person).old(old);
            if let Some(reason) = reason {
                event = event.why(reason);
            }
            Ok(tx.done((), event))
        })
    })
    .await
}
