//! The suite plays the partners that a tested party calls: our own parties pass that half too.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use regie_oke::client::{Log, Ring};
use regie_oke::conform::{Kind, Listening, Prepared, Report, Target, Verdict, cases, run_with};
use regie_oke::exchange::Role;
use regie_oke::outside::Outside;
use regie_oke::simulate::data::{SCHOOL, component_id};
use regie_oke::simulate::{
    Actions, Agent, Partners, Profile, Scenario, Stand, StandSettings, credentials, main_caller,
};

fn outside() -> Outside {
    let now: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    Outside::fixed(now, 5)
}

/// A party that calls whoever listens, and a suite that judges it.
async fn judged(role: Role, listening: &Arc<Listening>, prepared: Prepared) -> Report {
    let scenario = Scenario { tests: 2, enrolled: 2, students: 4, results_after: 0, ..Scenario::default() };
    judged_as(role, scenario, Duration::from_secs(20), listening, prepared).await
}

async fn judged_as(
    role: Role,
    scenario: Scenario,
    patience: Duration,
    listening: &Arc<Listening>,
    prepared: Prepared,
) -> Report {
    let stand = Stand::start(StandSettings::new(role), outside()).await.unwrap();
    let (base_url, token_url) = (stand.base_url(), stand.token_url());
    let mut partners = Partners::default();
    for other in Role::ALL.into_iter().filter(|other| *other != role) {
        let origin = format!("http://{}", listening.stand(other).unwrap().address);
        partners.origins.insert(other, origin);
    }
    let log: Arc<dyn Log> = Arc::new(Ring::new(100));
    let mut agent =
        Agent::new(stand, scenario, &partners, Arc::new(Actions::default()), &log, outside()).unwrap();
    let living = tokio::spawn(async move {
        loop {
            agent.step().await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let target = Target {
        role,
        base_url,
        token_url,
        caller: credentials(main_caller(role), SCHOOL),
        prepared,
        timeout: Duration::from_secs(10),
        patience,
    };
    let wanted: Vec<_> = cases(role).into_iter().filter(|case| case.kind == Kind::Calling).collect();
    assert!(!wanted.is_empty());
    let report = run_with(target, Some(Arc::clone(listening)), outside(), &wanted).await.unwrap();
    living.abort();
    report
}

fn all_passed(report: &Report) {
    for outcome in &report.outcomes {
        assert!(matches!(outcome.verdict, Verdict::Passed), "{}: {:?}", outcome.case.id, outcome.verdict);
    }
}

#[tokio::test]
async fn a_delivery_system_reports_attendance_session_and_documents() {
    let listening =
        Arc::new(Listening::start(Role::Ta, "127.0.0.1:0".parse().unwrap(), &outside()).await.unwrap());
    let prepared = Prepared { component: Some(component_id(0)), ..Prepared::default() };
    all_passed(&judged(Role::Ta, &listening, prepared).await);
}

#[tokio::test]
async fn a_student_administration_pushes_tests_before_enrolments() {
    let listening =
        Arc::new(Listening::start(Role::Sis, "127.0.0.1:0".parse().unwrap(), &outside()).await.unwrap());
    all_passed(&judged(Role::Sis, &listening, Prepared::default()).await);
}

#[tokio::test]
async fn a_planner_pulls_plans_and_passes_results_on() {
    let listening =
        Arc::new(Listening::start(Role::Tpl, "127.0.0.1:0".parse().unwrap(), &outside()).await.unwrap());
    let scenario = Scenario { tests: 2, enrolled: 2, students: 4, ..Scenario::default() };
    for role in [Role::Sis, Role::Ta] {
        scenario.school().fill(&listening.stand(role).unwrap().memory, role);
    }
    let prepared = Prepared { second: Some(credentials(Role::Ta, SCHOOL)), ..Prepared::default() };
    all_passed(&judged(Role::Tpl, &listening, prepared).await);
}

#[tokio::test]
async fn a_party_that_never_calls_is_told_so() {
    let listening =
        Arc::new(Listening::start(Role::Sis, "127.0.0.1:0".parse().unwrap(), &outside()).await.unwrap());
    let scenario = Scenario { profile: Profile::Peoplesoft, ..Scenario::default() };
    let report =
        judged_as(Role::Sis, scenario, Duration::from_millis(300), &listening, Prepared::default()).await;
    assert_eq!(report.failed(), ["CALL-SIS-1"]);
}
