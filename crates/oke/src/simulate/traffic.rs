//! Everything that came by a stand, with what the checker has to say about it.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

use crate::check::{Context, check_value};
use crate::client::{Entry, Log};
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
    /// The answer's status; 0 if there was no answer.
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
    kept: Mutex<Kept>,
    count: watch::Sender<u64>,
    most: usize,
}

#[derive(Debug, Default)]
struct Kept {
    /// Each with its weight in bytes.
    seen: VecDeque<(usize, Seen)>,
    weight: usize,
}

/// Beyond this many bytes of bodies the oldest go, however few they are.
const MOST_BYTES: usize = 32 * 1024 * 1024;

impl Traffic {
    /// Keeps at most this many.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { kept: Mutex::default(), count: watch::channel(0).0, most }
    }

    /// What came by after number `since`.
    #[must_use]
    pub fn since(&self, since: u64) -> Vec<Seen> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.seen.iter().map(|(_, seen)| seen).filter(|seen| seen.number > since).cloned().collect()
    }

    /// The number of the last one; changes when another comes by.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }

    /// Keeps one, after judging it; `bytes` is how large its bodies were.
    pub fn note(&self, mut seen: Seen, flow: Option<u8>, bytes: usize) {
        seen.judge(flow);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let number = *self.count.borrow() + 1;
        seen.number = number;
        kept.weight = kept.weight.saturating_add(bytes);
        kept.seen.push_back((bytes, seen));
        while kept.seen.len() > 1 && (kept.seen.len() > self.most || kept.weight > MOST_BYTES) {
            if let Some((bytes, _)) = kept.seen.pop_front() {
                kept.weight = kept.weight.saturating_sub(bytes);
            }
        }
        drop(kept);
        self.count.send_replace(number);
    }
}

/// The calls a party makes itself, beside what it receives; masked as its log is. Simulated partners go by their role.
impl Log for Traffic {
    fn record(&self, entry: Entry) {
        let Ok(server) = entry.partner.parse() else { return };
        let seen = Seen {
            number: 0,
            at: entry.at,
            server,
            is_sent: true,
            method: entry.method.to_owned(),
            path: entry.path,
            status: entry.status.unwrap_or(0),
            request: entry.request,
            answer: entry.answer.or(entry.error.map(Value::String)).as_ref().map(shortened),
            request_findings: Vec::new(),
            answer_findings: Vec::new(),
        };
        self.note(seen, None, 4096);
    }
}

impl Seen {
    fn judge(&mut self, flow: Option<u8>) {
        // What this party sent itself is judged where it arrives.
        if self.is_sent {
            return;
        }
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
        if let Some(request) = self.request.take() {
            let kept = shortened(&request);
            self.request_findings = first_of(check_value(request, &context).findings);
            self.request = Some(kept);
        }
        if (200..300).contains(&self.status)
            && let Some(answer) = self.answer.take()
        {
            let kept = shortened(&answer);
            let context = Context { is_answer: true, ..context };
            self.answer_findings = first_of(check_value(answer, &context).findings);
            self.answer = Some(kept);
        }
    }
}

/// The whole message was judged; what is kept to look at is not the whole of a snapshot of thousands.
const MOST_ITEMS: usize = 20;
const MOST_FINDINGS: usize = 200;

fn shortened(value: &Value) -> Value {
    match value {
        Value::Object(page) if page.get("items").is_some() => Value::Object(
            page.iter()
                .map(|(name, value)| {
                    let few = match value {
                        Value::Array(items) if items.len() > MOST_ITEMS => {
                            Value::Array(items.iter().take(MOST_ITEMS).cloned().collect())
                        }
                        other => other.clone(),
                    };
                    (name.clone(), few)
                })
                .collect(),
        ),
        other => other.clone(),
    }
}

fn first_of(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.truncate(MOST_FINDINGS);
    findings
}
