use super::{State, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, InstrumentVersionId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// What a platform says it holds of a version, as the hash of the canonical bytes.
#[derive(Debug, Clone)]
pub struct Delivered {
    pub id: InstrumentVersionId,
    pub hash: String,
}

/// Keeps what the platform holds beside what was approved. `true` when they are the same; sessions are not published
/// on a version for which they are not.
pub async fn delivered(db: &Db, caller: &Caller, input: Delivered) -> Result<bool, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::ReleaseInstruments).await?;
    let hash = input.hash.trim().to_lowercase();
    if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Error::Missing("hash"));
    }
    db.write(allowed.caller(), (input.id, hash), |tx, (id, hash)| {
        Box::pin(async move {
            let found = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(InstrumentVersionId::KIND))?;
            if !matches!(found.state, State::Approved | State::Active | State::Suspended) {
                return Err(Error::NotNow(found.state.code()));
            }
            let same = found.hash.as_deref() == Some(&hash);
            let now = tx.recorded_at();
            tx.queue(store::deliver(id, &hash, now), Expect::any());
            tx.touch(id);
            let event = Event::new("instrument.delivered", id)
                .old(json!({ "approved": found.hash }))
                .new_value(json!({ "delivered": hash, "same": same }));
            Ok(tx.done(same, event))
        })
    })
    .await
}
