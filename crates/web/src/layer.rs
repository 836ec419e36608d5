//! Layers around every page: a name for the request, headers that keep browsers safe, and errors in
//! human words.

use crate::error::{Error, Problem, page};
use crate::front::Front;
use crate::viewer::Viewer;
use axum::body::Body;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use regie_core::clock::new_id;
use regie_core::id::RequestId;
use std::any::Any;

/// The name of this request in logs, and on the page when something went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestName(pub String);

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request a name, or keeps the one the proxy gave.
pub async fn name_request(State(front): State<Front>, mut request: Request, next: Next) -> Response {
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let name = match given.filter(|name| is_plain(name)) {
        Some(name) => name.to_owned(),
        None => new_id::<RequestId>(front.clock.as_ref(), front.random.as_ref()).to_string(),
    };
    request.extensions_mut().insert(RequestName(name.clone()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    response
}

fn is_plain(name: &str) -> bool {
    (8..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// No script or style but our own files, no frame around us, no address told to others.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
     connect-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page that shows something of ours in a frame.
pub(crate) const POLICY_WITH_FRAME: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// What stands in such a frame: no script, nothing fetched from anywhere, links open outside it.
pub(crate) const POLICY_IN_FRAME: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
     style-src 'unsafe-inline'; frame-ancestors 'self'";

/// Headers that keep browsers safe.
pub async fn secure(State(front): State<Front>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    harden(response.headers_mut(), front.secure);
    response
}

/// As [`secure`], for an answer that is made in front of the doors.
pub fn harden(headers: &mut HeaderMap, secure: bool) {
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    // Pages name people: no shared machine may show them again after sign-out.
    set(header::CACHE_CONTROL, "no-store");
    if secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
}

/// Turns every error answer that is not yet a page into one, for the reader who asked.
pub async fn humanise(request: Request, next: Next) -> Response {
    let name = request.extensions().get::<RequestName>().cloned();
    let (mut parts, body) = request.into_parts();
    let viewer = match Viewer::from_request_parts(&mut parts, &()).await {
        Ok(viewer) => viewer,
        Err(never) => match never {},
    };
    let partial = parts.headers.get("hx-request-type").is_some_and(|value| value == "partial");
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if response.status() == StatusCode::UNAUTHORIZED && !is_page(&response) {
        response = Error::SignIn { back: viewer.here.clone() }.into_response();
    }
    let status = response.status();
    if partial && status.is_redirection() && response.extensions().get::<Problem>().is_some() {
        // htmx would put the sign-in page into the part it asked for; the whole page must go there.
        *response.status_mut() = StatusCode::OK;
        if let Some(place) = response.headers_mut().remove(header::LOCATION) {
            response.headers_mut().insert("hx-redirect", place);
        }
        return response;
    }
    if !(status.is_client_error() || status.is_server_error()) || is_page(&response) {
        return response;
    }
    let error = match response.extensions().get::<Problem>() {
        Some(problem) => problem.0.clone(),
        None => Error::from_status(status, &name),
    };
    if let Error::Internal { reason } = error.as_ref() {
        let name = name.as_ref().map_or("", |name| name.0.as_str());
        tracing::error!(request = name, reason, "a page failed");
    }
    let (mut head, _) = response.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let body = page(&error, viewer, name.as_ref(), partial);
    Response::from_parts(head, Body::from(body))
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    response.extensions().get::<Problem>().is_none()
        && kind.is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/"))
}

/// For paths that lead nowhere.
pub async fn no_such_page() -> Error {
    Error::NotFound
}

/// A panic is a bug, told to the reader as an error and to the log as what it said.
pub fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let reason = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned());
    Error::internal(reason).into_response()
}

impl Error {
    fn from_status(status: StatusCode, name: &Option<RequestName>) -> std::sync::Arc<Error> {
        std::sync::Arc::new(match status {
            StatusCode::NOT_FOUND => Error::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Error::NotThisWay,
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
            StatusCode::TOO_MANY_REQUESTS => Error::TooMany { seconds: 60 },
            status if status.is_client_error() => Error::Unreadable,
            status => Error::internal(format!(
                "status {status} at {}",
                name.as_ref().map_or("", |name| name.0.as_str())
            )),
        })
    }
}
