//! What each cut would do: who passes, who is close, how many are misjudged.

use crate::number::distribution::normal_below;
use serde::Serialize;

/// Consequences of one cut.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WhatIf {
    /// Lowest passing score.
    pub cut: u64,
    /// Share that passes.
    pub pass_rate: f64,
    /// Share that passes per group, in the order given; `None` for small groups, which are not shown.
    pub by_group: Vec<Option<f64>>,
    /// Candidates within one standard error of measurement of the cut.
    pub within_sem: usize,
    /// Expected share that passes but should not.
    pub false_pass: f64,
    /// Expected share that fails but should not.
    pub false_fail: f64,
}

/// Groups smaller than this are not shown.
const SMALL: usize = 5;

/// The consequences of every cut from 0 to the maximum. `groups` gives the group of each candidate, `sem`
/// and `reliability` come from the item analysis. Misclassification: true scores regress to the mean by the
/// reliability (Kelley) with a normal error around them; a true score passes when it reaches the cut less
/// one half.
#[must_use]
pub fn what_if(
    scores: &[u64],
    groups: &[Option<usize>],
    group_count: usize,
    max: u64,
    sem: f64,
    reliability: f64,
) -> Vec<WhatIf> {
    let n = scores.len();
    if n == 0 || max > 100_000 {
        return Vec::new();
    }
    let mean = scores.iter().map(|s| *s as f64).sum::<f64>() / n as f64;
    let rho = reliability.clamp(0.0, 1.0);
    let spread = sem * rho.sqrt();
    // Candidates with equal scores are equal here.
    let mut counts = std::collections::BTreeMap::new();
    for score in scores {
        *counts.entry(*score).or_insert(0_usize) += 1;
    }
    (0..=max)
        .map(|cut| {
            let line = cut as f64 - 0.5;
            let passes = |s: u64| s >= cut;
            let by_group = (0..group_count)
                .map(|g| {
                    let own: Vec<u64> = scores
                        .iter()
                        .zip(groups)
                        .filter(|(_, own)| **own == Some(g))
                        .map(|(s, _)| *s)
                        .collect();
                    (own.len() >= SMALL)
                        .then(|| own.iter().filter(|s| passes(**s)).count() as f64 / own.len() as f64)
                })
                .collect();
            let (mut false_pass, mut false_fail) = (0.0, 0.0);
            for (score, count) in &counts {
                let truth = mean + rho * (*score as f64 - mean);
                let below = if spread > 0.0 {
                    normal_below((line - truth) / spread)
                } else {
                    f64::from(u8::from(truth < line))
                };
                if passes(*score) {
                    false_pass += *count as f64 * below;
                } else {
                    false_fail += *count as f64 * (1.0 - below);
                }
            }
            WhatIf {
                cut,
                pass_rate: scores.iter().filter(|s| passes(**s)).count() as f64 / n as f64,
                by_group,
                within_sem: scores.iter().filter(|s| (**s as f64 - cut as f64).abs() <= sem).count(),
                false_pass: false_pass / n as f64,
                false_fail: false_fail / n as f64,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_cut_never_lets_more_pass() {
        let scores: Vec<u64> = (0..200).map(|i| (i * 7) % 41).collect();
        let groups: Vec<Option<usize>> = (0..200).map(|i| Some(usize::from(i < 3))).collect();
        let table = what_if(&scores, &groups, 2, 40, 2.5, 0.8);
        assert!(table.windows(2).all(|w| w[0].pass_rate >= w[1].pass_rate));
        assert_eq!(table[0].pass_rate, 1.0);
        assert!(table.iter().all(|w| w.by_group[1].is_none()), "a group of three is not shown");
    }

    #[test]
    fn a_perfect_test_misjudges_nobody() {
        let scores: Vec<u64> = (0..40).collect();
        let table = what_if(&scores, &[None; 40], 0, 40, 0.0, 1.0);
        assert!(table.iter().all(|w| w.false_pass == 0.0 && w.false_fail == 0.0));
    }

    /// Simulation with known truth: the expected misclassification is the one that happens.
    #[test]
    fn expected_misclassification_matches_a_simulation() {
        let mut stream = crate::number::random::Stream::new(8);
        let (sd_true, sem) = (6.0, 3.0);
        let persons: Vec<(f64, u64)> = (0..40_000)
            .map(|_| {
                let t = 30.0 + sd_true * stream.normal();
                (t, (t + sem * stream.normal()).round().clamp(0.0, 60.0) as u64)
            })
            .collect();
        let scores: Vec<u64> = persons.iter().map(|(_, s)| *s).collect();
        let rho = sd_true * sd_true / (sd_true * sd_true + sem * sem);
        let table = what_if(&scores, &vec![None; scores.len()], 0, 60, sem, rho);
        let cut = 33;
        let wrong = |pass: bool| {
            persons.iter().filter(|(t, s)| (*s >= cut) == pass && (*t >= cut as f64 - 0.5) != pass).count()
                as f64
                / persons.len() as f64
        };
        assert!((table[33].false_pass - wrong(true)).abs() < 0.006);
        assert!((table[33].false_fail - wrong(false)).abs() < 0.006);
    }
}
