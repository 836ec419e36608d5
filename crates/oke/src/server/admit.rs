//! Letting a request in: token, role, scope, size, time, form; in that order, each as early as it can be known.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::RequestExt;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Query, RawPathParams, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::query::Pairs;
use super::{Answer, Authority, Patch, Put, Refusal};
use crate::check::{Checked, Context, Message, check, check_value};
use crate::exchange::{Method, Operation, Role, Scope, Use};
use crate::finding::{Finding, Severity};
use crate::message::Service;
use crate::outside::Outside;
use crate::rule::Rule;
use crate::wire::{Dialect, Wire};
use serde_json::Value;

/// Who asks, on whose behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The client id.
    pub client: String,
    /// What the caller is.
    pub role: Role,
    /// The institution: the only one whose objects the caller can see.
    pub institution: String,
    /// What the token allows.
    pub scopes: Vec<Scope>,
}

/// How much, how long, how often.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest body in bytes.
    pub body: usize,
    /// How long a body may take to arrive.
    pub arrival: Duration,
    /// Requests per client per second; nothing is no limit.
    pub per_second: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: 1024 * 1024, arrival: Duration::from_secs(10), per_second: None }
    }
}

/// What every route needs.
pub struct App<S> {
    pub(super) store: Arc<S>,
    authority: Arc<Authority>,
    service: Arc<Service>,
    limits: Limits,
    pace: Arc<Pace>,
}

impl<S> std::fmt::Debug for App<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl<S> Clone for App<S> {
    fn clone(&self) -> Self {
        Self {
            store: Arc::clone(&self.store),
            authority: Arc::clone(&self.authority),
            service: Arc::clone(&self.service),
            limits: self.limits,
            pace: Arc::clone(&self.pace),
        }
    }
}

/// A request that was let in.
pub(super) struct Asked {
    pub(super) caller: Caller,
    pub(super) flow: u8,
    pub(super) path: Vec<String>,
    pub(super) query: Pairs,
}

impl Asked {
    /// The id in the path.
    pub(super) fn id(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    /// The second id in the path.
    pub(super) fn second(&self) -> &str {
        self.path.get(1).map_or("", String::as_str)
    }
}

/// A request before anything is known about it.
pub(super) struct Incoming {
    path: Vec<String>,
    query: Result<Pairs, Refusal>,
    headers: HeaderMap,
    body: Body,
}

impl<S: Send + Sync> FromRequest<S> for Incoming {
    type Rejection = Refusal;

    async fn from_request(mut request: Request, _: &S) -> Result<Self, Refusal> {
        let path = request
            .extract_parts::<RawPathParams>()
            .await
            .map_err(|_| Refusal::Bad("The path is not valid UTF-8.".to_owned()))?
            .iter()
            .map(|(_, value)| value.to_owned())
            .collect();
        let (head, body) = request.into_parts();
        let query = Query::<Vec<(String, String)>>::try_from_uri(&head.uri)
            .map(|query| Pairs(query.0))
            .map_err(|_| Refusal::Bad("The query string cannot be read.".to_owned()));
        Ok(Self { path, query, headers: head.headers, body })
    }
}

impl<S> App<S> {
    /// A party's skeleton around a store.
    pub fn new(
        store: Arc<S>,
        authority: Arc<Authority>,
        service: Service,
        limits: Limits,
        outside: Outside,
    ) -> Self {
        let pace = Arc::new(Pace { outside, seen: Mutex::default() });
        Self { store, authority, service: Arc::new(service), limits, pace }
    }

    pub(super) fn service(&self) -> Response {
        json_response(StatusCode::OK, self.service.write().to_string())
    }

    /// Lets a request in for an operation, or says why not.
    fn admit(&self, operation: &Operation, incoming: &Incoming) -> Result<(Caller, Use), Refusal> {
        let token = incoming
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(Refusal::NoToken)?;
        let caller = self.authority.caller(token).ok_or(Refusal::NoToken)?;
        if let Some(most) = self.limits.per_second {
            self.pace.step(&caller.client, most)?;
        }
        let used = operation
            .uses
            .iter()
            .find(|used| used.caller == caller.role && caller.scopes.contains(&used.scope))
            .copied();
        let used = used.ok_or_else(|| {
            let wanted: Vec<_> = operation
                .uses
                .iter()
                .map(|used| format!("{} as {}", used.scope.name(), used.caller))
                .collect();
            Refusal::Forbidden(format!("This needs {}; ask a token with that scope.", wanted.join(" or ")))
        })?;
        Ok((caller, used))
    }

    fn asked(&self, operation: &Operation, incoming: &Incoming) -> Result<Asked, Refusal> {
        let (caller, used) = self.admit(operation, incoming)?;
        let query = incoming.query.clone()?;
        Ok(Asked { caller, flow: used.flow, path: incoming.path.clone(), query })
    }

    /// Answers a GET.
    pub(super) async fn get<T, F>(
        self,
        operation: &'static Operation,
        incoming: Incoming,
        run: impl FnOnce(Arc<S>, Asked) -> F,
    ) -> Response
    where
        T: Wire,
        F: Future<Output = Answer<T>>,
    {
        match self.asked(operation, &incoming) {
            Err(refusal) => refusal.into_response(),
            Ok(asked) => match run(self.store, asked).await {
                Ok(message) => json_response(StatusCode::OK, message.write().to_string()),
                Err(refusal) => refusal.into_response(),
            },
        }
    }

    /// Answers a GET of bytes.
    pub(super) async fn get_bytes<F>(
        self,
        operation: &'static Operation,
        incoming: Incoming,
        run: impl FnOnce(Arc<S>, Asked) -> F,
    ) -> Response
    where
        F: Future<Output = Answer<Bytes>>,
    {
        match self.asked(operation, &incoming) {
            Err(refusal) => refusal.into_response(),
            Ok(asked) => match run(self.store, asked).await {
                Err(refusal) => refusal.into_response(),
                Ok(bytes) => (
                    [
                        (header::CONTENT_TYPE, "application/octet-stream"),
                        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                        (header::CONTENT_DISPOSITION, "attachment"),
                    ],
                    bytes,
                )
                    .into_response(),
            },
        }
    }

    /// Takes in a PUT.
    pub(super) async fn put<T, F>(
        self,
        operation: &'static Operation,
        incoming: Incoming,
        run: impl FnOnce(Arc<S>, Asked, T) -> F,
    ) -> Response
    where
        T: FromMessage,
        F: Future<Output = Answer<Put>>,
    {
        let taken = async {
            let asked = self.asked(operation, &incoming)?;
            // The id of a membership is the second one in its path.
            let path_id = asked.path.last().cloned();
            let (message, _) = self.read::<T>(operation, asked.flow, path_id, incoming).await?;
            run(self.store, asked, message).await
        };
        match taken.await {
            Ok(Put::Created) => StatusCode::CREATED.into_response(),
            Ok(Put::Replaced) => StatusCode::OK.into_response(),
            Err(refusal) => refusal.into_response(),
        }
    }

    /// Takes in a PATCH; the answer is written as the trait gives it.
    pub(super) async fn patch<T, A, F>(
        self,
        operation: &'static Operation,
        incoming: Incoming,
        run: impl FnOnce(Arc<S>, Asked, Patch<T>) -> F,
    ) -> Response
    where
        T: FromMessage,
        A: Written,
        F: Future<Output = Answer<A>>,
    {
        let taken = async {
            let asked = self.asked(operation, &incoming)?;
            let flow = asked.flow;
            let (message, value) =
                self.read::<T>(operation, flow, asked.path.first().cloned(), incoming).await?;
            let patch = Patch { message, changes: only_of_flow(flow, value) };
            run(self.store, asked, patch).await
        };
        match taken.await {
            Ok(answer) => answer.written(),
            Err(refusal) => refusal.into_response(),
        }
    }

    /// Reads the body within its limits and judges it.
    async fn read<T: FromMessage>(
        &self,
        operation: &'static Operation,
        flow: u8,
        path_id: Option<String>,
        incoming: Incoming,
    ) -> Result<(T, Value), Refusal> {
        check_media_type(operation.method, &incoming.headers)?;
        let too_large =
            || Refusal::Bad(format!("The body is larger than {} bytes; send less.", self.limits.body));
        let announced =
            incoming.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if announced.is_some_and(|length: usize| length > self.limits.body) {
            return Err(too_large());
        }
        let bytes = tokio::time::timeout(self.limits.arrival, to_bytes(incoming.body, self.limits.body))
            .await
            .map_err(|_| Refusal::Bad("The body took too long to arrive; send it again.".to_owned()))?
            .map_err(|_| too_large())?;
        let context = Context { path_id, dialect: Dialect::V1_1, ..Context::request(operation, flow) };
        let value: Value = match serde_json::from_slice(&bytes) {
            Ok(value) => value,
            Err(_) => return Err(refused(&check(&bytes, &context))),
        };
        let checked = check_value(value.clone(), &context);
        if checked.findings.iter().any(is_refused) {
            return Err(refused(&checked));
        }
        let message = checked.message.and_then(T::from_message).ok_or(Refusal::Bad(
            "The body is not the message this path takes; see the service metadata for the specification."
                .to_owned(),
        ))?;
        Ok((message, value))
    }
}

/// What this flow does not speak about is left out of a patch: a delivery system cannot cancel a session, a planner
/// cannot send a result, and nobody's remoteState counts.
fn only_of_flow(flow: u8, mut changes: Value) -> Value {
    let names: &[&str] = match flow {
        3 | 5 => &["associationType", "consumers", "result"],
        4 => &["offeringType", "consumers"],
        _ => &[],
    };
    if let Some(object) = changes.as_object_mut() {
        for ignored in ["associationId", "offeringId", "remoteState", "academicSession"] {
            object.remove(ignored);
        }
        if names.is_empty() {
            object.remove("result");
        } else {
            object.retain(|name, _| names.contains(&name.as_str()));
        }
    }
    let ours: &[&str] = match flow {
        3 => &["consumerKey", "testMomentEnrollmentDetails"],
        4 => &["consumerKey", "irregularities", "documents"],
        _ => &[],
    };
    if !ours.is_empty()
        && let Some(consumers) = changes.get_mut("consumers").and_then(Value::as_array_mut)
    {
        for consumer in consumers.iter_mut().filter_map(Value::as_object_mut) {
            if consumer.get("consumerKey").and_then(Value::as_str) == Some(crate::wire::CONSUMER_KEY) {
                consumer.retain(|name, _| ours.contains(&name.as_str()));
            }
        }
    }
    changes
}

/// Errors refuse a message; a missing id does not, since the path has it.
fn is_refused(finding: &Finding) -> bool {
    let has_path = matches!(finding.detail.as_str(), "associationId" | "offeringId" | "personId" | "groupId");
    finding.severity == Severity::Error
        && !(finding.rule == Rule::Required && finding.pointer.is_empty() && has_path)
}

fn refused(checked: &Checked) -> Refusal {
    let reasons: Vec<_> = checked.findings.iter().filter(|finding| is_refused(finding)).cloned().collect();
    Refusal::findings(&reasons)
}

fn check_media_type(method: Method, headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match (method, kind.as_str()) {
        (_, "application/json") | (Method::Patch, "application/merge-patch+json") => Ok(()),
        (Method::Patch, _) => {
            Err(Refusal::Bad("Send the body as application/merge-patch+json or application/json.".to_owned()))
        }
        _ => Err(Refusal::Bad("Send the body as application/json.".to_owned())),
    }
}

pub(super) fn json_response(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// What a PATCH answers.
pub(super) trait Written {
    fn written(self) -> Response;
}

impl Written for () {
    fn written(self) -> Response {
        StatusCode::OK.into_response()
    }
}

impl Written for crate::message::PatchAnswer {
    fn written(self) -> Response {
        json_response(StatusCode::OK, self.write().to_string())
    }
}

/// Taking the right kind of message out of a checked one.
pub(super) trait FromMessage: Sized {
    fn from_message(message: Message) -> Option<Self>;
}

macro_rules! from_message {
    ( $( $type:ident $variant:ident $(($boxed:ident))?; )+ ) => { $(
        impl FromMessage for crate::message::$type {
            fn from_message(message: Message) -> Option<Self> {
                match message {
                    Message::$variant(message) => Some(from_message!(@take message $($boxed)?)),
                    _ => None,
                }
            }
        }
    )+ };
    (@take $message:ident boxed) => { *$message };
    (@take $message:ident) => { $message };
}

from_message! {
    Association Association (boxed);
    Offering Offering (boxed);
    Person Person;
    Group Group;
    Membership Membership;
}

/// Counts the requests of each client within a second.
struct Pace {
    outside: Outside,
    seen: Mutex<HashMap<String, (i64, u32)>>,
}

impl Pace {
    fn step(&self, client: &str, most: u32) -> Result<(), Refusal> {
        let second = self.outside.now().as_second();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let count = seen.entry(client.to_owned()).or_insert((second, 0));
        if count.0 != second {
            *count = (second, 0);
        }
        count.1 += 1;
        if count.1 > most { Err(Refusal::TooMany) } else { Ok(()) }
    }
}
