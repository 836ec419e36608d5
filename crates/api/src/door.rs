//! Operations being gathered: each is a route and its own description.

use crate::House;
use crate::call::{Answer, Call, Part};
use crate::problem::Problem;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, on};
use regie_core::Caller;
use regie_core::id::Id as _;
use regie_core::limit::{Asking, Limits};
use regie_signin::Token;
use regie_signin::client::{ApiScope, ClientNow, recognise};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use std::sync::Arc;

/// One operation, as the document and the tests see it.
#[derive(Clone)]
pub struct Operation {
    /// Stable for ever: programs are generated from it.
    pub id: &'static str,
    pub method: Method,
    /// `/api/v1/persons/{person}`
    pub pattern: &'static str,
    pub summary: &'static str,
    pub scope: ApiScope,
    pub(crate) status: StatusCode,
    /// A change that names the version it is about.
    pub(crate) versioned: bool,
    /// The answer carries an `ETag`.
    pub(crate) etag: bool,
    pub(crate) describe: fn(&mut SchemaGenerator, &mut SchemaGenerator) -> Described,
}

/// The schemas of an operation's parts; `None` where it has none.
pub(crate) struct Described {
    pub path: Option<Schema>,
    pub query: Option<Schema>,
    pub body: Option<Schema>,
    pub answer: Option<Schema>,
}

/// Left on an answer for the layer that writes refused attempts down.
#[derive(Clone)]
pub(crate) struct Refused {
    pub caller: Caller,
    pub rule: &'static str,
}

/// How an operation is announced.
#[derive(Clone, Copy)]
pub(crate) struct Op {
    id: &'static str,
    method: MethodFilter,
    name: &'static str,
    pattern: &'static str,
    scope: ApiScope,
    summary: &'static str,
    status: StatusCode,
    versioned: bool,
    etag: bool,
}

impl Op {
    const fn new(
        method: MethodFilter,
        name: &'static str,
        id: &'static str,
        pattern: &'static str,
        scope: ApiScope,
        summary: &'static str,
    ) -> Self {
        Self {
            id,
            method,
            name,
            pattern,
            scope,
            summary,
            status: StatusCode::OK,
            versioned: false,
            etag: false,
        }
    }

    pub const fn get(id: &'static str, at: &'static str, scope: ApiScope, summary: &'static str) -> Self {
        Self::new(MethodFilter::GET, "GET", id, at, scope, summary)
    }

    /// Makes something new.
    pub const fn add(id: &'static str, at: &'static str, scope: ApiScope, summary: &'static str) -> Self {
        let op = Self::new(MethodFilter::POST, "POST", id, at, scope, summary);
        Self { status: StatusCode::CREATED, ..op }
    }

    /// Does something to what is there.
    pub const fn act(id: &'static str, at: &'static str, scope: ApiScope, summary: &'static str) -> Self {
        let op = Self::new(MethodFilter::POST, "POST", id, at, scope, summary);
        Self { status: StatusCode::NO_CONTENT, ..op }
    }

    /// Puts a whole new version in the place of the one that `If-Match` names.
    pub const fn put(id: &'static str, at: &'static str, scope: ApiScope, summary: &'static str) -> Self {
        let op = Self::new(MethodFilter::PUT, "PUT", id, at, scope, summary);
        Self { versioned: true, etag: true, ..op }
    }

    /// The answer carries an `ETag`.
    pub const fn with_etag(self) -> Self {
        Self { etag: true, ..self }
    }
}

/// Operations being gathered.
#[derive(Default)]
pub struct Door {
    router: Router<House>,
    operations: Vec<Operation>,
}

impl Door {
    pub(crate) fn op<P, Q, B, T, F, W>(mut self, op: Op, handler: F) -> Self
    where
        P: Part,
        Q: Part,
        B: Part,
        T: Serialize + JsonSchema + Send + 'static,
        F: Fn(Call<P, Q, B>) -> W + Clone + Send + Sync + 'static,
        W: Future<Output = Answer<T>> + Send + 'static,
    {
        self.operations.push(Operation {
            id: op.id,
            method: Method::from_bytes(op.name.as_bytes()).unwrap_or(Method::GET),
            pattern: op.pattern,
            summary: op.summary,
            scope: op.scope,
            status: op.status,
            versioned: op.versioned,
            etag: op.etag,
            describe: describe::<P, Q, B, T>,
        });
        let serve = move |State(house): State<House>, request: Request| {
            let handler = handler.clone();
            async move { serve(house, request, op, handler).await }
        };
        self.router = self.router.route(op.pattern, on(op.method, serve));
        self
    }

    /// Takes in the operations of another part of the house.
    pub(crate) fn and(mut self, other: Door) -> Self {
        self.operations.extend(other.operations);
        self.router = self.router.merge(other.router);
        self
    }

    /// All operations so far.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    pub(crate) fn into_router(self) -> Router<House> {
        self.router
    }
}

async fn serve<P, Q, B, T, F, W>(house: House, request: Request, op: Op, handler: F) -> Response
where
    P: Part,
    Q: Part,
    B: Part,
    T: Serialize + 'static,
    F: Fn(Call<P, Q, B>) -> W + Send + Sync,
    W: Future<Output = Answer<T>> + Send,
{
    let client = match admit(&house, request.headers(), op.scope).await {
        Ok(client) => client,
        Err(problem) => return problem.into_response(),
    };
    if let Some(limits) = request.extensions().get::<Arc<Limits>>()
        && let Err(seconds) = limits.take(Asking::Client(client.id.uuid()), house.clock.now())
    {
        return Problem::too_many(seconds).into_response();
    }
    let caller = client.caller.clone();
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let called = async { handler(Call::read(house, client, request, op.versioned).await?).await };
    match called.await {
        Ok(reply) => reply.answer(op.status, known.as_ref()),
        Err(problem) => {
            let rule = problem.refused_by();
            let mut response = problem.into_response();
            if let Some(rule) = rule {
                response.extensions_mut().insert(Refused { caller, rule });
            }
            response
        }
    }
}

/// Who asks, by its token, if that token is good for this.
async fn admit(house: &House, headers: &HeaderMap, scope: ApiScope) -> Result<ClientNow, Problem> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some((kind, text)) = given.and_then(|given| given.split_once(' ')) else {
        return Err(Problem::no_token());
    };
    if !kind.eq_ignore_ascii_case("bearer") {
        return Err(Problem::no_token());
    }
    let token = Token::read(text.trim()).ok_or_else(Problem::bad_token)?;
    let found = recognise(&house.db, &*house.clock, &token).await;
    let found = found.map_err(|error| Problem::told(&error, regie_texts::Texts::default(), None, false))?;
    let client = found.ok_or_else(Problem::bad_token)?;
    if !client.scopes.contains(&scope) {
        return Err(Problem::scope_needed(scope.code()));
    }
    Ok(client)
}

/// What is read and what is written are described apart: a field with a default may be left out of the one and is
/// always in the other.
fn describe<P: Part, Q: Part, B: Part, T: JsonSchema + 'static>(
    read: &mut SchemaGenerator,
    written: &mut SchemaGenerator,
) -> Described {
    let nothing = std::any::TypeId::of::<T>() == std::any::TypeId::of::<()>();
    Described {
        path: (!P::none()).then(|| P::json_schema(read)),
        query: (!Q::none()).then(|| Q::json_schema(read)),
        body: (!B::none()).then(|| read.subschema_for::<B>()),
        answer: (!nothing).then(|| written.subschema_for::<T>()),
    }
}
