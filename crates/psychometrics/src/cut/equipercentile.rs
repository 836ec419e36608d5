//! Equipercentile equating: a score on the old form corresponds to the score on the new one with the same
//! percentile rank (both forms taken by equal groups). P(x) = share below x plus half the share at x; in
//! between, persons at a score are spread evenly over half a point on either side.

use serde::Serialize;

/// Persons per whole score from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreCounts {
    below: Vec<f64>,
    n: f64,
}

/// One line of the conversion.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Equivalent {
    /// Score on the first form.
    pub score: u64,
    /// Score on the second form, not rounded.
    pub equivalent: f64,
}

impl ScoreCounts {
    /// From the number of persons at scores 0, 1, 2, …; `None` without persons.
    #[must_use]
    pub fn new(counts: &[u64]) -> Option<Self> {
        let n: u64 = counts.iter().sum();
        if n == 0 {
            return None;
        }
        let mut below = vec![0.0];
        let mut seen = 0_u64;
        for count in counts {
            seen += count;
            below.push(seen as f64);
        }
        Some(ScoreCounts { below, n: n as f64 })
    }

    /// The share of persons under `x` when a score s fills s − ½ to s + ½.
    #[must_use]
    pub fn rank(&self, x: f64) -> f64 {
        let place = x + 0.5;
        if place <= 0.0 {
            return 0.0;
        }
        let at = place.floor() as usize;
        let low = self.below.get(at).copied().unwrap_or(self.n);
        let high = self.below.get(at + 1).copied().unwrap_or(self.n);
        (low + (high - low) * place.fract()) / self.n
    }

    /// The middle of the scores with this percentile rank (a stretch without persons has many).
    #[must_use]
    pub fn at_rank(&self, rank: f64) -> f64 {
        let goal = (rank.clamp(0.0, 1.0)) * self.n;
        let tiny = 1e-9 * self.n;
        let first = self.below.partition_point(|b| *b < goal - tiny);
        let lower = self.edge(first, goal);
        let last = self.below.partition_point(|b| *b <= goal + tiny);
        let upper = if last > first { last as f64 - 1.0 } else { lower };
        let upper = if last > first { upper.max(lower) } else { lower };
        0.5 * (lower + upper) - 0.5
    }

    fn edge(&self, index: usize, goal: f64) -> f64 {
        let Some(before) = index.checked_sub(1) else { return 0.0 };
        let low = self.below.get(before).copied().unwrap_or(0.0);
        let high = self.below.get(index).copied().unwrap_or(self.n);
        if high > low { before as f64 + (goal - low) / (high - low) } else { index as f64 }
    }
}

/// The equivalents of every score of `from` on `to`.
#[must_use]
pub fn equipercentile(from: &ScoreCounts, to: &ScoreCounts) -> Vec<Equivalent> {
    (0..from.below.len() - 1)
        .map(|score| Equivalent { score: score as u64, equivalent: to.at_rank(from.rank(score as f64)) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::random::Stream;

    fn counts(stream: &mut Stream, shift: u64) -> Vec<u64> {
        let mut list = vec![0; shift as usize];
        list.extend((0..30).map(|_| 5 + stream.below(40) as u64));
        list
    }

    #[test]
    fn a_form_equated_to_itself_changes_nothing() {
        let c = ScoreCounts::new(&counts(&mut Stream::new(1), 0)).unwrap();
        assert!(equipercentile(&c, &c).iter().all(|e| (e.equivalent - e.score as f64).abs() < 1e-9));
    }

    #[test]
    fn three_extra_points_for_everybody_are_three_extra_points() {
        let plain = ScoreCounts::new(&counts(&mut Stream::new(1), 0)).unwrap();
        let shifted = ScoreCounts::new(&counts(&mut Stream::new(1), 3)).unwrap();
        assert!(
            equipercentile(&plain, &shifted)
                .iter()
                .all(|e| (e.equivalent - e.score as f64 - 3.0).abs() < 1e-9)
        );
    }

    #[test]
    fn there_and_back_is_where_you_were() {
        let mut stream = Stream::new(2);
        let a = ScoreCounts::new(&counts(&mut stream, 0)).unwrap();
        let b = ScoreCounts::new(&counts(&mut stream, 0)).unwrap();
        for e in equipercentile(&a, &b) {
            assert!((a.at_rank(b.rank(e.equivalent)) - e.score as f64).abs() < 1e-9);
        }
    }

    #[test]
    fn a_small_case_by_hand() {
        // Form A: half at 0, half at 1. Form B: a quarter at each of 0 to 3. P_A(0) = 1/4 lies at ½ on B.
        let a = ScoreCounts::new(&[2, 2]).unwrap();
        let b = ScoreCounts::new(&[1, 1, 1, 1]).unwrap();
        let table = equipercentile(&a, &b);
        assert!((table[0].equivalent - 0.5).abs() < 1e-12 && (table[1].equivalent - 2.5).abs() < 1e-12);
        assert!(ScoreCounts::new(&[0, 0]).is_none());
    }
}
