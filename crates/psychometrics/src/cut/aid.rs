//! Cuts from results: borderline and contrasting groups, Hofstee, Cohen-Schotanus.

use crate::number::sum;
use serde::Serialize;

/// A cut with how it came about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CutAid {
    /// Recommended cut, not rounded. The lowest passing score is the first whole score at or above it.
    pub cut: f64,
    /// Lowest passing score.
    pub lowest_pass: u64,
    /// A remark on how firm it is.
    pub remark: Option<String>,
}

fn aid(cut: f64, remark: Option<String>) -> Option<CutAid> {
    // A hair of rounding below a whole score is that score.
    (cut.is_finite() && cut >= 0.0).then(|| CutAid {
        cut,
        lowest_pass: (cut - 1e-9).ceil().max(0.0) as u64,
        remark,
    })
}

/// Borderline group: the median of the candidates whom judges call borderline.
#[must_use]
pub fn borderline(scores: &[u64]) -> Option<CutAid> {
    let mut sorted: Vec<f64> = scores.iter().map(|s| *s as f64).collect();
    sorted.sort_by(f64::total_cmp);
    let remark = (sorted.len() < 20)
        .then(|| format!("only {} borderline candidates; the median of so few moves easily", sorted.len()));
    aid(sum::quantile(&sorted, 0.5)?, remark)
}

/// Contrasting groups: where the smoothed score curves of failing and passing candidates cross, each as if
/// equally many. The curves are Gaussian kernel sums with the width of Silverman's rule. `None` without
/// candidates in both groups or without a crossing between their means.
#[must_use]
pub fn contrasting_groups(failing: &[u64], passing: &[u64]) -> Option<CutAid> {
    let to_numbers = |s: &[u64]| s.iter().map(|v| *v as f64).collect::<Vec<f64>>();
    let (low, high) = (to_numbers(failing), to_numbers(passing));
    let (from, to) = (sum::mean(&low)?, sum::mean(&high)?);
    if from >= to {
        return None;
    }
    let density = |values: &[f64], x: f64| {
        let sd = sum::variance(values).unwrap_or(0.0).sqrt();
        let width = (1.06 * sd * (values.len() as f64).powf(-0.2)).max(0.5);
        values.iter().map(|v| (-0.5 * ((x - v) / width).powi(2)).exp()).sum::<f64>()
            / (values.len() as f64 * width)
    };
    let gap = |x: f64| density(&low, x) - density(&high, x);
    if gap(from) <= 0.0 || gap(to) >= 0.0 {
        return None;
    }
    let (mut a, mut b) = (from, to);
    for _ in 0..200 {
        let middle = 0.5 * (a + b);
        if gap(middle) > 0.0 { a = middle } else { b = middle }
    }
    let crossing = 0.5 * (a + b);
    let wrong =
        low.iter().filter(|s| **s >= crossing).count() + high.iter().filter(|s| **s < crossing).count();
    aid(
        crossing,
        Some(format!("{wrong} of {} candidates fall on the other side of it", low.len() + high.len())),
    )
}

/// Hofstee: the panel gives the lowest and highest acceptable cut and fail rate; the cut is where the line
/// from (lowest cut, highest fail rate) to (highest cut, lowest fail rate) meets the observed fail curve.
/// `None` when they do not meet: the panel's bounds do not fit these results.
#[must_use]
pub fn hofstee(scores: &[u64], cuts: (f64, f64), fail_rates: (f64, f64)) -> Option<CutAid> {
    let n = scores.len() as f64;
    let (low_cut, high_cut) = cuts;
    let (low_rate, high_rate) = fail_rates;
    if scores.is_empty() || low_cut >= high_cut || low_rate > high_rate {
        return None;
    }
    let mut sorted: Vec<u64> = scores.to_vec();
    sorted.sort_unstable();
    // Share below a cut, straight between whole scores so that the crossing is a point.
    let below = |x: f64| {
        let at = |c: f64| sorted.partition_point(|s| (*s as f64) < c) as f64 / n;
        let floor = x.floor();
        at(floor) + (at(floor + 1.0) - at(floor)) * (x - floor)
    };
    let line = |x: f64| high_rate + (low_rate - high_rate) * (x - low_cut) / (high_cut - low_cut);
    let gap = |x: f64| line(x) - below(x);
    if gap(low_cut) < 0.0 || gap(high_cut) > 0.0 {
        return None;
    }
    let (mut a, mut b) = (low_cut, high_cut);
    for _ in 0..200 {
        let middle = 0.5 * (a + b);
        if gap(middle) > 0.0 { a = middle } else { b = middle }
    }
    let cut = 0.5 * (a + b);
    aid(cut, Some(format!("{:.1} % would fail", 100.0 * below(cut))))
}

/// Cohen-Schotanus: a fixed share (60 % if nothing else is agreed) of the score of the best candidates (the
/// mean of the best 5 %, at least one person), above the score expected by guessing.
#[must_use]
pub fn cohen_schotanus(scores: &[u64], chance: f64, share: f64) -> Option<CutAid> {
    let mut sorted: Vec<f64> = scores.iter().map(|s| *s as f64).collect();
    sorted.sort_by(f64::total_cmp);
    let best = sorted.len().div_ceil(20);
    let top = sum::mean(sorted.get(sorted.len().checked_sub(best)?..)?)?;
    let remark = (best < 5).then(|| format!("the best 5 % are only {best} candidates"));
    aid(chance + share * (top - chance), remark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_borderline_cut_is_their_median() {
        assert_eq!(borderline(&[10, 14, 11, 13]).unwrap().cut, 12.0);
        assert!(borderline(&[]).is_none());
    }

    #[test]
    fn contrasting_groups_cross_between_their_means() {
        let low: Vec<u64> = (0..50).map(|i| 10 + i % 7).collect();
        let high: Vec<u64> = (0..50).map(|i| 20 + i % 7).collect();
        let cut = contrasting_groups(&low, &high).unwrap();
        assert!((cut.cut - 18.0).abs() < 0.2, "{}", cut.cut);
        assert!(contrasting_groups(&high, &low).is_none());
    }

    #[test]
    fn hofstee_meets_the_fail_curve() {
        let scores: Vec<u64> = (0..100).collect();
        // Fail curve x/100 and the line from (40, 60 %) to (60, 20 %) meet at 46.7.
        let cut = hofstee(&scores, (40.0, 60.0), (0.2, 0.6)).unwrap();
        assert!((cut.cut - 140.0 / 3.0).abs() < 1e-6, "{}", cut.cut);
        assert!(hofstee(&scores, (10.0, 20.0), (0.5, 0.6)).is_none());
    }

    #[test]
    fn cohen_schotanus_takes_a_share_of_the_best() {
        let scores: Vec<u64> = (1..=100).collect();
        let cut = cohen_schotanus(&scores, 20.0, 0.6).unwrap();
        assert!((cut.cut - (20.0 + 0.6 * (98.0 - 20.0))).abs() < 1e-12);
        assert_eq!(cut.lowest_pass, 67);
    }
}
