//! What the tested party sends when it is the one that calls: judged at the partners that listen.

mod administration;
mod delivery;
mod planner;

use std::sync::Arc;

use serde_json::Value;

use super::case::{Case, Stop};
use super::listen::Listening;
use super::probe::{Probe, expect};
use crate::exchange::Role;
use crate::finding::{Level, Severity};
use crate::simulate::fault::Fault;
use crate::simulate::{Seen, Stand};

pub(super) fn cases(role: Role) -> Vec<Case> {
    match role {
        Role::Ta => delivery::cases(),
        Role::Tpl => planner::cases(),
        Role::Sis => administration::cases(),
    }
}

/// The partner that listens in this role.
fn partner(p: &Probe, role: Role) -> Result<&Stand, Stop> {
    p.listening
        .as_ref()
        .and_then(|listening| listening.stand(role))
        .ok_or_else(|| Stop::Skipped(format!("No {role} listens; run with --listen.")))
}

/// The first call like this, if it comes in time; it goes into the report.
async fn wait(p: &mut Probe, role: Role, wanted: impl Fn(&Seen) -> bool) -> Option<Seen> {
    let listening = p.listening.clone()?;
    let seen = listening.wait(role, 0, p.target.patience, wanted).await?;
    p.heard(&seen);
    Some(seen)
}

/// The first call like this; the test fails if none comes in time.
async fn found(p: &mut Probe, role: Role, what: &str, wanted: impl Fn(&Seen) -> bool) -> Result<Seen, Stop> {
    if let Some(seen) = wait(p, role, wanted).await {
        return Ok(seen);
    }
    let seconds = p.target.patience.as_secs();
    let mut reason = format!(
        "Within {seconds} seconds the {role} that listens saw no {what}; let the tested party call it, or give it longer with --patience."
    );
    let refused = partner(p, role)?.traffic.since(0).into_iter().rev().find(|seen| seen.status >= 400);
    if let Some(seen) = refused {
        reason.push_str(&format!(
            " The last call it had to refuse was {} {}: {}{}.",
            seen.method,
            seen.path,
            seen.status,
            said(&seen)
        ));
        p.heard(&seen);
    }
    Err(Stop::Failed(reason))
}

/// The first call of this method to this path.
async fn call(p: &mut Probe, role: Role, method: &str, path: &str) -> Result<Seen, Stop> {
    let what = format!("{method} {path}");
    found(p, role, &what, |seen| seen.method == method && seen.path == path && is_admitted(seen)).await
}

/// A call that came past the door: a token that ended is asked anew by whoever notices.
const fn is_admitted(seen: &Seen) -> bool {
    seen.status != 401
}

/// Whether a call sends a whole object of this kind.
fn puts(seen: &Seen, kind: &str) -> bool {
    seen.method == "PUT" && seen.path.starts_with(kind) && is_admitted(seen)
}

/// A message without errors and warnings of schema and agreement, that was accepted.
fn clean(seen: &Seen) -> Result<(), Stop> {
    let serious = seen
        .request_findings
        .iter()
        .find(|finding| finding.severity > Severity::Note && finding.level != Level::Advice);
    match serious {
        Some(finding) => Err(Stop::Failed(format!("{} {}: {finding}", seen.method, seen.path))),
        None => expect(
            seen.status < 300,
            &format!("{} {} had to be refused with {}{}.", seen.method, seen.path, seen.status, said(seen)),
        ),
    }
}

/// Why a call was refused.
fn said(seen: &Seen) -> String {
    seen.answer
        .as_ref()
        .and_then(|answer| answer.get("detail").or_else(|| answer.get("title")))
        .and_then(Value::as_str)
        .map_or_else(String::new, |text| format!(" ({text})"))
}

/// A partner is out of order until this is dropped.
struct Outage(Arc<Listening>, Role);

impl Outage {
    fn of(p: &Probe, role: Role) -> Result<Self, Stop> {
        partner(p, role)?.faults.set(Fault::find("outage", role).into_iter().collect());
        let listening = p.listening.clone().ok_or_else(|| Stop::Skipped("Nobody listens.".to_owned()))?;
        Ok(Self(listening, role))
    }
}

impl Drop for Outage {
    fn drop(&mut self) {
        if let Some(stand) = self.0.stand(self.1) {
            stand.faults.set(Vec::new());
        }
    }
}

/// What met an outage comes again when the partner is back.
async fn comes_again(
    p: &mut Probe,
    role: Role,
    lost: &Seen,
    wanted: impl Fn(&Seen) -> bool,
) -> Result<(), Stop> {
    let Some(listening) = p.listening.clone() else { return Ok(()) };
    let patience = p.target.patience;
    let again = listening.wait(role, lost.number, patience, |seen| wanted(seen) && seen.status < 300).await;
    let again = again.ok_or_else(|| {
        Stop::Failed(format!(
            "{} {} was answered 503 and did not come again within {} seconds; retry what fails with 429 or 5xx.",
            lost.method,
            lost.path,
            patience.as_secs()
        ))
    })?;
    p.heard(&again);
    Ok(())
}
