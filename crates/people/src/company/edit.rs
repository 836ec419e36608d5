use super::{AddCompany, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{CompanyId, Id};
use regie_db::{Ask, Event, Expect};

/// A company as it should be. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct EditCompany {
    pub company: AddCompany,
    pub version: i64,
    pub active: bool,
}

pub async fn edit(db: &Db, caller: &Caller, input: EditCompany) -> Result<CompanyId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditOrganisation).await?;
    let input = EditCompany { company: input.company.checked()?, ..input };
    db.write(allowed.caller(), input, |tx, EditCompany { company, version, active }| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(company.id)).await?.ok_or(Error::NotFound(CompanyId::KIND))?;
            tx.queue(
                company.update(version, active),
                Expect::one(Error::ChangedMeanwhile)
                    .or_unique(Error::CodeTaken(company.code.clone().unwrap_or_default())),
            );
            let old = AddCompany {
                id: before.id,
                name: before.name,
                code: before.code,
                city: before.city,
                mail: before.mail,
                phone: before.phone,
            };
            let event = Event::new("company.edited", company.id)
                .old(crate::shown::with_active(old.shown(), before.active))
                .new_value(crate::shown::with_active(company.shown(), active));
            Ok(tx.done(company.id, event))
        })
    })
    .await
}
