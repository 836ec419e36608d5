//! What can be wrong with a party: each fault changes one thing, on purpose, for the suite to find.

mod edit;
mod list;

pub use list::{CALL_FAULTS, CALL_ODDITIES, FAULTS, ODDITIES, OUTAGES};

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use serde_json::Value;

use crate::client::Call;
use crate::exchange::Role;
use crate::memory::Memory;
use crate::server::Authority;

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Tokens, scopes, roles.
    Access,
    /// Another institution's objects.
    Tenancy,
    /// Statuses and problem documents.
    Errors,
    /// Pages and lists.
    Paging,
    /// Filters and searches.
    Filter,
    /// Whole snapshots and repetition.
    Put,
    /// Merge patches.
    Patch,
    /// Cancelling, tombstones, late results.
    State,
    /// What messages contain.
    Content,
    /// Dates, moments, durations.
    Dates,
    /// Documents.
    Documents,
    /// Embedding.
    Expand,
    /// Attempts.
    Attempts,
    /// Order of arrival.
    Ordering,
    /// Out of order for a while.
    Outage,
    /// Odd, but within the agreement.
    Oddity,
}

/// One fault.
#[derive(Clone, Copy)]
pub struct Fault {
    /// Its name, for settings and reports.
    pub name: &'static str,
    /// Its class.
    pub class: Class,
    /// Which party it can be in.
    pub role: Role,
    /// The tests that must find it: at least one of these fails.
    pub found_by: &'static [&'static str],
    pub(super) act: Act,
}

impl Fault {
    /// Whether it is in the calling half: only a party that calls shows it.
    #[must_use]
    pub const fn is_in_calls(&self) -> bool {
        matches!(self.act, Act::Send(_) | Act::GiveUp)
    }
}

impl std::fmt::Debug for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fault").field("name", &self.name).field("class", &self.class).finish_non_exhaustive()
    }
}

impl Fault {
    /// The fault, oddity or outage of this name in this party.
    #[must_use]
    pub fn find(name: &str, role: Role) -> Option<Self> {
        Self::all().find(|fault| fault.name == name && fault.role == role)
    }

    /// Everything that can be made to go wrong: outages, oddities, faults of serving and of calling.
    pub fn all() -> impl Iterator<Item = Self> {
        [&OUTAGES, &ODDITIES, &FAULTS, &CALL_ODDITIES, &CALL_FAULTS]
            .into_iter()
            .flat_map(|list| list.iter())
            .copied()
    }
}

/// Where a fault does its work.
#[derive(Clone, Copy)]
pub(super) enum Act {
    /// Changes what the party gets to see.
    Request(fn(&mut Asked)),
    /// Changes what the caller gets to see.
    Answer(fn(&Asked, &mut Given)),
    /// Answers in the party's place, if it wants to.
    Instead(fn(&Asked, &Memory) -> Option<Given>),
    /// Lets the party forget or spoil what it was told, after it answered.
    After(fn(&Asked, &Given, &Memory)),
    /// Lets in whoever the party would keep out.
    Open(fn(&Asked, u16) -> bool),
    /// Changes what the party sends when it is the one that calls, or keeps it to itself.
    Send(fn(Call) -> Option<Call>),
    /// Lets the party think that what failed was delivered: it never tries again.
    GiveUp,
}

/// A request on its way in.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) method: axum::http::Method,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Asked {
    pub(super) fn is(&self, method: &str, prefix: &str) -> bool {
        self.method.as_str() == method && self.path.starts_with(prefix)
    }

    /// The id in the path.
    pub(super) fn id(&self) -> &str {
        self.path.split('/').nth(2).unwrap_or_default()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(super) fn set(&mut self, value: &Value) {
        self.body = Bytes::from(value.to_string());
    }

    /// Takes a parameter out of the query.
    pub(super) fn drop_parameter(&mut self, name: &str) {
        let kept: Vec<_> = self
            .query
            .split('&')
            .filter(|pair| pair.split('=').next().is_none_or(|key| key != name))
            .collect();
        self.query = kept.join("&");
    }
}

/// An answer on its way out.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) status: u16,
    pub(super) kind: String,
    pub(super) body: Bytes,
}

impl Given {
    pub(super) fn new(status: u16, body: &Value) -> Self {
        Self { status, kind: "application/json".to_owned(), body: Bytes::from(body.to_string()) }
    }

    pub(super) const fn is_fine(&self) -> bool {
        matches!(self.status, 200..300)
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(super) fn set(&mut self, value: &Value) {
        self.body = Bytes::from(value.to_string());
    }

    /// Changes the JSON of the answer.
    pub(super) fn edit(&mut self, change: impl FnOnce(&mut Value)) {
        let mut value = self.json();
        change(&mut value);
        self.set(&value);
    }

    /// Changes every item of a page, or the one object.
    pub(super) fn each(&mut self, change: impl Fn(&mut Value)) {
        self.edit(|value| match value.get_mut("items").and_then(Value::as_array_mut) {
            Some(items) => items.iter_mut().for_each(change),
            None => change(value),
        });
    }
}

/// The faults a party has now.
#[derive(Debug, Default)]
pub struct Faults {
    active: Mutex<Vec<Fault>>,
}

impl Faults {
    /// A party with these faults.
    #[must_use]
    pub fn new(faults: Vec<Fault>) -> Self {
        Self { active: Mutex::new(faults) }
    }

    /// Gives the party these faults instead.
    pub fn set(&self, faults: Vec<Fault>) {
        *self.active.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// The faults it has.
    #[must_use]
    pub fn active(&self) -> Vec<Fault> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What becomes of a call that goes out: changed, or kept back.
    pub(super) fn spoil(&self, call: Call) -> Option<Call> {
        self.active().into_iter().try_fold(call, |call, fault| match fault.act {
            Act::Send(change) => change(call),
            _ => Some(call),
        })
    }

    /// Whether the party never sends again what failed.
    pub(super) fn gives_up(&self) -> bool {
        self.active().iter().any(|fault| matches!(fault.act, Act::GiveUp))
    }

    /// Puts the faults around a party.
    pub fn layer(
        self: &Arc<Self>,
        party: Router,
        role: Role,
        memory: Arc<Memory>,
        authority: Arc<Authority>,
    ) -> Router {
        let around = Around { faults: Arc::clone(self), role, memory, authority };
        party.layer(from_fn_with_state(around, spoil))
    }
}

#[derive(Clone)]
struct Around {
    faults: Arc<Faults>,
    role: Role,
    memory: Arc<Memory>,
    authority: Arc<Authority>,
}

const MOST: usize = 8 * 1024 * 1024;

async fn spoil(State(around): State<Around>, request: Request, next: Next) -> Response {
    let faults: Vec<_> = around
        .faults
        .active()
        .into_iter()
        .filter(|fault| fault.role == around.role && !fault.is_in_calls())
        .collect();
    if faults.is_empty() {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST).await else {
        return answer(Given::new(400, &serde_json::json!({ "status": "400", "title": "Too large" })));
    };
    let original = Asked {
        method: head.method.clone(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers.clone(),
        body,
    };
    let mut asked = original.clone();
    for fault in &faults {
        match fault.act {
            Act::Request(change) => change(&mut asked),
            Act::Instead(give) => {
                if let Some(given) = give(&original, &around.memory) {
                    return answer(given);
                }
            }
            _ => {}
        }
    }
    let mut given = forward(&asked, &head, next.clone()).await;
    for fault in &faults {
        if let Act::Open(lets_in) = fault.act
            && lets_in(&original, given.status)
        {
            let token = around.authority.open_door(around.role);
            if let Ok(value) = HeaderValue::from_str(&format!("Bearer {token}")) {
                asked.headers.insert(header::AUTHORIZATION, value);
            }
            given = forward(&asked, &head, next.clone()).await;
        }
    }
    for fault in &faults {
        match fault.act {
            Act::Answer(change) => change(&original, &mut given),
            Act::After(spoil) => spoil(&original, &given, &around.memory),
            _ => {}
        }
    }
    answer(given)
}

async fn forward(asked: &Asked, head: &axum::http::request::Parts, next: Next) -> Given {
    let uri =
        if asked.query.is_empty() { asked.path.clone() } else { format!("{}?{}", asked.path, asked.query) };
    let mut request = Request::new(Body::from(asked.body.clone()));
    *request.method_mut() = asked.method.clone();
    *request.uri_mut() = uri.parse().unwrap_or_else(|_| Uri::from_static("/"));
    *request.headers_mut() = asked.headers.clone();
    request.headers_mut().remove(header::CONTENT_LENGTH);
    *request.extensions_mut() = head.extensions.clone();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default();
    Given { status, kind, body }
}

fn answer(given: Given) -> Response {
    let mut response = Response::new(Body::from(given.body));
    *response.status_mut() = StatusCode::from_u16(given.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(kind) = HeaderValue::from_str(&given.kind)
        && !given.kind.is_empty()
    {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}
