//! Linking by hand: for who came in through a provider and was not found, because the claims do not say who it is or say
//! it otherwise than the school's records do.

use super::link::Attach;
use super::store::{self, Linked};
use crate::store::account_of;
use crate::{Error, With};
use regie_access::{Action, Db, Refusal};
use regie_core::Caller;
use regie_core::id::{IdentityProviderId, InstitutionId, PersonId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// Through which providers of the caller's institution this person comes in.
pub async fn links(db: &Db, caller: &Caller, person: PersonId) -> Result<Vec<Linked>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::person(&mut reader, caller, Action::ManageAccounts, person).await?;
    let mut above = db.reader(InstitutionId::NIL);
    match above.opt(account_of(caller.institution, person)).await? {
        Some(account) => Ok(above.all(store::links(account.id, caller.institution)).await?),
        None => Ok(Vec::new()),
    }
}

/// Whoever was told this code is this person. One identity per provider: a second one would be somebody else's.
pub async fn link_by_hand(
    with: With<'_>,
    caller: &Caller,
    person: PersonId,
    code: &str,
) -> Result<(), Error> {
    let mut reader = with.db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::ManageAccounts, person).await?;
    let known = reader.opt(crate::store::person(person)).await?.filter(|named| named.state == "active");
    known.ok_or(Refusal::NotFound { kind: "person" })?;
    let code: String =
        code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let mut above = with.db.reader(InstitutionId::NIL);
    let waiting = above
        .opt(store::waiting(&code, caller.institution))
        .await?
        .filter(|waiting| waiting.ends_at > with.clock.now())
        .ok_or(Error::CodeUnknown)?;
    if let Some(account) = above.opt(account_of(caller.institution, person)).await? {
        let links = above.all(store::links(account.id, caller.institution)).await?;
        if links.iter().any(|link| link.provider == waiting.provider) {
            return Err(Error::AlreadyLinked);
        }
    }
    let attach = Attach { provider: waiting.provider, subject: waiting.subject, person, by: "hand" };
    attach.write(with.db, with.clock, with.random, allowed.caller().clone()).await.map(drop)
}

/// The way in through this provider ends, and so does every browser that is signed in; for who was linked wrongly, or
/// whom the provider calls differently now.
pub async fn unlink(
    db: &Db,
    caller: &Caller,
    person: PersonId,
    provider: IdentityProviderId,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::ManageAccounts, person).await?;
    let account = db.reader(InstitutionId::NIL).opt(account_of(caller.institution, person)).await?;
    let account = account.ok_or(Refusal::NotFound { kind: "account" })?.id;
    db.write(allowed.caller(), (account, person, provider), |tx, (account, person, provider)| {
        Box::pin(async move {
            let (now, institution) = (tx.recorded_at(), tx.institution());
            // More than one of the same provider is possible for who was linked before this was refused.
            let gone = tx.run(store::unlink(provider, account, institution)).await?;
            if gone == 0 {
                return Err(Error::ProviderUnknown);
            }
            tx.queue(crate::store::end_all(account, now), Expect::any());
            let old = json!({ "provider": provider });
            Ok(tx.done((), Event::new("account.unlinked", person).old(old)))
        })
    })
    .await
}
