//! Another password, by who is signed in and knows the present one.

use crate::account::about;
use crate::begin::failed;
use crate::letter::{Change, letter};
use crate::{Current, Error, Passwords, With, store};
use regie_core::Random;
use regie_core::id::{Id as _, InstitutionId, PersonId};
use regie_db::{Ask, Event, Expect};
use std::sync::Arc;

/// Whether this account has a password at all: who always comes through a provider has none.
pub async fn has_password(db: &regie_access::Db, current: &Current) -> Result<bool, Error> {
    let account = db.reader(InstitutionId::NIL).opt(store::account_by_id(current.account)).await?;
    Ok(account.is_some_and(|account| account.password.is_some()))
}

/// Sets it. Every other browser is signed out, links for a new password that are on their way end, and the person is told.
/// A wrong present password counts as one at the sign-in page: somebody at an open screen gets no more tries than there.
pub async fn change_password(
    with: With<'_>,
    random: &Arc<dyn Random>,
    current: &Current,
    present: &str,
    password: &str,
) -> Result<(), Error> {
    let now = with.clock.now();
    let account = with.db.reader(InstitutionId::NIL).opt(store::account_by_id(current.account)).await?;
    let account = account.ok_or(Error::LinkExpired)?;
    let kept = account.password.clone().ok_or(Error::PasswordElsewhere)?;
    if let Some(until) = account.locked_until.filter(|until| *until > now) {
        return Err(Error::Locked { minutes: (until.as_second() - now.as_second()) / 60 + 1 });
    }
    if !with.passwords.verify(present, Some(kept)).await? {
        let policy = with.policy.of_account(with.db, account.id).await?;
        failed(&With { policy: &policy, ..with }, &account, now).await?;
        return Err(Error::PasswordPresent);
    }
    if present == password {
        return Err(Error::PasswordSame);
    }
    let person = current.caller.person.unwrap_or(PersonId::NIL);
    let home = current.hat().map_or(current.caller.institution, |hat| hat.home);
    let named = with.db.reader(home).opt(store::person(person)).await?;
    let sound = Passwords::check(password, &about(&account.mail, named.as_ref()))?;
    let hash = with.passwords.hash(&sound, random).await?;
    let values = (account.id, current.sign_in, hash, letter(&account.mail, person, Change::Password), person);
    with.db
        .write(&current.caller, values, |tx, (account, sign_in, hash, mail, person)| {
            Box::pin(async move {
                let now = tx.recorded_at();
                tx.queue(store::set_password(account, &hash), Expect::any());
                tx.queue(store::end_others(account, sign_in, now), Expect::any());
                tx.queue(store::end_links(account, "reset", now), Expect::any());
                mail.into_iter().for_each(|mail| tx.send(mail));
                let event = match person.uuid().is_nil() {
                    true => Event::new("account.password-set", account),
                    false => Event::new("account.password-set", person),
                };
                Ok(tx.done((), event))
            })
        })
        .await
}
