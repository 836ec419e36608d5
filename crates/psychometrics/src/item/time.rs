//! Answer times: how long an item takes, and who cannot have read it.

use crate::number::{Reason, Stat, sum};
use crate::table::{Table, Times};
use serde::Serialize;

/// Times of one item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimeStatistics {
    /// Persons with a time.
    pub n: usize,
    /// Median in seconds.
    pub median: Stat,
    /// Tenth percentile.
    pub p10: Stat,
    /// Ninetieth percentile.
    pub p90: Stat,
    /// Below this the answer counts as a rapid guess: a tenth of the median, at least 3 seconds.
    pub rapid_threshold: Stat,
    /// Share of times below the threshold.
    pub rapid_share: Stat,
    /// Correlation of log time with the item score.
    pub log_time_score: Stat,
}

/// The times of one item, by name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemTimes {
    /// Item.
    pub item: String,
    /// Its times.
    #[serde(flatten)]
    pub times: TimeStatistics,
}

/// The statistics of every timed item. Persons who answered nothing are left out; a blank scores 0.
#[must_use]
pub fn item_times(table: &Table, times: &Times) -> Vec<ItemTimes> {
    let (_, absent) = table.unreached();
    times
        .columns
        .iter()
        .filter_map(|(at, list)| {
            let (item, column) = (table.items().get(*at)?, table.columns().get(*at)?);
            let pairs: Vec<(Option<f64>, u16)> = list
                .iter()
                .enumerate()
                .filter(|(row, _)| !absent.get(*row))
                .map(|(row, time)| (*time, column.get(row)))
                .collect();
            Some(ItemTimes { item: item.id.clone(), times: self::times(&pairs) })
        })
        .collect()
}

/// Statistics of (seconds, item score) pairs. Missing, zero and negative times are ignored; times above
/// the 99th percentile are pauses and are cut to it.
#[must_use]
pub fn times(pairs: &[(Option<f64>, u16)]) -> TimeStatistics {
    let mut present: Vec<(f64, f64)> = pairs
        .iter()
        .filter_map(|(time, score)| {
            time.filter(|t| t.is_finite() && *t > 0.0).map(|t| (t, f64::from(*score)))
        })
        .collect();
    present.sort_by(|a, b| a.0.total_cmp(&b.0));
    let sorted: Vec<f64> = present.iter().map(|(t, _)| *t).collect();
    let ceiling = sum::quantile(&sorted, 0.99).unwrap_or(f64::INFINITY);
    for (time, _) in &mut present {
        *time = time.min(ceiling);
    }
    let sorted: Vec<f64> = present.iter().map(|(t, _)| *t).collect();
    let at = |share| sum::quantile(&sorted, share).map_or(Stat::Undefined(Reason::NoData), Stat::Known);
    let median = at(0.5);
    let rapid_threshold = median.map(|m| (0.1 * m).max(3.0));
    let rapid_share = rapid_threshold
        .map(|limit| sorted.iter().filter(|t| **t < limit).count() as f64 / sorted.len() as f64);
    let (logs, scores): (Vec<f64>, Vec<f64>) = present.iter().map(|(t, s)| (t.ln(), *s)).unzip();
    let log_time_score =
        sum::correlation(&logs, &scores).map_or(Stat::Undefined(Reason::NoVariance), Stat::Known);
    TimeStatistics {
        n: sorted.len(),
        median,
        p10: at(0.1),
        p90: at(0.9),
        rapid_threshold,
        rapid_share,
        log_time_score,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_click_is_a_rapid_guess_and_a_pause_is_cut() {
        let mut pairs: Vec<(Option<f64>, u16)> =
            (0..99).map(|i| (Some(40.0 + f64::from(i % 5)), 1)).collect();
        pairs.push((Some(1.0), 0));
        pairs.push((Some(9000.0), 1));
        pairs.push((None, 0));
        let t = times(&pairs);
        assert_eq!(t.n, 101);
        assert_eq!(t.rapid_threshold.value(), Some(4.2));
        assert!((t.rapid_share.value().unwrap() - 1.0 / 101.0).abs() < 1e-15);
        assert!(t.log_time_score.value().unwrap() > 0.9);
        assert_eq!(times(&[]).median.reason(), Some(Reason::NoData));
    }
}
