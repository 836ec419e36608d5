//! Files: right ones are read and written back, wrong ones say where, none makes the readers panic; and what the
//! planner writes passes the independent checkers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may fail loudly

use proptest::prelude::*;
use regie_timetable::format::{itc2007, toronto, udine};
use regie_timetable::generate::{Wish, school};
use regie_timetable::problem::Problem;
use regie_timetable::score::score;
use regie_timetable::search::{Control, Limit, Options, solve};
use regie_timetable::{defence, school as own};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;

const ITC: &str = "[Exams:3]\n60, 1, 2\n90, 2, 3\n60, 4\n[Periods:2]\n01:01:2026, 09:00:00, 90, 0\n01:01:2026, 12:00:00, 90, 5\n\
[Rooms:2]\n3, 0\n1, 7\n[PeriodHardConstraints]\n1, AFTER, 0\n[RoomHardConstraints]\n1, ROOM_EXCLUSIVE\n\
[InstitutionalWeightings]\nTWOINAROW,7\nTWOINADAY,5\nPERIODSPREAD,1\nNONMIXEDDURATIONS,10\nFRONTLOAD,1,1,5\n";

fn plan(problem: &Problem, proposals: u64) -> regie_timetable::search::Outcome {
    let control = Control { clock: &|| 0.0, cancel: &AtomicBool::new(false), progress: &|_| {} };
    solve(problem, &Options { limit: Limit::Proposals(proposals), ..Options::default() }, &control).unwrap()
}

#[test]
fn the_small_itc_instance_has_its_hand_counted_cost() {
    let problem = itc2007::read(ITC).unwrap();
    let plan = itc2007::read_plan(&problem, "0, 0\n1, 0\n0, 1\n").unwrap();
    let s = score(&problem, &plan);
    assert!(s.feasible(), "{s:?}");
    // Student 2 has two in a row (7) a period apart (1); exam 1 in the dear period (5); exam 2 in the dear room (7).
    // Exam 0 is the largest exam and early.
    assert_eq!(s.cost(), 7 + 1 + 5 + 7);
    assert_eq!(itc2007::write(&plan), "0, 0\n1, 0\n0, 1\n");
    assert_eq!(
        self::plan(&problem, 5_000).score.cost(),
        20 - 7,
        "exam 2 shares the cheap room: same duration, three seats"
    );
}

#[test]
fn a_wrong_file_says_line_column_and_what_was_expected() {
    let cases = [
        (ITC.replace("90, 2, 3", "90, x, 3"), "line 3, column 5: expected a student number, not \"x\""),
        (
            ITC.replace("1, AFTER, 0", "1, AFTER, 9"),
            "line 12, column 11: expected an exam number below 3, not 9",
        ),
        (
            ITC.replace("AFTER", "BEFORE"),
            "line 12, column 4: expected AFTER, EXAM_COINCIDENCE or EXCLUSION, not \"BEFORE\"",
        ),
        (
            ITC.replace("[Exams:3]", "[Exams:4]"),
            "line 1, column 1: expected 4 lines in section Exams, there are 3",
        ),
        (ITC.replace("3, 0\n", "3\n"), "line 9, column 2: expected the room penalty"),
    ];
    for (text, message) in cases {
        assert_eq!(itc2007::read(&text).unwrap_err().to_string(), message);
    }
    let e = udine::read("{\"Periods\": 3,\n \"Slots\": 1}").unwrap_err().to_string();
    assert!(e.starts_with("line 2, column") && e.contains("SlotsPerDay"), "{e}");
    let e = toronto::read("0001 2\n", "0001\n0001 0007\n", 5).unwrap_err().to_string();
    assert_eq!(e, "line 2, column 6: expected an exam of the .crs file, not \"0007\" (in the .stu file)");
}

#[test]
fn contradictions_are_named() {
    let control = Control { clock: &|| 0.0, cancel: &AtomicBool::new(false), progress: &|_| {} };
    let say =
        |text: String| solve(&itc2007::read(&text).unwrap(), &Options::default(), &control).unwrap_err();
    let both = ITC.replace("1, AFTER, 0", "1, AFTER, 2\n1, EXAM_COINCIDENCE, 2");
    let cases = [
        (both, "exam 1 and exam 2 must be in one period and also in different ones"),
        (ITC.replace("60, 4", "600, 4"), "no period is allowed for exam 2"),
        (ITC.replace("\n3, 0\n", "\n1, 0\n"), "exam 0 (2 seats) fits in no room"),
    ];
    for (text, part) in cases {
        let said = say(text);
        assert!(said.contains(part), "{said} should say {part}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,80}", at in 0usize..ITC.len(), junk in "[-0-9,:\\[\\]A-Z \n\u{e9}]{0,6}") {
        let mut broken = ITC.to_owned();
        broken.insert_str(at, &junk);
        for t in [&text, &broken] {
            if let Ok(p) = itc2007::read(t) {
                let _ = p.sound();
                let _ = itc2007::read_plan(&p, t);
            }
            let _ = toronto::read(t, t, 5);
            let _ = udine::read(t);
            let _ = defence::read(t);
            let _ = own::read(t);
        }
    }
}

fn python(script: &Path, args: &[&Path]) -> serde_json::Value {
    let out = Command::new("python3").arg(script).args(args).arg("--json").output().expect("python3 runs");
    serde_json::from_slice(&out.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&out.stderr)))
}

fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn school_plans_pass_the_independent_checker_with_the_same_cost() {
    let dir = tempfile::tempdir().unwrap();
    for (seed, students) in [(1, 40), (2, 600)] {
        let s = school(&Wish { seed, students, load: 0.9, people: 1.0, over_constrained: false });
        let problem = own::problem(&s);
        let o = plan(&problem, 300_000);
        assert!(o.score.feasible(), "{:?}", o.score);
        let (a, b) = (dir.path().join("school.json"), dir.path().join("plan.json"));
        std::fs::write(&a, serde_json::to_string(&s).unwrap()).unwrap();
        std::fs::write(&b, serde_json::to_string(&own::seat(&s, &o.plan)).unwrap()).unwrap();
        let v = python(&home().join("checker/check_school.py"), &[&a, &b]);
        assert_eq!(v["feasible"], true, "{v}");
        assert_eq!(v["cost"], o.score.cost(), "{v}");
    }
}

#[test]
fn benchmark_plans_pass_the_benchmarks_checkers_with_the_same_cost() {
    let bench = home().join("../../../shared/bench");
    if !bench.is_dir() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("plan");
    let text = |p: &Path| std::fs::read_to_string(p).unwrap();

    let path = bench.join("itc2007/instances/exam_comp_set6.exam");
    let problem = itc2007::read(&text(&path)).unwrap();
    let o = plan(&problem, 400_000);
    std::fs::write(&file, itc2007::write(&o.plan)).unwrap();
    let v = python(&bench.join("itc2007/validate.py"), &[&path, &file]);
    assert_eq!(
        (v["feasible"].as_bool(), v["total"].as_i64()),
        (Some(o.score.feasible()), Some(o.score.cost()))
    );

    // The published solutions have their published scores.
    for (set, total) in [(1, 6207), (4, 15649), (8, 8716)] {
        let problem =
            itc2007::read(&text(&bench.join(format!("itc2007/instances/exam_comp_set{set}.exam")))).unwrap();
        let known = text(&bench.join(format!("itc2007/solutions/exam_comp_set{set}.leite-run1.sln")));
        let s = score(&problem, &itc2007::read_plan(&problem, &known).unwrap());
        assert_eq!((s.feasible(), s.cost()), (true, total));
    }

    let path = bench.join("uett/instances/D3-1-16.json");
    let problem = udine::read(&text(&path)).unwrap();
    let o = plan(&problem, 200_000);
    std::fs::write(&file, udine::write(&problem, &o.plan)).unwrap();
    let v = python(&home().join("checker/check_udine.py"), &[&path, &file]);
    assert_eq!(
        (v["feasible"].as_bool(), v["cost"].as_i64()),
        (Some(o.score.feasible()), Some(o.score.cost()))
    );
}
