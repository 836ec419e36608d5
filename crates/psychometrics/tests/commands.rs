//! Every command by hand: what it prints, what it refuses, and that no file makes it fall over.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use clap::Parser;
use proptest::prelude::*;
use regie_psychometrics::command::{StatsCommand, run};
use regie_psychometrics::number::random::Stream;
use serde_json::Value;
use std::path::Path;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: StatsCommand,
}

/// Runs a command line in a folder; file names are those of the folder.
fn stats(folder: &Path, line: &str) -> Result<(bool, String), String> {
    let words = line.split_whitespace().map(|w| {
        let is_file = [".csv", ".json", ".html"].iter().any(|end| w.ends_with(end)) || w == ".";
        if is_file { folder.join(w).display().to_string() } else { w.to_owned() }
    });
    let arguments = Arguments::try_parse_from(std::iter::once("stats".to_owned()).chain(words))
        .map_err(|e| e.to_string())?;
    let mut out = Vec::new();
    let passed = run(&arguments.command, &mut out, &|| (0.0, 0.0))?;
    Ok((passed, String::from_utf8(out).unwrap()))
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn json(folder: &Path, line: &str) -> Value {
    serde_json::from_str(&stats(folder, line).unwrap().1).unwrap()
}

/// Right-or-wrong answers of a Rasch model; `harder` shifts one item for every second person (group f).
fn simulated(persons: usize, items: usize, harder: f64) -> String {
    let mut stream = Stream::new(77);
    let mut text = String::from("person_id,group");
    (0..items).for_each(|j| text += &format!(",q{j}"));
    text.push('\n');
    for p in 0..persons {
        let theta = stream.normal();
        text += &format!("p{p},{}", if p % 2 == 1 { "f" } else { "r" });
        for j in 0..items {
            let shift = if j == 2 && p % 2 == 1 { harder } else { 0.0 };
            let beta = -1.5 + 3.0 * j as f64 / (items - 1) as f64 + shift;
            text += if stream.uniform() < 1.0 / (1.0 + (beta - theta).exp()) { ",1" } else { ",0" };
        }
        text.push('\n');
    }
    text
}

#[test]
fn an_analysis_tells_about_cut_groups_domains_times_and_neutralised_items() {
    let answers = simulated(300, 12, 0.0);
    let items: String = (0..12)
        .map(|j| {
            format!(
                "q{j},{}\n",
                if j < 6 {
                    "lezen"
                } else if j < 10 {
                    "schrijven"
                } else {
                    ""
                }
            )
        })
        .collect();
    let times: String =
        (0..300).map(|p| format!("p{p},{}.5,{}\n", 20 + p % 9, if p == 7 { 1 } else { 40 })).collect();
    let dir = folder(&[
        ("data.csv", &answers),
        ("items.csv", &format!("item_id,domain\n{items}")),
        ("times.csv", &format!("person_id,q0,q1\n{times}")),
        ("limits.json", r#"{"low_rir":0.9}"#),
    ]);
    let line = "analyse data.csv --items items.csv --times times.csv --limits limits.json --cut 7 --group group \
                --reference r --drop q11 --full-marks q9 --norm-length 24 --language en --json --html page.html";
    let found = json(dir.path(), line);
    let booklet = &found["booklets"][0];
    assert_eq!(booklet["test"]["k"], 11);
    assert_eq!(booklet["test"]["max_possible"], 11);
    assert!(booklet["test"]["alpha_at_norm"].as_f64() > booklet["test"]["alpha"].as_f64());
    assert!(booklet["greatest_lower_bound"]["value"].as_f64() >= booklet["test"]["alpha"].as_f64());
    assert_eq!(booklet["groups"], serde_json::json!(["r", "f"]));
    let cut = &booklet["what_if"][7];
    assert_eq!(cut["pass_rate"], booklet["test"]["pass_rate"]);
    let halves = (cut["by_group"][0].as_f64().unwrap() + cut["by_group"][1].as_f64().unwrap()) / 2.0;
    assert!((halves - cut["pass_rate"].as_f64().unwrap()).abs() < 1e-12, "two groups of 150");
    let right = booklet["classification"]["Ok"]["accuracy"].as_f64().unwrap();
    let wrong = cut["false_pass"].as_f64().unwrap() + cut["false_fail"].as_f64().unwrap();
    assert!((right - (1.0 - wrong)).abs() < 0.05, "two roads to the same share: {right} {wrong}");
    assert_eq!(booklet["domains"][0]["domain"], "lezen");
    assert_eq!(booklet["domains"][1]["alpha"], Value::Null, "four items carry no claim");
    let undefined = booklet["undefined"].as_array().unwrap();
    assert!(undefined.iter().any(|u| u["place"] == "domain schrijven" && u["reason"] == "too_short"));
    assert!(
        undefined.iter().any(|u| u["place"] == "q9" && u["statistic"] == "rit"),
        "full marks: no variance"
    );
    assert_eq!(booklet["group_profiles"].as_array().unwrap().len(), 4);
    assert_eq!(booklet["times"][1]["item"], "q1");
    assert_eq!(booklet["times"][1]["rapid_share"], 1.0 / 300.0);
    assert_eq!(found["neutralised"], serde_json::json!([["q9", "full_marks"], ["q11", "dropped"]]));
    let advice = booklet["advice"].as_array().unwrap();
    assert!(advice.iter().all(|a| a["advice"][0]["rule"].as_str().unwrap().ends_with('.')));
    assert!(advice.len() >= 10, "with so high a limit nearly every item is flagged");
    let page = std::fs::read_to_string(dir.path().join("page.html")).unwrap();
    for words in [
        "lang=\"en\"",
        "Domains",
        "Time per question",
        "Groups",
        "was dropped",
        "Livingston",
        "global indication",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("NaN"));
}

#[test]
fn expected_domain_scores_add_up_to_the_total() {
    let items: String = (0..12).map(|j| format!("q{j},d{}\n", j % 2)).collect();
    let dir =
        folder(&[("data.csv", &simulated(300, 12, 0.0)), ("items.csv", &format!("item_id,domain\n{items}"))]);
    let found = json(dir.path(), "analyse data.csv --items items.csv --json");
    let expected = found["booklets"][0]["expected"].as_array().unwrap();
    for total in 0..=12 {
        let sum: f64 = expected.iter().map(|d| d["by_total"][total].as_f64().unwrap()).sum();
        assert!((sum - total as f64).abs() < 1e-9);
    }
}

#[test]
fn a_repeated_person_counts_once_and_the_report_says_so() {
    let text = simulated(60, 5, 0.0) + "p3,f,1,1,1,1,1\n";
    let dir = folder(&[("data.csv", &text)]);
    assert_eq!(json(dir.path(), "analyse data.csv --json")["booklets"][0]["test"]["n"], 60);
    assert!(stats(dir.path(), "analyse data.csv").unwrap().1.starts_with("1 later rows"));
    assert_eq!(json(dir.path(), "analyse data.csv --all-attempts --json")["booklets"][0]["test"]["n"], 61);
}

#[test]
fn calibrations_give_parameters_abilities_and_warnings() {
    let dir = folder(&[
        ("data.csv", &simulated(300, 8, 0.0)),
        ("anchors.csv", "item_id,item_score,beta\nq0,1,-1\nq1,1,-0.5\n"),
        ("weights.csv", "item_id,weight\nq0,2\nq5,3\nelsewhere,4\n"),
    ]);
    let cml = json(dir.path(), "calibrate data.csv --model cml --json");
    let betas: Vec<f64> = cml["calibration"]["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["beta"].as_f64().unwrap())
        .collect();
    assert!(betas.iter().sum::<f64>().abs() < 1e-12);
    assert!(betas[0] < betas[7]);
    assert_eq!(cml["abilities"][0]["mle"][0]["infinite"], -1);
    assert!(cml["abilities"][0]["wle"][0]["theta"].as_f64().unwrap().is_finite());
    let anchored = json(dir.path(), "calibrate data.csv --model cml --anchors anchors.csv --json");
    assert_eq!(anchored["calibration"]["parameters"][0]["beta"], -1.0);
    assert_eq!(anchored["calibration"]["parameters"][0]["fixed"], true);
    let weighted = json(dir.path(), "calibrate data.csv --model cml --weights weights.csv --json");
    assert_eq!(weighted["calibration"]["parameters"][5]["score"], 3);
    let two = json(dir.path(), "calibrate data.csv --model 2pl --json");
    assert!(two["items"][0]["se_a"].as_f64().unwrap() > 0.0);
    assert!(two["notes"][0].as_str().unwrap().contains("300 persons are too few for the 2PL (from 400 on)"));
    assert!(stats(dir.path(), "calibrate data.csv --model 3pl").unwrap_err().contains("use cml, 1pl or 2pl"));
}

#[test]
fn estimates_that_do_not_exist_are_not_made_up() {
    let steps = "person_id,a,b,c\np1,1,0,0\np2,1,1,0\np3,1,1,0\np4,0,0,0\np5,1,1,1\n";
    let dir = folder(&[
        ("steps.csv", steps),
        ("semicolons.csv", "person_id;a;b\np1;1;0\np2;0;1\n"),
        ("apart.csv", &two_forms()),
    ]);
    // Every score has one pattern only: slopes and differences grow without bound.
    let refusal = |line: &str| stats(dir.path(), line).unwrap_err();
    assert!(refusal("calibrate steps.csv --model 2pl").contains("no unique finite estimate exists"));
    assert!(refusal("calibrate steps.csv --model cml").contains("no finite estimate exists"));
    // Without common items one scale is an assumption, and said to be one.
    assert!(refusal("calibrate apart.csv --model cml").contains("2 groups of items"));
    let two = json(dir.path(), "calibrate apart.csv --model 1pl --json");
    assert!(two["notes"][0].as_str().unwrap().contains("[q0, q1, q2, q3] | [r0, r1, r2, r3]"), "{two}");
    let found = refusal("analyse semicolons.csv");
    assert!(found.contains("line 1, column 1: the columns are separated by semicolons"), "{found}");
}

/// Two forms of four items each without a common one.
fn two_forms() -> String {
    let one = simulated(200, 4, 0.0);
    let mut lines = one.lines();
    let header = lines.next().unwrap();
    let at = header.split(',').position(|name| name == "q0").unwrap();
    let mut text = "person_id,booklet,q0,q1,q2,q3,r0,r1,r2,r3\n".to_owned();
    for (number, line) in lines.enumerate() {
        let scores = line.split(',').skip(at).collect::<Vec<_>>().join(",");
        let row = if number % 2 == 0 { format!("A,{scores},,,,") } else { format!("B,,,,,{scores}") };
        text.push_str(&format!("p{number},{row}\n"));
    }
    text
}

#[test]
fn differential_items_are_found_and_shown() {
    let dir = folder(&[("data.csv", &simulated(1200, 12, 1.2))]);
    let found = json(dir.path(), "dif data.csv --group group --focal f --json --html dif.html --language en");
    let class_c: Vec<&str> = found["mantel_haenszel"]["purified"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|i| i["class"] == "C")
        .map(|i| i["item"].as_str().unwrap())
        .collect();
    assert_eq!(class_c, ["q2"]);
    let page = std::fs::read_to_string(dir.path().join("dif.html")).unwrap();
    assert!(page.contains("Question q2") && page.contains("Harder for f at equal totals"));
    assert!(
        stats(dir.path(), "dif data.csv --group nothing")
            .unwrap_err()
            .contains("there is no column 'nothing'")
    );
}

#[test]
fn undefined_dif_statistics_carry_their_reason() {
    let rows: String =
        (0..40).map(|p| format!("{},1,{}\n", if p % 2 == 0 { "x" } else { "y" }, p % 3 % 2)).collect();
    let dir = folder(&[("data.csv", &format!("group,a,b\n{rows}"))]);
    let found = json(dir.path(), "dif data.csv --group group --json");
    assert_eq!(found["mantel_haenszel"]["items"][0]["alpha"], Value::Null);
    let reasons = found["undefined"].as_array().unwrap();
    assert!(reasons.iter().any(|u| u["place"] == "a" && u["statistic"] == "alpha"));
    assert!(found["advice"].as_str().unwrap().contains("too few"));
}

#[test]
fn markers_are_compared_and_shown() {
    let mut stream = Stream::new(5);
    let rows: String = (0..60)
        .map(|s| {
            let truth = 6.0 + 2.0 * stream.normal();
            let mut mark =
                |shift: f64| (truth + shift + 0.5 * stream.normal()).round().clamp(0.0, 12.0) as i64;
            format!("s{s},{},{},{}\n", mark(0.0), mark(0.1), mark(-1.5))
        })
        .collect();
    let dir = folder(&[("ratings.csv", &format!("script_id,anja,bram,cora\n{rows}"))]);
    let found = json(dir.path(), "agreement ratings.csv --json --html markers.html --language en");
    assert_eq!(found["pairs"].as_array().unwrap().len(), 3);
    assert!(found["severity"]["Ok"]["markers"][2]["high"].as_f64().unwrap() < -0.5);
    assert!(found["intra_class"]["agreement_single"]["value"].as_f64().unwrap() > 0.5);
    let page = std::fs::read_to_string(dir.path().join("markers.html")).unwrap();
    assert!(page.contains("Demonstrably different from the average") && page.contains("cora"));
    assert!(stats(dir.path(), "agreement ratings.csv").unwrap().1.contains("Krippendorff"));
}

#[test]
fn grades_follow_their_conversion() {
    let dir = folder(&[
        ("n.json", r#"{"kind":"n_term","length":60,"n":"0.8"}"#),
        ("wrong.json", r#"{"kind":"n_term","length":60}"#),
    ]);
    let (_, text) = stats(dir.path(), "grades n.json").unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines[0], lines[1], lines[61]), ("score,grade", "0,1.0", "60,10.0"));
    assert!(stats(dir.path(), "grades wrong.json").unwrap_err().contains("expected for example"));
}

#[test]
fn cuts_follow_from_panels_and_results() {
    let cut = |text: &str| {
        let dir = folder(&[("panel.json", text)]);
        stats(dir.path(), "cut panel.json").map(|(_, out)| serde_json::from_str::<Value>(&out).unwrap())
    };
    let angoff = cut(r#"{"method":"angoff","max":[1,2],"judges":[[0.6,1.2],[0.5,1.0]]}"#).unwrap();
    assert!((angoff["cut"].as_f64().unwrap() - 1.65).abs() < 1e-12);
    assert_eq!(angoff["lowest_pass"], 2);
    assert!(angoff["variance"]["judge"].as_f64().is_some());
    let ebel = cut(r#"{"method":"ebel","points":[10,20],"judges":[[0.9,0.5]]}"#).unwrap();
    assert_eq!(ebel["cut"], 19.0);
    let borderline = cut(r#"{"method":"borderline","scores":[10,14,11,13]}"#).unwrap();
    assert_eq!(borderline["lowest_pass"], 12);
    let best = cut(r#"{"method":"cohen_schotanus","scores":[40,40],"chance":10}"#).unwrap();
    assert_eq!(best["cut"], 28.0);
    let scores: Vec<String> = (0..100).map(|s| s.to_string()).collect();
    let hofstee = format!(
        r#"{{"method":"hofstee","scores":[{}],"cuts":[40,60],"fail_rates":[0.2,0.6]}}"#,
        scores.join(",")
    );
    assert_eq!(cut(&hofstee).unwrap()["lowest_pass"], 47);
    let groups = r#"{"method":"contrasting_groups","failing":[1,2,3,4,5],"passing":[11,12,13,14,15]}"#;
    assert_eq!(cut(groups).unwrap()["lowest_pass"], 8);
    // Two equal clusters and judges who ask half of each: half of the whole.
    let cluster = |name: &str| {
        (0..4)
            .map(|i| format!(r#"{{"item":"{name}{i}","score":1,"beta":{}}}"#, [-1.0, -0.5, 0.5, 1.0][i]))
            .collect::<Vec<String>>()
            .join(",")
    };
    let direct = format!(
        r#"{{"method":"direct_consensus","clusters":[[{}],[{}]],"judges":[[2,2],[2,2]]}}"#,
        cluster("a"),
        cluster("b")
    );
    let direct = cut(&direct).unwrap();
    assert!((direct["cut"].as_f64().unwrap() - 4.0).abs() < 1e-9);
    assert!(direct["abilities"][0].as_f64().unwrap().abs() < 1e-9);
    assert!(cut(r#"{"method":"angoff","max":[1],"judges":[[3]]}"#).unwrap_err().contains("outside 0 to 1"));
    assert!(cut(r#"{"method":"borderline","scores":[]}"#).unwrap_err().contains("no cut follows"));
    assert!(cut("[]").unwrap_err().contains("methods: angoff"));
}

#[test]
fn a_cut_moves_to_a_new_form() {
    // The same answers under two names: every score is its own equivalent.
    let text = simulated(800, 10, 0.0);
    let dir = folder(&[("old.csv", &text), ("new.csv", &text)]);
    let found = json(dir.path(), "equate old.csv new.csv --cut 6 --json");
    assert_eq!(found["cut"]["new_cut"], 6);
    assert_eq!(found["drifted"], serde_json::json!([]));
    let ranks = json(dir.path(), "equate old.csv new.csv --method equipercentile --json");
    for line in ranks.as_array().unwrap() {
        let (score, equivalent) = (line["score"].as_f64().unwrap(), line["equivalent"].as_f64().unwrap());
        assert!((score - equivalent).abs() < 0.51, "{line}");
    }
    assert!(stats(dir.path(), "equate old.csv new.csv --cut 11").unwrap_err().contains("0 to 10"));
}

#[test]
fn facets_are_measured_by_name() {
    let mut stream = Stream::new(8);
    let mut text = String::from("person_id,criterion,marker_id,score\n");
    for person in 0..80 {
        let theta = 1.5 * stream.normal();
        for (criterion, d) in [("inhoud", -0.3), ("vorm", 0.3)] {
            for (marker, severity) in [("mild", -0.8), ("streng", 0.8)] {
                let p = |x: f64| {
                    u16::from(stream_uniform(&mut stream) < 1.0 / (1.0 + (d + severity + x - theta).exp()))
                };
                let mut p = p;
                let score = p(-0.7) + p(0.7);
                text += &format!("k{person},{criterion},{marker},{score}\n");
            }
        }
    }
    let dir = folder(&[("marks.csv", &text), ("bad.csv", "person,criterion,marker,score\na,b,c,x\n")]);
    let found = json(dir.path(), "facets marks.csv --json");
    let measure = |name: &str| {
        found["markers"].as_array().unwrap().iter().find(|m| m["name"] == name).unwrap()["measure"]
            .as_f64()
            .unwrap()
    };
    assert!(measure("streng") - measure("mild") > 0.8);
    let wrong = stats(dir.path(), "facets bad.csv").unwrap_err();
    assert!(wrong.contains("line 2, column 4 (score): 'x' is not a whole score"), "{wrong}");
}

fn stream_uniform(stream: &mut Stream) -> f64 {
    stream.uniform()
}

#[test]
fn golden_counts_every_number_and_falls_out_on_a_wrong_one() {
    let data = "person_id,a,b\np1,1,1\np2,0,0\np3,1,0\np4,1,1\n";
    let golden = |mean: f64| format!(r#"{{"exact_ctt":{{"n":4,"k":2,"mean":{mean}}}}}"#);
    for (mean, passes) in [(1.25, true), (1.26, false)] {
        let dir = folder(&[]);
        for part in ["data", "golden"] {
            std::fs::create_dir(dir.path().join(part)).unwrap();
        }
        std::fs::write(dir.path().join("data/tiny.csv"), data).unwrap();
        std::fs::write(dir.path().join("golden/tiny_py.json"), golden(mean)).unwrap();
        let (passed, text) = stats(dir.path(), "golden .").unwrap();
        assert_eq!(passed, passes, "{text}");
        assert!(text.contains("3 numbers = 3 compared + 0 excluded"), "{text}");
    }
}

#[test]
fn every_bench_task_prints_one_line() {
    let text = simulated(200, 8, 0.0);
    let bare: String = text.lines().map(|l| l.splitn(3, ',').nth(2).unwrap().to_owned() + "\n").collect();
    let dir = folder(&[("bare.csv", &bare)]);
    for task in ["tia", "cml", "mml2pl", "mh"] {
        let line = json(dir.path(), &format!("bench bare.csv --task {task}"));
        assert_eq!(line["task"], task);
        assert!(["compute_s", "compute_cpu_s", "check"].iter().all(|f| line[f].is_number()));
    }
    assert!(stats(dir.path(), "bench bare.csv --task x").unwrap_err().contains("the tasks are tia"));
}

/// Commands that read one table, on files of every kind of nonsense.
const READERS: [&str; 8] = [
    "analyse x.csv --cut 2 --json --html x.html",
    "analyse x.csv --key y.csv --items y.csv --group group --json",
    "analyse x.csv --times y.csv --json",
    "calibrate x.csv --missing no-data --json",
    "calibrate x.csv --model 2pl --missing not-reached --weights y.csv --json",
    "dif x.csv --group group --json --html x.html",
    "agreement x.csv --json --html x.html",
    "facets x.csv --json",
];

fn nothing_falls_over(first: &str, second: &str) -> Result<(), TestCaseError> {
    let dir = folder(&[("x.csv", first), ("y.csv", second), ("x.json", first)]);
    let more = [
        "equate x.csv y.csv --cut 1 --json",
        "equate x.csv y.csv --method equipercentile",
        "cut x.json",
        "grades x.json",
    ];
    for line in READERS.into_iter().chain(more) {
        match stats(dir.path(), line) {
            Ok((_, text)) => prop_assert!(!text.contains("NaN"), "{line}\n{text}"),
            Err(sentence) => prop_assert!(sentence.len() > 10, "{line}: {sentence}"),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn no_command_falls_over_on_any_text(first in "[a-c,0-9\\.\"\\|\\n -]{0,160}", second in ".{0,80}") {
        nothing_falls_over(&first, &second)?;
    }

    #[test]
    fn no_command_falls_over_on_any_table(
        header in prop::sample::subsequence(vec!["person_id", "booklet", "group", "sitting", "person", "criterion", "marker", "score", "item_id", "weight", "max", "key", "options", "a", "b", "c"], 1..16),
        cells in prop::collection::vec(prop::sample::select(vec!["", "0", "1", "2", "3", "7", "65535", "65536", "-1", "A", "B", "x|y", "0.5", "1e308", "nan"]), 0..160),
        more in prop::collection::vec(prop::sample::select(vec!["0", "1", "2"]), 0..200),
    ) {
        let rows = |cells: &[&str]| -> String {
            cells.chunks_exact(header.len()).map(|row| row.join(",") + "\n").collect()
        };
        let head = header.join(",") + "\n";
        let (wild, tame) = (head.clone() + &rows(&cells), head + &rows(&more));
        nothing_falls_over(&wild, &tame)?;
        nothing_falls_over(&tame, &wild)?;
        nothing_falls_over(&tame, &tame)?;
    }
}
