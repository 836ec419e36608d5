//! Agreement among any number of markers: Fleiss' kappa, Krippendorff's alpha, Gwet's AC1.
// Loops run over the categories found in one set of ratings.
#![allow(clippy::indexing_slicing)]

use super::rating::Ratings;
use crate::number::distribution::normal_two_sided;
use crate::number::{Reason, Stat, sum};
use serde::Serialize;

/// A coefficient with its standard error or test, where one is defined here.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Consensus {
    /// The coefficient.
    pub value: Stat,
    /// Standard error.
    pub se: Stat,
    /// Coefficient divided by its standard error.
    pub z: Stat,
    /// Two-sided p-value.
    pub p: Stat,
}

/// What the values mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Names.
    Nominal,
    /// Ranks.
    Ordinal,
    /// Numbers with equal distances.
    Interval,
}

/// Counts per object and category; objects without ratings are left out.
fn counts(ratings: &Ratings) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut values: Vec<f64> = ratings.list.iter().map(|r| r.value).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let mut table = vec![vec![0.0; values.len()]; ratings.objects.len()];
    for rating in &ratings.list {
        if let Ok(at) = values.binary_search_by(|v| v.total_cmp(&rating.value)) {
            table[rating.object][at] += 1.0;
        }
    }
    table.retain(|row| row.iter().any(|c| *c > 0.0));
    (values, table)
}

fn undefined(reason: Reason) -> Consensus {
    Consensus {
        value: Stat::Undefined(reason),
        se: Stat::Undefined(reason),
        z: Stat::Undefined(reason),
        p: Stat::Undefined(reason),
    }
}

/// Fleiss' kappa: every object rated equally often.
#[must_use]
pub fn fleiss(ratings: &Ratings) -> Consensus {
    let (_, table) = counts(ratings);
    let per_object: Vec<f64> = table.iter().map(|r| r.iter().sum()).collect();
    let Some(r) = per_object.first().copied() else { return undefined(Reason::NoData) };
    if r < 2.0 || per_object.iter().any(|m| *m != r) {
        return undefined(Reason::NoData);
    }
    let n = table.len() as f64;
    let observed = sum::accurate(
        table.iter().map(|row| row.iter().map(|c| c * (c - 1.0)).sum::<f64>() / (r * (r - 1.0))),
    ) / n;
    let shares: Vec<f64> = (0..table.first().map_or(0, Vec::len))
        .map(|q| table.iter().map(|row| row[q]).sum::<f64>() / (n * r))
        .collect();
    let expected: f64 = shares.iter().map(|p| p * p).sum();
    if expected == 1.0 {
        return undefined(Reason::ConstantRatings);
    }
    let value = (observed - expected) / (1.0 - expected);
    let pq: f64 = shares.iter().map(|p| p * (1.0 - p)).sum();
    let skew: f64 = shares.iter().map(|p| p * (1.0 - p) * (1.0 - 2.0 * p)).sum();
    let variance = 2.0 * (pq * pq - skew) / (n * r * (r - 1.0) * pq * pq);
    let se = Stat::finite(variance.sqrt(), Reason::OutOfRange);
    let z = se.map(|se| value / se);
    Consensus { value: Stat::finite(value, Reason::OutOfRange), se, z, p: z.map(normal_two_sided) }
}

/// Krippendorff's alpha; ratings may be missing.
#[must_use]
pub fn krippendorff(ratings: &Ratings, level: Level) -> Stat {
    let (values, mut table) = counts(ratings);
    table.retain(|row| row.iter().sum::<f64>() >= 2.0);
    let q = values.len();
    if table.is_empty() {
        return Stat::Undefined(Reason::NoData);
    }
    let totals: Vec<f64> = (0..q).map(|c| table.iter().map(|row| row[c]).sum()).collect();
    let all: f64 = totals.iter().sum();
    let distance = |a: usize, b: usize| -> f64 {
        match level {
            Level::Nominal => f64::from(u8::from(a != b)),
            Level::Interval => (values[a] - values[b]).powi(2),
            Level::Ordinal => {
                let (low, high) = (a.min(b), a.max(b));
                let between: f64 = totals[low..=high].iter().sum();
                (between - 0.5 * (totals[low] + totals[high])).powi(2)
            }
        }
    };
    let observed = sum::accurate(table.iter().map(|row| {
        let m: f64 = row.iter().sum();
        let mut part = 0.0;
        for a in 0..q {
            for b in 0..q {
                if a != b && row[a] > 0.0 {
                    part += row[a] * row[b] * distance(a, b);
                }
            }
        }
        part / (m - 1.0)
    }));
    let mut expected = Vec::new();
    for a in 0..q {
        for b in 0..q {
            if a != b {
                expected.push(totals[a] * totals[b] * distance(a, b));
            }
        }
    }
    let expected = sum::accurate(expected) / (all - 1.0);
    if expected == 0.0 {
        return Stat::Undefined(Reason::ConstantRatings);
    }
    Stat::finite(1.0 - observed / expected, Reason::OutOfRange)
}

/// Gwet's AC1 over the categories that occur; ratings may be missing.
#[must_use]
pub fn gwet_ac1(ratings: &Ratings) -> Consensus {
    let (values, table) = counts(ratings);
    let q = values.len() as f64;
    let n = table.len() as f64;
    let judged: Vec<&Vec<f64>> = table.iter().filter(|row| row.iter().sum::<f64>() >= 2.0).collect();
    if judged.is_empty() {
        return undefined(Reason::NoData);
    }
    if values.len() < 2 {
        return undefined(Reason::ConstantRatings);
    }
    let own = |row: &Vec<f64>| {
        let r: f64 = row.iter().sum();
        if r < 2.0 { 0.0 } else { row.iter().map(|c| c * (c - 1.0)).sum::<f64>() / (r * (r - 1.0)) }
    };
    let agreement = sum::accurate(judged.iter().map(|row| own(row))) / judged.len() as f64;
    let shares: Vec<f64> = (0..values.len())
        .map(|c| table.iter().map(|row| row[c] / row.iter().sum::<f64>()).sum::<f64>() / n)
        .collect();
    let chance = shares.iter().map(|p| p * (1.0 - p)).sum::<f64>() / (q - 1.0);
    let value = (agreement - chance) / (1.0 - chance);
    let scale = n / judged.len() as f64;
    let deviations = sum::accurate(table.iter().map(|row| {
        let r: f64 = row.iter().sum();
        let own_kappa = if r < 2.0 { 0.0 } else { scale * (own(row) - chance) / (1.0 - chance) };
        let own_chance = row.iter().zip(&shares).map(|(c, p)| c / r * (1.0 - p)).sum::<f64>() / (q - 1.0);
        let adjusted = own_kappa - 2.0 * (1.0 - value) * (own_chance - chance) / (1.0 - chance);
        (adjusted - value).powi(2)
    }));
    let se = Stat::ratio(deviations, n * (n - 1.0), Reason::TooFewPersons).map(f64::sqrt);
    let z = match se {
        Stat::Known(se) => Stat::ratio(value, se, Reason::ZeroDenominator),
        undefined @ Stat::Undefined(_) => undefined,
    };
    Consensus { value: Stat::finite(value, Reason::OutOfRange), se, z, p: z.map(normal_two_sided) }
}
