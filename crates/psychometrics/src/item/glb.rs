//! The greatest lower bound to reliability: the largest error variances that still leave a possible
//! covariance matrix of true scores. Σd is maximised under C − diag(d) positive semidefinite, 0 ≤ d ≤ c_jj, by
//! an interior point method: Newton steps on Σd + μ(ln det(C − D) + Σ ln d), μ falling to zero.
//!
//! The bound is biased upward in small samples: with fewer than a thousand persons it is an upper story.
// Loops run over the order of the covariance matrix.
#![allow(clippy::indexing_slicing)]

use crate::number::{Matrix, Reason, Stat};
use serde::Serialize;

/// The bound, with the error variances that attain it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GreatestLowerBound {
    /// 1 − Σd / ΣC.
    pub value: Stat,
    /// Error variance per item with variance.
    pub errors: Vec<f64>,
    /// How far Σd can still be from its maximum.
    pub gap: f64,
    /// Fewer than a thousand persons: the value is too high on average.
    pub biased: bool,
}

/// The bound of a covariance matrix from `n` persons.
#[must_use]
pub fn greatest_lower_bound(covariances: &Matrix, n: i64) -> GreatestLowerBound {
    let k = covariances.rows();
    let undefined = |reason| GreatestLowerBound {
        value: Stat::Undefined(reason),
        errors: Vec::new(),
        gap: 0.0,
        biased: n < 1000,
    };
    if k < 2 {
        return undefined(Reason::TooFewItems);
    }
    let total: f64 = (0..k).flat_map(|i| covariances.row(i)).sum();
    if total <= 0.0 {
        return undefined(Reason::NoVariance);
    }
    let Some(diagonal) = covariances.inverse_diagonal() else { return undefined(Reason::Singular) };
    // 1/(C⁻¹)_jj leaves C − D singular in one direction at most; a part of it lies safely inside.
    let mut d: Vec<f64> = diagonal.iter().map(|v| 0.5 / (v * k as f64)).collect();
    let mut barrier = covariances.trace() / k as f64;
    let floor = 1e-11 * covariances.trace();
    while barrier * k as f64 > floor {
        for _ in 0..60 {
            let Some(inverse) = inside(covariances, &d) else { return undefined(Reason::Singular) };
            let gradient: Vec<f64> =
                (0..k).map(|j| 1.0 + barrier * (1.0 / d[j] - inverse.at(j, j))).collect();
            let curvature = Matrix::from_fn(k, k, |i, j| {
                let own = if i == j { 1.0 / (d[i] * d[i]) } else { 0.0 };
                barrier * (inverse.at(i, j).powi(2) + own)
            });
            let Some(step) = curvature.solve_definite(&gradient) else { break };
            let rise: f64 = step.iter().zip(&gradient).map(|(s, g)| s * g).sum();
            let mut scale = 1.0;
            let moved = loop {
                let moved: Vec<f64> = d.iter().zip(&step).map(|(v, s)| v + scale * s).collect();
                if moved.iter().all(|v| *v > 0.0) && inside(covariances, &moved).is_some() {
                    break Some(moved);
                }
                scale *= 0.5;
                if scale < 1e-12 {
                    break None;
                }
            };
            match moved {
                Some(moved) => d = moved,
                None => break,
            }
            if rise < 1e-3 * barrier {
                break;
            }
        }
        barrier *= 0.3;
    }
    GreatestLowerBound {
        value: Stat::finite(1.0 - d.iter().sum::<f64>() / total, Reason::OutOfRange),
        errors: d,
        gap: 2.0 * k as f64 * barrier,
        biased: n < 1000,
    }
}

/// The inverse of C − diag(d) when that is positive definite.
fn inside(covariances: &Matrix, d: &[f64]) -> Option<Matrix> {
    let k = covariances.rows();
    Matrix::from_fn(k, k, |i, j| covariances.at(i, j) - if i == j { d[i] } else { 0.0 })
        .inverse_definite_above(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::eigen::symmetric;
    use crate::number::random::Stream;

    #[test]
    fn two_items_have_the_bound_that_can_be_written_down() {
        // max d₁ + d₂ with (1−d₁)(1−d₂) ≥ r² is at d = 1 − r, so the bound is 2r/(1+r).
        for r in [0.1, 0.45, 0.9] {
            let c = Matrix::from_fn(2, 2, |i, j| if i == j { 1.0 } else { r });
            let found = greatest_lower_bound(&c, 5000).value.value().unwrap();
            assert!((found - 2.0 * r / (1.0 + r)).abs() < 1e-9, "{r} {found}");
        }
    }

    #[test]
    fn parallel_items_give_alpha() {
        let c = Matrix::from_fn(6, 6, |i, j| if i == j { 1.3 } else { 0.4 });
        let alpha = 6.0 / 5.0 * (1.0 - 6.0 * 1.3 / (6.0 * 1.3 + 30.0 * 0.4));
        assert!((greatest_lower_bound(&c, 5000).value.value().unwrap() - alpha).abs() < 1e-9);
    }

    #[test]
    fn the_solution_is_possible_and_cannot_be_improved() {
        let mut stream = Stream::new(4);
        let k = 7;
        let loadings: Vec<[f64; 2]> =
            (0..k).map(|_| [0.3 + stream.uniform(), stream.normal() * 0.4]).collect();
        let c = Matrix::from_fn(k, k, |i, j| {
            let common: f64 = (0..2).map(|f| loadings[i][f] * loadings[j][f]).sum();
            common + if i == j { 0.5 + 0.1 * i as f64 } else { 0.0 }
        });
        let found = greatest_lower_bound(&c, 5000);
        let rest = Matrix::from_fn(k, k, |i, j| c.at(i, j) - if i == j { found.errors[i] } else { 0.0 });
        let (values, _) = symmetric(&rest);
        assert!(values.iter().all(|v| *v > -1e-9), "a covariance matrix of true scores");
        // Any single error variance a little larger leaves the possible region, or is at its own limit.
        for j in 0..k {
            let more =
                Matrix::from_fn(k, k, |a, b| rest.at(a, b) - if a == j && b == j { 1e-3 } else { 0.0 });
            let (values, _) = symmetric(&more);
            assert!(values.iter().any(|v| *v < -1e-9));
        }
        let (products_total, trace): (f64, f64) = ((0..k).flat_map(|i| c.row(i).to_vec()).sum(), c.trace());
        let alpha = k as f64 / (k as f64 - 1.0) * (1.0 - trace / products_total);
        assert!(found.value.value().unwrap() >= alpha - 1e-9);
    }
}
