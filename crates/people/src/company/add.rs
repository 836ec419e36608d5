use super::store;
use crate::Error;
use crate::error::{filled, mail, optional};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::CompanyId;
use regie_core::name::folded;
use regie_db::{Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct AddCompany {
    pub id: CompanyId,
    pub name: String,
    /// The code under which it is recognised as a place to learn.
    pub code: Option<String>,
    pub city: Option<String>,
    pub mail: Option<String>,
    pub phone: Option<String>,
}

impl AddCompany {
    pub(super) fn checked(self) -> Result<Self, Error> {
        Ok(Self {
            id: self.id,
            name: filled("name", &self.name, 160)?,
            code: optional("code", self.code.as_deref(), 30)?,
            city: optional("city", self.city.as_deref(), 80)?,
            mail: mail(self.mail.as_deref())?,
            phone: optional("phone", self.phone.as_deref(), 30)?,
        })
    }

    pub(super) fn search(&self) -> String {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        folded(&format!("{} {} {}", self.name, text(&self.code), text(&self.city)))
    }

    pub(super) fn shown(&self) -> serde_json::Value {
        json!({
            "name": self.name, "code": self.code, "city": self.city, "mail": self.mail, "phone": self.phone,
        })
    }
}

pub async fn add(db: &Db, caller: &Caller, input: AddCompany) -> Result<CompanyId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditOrganisation).await?;
    let input = input.checked()?;
    db.write(allowed.caller(), input, |tx, company| {
        Box::pin(async move {
            tx.queue(
                store::insert(
                    company.id,
                    &company.name,
                    company.code.as_deref(),
                    company.city.as_deref(),
                    company.mail.as_deref(),
                    company.phone.as_deref(),
                    &company.search(),
                ),
                Expect::unique(Error::CodeTaken(company.code.clone().unwrap_or_default())),
            );
            Ok(tx.done(company.id, Event::new("company.added", company.id).new_value(company.shown())))
        })
    })
    .await
}
