use super::store;
use crate::Error;
use jiff::Timestamp;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::InstitutionId;
use regie_db::{Ask, Event, Expect};

/// Whether no import under way needs this file any more.
pub async fn unneeded(db: &Db, institution: InstitutionId, file: &str) -> Result<bool, Error> {
    Ok(db.reader(institution).one(store::open_with(file)).await?.0 == 0)
}

/// Forgets the rows of imports begun before a moment; what they did stays in the journal. Says how many imports it were.
pub async fn forget(db: &Db, institution: InstitutionId, before: Timestamp) -> Result<usize, Error> {
    let caller = Caller::system(institution, db.now());
    let old = db.reader(institution).all(store::old(before, 100)).await?;
    let count = old.len();
    for (id,) in old {
        db.write::<(), Error, _, _>(&caller, (), move |tx, ()| {
            Box::pin(async move {
                let now = tx.recorded_at();
                tx.queue(store::clear(id), Expect::any());
                tx.queue(store::forgotten(id, now), Expect::any());
                Ok(tx.done((), Event::none("the import has its lines; its working papers are thrown away")))
            })
        })
        .await?;
    }
    Ok(count)
}
