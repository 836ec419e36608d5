//! How often a test puts people on the right side of the cut (Livingston and Lewis 1995).
//!
//! The test is replaced by one of n' equal, independent right-or-wrong items with the same reliability:
//! n' = ((μ − min)(max − μ) − ρσ²) / (σ²(1 − ρ)). True proportions follow a beta distribution with the mean
//! of the scores and the variance ρσ²; observed ones are binomial around them. (The original fits a beta
//! distribution with four parameters; two keep it inside 0 to 1 and need no rescue when the fit fails.)

use crate::number::distribution::beta_below;
use crate::number::{Reason, Stat};
use serde::Serialize;

/// Expected accuracy and consistency of the decisions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Classification {
    /// n', rounded.
    pub effective_length: u32,
    /// Share judged as their true score deserves.
    pub accuracy: Stat,
    /// Share that passes while their true score does not.
    pub false_pass: Stat,
    /// Share that fails while their true score does pass.
    pub false_fail: Stat,
    /// Share judged equally by two such tests.
    pub consistency: Stat,
    /// Consistency beyond chance.
    pub kappa: Stat,
}

/// Classification at the lowest passing score `cut` of a test with totals from 0 to `max`.
///
/// # Errors
/// Says why no beta distribution fits: no variance, a reliability outside 0 to 1, or a mean at an end.
pub fn livingston_lewis(
    mean: f64,
    variance: f64,
    reliability: f64,
    max: f64,
    cut: f64,
) -> Result<Classification, Reason> {
    if variance <= 0.0 {
        return Err(Reason::NoVariance);
    }
    if reliability <= 0.0 || reliability >= 1.0 || mean <= 0.0 || mean >= max || cut <= 0.0 || cut > max {
        return Err(Reason::OutOfRange);
    }
    let true_variance = reliability * variance;
    let effective = (mean * (max - mean) - true_variance) / (variance * (1.0 - reliability));
    let p = mean / max;
    let spread = true_variance / (max * max);
    let size = p * (1.0 - p) / spread - 1.0;
    if !(1.0..=10_000.0).contains(&effective) || size <= 0.0 {
        return Err(Reason::OutOfRange);
    }
    let n = effective.round().max(1.0);
    let (a, b) = (p * size, (1.0 - p) * size);
    // A passing score on n' items: at least the same proportion.
    let line = (n * cut / max - 1e-9).ceil();
    let truth = cut / max;
    let reach = |tau: f64| if line <= 0.0 { 1.0 } else { beta_below(line, n - line + 1.0, tau) };
    // Equal slices of the beta distribution, each represented by its middle: no singular ends to integrate.
    const SLICES: usize = 4000;
    let (mut pass, mut both, mut true_pass, mut right_pass) = (0.0, 0.0, 0.0, 0.0);
    let mut below = 0.0;
    let mut from = 0.0;
    for slice in 1..=SLICES {
        let to = slice as f64 / SLICES as f64;
        let at = beta_below(a, b, to);
        let weight = at - below;
        let q = reach(0.5 * (from + to));
        pass += weight * q;
        both += weight * (q * q + (1.0 - q) * (1.0 - q));
        // The slice that holds the cut counts for the part above it.
        let above = ((to - truth.max(from)) / (to - from)).clamp(0.0, 1.0);
        true_pass += weight * above;
        right_pass += weight * above * q;
        below = at;
        from = to;
    }
    let false_pass = pass - right_pass;
    let false_fail = true_pass - right_pass;
    let chance = pass * pass + (1.0 - pass) * (1.0 - pass);
    Ok(Classification {
        effective_length: n as u32,
        accuracy: Stat::Known(1.0 - false_pass - false_fail),
        false_pass: Stat::Known(false_pass),
        false_fail: Stat::Known(false_fail),
        consistency: Stat::Known(both),
        kappa: Stat::ratio(both - chance, 1.0 - chance, Reason::ZeroDenominator),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::random::Stream;

    /// Simulation with known truth: true proportions from a beta distribution (order statistics of uniform
    /// numbers), two parallel tests of right-or-wrong items.
    #[test]
    fn the_expected_decisions_are_the_ones_that_happen() {
        let mut stream = Stream::new(12);
        let (a, b, items, persons) = (7_usize, 4_usize, 40_usize, 60_000_usize);
        let mut scores = Vec::new();
        for _ in 0..persons {
            let mut draws: Vec<f64> = (0..a + b - 1).map(|_| stream.uniform()).collect();
            draws.sort_by(f64::total_cmp);
            let tau = draws[a - 1];
            let test = |s: &mut Stream| (0..items).filter(|_| s.uniform() < tau).count() as f64;
            let first = test(&mut stream);
            scores.push((tau, first, test(&mut stream)));
        }
        let n = persons as f64;
        let (p, m) = (a as f64 / (a + b) as f64, items as f64);
        let true_variance = m * m * p * (1.0 - p) / (a + b + 1) as f64;
        let error = m * (p * (1.0 - p) - true_variance / (m * m));
        let variance = true_variance + error;
        let cut = 26.0;
        let c = livingston_lewis(m * p, variance, true_variance / variance, m, cut).unwrap();
        assert_eq!(c.effective_length, 40);
        let share = |f: &dyn Fn(&(f64, f64, f64)) -> bool| scores.iter().filter(|s| f(s)).count() as f64 / n;
        let passes = |x: f64| x >= cut;
        let truly = |t: f64| t >= cut / m;
        let close = |stat: Stat, value: f64| {
            assert!((stat.value().unwrap() - value).abs() < 0.006, "{stat:?} {value}")
        };
        close(c.accuracy, share(&|s| passes(s.1) == truly(s.0)));
        close(c.false_pass, share(&|s| passes(s.1) && !truly(s.0)));
        close(c.consistency, share(&|s| passes(s.1) == passes(s.2)));
    }

    #[test]
    fn what_cannot_be_fitted_says_so() {
        assert_eq!(livingston_lewis(10.0, 0.0, 0.8, 20.0, 11.0), Err(Reason::NoVariance));
        assert_eq!(livingston_lewis(10.0, 9.0, 1.2, 20.0, 11.0), Err(Reason::OutOfRange));
    }
}
