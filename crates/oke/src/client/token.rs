//! Tokens by client credentials, kept until shortly before they end.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Failure, Partner};

/// A token and when it is to be renewed.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) renew: Timestamp,
}

/// Asks the partner's token endpoint for a token.
pub(super) async fn fetch(
    http: &reqwest::Client,
    partner: &Partner,
    url: &str,
    now: Timestamp,
) -> Result<Token, Failure> {
    let mut form = vec![("grant_type", "client_credentials".to_owned())];
    if !partner.scopes.is_empty() && !partner.quirks.no_scope_parameter {
        form.push(("scope", partner.scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" ")));
    }
    let mut request = http.post(url);
    if partner.quirks.credentials_in_form {
        form.push(("client_id", partner.client_id.clone()));
        form.push(("client_secret", partner.client_secret.clone()));
    } else {
        request = request.basic_auth(&partner.client_id, Some(&partner.client_secret));
    }
    let answer = request.form(&form).send().await.map_err(|error| Failure::Unreachable(reason(&error)))?;
    let status = answer.status();
    let bytes = answer.bytes().await.map_err(|error| Failure::Unreachable(reason(&error)))?;
    let body: Value = serde_json::from_slice(bytes.get(..bytes.len().min(64 * 1024)).unwrap_or_default())
        .map_err(|_| Failure::Token(format!("status {status} without a readable body")))?;
    if !status.is_success() {
        let said = body.get("error").and_then(Value::as_str).unwrap_or("no reason");
        let text = format!("status {}, {said}", status.as_u16());
        // A wrong secret stays wrong; an outage passes.
        return Err(if status.is_server_error() || status.as_u16() == 429 {
            Failure::Refused { status: status.as_u16(), detail: text }
        } else {
            Failure::Token(text)
        });
    }
    let text = body
        .get("access_token")
        .and_then(Value::as_str)
        .ok_or_else(|| Failure::Token("the answer has no access_token".to_owned()))?;
    let seconds = body.get("expires_in").and_then(Value::as_i64).unwrap_or(300).clamp(0, 86_400);
    // Renewed a little early, so that no request travels with a token that ends on the way.
    let lives = SignedDuration::from_secs(seconds - (seconds / 10).min(30));
    Ok(Token { text: text.to_owned(), renew: now.saturating_add(lives).unwrap_or(now) })
}

/// What went wrong, without the URL, which can carry secrets in its query.
pub(crate) fn reason(error: &reqwest::Error) -> String {
    use std::error::Error;
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut text = if error.is_connect() { "no connection" } else { "the exchange broke off" }.to_owned();
    let mut source = error.source();
    while let Some(inner) = source {
        if inner.source().is_none() {
            text.push_str(": ");
            text.push_str(&inner.to_string());
        }
        source = inner.source();
    }
    text
}
