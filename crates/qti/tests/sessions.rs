//! Taking tests: routes, navigation, conditions, time and results.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

use proptest::prelude::*;
use regie_qti::import::{Document, Files, Source, import};
use regie_qti::score::{Engine, Random, Raw, Responses};
use regie_qti::test::{Refusal, Script, Status, Test, TestSession, build_route, read_test, run};
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// A package in memory.
struct Package(HashMap<String, Vec<u8>>);

impl Files for Package {
    fn open(&self, path: &str) -> Option<Vec<u8>> {
        self.0.get(path).cloned()
    }
}

fn choice(identifier: &str) -> String {
    format!(
        r#"<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="{identifier}" title="{identifier}"
 adaptive="false" time-dependent="false">
 <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
  <qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
 <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-maximum="1"/>
 <qti-item-body><qti-choice-interaction response-identifier="RESPONSE" max-choices="1" min-choices="1">
  <qti-prompt>{identifier}?</qti-prompt><qti-simple-choice identifier="A">a</qti-simple-choice>
  <qti-simple-choice identifier="B">b</qti-simple-choice></qti-choice-interaction></qti-item-body>
 <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"/>
</qti-assessment-item>"#
    )
}

const SUM: &str = r#"<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-outcome-declaration identifier="RIGHT" cardinality="single" base-type="integer"/>
<qti-outcome-declaration identifier="MOST" cardinality="single" base-type="float"/>"#;
const OUTCOMES: &str = r#"<qti-outcome-processing>
<qti-set-outcome-value identifier="SCORE"><qti-sum><qti-base-value base-type="float">0</qti-base-value>
 <qti-test-variables variable-identifier="SCORE" weight-identifier="W"/></qti-sum></qti-set-outcome-value>
<qti-set-outcome-value identifier="RIGHT"><qti-number-correct/></qti-set-outcome-value>
<qti-set-outcome-value identifier="MOST"><qti-sum><qti-outcome-maximum outcome-identifier="SCORE"/></qti-sum></qti-set-outcome-value>
</qti-outcome-processing>"#;

fn test(parts: &str) -> Test {
    let names = ["Q1", "Q2", "Q3", "Q4", "Q5"];
    let files = names.iter().map(|n| (format!("{n}.xml"), choice(n).into_bytes())).collect();
    let package = Package(files);
    let text = format!(
        r#"<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="T" title="t">{SUM}{parts}{OUTCOMES}</qti-assessment-test>"#
    );
    let mut source = Source::within("test.xml", &package);
    let Document::Test(document) = import(text.as_bytes(), &mut source).unwrap() else {
        panic!("not a test")
    };
    let test = read_test(document, &mut source);
    assert!(!source.report.has_errors(), "{:?}", source.report.first_error());
    test
}

fn item(name: &str, inner: &str) -> String {
    format!(
        r#"<qti-assessment-item-ref identifier="{name}" href="{name}.xml">{inner}</qti-assessment-item-ref>"#
    )
}

fn part(modes: &str, inner: &str) -> String {
    let (navigation, submission) = modes.split_once('/').unwrap();
    format!(
        r#"<qti-test-part identifier="P" navigation-mode="{navigation}" submission-mode="{submission}">
<qti-assessment-section identifier="S" title="s" visible="true">{inner}</qti-assessment-section></qti-test-part>"#
    )
}

fn play(test: &Test, script: Json) -> Json {
    let script: Script = serde_json::from_value(script).unwrap();
    run(&Engine::new(), test, &script)
}

fn answer(value: &str) -> Json {
    json!({"do": "answer", "responses": {"RESPONSE": value}})
}

#[test]
fn a_linear_test_adds_up_and_has_no_way_back() {
    let items: String = ["Q1", "Q2", "Q3"].iter().map(|n| item(n, "")).collect();
    let test = test(&part("linear/individual", &items));
    let told = play(
        &test,
        json!({"steps": [
            answer("A"), answer("B"), {"do": "next"}, {"do": "previous"}, answer("B"), {"do": "next"}, answer("A"), {"do": "next"},
            {"do": "next"}
        ]}),
    );
    assert_eq!(told["outcomes"]["SCORE"], json!(2.0));
    assert_eq!(told["outcomes"]["RIGHT"], json!(2));
    assert_eq!(told["outcomes"]["MOST"], json!(3.0));
    assert_eq!(told["steps"][2]["refused"], json!("Q1 takes no more answers"), "one attempt is the default");
    assert_eq!(told["steps"][4]["refused"], json!("in a linear part there is no way back"));
    assert_eq!(told["steps"][9]["refused"], json!("the test is over"));
}

#[test]
fn simultaneous_answers_are_processed_when_the_part_ends() {
    let items: String = ["Q1", "Q2"].iter().map(|n| item(n, "")).collect();
    let test = test(&part("nonlinear/simultaneous", &items));
    let told = play(
        &test,
        json!({"steps": [
            {"do": "answer", "item": "Q2", "responses": {"RESPONSE": "A"}},
            {"do": "answer", "item": "Q1", "responses": {"RESPONSE": "B"}},
            {"do": "answer", "item": "Q1", "responses": {"RESPONSE": "A"}},
            {"do": "reload"}, {"do": "endPart"}
        ]}),
    );
    assert_eq!(told["steps"][3]["outcomes"]["SCORE"], json!(0.0));
    assert_eq!(told["outcomes"]["SCORE"], json!(2.0));
}

#[test]
fn weights_count_where_they_are_asked_for() {
    let items = item("Q1", r#"<qti-weight identifier="W" value="2.5"/>"#) + &item("Q2", "");
    let test = test(&part("nonlinear/individual", &items));
    let told = play(
        &test,
        json!({"steps": [
            {"do": "answer", "item": "Q1", "responses": {"RESPONSE": "A"}},
            {"do": "answer", "item": "Q2", "responses": {"RESPONSE": "A"}},
        ]}),
    );
    assert_eq!(told["outcomes"]["SCORE"], json!(3.5));
}

#[test]
fn branches_and_conditions_steer_linear_parts_only() {
    let right = r#"<qti-match><qti-variable identifier="Q1.SCORE"/><qti-base-value base-type="float">1</qti-base-value></qti-match>"#;
    let items = item("Q1", &format!(r#"<qti-branch-rule target="Q3">{right}</qti-branch-rule>"#))
        + &item("Q2", "")
        + &item("Q3", "")
        + &item("Q4", &format!("<qti-pre-condition>{right}</qti-pre-condition>"));
    let linear = test(&part("linear/individual", &items));
    let told = play(&linear, json!({"steps": [answer("A"), {"do": "next"}, {"do": "next"}, {"do": "next"}]}));
    let at = |told: &Json, n: usize| told["steps"][n]["current"].clone();
    assert_eq!([at(&told, 2), at(&told, 3), at(&told, 4)], [json!("Q3"), json!("Q4"), Json::Null]);
    assert_eq!(told["items"]["Q2"]["status"], json!("skipped"));
    let told = play(&linear, json!({"steps": [answer("B"), {"do": "next"}, {"do": "next"}, {"do": "next"}]}));
    assert_eq!([at(&told, 2), at(&told, 3), at(&told, 4)], [json!("Q2"), json!("Q3"), Json::Null]);
    let free = test(&part("nonlinear/individual", &items));
    let told = play(&free, json!({"steps": [answer("A"), {"do": "next"}]}));
    assert_eq!(at(&told, 2), json!("Q2"));
}

#[test]
fn limits_count_together_stretch_for_needs_and_stop_while_suspended() {
    let items = item("Q1", r#"<qti-time-limits max-time="60"/>"#) + &item("Q2", "");
    let mut test = test(&part("nonlinear/individual", &items));
    test.time = Some(regie_qti::test::TimeLimit { max: Some(100.0), ..Default::default() });
    let late = json!({"do": "answer", "at": 70, "responses": {"RESPONSE": "A"}});
    let told = play(&test, json!({"steps": [late]}));
    assert_eq!(told["steps"][1]["refused"], json!("the time for Q1 is over"));
    let told = play(&test, json!({"extraTime": 1.5, "steps": [late]}));
    assert_eq!(told["steps"][1]["refused"], Json::Null);
    let told = play(
        &test,
        json!({"steps": [
            {"do": "suspend", "at": 10}, {"do": "resume", "at": 500}, {"do": "answer", "at": 540, "responses": {"RESPONSE": "A"}}
        ]}),
    );
    assert_eq!(told["steps"][3]["refused"], Json::Null);
    assert_eq!(told["items"]["Q1"]["duration"], json!(50.0));
    assert_eq!(told["steps"][3]["secondsLeft"], json!(10.0));
}

#[test]
fn skipping_and_validation_hold_where_they_are_set() {
    let control =
        r#"<qti-item-session-control allow-skipping="false" validate-responses="true" max-attempts="2"/>"#;
    let test = test(&part("linear/individual", &format!("{control}{}{}", item("Q1", ""), item("Q2", ""))));
    let told = play(
        &test,
        json!({"steps": [{"do": "next"}, answer("Z"), answer("B"), answer("A"), {"do": "next"}]}),
    );
    assert_eq!(told["steps"][1]["refused"], json!("Q1 must be answered first"));
    assert!(told["steps"][2]["refused"].as_str().unwrap().contains("no choice Z"));
    assert_eq!(told["items"]["Q1"]["attempts"], json!(2));
    assert_eq!(told["steps"][5]["current"], json!("Q2"));
}

#[test]
fn a_section_of_another_folder_brings_its_items_and_its_own_conditions() {
    let section = r#"<qti-assessment-section xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="S" title="s" visible="true">
<qti-rubric-block view="candidate"><qti-content-body><p>Lees<script>x</script></p></qti-content-body></qti-rubric-block>
<qti-assessment-item-ref identifier="Q1" href="../items/Q1.xml"/>
<qti-assessment-section-ref identifier="D" href="deep/more.xml"/></qti-assessment-section>"#;
    let deep = r#"<qti-assessment-section xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="D" title="d" visible="true">
<qti-assessment-item-ref identifier="Q2" href="../../items/Q2.xml"/></qti-assessment-section>"#;
    let package = Package(HashMap::from([
        ("sections/one.xml".to_owned(), section.into()),
        ("sections/deep/more.xml".to_owned(), deep.into()),
        ("items/Q1.xml".to_owned(), choice("Q1").into_bytes()),
        ("items/Q2.xml".to_owned(), choice("Q2").into_bytes()),
    ]));
    let text = r#"<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="T" title="t">
<qti-test-part identifier="P" navigation-mode="linear" submission-mode="individual">
<qti-assessment-section-ref identifier="S" href="sections/one.xml"><qti-time-limits max-time="30"/></qti-assessment-section-ref>
</qti-test-part></qti-assessment-test>"#;
    let mut source = Source::within("test.xml", &package);
    let Document::Test(document) = import(text.as_bytes(), &mut source).unwrap() else { panic!("no test") };
    let test = read_test(document, &mut source);
    assert_eq!(test.items.len(), 2, "{:?}", source.report.findings);
    assert!(
        source.report.findings.iter().any(|f| f.code == "unsafe-element"),
        "sections are cleaned as well"
    );
    assert_eq!(test.section("S").unwrap().head.time.unwrap().max, Some(30.0));
    let engine = Engine::new();
    let session = TestSession::start(&engine, &test, 1, 1.0);
    assert_eq!(session.route.iter().map(|s| s.key.as_str()).collect::<Vec<_>>(), ["Q1", "Q2"]);
    assert_eq!(session.route[1].sections, ["S", "D"]);
}

#[test]
fn hostile_numbers_and_circles_of_sections_come_to_an_end() {
    let mut inner = item("Q1", "");
    for n in 0..4 {
        inner = format!(
            r#"<qti-assessment-section identifier="N{n}" title="n" visible="true">
<qti-selection select="4000000000" with-replacement="true"/>{inner}</qti-assessment-section>"#
        );
    }
    let test = test(&part("nonlinear/individual", &inner));
    assert!(build_route(&test, &mut Random::new(1)).len() <= 20_000);

    let circle = |name: &str| {
        let again = format!(r#"<qti-assessment-section-ref identifier="{name}" href="s.xml"/>"#).repeat(20);
        format!(
            r#"<qti-assessment-section xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="S" title="s" visible="true">{again}</qti-assessment-section>"#
        )
    };
    let package = Package(HashMap::from([("s.xml".to_owned(), circle("S").into_bytes())]));
    let text = r#"<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="T" title="t">
<qti-test-part identifier="P" navigation-mode="linear" submission-mode="individual"><qti-assessment-section-ref identifier="S" href="s.xml"/></qti-test-part></qti-assessment-test>"#;
    let mut source = Source::within("test.xml", &package);
    let Document::Test(document) = import(text.as_bytes(), &mut source).unwrap() else { panic!("no test") };
    read_test(document, &mut source);
    assert!(source.report.findings.iter().any(|f| f.message.contains("it lies inside itself")));
}

#[test]
fn leaving_a_section_leaves_the_one_that_holds_the_rule() {
    let always = r#"<qti-base-value base-type="boolean">true</qti-base-value>"#;
    let inner = format!(
        r#"<qti-assessment-section identifier="IN" title="i" visible="true">
<qti-branch-rule target="EXIT_SECTION">{always}</qti-branch-rule>{}</qti-assessment-section>"#,
        item("Q1", "")
    );
    let outer = format!(
        r#"<qti-test-part identifier="P" navigation-mode="linear" submission-mode="individual">
<qti-assessment-section identifier="S" title="s" visible="true">{inner}{}</qti-assessment-section>
<qti-assessment-section identifier="E" title="e" visible="true">{}{}{}</qti-assessment-section></qti-test-part>"#,
        item("Q2", ""),
        item("Q3", &format!(r#"<qti-branch-rule target="EXIT_TESTPART">{always}</qti-branch-rule>"#)),
        item("Q4", ""),
        item("Q5", "")
    );
    let told = play(&test(&outer), json!({"steps": [{"do": "next"}, {"do": "next"}]}));
    assert_eq!(told["steps"][1]["current"], json!("Q3"), "the rule of IN leaves S, which holds IN");
    assert_eq!(told["steps"][2]["status"], json!("over"));
    assert_eq!(told["items"]["Q2"]["status"], json!("skipped"));
}

#[test]
fn results_stand_at_their_defaults_before_anything_is_answered() {
    let told = play(&test(&part("nonlinear/individual", &item("Q1", ""))), json!({"steps": []}));
    assert_eq!(told["steps"][0]["outcomes"]["SCORE"], json!(0.0));
    assert_eq!(told["steps"][0]["outcomes"]["MOST"], json!(0.0), "no rule has run");
    let test = test(&part("nonlinear/simultaneous", &item("Q1", "")));
    let engine = Engine::new();
    let mut session = TestSession::start(&engine, &test, 1, 1.0);
    let control = regie_qti::test::Control { show_solution: Some(true), ..Default::default() };
    assert!(!session.items[0].shows_solution(control));
    session.end(&engine, &test);
    assert!(session.items[0].shows_solution(control) && !session.items[0].shows_solution(Default::default()));
    let told = play(&test, json!({"steps": [answer("B"), answer("A"), {"do": "end"}]}));
    assert_eq!(told["items"]["Q1"]["attempts"], json!(1), "replacing an answer is not another attempt");
    assert_eq!(told["outcomes"]["SCORE"], json!(1.0));
}

#[test]
fn a_marker_fills_what_machines_cannot() {
    let test = test(&part("nonlinear/individual", &item("Q1", "")));
    let told = play(
        &test,
        json!({"steps": [{"do": "end"}, {"do": "mark", "item": "Q1", "outcome": "SCORE", "value": 0.5}]}),
    );
    assert_eq!(told["outcomes"]["SCORE"], json!(0.5));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn routes_hold_what_selection_promises(seed in any::<u64>(), select in 1usize..6, replacement: bool, shuffle: bool) {
        let inner: String = ["Q1", "Q2", "Q3", "Q4"].iter().map(|n| item(n, "")).collect::<String>()
            + r#"<qti-assessment-item-ref identifier="Q5" href="Q5.xml" required="true" fixed="true"/>"#;
        let rules = format!(
            r#"<qti-selection select="{select}" with-replacement="{replacement}"/><qti-ordering shuffle="{shuffle}"/>"#
        );
        let test = test(&part("nonlinear/individual", &(rules + &inner)));
        let route = build_route(&test, &mut Random::new(seed));
        let again = build_route(&test, &mut Random::new(seed));
        prop_assert_eq!(&route, &again, "the same seed gives the same route");
        prop_assert_eq!(route.len(), if replacement { select } else { select.min(5) });
        prop_assert!(route.iter().any(|s| s.reference == "Q5"), "required is always there");
        let mut keys: Vec<_> = route.iter().map(|s| &s.key).collect();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), route.len(), "every instance has its own name");
        if !shuffle && !replacement {
            let mut sorted: Vec<_> = route.iter().map(|s| s.reference.clone()).collect();
            sorted.sort();
            prop_assert!(route.iter().zip(&sorted).all(|(s, n)| s.reference == *n), "document order");
        }
    }

    #[test]
    fn sessions_survive_storage_and_any_sequence_of_steps(steps in prop::collection::vec(0u8..9, 0..30), seed: u64) {
        let items: String = ["Q1", "Q2", "Q3"].iter().map(|n| item(n, "")).collect();
        for modes in ["linear/individual", "nonlinear/individual", "linear/simultaneous", "nonlinear/simultaneous"] {
            let test = test(&part(modes, &items));
            let engine = Engine::new();
            let mut session = TestSession::start(&engine, &test, seed, 1.0);
            for (n, step) in steps.iter().enumerate() {
                session.tick(&test, n as f64);
                let mut responses = Responses::new();
                responses.set("RESPONSE", Raw::One(if step % 2 == 0 { "A" } else { "B" }.to_owned()));
                let result: Result<(), Refusal> = match step {
                    0 | 1 => session.answer(&engine, &test, responses),
                    2 => session.save(&test, responses),
                    3 | 4 => session.next(&engine, &test),
                    5 => session.previous(&engine, &test),
                    6 => session.go(&engine, &test, "Q2"),
                    7 => { session.suspended = !session.suspended; Ok(()) }
                    _ => if n % 7 == 0 { session.end_part(&engine, &test) } else { Ok(()) },
                };
                let _ = result;
                let stored = serde_json::to_string(&session).unwrap();
                let back: TestSession = serde_json::from_str(&stored).unwrap();
                prop_assert_eq!(&back, &session);
            }
            if session.position.is_none() {
                prop_assert!(session.items.iter().all(|i| matches!(i.status, Status::Closed | Status::Skipped)));
            }
        }
    }
}

#[test]
fn rubrics_and_feedback_are_shown_where_they_belong() {
    let test = test(
        r#"<qti-rubric-block use="instructions" view="candidate"><qti-content-body><p>Heel de toets</p></qti-content-body></qti-rubric-block>
<qti-test-part identifier="P1" navigation-mode="linear" submission-mode="individual">
 <qti-assessment-section identifier="S1" title="s1" visible="true">
  <qti-rubric-block use="instructions" view="candidate"><qti-content-body><p>Kies steeds <em>één</em> antwoord.</p>
   <script>steel()</script></qti-content-body></qti-rubric-block>
  <qti-rubric-block use="scoring" view="scorer"><qti-content-body><p>Het antwoord is A</p></qti-content-body></qti-rubric-block>
  <qti-assessment-item-ref identifier="Q1" href="Q1.xml"/></qti-assessment-section>
 <qti-test-feedback identifier="1" outcome-identifier="RIGHT" access="atEnd" show-hide="hide" title="Deel 1"><qti-content-body><p>Deel 1 is klaar</p></qti-content-body></qti-test-feedback>
</qti-test-part>
<qti-test-part identifier="P2" navigation-mode="linear" submission-mode="individual">
 <qti-assessment-section identifier="S2" title="s2" visible="true"><qti-assessment-item-ref identifier="Q2" href="Q2.xml"/></qti-assessment-section>
</qti-test-part>
<qti-test-feedback identifier="no" outcome-identifier="SCORE" access="atEnd" show-hide="hide" title="Uitslag"><qti-content-body>
 <p>Je had <qti-printed-variable identifier="RIGHT"/> goed.</p>
 <qti-text-entry-interaction response-identifier="X"/></qti-content-body></qti-test-feedback>"#,
    );
    let script = json!({"language": "nl", "steps": [
        {"do": "answer", "responses": {"RESPONSE": "A"}}, {"do": "next"},
        {"do": "answer", "responses": {"RESPONSE": "B"}}, {"do": "end"}]});
    let script: Script = serde_json::from_value(script).unwrap();
    let told = run(&Engine::new(), &test, &script);
    let shown = |step: usize| {
        let list = told["steps"][step]["shown"].as_array().cloned().unwrap_or_default();
        list.into_iter().map(|s| s.as_str().unwrap().to_owned()).collect::<Vec<String>>()
    };
    let first = shown(0);
    assert_eq!(first.len(), 2, "{first:?}");
    assert!(first[0].contains("<p>Heel de toets</p>"));
    assert!(first[1].contains("role=\"note\"") && first[1].contains("<em>één</em>"));
    let all = serde_json::to_string(&told).unwrap();
    assert!(!all.contains("steel()") && !all.contains("Het antwoord is A"));
    let second = shown(2);
    assert_eq!(second.len(), 2, "the rubric of the test, and the feedback of the part that is over");
    assert!(second[1].contains("aria-label=\"Deel 1\"") && second[1].contains("Deel 1 is klaar"));
    let end = shown(4);
    assert!(end[0].contains("Je had 1 goed.") && end[0].contains("role=\"status\""), "{end:?}");
    assert!(!end[0].contains("<input"), "nothing would take an answer here");
    assert_eq!(told["feedback"], json!(["no", "1"]));
}
