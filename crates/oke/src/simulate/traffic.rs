//! Everything that came by a stand, with what the checker has to say about it.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

use crate::check::{Context, check_value};
use crate::exchange::{Method, Operation, Role};
use crate::finding::Finding;
use crate::wire::Dialect;

/// One request and its answer, as a stand saw them.
#[derive(Debug, Clone, Serialize)]
pub struct Seen {
    /// Its number, from 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who served it.
    #[serde(serialize_with = "as_name")]
    pub server: Role,
    /// Whether this stand sent it rather than received it.
    pub is_sent: bool,
    /// GET, PUT or PATCH.
    pub method: String,
    /// Path and query below the base URL.
    pub path: String,
    /// The answer's status.
    pub status: u16,
    /// The request body.
    pub request: Option<Value>,
    /// The answer body.
    pub answer: Option<Value>,
    /// What there is to say about the request.
    pub request_findings: Vec<Finding>,
    /// What there is to say about the answer.
    pub answer_findings: Vec<Finding>,
}

fn as_name<S: serde::Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(role.name())
}

/// The last things that came by.
#[derive(Debug)]
pub struct Traffic {
    seen: Mutex<VecDeque<Seen>>,
    count: watch::Sender<u64>,
    most: usize,
}

impl Traffic {
    /// Keeps at most this many.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { seen: Mutex::default(), count: watch::channel(0).0, most }
    }

    /// What came by after number `since`.
    #[must_use]
    pub fn since(&self, since: u64) -> Vec<Seen> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().filter(|seen| seen.number > since).cloned().collect()
    }

    /// The number of the last one; changes when another comes by.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }

    /// Keeps one, after judging it.
    pub fn note(&self, mut seen: Seen, flow: Option<u8>) {
        seen.judge(flow);
        let mut all = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let number = *self.count.borrow() + 1;
        seen.number = number;
        if all.len() >= self.most {
            all.pop_front();
        }
        all.push_back(seen);
        drop(all);
        self.count.send_replace(number);
    }
}

impl Seen {
    fn judge(&mut self, flow: Option<u8>) {
        let Ok(method) = self.method.parse::<Method>() else { return };
        let Some(operation) = Operation::find(self.server, method, &self.path) else { return };
        let path_id = self.path.split('?').next().and_then(|path| path.split('/').nth(2)).map(str::to_owned);
        let flow = flow.or_else(|| operation.uses.first().map(|used| used.flow));
        let context = Context {
            operation: Some(operation),
            flow,
            dialect: Dialect::V1_1,
            path_id,
            ..Context::default()
        };
        if let Some(request) = &self.request {
            self.request_findings = check_value(request.clone(), &context).findings;
        }
        if let (Some(answer), 200..300) = (&self.answer, self.status) {
            let context = Context { is_answer: true, ..context };
            self.answer_findings = check_value(answer.clone(), &context).findings;
        }
    }
}
