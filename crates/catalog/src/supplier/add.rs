use super::store;
use crate::Error;
use crate::error::{filled, optional};
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::SupplierId;
use regie_core::name::folded;
use regie_db::{Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct AddSupplier {
    pub id: SupplierId,
    pub code: String,
    pub name: String,
    pub mail: Option<String>,
    /// The last day of its certificate.
    pub certified_until: Option<Date>,
}

impl AddSupplier {
    pub(super) fn checked(self) -> Result<Self, Error> {
        Ok(Self {
            code: filled("code", &self.code, 20)?,
            name: filled("name", &self.name, 120)?,
            mail: optional("mail", self.mail.as_deref(), 254)?,
            ..self
        })
    }

    pub(super) fn search(&self) -> String {
        folded(&format!("{} {}", self.name, self.code))
    }

    pub(super) fn shown(&self) -> serde_json::Value {
        json!({
            "code": self.code, "name": self.name, "mail": self.mail, "certifiedUntil": self.certified_until,
        })
    }
}

pub async fn add(db: &Db, caller: &Caller, input: AddSupplier) -> Result<SupplierId, Error> {
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, Action::EditTests).await?;
    let input = input.checked()?;
    db.write(allowed.caller(), input, |tx, it| {
        Box::pin(async move {
            tx.queue(
                store::insert(
                    it.id,
                    &it.code,
                    &it.name,
                    it.mail.as_deref(),
                    it.certified_until,
                    &it.search(),
                ),
                Expect::unique(Error::CodeTaken(it.code.clone())),
            );
            tx.touch(it.id);
            Ok(tx.done(it.id, Event::new("supplier.added", it.id).new_value(it.shown())))
        })
    })
    .await
}
