//! Whose account it is: known by issuer and subject, or found once by what the school says identifies its people.

use super::mapping::By;
use super::provider::Provider;
use super::store;
use crate::store::{account_of, add_account, add_place, person as named};
use crate::{Error, With, mail_of};
use jiff::Timestamp;
use regie_core::Caller;
use regie_core::clock::new_id;
use regie_core::id::{AccountId, Id as _, InstitutionId, PersonId};
use regie_db::{Ask, Event, Expect};
use serde_json::{Value, json};

pub(super) async fn account_for(
    with: &With<'_>,
    provider: &Provider,
    claims: &Value,
    now: Timestamp,
) -> Result<AccountId, Error> {
    let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
    // Who was linked before stays so, also when the provider calls them differently now.
    let known = with.db.reader(InstitutionId::NIL).opt(store::linked(provider.id, subject)).await?;
    if let Some((account,)) = known {
        return Ok(account);
    }
    if !provider.mapping.is_home(claims)? {
        return Err(Error::ForeignHome);
    }
    let Some((person, by)) = person(with, provider, claims).await? else {
        unknown(with, provider, now).await?;
        return Err(Error::PersonUnknown);
    };
    let mut above = with.db.reader(InstitutionId::NIL);
    let account = above.opt(account_of(provider.institution, person)).await?.map(|account| account.id);
    let fresh: AccountId = new_id(with.clock, with.random);
    let wanted = with.db.reader(provider.institution).opt(named(person)).await?.and_then(|named| named.mail);
    let taken = match &wanted {
        Some(mail) => above.opt(crate::store::account_by_mail(&mail_of(mail))).await?.is_some(),
        None => true,
    };
    // An account needs a name of its own; no mail is ever sent to this one.
    let mail = match wanted {
        Some(mail) if !taken => mail_of(&mail),
        _ => format!("{}@federated.invalid", fresh.uuid()),
    };
    let caller = Caller {
        account: Some(account.unwrap_or(fresh)),
        person: Some(person),
        ..Caller::system(provider.institution, now)
    };
    let values = (provider.id, subject.to_owned(), account, fresh, mail, person, by.code());
    with.db
        .write(&caller, values, |tx, (provider, subject, account, fresh, mail, person, by)| {
            Box::pin(async move {
                let (now, institution) = (tx.recorded_at(), tx.institution());
                if account.is_none() {
                    tx.queue(add_account(fresh, &mail, None, now), Expect::unique(Error::MailTaken));
                    tx.queue(add_place(fresh, institution, person), Expect::unique(Error::PersonTaken));
                }
                let account = account.unwrap_or(fresh);
                tx.queue(
                    store::link(provider, &subject, account, by, now),
                    Expect::unique(Error::FederationFailed("subject")),
                );
                // By which claim, never what it said.
                let new = json!({ "account": account, "provider": provider, "by": by });
                Ok(tx.done(account, Event::new("account.linked", person).new_value(new)))
            })
        })
        .await
}

/// The first link that names exactly one active person.
async fn person(
    with: &With<'_>,
    provider: &Provider,
    claims: &Value,
) -> Result<Option<(PersonId, By)>, Error> {
    let mut reader = with.db.reader(provider.institution);
    for (by, value) in provider.mapping.candidates(claims) {
        let found = match by {
            By::AccountId | By::EckId => reader.all(store::by_code(by.code(), &value)).await?,
            By::Number => reader.all(store::by_number(&value)).await?,
            By::Mail if claims.get("email_verified") == Some(&Value::Bool(false)) => continue,
            By::Mail => reader.all(store::by_mail(&mail_of(&value))).await?,
        };
        if let [(person,)] = found.as_slice() {
            return Ok(Some((*person, by)));
        }
    }
    Ok(None)
}

async fn unknown(with: &With<'_>, provider: &Provider, now: Timestamp) -> Result<(), Error> {
    let caller = Caller::system(provider.institution, now);
    with.db
        .write(&caller, provider.id, |tx, id| {
            Box::pin(async move { Ok(tx.done((), Event::new("provider.person-unknown", id))) })
        })
        .await
}
