//! Doing the tests one after another.

use std::sync::Arc;

use jiff::Timestamp;

use super::case::{Case, Kind, Outcome, Stop, Verdict};
use super::cases;
use super::listen::Listening;
use super::probe::{Probe, Target};
use crate::exchange::Role;
use crate::outside::Outside;
use serde_json::json;

/// How the whole suite went.
#[derive(Debug, Clone)]
pub struct Report {
    /// The tested party.
    pub role: Role,
    /// Its base URL.
    pub base_url: String,
    /// When it began.
    pub at: Timestamp,
    /// Every test.
    pub outcomes: Vec<Outcome>,
    /// What was made and cancelled, or could not be.
    pub left_behind: Vec<String>,
}

impl Report {
    /// How many tests passed, failed and were skipped.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |wanted: fn(&Verdict) -> bool| {
            self.outcomes.iter().filter(|outcome| wanted(&outcome.verdict)).count()
        };
        (
            count(|verdict| matches!(verdict, Verdict::Passed)),
            count(|verdict| matches!(verdict, Verdict::Failed(_))),
            count(|verdict| matches!(verdict, Verdict::Skipped(_))),
        )
    }

    /// Whether no rule was broken.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.counts().1 == 0
    }

    /// The ids of the tests that failed.
    #[must_use]
    pub fn failed(&self) -> Vec<&'static str> {
        self.outcomes
            .iter()
            .filter(|outcome| matches!(outcome.verdict, Verdict::Failed(_)))
            .map(|outcome| outcome.case.id)
            .collect()
    }
}

/// Does every test of a party.
///
/// # Errors
/// If the suite itself cannot work.
pub async fn run(
    target: Target,
    listening: Option<Arc<Listening>>,
    outside: Outside,
) -> Result<Report, String> {
    let cases = cases(target.role);
    run_with(target, listening, outside, &cases).await
}

/// Does these tests.
///
/// # Errors
/// If the suite itself cannot work.
pub async fn run_with(
    target: Target,
    listening: Option<Arc<Listening>>,
    outside: Outside,
    cases: &[Case],
) -> Result<Report, String> {
    let target = Arc::new(target);
    let at = outside.now();
    let mut outcomes = Vec::new();
    let mut probe = Probe::new(Arc::clone(&target), outside.clone(), listening.clone())?;
    probe.reach().await?;
    for case in cases {
        let started = outside.now();
        probe.exchanges.clear();
        let ended = if case.kind == Kind::Calling && listening.is_none() {
            Err(Stop::Skipped("Run with --listen and let the tested party call that address.".to_owned()))
        } else {
            (case.run)(&mut probe).await
        };
        let verdict = match ended {
            Ok(()) => Verdict::Passed,
            Err(Stop::Failed(reason)) => Verdict::Failed(reason),
            Err(Stop::Skipped(reason)) => Verdict::Skipped(reason),
        };
        outcomes.push(Outcome {
            case: *case,
            verdict,
            exchanges: std::mem::take(&mut probe.exchanges),
            millis: outside.now().as_millisecond() - started.as_millisecond(),
        });
    }
    let left_behind = clean_up(&mut probe).await;
    Ok(Report { role: target.role, base_url: target.base_url.clone(), at, outcomes, left_behind })
}

/// The standard has no delete: what was made is cancelled, participations before their session.
async fn clean_up(probe: &mut Probe) -> Vec<String> {
    let mut made = std::mem::take(&mut probe.made);
    made.sort();
    let mut left = Vec::new();
    for path in made {
        if probe.target.role == Role::Sis {
            left.push(format!(
                "{path}: stays; the agreement lets a planner withdraw nothing at a student administration"
            ));
            continue;
        }
        let cancel = if path.starts_with("/associations/") {
            json!({ "associationType": "componentOfferingAssociation", "state": "canceled" })
        } else if path.starts_with("/offerings/") {
            json!({ "offeringType": "component",
                "consumers": [{ "consumerKey": "nl-test-admin", "offeringState": "canceled" }] })
        } else {
            left.push(format!("{path}: stays; it has no state to cancel"));
            continue;
        };
        match probe.patch(&path, &cancel).await {
            Ok(got) if got.is_fine() => left.push(format!("{path}: cancelled")),
            _ => left.push(format!("{path}: could not be cancelled")),
        }
    }
    left
}
