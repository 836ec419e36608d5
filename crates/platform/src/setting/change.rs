use super::{action, store};
use crate::Error;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::SettingId;
use regie_core::setting::by_key;
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// A setting as it should be. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct Change {
    pub key: String,
    pub value: String,
    pub version: i64,
    pub reason: Option<String>,
}

/// Holds from now on for everything that begins; what runs keeps its snapshot.
pub async fn change(db: &Db, caller: &Caller, input: Change) -> Result<SettingId, Error> {
    let spec = by_key(&input.key).ok_or(Error::NotFound("setting"))?;
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, action(spec)).await?;
    let value = spec.check(&input.value).map_err(Error::Setting)?;
    let reason = input.reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > 500) {
        return Err(Error::TooLong("reason", 500));
    }
    db.write(allowed.caller(), (value, input.version, reason), move |tx, (value, version, reason)| {
        Box::pin(async move {
            let now = tx.recorded_at();
            let before = tx.opt(store::one(spec.key)).await?;
            if version == 0 {
                tx.queue(store::insert(spec.key, &value, now), Expect::unique(Error::ChangedMeanwhile));
            } else {
                tx.queue(store::update(spec.key, &value, now, version), Expect::one(Error::ChangedMeanwhile));
            }
            tx.touch(spec.id());
            let old = before.map_or_else(|| spec.fallback.to_owned(), |row| row.value);
            let event = Event::new("setting.changed", spec.id())
                .old(json!({ "key": spec.key, "value": old }))
                .new_value(json!({ "key": spec.key, "value": value }));
            let event = match reason {
                Some(reason) => event.why(reason),
                None => event,
            };
            Ok(tx.done(spec.id(), event))
        })
    })
    .await
}
