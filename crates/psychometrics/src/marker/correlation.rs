//! Intra-class correlations from the two-way analysis of variance.
// Loops run over a complete matrix of ratings.
#![allow(clippy::indexing_slicing)]

use crate::number::distribution::{f_above, f_quantile};
use crate::number::{Reason, Stat, sum};
use serde::Serialize;

/// One coefficient with its F test and 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Coefficient {
    /// The coefficient; negative values are reported as they are.
    pub value: Stat,
    /// F ratio.
    pub f: Stat,
    /// Degrees of freedom of the numerator.
    pub df1: f64,
    /// Degrees of freedom of the denominator.
    pub df2: f64,
    /// p-value.
    pub p: Stat,
    /// Lower end.
    pub low: Stat,
    /// Upper end.
    pub high: Stat,
}

/// The six intra-class correlations.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntraClass {
    /// ICC(1): one random marker per rating.
    pub one_single: Coefficient,
    /// ICC(1,k).
    pub one_average: Coefficient,
    /// ICC(A,1): absolute agreement, the same markers for all.
    pub agreement_single: Coefficient,
    /// ICC(A,k).
    pub agreement_average: Coefficient,
    /// ICC(C,1): consistency.
    pub consistency_single: Coefficient,
    /// ICC(C,k).
    pub consistency_average: Coefficient,
    /// The mean squares they come from.
    #[serde(skip)]
    pub squares: Option<MeanSquares>,
}

/// Mean squares of objects × markers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanSquares {
    /// Objects.
    pub n: f64,
    /// Markers.
    pub k: f64,
    /// Between objects.
    pub objects: f64,
    /// Between markers.
    pub markers: f64,
    /// Within objects.
    pub within: f64,
    /// Residual.
    pub residual: f64,
}

/// The mean squares of a complete matrix (rows are objects); `None` for fewer than two rows or columns.
#[must_use]
pub fn mean_squares(rows: &[Vec<f64>]) -> Option<MeanSquares> {
    let (n, k) = (rows.len(), rows.first()?.len());
    if n < 2 || k < 2 || rows.iter().any(|r| r.len() != k) {
        return None;
    }
    let (nf, kf) = (n as f64, k as f64);
    let grand = sum::accurate(rows.iter().flatten().copied()) / (nf * kf);
    let row_means: Vec<f64> = rows.iter().map(|r| sum::accurate(r.iter().copied()) / kf).collect();
    let column_means: Vec<f64> = (0..k).map(|j| sum::accurate(rows.iter().map(|r| r[j])) / nf).collect();
    let ss_rows = kf * sum::accurate(row_means.iter().map(|m| (m - grand).powi(2)));
    let ss_columns = nf * sum::accurate(column_means.iter().map(|m| (m - grand).powi(2)));
    let cells = || (0..n).flat_map(|i| (0..k).map(move |j| (i, j)));
    let ss_within = sum::accurate(cells().map(|(i, j)| (rows[i][j] - row_means[i]).powi(2)));
    let ss_error =
        sum::accurate(cells().map(|(i, j)| (rows[i][j] - row_means[i] - column_means[j] + grand).powi(2)));
    Some(MeanSquares {
        n: nf,
        k: kf,
        objects: ss_rows / (nf - 1.0),
        markers: ss_columns / (kf - 1.0),
        within: ss_within / (nf * (kf - 1.0)),
        residual: ss_error / ((nf - 1.0) * (kf - 1.0)),
    })
}

/// All six coefficients of a complete matrix.
#[must_use]
pub fn intra_class(rows: &[Vec<f64>]) -> Option<IntraClass> {
    let m = mean_squares(rows)?;
    let one = simple(&m, m.within, m.n * (m.k - 1.0));
    let consistency = simple(&m, m.residual, (m.n - 1.0) * (m.k - 1.0));
    let agreement = agreement(&m);
    Some(IntraClass {
        one_single: one.0,
        one_average: one.1,
        agreement_single: agreement.0,
        agreement_average: agreement.1,
        consistency_single: consistency.0,
        consistency_average: consistency.1,
        squares: Some(m),
    })
}

/// Single and average coefficient against one error term.
fn simple(m: &MeanSquares, error: f64, df2: f64) -> (Coefficient, Coefficient) {
    let df1 = m.n - 1.0;
    let f = Stat::ratio(m.objects, error, Reason::ZeroDenominator);
    let p = f.map(|f| f_above(f, df1, df2));
    let low_f = f.map(|f| f / f_quantile(0.975, df1, df2));
    let high_f = f.map(|f| f * f_quantile(0.975, df2, df1));
    let single = |f: f64| (f - 1.0) / (f + m.k - 1.0);
    let average = |f: f64| 1.0 - 1.0 / f;
    let build = |value: Stat, g: &dyn Fn(f64) -> f64| Coefficient {
        value,
        f,
        df1,
        df2,
        p,
        low: low_f.map(g),
        high: high_f.map(g),
    };
    (
        build(Stat::ratio(m.objects - error, m.objects + (m.k - 1.0) * error, Reason::NoVariance), &single),
        build(Stat::ratio(m.objects - error, m.objects, Reason::NoVariance), &average),
    )
}

/// Absolute agreement, with Satterthwaite's degrees of freedom (McGraw and Wong 1996).
fn agreement(m: &MeanSquares) -> (Coefficient, Coefficient) {
    let MeanSquares { n, k, objects, markers, residual, .. } = *m;
    let f = Stat::ratio(objects, residual, Reason::ZeroDenominator);
    let single = Stat::ratio(
        objects - residual,
        objects + (k - 1.0) * residual + k / n * (markers - residual),
        Reason::NoVariance,
    );
    let average = Stat::ratio(objects - residual, objects + (markers - residual) / n, Reason::NoVariance);
    let freedom = |a: f64, b: f64| {
        (a * markers + b * residual).powi(2)
            / ((a * markers).powi(2) / (k - 1.0) + (b * residual).powi(2) / ((n - 1.0) * (k - 1.0)))
    };
    let build = |value: Stat, average: bool| {
        let Stat::Known(icc) = value else {
            return Coefficient { value, f, df1: n - 1.0, df2: 0.0, p: value, low: value, high: value };
        };
        let share = if average { icc / (n * (1.0 - icc)) } else { k * icc / (n * (1.0 - icc)) };
        let v = freedom(share, 1.0 + share * (n - 1.0));
        let upper = f_quantile(0.975, n - 1.0, v);
        let lower = f_quantile(0.975, v, n - 1.0);
        let (low, high) = if average {
            (
                n * (objects - upper * residual) / (upper * (markers - residual) + n * objects),
                n * (lower * objects - residual) / (markers - residual + n * lower * objects),
            )
        } else {
            let rest = k * markers + (k * n - k - n) * residual;
            (
                n * (objects - upper * residual) / (upper * rest + n * objects),
                n * (lower * objects - residual) / (rest + n * lower * objects),
            )
        };
        Coefficient {
            value,
            f,
            df1: n - 1.0,
            df2: v,
            p: f.map(|f| f_above(f, n - 1.0, v)),
            low: Stat::finite(low, Reason::OutOfRange),
            high: Stat::finite(high, Reason::OutOfRange),
        }
    };
    (build(single, false), build(average, true))
}
