//! The conditional log-likelihood of one booklet, with gradient and information.
//!
//! Given the total s, log L = Σ_jh n_jh η_jh − Σ_s n_s ln γ_s(ε), ε = exp η. Expected counts come from γ
//! without one item (prefix times suffix, never division), expected pairs from walking a prefix forward
//! while the adjoint of the suffix waits at each item: O(K² S) for the whole information matrix.
// Loops run over items, categories and scores of one booklet; all lengths are fixed at the start.
#![allow(clippy::indexing_slicing)]

use super::gamma::{Factor, prefixes, product, suffixes};
use super::scalar::{Scalar, Wide};
use crate::number::{Matrix, sum};

/// One booklet, ready for evaluation.
#[derive(Debug, Clone)]
pub struct Block {
    /// Per item: category scores above the reference, and the index of the first parameter.
    pub items: Vec<(Vec<usize>, usize)>,
    /// Persons per total.
    pub totals: Vec<f64>,
    /// Per item and category (reference first) the informative persons.
    pub counts: Vec<Vec<f64>>,
}

/// Value, gradient and information of a log-likelihood.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// Log-likelihood.
    pub value: f64,
    /// Its gradient in η.
    pub gradient: Vec<f64>,
    /// Minus its second derivatives.
    pub information: Matrix,
}

/// Sums the evaluations of all booklets at `eta`.
#[must_use]
pub fn evaluate(blocks: &[Block], eta: &[f64], parameters: usize) -> Evaluation {
    let mut total = Evaluation {
        value: 0.0,
        gradient: vec![0.0; parameters],
        information: Matrix::zeros(parameters, parameters),
    };
    for block in blocks {
        if block.is_long(eta) {
            block.add::<Wide>(eta, &mut total);
        } else {
            block.add::<f64>(eta, &mut total);
        }
    }
    total
}

/// The log-likelihood alone.
#[must_use]
pub fn value(blocks: &[Block], eta: &[f64]) -> f64 {
    sum::accurate(
        blocks.iter().map(|b| if b.is_long(eta) { b.value::<Wide>(eta) } else { b.value::<f64>(eta) }),
    )
}

impl Block {
    fn perfect(&self) -> usize {
        self.totals.len().saturating_sub(1)
    }

    /// Would plain doubles overflow or lose the smallest terms? The largest γ is bounded by the product
    /// of the row sums of ε, the smallest by their extremes.
    fn is_long(&self, eta: &[f64]) -> bool {
        let tilt = self.tilt(eta);
        let reach: f64 = self
            .items
            .iter()
            .map(|(scores, start)| {
                let logs = scores.iter().enumerate().map(|(h, a)| eta[start + h] + tilt * *a as f64);
                logs.fold(0.0_f64, |m, v| m.max(v.abs())) + (scores.len() as f64 + 1.0).ln()
            })
            .sum();
        self.perfect() > 600 || reach > 500.0
    }

    /// The shift of θ that makes the mean log ε per score point zero: keeps γ near the middle of the range.
    fn tilt(&self, eta: &[f64]) -> f64 {
        let (mut top, mut bottom) = (0.0, 0.0);
        for (scores, start) in &self.items {
            for (h, a) in scores.iter().enumerate() {
                top += eta[start + h];
                bottom += *a as f64;
            }
        }
        if bottom == 0.0 { 0.0 } else { -top / bottom }
    }

    fn factors<T: Scalar>(&self, eta: &[f64], tilt: f64) -> Vec<Factor<T>> {
        self.items
            .iter()
            .map(|(scores, start)| Factor {
                categories: scores
                    .iter()
                    .enumerate()
                    .map(|(h, a)| (*a, T::exp(eta[start + h] + tilt * *a as f64)))
                    .collect(),
            })
            .collect()
    }

    fn informative(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let perfect = self.perfect();
        self.totals.iter().copied().enumerate().filter(move |(s, n)| *s > 0 && *s < perfect && *n > 0.0)
    }

    fn observed(&self, eta: &[f64]) -> f64 {
        sum::accurate(self.items.iter().zip(&self.counts).flat_map(|((scores, start), counts)| {
            (0..scores.len()).map(move |h| counts[h + 1] * eta[start + h])
        }))
    }

    /// ln γ_s belongs to tilted parameters; the tilt adds exactly `tilt · s`.
    fn value_with<T: Scalar>(&self, gamma: &[T], eta: &[f64], tilt: f64) -> f64 {
        let normal = sum::accurate(self.informative().map(|(s, n)| n * (gamma[s].ln() - tilt * s as f64)));
        self.observed(eta) - normal
    }

    fn value<T: Scalar>(&self, eta: &[f64]) -> f64 {
        let tilt = self.tilt(eta);
        let gamma = super::gamma::gamma(&self.factors::<T>(eta, tilt));
        self.value_with(&gamma, eta, tilt)
    }

    fn add<T: Scalar>(&self, eta: &[f64], total: &mut Evaluation) {
        let tilt = self.tilt(eta);
        let factors = self.factors::<T>(eta, tilt);
        let before = prefixes(&factors);
        let after = suffixes(&factors);
        let k = factors.len();
        let gamma = &before[k];
        total.value += self.value_with(gamma, eta, tilt);
        let informative: Vec<(usize, f64)> = self.informative().collect();

        // P_jh,s for informative scores: rows are parameters of this block, columns the scores.
        let own: usize = self.items.iter().map(|(scores, _)| scores.len()).sum();
        let mut shares = Matrix::zeros(own, informative.len());
        let mut global = Vec::with_capacity(own);
        for (j, (scores, start)) in self.items.iter().enumerate() {
            let without = product(&before[j], &after[j]);
            for (h, a) in scores.iter().enumerate() {
                let row = shares.row_mut(global.len());
                for (slot, (s, _)) in row.iter_mut().zip(&informative) {
                    let part = s.checked_sub(*a).and_then(|t| without.get(t).copied()).unwrap_or(T::ZERO);
                    *slot = factors[j].categories[h].1.times(part).ratio(gamma[*s]);
                }
                global.push(start + h);
            }
        }
        for (row, at) in global.iter().enumerate() {
            let expected = sum::accurate(informative.iter().zip(shares.row(row)).map(|((_, n), p)| n * p));
            total.gradient[*at] -= expected;
            *total.information.at_mut(*at, *at) += expected;
        }
        for ((scores, start), counts) in self.items.iter().zip(&self.counts) {
            for h in 0..scores.len() {
                total.gradient[start + h] += counts[h + 1];
            }
        }
        // Minus Σ n P P' …
        let weighted = Matrix::from_fn(own, informative.len(), |r, c| shares.at(r, c) * informative[c].1);
        for a in 0..own {
            for b in a..own {
                let value = crate::number::matrix::dot(weighted.row(a), shares.row(b));
                *total.information.at_mut(global[a], global[b]) -= value;
                if a != b {
                    *total.information.at_mut(global[b], global[a]) -= value;
                }
            }
        }
        // … plus the expected pairs.
        let mut weight = vec![T::ZERO; gamma.len()];
        for (s, n) in &informative {
            weight[*s] = gamma[*s].into_divisor_of(*n);
        }
        let mut waiting = vec![weight];
        for j in (1..k).rev() {
            let mut next = Vec::new();
            if let Some(last) = waiting.last() {
                factors[j].withdraw(last, &mut next);
            }
            waiting.push(next);
        }
        waiting.reverse();
        let mut spare = Vec::new();
        for j in 0..k {
            let mut forward = before[j].clone();
            for l in j + 1..k {
                for (h, (a, eps)) in factors[j].categories.iter().enumerate() {
                    for (g, (b, other)) in factors[l].categories.iter().enumerate() {
                        let pair = pair_sum(&forward, &waiting[l], a + b);
                        let value = eps.times(*other).times(pair).value();
                        let (row, column) = (self.items[j].1 + h, self.items[l].1 + g);
                        *total.information.at_mut(row, column) += value;
                        *total.information.at_mut(column, row) += value;
                    }
                }
                factors[l].extend(&forward, &mut spare);
                std::mem::swap(&mut forward, &mut spare);
            }
        }
    }
}

fn pair_sum<T: Scalar>(forward: &[T], waiting: &[T], shift: usize) -> T {
    let Some(tail) = waiting.get(shift..) else { return T::ZERO };
    let mut parts = [T::ZERO; 4];
    let n = forward.len().min(tail.len());
    let (forward, tail) = (&forward[..n], &tail[..n]);
    for (x, y) in forward.chunks_exact(4).zip(tail.chunks_exact(4)) {
        for lane in 0..4 {
            parts[lane] = parts[lane].plus(x[lane].times(y[lane]));
        }
    }
    let rest = n - n % 4;
    for (x, y) in forward[rest..].iter().zip(&tail[rest..]) {
        parts[0] = parts[0].plus(x.times(*y));
    }
    parts[0].plus(parts[1]).plus(parts[2].plus(parts[3]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> Block {
        Block {
            items: vec![(vec![1], 0), (vec![1, 2], 1), (vec![2], 3), (vec![1, 3], 4)],
            totals: vec![2.0, 7.0, 9.0, 5.0, 8.0, 3.0, 4.0, 2.0, 1.0],
            counts: vec![vec![20.0, 18.0], vec![10.0, 16.0, 12.0], vec![25.0, 13.0], vec![12.0, 14.0, 12.0]],
        }
    }

    #[test]
    fn the_gradient_and_information_are_the_derivatives_of_the_value() {
        let eta = [0.3, -0.2, 0.4, 0.9, -0.5, 0.1];
        let at = evaluate(&[block()], &eta, 6);
        let h = 1e-5;
        for i in 0..6 {
            let moved = |d: f64| {
                let mut e = eta;
                e[i] += d;
                evaluate(&[block()], &e, 6)
            };
            let (up, down) = (moved(h), moved(-h));
            assert!(((up.value - down.value) / (2.0 * h) - at.gradient[i]).abs() < 1e-6);
            for j in 0..6 {
                let second = (up.gradient[j] - down.gradient[j]) / (2.0 * h);
                assert!((second + at.information.at(i, j)).abs() < 1e-6, "{i} {j}");
            }
        }
    }

    #[test]
    fn wide_numbers_give_the_same_likelihood() {
        let eta = [0.3, -0.2, 0.4, 0.9, -0.5, 0.1];
        let b = block();
        assert!((b.value::<f64>(&eta) - b.value::<Wide>(&eta)).abs() < 1e-11);
        let plain = evaluate(std::slice::from_ref(&b), &eta, 6);
        let mut wide = Evaluation { value: 0.0, gradient: vec![0.0; 6], information: Matrix::zeros(6, 6) };
        b.add::<Wide>(&eta, &mut wide);
        for i in 0..6 {
            assert!((plain.gradient[i] - wide.gradient[i]).abs() < 1e-11);
        }
    }
}
