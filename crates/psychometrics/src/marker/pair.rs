//! Two markers beside each other: agreement and kappa.

use crate::number::distribution::normal_two_sided;
use crate::number::{Reason, Stat, sum};
use serde::Serialize;
use std::collections::BTreeMap;

/// How heavily a disagreement counts: by real score distances, never by the order of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Any disagreement counts as one.
    Unweighted,
    /// |i − j|.
    Linear,
    /// (i − j)².
    Quadratic,
}

impl Weight {
    fn of(self, a: f64, b: f64) -> f64 {
        match self {
            Weight::Unweighted => f64::from(u8::from(a != b)),
            Weight::Linear => (a - b).abs(),
            Weight::Quadratic => (a - b) * (a - b),
        }
    }
}

/// Cohen's kappa with its test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Kappa {
    /// κ = 1 − Σ w o / Σ w e.
    pub value: Stat,
    /// κ divided by its standard error under chance agreement.
    pub z: Stat,
    /// Two-sided p-value.
    pub p: Stat,
}

/// Two markers who rated the same objects.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairAgreement {
    /// First marker.
    pub first: String,
    /// Second marker.
    pub second: String,
    /// Objects rated by both.
    pub n: usize,
    /// Share of equal ratings.
    pub exact: Stat,
    /// Share that differs by at most one.
    pub within_one: Stat,
    /// κ without weights.
    pub kappa: Kappa,
    /// κ with linear weights.
    pub kappa_linear: Kappa,
    /// κ with quadratic weights.
    pub kappa_quadratic: Kappa,
    /// Mean of first minus second.
    pub mean_difference: Stat,
    /// Standard deviation of the differences.
    pub sd_difference: Stat,
    /// Pearson correlation.
    pub correlation: Stat,
}

/// Compares two markers over the objects both rated.
#[must_use]
pub fn pair_agreement(first: &str, second: &str, pairs: &[(f64, f64)]) -> PairAgreement {
    let n = pairs.len() as f64;
    let share = |count: usize| Stat::ratio(count as f64, n, Reason::NoData);
    let differences: Vec<f64> = pairs.iter().map(|(a, b)| a - b).collect();
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let known = |value: Option<f64>, reason: Reason| value.map_or(Stat::Undefined(reason), Stat::Known);
    PairAgreement {
        first: first.to_owned(),
        second: second.to_owned(),
        n: pairs.len(),
        exact: share(pairs.iter().filter(|(a, b)| a == b).count()),
        within_one: share(pairs.iter().filter(|(a, b)| (a - b).abs() <= 1.0).count()),
        kappa: kappa(pairs, Weight::Unweighted),
        kappa_linear: kappa(pairs, Weight::Linear),
        kappa_quadratic: kappa(pairs, Weight::Quadratic),
        mean_difference: known(sum::mean(&differences), Reason::NoData),
        sd_difference: known(sum::variance(&differences).map(f64::sqrt), Reason::TooFewPersons),
        correlation: known(sum::correlation(&x, &y), Reason::NoVariance),
    }
}

/// Cohen's kappa.
#[must_use]
pub fn kappa(pairs: &[(f64, f64)], weight: Weight) -> Kappa {
    let undefined = |reason| Kappa {
        value: Stat::Undefined(reason),
        z: Stat::Undefined(reason),
        p: Stat::Undefined(reason),
    };
    if pairs.is_empty() {
        return undefined(Reason::NoData);
    }
    let n = pairs.len() as f64;
    let (mut rows, mut columns): (BTreeMap<u64, f64>, BTreeMap<u64, f64>) =
        (BTreeMap::new(), BTreeMap::new());
    // Bit patterns as keys: equal numbers have equal bits here (−0 is turned into 0).
    for (a, b) in pairs {
        *rows.entry((a + 0.0).to_bits()).or_insert(0.0) += 1.0;
        *columns.entry((b + 0.0).to_bits()).or_insert(0.0) += 1.0;
    }
    let marginal = |m: &BTreeMap<u64, f64>| -> Vec<(f64, f64)> {
        m.iter().map(|(v, c)| (f64::from_bits(*v), *c)).collect()
    };
    let (rows, columns) = (marginal(&rows), marginal(&columns));
    let observed = sum::accurate(pairs.iter().map(|(a, b)| weight.of(*a, *b))) / n;
    let expected = sum::accurate(
        rows.iter().flat_map(|(a, p)| columns.iter().map(move |(b, q)| p * q * weight.of(*a, *b))),
    ) / (n * n);
    if expected == 0.0 {
        return undefined(Reason::ConstantRatings);
    }
    let value = 1.0 - observed / expected;
    // The variance under chance agreement (Fleiss, Cohen and Everitt 1969), written in disagreements.
    let row_mean = |a: f64| columns.iter().map(|(b, q)| q * weight.of(a, *b)).sum::<f64>() / n;
    let column_mean = |b: f64| rows.iter().map(|(a, p)| p * weight.of(*a, b)).sum::<f64>() / n;
    let row_means: Vec<f64> = rows.iter().map(|(a, _)| row_mean(*a)).collect();
    let column_means: Vec<f64> = columns.iter().map(|(b, _)| column_mean(*b)).collect();
    let spread = sum::accurate(rows.iter().zip(&row_means).flat_map(|((a, p), ra)| {
        columns.iter().zip(&column_means).map(move |((b, q), cb)| {
            let d = weight.of(*a, *b) - (ra + cb);
            p * q * d * d
        })
    })) / (n * n);
    let variance = (spread - expected * expected) / (n * expected * expected);
    let z = if variance > 0.0 {
        Stat::finite(value / variance.sqrt(), Reason::OutOfRange)
    } else {
        Stat::Undefined(Reason::NoVariance)
    };
    Kappa { value: Stat::finite(value, Reason::OutOfRange), z, p: z.map(normal_two_sided) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_constant_markers_have_no_kappa_but_do_agree() {
        let a = pair_agreement("x", "y", &[(3.0, 3.0), (3.0, 3.0)]);
        assert_eq!(a.kappa.value, Stat::Undefined(Reason::ConstantRatings));
        assert_eq!(a.exact, Stat::Known(1.0));
    }

    #[test]
    fn ten_is_far_from_two() {
        // By labels sorted as text "10" would stand next to "2"; by scores the distance is eight.
        let pairs = [(2.0, 10.0), (2.0, 2.0), (10.0, 10.0), (3.0, 3.0)];
        let k = kappa(&pairs, Weight::Linear).value.value().unwrap();
        let observed = 8.0 / 4.0;
        let rows = [(2.0, 2.0), (10.0, 1.0), (3.0, 1.0)];
        let columns = [(2.0, 1.0), (10.0, 2.0), (3.0, 1.0)];
        let expected: f64 = rows
            .iter()
            .flat_map(|(a, p)| columns.iter().map(move |(b, q): &(f64, f64)| p * q * (*a - *b).abs()))
            .sum::<f64>()
            / 16.0;
        assert!((k - (1.0 - observed / expected)).abs() < 1e-15);
    }
}
