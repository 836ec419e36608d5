//! A running party: its routers, its tokens, its memory, on one address.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::Value;
use tokio::net::TcpListener;
use tower::ServiceExt;

use super::data::{OTHER_SCHOOL, SCHOOL};
use super::fault::{Fault, Faults};
use super::traffic::{Seen, Traffic};
use crate::exchange::{Operation, Role, Scope};
use crate::memory::Memory;
use crate::outside::Outside;
use crate::server::{App, Authority, Client, Limits, service, sis, ta, tpl};

/// Who may call a stand, and as what.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Credentials {
    /// The client id.
    pub id: String,
    /// The client secret.
    pub secret: String,
}

/// How a stand is set up.
#[derive(Debug, Clone)]
pub struct StandSettings {
    /// Which party.
    pub role: Role,
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Limits of its server.
    pub limits: Limits,
    /// Faults it has from the start.
    pub faults: Vec<Fault>,
}

impl StandSettings {
    /// A party on a free port of this machine.
    #[must_use]
    pub fn new(role: Role) -> Self {
        Self {
            role,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            limits: Limits::default(),
            faults: Vec::new(),
        }
    }
}

/// A running party. It stops when it is dropped.
#[derive(Debug)]
pub struct Stand {
    /// Which party.
    pub role: Role,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it holds.
    pub memory: Arc<Memory>,
    /// Who may call it.
    pub authority: Arc<Authority>,
    /// What came by.
    pub traffic: Arc<Traffic>,
    /// What is wrong with it.
    pub faults: Arc<Faults>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Stand {
    /// Starts a party; `extra` is served beside it, for a page to look at.
    ///
    /// # Errors
    /// If the address cannot be listened on.
    pub async fn start(settings: StandSettings, outside: Outside) -> Result<Self, String> {
        Self::start_with(settings, outside, |_, _| Router::new()).await
    }

    /// Starts a party with more routes beside it.
    ///
    /// # Errors
    /// If the address cannot be listened on.
    pub async fn start_with(
        settings: StandSettings,
        outside: Outside,
        beside: impl FnOnce(&Arc<Memory>, &Arc<Traffic>) -> Router,
    ) -> Result<Self, String> {
        let listener = TcpListener::bind(settings.listen).await.map_err(|error| {
            format!("{} cannot be listened on: {error}. Choose another port.", settings.listen)
        })?;
        let address = listener.local_addr().map_err(|error| format!("The address is unknown: {error}."))?;
        let memory = Arc::new(Memory::new(&format!("http://{address}/begin")));
        let authority = Arc::new(Authority::new(clients_of(settings.role), outside.clone()));
        let traffic = Arc::new(Traffic::new(5000));
        let faults = Arc::new(Faults::new(settings.faults));
        let about = service("beheer@roc.example", "https://example.org/oke", "https://example.org/oke/docs");
        let app =
            App::new(Arc::clone(&memory), Arc::clone(&authority), about, settings.limits, outside.clone());
        let party = match settings.role {
            Role::Sis => sis(app),
            Role::Tpl => tpl(app),
            Role::Ta => ta(app),
        };
        let watcher = Watcher {
            role: settings.role,
            traffic: Arc::clone(&traffic),
            authority: Arc::clone(&authority),
            arrival: settings.limits.arrival,
            outside,
        };
        let broken = faults.layer(party, settings.role, Arc::clone(&memory), Arc::clone(&authority));
        let watched = broken.layer(from_fn_with_state(watcher, watch));
        // The base URL with a slash at its end is the same place.
        let with_slash = watched.clone();
        let router = Router::new()
            .route(
                &format!("/{}/ooapi/", settings.role),
                any(move |mut request: Request| {
                    *request.uri_mut() = Uri::from_static("/");
                    with_slash.oneshot(request)
                }),
            )
            .nest(&format!("/{}/ooapi", settings.role), watched)
            .merge(authority.router())
            .merge(beside(&memory, &traffic));
        let task = tokio::spawn(async move {
            // Serving ends only with the task; an error here means the listener is gone.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { role: settings.role, address, memory, authority, traffic, faults, task })
    }

    /// The base URL of the party.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/{}/ooapi", self.address, self.role)
    }

    /// The token endpoint.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("http://{}/token", self.address)
    }
}

/// The credentials with which a party calls a stand.
#[must_use]
pub fn credentials(caller: Role, institution: &str) -> Credentials {
    Credentials {
        id: format!("{caller}-{institution}"),
        secret: format!("geheim-van-{caller}-{institution}"),
    }
}

fn clients_of(server: Role) -> Vec<Client> {
    let mut clients = Vec::new();
    for institution in [SCHOOL, OTHER_SCHOOL] {
        for caller in Role::ALL.into_iter().filter(|caller| *caller != server) {
            let Credentials { id, secret } = credentials(caller, institution);
            clients.push(Client::new(&id, &secret, caller, institution, &scopes_of(caller, server)));
        }
    }
    clients
}

/// The scopes one party needs at another.
#[must_use]
pub fn scopes_of(caller: Role, server: Role) -> Vec<Scope> {
    let mut scopes: Vec<_> = crate::exchange::OPERATIONS
        .iter()
        .filter(|operation| operation.server == server)
        .flat_map(|operation| operation.uses)
        .filter(|used| used.caller == caller)
        .map(|used| used.scope)
        .collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

#[derive(Clone)]
struct Watcher {
    role: Role,
    traffic: Arc<Traffic>,
    authority: Arc<Authority>,
    arrival: Duration,
    outside: Outside,
}

impl Watcher {
    /// The flow in which this caller uses the operation.
    fn flow(&self, method: &str, path: &str, headers: &HeaderMap) -> Option<u8> {
        let token = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?.1;
        let caller = self.authority.caller(token)?;
        let operation = Operation::find(self.role, method.parse().ok()?, path)?;
        operation.uses.iter().find(|used| used.caller == caller.role).map(|used| used.flow)
    }
}

/// Bodies beyond this are not kept for looking at; no party takes in as much.
const MOST_WATCHED: usize = 2 * 1024 * 1024;

async fn watch(State(watcher): State<Watcher>, request: Request, next: Next) -> Response {
    let at = watcher.outside.now();
    let method = request.method().to_string();
    let path = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let is_announced_large = |headers: &HeaderMap| {
        headers
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse::<usize>().ok())
            .is_some_and(|length| length > MOST_WATCHED)
    };
    let flow = watcher.flow(&method, &path, request.headers());
    let (head, body) = request.into_parts();
    let (request_body, body) = if is_announced_large(&head.headers) {
        // The party refuses it before it comes.
        (Bytes::new(), body)
    } else {
        // Looking on is no reason to wait longer than the party itself would. A body may come in pieces of which nobody
        // said how many.
        match tokio::time::timeout(watcher.arrival, to_bytes(body, MOST_WATCHED)).await {
            Ok(Ok(bytes)) => (bytes.clone(), Body::from(bytes)),
            _ => {
                let reason = "The body broke off, took too long to arrive or is too large; send it again.";
                return crate::server::Refusal::Bad(reason.to_owned()).into_response();
            }
        }
    };
    let response = next.run(Request::from_parts(head, body)).await;
    let status = response.status().as_u16();
    let (head, body) = response.into_parts();
    let is_json = head
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.contains("json"));
    let (answer, body) = if is_json {
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        (bytes.clone(), Body::from(bytes))
    } else {
        (Bytes::new(), body)
    };
    // Of a long list only the first items are kept.
    let bytes = request_body.len() + answer.len().min(64 * 1024);
    watcher.traffic.note(
        Seen {
            number: 0,
            at,
            server: watcher.role,
            is_sent: false,
            method,
            path,
            status,
            request: value_of(&request_body),
            answer: value_of(&answer),
            request_findings: Vec::new(),
            answer_findings: Vec::new(),
        },
        flow,
        bytes,
    );
    Response::from_parts(head, body)
}

fn value_of(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok()
}
