//! Three simulators take an exam from the catalogue to the confirmed result, and the road they went is written down.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use regie_oke::client::{Log, Ring};
use regie_oke::exchange::{Method, Operation, Role};
use regie_oke::finding::{Level, Severity};
use regie_oke::memory::{Kind, Shelf};
use regie_oke::message::{Association, Attendance};
use regie_oke::outside::{Outside, id_of};
use regie_oke::simulate::data::SCHOOL;
use regie_oke::simulate::{Action, Actions, Agent, Partners, Scenario, Seen, Stand, StandSettings};

/// Three parties on one clock that stands still until it is moved; every look at it takes a millisecond, so that
/// everything that happened has its own moment.
struct Town {
    agents: Vec<Agent>,
    actions: Vec<Arc<Actions>>,
    clock: Arc<AtomicI64>,
}

impl Town {
    async fn new(scenario: &Scenario) -> Self {
        Self::with(scenario, scenario, scenario).await
    }

    async fn with(sis: &Scenario, tpl: &Scenario, ta: &Scenario) -> Self {
        let start = sis.start.saturating_sub(SignedDuration::from_hours(2)).unwrap();
        let clock = Arc::new(AtomicI64::new(start.as_millisecond()));
        let hand = Arc::clone(&clock);
        let outside = Outside::fixed(start, 11)
            .with_clock(move || Timestamp::from_millisecond(hand.fetch_add(1, Ordering::SeqCst)).unwrap());
        let mut stands = Vec::new();
        for role in Role::ALL {
            stands.push(Stand::start(StandSettings::new(role), outside.clone()).await.unwrap());
        }
        let mut partners = Partners::default();
        for (stand, scenario) in stands.iter().zip([sis, tpl, ta]) {
            partners.origins.insert(stand.role, format!("http://{}", stand.address));
            partners.quirks.insert(stand.role, scenario.profile.quirks());
        }
        let log: Arc<dyn Log> = Arc::new(Ring::new(100));
        let (mut agents, mut actions) = (Vec::new(), Vec::new());
        for (stand, scenario) in stands.into_iter().zip([sis, tpl, ta]) {
            let mut others = partners.clone();
            others.origins.remove(&stand.role);
            let desk = Arc::new(Actions::default());
            actions.push(Arc::clone(&desk));
            agents.push(Agent::new(stand, scenario.clone(), &others, desk, &log, outside.clone()).unwrap());
        }
        Self { agents, actions, clock }
    }

    /// Everybody does what is to be done, until nobody has anything to send.
    async fn settle(&mut self) {
        for _ in 0..20 {
            let mut sent = 0;
            for agent in &mut self.agents {
                sent += agent.step().await;
            }
            if sent == 0 {
                return;
            }
        }
        panic!("the parties keep sending each other the same things");
    }

    fn pass(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }

    /// A day of exams in steps of half an hour, and nine days of afterwards.
    async fn whole(&mut self) {
        for _ in 0..12 {
            self.settle().await;
            self.pass(30);
        }
        for _ in 0..9 {
            self.pass(24 * 60);
            self.settle().await;
        }
    }

    fn traffic(&self) -> Vec<Seen> {
        let mut all: Vec<_> = self.agents.iter().flat_map(|agent| agent.stand.traffic.since(0)).collect();
        all.sort_by_key(|seen| seen.at);
        all
    }

    fn enrolments(&self) -> Vec<Association> {
        self.agents[0].stand.memory.all(SCHOOL, Shelf::Plan, Kind::Association)
    }

    fn work(&self) -> Vec<String> {
        self.agents
            .iter()
            .flat_map(|agent| agent.work.iter().map(|work| format!("{}: {}", work.what, work.why)))
            .collect()
    }
}

fn scenario() -> Scenario {
    Scenario { tests: 2, enrolled: 4, students: 8, ..Scenario::default() }
}

/// Every request was right, but for those a party refused.
fn serious(traffic: &[Seen]) -> Vec<String> {
    traffic
        .iter()
        .flat_map(|seen| {
            seen.request_findings
                .iter()
                .chain(&seen.answer_findings)
                .filter(|finding| finding.severity > Severity::Note && finding.level != Level::Advice)
                .map(move |finding| format!("{} {} {}: {finding}", seen.server, seen.method, seen.path))
        })
        .collect()
}

#[tokio::test]
async fn an_exam_goes_from_the_catalogue_to_the_confirmed_result() {
    let mut town = Town::new(&scenario()).await;
    town.whole().await;
    assert!(town.work().is_empty(), "{:#?}", town.work());
    let traffic = town.traffic();
    assert!(serious(&traffic).is_empty(), "{:#?}", serious(&traffic));
    let flows = |server: Role, method: &str, start: &str| {
        traffic
            .iter()
            .filter(|seen| seen.server == server && seen.method == method && seen.path.starts_with(start))
            .count()
    };
    assert!(flows(Role::Ta, "GET", "/components") >= 1, "flow 0");
    assert!(flows(Role::Tpl, "PUT", "/offerings/") >= 2, "flow 1");
    assert!(flows(Role::Ta, "PUT", "/associations/") >= 8, "flow 2");
    assert!(flows(Role::Tpl, "PATCH", "/associations/") >= 8, "flow 3");
    assert!(flows(Role::Tpl, "PATCH", "/offerings/") >= 2, "flow 4");
    assert!(flows(Role::Sis, "PATCH", "/associations/") >= 8, "flow 5");
    assert!(flows(Role::Tpl, "GET", "/documents/") >= 4, "documents of flow 5");
    // Every student who was there has a score in the student administration, with the name of the test.
    let tests = [id_of("plannable 0"), id_of("plannable 1")];
    let mine: Vec<_> = town
        .enrolments()
        .into_iter()
        .filter(|known| {
            known
                .offering
                .get()
                .and_then(|offering| offering.id())
                .is_some_and(|id| tests.iter().any(|test| test == id))
        })
        .collect();
    assert!(mine.len() >= 8);
    for enrolment in &mine {
        let result = enrolment.result.get().expect("a result");
        let note = result.note().expect("our consumer");
        assert!(note.executed_offering_name.get().is_some());
        match enrolment.attendance() {
            Some(Attendance::Present) => assert!(result.score.get().is_some() && result.is_completed()),
            other => assert!(result.score.get().is_none(), "{other:?} with a score"),
        }
    }
    // An extra attempt stands under an id of its own, beside the first result.
    assert!(
        mine.iter().any(|known| known.note().is_some_and(|note| note.attempt.get() == Some(&2))),
        "no second attempt"
    );
    written(&traffic);
}

#[tokio::test]
async fn a_student_withdrawn_before_the_exam_is_withdrawn_everywhere() {
    let mut town = Town::new(&scenario()).await;
    town.settle().await;
    let id = id_of("enrolment 0 1");
    town.actions[0].ask(Action { what: "cancel-enrolment".to_owned(), which: id.clone() });
    town.whole().await;
    let participation = id_of(&format!("participation 1 of {id}"));
    let at_ta: Association =
        town.agents[2].stand.memory.get(SCHOOL, Shelf::Session, Kind::Association, &participation).unwrap();
    assert!(at_ta.is_over());
    assert!(at_ta.person.get().unwrap().whole().is_none(), "the person's data are still there");
    assert!(at_ta.result.get().is_none(), "someone who was withdrawn took the exam");
    assert!(town.work().is_empty(), "{:#?}", town.work());
}

#[tokio::test]
async fn a_student_withdrawn_too_late_still_gets_the_result() {
    let mut town = Town::new(&scenario()).await;
    for _ in 0..9 {
        town.settle().await;
        town.pass(30);
    }
    // The session was held and attendance reported; only now the school withdraws the enrolment.
    let id = id_of("enrolment 0 1");
    town.actions[0].ask(Action { what: "cancel-enrolment".to_owned(), which: id.clone() });
    town.whole().await;
    let enrolment: Association =
        town.agents[0].stand.memory.get(SCHOOL, Shelf::Plan, Kind::Association, &id).unwrap();
    assert!(enrolment.is_over());
    assert!(enrolment.result.get().is_some_and(|result| result.score.get().is_some()), "{enrolment:#?}");
    assert!(town.work().is_empty(), "{:#?}", town.work());
}

#[tokio::test]
async fn repeated_and_reordered_messages_end_the_same() {
    let mut plain = Town::new(&scenario()).await;
    plain.whole().await;
    let messy = Scenario { repeat: true, reorder: true, ..scenario() };
    let mut town = Town::new(&messy).await;
    town.whole().await;
    assert_eq!(plain.enrolments(), town.enrolments());
    assert!(town.work().is_empty(), "{:#?}", town.work());
}

#[tokio::test]
async fn an_outage_only_delays() {
    let mut plain = Town::new(&scenario()).await;
    plain.whole().await;
    let mut town = Town::new(&scenario()).await;
    town.settle().await;
    for (desk, fault) in town.actions.iter().zip(["too-busy", "outage", "read-only"]) {
        desk.ask(Action { what: "fault".to_owned(), which: fault.to_owned() });
    }
    for _ in 0..4 {
        town.settle().await;
        town.pass(60);
    }
    for desk in &town.actions {
        desk.ask(Action { what: "mend".to_owned(), which: String::new() });
    }
    town.whole().await;
    assert_eq!(plain.enrolments(), town.enrolments());
    assert!(town.work().is_empty(), "{:#?}", town.work());
}

#[tokio::test]
async fn every_kind_of_administration_ends_with_results() {
    use regie_oke::simulate::Profile;
    for profile in [
        Profile::Osiris,
        Profile::Eduarte,
        Profile::Peoplesoft,
        Profile::Magister,
        Profile::Educator,
        Profile::EducationOnline,
    ] {
        let sis = Scenario { profile, ..scenario() };
        let ta = Scenario {
            profile: if profile == Profile::Osiris { Profile::Remindo } else { Profile::Toa },
            ..scenario()
        };
        let mut town = Town::with(&sis, &scenario(), &ta).await;
        town.whole().await;
        assert!(town.work().is_empty(), "{profile:?}: {:#?}", town.work());
        let scored = town
            .enrolments()
            .iter()
            .filter(|known| known.result.get().is_some_and(|result| result.score.get().is_some()))
            .count();
        assert!(scored >= 7, "{profile:?}: {scored} scores");
    }
}

/// Writes the road down, or compares it with what was written before.
fn written(traffic: &[Seen]) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/oke-journey.md");
    let text = journey(traffic);
    #[allow(clippy::disallowed_methods, reason = "the one switch of this test")]
    let is_asked = std::env::var_os("OKE_WRITE_DOCS").is_some();
    if is_asked {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &text).unwrap();
    }
    let before = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(before == text, "docs/oke-journey.md is not what happened; write it anew with OKE_WRITE_DOCS=1");
}

fn journey(traffic: &[Seen]) -> String {
    let mut text = String::from(
        "# An exam, from catalogue to confirmed result\n\n\
         Recorded by `cargo test -p regie-oke --test journey` from three simulators: a student administration (SIS), a\n\
         planner (TPL) and a delivery system (TA), with two tests of four students. Do not edit; after a change of\n\
         behaviour write it anew with `OKE_WRITE_DOCS=1`.\n\n\
         Every line is a request as its server saw it. Ids are shortened to their first eight characters.\n\n\
         | Time | Flow | From | To | Request | What it says | Answer |\n|---|---|---|---|---|---|---|\n",
    );
    for seen in traffic {
        let method: Method = seen.method.parse().unwrap();
        let operation = Operation::find(seen.server, method, &seen.path);
        let used = operation.and_then(|operation| {
            let is_report = seen.server == Role::Tpl
                && method == Method::Patch
                && seen.request.as_ref().is_some_and(|request| {
                    request.get("result").is_some()
                        || request.pointer("/consumers/0/irregularities").is_some()
                });
            if is_report { operation.uses.last() } else { operation.uses.first() }
        });
        let flow = used.map_or_else(|| "-".to_owned(), |used| used.flow.to_string());
        let from = used.map_or("-", |used| used.caller.name());
        let at = seen.at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%d %b %H:%M").to_string();
        let _ = writeln!(
            text,
            "| {at} | {flow} | {} | {} | `{} {}` | {} | {} |",
            from.to_uppercase(),
            seen.server.name().to_uppercase(),
            seen.method,
            short(&seen.path),
            says(seen),
            seen.status
        );
    }
    let _ = writeln!(text, "\n{} requests.", traffic.len());
    text
}

fn says(seen: &Seen) -> String {
    let Some(request) = &seen.request else {
        let count =
            seen.answer.as_ref().and_then(|answer| answer.get("items")).and_then(|items| items.as_array());
        return count.map_or_else(String::new, |items| format!("{} items", items.len()));
    };
    let text = |pointer: &str| request.pointer(pointer).and_then(|value| value.as_str()).map(str::to_owned);
    let mut parts: Vec<String> = Vec::new();
    parts.extend(text("/name/0/value"));
    parts.extend(text("/displayName").map(|_| "a person".to_owned()));
    parts.extend(text("/state"));
    parts.extend(text("/consumers/0/startOptions").map(|start| {
        format!(
            "{start} from {} until {}",
            text("/consumers/0/durationFrom").unwrap_or_default(),
            text("/consumers/0/durationUntil").unwrap_or_else(|| "-".to_owned())
        )
    }));
    parts.extend(text("/result/state").map(|state| format!("result {state}")));
    parts.extend(text("/result/consumers/0/attendance"));
    parts.extend(text("/result/score").map(|score| format!("score {score}")));
    parts.extend(request.pointer("/consumers/0/attempt").map(|attempt| format!("attempt {attempt}")));
    parts.extend(text("/consumers/0/irregularities").map(|_| "session report".to_owned()));
    parts.join(", ")
}

fn short(path: &str) -> String {
    path.split('/')
        .map(|part| {
            let (id, rest) = part.split_once('?').map_or((part, None), |(id, rest)| (id, Some(rest)));
            let id = if id.len() == 36 { id.get(..8).unwrap_or(id) } else { id };
            rest.map_or_else(|| id.to_owned(), |rest| format!("{id}?{rest}"))
        })
        .collect::<Vec<_>>()
        .join("/")
}
