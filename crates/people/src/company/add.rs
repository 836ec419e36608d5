use super::store;
use crate::Error;
use crate::error::{filled, mail, optional};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::CompanyId;
use regie_core::name::folded;
use regie_db::{Event, Expect, Query};
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
    pub(crate) fn checked(self) -> Result<Self, Error> {
        Ok(Self {
            id: self.id,
            name: filled("name", &self.name, 160)?,
            code: optional("code", self.code.as_deref(), 30)?,
            city: optional("city", self.city.as_deref(), 80)?,
            mail: mail(self.mail.as_deref())?,
            phone: optional("phone", self.phone.as_deref(), 30)?,
        })
    }

    pub(crate) fn search(&self) -> String {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        folded(&format!("{} {} {}", self.name, text(&self.code), text(&self.city)))
    }

    pub(crate) fn insert(&self) -> Query<()> {
        store::insert(
            self.id,
            &self.name,
            self.code.as_deref(),
            self.city.as_deref(),
            self.mail.as_deref(),
            self.phone.as_deref(),
            &self.search(),
        )
    }

    /// Over the version that was shown.
    pub(crate) fn update(&self, version: i64, active: bool) -> Query<()> {
        store::update(
            self.id,
            version,
            &self.name,
            self.code.as_deref(),
            self.city.as_deref(),
            self.mail.as_deref(),
            self.phone.as_deref(),
            active,
            &self.search(),
        )
    }

    pub(crate) fn shown(&self) -> serde_json::Value {
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
                company.insert(),
                Expect::unique(Error::CodeTaken(company.code.clone().unwrap_or_default())),
            );
            Ok(tx.done(company.id, Event::new("company.added", company.id).new_value(company.shown())))
        })
    })
    .await
}
