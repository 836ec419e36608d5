use super::{Choice, State, may, store};
use crate::Error;
use crate::error::optional;
use regie_access::{Db, Refusal};
use regie_core::Caller;
use regie_core::id::{ApprovalId, Id};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// One's own vote; while the treatment is open it may be changed. A program cannot vote.
pub async fn cast(
    db: &Db,
    caller: &Caller,
    id: ApprovalId,
    choice: Choice,
    remark: Option<String>,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let approval = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(ApprovalId::KIND))?;
    let allowed = may(&mut reader, caller, approval.instrument_version).await?;
    let person = allowed.caller().person.ok_or(Refusal::NoCaller)?;
    let remark = optional("remark", remark.as_deref(), 1_000)?;
    db.write(allowed.caller(), remark, move |tx, remark| {
        Box::pin(async move {
            // The row is held while it is open: nobody votes beside a decision.
            tx.queue(store::hold_open(id), Expect::one(Error::NotNow(State::Approved.code())));
            let now = tx.recorded_at();
            tx.queue(store::put_vote(id, person, choice, remark.as_deref(), now), Expect::any());
            tx.touch(id);
            let new = json!({ "vote": choice.code(), "remark": remark });
            Ok(tx.done((), Event::new("approval.voted", id).new_value(new)))
        })
    })
    .await
}
