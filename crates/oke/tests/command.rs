//! The commands as somebody types them: what works, what is refused, and with which exit status.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A folder of this test's own, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let file = self.file(name);
        std::fs::write(&file, text).unwrap();
        file
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(words: &[&str]) -> (i32, String, String) {
    let ended = Command::new(env!("CARGO_BIN_EXE_regie-oke")).args(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (ended.status.code().unwrap(), text(ended.stdout), text(ended.stderr))
}

/// A simulator that runs until it is dropped, and its base URL.
struct Running(Child, String);

impl Running {
    fn start(words: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_regie-oke"))
            .arg("simulate")
            .args(words)
            .args(["--port", "0", "--speed", "1"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
        let url = first.split_whitespace().last().unwrap().to_owned();
        Self(child, url)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const ATTENDANCE: &str = r#"{ "associationType": "componentOfferingAssociation", "result": {
    "state": "in progress", "resultDate": "2026-06-22", "weight": 100,
    "consumers": [{ "consumerKey": "nl-test-admin", "attendance": "present" }] } }"#;

#[test]
fn a_message_is_judged_in_either_language_and_as_json() {
    let folder = Folder::new("check");
    let good = folder.write("good.json", ATTENDANCE);
    let place = ["--flow", "3", "--method", "PATCH", "--path", "/associations/{associationId}"];
    let (status, said, _) = run(&[&["check", &good], &place[..]].concat());
    assert_eq!((status, said.as_str()), (0, "0 fouten, 0 waarschuwingen, 0 opmerkingen.\n"));
    let bad =
        folder.write("bad.json", &ATTENDANCE.replace("100", "\"honderd\"").replace("present", "aanwezig"));
    let (status, said, _) = run(&[&["check", &bad], &place[..]].concat());
    assert_eq!(status, 1);
    assert!(said.contains("fout (schema) /result/weight: ") && said.contains("1 fout, "), "{said}");
    let (_, said, _) = run(&[&["check", &bad, "--language", "en"], &place[..]].concat());
    assert!(said.contains("warning (agreement) /result/consumers/0/attendance: Unknown value"), "{said}");
    let (status, said, _) = run(&[&["check", &bad, "--json"], &place[..]].concat());
    let found: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(status, 1);
    let first = &found["findings"][0];
    for name in ["pointer", "rule", "level", "severity", "place"] {
        assert!(first[name].is_string(), "{name} in {first}");
    }
    assert!(first["text"]["nl"].is_string() && first["text"]["en"].is_string());
    // Almost JSON is mended, and said to be wrong all the same.
    let almost = folder.write("almost.json", &ATTENDANCE.replace("\"weight\": 100,", "\"weight\": 100,,"));
    let (status, said, _) = run(&[&["check", &almost], &place[..]].concat());
    assert!(status == 1 && said.contains("[not-json]"), "{said}");
}

#[test]
fn what_cannot_be_is_refused_with_the_way_out() {
    let folder = Folder::new("refused");
    let good = folder.write("good.json", ATTENDANCE);
    let scenario = folder.write("scenario.json", "{\n  \"timings\": [\"soms\"]\n}");
    let conform = ["conform", "--client-id", "a", "--client-secret", "b"];
    let nobody = [&conform[..], &["--role", "ta", "--url", "http://127.0.0.1:9/ooapi"]].concat();
    for (words, said) in [
        (vec!["check", "/nope.json"], "/nope.json cannot be read"),
        (vec!["check", &good, "--path", "/associations/x"], "Say with --method"),
        (vec!["check", &good, "--flow", "7"], "7 is not in 0..=6"),
        (vec!["check", &good, "--method", "DELETE"], "The agreement knows GET, PUT and PATCH"),
        (vec!["check", &good, "--language", "de"], "nl, en"),
        (vec!["check", &good, "--value-type", "1-10"], "choose from pass-or-fail, "),
        (
            vec!["check", &good, "--flow", "4", "--method", "PUT", "--path", "/associations/x"],
            "no PUT /associations/x in flow 4. It has: PATCH /offerings/{offeringId} (tpl)",
        ),
        (vec!["simulate", "osiris"], "choose sis, tpl or ta, or faults"),
        (vec!["simulate", "sis", "--speed", "0"], "more than zero"),
        (
            vec!["simulate", "sis", "--scenario", &scenario],
            "scenario.json: Line 2, column 15: There is no timing soms",
        ),
        (vec!["openapi", "planner"], "choose sis, tpl or ta"),
        (
            [&conform[..], &["--role", "ta", "--url", "toets.example"]].concat(),
            "toets.example is no base URL",
        ),
        (nobody.clone(), "Nobody answers at http://127.0.0.1:9/ooapi: no connection"),
        ([&nobody[..], &["--report", "out.pdf"]].concat(), "a report ends in .html, .json or .xml"),
        ([&nobody[..], &["--report", "/nope/out.html"]].concat(), "its folder does not exist"),
        ([&nobody[..], &["--prepared", &good]].concat(), "unknown field `associationType`"),
        ([&nobody[..], &["--patience", "0"]].concat(), "at least one second"),
    ] {
        let (status, out, error) = run(&words);
        assert_eq!(status, 2, "{words:?}: {out}{error}");
        assert!(error.contains(said), "{words:?}: {error:?}, expected {said:?}");
    }
}

#[test]
fn a_supplier_runs_the_suite_and_reads_the_reports() {
    let folder = Folder::new("conform");
    let prepared = folder.file("prepared.json");
    let simulated = Running::start(&["sis", "--alone", "--prepare", &prepared]);
    let reports = [folder.file("out.html"), folder.file("out.json"), folder.file("out.xml")];
    let target = ["conform", "--role", "sis", "--url", &simulated.1, "--client-id", "tpl-roc-voorbeeld"];
    let right = [&target[..], &["--client-secret", "geheim-van-tpl-roc-voorbeeld"]].concat();
    let mut words = [&right[..], &["--prepared", &prepared]].concat();
    for report in &reports {
        words.extend(["--report", report]);
    }
    let (status, said, error) = run(&words);
    assert_eq!(status, 0, "{said}{error}");
    assert!(said.contains(" passed, 0 failed, ") && said.contains("Run with --listen"), "{said}");
    let html = std::fs::read_to_string(&reports[0]).unwrap();
    assert!(html.contains("Geen regel gebroken") && !html.contains("geheim-van"));
    let json: Value = serde_json::from_str(&std::fs::read_to_string(&reports[1]).unwrap()).unwrap();
    assert_eq!(json["counts"]["failed"], 0);
    assert!(std::fs::read_to_string(&reports[2]).unwrap().contains("<testsuite name=\"oke-sis\""));
    // Without the prepared file what needs it is skipped, and says what it needs.
    let (status, said, _) = run(&right);
    assert!(status == 0 && said.contains("The prepared file names no "), "{said}");
    let (status, _, error) = run(&[&target[..], &["--client-secret", "wrong"]].concat());
    assert!(status == 2 && error.contains("invalid_client. Check --client-id"), "{error}");
}

#[test]
fn a_broken_party_gets_a_list_of_what_to_mend() {
    let folder = Folder::new("broken");
    let prepared = folder.file("prepared.json");
    let scenario = folder.write("scenario.json", r#"{ "faults": ["ta-null-keeps", "ta-search-ignored"] }"#);
    let simulated = Running::start(&["ta", "--alone", "--prepare", &prepared, "--scenario", &scenario]);
    let report = folder.file("out.html");
    let (status, said, _) = run(&[
        "conform",
        "--role",
        "ta",
        "--url",
        &simulated.1,
        "--client-id",
        "tpl-roc-voorbeeld",
        "--client-secret",
        "geheim-van-tpl-roc-voorbeeld",
        "--prepared",
        &prepared,
        "--report",
        &report,
    ]);
    assert_eq!(status, 1);
    assert!(
        said.contains("FAILED  TA-2-08") && said.contains("FAILED  TA-0-07") && said.contains(", 2 failed, "),
        "{said}"
    );
    let html = std::fs::read_to_string(&report).unwrap();
    let todo = html.split("Te herstellen").nth(1).unwrap().split("</ol>").next().unwrap();
    assert_eq!(todo.matches("<li>").count(), 2, "{todo}");
}

#[test]
fn what_can_go_wrong_is_listed() {
    let (status, said, _) = run(&["simulate", "faults"]);
    assert_eq!(status, 0);
    for name in ["outage", "odd-chatty", "tpl-orphans-taken", "sis-plans-attempt-zero"] {
        assert!(said.lines().any(|line| line.ends_with(name)), "{name}");
    }
    for role in ["sis", "tpl", "ta"] {
        let (status, said, _) = run(&["openapi", role]);
        let document: Value = serde_json::from_str(&said).unwrap();
        assert!(status == 0 && document["openapi"] == "3.0.3");
    }
}
