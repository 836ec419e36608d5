//! What a provider says of itself, and its keys. Kept for a while; thrown away without harm.

use super::jose::{Fault, Jwk, verified};
use super::provider::{Provider, about, sound};
use crate::{Error, Vault};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use regie_core::id::IdentityProviderId;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a provider's discovery document says, as far as we use it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Discovered {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    pub userinfo_endpoint: Option<String>,
    pub end_session_endpoint: Option<String>,
    /// It promises to name itself in every answer (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

#[derive(Clone)]
struct Known {
    discovered: Discovered,
    keys: Vec<Jwk>,
    fetched_at: Timestamp,
}

/// The answer of the token endpoint.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub id_token: String,
    pub access_token: Option<String>,
}

/// How long a provider's document and keys are believed.
const BELIEVED: SignedDuration = SignedDuration::from_hours(6);
/// How soon they may be asked again because a key was unknown: nobody makes us ask all day.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);
const LARGEST: usize = 512 * 1024;

/// The line to the providers. Cheap to clone.
#[derive(Clone)]
pub struct Federation {
    http: reqwest::Client,
    known: Arc<Mutex<HashMap<IdentityProviderId, Known>>>,
}

impl Federation {
    pub fn new() -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .connect_timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("Regie")
            .build()
            .map_err(|error| regie_db::Error::Bug(error.to_string()))?;
        Ok(Self { http, known: Arc::default() })
    }

    pub(super) async fn discovered(&self, provider: &Provider, now: Timestamp) -> Result<Discovered, Error> {
        Ok(self.known(provider, now, BELIEVED).await?.discovered)
    }

    /// The claims of a message of this provider. An unknown key may be a new one: then its keys are asked anew.
    pub(super) async fn claims(
        &self,
        provider: &Provider,
        message: &str,
        now: Timestamp,
    ) -> Result<Value, Error> {
        let known = self.known(provider, now, BELIEVED).await?;
        let outcome = match verified(message, &known.keys) {
            Err(Fault::UnknownKey) => verified(message, &self.known(provider, now, AGAIN).await?.keys),
            outcome => outcome,
        };
        outcome.map_err(|fault| {
            Error::FederationFailed(match fault {
                Fault::Malformed => "malformed",
                Fault::Algorithm => "algorithm",
                Fault::UnknownKey => "unknown-key",
                Fault::Signature => "signature",
            })
        })
    }

    async fn known(
        &self,
        provider: &Provider,
        now: Timestamp,
        believed: SignedDuration,
    ) -> Result<Known, Error> {
        let kept = self.known.lock().ok().and_then(|known| known.get(&provider.id).cloned());
        if let Some(kept) = kept.filter(|kept| now.duration_since(kept.fetched_at) < believed) {
            return Ok(kept);
        }
        let address = format!("{}/.well-known/openid-configuration", provider.issuer.trim_end_matches('/'));
        let discovered: Discovered = self.read(self.http.get(address)).await?;
        if discovered.issuer != provider.issuer {
            return Err(Error::FederationFailed("issuer"));
        }
        let places = [
            Some(&discovered.authorization_endpoint),
            Some(&discovered.token_endpoint),
            Some(&discovered.jwks_uri),
            discovered.userinfo_endpoint.as_ref(),
            discovered.end_session_endpoint.as_ref(),
        ];
        if !places.into_iter().flatten().all(|place| sound(place)) {
            return Err(Error::FederationFailed("endpoint"));
        }
        let set: KeySet = self.read(self.http.get(&discovered.jwks_uri)).await?;
        // Kinds of keys that we do not know are no reason to refuse the others.
        let keys = set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect();
        let known = Known { discovered, keys, fetched_at: now };
        if let Ok(mut all) = self.known.lock() {
            all.insert(provider.id, known.clone());
        }
        Ok(known)
    }

    /// Trades the code for tokens.
    pub(super) async fn redeem(
        &self,
        provider: &Provider,
        vault: &Vault,
        endpoint: &str,
        form: &[(&str, &str)],
    ) -> Result<Tokens, Error> {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let mut pairs = form.to_vec();
        let mut request = self.http.post(endpoint);
        match &provider.secret {
            None => pairs.push(("client_id", &provider.client)),
            Some(sealed) => {
                let secret = String::from_utf8(vault.open(&about(provider.id), sealed)?)
                    .map_err(|_| Error::FederationFailed("secret"))?;
                let both = format!("{}:{}", encoded(&provider.client), encoded(&secret));
                request = request.header("authorization", format!("Basic {}", STANDARD.encode(both)));
            }
        }
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish());
        self.read(request).await
    }

    pub(super) async fn userinfo(&self, endpoint: &str, token: &str) -> Result<Value, Error> {
        let request = self.http.get(endpoint).header("authorization", format!("Bearer {token}"));
        self.read(request.header("accept", "application/json")).await
    }

    async fn read<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, Error> {
        let away = |error: reqwest::Error| {
            // Addresses hold no secrets here, but they are nobody's business.
            Error::FederationAway(error.without_url().to_string())
        };
        let mut answer = request.send().await.map_err(away)?;
        let status = answer.status();
        if status.is_server_error() {
            return Err(Error::FederationAway(status.to_string()));
        }
        if !status.is_success() {
            return Err(Error::FederationFailed("refused"));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(away)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LARGEST {
                return Err(Error::FederationFailed("too-large"));
            }
        }
        serde_json::from_slice(&bytes).map_err(|_| Error::FederationFailed("malformed"))
    }
}
