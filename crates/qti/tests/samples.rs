//! Every stated case of the indexed samples, computed anew.

use regie_qti::import::{Document, Source, import, import_item};
use regie_qti::score::{Engine, Responses, Scored, Scratch, Session};
use regie_qti::value::Value;
use serde_json::Value as Json;
use std::path::PathBuf;

/// Cases whose stated outcome contradicts the specification text; the text wins.
const DECIDED: &[(&str, &str, &str, Option<f64>)] = &[
    // {A} alone misses C or D, so no answer set is complete; the same file states 0 for the list ["A"].
    (
        "qti-scoring-engine/30/ResponseProcessing/hs.xml",
        "ResponseProcessing_DOE_hotspot_correct_1",
        "SCORE",
        Some(0.0),
    ),
    // One of four pairs; the same file states 0 for the very same answer two cases before.
    (
        "qti-scoring-engine/30/ResponseProcessing/gap-match-item.xml",
        "ResponseProcessing_DOE_gapMatch",
        "SCORE",
        Some(0.0),
    ),
    // No entry matches and the table has no default: the text gives NULL.
    (
        "qti-components/qti-components/packages/qti-processing/src/components/qti-lookup-outcome-value/qti-lookup-outcome-value.xml",
        "no response",
        "SCORE",
        None,
    ),
];

/// The shared samples, where a checkout has them beside it.
fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/qti"));
    folder.exists().then_some(folder)
}

fn same(expected: &Json, found: &Json) -> bool {
    let number = |v: &Json| v.as_f64();
    match (number(expected), number(found)) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-9,
        _ => expected == found,
    }
}

#[test]
fn every_stated_case_scores_as_stated() {
    let Some(folder) = folder() else { return };
    let engine = Engine::new();
    let mut scratch = Scratch::new();
    let (mut stated, mut disputed, mut wrong) = (0, 0, Vec::new());
    for version in ["2.x", "3.0"] {
        let text = std::fs::read(folder.join(version).join("index.json")).unwrap();
        let index: Json = serde_json::from_slice(&text).unwrap();
        for entry in index["files"].as_array().unwrap() {
            let file = entry["file"].as_str().unwrap();
            let Some(cases) = entry["cases"].as_array() else { continue };
            let bytes = std::fs::read(folder.join(version).join(file)).unwrap();
            let item = match import_item(&bytes, file) {
                Ok((item, _)) => item,
                Err(error) => {
                    wrong.push(format!("{file}: {error}"));
                    continue;
                }
            };
            for case in cases {
                let name = case["name"].as_str().unwrap();
                let responses = Responses::from_json(&case["responses"]).unwrap();
                let seed = case["seed"].as_u64().unwrap_or(0);
                let (session, _) = Session::start(&engine, &item, seed, &[]);
                let list = |scored: &Scored<'_>| -> Vec<(String, Json)> {
                    scored.outcomes().map(|(n, v)| (n.to_owned(), Value::from(v).json())).collect()
                };
                let run = engine.score(&item, &session, &responses, &mut scratch).map(|scored| list(&scored));
                let (outcomes, error) = match run {
                    Ok(outcomes) => (outcomes, String::new()),
                    Err(e) => (list(&engine.defaults(&item, &session, &mut scratch)), e.to_string()),
                };
                let find = |id: &str| outcomes.iter().find(|(n, _)| n == id).map_or(&Json::Null, |(_, v)| v);
                let Some(expect) = case["expect"].as_object() else {
                    disputed += 1;
                    println!(
                        "disputed: {file} / {name}: SCORE {} {error} {}",
                        find("SCORE"),
                        case["disputed"]
                    );
                    continue;
                };
                for (id, expected) in expect {
                    stated += 1;
                    let decided = DECIDED.iter().find(|(f, n, o, _)| *f == file && *n == name && o == id);
                    let expected =
                        decided.map_or(expected.clone(), |(.., v)| v.map_or(Json::Null, Json::from));
                    if !same(&expected, find(id)) {
                        wrong.push(format!(
                            "{file} / {name}: {id} should be {expected}, is {} {error}",
                            find(id)
                        ));
                    } else if !error.is_empty() {
                        println!("by default after an error: {file} / {name}: {error}");
                    }
                }
            }
        }
    }
    println!("{stated} stated outcomes, {disputed} disputed cases, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(stated > 600 && disputed > 0, "the samples are not all there: {stated} and {disputed}");
}

#[test]
fn every_sample_file_is_read_or_refused_with_a_reason() {
    let Some(folder) = folder() else { return };
    let mut seen = 0;
    for version in ["2.x", "3.0"] {
        let text = std::fs::read(folder.join(version).join("index.json")).unwrap();
        let index: Json = serde_json::from_slice(&text).unwrap();
        for entry in index["files"].as_array().unwrap() {
            let file = entry["file"].as_str().unwrap();
            let bytes = std::fs::read(folder.join(version).join(file)).unwrap();
            let mut source = Source::alone(file);
            match (entry["kind"].as_str().unwrap(), import(&bytes, &mut source)) {
                ("assessmentItem", Ok(Document::Item(_)))
                | ("assessmentTest", Ok(Document::Test(_)))
                | ("assessmentSection", Ok(Document::Section(_)))
                | ("assessmentStimulus", Ok(Document::Stimulus(_)))
                | ("assessmentResult", Ok(Document::Results(_)))
                | ("responseProcessing", Ok(Document::Rules(_))) => seen += 1,
                (kind, Ok(other)) => panic!("{file} is {kind}, read as {other:?}"),
                (_, Err(error)) => panic!("{file}: {error}"),
            }
        }
    }
    assert_eq!(seen, 479);
}
