//! Reliability coefficients from a covariance matrix, and what follows from a reliability.
// Loops run over the order of the covariance matrix.
#![allow(clippy::indexing_slicing)]

use crate::number::distribution::{f_quantile, normal_quantile};
use crate::number::{Matrix, Reason, Stat, sum};
use serde::Serialize;

/// Exact integer sums of products about the mean: `n Σxy − Σx Σy`, which is n(n−1) times the covariance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Products {
    /// Number of persons.
    pub n: i64,
    /// Indices of the items with variance.
    pub kept: Vec<usize>,
    /// The full matrix over all items.
    cells: Vec<i128>,
    order: usize,
    /// Row sums: with the total score.
    pub with_total: Vec<i128>,
    /// Of the total score.
    pub total: i128,
    /// The sum of the diagonal.
    pub diagonal: i128,
}

impl Products {
    /// From the sums of a tally.
    #[must_use]
    pub fn of(n: i64, sums: &[i64], cross: &[i64]) -> Self {
        let order = sums.len();
        let mut cells = vec![0_i128; order * order];
        let mut with_total = vec![0_i128; order];
        let n_wide = i128::from(n);
        // Where every product fits 64 bits with room for a row sum, work there: several cells at a time.
        let largest = |list: &[i64]| list.iter().map(|v| i128::from(v.unsigned_abs())).max().unwrap_or(0);
        let bound = (n_wide * largest(cross)).max(largest(sums) * largest(sums)) * 2 * (order as i128 + 1);
        let short = bound < i128::from(i64::MAX);
        for j in 0..order {
            let row = &cross[j * order..(j + 1) * order];
            let own = &mut cells[j * order..(j + 1) * order];
            if short {
                let mut row_sum = 0_i64;
                for ((cell, product), sum) in own.iter_mut().zip(row).zip(sums) {
                    let value = n * product - sums[j] * sum;
                    *cell = i128::from(value);
                    row_sum += value;
                }
                with_total[j] = i128::from(row_sum);
            } else {
                for ((cell, product), sum) in own.iter_mut().zip(row).zip(sums) {
                    *cell = n_wide * i128::from(*product) - i128::from(sums[j]) * i128::from(*sum);
                    with_total[j] += *cell;
                }
            }
        }
        let kept = (0..order).filter(|j| cells[j * order + j] > 0).collect();
        let total = with_total.iter().sum();
        let diagonal = (0..order).map(|j| cells[j * order + j]).sum();
        Products { n, kept, cells, order, with_total, total, diagonal }
    }

    /// One cell.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> i128 {
        self.cells[row * self.order + column]
    }

    /// n(n−1): divides a cell into a covariance.
    #[must_use]
    pub fn divisor(&self) -> f64 {
        (i128::from(self.n) * i128::from(self.n - 1)) as f64
    }

    /// The covariance matrix of the items with variance.
    #[must_use]
    pub fn covariances(&self) -> Matrix {
        let divisor = self.divisor();
        Matrix::from_fn(self.kept.len(), self.kept.len(), |a, b| {
            double(self.at(self.kept[a], self.kept[b])) / divisor
        })
    }

    fn usable(&self) -> Result<(), Reason> {
        if self.n < 2 {
            Err(Reason::TooFewPersons)
        } else if self.kept.len() < 2 {
            Err(Reason::TooFewItems)
        } else if self.total == 0 {
            Err(Reason::NoVariance)
        } else {
            Ok(())
        }
    }

    /// Coefficient alpha: k/(k−1) · (1 − Σ c_jj / Σ c_jl). One division of exact whole numbers.
    #[must_use]
    pub fn alpha(&self) -> Stat {
        if let Err(reason) = self.usable() {
            return Stat::Undefined(reason);
        }
        alpha_of(self.kept.len(), self.total, self.diagonal)
    }

    /// Alpha of the test without item `j`.
    #[must_use]
    pub fn alpha_without(&self, j: usize) -> Stat {
        if let Err(reason) = self.usable() {
            return Stat::Undefined(reason);
        }
        let own = self.at(j, j);
        if own == 0 {
            return Stat::Undefined(Reason::NoVariance);
        }
        if self.kept.len() < 3 {
            return Stat::Undefined(Reason::TooFewItems);
        }
        let total = self.total - 2 * self.with_total[j] + own;
        if total == 0 {
            return Stat::Undefined(Reason::NoRestVariance);
        }
        alpha_of(self.kept.len() - 1, total, self.diagonal - own)
    }

    /// Guttman's lambda2: (Σ_{j≠l} c_jl + √(k/(k−1) Σ_{j≠l} c_jl²)) / Σ c_jl.
    #[must_use]
    pub fn lambda2(&self) -> Stat {
        if let Err(reason) = self.usable() {
            return Stat::Undefined(reason);
        }
        let k = self.kept.len() as f64;
        let squares = sum::accurate(self.kept.iter().enumerate().flat_map(|(a, j)| {
            self.kept[a + 1..].iter().map(move |l| {
                let c = double(self.at(*j, *l));
                2.0 * c * c
            })
        }));
        let outer = (self.total - self.diagonal) as f64;
        Stat::finite((outer + (k / (k - 1.0) * squares).sqrt()) / self.total as f64, Reason::OutOfRange)
    }

    /// Guttman's lambda6: 1 − Σ_j (1/(C⁻¹)_jj) / Σ c_jl.
    #[must_use]
    pub fn lambda6(&self) -> Stat {
        if let Err(reason) = self.usable() {
            return Stat::Undefined(reason);
        }
        let covariances = self.covariances();
        match covariances.inverse_diagonal() {
            None => Stat::Undefined(Reason::Singular),
            Some(diagonal) => {
                let errors = sum::accurate(diagonal.iter().map(|d| 1.0 / d));
                Stat::finite(1.0 - errors / (self.total as f64 / self.divisor()), Reason::OutOfRange)
            }
        }
    }

    /// Kuder–Richardson 21: k/(k−1) · (1 − M(k−M)/(k s²)), s² with divisor n; items scored 0 and 1 only.
    #[must_use]
    pub fn kr21(&self, sums: &[i64], dichotomous: bool) -> Stat {
        if let Err(reason) = self.usable() {
            return Stat::Undefined(reason);
        }
        if !dichotomous {
            return Stat::Undefined(Reason::NotDichotomous);
        }
        let k = self.kept.len() as i128;
        let total: i128 = self.kept.iter().map(|j| i128::from(sums[*j])).sum();
        let ratio = (total * (k * i128::from(self.n) - total)) as f64 / (k * self.total) as f64;
        Stat::finite(k as f64 / (k - 1) as f64 * (1.0 - ratio), Reason::OutOfRange)
    }

    /// Standard deviation of the total of the items with variance.
    #[must_use]
    pub fn total_deviation(&self) -> f64 {
        (self.total as f64 / self.divisor()).sqrt()
    }

    /// Standard error of measurement: s √(1 − ρ).
    #[must_use]
    pub fn standard_error(&self, reliability: Stat) -> Stat {
        match reliability {
            Stat::Known(rho) => {
                Stat::finite(self.total_deviation() * (1.0 - rho).max(0.0).sqrt(), Reason::OutOfRange)
            }
            undefined @ Stat::Undefined(_) => undefined,
        }
    }
}

/// The nearest double. Nearly always the number fits 64 bits, where the conversion is one instruction.
pub(super) fn double(value: i128) -> f64 {
    i64::try_from(value).map_or_else(|_| value as f64, |short| short as f64)
}

fn alpha_of(k: usize, total: i128, diagonal: i128) -> Stat {
    let k = k as i128;
    Stat::ratio((k * (total - diagonal)) as f64, ((k - 1) * total) as f64, Reason::NoVariance)
}

/// The interval t ± z·SEM that holds a person's true score with this confidence.
#[must_use]
pub fn true_score_interval(score: f64, sem: f64, confidence: f64) -> (f64, f64) {
    let reach = normal_quantile(0.5 + confidence / 2.0) * sem;
    (score - reach, score + reach)
}

/// Feldt's confidence interval of alpha: 1 − (1−α) F with n−1 and (n−1)(k−1) degrees of freedom.
#[must_use]
pub fn feldt_interval(alpha: f64, n: i64, k: usize, confidence: f64) -> Option<(f64, f64)> {
    if n < 2 || k < 2 {
        return None;
    }
    let d1 = (n - 1) as f64;
    let d2 = d1 * (k - 1) as f64;
    let tail = (1.0 - confidence) / 2.0;
    let low = 1.0 - (1.0 - alpha) * f_quantile(1.0 - tail, d1, d2);
    let high = 1.0 - (1.0 - alpha) * f_quantile(tail, d1, d2);
    Some((low, high))
}

/// Spearman–Brown: the reliability of a test `factor` times as long, gρ/(1+(g−1)ρ).
#[must_use]
pub fn spearman_brown(reliability: f64, factor: f64) -> Stat {
    Stat::ratio(factor * reliability, 1.0 + (factor - 1.0) * reliability, Reason::ZeroDenominator)
}

/// Coefficients on the correlation matrix, as some packages print them beside the raw ones.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standardised {
    /// Alpha of the standardised items.
    pub alpha: f64,
    /// Lambda6 of the standardised items (squared multiple correlations).
    pub lambda6: Option<f64>,
    /// Mean inter-item correlation.
    pub mean_correlation: f64,
    /// Median inter-item correlation.
    pub median_correlation: f64,
    /// Variance of the inter-item correlations.
    pub variance_of_correlations: f64,
    /// k r̄ / (1 − r̄).
    pub signal_to_noise: f64,
    /// Standard error of the raw alpha (Duhachek and Iacobucci).
    pub alpha_error: f64,
    /// Per item the correlation with the standardised total.
    pub item_total: Vec<f64>,
    /// The same with the item's own variance replaced by its squared multiple correlation.
    pub item_total_corrected: Vec<Option<f64>>,
}

/// The standardised coefficients of a covariance matrix from `n` persons; `None` for fewer than two items.
#[must_use]
pub fn standardised(covariances: &Matrix, n: i64) -> Option<Standardised> {
    let k = covariances.rows();
    if k < 2 || (0..k).any(|j| covariances.at(j, j) <= 0.0) {
        return None;
    }
    let r = Matrix::from_fn(k, k, |a, b| {
        if a == b { 1.0 } else { covariances.at(a, b) / (covariances.at(a, a) * covariances.at(b, b)).sqrt() }
    });
    let mut lower: Vec<f64> =
        (0..k).flat_map(|a| (0..a).map(move |b| (a, b))).map(|(a, b)| r.at(a, b)).collect();
    let mean = sum::mean(&lower)?;
    let variance = sum::variance(&lower).unwrap_or(0.0);
    lower.sort_by(f64::total_cmp);
    let count = k as f64;
    let all = count + mean * count * (count - 1.0);
    let smc: Option<Vec<f64>> = r.inverse_diagonal().map(|d| d.iter().map(|v| 1.0 - 1.0 / v).collect());
    let row_sum = |a: usize| sum::accurate(r.row(a).iter().copied());
    let corrected = match &smc {
        None => vec![None; k],
        Some(smc) => {
            let whole = all - count + sum::accurate(smc.iter().copied());
            (0..k).map(|a| Some((row_sum(a) - 1.0 + smc[a]) / whole.sqrt())).collect()
        }
    };
    let trace = covariances.trace();
    let sums: Vec<f64> = (0..k).map(|a| sum::accurate(covariances.row(a).iter().copied())).collect();
    let grand = sum::accurate(sums.iter().copied());
    let trace_of_square: f64 = (0..k).map(|a| covariances.row(a).iter().map(|v| v * v).sum::<f64>()).sum();
    let sum_of_square: f64 = sums.iter().map(|s| s * s).sum();
    let q = 2.0 * count * count / ((count - 1.0) * (count - 1.0) * grand.powi(3))
        * (grand * (trace_of_square + trace * trace) - 2.0 * trace * sum_of_square);
    Some(Standardised {
        alpha: count / (count - 1.0) * (1.0 - count / all),
        lambda6: smc.as_ref().map(|s| 1.0 - sum::accurate(s.iter().map(|v| 1.0 - v)) / all),
        mean_correlation: mean,
        median_correlation: sum::quantile(&lower, 0.5)?,
        variance_of_correlations: variance,
        signal_to_noise: count * mean / (1.0 - mean),
        alpha_error: (q / n as f64).sqrt(),
        item_total: (0..k).map(|a| row_sum(a) / all.sqrt()).collect(),
        item_total_corrected: corrected,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn products(rows: &[[i64; 3]]) -> (Products, Vec<i64>) {
        let mut sums = vec![0; 3];
        let mut cross = vec![0; 9];
        for row in rows {
            for j in 0..3 {
                sums[j] += row[j];
                for l in 0..3 {
                    cross[j * 3 + l] += row[j] * row[l];
                }
            }
        }
        (Products::of(rows.len() as i64, &sums, &cross), sums)
    }

    #[test]
    fn parallel_items_have_alpha_one_and_singular_lambda6() {
        let (p, _) = products(&[[0, 0, 0], [1, 1, 1], [2, 2, 2], [5, 5, 5]]);
        assert_eq!(p.alpha(), Stat::Known(1.0));
        assert_eq!(p.lambda2(), Stat::Known(1.0));
        assert_eq!(p.lambda6(), Stat::Undefined(Reason::Singular));
        assert_eq!(p.standard_error(p.alpha()), Stat::Known(0.0));
    }

    #[test]
    fn too_little_data_is_undefined_with_a_reason() {
        assert_eq!(products(&[[0, 1, 1]]).0.alpha(), Stat::Undefined(Reason::TooFewPersons));
        assert_eq!(products(&[[0, 1, 1], [0, 1, 0]]).0.alpha(), Stat::Undefined(Reason::TooFewItems));
        assert_eq!(products(&[[0, 1, 1], [1, 0, 1]]).0.alpha(), Stat::Undefined(Reason::NoVariance));
    }

    #[test]
    fn two_in_three_true_scores_lie_within_one_standard_error() {
        let (low, high) = true_score_interval(20.0, 3.0, 0.682_689_492_137_086);
        assert!((low - 17.0).abs() < 1e-9 && (high - 23.0).abs() < 1e-9);
    }

    #[test]
    fn doubling_a_test_of_half_reliability_gives_two_thirds() {
        assert!((spearman_brown(0.5, 2.0).value().unwrap() - 2.0 / 3.0).abs() < 1e-16);
        assert_eq!(spearman_brown(-1.0, 2.0), Stat::Undefined(Reason::ZeroDenominator));
    }
}
