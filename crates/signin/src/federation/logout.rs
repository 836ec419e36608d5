//! The end of a sign-in: by us at the provider, and by the provider here.

use super::fetch::Federation;
use super::flow::{judged, refused};
use super::provider::{Provider, one};
use super::store;
use crate::{Error, With};
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::{AccountId, IdentityProviderId, InstitutionId};
use regie_db::{Ask, Event, Expect};
use serde_json::Value;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The providers through which this account came in: there one may still be signed in.
pub async fn of_account(db: &Db, account: AccountId) -> Result<Vec<Provider>, Error> {
    let rows = db.reader(InstitutionId::NIL).all(store::of_account(account)).await?;
    rows.into_iter().map(Provider::try_from).collect()
}

/// Where a browser signs out at the provider, if the provider has such a place.
pub async fn way_out(
    with: With<'_>,
    federation: &Federation,
    provider: IdentityProviderId,
    own: &str,
) -> Result<Option<String>, Error> {
    let provider = one(with.db, provider).await?;
    let discovered = federation.discovered(&provider, with.clock.now()).await?;
    Ok(discovered.end_session_endpoint.map(|endpoint| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("client_id", &provider.client).append_pair("post_logout_redirect_uri", own);
        let glue = if endpoint.contains('?') { '&' } else { '?' };
        format!("{endpoint}{glue}{}", query.finish())
    }))
}

/// A provider says that somebody signed out there (OpenID Connect Back-Channel Logout 1.0): every browser of that
/// account is signed out here.
pub async fn told_out(
    with: With<'_>,
    federation: &Federation,
    provider: IdentityProviderId,
    message: &str,
) -> Result<(), Error> {
    let now = with.clock.now();
    let provider = one(with.db, provider).await?;
    let outcome = believed(&with, federation, &provider, message).await;
    if let Err(Error::FederationFailed(why)) = &outcome {
        refused(&with, &provider, why, now).await?;
    }
    let (subject, id) = outcome?;
    let account = with.db.reader(InstitutionId::NIL).opt(store::linked(provider.id, &subject)).await?;
    let account = account.map(|(account,)| account);
    let ends = now.checked_add(jiff::SignedDuration::from_hours(1)).unwrap_or(now);
    let caller = Caller { account, ..Caller::system(provider.institution, now) };
    with.db
        .write(&caller, (provider.id, id, ends, account), |tx, (provider, id, ends, account)| {
            Box::pin(async move {
                let now = tx.recorded_at();
                tx.queue(store::forget_logouts(now), Expect::any());
                let twice = Error::FederationFailed("replayed");
                tx.queue(store::note_logout(provider, &id, ends), Expect::unique(twice));
                let Some(account) = account else {
                    return Ok(tx.done((), Event::none("nobody of ours was signed out")));
                };
                tx.queue(crate::store::end_all(account, now), Expect::any());
                Ok(tx.done((), Event::new("account.signed-out-elsewhere", account)))
            })
        })
        .await
}

/// The subject and the id of a message that says what it must.
async fn believed(
    with: &With<'_>,
    federation: &Federation,
    provider: &Provider,
    message: &str,
) -> Result<(String, String), Error> {
    let now = with.clock.now();
    let claims = federation.claims(provider, message, now).await?;
    judged(&claims, provider, now)?;
    let event = claims.get("events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object);
    // A message with a nonce is an id token that somebody tries as a logout.
    if !event || claims.get("nonce").is_some() {
        return Err(Error::FederationFailed("event"));
    }
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let id =
        text("jti").filter(|id| (1..=200).contains(&id.len())).ok_or(Error::FederationFailed("event"))?;
    Ok((text("sub").unwrap_or_default(), id))
}
