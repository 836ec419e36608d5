use super::{Consent, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_db::Ask;

/// All that was asked, newest first: for who asks, who answers and who makes instruments on it.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Consent>, Error> {
    let mut reader = db.reader(caller.institution);
    if regie_access::here(&mut reader, caller, Action::ConsentConstruction).await.is_err() {
        regie_access::here(&mut reader, caller, Action::SeeInstruments).await?;
    }
    Ok(reader.all(store::all()).await?)
}
