use super::{Problem, State, see, store};
use crate::Error;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::ImportId;
use regie_db::{Event, Expect, Outgoing};
use serde_json::json;

/// Stops an import that was not carried out; judging that is under way ends with its next slice.
pub async fn cancel(db: &Db, caller: &Caller, id: ImportId) -> Result<(), Error> {
    let (import, allowed) = see::mine(db, caller, id).await?;
    let state = import.state;
    if !matches!(state, State::Mapping | State::Judging | State::Judged) {
        return Err(Problem::NotNow(state).into());
    }
    db.write(&allowed, import.file, move |tx, file| {
        Box::pin(async move {
            let now = tx.recorded_at();
            let stop = store::settle(id, state, State::Cancelled, None, now);
            tx.queue(stop, Expect::one(Error::ChangedMeanwhile));
            tx.queue(store::clear(id), Expect::any());
            tx.send(Outgoing::new("import.settled", 1, id, json!({ "file": file })));
            Ok(tx.done((), Event::new("import.cancelled", id)))
        })
    })
    .await
}
