//! Cuts from the judgements of a panel: Angoff, Ebel, and the data-driven direct consensus (3DC).
// Loops run over judges and items of one panel, checked to be a full matrix first.
#![allow(clippy::indexing_slicing)]

use crate::number::sum;
use crate::rasch::ability::Model;
use serde::Serialize;

/// What a panel arrived at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JudgePanel {
    /// Recommended cut, not rounded.
    pub cut: f64,
    /// Cut of each judge.
    pub per_judge: Vec<f64>,
    /// Standard deviation over the judges.
    pub sd: Option<f64>,
    /// SD/√J.
    pub se: Option<f64>,
    /// Variance of the judgements between judges, between items, and the rest (judge × item).
    pub variance: Option<JudgementVariance>,
}

/// Where the differences in judgements come from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct JudgementVariance {
    /// Between judges (some are stricter).
    pub judge: f64,
    /// Between items (some are harder).
    pub item: f64,
    /// Judges who see an item differently.
    pub rest: f64,
}

/// Why a panel gives no cut.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PanelError {
    /// Nobody judged.
    #[error("there are no judgements")]
    Empty,
    /// A judge skipped something.
    #[error(
        "judge {judge} gave {given} judgements where {expected} are needed; every judge judges every item"
    )]
    Uneven {
        /// Number of the judge, from 1.
        judge: usize,
        /// Judgements given.
        given: usize,
        /// Judgements needed.
        expected: usize,
    },
    /// A judgement is out of bounds.
    #[error("judge {judge}, item {item}: {value} lies outside 0 to {max}")]
    Bounds {
        /// Number of the judge, from 1.
        judge: usize,
        /// Number of the item, from 1.
        item: usize,
        /// Value given, as text.
        value: String,
        /// Largest possible.
        max: String,
    },
}

fn check(judgements: &[Vec<f64>], max: &[f64]) -> Result<(), PanelError> {
    if judgements.is_empty() || max.is_empty() {
        return Err(PanelError::Empty);
    }
    for (j, own) in judgements.iter().enumerate() {
        if own.len() != max.len() {
            return Err(PanelError::Uneven { judge: j + 1, given: own.len(), expected: max.len() });
        }
        for (i, (value, limit)) in own.iter().zip(max).enumerate() {
            if !(0.0..=*limit).contains(value) {
                return Err(PanelError::Bounds {
                    judge: j + 1,
                    item: i + 1,
                    value: value.to_string(),
                    max: limit.to_string(),
                });
            }
        }
    }
    Ok(())
}

fn panel(per_judge: Vec<f64>, variance: Option<JudgementVariance>) -> JudgePanel {
    let sd = sum::variance(&per_judge).map(f64::sqrt);
    let judges = per_judge.len() as f64;
    JudgePanel {
        cut: sum::mean(&per_judge).unwrap_or(0.0),
        sd,
        se: sd.map(|s| s / judges.sqrt()),
        per_judge,
        variance,
    }
}

/// Angoff: per judge the expected score of a borderline candidate on each item (0 to its maximum); the cut
/// is the mean over judges of their sums.
///
/// # Errors
/// When a judge skipped an item or a judgement is out of bounds.
pub fn angoff(judgements: &[Vec<f64>], max: &[f64]) -> Result<JudgePanel, PanelError> {
    check(judgements, max)?;
    let per_judge = judgements.iter().map(|own| sum::accurate(own.iter().copied())).collect();
    let squares = crate::marker::correlation::mean_squares(judgements);
    let variance = squares.map(|m| JudgementVariance {
        // Rows are judges, columns are items.
        judge: ((m.objects - m.residual) / m.k).max(0.0),
        item: ((m.markers - m.residual) / m.n).max(0.0),
        rest: m.residual,
    });
    Ok(panel(per_judge, variance))
}

/// Ebel: items are sorted into cells (relevance × difficulty); per judge and cell the share a borderline
/// candidate gets right; the cut is the sum over cells of share × points in the cell.
///
/// # Errors
/// When a judge skipped a cell or a share is out of bounds.
pub fn ebel(shares: &[Vec<f64>], points: &[f64]) -> Result<JudgePanel, PanelError> {
    check(shares, &vec![1.0; points.len()])?;
    let per_judge =
        shares.iter().map(|own| sum::accurate(own.iter().zip(points).map(|(s, p)| s * p))).collect();
    Ok(panel(per_judge, None))
}

/// The data-driven direct consensus: judges give a cut per cluster of items, on a form where every cluster
/// score stands beside its ability. Each cluster cut becomes an ability, a judge's ability is their mean
/// weighted by information, and the cut is the expected total there. Returns the panel (cuts in total
/// score) and the ability of each judge.
///
/// # Errors
/// When a judge skipped a cluster or a cluster cut is out of bounds.
pub fn direct_consensus(
    cuts: &[Vec<f64>],
    clusters: &[Model],
    whole: &Model,
) -> Result<(JudgePanel, Vec<f64>), PanelError> {
    let max: Vec<f64> = clusters.iter().map(|c| c.base as f64 + c.perfect() as f64).collect();
    check(cuts, &max)?;
    let mut thetas = Vec::new();
    for own in cuts {
        let mut parts = Vec::new();
        for (cut, cluster) in own.iter().zip(clusters) {
            if let Some(theta) = cluster.weighted_likelihood(cut - cluster.base as f64) {
                parts.push((theta, cluster.moments(theta).variance));
            }
        }
        let weight: f64 = parts.iter().map(|(_, w)| w).sum();
        if weight <= 0.0 {
            return Err(PanelError::Empty);
        }
        thetas.push(parts.iter().map(|(t, w)| t * w).sum::<f64>() / weight);
    }
    let per_judge = thetas.iter().map(|t| whole.moments(*t).mean + whole.base as f64).collect();
    Ok((panel(per_judge, None), thetas))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angoff_is_the_mean_of_the_judges_sums() {
        let p = angoff(&[vec![0.5, 0.75, 1.0], vec![0.25, 0.5, 0.75]], &[1.0, 1.0, 2.0]).unwrap();
        assert_eq!(p.cut, 1.875);
        assert_eq!(p.per_judge, [2.25, 1.5]);
        assert!((p.sd.unwrap() - 0.75 / 2.0_f64.sqrt()).abs() < 1e-15);
        let v = p.variance.unwrap();
        assert!(v.rest.abs() < 1e-15 && v.judge > 0.0 && v.item > 0.0);
    }

    #[test]
    fn ebel_weighs_shares_by_points() {
        let p = ebel(&[vec![0.9, 0.5], vec![0.7, 0.3]], &[10.0, 20.0]).unwrap();
        assert!((p.cut - 16.0).abs() < 1e-12);
    }

    #[test]
    fn a_judge_who_skips_an_item_is_named() {
        let e = angoff(&[vec![0.5, 0.5], vec![0.5]], &[1.0, 1.0]).unwrap_err();
        assert!(e.to_string().contains("judge 2 gave 1"));
        assert!(angoff(&[vec![1.5]], &[1.0]).is_err());
    }

    #[test]
    fn judges_who_point_at_one_ability_get_the_expected_score_there() {
        let item = |b: f64| vec![(1.0, -b)];
        let cluster = |bs: &[f64]| Model { items: bs.iter().map(|b| item(*b)).collect(), base: 0 };
        let (a, b) = (cluster(&[-1.0, 0.0, 1.0]), cluster(&[-0.5, 0.5, 1.5]));
        let whole = Model { items: a.items.iter().chain(&b.items).cloned().collect(), base: 0 };
        let theta = 0.4;
        // Scores that Warm's estimate maps back to this ability.
        let score = |m: &Model| {
            let x = m.moments(theta);
            x.mean - x.third / (2.0 * x.variance)
        };
        let (panel, thetas) =
            direct_consensus(&[vec![score(&a), score(&b)]], &[a.clone(), b.clone()], &whole).unwrap();
        assert!((thetas[0] - theta).abs() < 1e-10);
        assert!((panel.cut - whole.moments(theta).mean).abs() < 1e-9);
    }
}
