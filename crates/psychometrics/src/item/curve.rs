//! What a picture of an item needs: its mean score and option shares for low to high total scores.

use super::tally::{ScoreGroup, Tally};
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

/// Persons whose totals lie next to each other, taken together.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    from: u64,
    to: u64,
    /// Σ of their totals.
    totals: f64,
    together: ScoreGroup,
}

/// Merges whole total scores from low to high into at most ten groups of at least twenty persons (fewer
/// persons than that make one group). Ties are never cut.
#[must_use]
pub fn bands(tally: &Tally) -> Vec<Band> {
    let target = 20.max((tally.n + 9) / 10);
    let mut bands: Vec<Band> = Vec::new();
    for (total, group) in &tally.groups {
        let sum = *total as f64 * group.n as f64;
        match bands.last_mut().filter(|band| band.together.n < target) {
            Some(band) => band.take(*total, sum, group),
            None => bands.push(Band { from: *total, to: *total, totals: sum, together: group.clone() }),
        }
    }
    // What is left over at the top goes with the band below it.
    if let Some(small) = bands.pop_if(|band| band.together.n < target) {
        match bands.last_mut() {
            Some(band) => band.take(small.to, small.totals, &small.together),
            None => bands.push(small),
        }
    }
    bands
}

impl Band {
    fn take(&mut self, to: u64, totals: f64, group: &ScoreGroup) {
        self.to = to;
        self.totals += totals;
        self.together.n += group.n;
        let add = |sums: &mut [i64], more: &[i64]| {
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        };
        add(&mut self.together.sums, &group.sums);
        add(&mut self.together.options, &group.options);
    }
}

/// The curve of one item over the given bands.
#[must_use]
pub fn curve(tally: &Tally, item: usize, bands: &[Band]) -> Vec<CurvePoint> {
    let max = tally.shape.max.get(item).copied().unwrap_or(1);
    let start = tally.option_start(item);
    let options = tally.shape.options.get(item).map_or(0, Vec::len);
    bands
        .iter()
        .map(|band| {
            let group = &band.together;
            let size = group.n.max(1) as f64;
            let sum = group.sums.get(item).copied().unwrap_or(0);
            let chosen = group.options.iter().skip(start).take(options);
            CurvePoint {
                from: band.from,
                to: band.to,
                mean_total: band.totals / size,
                n: group.n,
                p: Stat::ratio(sum as f64, group.n as f64 * f64::from(max), Reason::NoData),
                shares: chosen.map(|n| *n as f64 / size).collect(),
            }
        })
        .collect()
}
