//! The receiving half: `POST /results` for an administration or dashboard.

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{Delivery, Refused, http_status};

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// Stored: 201.
    Stored,
    /// Refused, with an Edu-V status code.
    Refused(Refused),
}

/// Who takes deliveries in.
pub trait Receiver: Send + Sync + 'static {
    /// The sender behind a token with scope `eduv.result`; nothing if there is none.
    fn sender(&self, token: &str) -> Option<String>;

    /// Whether the school has activated the exchange with this sender.
    fn is_activated(&self, sender: &str) -> bool;

    /// Takes a delivery in: each student's result is created or changed.
    fn receive(&self, sender: &str, delivery: Delivery) -> impl Future<Output = Received> + Send;
}

/// The router of a receiver, to be nested under its base URL (`/v2`).
pub fn router<R: Receiver>(receiver: Arc<R>) -> Router {
    Router::new().route("/results", post(results::<R>)).with_state(receiver)
}

const LARGEST: usize = 4 * 1024 * 1024;
const LONGEST: Duration = Duration::from_secs(10);

async fn results<R: Receiver>(State(receiver): State<Arc<R>>, request: Request) -> Response {
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let Some(sender) = token.and_then(|token| receiver.sender(token)) else {
        return answer("0021", "scope required");
    };
    if !receiver.is_activated(&sender) {
        return answer("0022", "The school has not activated this exchange; its application manager can.");
    }
    let arrived = tokio::time::timeout(LONGEST, to_bytes(request.into_body(), LARGEST)).await;
    let Ok(arrived) = arrived else {
        return answer("0099", "The message took too long to arrive; send it again.");
    };
    let Ok(body) = arrived else {
        return answer("0099", "The message is larger than 4 MiB; send fewer students at once.");
    };
    let Ok(value) = serde_json::from_slice::<Value>(&body) else {
        return answer("0011", "The body is not JSON.");
    };
    match Delivery::read(value) {
        Err(refused) => answer(refused.status, &refused.message),
        Ok(delivery) => match receiver.receive(&sender, delivery).await {
            Received::Stored => answer("0001", "Created"),
            Received::Refused(refused) => answer(refused.status, &refused.message),
        },
    }
}

fn answer(status: &str, message: &str) -> Response {
    let http = StatusCode::from_u16(http_status(status)).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = (http, Json(json!({ "status": status, "statusMessage": message }))).into_response();
    let version = HeaderValue::from_static("2.1.0");
    response.headers_mut().insert(HeaderName::from_static("api-version"), version);
    response
}
