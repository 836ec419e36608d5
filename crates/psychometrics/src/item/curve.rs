//! What a picture of an item needs: its mean score and option shares for low to high total scores.

use super::tally::Tally;
use crate::number::{Reason, Stat};
use serde::Serialize;

/// Persons with neighbouring total scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Lowest total in the group.
    pub from: u64,
    /// Highest total in the group.
    pub to: u64,
    /// Mean total of the group.
    pub mean_total: f64,
    /// Number of persons.
    pub n: i64,
    /// Mean item score divided by the item's maximum.
    pub p: Stat,
    /// Share of each option, in the order of the item's options.
    pub shares: Vec<f64>,
}

/// Merges whole total scores from low to high into at most ten groups of at least twenty persons (fewer
/// persons than that make one group). Ties are never cut.
#[must_use]
pub fn bands(tally: &Tally) -> Vec<(u64, u64)> {
    let target = 20.max((tally.n + 9) / 10);
    let mut bands: Vec<(u64, u64)> = Vec::new();
    let mut open: Option<(u64, i64)> = None;
    for (total, group) in &tally.groups {
        let (from, n) = open.map_or((*total, group.n), |(from, n)| (from, n + group.n));
        if n >= target {
            bands.push((from, *total));
            open = None;
        } else {
            open = Some((from, n));
        }
    }
    if let (Some((from, _)), Some((last, _))) = (open, tally.groups.last_key_value()) {
        match bands.last_mut() {
            Some(band) => band.1 = *last,
            None => bands.push((from, *last)),
        }
    }
    bands
}

/// The curve of one item over the given bands.
#[must_use]
pub fn curve(tally: &Tally, item: usize, bands: &[(u64, u64)]) -> Vec<CurvePoint> {
    let max = tally.shape.max.get(item).copied().unwrap_or(1);
    let start = tally.option_start(item);
    let options = tally.shape.options.get(item).map_or(0, Vec::len);
    bands
        .iter()
        .map(|(from, to)| {
            let (mut n, mut sum, mut totals) = (0_i64, 0_i64, 0.0);
            let mut counts = vec![0_i64; options];
            for (total, group) in tally.groups.range(*from..=*to) {
                n += group.n;
                sum += group.sums.get(item).copied().unwrap_or(0);
                totals += *total as f64 * group.n as f64;
                for (count, add) in counts.iter_mut().zip(group.options.iter().skip(start)) {
                    *count += add;
                }
            }
            let size = n.max(1) as f64;
            CurvePoint {
                from: *from,
                to: *to,
                mean_total: totals / size,
                n,
                p: Stat::ratio(sum as f64, n as f64 * f64::from(max), Reason::NoData),
                shares: counts.into_iter().map(|c| c as f64 / size).collect(),
            }
        })
        .collect()
}
