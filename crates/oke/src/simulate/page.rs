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

use super::data::SCHOOL;
use super::fault::{FAULTS, ODDITIES, OUTAGES};
use super::traffic::Traffic;
use crate::exchange::Role;
use crate::memory::{Kind, Memory, Shelf};
use crate::message::{Association, AssociationType, Offering};
use crate::wire::Keyed;

/// Something a person wants to happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What: cancel-enrolment, cancel-session, fault, mend.
    pub what: String,
    /// Which.
    #[serde(default)]
    pub which: String,
}

/// What people asked for and has not happened yet.
#[derive(Debug, Default)]
pub struct Actions {
    waiting: Mutex<VecDeque<Action>>,
}

impl Actions {
    /// Asks for something.
    pub fn ask(&self, action: Action) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(action);
    }

    pub(super) fn take(&self) -> Vec<Action> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
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
    let shelf = if desk.role == Role::Sis { Shelf::Plan } else { Shelf::Session };
    let enrolments: Vec<Association> = desk.memory.all(SCHOOL, Shelf::Plan, Kind::Association);
    let sessions: Vec<Offering> = desk.memory.all(SCHOOL, shelf, Kind::Offering);
    let enrolments: Vec<_> = enrolments
        .iter()
        .filter(|association| association.kind() == AssociationType::Component && !association.is_over())
        .filter_map(Keyed::key)
        .take(200)
        .collect();
    let sessions: Vec<_> = sessions
        .iter()
        .filter(|session| !session.is_canceled())
        .filter_map(|session| {
            let name = session.name.get().and_then(|name| name.dutch()).unwrap_or_default();
            session.key().map(|id| json!({ "id": id, "name": name }))
        })
        .take(200)
        .collect();
    let faults: Vec<_> = OUTAGES
        .iter()
        .chain(ODDITIES.iter())
        .chain(FAULTS.iter())
        .filter(|fault| fault.role == desk.role)
        .map(|fault| fault.name)
        .collect();
    Json(
        json!({ "role": desk.role.name(), "enrolments": enrolments, "sessions": sessions, "faults": faults }),
    )
}

async fn act(State(desk): State<Desk>, Json(action): Json<Action>) -> Response {
    if !matches!(action.what.as_str(), "cancel-enrolment" | "cancel-session" | "fault" | "mend") {
        let problem = json!({ "title": "Kies cancel-enrolment, cancel-session, fault of mend." });
        return (StatusCode::BAD_REQUEST, Json(problem)).into_response();
    }
    desk.actions.ask(action);
    StatusCode::ACCEPTED.into_response()
}
