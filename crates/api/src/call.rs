//! One call of one operation: read strictly, answered plainly.

use crate::House;
use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, FromRequestParts as _, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use regie_core::id::{Id, RequestId};
use regie_core::{Caller, Told};
use regie_signin::client::ClientNow;
use regie_texts::{Language, Texts};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::any::TypeId;
use std::sync::Arc;

/// A part of a message: `()` where there is none.
pub(crate) trait Part: DeserializeOwned + JsonSchema + Send + 'static {
    fn none() -> bool {
        TypeId::of::<Self>() == TypeId::of::<()>()
    }
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Part for T {}

/// What an operation gets: `P` from the path, `Q` from the query, `B` from the body.
pub(crate) struct Call<P = (), Q = (), B = ()> {
    pub house: House,
    pub client: Arc<ClientNow>,
    pub caller: Caller,
    pub path: P,
    pub query: Q,
    pub body: B,
    /// The version in `If-Match`; only versioned operations may rely on it.
    pub version: i64,
    raw: Option<Value>,
    texts: Texts,
    versioned: bool,
}

/// What an operation answers with.
pub(crate) struct Reply<T> {
    pub value: T,
    etag: Option<String>,
    location: Option<String>,
}

pub(crate) type Answer<T> = Result<Reply<T>, Problem>;

impl<T> Reply<T> {
    pub fn new(value: T) -> Self {
        Self { value, etag: None, location: None }
    }

    /// The version a later change must name.
    pub fn version(mut self, version: i64) -> Self {
        self.etag = Some(format!("\"{version}\""));
        self
    }

    /// Where the new thing is.
    pub fn at(mut self, location: String) -> Self {
        self.location = Some(location);
        self
    }
}

impl<T: Serialize + 'static> Reply<T> {
    pub(crate) fn answer(self, status: StatusCode, known: Option<&HeaderValue>) -> Response {
        let etag = self.etag.and_then(|etag| HeaderValue::from_str(&etag).ok());
        let mut response = if etag.is_some() && etag.as_ref() == known && status == StatusCode::OK {
            StatusCode::NOT_MODIFIED.into_response()
        } else if TypeId::of::<T>() == TypeId::of::<()>() {
            StatusCode::NO_CONTENT.into_response()
        } else {
            (status, axum::Json(self.value)).into_response()
        };
        let headers = response.headers_mut();
        if let Some(etag) = etag {
            headers.insert(header::ETAG, etag);
        }
        if let Some(place) = self.location.and_then(|place| HeaderValue::from_str(&place).ok()) {
            headers.insert(header::LOCATION, place);
        }
        response
    }
}

impl<P: Part, Q: Part, B: Part> Call<P, Q, B> {
    /// Reads a request whose token is known to be good.
    pub(crate) async fn read(
        house: House,
        client: ClientNow,
        request: Request,
        versioned: bool,
    ) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let path = path::<P>(&mut parts, &house).await?;
        let query = query::<Q>(parts.uri.query().unwrap_or_default())?;
        let texts = Texts::new(language(&parts.headers));
        let mut caller = client.caller.clone();
        let mut version = 0;
        if versioned {
            let given = parts.headers.get(header::IF_MATCH).ok_or_else(Problem::version_needed)?;
            version = quoted(given).ok_or_else(Problem::other_version)?;
        }
        let mut raw = None;
        let mut read = None;
        if !B::none() {
            let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
            let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim().to_owned();
            if !kind.eq_ignore_ascii_case("application/json") {
                return Err(Problem::media_type());
            }
        }
        let writes = !parts.method.is_safe();
        if writes {
            let key = key(&parts.headers)?;
            let (method, address) = (parts.method.clone(), parts.uri.path().to_owned());
            let bytes = bytes(Request::from_parts(parts, body)).await?;
            if let Some(key) = key {
                let client = client.id.uuid();
                caller.request = Some(request_id(client.as_bytes(), key.as_bytes()));
                let version = version.to_be_bytes();
                caller.fingerprint =
                    Some(fingerprint(&[method.as_str().as_bytes(), address.as_bytes(), &version, &bytes]));
            }
            if !B::none() {
                let value: Value = serde_json::from_slice(&bytes)
                    .map_err(|error| Problem::not_json(format!("The body is not JSON: {error}.")))?;
                if let Some(pointer) = control(&value, String::new()) {
                    return Err(Problem::value(pointer, "The text holds a control character."));
                }
                read = Some(body_of::<B>(&value)?);
                raw = Some(value);
            }
        }
        let body = match read {
            Some(body) => body,
            None => empty::<B>()?,
        };
        Ok(Self {
            house,
            client: Arc::new(client),
            caller,
            path,
            query,
            body,
            version,
            raw,
            texts,
            versioned,
        })
    }
}

impl<P, Q, B> Call<P, Q, B> {
    /// An area's error as the answer.
    pub fn told<E: Told + std::fmt::Display>(&self) -> impl Fn(E) -> Problem + use<P, Q, B, E> {
        let (texts, raw, versioned) = (self.texts, self.raw.clone(), self.versioned);
        move |error| Problem::told(&error, texts, raw.as_ref(), versioned)
    }
}

/// Which language the sentences come in; programs that say nothing get English.
fn language(headers: &HeaderMap) -> Language {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    asked.and_then(Language::from_accept).unwrap_or(Language::En)
}

fn empty<T: Part>() -> Result<T, Problem> {
    serde_json::from_value(Value::Null).map_err(Problem::bug)
}

async fn path<P: Part>(parts: &mut Parts, house: &House) -> Result<P, Problem> {
    if P::none() {
        return empty();
    }
    let found = RawPathParams::from_request_parts(parts, house).await.map_err(|_| Problem::not_found())?;
    let members = found.iter().map(|(name, value)| (name.to_owned(), Value::String(value.to_owned())));
    // What is no id of ours leads nowhere.
    serde_json::from_value(Value::Object(members.collect())).map_err(|_| Problem::not_found())
}

fn query<Q: Part>(text: &str) -> Result<Q, Problem> {
    if Q::none() {
        return match form_urlencoded::parse(text.as_bytes()).next() {
            None => empty(),
            Some((name, _)) => Err(Problem::parameter(&name, "This operation has no such parameter.")),
        };
    }
    if let Some((name, _)) =
        form_urlencoded::parse(text.as_bytes()).find(|(_, value)| value.chars().any(char::is_control))
    {
        return Err(Problem::parameter(&name, "The value holds a control character."));
    }
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let name = error.path().to_string();
        let name = if name == "." { String::new() } else { name };
        Problem::parameter(&name, format!("{}.", error.inner()))
    })
}

async fn bytes(request: Request) -> Result<Bytes, Problem> {
    Bytes::from_request(request, &()).await.map_err(|refused| match refused.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        _ => Problem::not_json("The body broke off."),
    })
}

fn body_of<B: Part>(value: &Value) -> Result<B, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        use serde_path_to_error::Segment;
        let mut pointer = String::new();
        for segment in error.path() {
            match segment {
                Segment::Map { key } => pointer.push_str(&format!("/{}", escaped(key))),
                Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
                Segment::Enum { .. } | Segment::Unknown => {}
            }
        }
        Problem::value(pointer, format!("{}.", error.inner()))
    })
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The first place with a character that no text of ours holds: PostgreSQL keeps no NUL, and nobody can read a bell.
fn control(value: &Value, at: String) -> Option<String> {
    match value {
        Value::String(text) => text.chars().any(|c| c.is_control() && c != '\n').then_some(at),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(n, item)| control(item, format!("{at}/{n}")))
        }
        Value::Object(members) => {
            members.iter().find_map(|(key, member)| control(member, format!("{at}/{}", escaped(key))))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn quoted(value: &HeaderValue) -> Option<i64> {
    value.to_str().ok()?.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| (1..=255).contains(&text.len()));
    text.map(|text| Some(text.to_owned())).ok_or_else(|| {
        Problem::parameter("Idempotency-Key", "The key has 1 to 255 visible characters; a UUID is fine.")
    })
}

/// The same key of the same client is the same request; of another client it never is.
fn request_id(client: &[u8], key: &[u8]) -> RequestId {
    let hash =
        Sha256::new().chain_update(b"regie request\0").chain_update(client).chain_update(key).finalize();
    let mut bits = [0; 16];
    bits.iter_mut().zip(hash).for_each(|(bit, byte)| *bit = byte);
    RequestId::from_uuid(uuid::Builder::from_custom_bytes(bits).into_uuid())
}

fn fingerprint(parts: &[&[u8]]) -> u64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(8).fold(0, |all, byte| (all << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_control_character_is_placed() {
        assert_eq!(
            control(&json!({ "a": ["x", { "b/c": "\u{0}" }] }), String::new()),
            Some("/a/1/b~1c".into())
        );
        assert_eq!(control(&json!({ "a": "two\nlines" }), String::new()), None);
    }

    #[test]
    fn a_version_is_a_number_in_quotes() {
        let of = |text: &str| quoted(&HeaderValue::from_str(text).unwrap());
        assert_eq!((of("\"3\""), of("3"), of("W/\"3\""), of("*")), (Some(3), None, None, None));
    }

    #[test]
    fn keys_of_two_clients_never_meet() {
        assert_ne!(request_id(&[1; 16], b"a"), request_id(&[2; 16], b"a"));
        assert_eq!(request_id(&[1; 16], b"a"), request_id(&[1; 16], b"a"));
        assert_ne!(fingerprint(&[b"ab", b"c"]), fingerprint(&[b"a", b"bc"]));
    }
}
