//! The direction of the next step: limited-memory BFGS on top of the complete-data information, which is
//! what one step of the EM algorithm would use.

use crate::number::matrix::dot;

/// Remembers the last few steps and how the gradient changed along them.
pub(super) struct Memory {
    pairs: Vec<(Vec<f64>, Vec<f64>, f64)>,
}

impl Memory {
    pub fn new() -> Self {
        Memory { pairs: Vec::new() }
    }

    /// Adds a step and the change of the gradient of minus the log-likelihood.
    pub fn remember(&mut self, step: Vec<f64>, change: Vec<f64>) {
        let product = dot(&step, &change);
        if product > 1e-12 * dot(&change, &change).sqrt() * dot(&step, &step).sqrt() {
            if self.pairs.len() == 12 {
                self.pairs.remove(0);
            }
            self.pairs.push((step, change, 1.0 / product));
        }
    }

    pub fn forget(&mut self) {
        self.pairs.clear();
    }

    /// The ascent direction for `gradient`, with `precondition` as first guess of the inverse information.
    pub fn direction(&self, gradient: &[f64], precondition: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
        let mut q = gradient.to_vec();
        let mut factors = Vec::with_capacity(self.pairs.len());
        for (step, change, inverse) in self.pairs.iter().rev() {
            let factor = inverse * dot(step, &q);
            q.iter_mut().zip(change).for_each(|(a, b)| *a -= factor * b);
            factors.push(factor);
        }
        let mut r = precondition(&q);
        for ((step, change, inverse), factor) in self.pairs.iter().zip(factors.iter().rev()) {
            let back = inverse * dot(change, &r);
            r.iter_mut().zip(step).for_each(|(a, b)| *a += (factor - back) * b);
        }
        r
    }
}
