use super::store;
use crate::booking::{News, Seat};
use crate::error::filled;
use crate::{Error, booking, registration, session};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{EntitlementId, Id};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// The student system takes an entitlement back: what hung on it is withdrawn with it. Saying so twice is no error.
pub async fn cancel(db: &Db, caller: &Caller, id: EntitlementId, reason: &str) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let one = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(EntitlementId::KIND))?;
    let allowed = regie_access::person(&mut reader, caller, Action::EditEntitlements, one.person).await?;
    let reason = filled("reason", reason, 500)?;
    db.write(allowed.caller(), (id, reason), |tx, (id, reason)| {
        Box::pin(async move {
            let one = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(EntitlementId::KIND))?;
            if one.state != "valid" {
                return Ok(tx.done((), Event::none("it was taken back before")));
            }
            tx.queue(store::cancel(id, one.version), Expect::one(Error::ChangedMeanwhile));
            tx.flight().await?;
            let hanging = tx.all(registration::store::active_of(id)).await?;
            for one in &hanging {
                tx.queue(
                    registration::store::end(one.id, one.version, "withdrawn", &reason),
                    Expect::one(Error::ChangedMeanwhile),
                );
                // A seat goes free, and who had it hears of it.
                for seat in tx.all(booking::store::of_registration(one.id)).await? {
                    let session = tx.opt(session::store::by_id(seat.session)).await?;
                    tx.queue(
                        booking::store::end(seat.id, seat.version, booking::State::Canceled, &reason),
                        Expect::one(Error::ChangedMeanwhile),
                    );
                    tx.hot(session::store::release(seat.session), Expect::any());
                    tx.touch(seat.session);
                    if let Some(session) = session {
                        let whose =
                            Seat { person: seat.person, registration: seat.registration, ends: seat.ends_at };
                        booking::tell(tx, whose, &session, News::Canceled(&reason)).await?;
                    }
                }
                tx.touch(one.period);
            }
            let new =
                json!({ "entitlement": id, "test": one.test_name, "registrationsWithdrawn": hanging.len() });
            Ok(tx.done((), Event::new("entitlement.canceled", one.person).new_value(new).why(reason)))
        })
    })
    .await
}
