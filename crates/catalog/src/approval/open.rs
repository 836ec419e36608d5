use super::{may, store};
use crate::Error;
use crate::version::{self, State};
use jiff::civil::Date;
use regie_access::Db;
use regie_core::id::{ApprovalId, Id, InstrumentVersionId};
use regie_core::{Caller, setting};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Puts a version on the agenda of a meeting.
#[derive(Debug, Clone)]
pub struct Open {
    pub id: ApprovalId,
    pub version: InstrumentVersionId,
    pub meeting: Date,
}

/// The quorum is that of today: changing the setting does not move a vote that has begun.
pub async fn open(db: &Db, caller: &Caller, input: Open) -> Result<ApprovalId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = may(&mut reader, caller, input.version).await?;
    let quorum = regie_access::setting(&mut reader, &setting::INSTRUMENT_QUORUM).await?;
    let person = allowed.caller().person;
    db.write(allowed.caller(), input, move |tx, it| {
        Box::pin(async move {
            let missing = Error::NotFound(InstrumentVersionId::KIND);
            let found = tx.opt(version::by_id(it.version)).await?.ok_or(missing)?;
            let hash = match (found.state, found.hash) {
                (State::Submitted, Some(hash)) => hash,
                (state, _) => return Err(Error::NotNow(state.code())),
            };
            let now = tx.recorded_at();
            tx.queue(
                store::insert(it.id, it.version, &hash, it.meeting, quorum, person, now),
                Expect::unique(Error::NotNow("open")),
            );
            tx.touch(it.version);
            let new = json!({ "version": it.version, "hash": hash, "meeting": it.meeting, "quorum": quorum });
            Ok(tx.done(it.id, Event::new("approval.opened", it.id).new_value(new)))
        })
    })
    .await
}
