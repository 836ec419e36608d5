//! Options of multiple choice items: our values where base R, CTT and dexter put theirs.
// Loops run over the items and options of one tally.
#![allow(clippy::indexing_slicing)]

use super::expect::{Expectations, Tolerance};
use super::texts;
use crate::item::option::options;
use crate::item::{OptionStatistics, Tally};
use crate::table::Table;
use serde_json::Value;
use std::collections::HashMap;

const EXACT: Tolerance = Tolerance::Exact;
const FINE: Tolerance = Tolerance::Absolute(1e-12);
/// Means of totals are tens; the same relative precision.
const MEAN: Tolerance = Tolerance::Absolute(1e-11);

pub(super) fn expect(golden: &Value, table: &Table, all: &mut Expectations) {
    let tally = Tally::of(table);
    let mut by_name: HashMap<&str, Vec<OptionStatistics>> = HashMap::new();
    for (j, id) in tally.shape.items.iter().enumerate() {
        by_name.insert(id, options(&tally, j));
    }
    let find = |item: &str, option: &str| {
        by_name.get(item)?.iter().find(|o| o.option.as_deref().unwrap_or("NA") == option)
    };
    for (root, item_key, option_key) in [("base", "item", "option"), ("dexter", "item_id", "response")] {
        let part = golden.get(root);
        let items = texts(part.and_then(|p| p.get(item_key)));
        let labels = texts(part.and_then(|p| p.get(option_key)));
        for (index, (item, label)) in items.iter().zip(&labels).enumerate() {
            let o = find(item, label);
            let at = |column: &str| format!("distractors/{root}/{column}/{index}");
            // dexter lists a key nobody chose; its statistics are then undefined on both sides.
            all.put(at("n"), "option n", EXACT, o.map(|o| o.n as f64));
            all.put(at("prop"), "option proportion", FINE, o.and_then(|o| o.proportion.value()));
            all.put(at("rvalue"), "option proportion", FINE, o.and_then(|o| o.proportion.value()));
            all.put(at("rat"), "Rat", FINE, o.and_then(|o| o.rat.value()));
            all.put(at("rar"), "Rar", FINE, o.and_then(|o| o.rar.value()));
            all.put(at("mean_total"), "mean total of choosers", MEAN, o.and_then(|o| o.mean_total.value()));
            all.put(
                at("mean_rest"),
                "mean rest score of choosers",
                MEAN,
                o.and_then(|o| o.mean_rest.value()),
            );
            all.put(at("item_score"), "option score", EXACT, o.map(|o| f64::from(u8::from(o.key))));
        }
    }
    if let Some(ctt) = golden.get("CTT") {
        expect_ctt(ctt, &tally, all);
    }
}

/// CTT's table: correlations with the total minus the choice itself, and shares in three score groups cut
/// at the tertiles of the total.
fn expect_ctt(golden: &Value, tally: &Tally, all: &mut Expectations) {
    let totals: Vec<f64> = tally
        .groups
        .iter()
        .flat_map(|(t, g)| std::iter::repeat_n(*t as f64, usize::try_from(g.n).unwrap_or(0)))
        .collect();
    let cut = |share: f64| crate::number::sum::quantile(&totals, share).unwrap_or(0.0);
    let (first, second) = (cut(1.0 / 3.0), cut(2.0 / 3.0));
    let n = tally.n as i128;
    for (j, id) in tally.shape.items.iter().enumerate() {
        let Some(part) = golden.get(id) else { continue };
        let start = tally.option_start(j);
        for (index, label) in texts(part.get("key")).iter().enumerate() {
            let place = tally.shape.options[j].iter().position(|o| o == label);
            let (mut count, mut with_total, mut total, mut squares) = (0_i128, 0_i128, 0_i128, 0_i128);
            let mut chosen = [0_i64; 3];
            let mut persons = [0_i64; 3];
            for (t, group) in &tally.groups {
                let mine = match place {
                    Some(at) => group.options[start + at],
                    None => {
                        group.n
                            - group.options[start..start + tally.shape.options[j].len()].iter().sum::<i64>()
                    }
                };
                let score = i128::from(*t);
                count += i128::from(mine);
                with_total += score * i128::from(mine);
                total += score * i128::from(group.n);
                squares += score * score * i128::from(group.n);
                let third = if (*t as f64) <= first { 0 } else { usize::from(*t as f64 > second) + 1 };
                chosen[third] += mine;
                persons[third] += group.n;
            }
            let spread = n * count - count * count;
            let with = n * with_total - count * total - spread;
            let rest = (n * squares - total * total) - 2 * (n * with_total - count * total) + spread;
            let r = with as f64 / (spread as f64 * rest as f64).sqrt();
            let share = |g: usize| chosen[g] as f64 / persons[g] as f64;
            let at = |column: &str| format!("distractors/CTT/{id}/{column}/{index}");
            all.put(at("n"), "option n", EXACT, Some(count as f64));
            all.put(at("rspP"), "option proportion", FINE, Some(count as f64 / n as f64));
            all.put(at("pBis"), "choice with total minus choice (CTT)", FINE, r.is_finite().then_some(r));
            all.put(at("lower"), "option share per third (CTT)", FINE, Some(share(0)));
            all.put(at("mid66"), "option share per third (CTT)", FINE, Some(share(1)));
            all.put(at("upper"), "option share per third (CTT)", FINE, Some(share(2)));
            all.put(at("discrim"), "option share per third (CTT)", FINE, Some(share(2) - share(0)));
        }
    }
}
