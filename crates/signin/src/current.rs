//! The browser that asks: who it is, in which hat, and what else its owner has open.

use crate::hat::{Hat, Hats};
use crate::store::{self, Browser};
use crate::{Error, Token};
use jiff::{SignedDuration, Timestamp};
use regie_access::Db;
use regie_core::id::{AccountId, InstitutionId, RoleAssignmentId, SignInId};
use regie_core::{Caller, Clock, Role, Source};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Who is signed in, now.
#[derive(Debug, Clone)]
pub struct Current {
    pub sign_in: SignInId,
    pub account: AccountId,
    pub mail: String,
    pub name: String,
    pub caller: Caller,
    /// Signed in with a second factor.
    pub strong: bool,
    /// And that was a passkey that stays in one device and knew who held it.
    pub bound: bool,
    /// Staff, or any role beyond student and parent.
    pub staff: bool,
    pub begun_at: Timestamp,
    pub hats: Vec<Hat>,
}

impl Current {
    pub fn hat(&self) -> Option<&Hat> {
        self.hats.iter().find(|hat| hat.worn)
    }
}

/// How often a browser's last sign of life is written down.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// `None` when the token is unknown, ended, too old or idle too long: then nobody is signed in. An error when the only
/// institutions left for this account let nobody in.
pub async fn resolve(db: &Db, clock: &dyn Clock, token: &Token) -> Result<Option<Current>, Error> {
    let now = clock.now();
    let Some(browser) = db.reader(InstitutionId::NIL).opt(store::browser(&token.hash())).await? else {
        return Ok(None);
    };
    let idle = now.duration_since(browser.seen_at);
    if browser.ends_at <= now || idle > SignedDuration::from_mins(browser.idle_minutes) {
        return Ok(None);
    }
    let Hats { hats, closed } = Hats::of(db, browser.account, browser.at_role, now).await?;
    // A role may have ended while the browser was open: the next one is worn, or nobody is signed in.
    let Some(worn) = hats.iter().find(|hat| hat.worn).or(hats.first()).cloned() else {
        return closed.map_or(Ok(None), Err);
    };
    let name = db
        .reader(worn.home)
        .opt(store::person(worn.person))
        .await?
        .map_or_else(|| browser.mail.clone(), |person| person.display_name);
    let caller = Caller {
        account: Some(browser.account),
        person: Some(worn.person),
        role: Some(worn.role),
        assignment: Some(worn.id),
        scope: worn.scope,
        source: Source::Page,
        ..Caller::system(worn.institution, now)
    };
    if idle > SEEN_EVERY {
        let id = browser.id;
        db.write::<(), Error, _, _>(&caller, id, |tx, id| {
            Box::pin(async move {
                let now = tx.recorded_at();
                tx.queue(store::seen(id, now), Expect::any());
                Ok(tx.done((), Event::none("a sign of life is not an event")))
            })
        })
        .await?;
    }
    let hats = hats.into_iter().map(|hat| Hat { worn: hat.id == worn.id, ..hat }).collect::<Vec<_>>();
    let Browser { id, account, mail, strong, bound, begun_at, .. } = browser;
    let staff = hats.iter().any(|hat| !matches!(hat.role, Role::Student | Role::Parent));
    Ok(Some(Current { sign_in: id, account, mail, name, caller, strong, bound, staff, begun_at, hats }))
}

/// Acts in another role from now on.
pub async fn switch(db: &Db, current: &Current, hat: RoleAssignmentId) -> Result<(), Error> {
    let hat = current.hats.iter().find(|known| known.id == hat).ok_or(Error::NotYourHat)?.clone();
    let caller = Caller {
        institution: hat.institution,
        person: Some(hat.person),
        role: Some(hat.role),
        assignment: Some(hat.id),
        scope: hat.scope,
        ..current.caller.clone()
    };
    let old = current.hat().map(|worn| worn.role.code());
    db.write(&caller, (current.sign_in, hat, old), |tx, (sign_in, hat, old)| {
        Box::pin(async move {
            tx.queue(
                store::wear(sign_in, hat.institution, hat.person, hat.id),
                Expect::one(Error::LinkExpired),
            );
            let event = Event::new("account.role-switched", hat.person)
                .old(json!({ "role": old }))
                .new_value(json!({ "role": hat.role.code() }));
            Ok(tx.done((), event))
        })
    })
    .await
}

/// A signed-in browser, as its owner sees it.
#[derive(Debug, Clone)]
pub struct SignInLine {
    pub id: SignInId,
    pub agent: String,
    pub begun_at: Timestamp,
    pub seen_at: Timestamp,
    pub strong: bool,
    /// The one that asks.
    pub this: bool,
}

/// Everything this account has open.
pub async fn list(db: &Db, current: &Current) -> Result<Vec<SignInLine>, Error> {
    let now = db.now();
    let browsers = db.reader(InstitutionId::NIL).all(store::browsers(current.account)).await?;
    Ok(browsers
        .into_iter()
        .filter(|browser| {
            browser.ends_at > now
                && now.duration_since(browser.seen_at) <= SignedDuration::from_mins(browser.idle_minutes)
        })
        .map(|browser| SignInLine {
            this: browser.id == current.sign_in,
            id: browser.id,
            agent: browser.agent,
            begun_at: browser.begun_at,
            seen_at: browser.seen_at,
            strong: browser.strong,
        })
        .collect())
}

/// Signs this browser out.
pub async fn end(db: &Db, current: &Current) -> Result<(), Error> {
    end_one(db, current, current.sign_in).await
}

/// Signs one of the owner's browsers out.
pub async fn end_one(db: &Db, current: &Current, id: SignInId) -> Result<(), Error> {
    let (account, person) = (current.account, current.caller.person);
    db.write(&current.caller, (id, account, person), |tx, (id, account, person)| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(store::end_browser(id, account, now), Expect::one(Error::LinkExpired));
            let event = match person {
                Some(person) => Event::new("account.signed-out", person),
                None => Event::new("account.signed-out", account),
            };
            Ok(tx.done((), event.new_value(json!({ "signIn": id }))))
        })
    })
    .await
}

/// How many browsers are signed in, at all institutions together.
pub async fn count(db: &Db) -> Result<i64, regie_db::Error> {
    let (count,) = db.reader(InstitutionId::NIL).one(store::count_browsers(db.now())).await?;
    Ok(count)
}
