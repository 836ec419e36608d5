//! `POST /oauth/token`: client credentials (RFC 6749, section 4.4).

use crate::House;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regie_core::id::ApiClientId;
use regie_signin::client::{NoToken, token, written};
use serde_json::json;

/// Where clients trade their secret for a token.
pub const TOKEN: &str = "/oauth/token";

#[derive(Default)]
struct Asked {
    grant: Option<String>,
    client: Option<String>,
    secret: Option<String>,
    scope: Option<String>,
}

pub(crate) async fn give(State(house): State<House>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(mut asked) = read(&body) else {
        return refused(StatusCode::BAD_REQUEST, "invalid_request", "a parameter stands twice");
    };
    let by_header = match headers.get(header::AUTHORIZATION) {
        None => false,
        Some(_) if asked.secret.is_some() => {
            return refused(
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "show the secret in one way, not in two",
            );
        }
        Some(value) => match basic(value) {
            Some((client, secret)) => {
                (asked.client, asked.secret) = (Some(client), Some(secret));
                true
            }
            None => return unknown(true),
        },
    };
    match asked.grant.as_deref() {
        Some("client_credentials") => {}
        Some(_) => {
            return refused(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "only client_credentials is known",
            );
        }
        None => return refused(StatusCode::BAD_REQUEST, "invalid_request", "grant_type is missing"),
    }
    let client = asked.client.and_then(|text| text.parse::<ApiClientId>().ok());
    let (Some(client), Some(secret)) = (client, asked.secret) else { return unknown(by_header) };
    let given =
        token(&house.db, &*house.clock, &*house.random, client, &secret, asked.scope.as_deref()).await;
    match given {
        Ok(granted) => plain(
            StatusCode::OK,
            &json!({
                "access_token": granted.token.secret(), "token_type": "Bearer", "expires_in": granted.seconds,
                "scope": written(&granted.scopes),
            }),
        ),
        Err(NoToken::InvalidClient) => unknown(by_header),
        Err(NoToken::InvalidScope) => {
            refused(StatusCode::BAD_REQUEST, "invalid_scope", "this client does not have all of these scopes")
        }
        Err(NoToken::Closed(name)) => {
            let why = format!("{name} is suspended or closed: it lets nobody in");
            refused(StatusCode::BAD_REQUEST, "unauthorized_client", &why)
        }
        Err(NoToken::Broken(error)) => {
            tracing::error!(%error, "a token could not be given");
            refused(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "try again shortly")
        }
    }
}

/// `None` when a parameter stands twice.
fn read(body: &[u8]) -> Option<Asked> {
    let mut asked = Asked::default();
    for (name, value) in form_urlencoded::parse(body) {
        let place = match &*name {
            "grant_type" => &mut asked.grant,
            "client_id" => &mut asked.client,
            "client_secret" => &mut asked.secret,
            "scope" => &mut asked.scope,
            _ => continue,
        };
        if place.replace(value.into_owned()).is_some() {
            return None;
        }
    }
    Some(asked)
}

/// Both halves are form-encoded before they are joined (RFC 6749, section 2.3.1).
fn basic(value: &HeaderValue) -> Option<(String, String)> {
    let (kind, text) = value.to_str().ok()?.split_once(' ')?;
    let text = STANDARD.decode(text.trim()).ok().filter(|_| kind.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(text).ok()?;
    let (client, secret) = text.split_once(':')?;
    let decoded = |text: &str| {
        form_urlencoded::parse(format!("x={text}").as_bytes()).next().map(|(_, value)| value.into_owned())
    };
    Some((decoded(client)?, decoded(secret)?))
}

fn unknown(by_header: bool) -> Response {
    let mut response = refused(
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        "the client is unknown or its secret is not right",
    );
    if by_header {
        let how = HeaderValue::from_static("Basic realm=\"regie\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
    }
    response
}

fn refused(status: StatusCode, error: &str, why: &str) -> Response {
    plain(status, &json!({ "error": error, "error_description": why }))
}

fn plain(status: StatusCode, body: &serde_json::Value) -> Response {
    let none = HeaderValue::from_static("no-store");
    (status, [(header::CACHE_CONTROL, none)], axum::Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_in_a_header_or_in_the_form() {
        let header = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode("a%3Ab:c+d"))).unwrap();
        assert_eq!(basic(&header), Some(("a:b".into(), "c d".into())));
        assert!(basic(&HeaderValue::from_static("Basic ???")).is_none());
        assert!(read(b"scope=a&scope=b").is_none());
        assert_eq!(read(b"grant_type=client_credentials&x=y").unwrap().grant.unwrap(), "client_credentials");
    }
}
