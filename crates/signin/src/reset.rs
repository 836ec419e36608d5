//! A new password by mail. The answer to the asker is always the same, whether or not the account exists.

use crate::account::about;
use crate::letter::{Change, letter};
use crate::{Error, Passwords, Token, mail_of, store};
use jiff::SignedDuration;
use regie_access::Db;
use regie_core::id::InstitutionId;
use regie_core::setting::RESET_HOURS;
use regie_core::{Caller, Clock, Random};
use regie_db::{Ask, Event, Expect, Outgoing};
use serde_json::json;
use std::sync::Arc;

/// Puts a mail with a link in the outbox, if there is somebody to send it to.
pub async fn request_reset(db: &Db, clock: &dyn Clock, random: &dyn Random, mail: &str) -> Result<(), Error> {
    let now = clock.now();
    let mut reader = db.reader(InstitutionId::NIL);
    let Some(account) = reader.opt(store::account_by_mail(&mail_of(mail))).await? else { return Ok(()) };
    if account.password.is_none() {
        // Only a federation signs this account in; a password would be a second way in that nobody asked for.
        return Ok(());
    }
    let Some(place) = reader.opt(store::places(account.id)).await? else { return Ok(()) };
    let token = Token::new(random);
    let hours = regie_access::setting(&mut db.reader(place.at_institution), &RESET_HOURS).await?;
    let ends = now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(now);
    let caller = Caller { account: Some(account.id), ..Caller::system(place.at_institution, now) };
    // The mail's payload is the one place where the secret is kept, until the mail has left.
    let payload =
        json!({ "template": "password-reset", "to": account.mail, "token": token.secret(), "hours": hours });
    db.write(&caller, (token.hash(), account.id, place.at_person, ends, payload), |tx, input| {
        Box::pin(async move {
            let (hash, account, person, ends, payload) = input;
            tx.queue(store::add_one_time(&hash, "reset", Some(account), None, None, ends), Expect::any());
            tx.send(Outgoing::new("mail.send", 1, person, payload));
            Ok(tx.done((), Event::new("account.reset-asked", person)))
        })
    })
    .await
}

/// Sets the new password; every browser of the account is signed out.
pub async fn reset(
    db: &Db,
    passwords: &Passwords,
    random: &Arc<dyn Random>,
    token: &Token,
    password: &str,
) -> Result<(), Error> {
    let mut reader = db.reader(InstitutionId::NIL);
    let hash = token.hash();
    let link = reader.opt(store::one_time(&hash, "reset")).await?.ok_or(Error::LinkExpired)?;
    if link.ends_at <= db.now() {
        return Err(Error::LinkExpired);
    }
    let account = link.account.ok_or(Error::LinkExpired)?;
    let known = reader.opt(store::account_by_id(account)).await?.ok_or(Error::LinkExpired)?;
    let place = reader.opt(store::places(account)).await?.ok_or(Error::LinkExpired)?;
    let named = db.reader(place.at_institution).opt(store::person(place.at_person)).await?;
    let sound = Passwords::check(password, &about(&known.mail, named.as_ref()))?;
    let kept = passwords.hash(&sound, random).await?;
    let mail = letter(&known.mail, place.at_person, Change::Password);
    let caller = Caller { account: Some(account), ..Caller::system(place.at_institution, db.now()) };
    let values = (hash, account, place.at_person, kept, mail);
    db.write(&caller, values, |tx, (hash, account, person, kept, mail)| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(store::use_one_time(&hash, now), Expect::one(Error::LinkExpired));
            tx.queue(store::set_password(account, &kept), Expect::any());
            tx.queue(store::end_all(account, now), Expect::any());
            tx.queue(store::end_links(account, "reset", now), Expect::any());
            mail.into_iter().for_each(|mail| tx.send(mail));
            Ok(tx.done((), Event::new("account.password-set", person)))
        })
    })
    .await
}
