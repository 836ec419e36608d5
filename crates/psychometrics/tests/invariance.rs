//! What must not change: the order of persons and items, names, duplication, shifting and stretching.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use proptest::prelude::*;
use regie_psychometrics::Stat;
use regie_psychometrics::Table;
use regie_psychometrics::dif::{Members, mantel_haenszel};
use regie_psychometrics::item::analyse::{Analysis, Settings};
use regie_psychometrics::item::tally::Shape;
use regie_psychometrics::item::{Tally, analyse};
use regie_psychometrics::marker::Ratings;
use regie_psychometrics::marker::pair::{Weight, kappa};
use regie_psychometrics::marker::report::agreement;
use regie_psychometrics::rasch::{Calibration, Design, Missing, calibrate};
use regie_psychometrics::report::{Language, Request, TestReport, analysis_page};
use regie_psychometrics::stream::Running;
use regie_psychometrics::table::read::{ReadOptions, responses};

type Rows = Vec<Vec<Option<u16>>>;

fn table(rows: &Rows) -> Table {
    let ids: Vec<String> = (0..rows.first().map_or(0, Vec::len)).map(|j| format!("i{j}")).collect();
    let refs: Vec<&str> = ids.iter().map(String::as_str).collect();
    Table::from_rows(&refs, rows).unwrap()
}

fn analysis(rows: &Rows) -> Analysis {
    analyse("all", &Tally::of(&table(rows)), &Settings::default())
}

fn report(table: &Table, calibration: Option<&Calibration>) -> TestReport {
    let request = Request {
        settings: Settings { cut: Some(3), norm_length: Some(40), ..Settings::default() },
        group: None,
        reference: None,
        times: None,
        neutralised: Vec::new(),
        language: Language::En,
    };
    TestReport::of(table, &request, calibration)
}

/// Up to 40 persons and 7 items with scores 0 to 3, one cell in six blank.
fn any_rows() -> impl Strategy<Value = Rows> {
    (1_usize..8).prop_flat_map(|k| {
        let cell = prop_oneof![5 => (0_u16..4).prop_map(Some), 1 => Just(None)];
        prop::collection::vec(prop::collection::vec(cell, k), 1..40)
    })
}

fn close(a: Stat, b: Stat) -> bool {
    match (a, b) {
        (Stat::Known(a), Stat::Known(b)) => (a - b).abs() <= 1e-12 * (1.0 + a.abs()),
        (a, b) => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_order_of_persons_changes_not_one_bit(rows in any_rows(), turn in 0_usize..40) {
        let mut turned = rows.clone();
        let by = turn % rows.len();
        turned.rotate_left(by);
        prop_assert_eq!(Tally::of(&table(&rows)), Tally::of(&table(&turned)));
    }

    #[test]
    fn the_order_of_items_permutes_the_results(rows in any_rows()) {
        let turned: Rows = rows.iter().map(|r| r.iter().rev().copied().collect()).collect();
        let (a, b) = (analysis(&rows), analysis(&turned));
        prop_assert!(close(a.test.alpha, b.test.alpha) && close(a.test.lambda2, b.test.lambda2));
        for (x, y) in a.items.iter().zip(b.items.iter().rev()) {
            prop_assert!(close(x.rit, y.rit) && close(x.rir, y.rir) && close(x.d_index, y.d_index));
        }
    }

    #[test]
    fn every_person_twice_leaves_correlations_alone(rows in any_rows()) {
        let twice: Rows = rows.iter().chain(&rows).cloned().collect();
        let (a, b) = (analysis(&rows), analysis(&twice));
        // One present person alone has no correlations; two equal ones have none either, for another reason.
        prop_assume!(a.test.n >= 2);
        prop_assert!(close(a.test.alpha, b.test.alpha));
        for (x, y) in a.items.iter().zip(&b.items) {
            prop_assert!(close(x.rit, y.rit) && close(x.rir, y.rir) && close(x.p, y.p));
        }
    }

    #[test]
    fn stretching_all_scores_leaves_alpha_and_correlations_alone(rows in any_rows(), by in 2_u16..6) {
        let stretched: Rows = rows.iter().map(|r| r.iter().map(|c| c.map(|s| s * by)).collect()).collect();
        let (a, b) = (analysis(&rows), analysis(&stretched));
        prop_assert!(close(a.test.alpha, b.test.alpha) && close(a.test.skewness, b.test.skewness));
        for (x, y) in a.items.iter().zip(&b.items) {
            prop_assert!(close(x.rit, y.rit) && close(x.rir, y.rir));
        }
    }

    #[test]
    fn no_statistic_is_ever_nan(rows in any_rows()) {
        let text = serde_json::to_string(&analysis(&rows)).unwrap();
        prop_assert!(!text.contains("NaN") && !text.contains("inf"));
        let a = analysis(&rows);
        for item in &a.items {
            if let Stat::Undefined(_) = item.rit {
                prop_assert!(a.undefined.iter().any(|u| u.place == item.id && u.statistic == "rit"));
            }
            if let Some(r) = item.rit.value() {
                prop_assert!(r.abs() <= 1.0 + 1e-12);
            }
        }
    }

    #[test]
    fn a_running_analysis_equals_a_fresh_one_bit_for_bit(
        rows in any_rows(),
        order in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..120),
        noise in prop::collection::vec(0_u16..4, 120),
    ) {
        let k = rows[0].len();
        let names: Vec<String> = (0..k).map(|j| format!("i{j}")).collect();
        let shape = Shape::plain(&names.iter().map(|n| (n.as_str(), 3)).collect::<Vec<_>>());
        let mut running = Running::new(shape);
        // Wrong answers first, in any order; then everything is corrected, some of it taken back.
        for ((person, item), score) in order.iter().zip(&noise) {
            running.set(person.index(rows.len()), item.index(k), Some(*score));
        }
        for (p, row) in rows.iter().enumerate().rev() {
            for (j, cell) in row.iter().enumerate() {
                running.set(p, j, *cell);
            }
        }
        let mut fresh = Tally::of(&table(&rows));
        fresh.shape = running.tally().shape.clone();
        prop_assert_eq!(running.tally(), &fresh);
    }

    #[test]
    fn shards_add_up_to_the_whole_in_any_order(rows in any_rows(), cut in any::<prop::sample::Index>()) {
        let at = cut.index(rows.len());
        let part = |rows: &[Vec<Option<u16>>]| -> Option<Tally> {
            (!rows.is_empty()).then(|| {
                let mut t = Tally::of(&table(&rows.to_vec()));
                t.shape.max = vec![3; t.items()];
                t
            })
        };
        let mut whole = Tally::of(&table(&rows));
        whole.shape.max = vec![3; whole.items()];
        if let (Some(first), Some(second)) = (part(&rows[..at]), part(&rows[at..])) {
            let (mut a, mut b) = (first.clone(), second.clone());
            prop_assert!(a.merge(&second) && b.merge(&first));
            prop_assert_eq!(&a, &whole);
            prop_assert_eq!(&b, &whole);
        }
    }

    #[test]
    fn every_analysis_ends_well_on_any_table(rows in any_rows()) {
        let t = table(&rows);
        let members = Members {
            focal: "f".into(),
            reference: "r".into(),
            of: (0..t.persons()).map(|p| Some(p % 2 == 0)).collect(),
        };
        let _dif = mantel_haenszel(&t, &members, true);
        let _shape = regie_psychometrics::dif::polytomous(&t, &members);
        let page = analysis_page("x", &report(&t, None), None, Language::En);
        prop_assert!(!page.contains("NaN"));
        for missing in [Missing::Wrong, Missing::NotReachedIsNoData, Missing::NoData] {
            let c = calibrate(&Design::of(&t, missing), &[]);
            if let Ok(c) = &c {
                prop_assert!(c.parameters.iter().all(|p| p.beta.is_finite() && p.se.is_finite()));
                let page = analysis_page("x", &report(&t, Some(c)), Some(c), Language::Nl);
                prop_assert!(!page.contains("NaN"));
            }
        }
    }

    #[test]
    fn a_csv_of_any_bytes_is_read_or_refused(text in ".{0,200}", lines in prop::collection::vec("[a-z0-9,\"\\.\\-]{0,12}", 0..8)) {
        let _any = responses(text.as_bytes(), &ReadOptions::default());
        let joined = format!("person_id,a,b\n{}", lines.join("\n"));
        if let Err(error) = responses(joined.as_bytes(), &ReadOptions::default()) {
            let sentence = error.to_string();
            prop_assert!(sentence.starts_with("line ") || sentence.contains("persons"), "{}", sentence);
        }
    }

    #[test]
    fn extra_points_for_everybody_change_only_the_mean(
        rows in prop::collection::vec(prop::collection::vec(0_u16..4, 4), 2..40),
        gift in prop::collection::vec(0_u16..5, 4),
    ) {
        let cells = |add: &[u16]| -> Rows {
            rows.iter().map(|r| r.iter().zip(add).map(|(s, g)| Some(s + g)).collect()).collect()
        };
        let (a, b) = (analysis(&cells(&[0; 4])), analysis(&cells(&gift)));
        prop_assert!(close(a.test.alpha, b.test.alpha) && close(a.test.sem, b.test.sem));
        prop_assert!(close(a.test.lambda2, b.test.lambda2) && close(a.test.sd, b.test.sd));
        let sum: u16 = gift.iter().sum();
        prop_assert!(close(a.test.mean.map(|m| m + f64::from(sum)), b.test.mean));
        for (x, y) in a.items.iter().zip(&b.items) {
            prop_assert!(close(x.rit, y.rit) && close(x.rir, y.rir) && close(x.sd, y.sd));
        }
    }

    #[test]
    fn a_running_analysis_of_options_equals_a_fresh_one(
        chosen in prop::collection::vec(prop::collection::vec(0_usize..5, 3), 1..25),
        before in prop::collection::vec((0_usize..25, 0_usize..3, 0_usize..4), 0..60),
    ) {
        // 4 is a blank; the names of the options are the letters in another order than their places.
        let names = ["D", "A", "C", "B"];
        let text: String = chosen
            .iter()
            .map(|row| row.iter().map(|c| names.get(*c).copied().unwrap_or("")).collect::<Vec<_>>().join(",") + "\n")
            .collect();
        let key = ["x", "y", "z"].map(|i| (i.to_owned(), names.map(str::to_owned)[1..2].to_vec()));
        let options = ReadOptions { key: Some(key.to_vec()), ..ReadOptions::default() };
        // Blank lines at the end would be no rows at all: a last column keeps every row.
        let keep = text.lines().map(|l| format!("{l},0\n")).collect::<String>();
        let t = responses(format!("x,y,z,w\n{keep}").as_bytes(), &options).unwrap();
        let mut running = Running::new(Shape::of(&t));
        let place = |item: usize, c: usize| {
            t.choices(item).unwrap().labels.iter().position(|l| Some(l.as_str()) == names.get(c).copied())
        };
        for (person, item, c) in before {
            if person < chosen.len() && place(item, c).is_some() {
                running.choose(person, item, place(item, c));
            }
        }
        for (person, row) in chosen.iter().enumerate() {
            for (item, c) in row.iter().enumerate() {
                running.choose(person, item, place(item, *c));
            }
            running.set(person, 3, Some(0));
        }
        prop_assert_eq!(running.tally(), &Tally::of(&t));
        let again = Running::from_table(&t);
        prop_assert_eq!(again.tally(), &Tally::of(&t));
    }

    #[test]
    fn new_names_for_options_and_persons_change_no_number(chosen in prop::collection::vec(prop::collection::vec(0_usize..3, 3), 2..40)) {
        let read = |names: [&str; 3], person: &str| {
            let rows: String = chosen
                .iter()
                .enumerate()
                .map(|(p, row)| format!("{person}{p},{}\n", row.iter().map(|c| names[*c]).collect::<Vec<_>>().join(",")))
                .collect();
            let key = ["x", "y", "z"].map(|i| (i.to_owned(), vec![names[0].to_owned()])).to_vec();
            let options = ReadOptions { key: Some(key), ..ReadOptions::default() };
            let t = responses(format!("person_id,x,y,z\n{rows}").as_bytes(), &options).unwrap();
            analyse("all", &Tally::of(&t), &Settings::default())
        };
        let (a, b) = (read(["1", "2", "3"], "p"), read(["zeer", "matig", "a"], "kandidaat "));
        prop_assert_eq!(a.test.alpha, b.test.alpha);
        for (x, y) in a.items.iter().zip(&b.items) {
            prop_assert_eq!(x.rit, y.rit);
            let by_size = |o: &regie_psychometrics::item::OptionStatistics| (o.key, o.n, o.rar.value().map(f64::to_bits));
            let (mut p, mut q): (Vec<_>, Vec<_>) = (x.options.iter().map(by_size).collect(), y.options.iter().map(by_size).collect());
            p.sort_unstable();
            q.sort_unstable();
            prop_assert_eq!(p, q);
        }
    }

    #[test]
    fn markers_in_another_order_on_another_scale_agree_as_much(
        marks in prop::collection::vec(prop::collection::vec(0_u8..6, 3), 3..25),
        times in 1_u8..5,
        plus in 0_u8..9,
    ) {
        let read = |rows: &dyn Fn(&[u8]) -> String| {
            let text: String = marks.iter().enumerate().map(|(s, m)| format!("s{s},{}\n", rows(m))).collect();
            agreement(&Ratings::read(format!("object,a,b,c\n{text}").as_bytes()).unwrap())
        };
        let plain = read(&|m| format!("{},{},{}", m[0], m[1], m[2]));
        let moved = |v: u8| u16::from(v) * u16::from(times) + u16::from(plus);
        let turned = read(&|m| format!("{},{},{}", moved(m[2]), moved(m[0]), moved(m[1])));
        let near = |a: Stat, b: Stat| match (a, b) {
            (Stat::Known(a), Stat::Known(b)) => (a - b).abs() < 1e-9 * (1.0 + a.abs()),
            (a, b) => a.value().is_none() && b.value().is_none(),
        };
        prop_assert!(near(plain.fleiss.value, turned.fleiss.value));
        prop_assert!(near(plain.krippendorff_interval, turned.krippendorff_interval));
        prop_assert!(near(plain.gwet_ac1.value, turned.gwet_ac1.value));
        if let (Some(x), Some(y)) = (&plain.intra_class, &turned.intra_class) {
            prop_assert!(near(x.agreement_single.value, y.agreement_single.value));
            prop_assert!(near(x.consistency_average.value, y.consistency_average.value));
        }
        if let (Ok(x), Ok(y)) = (&plain.severity, &turned.severity) {
            for (from, to) in [(0, 1), (1, 2), (2, 0)] {
                let (p, q) = (x.markers[from].effect * f64::from(times), y.markers[to].effect);
                prop_assert!((p - q).abs() < 1e-9, "{} {}", p, q);
            }
        }
    }

    #[test]
    fn swapping_the_markers_leaves_kappa_alone(pairs in prop::collection::vec((0_u8..5, 0_u8..5), 1..60), shift in 0_u8..9) {
        let numbers: Vec<(f64, f64)> = pairs.iter().map(|(a, b)| (f64::from(*a), f64::from(*b))).collect();
        let swapped: Vec<(f64, f64)> = numbers.iter().map(|(a, b)| (*b, *a)).collect();
        let moved: Vec<(f64, f64)> =
            numbers.iter().map(|(a, b)| (2.0 * a + f64::from(shift), 2.0 * b + f64::from(shift))).collect();
        for weight in [Weight::Unweighted, Weight::Linear, Weight::Quadratic] {
            prop_assert!(close(kappa(&numbers, weight).value, kappa(&swapped, weight).value));
            prop_assert!(close(kappa(&numbers, weight).value, kappa(&moved, weight).value));
        }
    }
}

#[test]
fn relabelling_the_groups_turns_delta_around() {
    let mut stream = regie_psychometrics::number::random::Stream::new(3);
    let rows: Rows = (0..400)
        .map(|p| {
            let theta = stream.normal();
            (0..6)
                .map(|j| {
                    let shift = if j == 2 && p % 2 == 1 { 0.8 } else { 0.0 };
                    Some(u16::from(stream.uniform() < 1.0 / (1.0 + (shift - theta).exp())))
                })
                .collect()
        })
        .collect();
    let t = table(&rows);
    let members = |odd: bool| Members {
        focal: "f".into(),
        reference: "r".into(),
        of: (0..400).map(|p| Some((p % 2 == 1) == odd)).collect(),
    };
    let (a, b) = (mantel_haenszel(&t, &members(true), false), mantel_haenszel(&t, &members(false), false));
    for (x, y) in a.items.iter().zip(&b.items) {
        assert!((x.delta.value().unwrap() + y.delta.value().unwrap()).abs() < 1e-10);
        assert!((x.chi_square.value().unwrap() - y.chi_square.value().unwrap()).abs() < 1e-9);
    }
    assert!(a.items[2].delta.value().unwrap() < -1.0, "harder for the focal group");
}

#[test]
fn booklets_without_common_items_are_named() {
    let mut text = String::from("person_id,booklet,a,b,c,d\n");
    for p in 0..40 {
        let (x, y) = (p % 2, u8::from(p % 3 == 0));
        if p < 20 {
            text += &format!("p{p},A,{x},{y},,\n");
        } else {
            text += &format!("p{p},B,,,{x},{y}\n");
        }
    }
    let t = responses(text.as_bytes(), &ReadOptions::default()).unwrap();
    let error = calibrate(&Design::of(&t, Missing::Wrong), &[]).unwrap_err().to_string();
    assert!(error.contains("[a, b] | [c, d]"), "{error}");
}
