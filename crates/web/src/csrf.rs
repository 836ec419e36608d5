//! Proof that a changing request comes from a page of ours.
//!
//! The token is a keyed hash over the sign-in (or, before that, over a random cookie of the visitor),
//! so nothing needs to be stored and a token taken from one sign-in fails in another. A form carries
//! it in the hidden field `csrf`, a request without a form in the header `X-CSRF-Token`. Browsers that
//! say a request comes from another site are refused before the token is looked at.

use crate::error::Error;
use crate::front::Front;
use crate::viewer::cookie;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, stream};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The token of this request's reader; the viewer hands it to the forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(pub String);

/// What a token is bound to. The sign-in puts its own id here, as an extension of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding(pub String);

/// The secret of this installation for tokens.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    pub const fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// The token of one binding.
    pub fn token(&self, binding: &Binding) -> Token {
        Token(
            self.mac(binding)
                .map_or_else(String::new, |mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())),
        )
    }

    /// Compares in constant time.
    pub fn fits(&self, binding: &Binding, given: &str) -> bool {
        let Ok(given) = URL_SAFE_NO_PAD.decode(given) else { return false };
        self.mac(binding).is_some_and(|mac| mac.verify_slice(&given).is_ok())
    }

    fn mac(&self, binding: &Binding) -> Option<Hmac<Sha256>> {
        // HMAC takes keys of any length, so this is never `None`; a refusal is the safe reading anyway.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(b"regie csrf 1\0");
        mac.update(binding.0.as_bytes());
        Some(mac)
    }
}

/// The layer: gives every request its token, and lets a changing request pass only with it.
pub async fn guard(State(front): State<Front>, mut request: Request, next: Next) -> Response {
    let visitor = cookie(request.headers(), front.visitor_cookie()).filter(|it| it.len() == 43);
    let (binding, fresh) = match (request.extensions().get::<Binding>(), visitor) {
        (Some(binding), _) => (binding.clone(), None),
        (None, Some(known)) => (Binding(format!("visitor {known}")), None),
        (None, None) => {
            let mut bytes = [0; 32];
            front.random.fill(&mut bytes);
            let new = URL_SAFE_NO_PAD.encode(bytes);
            (Binding(format!("visitor {new}")), Some(new))
        }
    };
    request.extensions_mut().insert(front.key.token(&binding));
    if changes(request.method()) && request.extensions().get::<Exempt>().is_none() {
        if comes_from_elsewhere(request.headers()) {
            return Error::Forged.into_response();
        }
        let (checked, given) = match given(request).await {
            Ok(found) => found,
            Err(error) => return error.into_response(),
        };
        if !given.is_some_and(|token| front.key.fits(&binding, &token)) {
            return Error::Forged.into_response();
        }
        request = checked;
    }
    let asset = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    if let Some(new) = fresh.filter(|_| !asset) {
        let secure = if front.secure { "; Secure" } else { "" };
        let set = format!("{}={new}; Path=/; HttpOnly; SameSite=Lax{secure}", front.visitor_cookie());
        if let Ok(set) = HeaderValue::from_str(&set) {
            response.headers_mut().append(header::SET_COOKIE, set);
        }
    }
    response
}

/// Marks a request that proves itself in another way, such as an answer of a sign-in provider.
#[derive(Debug, Clone, Copy)]
pub struct Exempt;

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => !matches!(site, "same-origin" | "none"),
        // Older browsers: the origin must be the host that was asked.
        None => match (text("origin"), text("host")) {
            (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, from)| from != host),
            _ => false,
        },
    }
}

/// Finds the token in header or body, and gives the request back whole.
async fn given(request: Request) -> Result<(Request, Option<String>), Error> {
    if let Some(token) = request.headers().get("x-csrf-token").and_then(|value| value.to_str().ok()) {
        let token = token.to_owned();
        return Ok((request, Some(token)));
    }
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if kind.starts_with("application/x-www-form-urlencoded") {
        let (parts, body) = request.into_parts();
        let bytes = axum::body::to_bytes(body, FORM_LIMIT).await.map_err(|_| Error::TooLarge)?;
        let token = form_urlencoded::parse(&bytes)
            .find(|(name, _)| name == "csrf")
            .map(|(_, value)| value.into_owned());
        Ok((Request::from_parts(parts, Body::from(bytes)), token))
    } else if kind.starts_with("multipart/form-data") {
        let (parts, body) = request.into_parts();
        let (body, start) = peek(body).await?;
        Ok((Request::from_parts(parts, body), first_field(&start)))
    } else {
        Ok((request, None))
    }
}

/// A form without files is never larger than this.
const FORM_LIMIT: usize = 2 * 1024 * 1024;

/// The token stands in the first field of a form with files; this much is enough to see it.
const PEEK: usize = 2048;

/// Reads the start of a body without holding up the rest of it.
async fn peek(body: Body) -> Result<(Body, Bytes), Error> {
    let mut rest = body.into_data_stream();
    let mut start = BytesMut::new();
    while start.len() < PEEK {
        match rest.next().await {
            Some(Ok(chunk)) => start.extend_from_slice(&chunk),
            Some(Err(_)) => return Err(Error::TooLarge),
            None => break,
        }
    }
    let start = start.freeze();
    let whole = stream::once(std::future::ready(Ok::<_, axum::Error>(start.clone()))).chain(rest);
    Ok((Body::from_stream(whole), start))
}

fn first_field(start: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(start.get(..PEEK.min(start.len()))?);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let (value, _) = body.split_once("\r\n")?;
    head.contains("name=\"csrf\"").then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> Key {
        Key::new([7; 32])
    }

    #[test]
    fn a_token_fits_only_its_own_sign_in_and_installation() {
        let (mine, yours) = (Binding("sign-in 1".into()), Binding("sign-in 2".into()));
        let token = key().token(&mine).0;
        assert!(key().fits(&mine, &token));
        assert!(!key().fits(&yours, &token));
        assert!(!Key::new([8; 32]).fits(&mine, &token));
        assert!(!key().fits(&mine, ""));
        assert!(!key().fits(&mine, token.get(1..).unwrap()));
    }

    #[test]
    fn another_site_is_refused_before_its_token() {
        let of = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            comes_from_elsewhere(&headers)
        };
        assert!(of(&[("sec-fetch-site", "cross-site")]));
        assert!(of(&[("sec-fetch-site", "same-site")]));
        assert!(of(&[("origin", "https://elsewhere.example"), ("host", "regie.example")]));
        assert!(of(&[("origin", "null"), ("host", "regie.example")]));
        assert!(!of(&[("sec-fetch-site", "same-origin")]));
        assert!(!of(&[("origin", "https://regie.example"), ("host", "regie.example")]));
        assert!(!of(&[("host", "regie.example")]));
    }

    #[test]
    fn the_token_is_read_from_the_first_field_of_a_form_with_files() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n--x\r\n";
        assert_eq!(first_field(body), Some("abc".to_owned()));
        let other = b"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc\r\n--x\r\n";
        assert_eq!(first_field(other), None);
    }

    proptest! {
        #[test]
        fn any_start_of_a_body_is_read_without_trouble(bytes: Vec<u8>) {
            let _ = first_field(&bytes);
        }
    }
}
