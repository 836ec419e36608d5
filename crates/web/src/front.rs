//! The front of the house: the layers every request passes, in their order.

use crate::door::Door;
use crate::{asset, csrf, layer, preference};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use regie_core::{Clock, Random};
use std::sync::Arc;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::limit::RequestBodyLimitLayer;

/// What the layers need from the app.
#[derive(Clone)]
pub struct Front {
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    /// The secret behind the tokens of forms.
    pub key: csrf::Key,
    /// Whether readers come by https: cookies are then secure and browsers are told to stay with it.
    pub secure: bool,
    /// The largest body that is taken, files included.
    pub body_limit: usize,
}

impl Front {
    /// The browser accepts a name with `__Host-` only by https and for this very host.
    pub(crate) const fn visitor_cookie(&self) -> &'static str {
        if self.secure { "__Host-regie-visitor" } else { "regie-visitor" }
    }
}

/// Puts the layers around the routes. `sign_in` stands inside the outer layers and before the forms'
/// token is checked: it may put [`SignedIn`](crate::viewer::SignedIn) and
/// [`Binding`](crate::csrf::Binding) in the extensions of the request.
pub fn open<S, F>(door: Door<S>, front: Front, state: S, sign_in: F) -> Router
where
    S: Clone + Send + Sync + 'static,
    F: FnOnce(Router) -> Router,
{
    let pages = door
        .and(preference::door())
        .into_router()
        .fallback(layer::no_such_page)
        .with_state(state)
        .layer(from_fn(layer::humanise))
        .layer(CatchPanicLayer::custom(layer::panicked))
        .layer(DefaultBodyLimit::max(front.body_limit))
        .layer(from_fn_with_state(front.clone(), csrf::guard))
        .layer(RequestBodyLimitLayer::new(front.body_limit));
    // A refused token and an oversized body must be told in human words too.
    // And so must what the recognition of the reader itself refuses.
    let pages = sign_in(pages.layer(from_fn(layer::humanise))).layer(from_fn(layer::humanise));
    let assets =
        Router::new().route("/assets/{file}", get(asset::serve)).route("/favicon.ico", get(asset::favicon));
    assets.merge(pages).layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(front.clone(), layer::name_request))
            .layer(from_fn_with_state(front, layer::secure))
            // A stream of events must leave at once, and what is compressed already stays so.
            .layer(CompressionLayer::new().compress_when(
                DefaultPredicate::new().and(NotForContentType::const_new("text/event-stream")),
            )),
    )
}
