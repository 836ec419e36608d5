//! A small page to see the traffic of a stand live, and to push a button.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::agent::Work;
use super::data::SCHOOL;
use super::fault::Fault;
use super::traffic::Traffic;
use crate::client::BreakerState;
use crate::exchange::Role;
use crate::memory::{Kind, Memory, Shelf};
use crate::message::{Association, AssociationType, Offering, OfferingType, Person};
use crate::wire::{Keyed, Ref};

/// Something a person wants to happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What: cancel-enrolment, cancel-session, fault, mend.
    pub what: String,
    /// Which.
    #[serde(default)]
    pub which: String,
}

/// The desk between a party and whoever looks at its page: what people asked for, and how the party is doing.
#[derive(Debug, Default)]
pub struct Actions {
    waiting: Mutex<VecDeque<Action>>,
    doing: Mutex<Doing>,
}

/// How a party is doing.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Doing {
    /// Each partner it calls, and whether that partner is being left alone.
    pub(super) partners: Vec<(&'static str, BreakerState)>,
    /// What a person has to look at; the last things first.
    pub(super) work: Vec<Work>,
    /// What goes wrong on purpose now.
    pub(super) faults: Vec<&'static str>,
}

impl Actions {
    /// Asks for something.
    pub fn ask(&self, action: Action) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(action);
    }

    pub(super) fn take(&self) -> Vec<Action> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
    }

    pub(super) fn tell(&self, doing: Doing) {
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner) = doing;
    }

    fn doing(&self) -> Doing {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[derive(Clone)]
struct Desk {
    role: Role,
    memory: Arc<Memory>,
    traffic: Arc<Traffic>,
    actions: Arc<Actions>,
}

/// The page and what it asks for.
pub fn page(role: Role, memory: &Arc<Memory>, traffic: &Arc<Traffic>, actions: &Arc<Actions>) -> Router {
    let desk =
        Desk { role, memory: Arc::clone(memory), traffic: Arc::clone(traffic), actions: Arc::clone(actions) };
    Router::new()
        .route("/", get(|| async { text("text/html; charset=utf-8", include_str!("page/index.html")) }))
        .route(
            "/live.js",
            get(|| async { text("text/javascript; charset=utf-8", include_str!("page/live.js")) }),
        )
        .route("/live.css", get(|| async { text("text/css; charset=utf-8", include_str!("page/live.css")) }))
        .route("/live", get(live))
        .route("/things", get(things))
        .route("/do", post(act))
        .with_state(desk)
}

fn text(kind: &'static str, body: &'static str) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
        ),
    );
    response
}

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    since: u64,
}

/// What came by after a number; waits a while if there is nothing yet.
async fn live(State(desk): State<Desk>, Query(Since { since }): Query<Since>) -> Json<Value> {
    let mut count = desk.traffic.watch();
    let mut seen = desk.traffic.since(since);
    if seen.is_empty() {
        let _ = tokio::time::timeout(Duration::from_secs(10), count.changed()).await;
        seen = desk.traffic.since(since);
    }
    let first = seen.len().saturating_sub(200);
    Json(json!({ "role": desk.role.name(), "seen": seen.get(first..).unwrap_or_default() }))
}

/// What a person can push a button for.
async fn things(State(desk): State<Desk>) -> Json<Value> {
    let shelf = shelf_of_sessions(desk.role);
    let enrolments: Vec<Association> = desk.memory.some(SCHOOL, Shelf::Plan, Kind::Association, MOST_THINGS);
    let sessions: Vec<Offering> = desk.memory.some(SCHOOL, shelf, Kind::Offering, MOST_THINGS);
    let enrolments: Vec<_> = enrolments
        .iter()
        .filter(|association| association.kind() == AssociationType::Component && !association.is_over())
        .filter_map(|association| {
            let person: Option<Person> = association
                .person
                .get()
                .and_then(Ref::id)
                .and_then(|id| desk.memory.get(SCHOOL, Shelf::Plan, Kind::Person, id));
            let name = person.and_then(|person| person.display_name.take()).map(|name| name.0);
            association.key().map(|id| json!({ "id": id, "name": name }))
        })
        .collect();
    let sessions: Vec<_> = sessions
        .iter()
        .filter(|session| session.kind() == OfferingType::Component && !session.is_canceled())
        .filter_map(|session| {
            let name = session.name.get().and_then(|name| name.dutch()).unwrap_or_default();
            session.key().map(|id| json!({ "id": id, "name": name }))
        })
        .collect();
    let faults: Vec<_> =
        Fault::all().filter(|fault| fault.role == desk.role).map(|fault| fault.name).collect();
    Json(json!({ "role": desk.role.name(), "enrolments": enrolments, "sessions": sessions, "faults": faults,
        "doing": desk.actions.doing() }))
}

/// A page offers no more than a person can look through.
const MOST_THINGS: usize = 400;

/// Where a party keeps what can be called off: an administration its plannable tests, the others their sessions.
pub(super) const fn shelf_of_sessions(role: Role) -> Shelf {
    match role {
        Role::Sis => Shelf::Plan,
        Role::Tpl | Role::Ta => Shelf::Session,
    }
}

async fn act(State(desk): State<Desk>, Json(action): Json<Action>) -> Response {
    if !matches!(action.what.as_str(), "cancel-enrolment" | "cancel-session" | "fault" | "mend") {
        let problem = json!({ "title": "Kies cancel-enrolment, cancel-session, fault of mend." });
        return (StatusCode::BAD_REQUEST, Json(problem)).into_response();
    }
    desk.actions.ask(action);
    StatusCode::ACCEPTED.into_response()
}
