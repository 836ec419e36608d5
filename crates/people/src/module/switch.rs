use super::{Module, store};
use crate::Error;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::UnitId;
use regie_db::{Event, Expect};
use serde_json::json;

/// On from a day for a unit and all below it, or off.
#[derive(Debug, Clone)]
pub struct Switch {
    pub module: Module,
    pub unit: UnitId,
    /// `None` switches it off.
    pub begins: Option<Date>,
}

pub async fn switch(db: &Db, caller: &Caller, input: Switch) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::unit(&mut reader, caller, Action::ActivateModules, input.unit).await?;
    db.write(allowed.caller(), input, |tx, Switch { module, unit, begins }| {
        Box::pin(async move {
            let event = match begins {
                Some(begins) => {
                    tx.queue(store::activate(module, unit, begins), Expect::unique(Error::ChangedMeanwhile));
                    Event::new("module.activated", unit)
                        .new_value(json!({ "module": module.code(), "begins": begins }))
                }
                None => {
                    tx.queue(store::deactivate(module, unit), Expect::one(Error::ChangedMeanwhile));
                    Event::new("module.deactivated", unit).old(json!({ "module": module.code() }))
                }
            };
            Ok(tx.done((), event))
        })
    })
    .await
}
