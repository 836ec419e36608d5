//! The brake in front of every door: how often one address may ask, and how often it may try to sign in. What one account
//! or program may ask is counted behind the doors, where it is known; they find the same buckets in the request.

use crate::settings::Network;
use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequestParts as _, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use regie_core::Clock;
use regie_core::limit::{Asking, Limits};
use regie_web::error::{Error, page};
use regie_web::viewer::Viewer;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// What the brake needs.
#[derive(Clone)]
pub struct Brake {
    pub limits: Arc<Limits>,
    pub clock: Arc<dyn Clock>,
    /// Proxies whose word about the reader's address counts.
    pub proxies: Arc<[Network]>,
    pub secure: bool,
}

/// The layer. It also puts the buckets in the request for those behind it.
pub async fn brake(State(brake): State<Brake>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(brake.limits.clone());
    let path = request.uri().path();
    // A page brings a handful of assets, and who watches over us must always get an answer.
    let free =
        path.starts_with("/assets/") || matches!(path, "/health" | "/ready" | "/metrics" | "/favicon.ico");
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let Some(address) =
        peer.and_then(|peer| reader(peer, request.headers(), &brake.proxies)).filter(|_| !free)
    else {
        return next.run(request).await;
    };
    let now = brake.clock.now();
    let mut taken = brake.limits.take(Asking::Address(address), now);
    if taken.is_ok() && signs_in(request.method(), path) {
        taken = brake.limits.take(Asking::SignInFrom(address), now);
    }
    match taken {
        Ok(()) => next.run(request).await,
        Err(seconds) => refuse(request, seconds, brake.secure).await,
    }
}

/// Whose address it is. `None` for a trusted neighbour that forwards for nobody: the operator at the machine itself.
fn reader(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> Option<IpAddr> {
    let trusted = |address: IpAddr| proxies.iter().any(|network| network.holds(address));
    if !trusted(peer) {
        return Some(peer);
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    // From the near end: what stands before the first stranger is what that stranger says.
    for hop in hops.into_iter().rev() {
        match hop.parse::<IpAddr>() {
            Ok(address) if trusted(address) => {}
            Ok(address) => return Some(address),
            Err(_) => return Some(peer),
        }
    }
    None
}

/// Where passwords, codes and links can be guessed.
fn signs_in(method: &Method, path: &str) -> bool {
    let places = ["/sign-in", "/password", "/invitation", "/oauth", "/passkey"];
    *method == Method::POST && places.iter().any(|place| path.starts_with(place))
}

async fn refuse(request: Request, seconds: u64, secure: bool) -> Response {
    metrics::counter!("regie_http_braked_total").increment(1);
    let (mut parts, _) = request.into_parts();
    let mut response =
        if wants_json(&parts) { problem(seconds) } else { refusal_page(&mut parts, seconds).await };
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, seconds.into());
    regie_web::layer::harden(headers, secure);
    response
}

fn wants_json(parts: &Parts) -> bool {
    let accept = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    ["/api/", "/oauth/"].iter().any(|door| parts.uri.path().starts_with(door))
        || (accept.contains("json") && !accept.contains("text/html"))
}

fn problem(seconds: u64) -> Response {
    let problem = serde_json::json!({
        "type": "urn:regie:rule:too-many-requests",
        "title": "Too Many Requests",
        "status": 429,
        "code": "too-many-requests",
        "detail": format!("Too many requests come from this address. Try again after {seconds} seconds."),
    });
    ([(header::CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
}

async fn refusal_page(parts: &mut Parts, seconds: u64) -> Response {
    let partial = parts.headers.get("hx-request-type").is_some_and(|value| value == "partial");
    let Ok(viewer) = Viewer::from_request_parts(parts, &()).await;
    let text = page(&Error::TooMany { seconds }, viewer, None, partial);
    let mut response = Response::new(Body::from(text));
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::routing::{get, post};
    use http_body_util::BodyExt as _;
    use regie_core::limit::Rates;
    use tower::ServiceExt as _;

    struct Still;

    impl Clock for Still {
        fn now(&self) -> jiff::Timestamp {
            "2026-11-20T09:00:00Z".parse().unwrap()
        }
    }

    fn app(rates: Rates) -> Router {
        let brake = Brake {
            limits: Arc::new(Limits::new(rates)),
            clock: Arc::new(Still),
            proxies: ["127.0.0.1", "10.0.0.0/8"].map(|text| text.parse().unwrap()).into(),
            secure: true,
        };
        Router::new()
            .route("/people", get(|| async { "people" }))
            .route("/sign-in", post(|| async { "in" }))
            .route("/ready", get(|| async { "ready" }))
            .layer(axum::middleware::from_fn_with_state(brake, super::brake))
    }

    async fn ask(app: &Router, peer: &str, forwarded: Option<&str>, line: &str, accept: &str) -> Response {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT, accept);
        if let Some(forwarded) = forwarded {
            request = request.header("x-forwarded-for", forwarded);
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4000)));
        app.clone().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn one_address_is_braked_with_a_page_that_says_when_to_come_back() {
        let app = app(Rates { address: 2, ..Rates::default() });
        for _ in 0..2 {
            assert_eq!(ask(&app, "192.0.2.1", None, "GET /people", "text/html").await.status(), 200);
        }
        let braked = ask(&app, "192.0.2.1", None, "GET /people", "text/html").await;
        assert_eq!(braked.status(), 429);
        assert_eq!(braked.headers()[header::RETRY_AFTER], "30");
        assert!(braked.headers().contains_key(header::CONTENT_SECURITY_POLICY));
        let text = braked.into_body().collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&text).contains("Even rustig aan"));
        let program = ask(&app, "192.0.2.1", None, "GET /people", "application/json").await;
        assert_eq!(
            (program.status().as_u16(), program.headers()[header::CONTENT_TYPE].to_str().unwrap()),
            (429, "application/problem+json")
        );
        let text = program.into_body().collect().await.unwrap().to_bytes();
        let problem: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(problem["status"], 429);
        // Somebody else is not, and neither is who watches over us.
        assert_eq!(ask(&app, "192.0.2.2", None, "GET /people", "text/html").await.status(), 200);
        assert_eq!(ask(&app, "192.0.2.1", None, "GET /ready", "text/html").await.status(), 200);
    }

    #[tokio::test]
    async fn signing_in_is_braked_sooner() {
        let app = app(Rates { address: 100, sign_in_address: 1, ..Rates::default() });
        assert_eq!(ask(&app, "192.0.2.1", None, "POST /sign-in", "text/html").await.status(), 200);
        assert_eq!(ask(&app, "192.0.2.1", None, "POST /sign-in", "text/html").await.status(), 429);
        assert_eq!(ask(&app, "192.0.2.1", None, "GET /people", "text/html").await.status(), 200);
    }

    #[tokio::test]
    async fn only_a_trusted_proxy_is_believed_about_who_asks() {
        let app = app(Rates { address: 1, ..Rates::default() });
        let from = async |peer: &str, forwarded: Option<&str>| {
            ask(&app, peer, forwarded, "GET /people", "text/html").await.status().as_u16()
        };
        // Through the proxy each reader has an address; what a reader claims before it counts for nothing.
        assert_eq!(from("127.0.0.1", Some("203.0.113.9, 198.51.100.1")).await, 200);
        assert_eq!(from("127.0.0.1", Some("203.0.113.8, 198.51.100.1, 10.1.2.3")).await, 429);
        assert_eq!(from("127.0.0.1", Some("198.51.100.2")).await, 200);
        // A stranger's header is air.
        assert_eq!(from("192.0.2.7", Some("198.51.100.3")).await, 200);
        assert_eq!(from("192.0.2.7", Some("198.51.100.4")).await, 429);
        // The operator at the machine itself.
        assert_eq!([from("127.0.0.1", None).await, from("127.0.0.1", None).await], [200, 200]);
    }
}
