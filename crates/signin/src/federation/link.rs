//! Whose account it is: known by issuer and subject, or found once by what the school says identifies its people.

use super::mapping::By;
use super::provider::Provider;
use super::store;
use crate::letter::NO_MAIL;
use crate::store::{account_of, add_account, add_place, person as named};
use crate::{Error, With, mail_of};
use jiff::{SignedDuration, Timestamp};
use regie_access::Db;
use regie_core::clock::new_id;
use regie_core::id::{AccountId, Id as _, IdentityProviderId, InstitutionId, PersonId};
use regie_core::{Caller, Clock, Random};
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
        return Err(Error::PersonUnknown(unknown(with, provider, subject, now).await?));
    };
    let caller = Caller { person: Some(person), ..Caller::system(provider.institution, now) };
    let attach = Attach { provider: provider.id, subject: subject.to_owned(), person, by: by.code() };
    attach.write(with.db, with.clock, with.random, caller).await
}

/// One identity at a provider becomes a way in for one person.
#[derive(Clone)]
pub(super) struct Attach {
    pub provider: IdentityProviderId,
    pub subject: String,
    pub person: PersonId,
    /// By which claim, never what it said; or `hand`.
    pub by: &'static str,
}

impl Attach {
    pub async fn write(
        self,
        db: &Db,
        clock: &dyn Clock,
        random: &dyn Random,
        caller: Caller,
    ) -> Result<AccountId, Error> {
        let mut above = db.reader(InstitutionId::NIL);
        let account = above.opt(account_of(caller.institution, self.person)).await?.map(|account| account.id);
        let fresh: AccountId = new_id(clock, random);
        let wanted =
            db.reader(caller.institution).opt(named(self.person)).await?.and_then(|named| named.mail);
        let taken = match &wanted {
            Some(mail) => above.opt(crate::store::account_by_mail(&mail_of(mail))).await?.is_some(),
            None => true,
        };
        // An account needs a name of its own; no mail is ever sent to this one.
        let mail = match wanted {
            Some(mail) if !taken => mail_of(&mail),
            _ => format!("{}{NO_MAIL}", fresh.uuid()),
        };
        let caller = Caller { account: caller.account.or(account).or(Some(fresh)), ..caller };
        db.write(&caller, (self, account, fresh, mail), |tx, (it, account, fresh, mail)| {
            Box::pin(async move {
                let (now, institution) = (tx.recorded_at(), tx.institution());
                if account.is_none() {
                    tx.queue(add_account(fresh, &mail, None, now), Expect::unique(Error::MailTaken));
                    tx.queue(add_place(fresh, institution, it.person), Expect::unique(Error::PersonTaken));
                }
                let account = account.unwrap_or(fresh);
                tx.queue(store::waited(it.provider, &it.subject), Expect::any());
                tx.queue(
                    store::link(it.provider, &it.subject, account, it.by, now),
                    Expect::unique(Error::AlreadyLinked),
                );
                let new = json!({ "account": account, "provider": it.provider, "by": it.by });
                Ok(tx.done(account, Event::new("account.linked", it.person).new_value(new)))
            })
        })
        .await
    }
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

/// How long somebody unknown may wait to be linked by hand.
const WAITING: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Notes that somebody came whom nobody here is; the code by which an administrator can say who it is.
async fn unknown(
    with: &With<'_>,
    provider: &Provider,
    subject: &str,
    now: Timestamp,
) -> Result<String, Error> {
    let caller = Caller::system(provider.institution, now);
    let mut bits = [0; 5];
    with.random.fill(&mut bits);
    let code = crate::factor::base32(&bits);
    let values = (provider.id, subject.to_owned(), code);
    let code: String = with
        .db
        .write::<_, Error, _, _>(&caller, values, |tx, (id, subject, code)| {
            Box::pin(async move {
                let now = tx.recorded_at();
                tx.queue(store::forget_waiting(now), Expect::any());
                let ends = now.checked_add(WAITING).unwrap_or(now);
                tx.queue(store::wait(id, &subject, &code, ends), Expect::any());
                let kept = tx.opt(store::code_of(id, &subject)).await?;
                Ok(tx.done(kept.map_or(code, |(code,)| code), Event::new("provider.person-unknown", id)))
            })
        })
        .await?;
    let (front, back) = code.split_at_checked(4).unwrap_or((&code, ""));
    Ok(format!("{front}-{back}"))
}
