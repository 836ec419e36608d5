use super::store;
use crate::Error;
use crate::error::filled;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::PlatformId;
use regie_db::{Event, Expect};
use serde_json::json;

/// A platform that somebody would like to use; nothing may be taken on it yet.
#[derive(Debug, Clone)]
pub struct AddPlatform {
    pub id: PlatformId,
    pub code: String,
    pub name: String,
    /// Every candidate needs a device.
    pub needs_device: bool,
    /// It shuts out everything else on that device.
    pub secure: bool,
}

pub async fn add(db: &Db, caller: &Caller, input: AddPlatform) -> Result<PlatformId, Error> {
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, Action::EditTests).await?;
    let input = AddPlatform {
        code: filled("code", &input.code, 20)?,
        name: filled("name", &input.name, 120)?,
        ..input
    };
    db.write(allowed.caller(), input, |tx, it| {
        Box::pin(async move {
            tx.queue(
                store::insert(it.id, &it.code, &it.name, it.needs_device, it.secure),
                Expect::unique(Error::CodeTaken(it.code.clone())),
            );
            tx.touch(it.id);
            let new = json!({
                "code": it.code, "name": it.name, "needsDevice": it.needs_device, "secure": it.secure,
            });
            Ok(tx.done(it.id, Event::new("platform.added", it.id).new_value(new)))
        })
    })
    .await
}
