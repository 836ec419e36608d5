//! The suite against our own parties: nothing fails. Against parties broken on purpose: each fault is found by the
//! right test. Against parties that are odd but within the agreement: nothing fails.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;
use std::time::Duration;

use regie_oke::conform::{Case, Kind, Report, Target, Verdict, cases, html, json, junit, run, run_with};
use regie_oke::exchange::Role;
use regie_oke::outside::Outside;
use regie_oke::simulate::data::{SCHOOL, School};
use regie_oke::simulate::fault::{CALL_FAULTS, FAULTS, Fault, ODDITIES};
use regie_oke::simulate::{Stand, StandSettings, credentials, main_caller, prepare};

fn outside() -> Outside {
    Outside::fixed("2026-11-16T08:00:00Z".parse().unwrap(), 7)
}

async fn stand(role: Role, faults: Vec<Fault>) -> (Stand, Target) {
    let settings = StandSettings { faults, ..StandSettings::new(role) };
    let stand = Stand::start(settings, outside()).await.unwrap();
    let prepared = prepare(&stand, &School::small("2026-11-23T08:00:00Z".parse().unwrap()));
    let target = Target {
        role,
        base_url: stand.base_url(),
        token_url: stand.token_url(),
        caller: credentials(main_caller(role), SCHOOL),
        prepared,
        timeout: Duration::from_secs(10),
        patience: Duration::from_secs(5),
        authorities: Vec::new(),
    };
    (stand, target)
}

fn failures(report: &Report) -> Vec<String> {
    report
        .outcomes
        .iter()
        .filter_map(|outcome| match &outcome.verdict {
            Verdict::Failed(reason) => Some(format!("{}: {reason}", outcome.case.id)),
            Verdict::Skipped(reason) if outcome.case.kind != Kind::Calling => {
                Some(format!("{} skipped: {reason}", outcome.case.id))
            }
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn our_three_parties_pass_every_test() {
    for role in Role::ALL {
        let (_stand, target) = stand(role, Vec::new()).await;
        let report = run(target, None, outside()).await.unwrap();
        assert!(failures(&report).is_empty(), "{role}: {:#?}", failures(&report));
        assert!(
            report.left_behind.iter().all(|line| line.ends_with("cancelled") || line.contains(": stays; ")),
            "{:#?}",
            report.left_behind
        );
        // The reports say the same in three forms.
        let count = report.outcomes.len();
        assert_eq!(html(&report).matches("<details").count(), count);
        assert_eq!(junit(&report).matches("<testcase").count(), count);
        let value: serde_json::Value = serde_json::from_str(&json(&report)).unwrap();
        assert_eq!(value["tests"].as_array().unwrap().len(), count);
        assert!(!html(&report).contains("geheim-van"), "a secret is in the report");
        assert!(html(&report).len() < 2_000_000, "nobody reads {} bytes", html(&report).len());
    }
}

#[tokio::test]
async fn every_fault_is_found_by_the_right_test() {
    let mut missed = Vec::new();
    for fault in FAULTS.iter() {
        let (_stand, target) = stand(fault.role, vec![*fault]).await;
        let wanted: Vec<Case> =
            cases(fault.role).into_iter().filter(|case| fault.found_by.contains(&case.id)).collect();
        assert_eq!(wanted.len(), fault.found_by.len(), "{} names a test that does not exist", fault.name);
        let report = run_with(target, None, outside(), &wanted).await.unwrap();
        // Not just any test: each one that is named for it.
        let failed = report.failed();
        missed.extend(
            fault
                .found_by
                .iter()
                .filter(|id| !failed.contains(id))
                .map(|id| format!("{} by {id}", fault.name)),
        );
    }
    assert!(missed.is_empty(), "not found: {missed:#?}");
}

#[tokio::test]
async fn a_party_that_is_odd_but_right_passes() {
    for oddity in ODDITIES.iter() {
        let (_stand, target) = stand(oddity.role, vec![*oddity]).await;
        let report = run(target, None, outside()).await.unwrap();
        let failed: Vec<_> = report.failed();
        assert!(failed.is_empty(), "{} in {}: {:#?}", oddity.name, oddity.role, failures(&report));
    }
}

#[test]
fn there_are_enough_faults_of_enough_classes() {
    for (faults, many, kinds) in [(&*FAULTS, 150, 14), (&*CALL_FAULTS, 40, 8)] {
        let names: BTreeSet<_> = faults.iter().map(|fault| fault.name).collect();
        let classes: BTreeSet<_> = faults.iter().map(|fault| fault.class).collect();
        assert_eq!(names.len(), faults.len(), "two faults have the same name");
        assert!(faults.len() >= many, "{} faults", faults.len());
        assert!(classes.len() >= kinds, "{classes:?}");
        for role in Role::ALL {
            assert!(faults.iter().filter(|fault| fault.role == role).count() >= 9, "{role} is hardly tried");
        }
    }
    // A fault is described by its name alone: no two lists may share one.
    let names: BTreeSet<_> = Fault::all().map(|fault| (fault.role, fault.name)).collect();
    assert_eq!(names.len(), Fault::all().count());
}

#[test]
fn every_test_has_an_id_of_its_own_and_both_languages() {
    for role in Role::ALL {
        let cases = cases(role);
        let ids: BTreeSet<_> = cases.iter().map(|case| case.id).collect();
        assert_eq!(ids.len(), cases.len());
        assert!(
            cases.iter().all(|case| !case.nl.is_empty() && !case.en.is_empty() && !case.place.is_empty())
        );
    }
}
