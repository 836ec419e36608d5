//! Elementary symmetric functions with integer category scores: γ_s = Σ over answer patterns with total s
//! of the product of the ε of their categories. Sums of positive terms only, so stable.
// Loops run over scores from 0 to the maximum, lengths fixed at allocation.
#![allow(clippy::indexing_slicing)]

use super::scalar::Scalar;

/// The non-zero categories of an item: their scores and parameters ε.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor<T> {
    /// (score, ε), scores ascending and above 0.
    pub categories: Vec<(usize, T)>,
}

impl<T: Scalar> Factor<T> {
    /// Largest score.
    #[must_use]
    pub fn max(&self) -> usize {
        self.categories.last().map_or(0, |c| c.0)
    }

    /// Multiplies a polynomial by this factor: γ'_s = γ_s + Σ_h ε_h γ_{s−a_h}.
    pub fn extend(&self, gamma: &[T], out: &mut Vec<T>) {
        out.clear();
        out.extend_from_slice(gamma);
        out.resize(gamma.len() + self.max(), T::ZERO);
        for (score, eps) in &self.categories {
            for (slot, value) in out[*score..].iter_mut().zip(gamma) {
                *slot = slot.plus(eps.times(*value));
            }
        }
    }

    /// The adjoint of [`Factor::extend`]: u'_t = u_t + Σ_h ε_h u_{t+a_h}, shorter by the maximum score.
    pub fn withdraw(&self, u: &[T], out: &mut Vec<T>) {
        let length = u.len().saturating_sub(self.max());
        out.clear();
        out.extend_from_slice(&u[..length]);
        for (score, eps) in &self.categories {
            for (slot, value) in out.iter_mut().zip(&u[*score..]) {
                *slot = slot.plus(eps.times(*value));
            }
        }
    }
}

/// The γ of a set of items.
#[must_use]
pub fn gamma<T: Scalar>(factors: &[Factor<T>]) -> Vec<T> {
    let mut now = vec![T::of(1.0)];
    let mut next = Vec::new();
    for factor in factors {
        factor.extend(&now, &mut next);
        std::mem::swap(&mut now, &mut next);
    }
    now
}

/// The γ of the first j items, for j = 0 … K.
#[must_use]
pub fn prefixes<T: Scalar>(factors: &[Factor<T>]) -> Vec<Vec<T>> {
    let mut list = vec![vec![T::of(1.0)]];
    for factor in factors {
        let mut next = Vec::new();
        if let Some(last) = list.last() {
            factor.extend(last, &mut next);
        }
        list.push(next);
    }
    list
}

/// The γ of the items after item j, for j = 0 … K−1.
#[must_use]
pub fn suffixes<T: Scalar>(factors: &[Factor<T>]) -> Vec<Vec<T>> {
    let mut list = Vec::with_capacity(factors.len());
    let mut now = vec![T::of(1.0)];
    for factor in factors.iter().rev() {
        let mut next = Vec::new();
        factor.extend(&now, &mut next);
        list.push(now);
        now = next;
    }
    list.reverse();
    list
}

/// The product of two polynomials.
#[must_use]
pub fn product<T: Scalar>(a: &[T], b: &[T]) -> Vec<T> {
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut out = vec![T::ZERO; a.len() + b.len() - 1];
    for (shift, factor) in short.iter().enumerate() {
        for (slot, value) in out[shift..].iter_mut().zip(long) {
            *slot = slot.plus(factor.times(*value));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::scalar::Wide;
    use super::*;

    fn factors<T: Scalar>() -> Vec<Factor<T>> {
        let e = |list: &[(usize, f64)]| Factor {
            categories: list.iter().map(|(s, v)| (*s, T::of(*v))).collect(),
        };
        vec![e(&[(1, 0.5)]), e(&[(1, 2.0), (2, 0.25)]), e(&[(3, 1.5)]), e(&[(1, 4.0)])]
    }

    /// Sum over all answer patterns, written out.
    fn by_enumeration(factors: &[Factor<f64>]) -> Vec<f64> {
        let mut sums = vec![0.0; factors.iter().map(Factor::max).sum::<usize>() + 1];
        fn walk(factors: &[Factor<f64>], total: usize, weight: f64, sums: &mut [f64]) {
            match factors.split_first() {
                None => sums[total] += weight,
                Some((first, rest)) => {
                    walk(rest, total, weight, sums);
                    for (score, eps) in &first.categories {
                        walk(rest, total + score, weight * eps, sums);
                    }
                }
            }
        }
        walk(factors, 0, 1.0, &mut sums);
        sums
    }

    #[test]
    fn gamma_is_the_sum_over_all_answer_patterns() {
        let f = factors::<f64>();
        for (got, want) in gamma(&f).iter().zip(by_enumeration(&f)) {
            assert!((got - want).abs() < 1e-14);
        }
        let wide = gamma(&factors::<Wide>());
        for (got, want) in wide.iter().zip(by_enumeration(&f)) {
            assert!((got.value() - want).abs() < 1e-14);
        }
    }

    #[test]
    fn leaving_out_an_item_is_prefix_times_suffix() {
        let f = factors::<f64>();
        let (before, after) = (prefixes(&f), suffixes(&f));
        for j in 0..f.len() {
            let mut rest = f.clone();
            rest.remove(j);
            assert_eq!(product(&before[j], &after[j]).len(), gamma(&rest).len());
            for (got, want) in product(&before[j], &after[j]).iter().zip(gamma(&rest)) {
                assert!((got - want).abs() < 1e-14);
            }
        }
    }
}
