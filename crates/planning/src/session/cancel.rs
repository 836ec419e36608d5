use super::{State, store, tell};
use crate::booking::{News, Seat};
use crate::error::filled;
use crate::{Error, booking, registration};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, SessionId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Cancels a sitting: no attempt is used, seats are given back, and who had one goes first in the next planning.
pub async fn cancel(
    db: &Db,
    caller: &Caller,
    id: SessionId,
    version: i64,
    reason: &str,
) -> Result<u64, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::PlanSessions).await?;
    let reason = filled("reason", reason, 500)?;
    db.write(allowed.caller(), (id, version, reason), |tx, (id, version, reason)| {
        Box::pin(async move {
            let session = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(SessionId::KIND))?;
            if session.state == State::Canceled {
                return Err(Error::SessionIs(session.state.code()));
            }
            // First the sitting: whoever books at this moment waits, and then finds it canceled.
            if tx.run(store::cancel(id, version)).await? != 1 {
                return Err(Error::ChangedMeanwhile);
            }
            let booked = tx.all(booking::store::confirmed(id)).await?;
            for one in &booked {
                tx.queue(
                    booking::store::end(one.id, one.version, booking::State::Canceled, &reason),
                    Expect::one(Error::ChangedMeanwhile),
                );
                tx.queue(registration::store::again(one.registration, true), Expect::any());
                let seat = Seat { person: one.person, registration: one.registration, ends: one.ends_at };
                booking::tell(tx, seat, &session, News::SessionCanceled(&reason)).await?;
                let new =
                    json!({ "test": session.test, "room": session.room_code, "startsAt": session.starts_at });
                tx.event(Event::new("booking.canceled", one.person).new_value(new).why(reason.clone()));
            }
            if session.state == State::Published {
                for one in tx.all(store::staff_of(id)).await? {
                    tx.send(tell(one.person, "session-canceled", &session, Some(&reason)));
                }
            }
            tx.touch(id);
            tx.touch(session.period);
            let count = booked.len() as u64;
            let old = json!({ "state": session.state.code(), "bookings": count });
            let new = json!({ "state": State::Canceled.code(), "bookings": 0 });
            Ok(tx.done(count, Event::new("session.canceled", id).old(old).new_value(new).why(reason)))
        })
    })
    .await
}
