//! What the options of multiple choice items attracted.

use super::tally::Tally;
use crate::number::{Reason, Stat};
use serde::Serialize;

/// The name under which answers that are none of the listed options are counted together.
pub const OTHER: &str = "other";

/// One option of an item, or the blank.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OptionStatistics {
    /// Option text; `None` for blank.
    pub option: Option<String>,
    /// Is it a right answer?
    pub key: bool,
    /// Number of choosers.
    pub n: i64,
    /// Share of all persons.
    pub proportion: Stat,
    /// Rat: correlation of choosing it with the total score.
    pub rat: Stat,
    /// Rar: correlation of choosing it with the total score without this item.
    pub rar: Stat,
    /// Mean total score of the choosers.
    pub mean_total: Stat,
    /// Mean rest score (total without this item) of the choosers.
    pub mean_rest: Stat,
}

/// The options of item `item`, the blank last if anybody left it blank.
#[must_use]
pub fn options(tally: &Tally, item: usize) -> Vec<OptionStatistics> {
    let (Some(labels), Some(key), Some(max), Some(item_sum)) = (
        tally.shape.options.get(item),
        tally.shape.key.get(item),
        tally.shape.max.get(item),
        tally.sums.get(item),
    ) else {
        return Vec::new();
    };
    if labels.is_empty() {
        return Vec::new();
    }
    let start = tally.option_start(item);
    let n = i128::from(tally.n);
    let max = i128::from(*max);
    let everybody_full = i128::from(*item_sum) == n * max && n > 0;
    let (mut total, mut total_squares) = (0_i128, 0_i128);
    let (mut rest_squares, mut chosen) = (0_i128, vec![(0_i128, 0_i128); labels.len() + 1]);
    for (score, group) in &tally.groups {
        let score = i128::from(*score);
        let size = i128::from(group.n);
        total += score * size;
        total_squares += score * score * size;
        // Σ (t − x)² with x² = max·x for an item scored 0 or its maximum.
        let x = group.sums.get(item).map_or(0, |s| i128::from(*s));
        rest_squares += score * score * size - 2 * score * x + max * x;
        let counts = group.options.get(start..start + labels.len()).unwrap_or_default();
        let mut blank = size;
        for (slot, count) in chosen.iter_mut().zip(counts) {
            slot.0 += i128::from(*count);
            slot.1 += score * i128::from(*count);
            blank -= i128::from(*count);
        }
        if let Some(slot) = chosen.last_mut() {
            slot.0 += blank;
            slot.1 += score * blank;
        }
    }
    let rest = total - i128::from(*item_sum);
    let spread_total = n * total_squares - total * total;
    let spread_rest = n * rest_squares - rest * rest;
    let mut list = Vec::new();
    for (index, (count, score_sum)) in chosen.into_iter().enumerate() {
        let label = labels.get(index).cloned();
        if label.is_none() && count == 0 {
            continue;
        }
        let right = key.get(index).copied().unwrap_or(false);
        let own = if right || everybody_full { max * count } else { 0 };
        let spread = n * count - count * count;
        let correlate = |with: i128, sum: i128, spread_other: i128| {
            if spread == 0 {
                Stat::Undefined(Reason::NoVariance)
            } else if spread_other == 0 {
                Stat::Undefined(Reason::NoRestVariance)
            } else {
                let top = (n * with - count * sum) as f64;
                Stat::finite(top / (spread as f64 * spread_other as f64).sqrt(), Reason::OutOfRange)
            }
        };
        list.push(OptionStatistics {
            option: label,
            key: right,
            n: i64::try_from(count).unwrap_or(i64::MAX),
            proportion: Stat::ratio(count as f64, n as f64, Reason::NoData),
            rat: correlate(score_sum, total, spread_total),
            rar: correlate(score_sum - own, rest, spread_rest),
            mean_total: Stat::ratio(score_sum as f64, count as f64, Reason::NoData),
            mean_rest: Stat::ratio((score_sum - own) as f64, count as f64, Reason::NoData),
        });
    }
    list
}

impl OptionStatistics {
    /// The text of a wrong answer somebody could have been lured by: neither the key, the blank nor "other".
    #[must_use]
    pub fn distractor(&self) -> Option<&str> {
        self.option.as_deref().filter(|o| !self.key && *o != OTHER)
    }
}

/// The distractor that looks like the real key, if there is one: its Rar is above the key's, or the key's
/// Rar is negative while the distractor's is above 0.15.
#[must_use]
pub fn miskey_suspect(options: &[OptionStatistics]) -> Option<&OptionStatistics> {
    let key = options
        .iter()
        .filter(|o| o.key)
        .filter_map(|o| o.rar.value())
        .fold(None, |best: Option<f64>, v| Some(best.map_or(v, |b| b.max(v))))?;
    options
        .iter()
        .filter(|o| o.distractor().is_some())
        .filter_map(|o| o.rar.value().map(|rar| (rar, o)))
        .filter(|(rar, _)| *rar > key || (key < 0.0 && *rar > 0.15))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, option)| option)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::read::{ReadOptions, responses};

    #[test]
    fn the_best_persons_choosing_a_distractor_raise_the_miskey_flag() {
        let mut text = String::from("a,b,c\n");
        for person in 0..40 {
            let good = person % 2 == 0;
            text += if good {
                "2,1,1\n"
            } else if person % 3 == 0 {
                "1,0,0\n"
            } else {
                "3,0,0\n"
            };
        }
        let key = ["a", "b", "c"].map(|i| (i.to_owned(), vec!["1".to_owned()])).to_vec();
        let table =
            responses(text.as_bytes(), &ReadOptions { key: Some(key), ..ReadOptions::default() }).unwrap();
        let tally = Tally::of(&table);
        let list = options(&tally, 0);
        assert_eq!(list.iter().map(|o| o.n).sum::<i64>(), 40);
        assert_eq!(miskey_suspect(&list).unwrap().option.as_deref(), Some("2"));
        assert!(miskey_suspect(&options(&tally, 1)).is_none());
    }
}
