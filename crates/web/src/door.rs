//! The routes of the HTML door, and a list of them taken from the router itself, so that the test
//! which asks every route without rights cannot forget one.

use crate::url::{At, Url};
use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{get, post};

/// One route: what it is asked with and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub method: Method,
    pub pattern: &'static str,
}

/// Routes being gathered. Pages read with `get` and change with `post`; forms know nothing else.
pub struct Door<S> {
    router: Router<S>,
    entries: Vec<Entry>,
}

impl<S: Clone + Send + Sync + 'static> Default for Door<S> {
    fn default() -> Self {
        Self { router: Router::new(), entries: Vec::new() }
    }
}

impl<S: Clone + Send + Sync + 'static> Door<S> {
    pub fn get<U: Url, H: Handler<T, S>, T: 'static>(mut self, _: At<U>, handler: H) -> Self {
        self.entries.push(Entry { method: Method::GET, pattern: U::PATTERN });
        self.router = self.router.route(U::PATTERN, get(handler));
        self
    }

    pub fn post<U: Url, H: Handler<T, S>, T: 'static>(mut self, _: At<U>, handler: H) -> Self {
        self.entries.push(Entry { method: Method::POST, pattern: U::PATTERN });
        self.router = self.router.route(U::PATTERN, post(handler));
        self
    }

    /// Takes in the routes of another part of the house.
    pub fn and(mut self, other: Door<S>) -> Self {
        self.entries.extend(other.entries);
        self.router = self.router.merge(other.router);
        self
    }

    /// All routes so far.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The bare router, for the layers of [`crate::front::open`].
    pub(crate) fn into_router(self) -> Router<S> {
        self.router
    }
}
