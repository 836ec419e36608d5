//! From the old form to the new one over common items.

use super::ability::{Method, Model};
use super::calibrate::{Anchor, Calibration, CalibrationError, calibrate};
use super::design::Design;
use serde::Serialize;

/// An anchor item seen in two calibrations.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    /// Item.
    pub item: String,
    /// Category score.
    pub score: u16,
    /// Location in the old calibration.
    pub old: f64,
    /// Location in the new one, after the mean shift.
    pub new: f64,
    /// Difference divided by its standard error.
    pub z: f64,
    /// |z| above 3.
    pub drifted: bool,
}

/// Compares the common items of two calibrations after removing the mean difference.
#[must_use]
pub fn drift(old: &Calibration, new: &Calibration) -> Vec<Drift> {
    let common: Vec<_> = old
        .parameters
        .iter()
        .filter_map(|o| Some((o, new.parameters.iter().find(|n| n.item == o.item && n.score == o.score)?)))
        .collect();
    if common.is_empty() {
        return Vec::new();
    }
    let shift = common.iter().map(|(o, n)| o.beta - n.beta).sum::<f64>() / common.len() as f64;
    common
        .into_iter()
        .map(|(o, n)| {
            let new = n.beta + shift;
            let spread = (o.se * o.se + n.se * n.se).sqrt();
            let z = if spread > 0.0 { (new - o.beta) / spread } else { 0.0 };
            Drift { item: o.item.clone(), score: o.score, old: o.beta, new, z, drifted: z.abs() > 3.0 }
        })
        .collect()
}

/// Calibrates the new form on the scale of the old one: the common items keep their old parameters, except
/// those named in `without` (drifted items).
///
/// # Errors
/// When there is no anchor left or the calibration fails.
pub fn anchored(
    old: &Calibration,
    new: &Design,
    without: &[String],
) -> Result<Calibration, CalibrationError> {
    let anchors: Vec<Anchor> = old
        .parameters
        .iter()
        .filter(|p| !without.contains(&p.item))
        .filter(|p| new.items.iter().any(|i| i.id == p.item && i.scores.contains(&p.score)))
        .map(|p| Anchor { item: p.item.clone(), score: p.score, beta: p.beta })
        .collect();
    if anchors.is_empty() {
        return Err(CalibrationError::Empty);
    }
    calibrate(new, &anchors)
}

/// A cut score carried over to a new form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CutTransfer {
    /// Cut on the old form.
    pub old_cut: u64,
    /// Ability that belongs to it (Warm).
    pub theta: f64,
    /// Lowest score on the new form whose ability reaches it.
    pub new_cut: u64,
    /// Expected score on the new form at that ability.
    pub expected: f64,
    /// Per old score the probability to reach the new cut.
    pub probability_to_pass: Vec<ProbabilityToPass>,
}

/// How likely somebody with an old score passes the new form.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ProbabilityToPass {
    /// Score on the old form.
    pub old_score: u64,
    /// Probability of at least the new cut.
    pub probability: f64,
}

/// Carries a cut from the old form to the new one, both on one scale: θ is Warm's estimate at the old cut,
/// the new cut is the smallest whole score at or above E(T_new|θ). `None` when the old cut is off the scale.
#[must_use]
pub fn transfer(old: &Model, new: &Model, old_cut: u64) -> Option<CutTransfer> {
    let raw = old_cut.checked_sub(old.base)?;
    if raw as usize > old.perfect() {
        return None;
    }
    let theta = old.weighted_likelihood(raw as f64)?;
    let expected = new.moments(theta).mean;
    // A hair below a whole number is that whole number.
    let new_raw = (expected - 1e-9).ceil().max(0.0) as usize;
    let probability_to_pass = super::ability::ability_table(old, Method::Wle)
        .into_iter()
        .filter_map(|a| {
            let reach = new.distribution(a.theta?);
            let probability = reach.iter().skip(new_raw).sum::<f64>().min(1.0);
            Some(ProbabilityToPass { old_score: a.score, probability })
        })
        .collect();
    Some(CutTransfer {
        old_cut,
        theta,
        new_cut: new.base + new_raw as u64,
        expected: expected + new.base as f64,
        probability_to_pass,
    })
}

/// Per score on the old form the equivalent on the new form, with its whole score rounded up.
#[must_use]
pub fn score_table(old: &Model, new: &Model) -> Vec<(u64, f64)> {
    super::ability::ability_table(old, Method::Wle)
        .into_iter()
        .filter_map(|a| Some((a.score, new.moments(a.theta?).mean + new.base as f64)))
        .collect()
}
