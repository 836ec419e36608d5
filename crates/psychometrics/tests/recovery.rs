//! Simulations with known truth: what goes in must come out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use regie_psychometrics::Table;
use regie_psychometrics::mml::{FitSettings, Model, Patterns, fit};
use regie_psychometrics::number::random::Stream;
use regie_psychometrics::rasch::ability::{Method, Model as Scale, ability_table};
use regie_psychometrics::rasch::equate::{anchored, drift, transfer};
use regie_psychometrics::rasch::{Design, Missing, calibrate};

fn simulate(seed: u64, n: usize, shift: f64, items: &[(String, f64, f64)]) -> Table {
    let mut stream = Stream::new(seed);
    let rows: Vec<Vec<Option<u16>>> = (0..n)
        .map(|_| {
            let theta = stream.normal() + shift;
            items
                .iter()
                .map(|(_, a, b)| Some(u16::from(stream.uniform() < 1.0 / (1.0 + (-a * (theta - b)).exp()))))
                .collect()
        })
        .collect();
    let ids: Vec<&str> = items.iter().map(|(id, _, _)| id.as_str()).collect();
    Table::from_rows(&ids, &rows).unwrap()
}

fn items(from: usize, to: usize, slope: impl Fn(usize) -> f64) -> Vec<(String, f64, f64)> {
    (from..to).map(|j| (format!("q{j:02}"), slope(j), -1.5 + 3.0 * (j * 7 % 20) as f64 / 19.0)).collect()
}

#[test]
fn rasch_difficulties_come_back_whatever_the_population() {
    let truth = items(0, 20, |_| 1.0);
    let mean = truth.iter().map(|t| t.2).sum::<f64>() / 20.0;
    for shift in [-1.0, 0.8] {
        let c = calibrate(&Design::of(&simulate(5, 3000, shift, &truth), Missing::Wrong), &[]).unwrap();
        for (p, t) in c.parameters.iter().zip(&truth) {
            assert!((p.beta - (t.2 - mean)).abs() < 4.5 * p.se, "{p:?}");
        }
    }
}

#[test]
fn two_parameter_slopes_come_back_and_the_likelihood_cannot_be_improved() {
    let truth = items(0, 20, |j| 0.6 + 0.08 * j as f64);
    let table = simulate(11, 4000, 0.0, &truth);
    let patterns = Patterns::of(&table, Missing::Wrong).unwrap();
    let two = fit(&patterns, &FitSettings::new(Model::TwoParameter)).unwrap();
    let one = fit(&patterns, &FitSettings::new(Model::OneParameter)).unwrap();
    assert!(two.log_likelihood > one.log_likelihood);
    assert!(two.gradient < 1e-7 * 4000.0);
    for (e, t) in two.items.iter().zip(&truth) {
        assert!((e.a - t.1).abs() < 4.5 * e.se_a.unwrap(), "{e:?} {t:?}");
        assert!((e.d + t.1 * t.2).abs() < 4.5 * e.se_d.unwrap(), "{e:?} {t:?}");
    }
}

#[test]
fn a_new_form_gets_the_cut_of_the_old_one() {
    // Five of the fifteen items of the new form are old ones; its population is better.
    let (old_items, new_items) = (items(0, 15, |_| 1.0), items(10, 25, |_| 1.0));
    let old = calibrate(&Design::of(&simulate(21, 4000, 0.0, &old_items), Missing::Wrong), &[]).unwrap();
    let design = Design::of(&simulate(22, 4000, 0.5, &new_items), Missing::Wrong);
    let free = calibrate(&design, &[]).unwrap();
    assert!(drift(&old, &free).iter().all(|d| !d.drifted));
    let new = anchored(&old, &design, &[]).unwrap();
    let names = |list: &[(String, f64, f64)]| list.iter().map(|i| i.0.clone()).collect::<Vec<String>>();
    let (from, to) = (Scale::of(&old, &names(&old_items)), Scale::of(&new, &names(&new_items)));
    let moved = transfer(&from, &to, 8).unwrap();
    // The truth: the same ability on the true difficulties (the old scale has mean difficulty 0).
    let centre = old_items.iter().map(|i| i.2).sum::<f64>() / 15.0;
    let expected: f64 = new_items.iter().map(|i| 1.0 / (1.0 + (-(moved.theta - (i.2 - centre))).exp())).sum();
    assert!((moved.expected - expected).abs() < 0.25, "{} {expected}", moved.expected);
    assert!(moved.probability_to_pass.windows(2).all(|w| w[0].probability < w[1].probability));
}

#[test]
fn a_drifted_anchor_item_stands_out() {
    let before = items(0, 15, |_| 1.0);
    let mut after = before.clone();
    after[4].2 += 0.9;
    let first = calibrate(&Design::of(&simulate(31, 3000, 0.0, &before), Missing::Wrong), &[]).unwrap();
    let second = calibrate(&Design::of(&simulate(32, 3000, 0.0, &after), Missing::Wrong), &[]).unwrap();
    let flagged: Vec<String> =
        drift(&first, &second).into_iter().filter(|d| d.drifted).map(|d| d.item).collect();
    assert_eq!(flagged, ["q04"]);
}

#[test]
fn a_test_of_seven_hundred_points_does_not_overflow() {
    let truth: Vec<(String, f64, f64)> =
        (0..45).map(|j| (format!("q{j:03}"), 1.0, -2.0 + 4.0 * j as f64 / 44.0)).collect();
    let mut table = simulate(41, 300, 0.0, &truth);
    let weights: Vec<(String, u16)> =
        truth.iter().enumerate().map(|(j, t)| (t.0.clone(), 15 + (j % 3) as u16)).collect();
    table.weigh(&weights).unwrap();
    let c = calibrate(&Design::of(&table, Missing::Wrong), &[]).unwrap();
    assert!(c.parameters.iter().all(|p| p.beta.is_finite() && p.se > 0.0));
    let model = Scale::of(&c, &truth.iter().map(|t| t.0.clone()).collect::<Vec<String>>());
    let thetas: Vec<f64> = ability_table(&model, Method::Wle).iter().filter_map(|a| a.theta).collect();
    assert!(thetas.windows(2).all(|w| w[0] < w[1]) && thetas.iter().all(|t| t.is_finite()));
}
