use super::store;
use crate::Error;
use crate::error::filled;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// A text as it should be. `version` is the one that was shown; 0 when the house's text was.
#[derive(Debug, Clone)]
pub struct PutText {
    pub name: String,
    pub language: String,
    pub subject: String,
    pub plain: String,
    pub html: Option<String>,
    pub version: i64,
}

/// The next mail says this. The door shows the result on sample data first and saves only what works there.
pub async fn put(db: &Db, caller: &Caller, input: PutText) -> Result<(), Error> {
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, Action::EditTexts).await?;
    let html = input.html.filter(|html| !html.trim().is_empty());
    let input = PutText {
        subject: filled("subject", &input.subject, 500)?,
        plain: filled("plain", &input.plain, 60_000)?,
        html: html.map(|html| filled("html", &html, 60_000)).transpose()?,
        ..input
    };
    db.write(allowed.caller(), input, |tx, text| {
        Box::pin(async move {
            let now = tx.recorded_at();
            let before = tx.opt(store::one(&text.name, &text.language)).await?;
            let PutText { name, language, subject, plain, html, version } = text;
            if version == 0 {
                tx.queue(
                    store::insert(&name, &language, &subject, &plain, html.as_deref(), now),
                    Expect::unique(Error::ChangedMeanwhile),
                );
            } else {
                tx.queue(
                    store::update(&name, &language, &subject, &plain, html.as_deref(), now, version),
                    Expect::one(Error::ChangedMeanwhile),
                );
            }
            let old =
                before.map(|old| json!({ "subject": old.subject, "plain": old.plain, "html": old.html }));
            let new = json!({
                "name": name, "language": language, "subject": subject, "plain": plain, "html": html,
            });
            let event = Event::new("mail-text.written", tx.institution()).old(json!(old)).new_value(new);
            Ok(tx.done((), event))
        })
    })
    .await
}
