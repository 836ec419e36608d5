//! The sending half: delivers the finalised results of one sitting.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Delivery;

/// Where tokens come from. Edu-V asks for a signed JWT by a PKIoverheid key; whoever holds that key implements this.
pub trait TokenProvider: Send + Sync {
    /// A token with scope `eduv.result` for an organisation.
    fn token(&self, organisation: &str) -> impl Future<Output = Result<String, String>> + Send;
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Accepted. That is not yet: in the gradebook.
    Accepted,
    /// The same as what was accepted before: not sent again.
    Unchanged,
    /// The school has not activated us: for its application manager, not to be tried again.
    NotActivated,
    /// Refused for good, with the status and what was said.
    Parked(String, String),
    /// Try again later.
    Later(String),
}

/// A sender to one receiver.
#[derive(Debug)]
pub struct Sender<T> {
    http: reqwest::Client,
    base_url: String,
    tokens: T,
    /// By organisation and sitting.
    accepted: Mutex<HashMap<(String, String), [u8; 32]>>,
}

impl<T: TokenProvider> Sender<T> {
    /// A sender; `allow_http` is for receivers on this machine only.
    ///
    /// # Errors
    /// If no HTTP client can be made.
    pub fn new(base_url: &str, tokens: T, allow_http: bool) -> Result<Self, String> {
        let http = reqwest::Client::builder()
            .use_rustls_tls()
            .min_tls_version(reqwest::tls::Version::TLS_1_3)
            .https_only(!allow_http)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .build()
            .map_err(|error| format!("No HTTP client: {error}."))?;
        let base_url = base_url.trim_end_matches('/').to_owned();
        Ok(Self { http, base_url, tokens, accepted: Mutex::default() })
    }

    /// Delivers the latest state of one sitting; `subject` is the sitting, for knowing an identical delivery again.
    pub async fn deliver(&self, organisation: &str, subject: &str, delivery: &Delivery) -> Outcome {
        let body = delivery.write().to_string();
        let hash: [u8; 32] = Sha256::digest(body.as_bytes()).into();
        let key = (organisation.to_owned(), subject.to_owned());
        let is_known = {
            let accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
            accepted.get(&key) == Some(&hash)
        };
        if is_known {
            return Outcome::Unchanged;
        }
        let token = match self.tokens.token(organisation).await {
            Ok(token) => token,
            Err(reason) => return Outcome::Later(reason),
        };
        let sent = self
            .http
            .post(format!("{}/results", self.base_url))
            .bearer_auth(token)
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await;
        let answer = match sent {
            Ok(answer) => answer,
            Err(error) if error.is_timeout() => return Outcome::Later("no answer in time".to_owned()),
            Err(_) => return Outcome::Later("no connection".to_owned()),
        };
        let http = answer.status().as_u16();
        let said: Value = serde_json::from_slice(&beginning(answer).await).unwrap_or_default();
        // Whether version 2 still has this body is not public: read it if it is there, else go by the HTTP status.
        let code = said.get("status").and_then(Value::as_str).unwrap_or_default().to_owned();
        let text = said.get("statusMessage").and_then(Value::as_str).unwrap_or_default().to_owned();
        match http {
            200..=299 => {
                self.accepted.lock().unwrap_or_else(PoisonError::into_inner).insert(key, hash);
                Outcome::Accepted
            }
            403 if code.is_empty() || code == "0022" => Outcome::NotActivated,
            429 | 500..=599 => Outcome::Later(format!("status {http}")),
            _ => Outcome::Parked(if code.is_empty() { http.to_string() } else { code }, text),
        }
    }
}

/// The beginning of an answer: a status and a sentence are no larger.
async fn beginning(mut answer: reqwest::Response) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > 64 * 1024 {
            break;
        }
    }
    bytes
}
