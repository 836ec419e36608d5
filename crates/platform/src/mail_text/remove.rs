use super::store;
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Back to the house's text. The journal keeps what the school's said.
pub async fn remove(db: &Db, caller: &Caller, name: &str, language: &str, version: i64) -> Result<(), Error> {
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, Action::EditTexts).await?;
    let input = (name.to_owned(), language.to_owned(), version);
    db.write(allowed.caller(), input, |tx, (name, language, version)| {
        Box::pin(async move {
            let old = tx.opt(store::one(&name, &language)).await?.ok_or(Error::NotFound("mailText"))?;
            tx.queue(store::remove(&name, &language, version), Expect::one(Error::ChangedMeanwhile));
            let old = json!({
                "name": name, "language": language, "subject": old.subject, "plain": old.plain, "html": old.html,
            });
            Ok(tx.done((), Event::new("mail-text.removed", tx.institution()).old(old)))
        })
    })
    .await
}
