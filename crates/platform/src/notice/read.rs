use super::store;
use crate::Error;
use regie_access::{Db, Refusal};
use regie_core::Caller;
use regie_core::id::{Id, NoticeId};
use regie_db::{Ask, Event, Expect};

/// The caller has seen it; where it leads.
pub async fn read(db: &Db, caller: &Caller, id: NoticeId) -> Result<Option<String>, Error> {
    let person = caller.person.ok_or(Refusal::NoCaller)?;
    let notice = db.reader(caller.institution).opt(store::one(id, person)).await?;
    let notice = notice.ok_or(Error::NotFound("notice"))?;
    db.write::<(), Error, _, _>(caller, id, move |tx, id| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(store::mark(id, person, now), Expect::any());
            tx.touch(id);
            Ok(tx.done((), Event::none("what somebody read is theirs")))
        })
    })
    .await?;
    Ok(notice.place)
}

/// The caller has seen all of them.
pub async fn read_all(db: &Db, caller: &Caller) -> Result<(), Error> {
    let person = caller.person.ok_or(Refusal::NoCaller)?;
    db.write(caller, (), move |tx, ()| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(store::mark_all(person, now), Expect::any());
            tx.touch(NoticeId::from_uuid(person.uuid()));
            Ok(tx.done((), Event::none("what somebody read is theirs")))
        })
    })
    .await
}
