use super::{store, whole};
use crate::{Error, notice};
use regie_access::{Action, Db};
use regie_core::id::RegulationId;
use regie_core::setting::by_key;
use regie_core::{Caller, Role};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Puts a version in force from its first day. Who wrote in it does not publish it. It states the settings as they
/// hold at this moment, so that a later change of a setting shows as a difference from the regulation.
pub async fn publish(db: &Db, caller: &Caller, id: RegulationId, version: i64) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::about(&mut reader, caller, Action::PublishRegulation, id).await?;
    let head = reader.opt(store::head(allowed.id())).await?.ok_or(Error::NotFound("regulation"))?;
    if head.begins < caller.today() {
        return Err(Error::BeginsInThePast);
    }
    let whole = whole(&mut reader, head).await?;
    if whole.articles.is_empty() {
        return Err(Error::NoArticles);
    }
    let person = allowed.caller().person;
    db.write(allowed.caller(), (whole, version), move |tx, (whole, version)| {
        Box::pin(async move {
            let now = tx.recorded_at();
            let id = whole.head.id;
            tx.queue(store::publish(id, version, person, now), Expect::one(Error::ChangedMeanwhile));
            for it in &whole.stated {
                if let Some(spec) = by_key(&it.key) {
                    let value = whole.settings.shown(spec);
                    tx.queue(store::put_setting(id, it.article, spec.key, &value), Expect::any());
                }
            }
            for role in [Role::ExamOffice, Role::Administrator, Role::CommitteeChair] {
                let told = notice::Telling::to_role(role, "regulation-published")
                    .with("title", &whole.head.title)
                    .with("number", &whole.head.number.to_string())
                    .at(&format!("/regulation/{id}"));
                tx.send(told.outgoing(id));
            }
            tx.touch(id);
            let new = json!({ "number": whole.head.number, "begins": whole.head.begins });
            Ok(tx.done((), Event::new("regulation.published", id).new_value(new)))
        })
    })
    .await
}
