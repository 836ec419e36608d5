//! Scenario files: what they can say, and what is said about those that cannot be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use regie_oke::client::{Log, Ring};
use regie_oke::exchange::Role;
use regie_oke::memory::{Kind, Shelf};
use regie_oke::message::{Association, Offering};
use regie_oke::outside::{Outside, id_of};
use regie_oke::simulate::data::SCHOOL;
use regie_oke::simulate::fault::Fault;
use regie_oke::simulate::{Action, Actions, Agent, Partners, Profile, Scenario, Stand, StandSettings};
use serde_json::Value;

fn example() -> String {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/scenario.json");
    std::fs::read_to_string(file).unwrap()
}

fn wrong(text: &str) -> String {
    Scenario::read(text, Role::Sis).unwrap_err()
}

#[test]
fn the_example_says_everything_a_scenario_can_say() {
    let scenario = Scenario::read(&example(), Role::Sis).unwrap();
    assert_eq!(scenario.profile, Profile::Osiris);
    let written: Value = serde_json::to_value(Scenario::default()).unwrap();
    let shown: Value = serde_json::from_str(&example()).unwrap();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&written), names(&shown), "the example leaves nothing out");
    // And so does the page that explains it.
    let page = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.md");
    let page = std::fs::read_to_string(page).unwrap();
    for name in names(&written) {
        assert!(page.contains(&format!("`{name}`")), "{name} is not explained");
    }
    for profile in [
        "plain",
        "osiris",
        "eduarte",
        "peoplesoft",
        "magister",
        "educator",
        "education-online",
        "remindo",
        "toa",
    ] {
        assert!(page.contains(&format!("`{profile}`")), "{profile} is not explained");
        let text = format!(r#"{{ "profile": "{profile}" }}"#);
        assert!(Scenario::read(&text, Role::Sis).is_ok(), "{profile}");
    }
    for timing in scenario.timings {
        assert!(page.contains(&format!("`{timing}`")), "{timing} is not explained");
    }
}

#[test]
fn an_empty_file_of_braces_is_a_small_school() {
    let scenario = Scenario::read("{}", Role::Ta).unwrap();
    assert_eq!((scenario.students, scenario.tests, scenario.enrolled), (24, 6, 6));
}

#[test]
fn what_is_wrong_in_a_file_is_told_with_line_and_column() {
    for (text, said) in [
        ("{\n  \"tests\": 4,\n}", "Line 3, column 1: trailing comma."),
        ("", "Line 1, column 0: EOF while parsing a value."),
        ("{\n  \"test\": 4\n}", "Line 2, column 8: unknown field `test`"),
        ("{ \"tests\": \"veel\" }", "Line 1, column 17: invalid type: string"),
        ("{ \"tests\": -1 }", "Line 1, column 13: invalid value: integer `-1`"),
        ("{\n \"profile\": \"oziris\" }", "Line 2, column 20: unknown variant `oziris`"),
        ("{\n \"start\": \"maandag\" }", "Line 2, column 19: "),
        (
            "{\n  \"timings\": [\"fixed\", \"soms\"] }",
            "Line 2, column 24: There is no timing soms; choose from fixed",
        ),
        (
            "{ \"events\": [\n  { \"at\": 3, \"do\": \"ontplof\", \"which\": \"x\" } ] }",
            "Line 2, column 20: There is no event ontplof; choose cancel-enrolment",
        ),
        (
            "{ \"events\": [ { \"at\": 3, \"do\": \"fault\" } ] }",
            "Line 1, column 32: The event fault does not say which.",
        ),
        (
            "{ \"events\": [\n  { \"at\": 3, \"do\": \"fault\", \"which\": \"ta-bare-list\" } ] }",
            "Line 2, column 38: There is no fault ta-bare-list for a sis",
        ),
        (
            "{ \"faults\":\n [ \"kapot\" ] }",
            "Line 2, column 4: There is no fault kapot for a sis; see `regie-oke simulate faults`.",
        ),
        (
            "{ \"students\": 9, \"enrolled\": 10 }",
            "Line 1, column 18: 10 students cannot be enrolled for a test if there are 9.",
        ),
        ("{ \"students\": 0 }", "Line 1, column 3: students is 0; a school has 1 to 200000."),
        ("{ \"students\": 900000000 }", "Line 1, column 3: students is 900000000"),
        (
            "{ \"students\": 10000, \"tests\": 5000,\n\"enrolled\": 10000 }",
            "Line 2, column 1: 50000000 enrolments are too many to hold in memory",
        ),
        ("{ \"results-after\": -5 }", "Line 1, column 3: Results come between 0 minutes"),
    ] {
        let reason = wrong(text);
        assert!(reason.starts_with(said), "{text}: {reason:?}, expected {said:?}");
    }
}

/// One party that calls nobody, and the hand of its clock.
async fn party(role: Role, scenario: Scenario) -> (Agent, Arc<Actions>, Arc<AtomicI64>) {
    let clock = Arc::new(AtomicI64::new(scenario.start.as_second() - 3600));
    let hand = Arc::clone(&clock);
    let outside = Outside::fixed(scenario.start, 3)
        .with_clock(move || Timestamp::from_second(hand.load(Ordering::SeqCst)).unwrap());
    let stand = Stand::start(StandSettings::new(role), outside.clone()).await.unwrap();
    let actions = Arc::new(Actions::default());
    let log: Arc<dyn Log> = Arc::new(Ring::new(10));
    let agent =
        Agent::new(stand, scenario, &Partners::default(), Arc::clone(&actions), &log, outside).unwrap();
    (agent, actions, clock)
}

#[tokio::test]
async fn events_happen_at_their_minute_and_not_before() {
    let text = r#"{ "events": [
        { "at": 10, "do": "cancel-enrolment", "which": "enrolment 0 1" },
        { "at": 20, "do": "cancel-session", "which": "session 2" },
        { "at": 30, "do": "fault", "which": "outage" },
        { "at": 40, "do": "mend" },
        { "at": 50, "do": "cancel-enrolment", "which": "enrolment 99 99" } ] }"#;
    let (mut agent, _, clock) = party(Role::Sis, Scenario::read(text, Role::Sis).unwrap()).await;
    let start = clock.load(Ordering::SeqCst) + 3600;
    let mut seen = Vec::new();
    for minute in [0, 9, 10, 19, 20, 30, 40, 50] {
        clock.store(start + minute * 60, Ordering::SeqCst);
        agent.step().await;
        let memory = &agent.stand.memory;
        let enrolment: Association =
            memory.get(SCHOOL, Shelf::Plan, Kind::Association, &id_of("enrolment 0 1")).unwrap();
        let offering: Offering =
            memory.get(SCHOOL, Shelf::Plan, Kind::Offering, &id_of("plannable 2")).unwrap();
        seen.push((
            enrolment.is_over(),
            offering.is_canceled(),
            !agent.stand.faults.active().is_empty(),
            agent.work.len(),
        ));
    }
    assert_eq!(
        seen,
        [
            (false, false, false, 0),
            (false, false, false, 0),
            (true, false, false, 0),
            (true, false, false, 0),
            (true, true, false, 0),
            (true, true, true, 0),
            (true, true, false, 0),
            (true, true, false, 1),
        ]
    );
    assert!(agent.work[0].what.contains("enrolment 99 99"), "{:?}", agent.work);
}

#[tokio::test]
async fn a_button_for_what_is_not_there_is_answered() {
    let (mut agent, actions, _) = party(Role::Ta, Scenario::default()).await;
    actions.ask(Action { what: "cancel-session".to_owned(), which: "session 0".to_owned() });
    actions.ask(Action { what: "fault".to_owned(), which: "outage".to_owned() });
    actions.ask(Action { what: "fault".to_owned(), which: "outage".to_owned() });
    agent.step().await;
    assert_eq!(agent.work.len(), 1);
    assert!(agent.work[0].why.contains("nothing of this name"));
    assert_eq!(agent.stand.faults.active().len(), 1, "the same fault twice is one fault");
}

#[tokio::test]
async fn a_profile_begins_with_its_habits_and_the_file_adds_faults() {
    let text = r#"{ "profile": "magister", "faults": ["sis-no-attempt"] }"#;
    let scenario = Scenario::read(text, Role::Sis).unwrap();
    let names: Vec<_> = scenario.first_faults(Role::Sis).iter().map(|fault| fault.name).collect();
    assert_eq!(names, ["odd-terse", "odd-strict", "sis-no-attempt"]);
    for profile in [Profile::Osiris, Profile::Peoplesoft, Profile::Educator, Profile::EducationOnline] {
        assert!(!profile.faults(Role::Sis).is_empty(), "{profile:?} has lost its habits");
    }
    assert!(!Profile::Toa.faults(Role::Ta).is_empty());
    assert!(Fault::find("outage", Role::Tpl).is_some());
}

#[test]
fn the_clock_begins_an_hour_before_the_first_session() {
    let scenario = Scenario::default();
    assert_eq!(
        scenario.school().after(-60),
        scenario.start.saturating_sub(SignedDuration::from_hours(1)).unwrap()
    );
}
