//! The JSON front door. What people do on pages, programs do here, through the same use cases.
//!
//! An operation is a function over a [`Call`](call::Call), registered in a [`Door`] under a stable id. Its types *are*
//! its description: the OpenAPI document is computed from them, so it cannot say something else than the code does.

mod call;
mod coded;
mod company;
mod document;
mod door;
mod group;
mod journal;
mod mandate;
mod me;
mod need;
mod organisation;
mod page;
mod period;
mod person;
mod problem;
mod program;
mod role;
mod room;
mod session;
mod token;

pub use door::{Door, Operation};
pub use token::TOKEN;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use problem::Problem;
use regie_access::Db;
use regie_core::{Clock, Random};
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// Where the document that describes all this is.
pub const DOCUMENT: &str = "/api/openapi.json";

/// The largest body that is read.
const BODY_LIMIT: usize = 1 << 20;

/// What every operation stands on. Cheap to clone.
#[derive(Clone)]
pub struct House {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

impl House {
    fn new_id<T: regie_core::id::Id>(&self) -> T {
        regie_core::clock::new_id(&*self.clock, &*self.random)
    }
}

/// Every operation.
pub fn door() -> Door {
    Door::default()
        .and(me::door())
        .and(organisation::door())
        .and(person::door())
        .and(room::door())
        .and(company::door())
        .and(program::door())
        .and(group::door())
        .and(need::door())
        .and(period::door())
        .and(session::door())
        .and(role::door())
        .and(mandate::door())
        .and(journal::door())
}

/// The OpenAPI 3.1 document of [`door`].
pub fn document() -> serde_json::Value {
    document::of(door().operations())
}

/// Everything below `/api` and `/oauth`, with its layers.
pub fn open(house: House) -> Router {
    let document = Arc::new(document());
    Router::new()
        .route(DOCUMENT, get(move || async move { Json((*document).clone()) }))
        .route(TOKEN, post(token::give))
        .route("/api/{*rest}", any(async || Problem::no_such_operation()))
        .merge(door().into_router())
        .method_not_allowed_fallback(async |method: Method| Problem::not_this_way(&method))
        .with_state(house.clone())
        .layer(axum::middleware::from_fn_with_state(house, finish))
        .layer(CatchPanicLayer::custom(|_| Problem::bug("a panic").into_response()))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

/// Writes refused attempts down, and says which languages the sentences come in.
async fn finish(State(house): State<House>, request: Request, next: axum::middleware::Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    if let Some(refused) = response.extensions().get::<door::Refused>().cloned() {
        regie_access::journal_refusal(&house.db, &refused.caller, refused.rule, &path).await;
    }
    response.headers_mut().insert(header::VARY, axum::http::HeaderValue::from_static("accept-language"));
    response
}
