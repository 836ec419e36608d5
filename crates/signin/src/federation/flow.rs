//! To the provider and back: authorization code with PKCE, state and nonce.
//!
//! The browser that leaves holds one random token; state, nonce and the PKCE verifier are derived from it, so only that
//! browser can come back, once, from the provider it was sent to.

use super::fetch::Federation;
use super::link::account_for;
use super::provider::{Provider, one};
use super::store;
use crate::begin::proved;
use crate::{Begun, Error, Token, With};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use regie_core::Caller;
use regie_core::id::{IdentityProviderId, InstitutionId};
use regie_db::{Ask, Event, Expect};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// How far the clocks of two machines may differ.
const SKEW: i64 = 120;
/// How long somebody may take to sign in elsewhere.
const AWAY: SignedDuration = SignedDuration::from_mins(15);

/// Where the browser goes, and what it keeps meanwhile.
#[derive(Debug)]
pub struct Leaving {
    pub address: String,
    /// For a cookie of this browser alone.
    pub token: Token,
}

/// What the browser brought back.
#[derive(Debug, Default, Clone)]
pub struct Returned {
    pub code: Option<String>,
    pub state: Option<String>,
    /// Who says it answers (RFC 9207).
    pub iss: Option<String>,
    pub error: Option<String>,
}

fn derived(token: &Token, what: &str) -> String {
    let hash = Sha256::new()
        .chain_update(b"regie federation ")
        .chain_update(what)
        .chain_update(b"\0")
        .chain_update(token.secret());
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// Sends a browser to a provider. `own` is where it comes back; `back` where it wanted to be.
pub async fn leave(
    with: With<'_>,
    federation: &Federation,
    provider: IdentityProviderId,
    own: &str,
    back: &str,
) -> Result<Leaving, Error> {
    let now = with.clock.now();
    let provider = one(with.db, provider).await?;
    let discovered = federation.discovered(&provider, now).await?;
    let token = Token::new(with.random);
    let ends = now.checked_add(AWAY).unwrap_or(now);
    let caller = Caller::system(provider.institution, now);
    let values = (token.hash(), provider.id, back.chars().take(500).collect::<String>(), ends);
    with.db
        .write::<(), Error, _, _>(&caller, values, |tx, (hash, provider, back, ends)| {
            Box::pin(async move {
                let now = tx.recorded_at();
                tx.queue(store::forget_steps(now), Expect::any());
                tx.queue(store::leave(&hash, provider, &back, ends), Expect::any());
                Ok(tx.done((), Event::none("nobody is known yet")))
            })
        })
        .await?;
    let verifier = derived(&token, "verifier");
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", &provider.client)
        .append_pair("redirect_uri", own)
        .append_pair("scope", "openid profile email")
        .append_pair("state", &derived(&token, "state"))
        .append_pair("nonce", &derived(&token, "nonce"))
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256");
    if !provider.mapping.strong.is_empty() {
        query.append_pair("acr_values", &provider.mapping.strong.join(" "));
    }
    let endpoint = discovered.authorization_endpoint;
    let glue = if endpoint.contains('?') { '&' } else { '?' };
    Ok(Leaving { address: format!("{endpoint}{glue}{}", query.finish()), token })
}

/// Lets a browser in that comes back, and says where it wanted to be.
pub async fn come_back(
    with: With<'_>,
    federation: &Federation,
    provider: IdentityProviderId,
    own: &str,
    token: &Token,
    returned: Returned,
) -> Result<(Begun, String), Error> {
    let now = with.clock.now();
    let hash = token.hash();
    let step = with.db.reader(InstitutionId::NIL).opt(store::step(&hash)).await?.ok_or(Error::LinkExpired)?;
    if step.ends_at <= now || step.provider != provider {
        return Err(Error::LinkExpired);
    }
    if returned.state.as_deref() != Some(derived(token, "state").as_str()) {
        return Err(Error::FederationFailed("state"));
    }
    let provider = one(with.db, provider).await?;
    // From here on this way back is spent, whatever comes of it.
    let caller = Caller::system(provider.institution, now);
    with.db
        .write::<(), Error, _, _>(&caller, hash, |tx, hash| {
            Box::pin(async move {
                let now = tx.recorded_at();
                tx.queue(store::use_step(&hash, now), Expect::one(Error::LinkExpired));
                Ok(tx.done((), Event::none("nobody is known yet")))
            })
        })
        .await?;
    let outcome = claims_of(&with, federation, &provider, own, token, returned, now).await;
    if let Err(Error::FederationFailed(why)) = &outcome {
        refused(&with, &provider, why, now).await?;
    }
    let claims = outcome?;
    let account = account_for(&with, &provider, &claims, now).await?;
    let strong = provider.mapping.is_strong(&claims);
    Ok((proved(&with, account, Some(provider.institution), strong, now).await?, step.back))
}

async fn claims_of(
    with: &With<'_>,
    federation: &Federation,
    provider: &Provider,
    own: &str,
    token: &Token,
    returned: Returned,
    now: Timestamp,
) -> Result<Value, Error> {
    let discovered = federation.discovered(provider, now).await?;
    match &returned.iss {
        Some(iss) if *iss != provider.issuer => return Err(Error::FederationFailed("mix-up")),
        None if discovered.authorization_response_iss_parameter_supported => {
            return Err(Error::FederationFailed("mix-up"));
        }
        _ => {}
    }
    if returned.error.is_some() {
        return Err(Error::FederationFailed("refused"));
    }
    let code = returned.code.ok_or(Error::FederationFailed("code"))?;
    let verifier = derived(token, "verifier");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", own),
        ("code_verifier", verifier.as_str()),
    ];
    let vault = with.passwords.vault();
    let tokens = federation.redeem(provider, vault, &discovered.token_endpoint, &form).await?;
    let mut claims = federation.claims(provider, &tokens.id_token, now).await?;
    judged(&claims, provider, now)?;
    if claims.get("nonce").and_then(Value::as_str) != Some(derived(token, "nonce").as_str()) {
        return Err(Error::FederationFailed("nonce"));
    }
    if let (Some(endpoint), Some(access)) = (&discovered.userinfo_endpoint, &tokens.access_token) {
        let more = federation.userinfo(endpoint, access).await?;
        if more.get("sub") != claims.get("sub") {
            return Err(Error::FederationFailed("subject"));
        }
        if let (Value::Object(claims), Value::Object(more)) = (&mut claims, more) {
            for (name, value) in more {
                // What was signed wins over what was not.
                claims.entry(name).or_insert(value);
            }
        }
    }
    Ok(claims)
}

/// Issuer, audience, subject and times of a signed message.
pub(super) fn judged(claims: &Value, provider: &Provider, now: Timestamp) -> Result<(), Error> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let time = |name: &str| claims.get(name).and_then(Value::as_f64);
    if text("iss") != Some(provider.issuer.as_str()) {
        return Err(Error::FederationFailed("issuer"));
    }
    let client = provider.client.as_str();
    let ours = match claims.get("aud") {
        Some(Value::String(one)) => one == client,
        Some(Value::Array(many)) => {
            many.iter().any(|one| one == client) && (many.len() == 1 || text("azp") == Some(client))
        }
        _ => false,
    };
    if !ours || text("azp").is_some_and(|azp| azp != client) {
        return Err(Error::FederationFailed("audience"));
    }
    #[allow(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
    let (now, skew) = (now.as_second() as f64, SKEW as f64);
    if time("exp").is_none_or(|ends| ends + skew <= now)
        || time("iat").is_none_or(|begins| begins - skew > now)
        || time("nbf").is_some_and(|begins| begins - skew > now)
    {
        return Err(Error::FederationFailed("time"));
    }
    if text("sub").is_none_or(|sub| sub.is_empty() || sub.len() > 255 || sub.chars().any(char::is_control)) {
        return Err(Error::FederationFailed("subject"));
    }
    Ok(())
}

/// What a provider sent that cannot be believed stands in the school's journal.
pub(super) async fn refused(
    with: &With<'_>,
    provider: &Provider,
    why: &'static str,
    now: Timestamp,
) -> Result<(), Error> {
    let caller = Caller::system(provider.institution, now);
    with.db
        .write(&caller, (provider.id, why), |tx, (id, why)| {
            Box::pin(async move {
                let new = serde_json::json!({ "rule": why });
                Ok(tx.done((), Event::new("provider.refused", id).new_value(new)))
            })
        })
        .await
}
