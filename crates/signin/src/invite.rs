//! Invitations: a person without an account (a company's assessor) gets a link that works once.

use crate::account::about;
use crate::{Error, Passwords, Token, mail_of, store};
use jiff::SignedDuration;
use regie_access::{Action, Allowed, Db, Refusal};
use regie_core::clock::new_id;
use regie_core::id::{AccountId, InstitutionId, PersonId};
use regie_core::setting::INVITATION_DAYS;
use regie_core::{Caller, Clock, Random};
use regie_db::{Ask, Event, Expect, Outgoing};
use serde_json::json;
use std::sync::Arc;

/// Mails a person of this institution a link to make an account.
pub async fn invite(
    db: &Db,
    caller: &Caller,
    clock: &dyn Clock,
    random: &dyn Random,
    person: PersonId,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::ManageAccounts, person).await?;
    send(db, allowed.caller(), clock, random, person).await
}

/// Mails the first people of an institution, on behalf of who runs the platform.
pub async fn invite_first(
    db: &Db,
    allowed: &Allowed<InstitutionId>,
    clock: &dyn Clock,
    random: &dyn Random,
    institution: InstitutionId,
    person: PersonId,
) -> Result<(), Error> {
    send(db, &Caller { institution, ..allowed.caller().clone() }, clock, random, person).await
}

async fn send(
    db: &Db,
    caller: &Caller,
    clock: &dyn Clock,
    random: &dyn Random,
    person: PersonId,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let named = reader.opt(store::person(person)).await?.ok_or(Refusal::NotFound { kind: "person" })?;
    let mail = named.mail.filter(|_| named.state == "active").ok_or(Refusal::NotFound { kind: "mail" })?;
    if db.reader(InstitutionId::NIL).opt(store::account_of(caller.institution, person)).await?.is_some() {
        return Err(Error::PersonTaken);
    }
    let token = Token::new(random);
    let now = clock.now();
    let days = regie_access::setting(&mut reader, &INVITATION_DAYS).await?;
    let ends = now.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(now);
    let inviter = match caller.person {
        Some(inviter) => reader.opt(store::person(inviter)).await?.map(|inviter| inviter.display_name),
        None => None,
    };
    let payload = json!({
        "template": "invitation", "to": mail, "name": named.display_name, "token": token.secret(), "days": days,
        "inviter": inviter,
    });
    db.write(caller, (token.hash(), person, ends, payload), |tx, (hash, person, ends, payload)| {
        Box::pin(async move {
            let institution = tx.institution();
            tx.queue(
                store::add_one_time(&hash, "invitation", None, Some(institution), Some(person), ends),
                Expect::any(),
            );
            tx.send(Outgoing::new("mail.send", 1, person, payload));
            Ok(tx.done((), Event::new("account.invited", person)))
        })
    })
    .await
}

/// For whom a link is: their name and mail address.
pub async fn invited(db: &Db, token: &Token) -> Result<(String, String), Error> {
    let link = db
        .reader(InstitutionId::NIL)
        .opt(store::one_time(&token.hash(), "invitation"))
        .await?
        .filter(|link| link.ends_at > db.now())
        .ok_or(Error::LinkExpired)?;
    let (institution, person) = link.at_institution.zip(link.at_person).ok_or(Error::LinkExpired)?;
    let named = db.reader(institution).opt(store::person(person)).await?.ok_or(Error::LinkExpired)?;
    Ok((named.display_name, named.mail.unwrap_or_default()))
}

/// Makes the account. Who has one already signs in with it and is joined by an administrator.
pub async fn accept(
    db: &Db,
    passwords: &Passwords,
    clock: &dyn Clock,
    random: &Arc<dyn Random>,
    token: &Token,
    password: &str,
) -> Result<AccountId, Error> {
    let hash = token.hash();
    let (_, mail) = invited(db, token).await?;
    let link = db
        .reader(InstitutionId::NIL)
        .opt(store::one_time(&hash, "invitation"))
        .await?
        .ok_or(Error::LinkExpired)?;
    let (institution, person) = link.at_institution.zip(link.at_person).ok_or(Error::LinkExpired)?;
    let named = db.reader(institution).opt(store::person(person)).await?;
    let sound = Passwords::check(password, &about(&mail, named.as_ref()))?;
    let kept = passwords.hash(&sound, random).await?;
    let account: AccountId = new_id(clock, &**random);
    let caller =
        Caller { account: Some(account), person: Some(person), ..Caller::system(institution, clock.now()) };
    let mail = mail_of(&mail);
    db.write(&caller, (hash, account, person, mail, kept), |tx, (hash, account, person, mail, kept)| {
        Box::pin(async move {
            let now = tx.recorded_at();
            let institution = tx.institution();
            tx.queue(store::use_one_time(&hash, now), Expect::one(Error::LinkExpired));
            tx.queue(store::add_account(account, &mail, Some(&kept), now), Expect::unique(Error::MailTaken));
            tx.queue(store::add_place(account, institution, person), Expect::unique(Error::PersonTaken));
            Ok(tx.done(
                account,
                Event::new("account.created", person).new_value(json!({ "account": account })),
            ))
        })
    })
    .await
}
