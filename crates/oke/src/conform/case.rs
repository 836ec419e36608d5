//! One test: what it proves, where the rule stands, and how it went.

use std::future::Future;
use std::pin::Pin;

use serde::Serialize;

use super::probe::{Exchange, Probe};

/// What a test is after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// What must work, works.
    Positive,
    /// What must be refused, is refused.
    Negative,
    /// Twice is once.
    Idempotency,
    /// Order of arrival.
    Ordering,
    /// Merge patches.
    Patch,
    /// Cancelled and finished objects.
    Tombstone,
    /// Tokens, scopes, institutions.
    Access,
    /// Pages and filters.
    Lists,
    /// Embedding.
    Expand,
    /// Dates and moments.
    Dates,
    /// Documents.
    Documents,
    /// Attempts.
    Attempts,
    /// What the tested party sends when it calls.
    Calling,
}

/// Why a test ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// The rule was not kept.
    Failed(String),
    /// The test needs something that is not there.
    Skipped(String),
}

pub(super) type Running<'a> = Pin<Box<dyn Future<Output = Result<(), Stop>> + Send + 'a>>;

/// A test.
#[derive(Clone, Copy)]
pub struct Case {
    /// Its id, stable over versions.
    pub id: &'static str,
    /// The flow; none if it concerns them all.
    pub flow: Option<u8>,
    /// What it is after.
    pub kind: Kind,
    /// Where the rule stands.
    pub place: &'static str,
    /// The rule, in Dutch.
    pub nl: &'static str,
    /// The rule, in English.
    pub en: &'static str,
    pub(super) run: for<'a> fn(&'a mut Probe) -> Running<'a>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("id", &self.id).finish_non_exhaustive()
    }
}

/// How a test went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "verdict", content = "reason")]
pub enum Verdict {
    /// The rule was kept.
    Passed,
    /// The rule was not kept, and how that showed.
    Failed(String),
    /// The test could not be done, and what it needs.
    Skipped(String),
}

/// A test that was done.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The test.
    pub case: Case,
    /// How it went.
    pub verdict: Verdict,
    /// What was sent and received.
    pub exchanges: Vec<Exchange>,
    /// How long it took, in milliseconds.
    pub millis: i64,
}

macro_rules! case {
    ($id:literal, $flow:expr, $kind:ident, $place:literal, $nl:literal, $en:literal, |$probe:ident| $body:block) => {
        $crate::conform::case::Case {
            id: $id,
            flow: $flow,
            kind: $crate::conform::case::Kind::$kind,
            place: $place,
            nl: $nl,
            en: $en,
            run: |$probe| {
                Box::pin(async move {
                    $body
                    Ok(())
                })
            },
        }
    };
}

pub(super) use case;
