//! The authorisation server: client credentials for bearer tokens, each client bound to a role and an institution.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;

use super::Caller;
use crate::exchange::{Role, Scope};
use crate::outside::Outside;

/// A system that may ask for tokens.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// The SHA-256 of its secret.
    secret: [u8; 32],
    /// What it is to us.
    pub role: Role,
    /// On whose behalf it speaks.
    pub institution: String,
    /// What it may ask for.
    pub scopes: Vec<Scope>,
}

impl Client {
    /// A client with a secret, of which only the hash is kept.
    #[must_use]
    pub fn new(id: &str, secret: &str, role: Role, institution: &str, scopes: &[Scope]) -> Self {
        Self {
            id: id.to_owned(),
            secret: hash(secret),
            role,
            institution: institution.to_owned(),
            scopes: scopes.to_vec(),
        }
    }
}

struct Grant {
    caller: Caller,
    ends: Timestamp,
}

/// Hands out tokens and knows them again.
pub struct Authority {
    clients: Mutex<HashMap<String, Client>>,
    grants: Mutex<HashMap<[u8; 32], Grant>>,
    outside: Outside,
    lifetime: SignedDuration,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

/// No client needs more tokens at once; the oldest go first.
const MOST_GRANTS: usize = 10_000;

impl Authority {
    /// An authority for these clients; tokens live an hour.
    #[must_use]
    pub fn new(clients: Vec<Client>, outside: Outside) -> Self {
        Self::with_lifetime(clients, outside, SignedDuration::from_hours(1))
    }

    /// An authority whose tokens live as long as said.
    #[must_use]
    pub fn with_lifetime(clients: Vec<Client>, outside: Outside, lifetime: SignedDuration) -> Self {
        let clients = clients.into_iter().map(|client| (client.id.clone(), client)).collect();
        Self { clients: Mutex::new(clients), grants: Mutex::default(), outside, lifetime }
    }

    /// The caller behind a bearer token, while it is valid.
    #[must_use]
    pub fn caller(&self, token: &str) -> Option<Caller> {
        let grants = self.grants.lock().unwrap_or_else(PoisonError::into_inner);
        let grant = grants.get(&hash(token))?;
        (grant.ends > self.outside.now()).then(|| grant.caller.clone())
    }

    /// A token of the first institution's most trusted client: for parties that are broken on purpose.
    pub(crate) fn open_door(&self, server: Role) -> String {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known: Vec<_> = clients.values().filter(|client| client.role != server).cloned().collect();
        drop(clients);
        known.sort_by_key(|client| {
            let elsewhere = client.institution != crate::simulate::data::SCHOOL;
            // Of several clients of one role the one that may do most: a door is not open by half.
            (elsewhere, client.role != Role::Tpl, std::cmp::Reverse(client.scopes.len()), client.id.clone())
        });
        let Some(client) = known.first() else { return String::new() };
        let token = self.outside.secret();
        let caller = Caller {
            client: client.id.clone(),
            role: client.role,
            institution: client.institution.clone(),
            scopes: client.scopes.clone(),
        };
        let now = self.outside.now();
        let ends = now.saturating_add(self.lifetime).unwrap_or(now);
        self.grants
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(hash(&token), Grant { caller, ends });
        token
    }

    /// Forgets every token, as after a restart.
    pub fn forget_all(&self) {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The token endpoint, at `/token`.
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new().route("/token", post(token)).with_state(Arc::clone(self))
    }

    /// A token for a client, if the secret is right and it may ask for every scope.
    fn grant(&self, id: &str, secret: &str, scope: Option<&str>) -> Result<(String, Vec<Scope>), Denied> {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let client = clients.get(id);
        // The hash is compared also for an unknown client, so that both take as long.
        let given = hash(secret);
        let is_right = client.is_some_and(|client| same(&client.secret, &given));
        let client = client.filter(|_| is_right).ok_or(Denied::Client)?;
        let scopes = match scope.map(str::trim).filter(|scope| !scope.is_empty()) {
            None => client.scopes.clone(),
            Some(asked) => {
                let asked: Option<Vec<_>> = asked.split_whitespace().map(Scope::from_name).collect();
                let asked = asked.ok_or(Denied::Scope)?;
                if asked.iter().any(|scope| !client.scopes.contains(scope)) {
                    return Err(Denied::Scope);
                }
                asked
            }
        };
        let caller = Caller {
            client: client.id.clone(),
            role: client.role,
            institution: client.institution.clone(),
            scopes: scopes.clone(),
        };
        drop(clients);
        let now = self.outside.now();
        let ends = now.saturating_add(self.lifetime).unwrap_or(now);
        let token = self.outside.secret();
        let mut grants = self.grants.lock().unwrap_or_else(PoisonError::into_inner);
        grants.retain(|_, grant| grant.ends > now);
        if grants.len() >= MOST_GRANTS
            && let Some(oldest) = grants.iter().min_by_key(|(_, grant)| grant.ends).map(|(key, _)| *key)
        {
            grants.remove(&oldest);
        }
        grants.insert(hash(&token), Grant { caller, ends });
        Ok((token, scopes))
    }
}

enum Denied {
    Request(&'static str),
    Client,
    Scope,
    GrantType,
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let (status, error, text) = match self {
            Self::Request(text) => (StatusCode::BAD_REQUEST, "invalid_request", text),
            Self::Client => (StatusCode::UNAUTHORIZED, "invalid_client", "Unknown client or wrong secret."),
            Self::Scope => {
                (StatusCode::BAD_REQUEST, "invalid_scope", "This client may not ask for this scope.")
            }
            Self::GrantType => {
                (StatusCode::BAD_REQUEST, "unsupported_grant_type", "Only client_credentials is served.")
            }
        };
        let mut response =
            (status, Json(json!({ "error": error, "error_description": text }))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic"));
        }
        response
    }
}

async fn token(State(authority): State<Arc<Authority>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, 16 * 1024).await else {
        return Denied::Request("The form is larger than 16 kB.").into_response();
    };
    match answer(&authority, &head.headers, &body) {
        Ok(response) => response,
        Err(denied) => denied.into_response(),
    }
}

fn answer(authority: &Authority, headers: &HeaderMap, body: &[u8]) -> Result<Response, Denied> {
    let form: Vec<(String, String)> = form_pairs(body).ok_or(Denied::Request("Send a form."))?;
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    match field("grant_type") {
        Some("client_credentials") => {}
        Some(_) => return Err(Denied::GrantType),
        None => return Err(Denied::Request("grant_type is missing.")),
    }
    let (id, secret) = match basic(headers) {
        Some(pair) => pair,
        None => match (field("client_id"), field("client_secret")) {
            (Some(id), Some(secret)) => (id.to_owned(), secret.to_owned()),
            _ => return Err(Denied::Client),
        },
    };
    let (token, scopes) = authority.grant(&id, &secret, field("scope"))?;
    let scope = scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" ");
    let mut response = Json(json!({
        "access_token": token, "token_type": "Bearer",
        "expires_in": authority.lifetime.as_secs(), "scope": scope,
    }))
    .into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn form_pairs(body: &[u8]) -> Option<Vec<(String, String)>> {
    let text = std::str::from_utf8(body).ok()?;
    let uri: axum::http::Uri = format!("/?{}", text.trim()).parse().ok()?;
    axum::extract::Query::try_from_uri(&uri).ok().map(|query| query.0)
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let text = text.strip_prefix("Basic ").or_else(|| text.strip_prefix("basic "))?;
    let decoded = String::from_utf8(BASE64_STANDARD.decode(text.trim()).ok()?).ok()?;
    decoded.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned()))
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Compares two hashes without telling by time where they differ.
fn same(one: &[u8; 32], other: &[u8; 32]) -> bool {
    one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}
