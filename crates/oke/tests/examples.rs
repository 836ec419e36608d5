//! Every published example of the agreement, judged as its index says.
//!
//! The examples stand beside the checkout (`../shared/standards/oke`); without them these tests have nothing to do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use regie_oke::check::{Checked, Context, check, repair};
use regie_oke::exchange::{Method, Operation, Role};
use regie_oke::finding::Level;
use regie_oke::rule::Rule;
use regie_oke::wire::Dialect;
use serde_json::Value;

/// What we find in the examples beyond their index, each with the reason. Nothing else may be added silently.
const BEYOND: &[(&str, &str, Rule)] = &[
    // The guide calls it wrong: an extra attempt on the id of the enrolment itself. The index has no finding for it.
    ("flow5-association-put-extra-attempt.json", "", Rule::SameAttemptId),
];

struct Example {
    entry: Value,
    file: String,
    bytes: Vec<u8>,
    checked: Checked,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standards/oke")
}

fn examples() -> Vec<Example> {
    let Ok(index) = std::fs::read(folder().join("index.json")) else { return Vec::new() };
    let index: Value = serde_json::from_slice(&index).unwrap();
    index["examples"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let file = entry["file"].as_str().unwrap().to_owned();
            let bytes = std::fs::read(folder().join(&file)).unwrap();
            let checked = check(&bytes, &context(entry, &file));
            Example { entry: entry.clone(), file, bytes, checked }
        })
        .collect()
}

fn context(entry: &Value, file: &str) -> Context {
    let server: Role = entry["server"].as_str().unwrap().to_lowercase().parse().unwrap();
    let method: Method = entry["method"].as_str().unwrap().parse().unwrap();
    let path = entry["path"].as_str().unwrap();
    let operation =
        Operation::find(server, method, path).unwrap_or_else(|| panic!("{file}: {method:?} {path}"));
    let flow = u8::try_from(entry["flow"].as_u64().unwrap()).unwrap();
    let dialect = if file.contains("v11rc") { Dialect::V1_1 } else { Dialect::V1_0 };
    let is_answer = entry["direction"] == "response";
    Context { is_answer, dialect, ..Context::request(operation, flow) }
}

/// A line of the index as the pointer and the rules we may express it with.
fn expected(line: &str) -> (String, Vec<Rule>) {
    let (place, text) =
        line.split_once(": ").filter(|(place, _)| place.starts_with('/')).unwrap_or(("", line));
    let base = place.split(" against ").next().unwrap_or(place).to_owned();
    let against = place.contains(" against ").then(|| {
        let (inner, text) = text.split_once(": ").unwrap();
        (inner.trim_end_matches('/').to_owned(), text.to_owned())
    });
    let (pointer, text) = match against {
        Some((inner, text)) => (format!("{base}{inner}"), text),
        None => (base, text.to_owned()),
    };
    let attribute = text.split_whitespace().nth(1).unwrap_or_default();
    if text.contains("not wrapped in the paging object") {
        (String::new(), vec![Rule::NotPaged])
    } else if text.contains("not in the extensible list") {
        (pointer, vec![Rule::CodeType])
    } else if text.contains("only nl-NL is processed") {
        (pointer, vec![Rule::Language])
    } else if text.contains("must be spelled") {
        (pointer, vec![Rule::Spelling])
    } else if text.contains("'offeringState' is a required") {
        (pointer, vec![Rule::OfferingState])
    } else if text.contains("is a required property") {
        (pointer, vec![Rule::Required])
    } else if text.contains("is not defined in") {
        assert!(!attribute.is_empty());
        (pointer, vec![Rule::UnknownAttribute])
    } else if text.contains("[type]") || text.contains("must be a list") || text.contains("given as string") {
        (pointer, vec![Rule::WrongType])
    } else if text.contains("[format]") || text.contains("date-time without") {
        (pointer, vec![Rule::Format])
    } else if text.contains("contradict") {
        (String::new(), vec![Rule::PagesContradict])
    } else if text.contains("PUT body must carry") {
        (String::new(), vec![Rule::IdInBody])
    } else if text.contains("weight is missing") {
        (pointer, vec![Rule::Weight])
    } else if text.contains("associationType is mandatory") {
        (String::new(), vec![Rule::Discriminator])
    } else if text.contains("executedOfferingName is mandatory") {
        (pointer, vec![Rule::ExecutedName])
    } else {
        panic!("the index says something new: {line}")
    }
}

fn lines(value: &Value) -> Vec<&str> {
    value.as_array().map(|lines| lines.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

#[test]
fn an_example_fits_the_schema_exactly_when_its_index_says_so() {
    for example in examples() {
        assert_eq!(
            example.checked.fits_schema(),
            example.entry["validates"].as_bool().unwrap(),
            "{}: {:#?}",
            example.file,
            example.checked.findings
        );
        if let Some(lenient) = example.entry["validates_ignoring_readonly_writeonly"].as_bool() {
            let fits = example.checked.findings.iter().all(|finding| {
                finding.level != Level::Schema || matches!(finding.rule, Rule::ReadOnly | Rule::WriteOnly)
            });
            assert_eq!(fits, lenient, "{}: {:#?}", example.file, example.checked.findings);
        }
    }
}

#[test]
fn every_place_the_schema_complains_about_is_one_the_index_complains_about() {
    for example in examples() {
        let mut complained: Vec<_> = lines(&example.entry["errors"]);
        complained.extend(lines(&example.entry["errors_ignoring_readonly_writeonly"]));
        let places: Vec<_> = complained
            .iter()
            .filter_map(|line| line.trim_start_matches([' ', '-']).split_once(": ["))
            .map(|(place, _)| place.trim_end_matches('/').to_owned())
            .collect();
        for finding in example.checked.findings.iter().filter(|finding| finding.level == Level::Schema) {
            let is_known = places.iter().any(|place| finding.pointer.starts_with(place.as_str()));
            assert!(is_known, "{}: {finding} is not in the index: {places:?}", example.file);
        }
    }
}

#[test]
fn the_findings_of_the_agreement_are_those_of_the_index() {
    for example in examples() {
        let expected: Vec<_> = lines(&example.entry["profile_findings"]).into_iter().map(expected).collect();
        for (pointer, rules) in &expected {
            let is_found = example
                .checked
                .findings
                .iter()
                .any(|finding| finding.pointer == *pointer && rules.contains(&finding.rule));
            assert!(
                is_found,
                "{}: {pointer} {rules:?} not among {:#?}",
                example.file, example.checked.findings
            );
        }
        let known: BTreeSet<_> = expected
            .iter()
            .flat_map(|(pointer, rules)| rules.iter().map(move |rule| (pointer.as_str(), *rule)))
            .collect();
        for finding in example.checked.findings.iter().filter(|finding| finding.level == Level::Agreement) {
            let is_known = known.contains(&(finding.pointer.as_str(), finding.rule))
                || BEYOND.contains(&(example.file.as_str(), finding.pointer.as_str(), finding.rule));
            assert!(is_known, "{}: {finding} is not in the index", example.file);
        }
    }
}

#[test]
fn every_example_is_understood() {
    for example in examples() {
        assert!(example.checked.message.is_some(), "{}", example.file);
    }
}

#[test]
fn an_example_as_it_stood_in_the_document_is_mended_to_what_the_index_repaired() {
    for example in examples() {
        let whole: Value = serde_json::from_slice(&example.bytes).unwrap();
        let pretty = serde_json::to_string_pretty(&whole).unwrap();
        // Break it in the ways the index repaired: a comment, a comma too many, a comma forgotten.
        let broken =
            format!("# as published\n{}", pretty.replace("\n}", ",\n}").replace("true,\n", "true\n"));
        let (mended, done) = repair(&broken);
        assert!(!done.is_empty(), "{}", example.file);
        assert_eq!(serde_json::from_str::<Value>(&mended).unwrap(), whole, "{}", example.file);
    }
}

#[test]
fn the_index_is_complete_when_it_is_there() {
    let found = examples().len();
    assert!(found == 0 || found == 30, "{found} examples");
}
