//! Conditional maximum likelihood: item parameters that do not depend on who happened to take the test.
// Loops run over the parameters of one design.
#![allow(clippy::indexing_slicing)]

use super::design::Design;
use super::existence::separated;
use super::likelihood::{Block, Evaluation, evaluate, value};
use crate::number::Matrix;
use crate::table::components;
use serde::{Deserialize, Serialize};

/// A fixed parameter: the location β of a category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Anchor {
    /// Item name.
    pub item: String,
    /// Category score.
    pub score: u16,
    /// Location.
    pub beta: f64,
}

/// The estimate of one category.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parameter {
    /// Item name.
    pub item: String,
    /// Category score.
    pub score: u16,
    /// Location where this category and the one below are equally likely.
    pub beta: f64,
    /// Standard error; 0 for a fixed parameter.
    pub se: f64,
    /// Was it fixed beforehand?
    pub fixed: bool,
}

/// A calibrated design.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// Estimates, items in the order of the table.
    pub parameters: Vec<Parameter>,
    /// Conditional log-likelihood.
    pub log_likelihood: f64,
    /// Newton steps taken.
    pub iterations: usize,
    /// Largest absolute last step.
    pub last_step: f64,
    /// What was left out and why.
    pub notes: Vec<String>,
    /// Per item the reference score (0 unless nobody scored 0).
    pub bases: Vec<(String, u16)>,
    /// Covariance matrix of the β, in the order of `parameters`.
    #[serde(skip)]
    pub covariance: Matrix,
}

/// Why a calibration failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CalibrationError {
    /// Nothing to estimate.
    #[error("there are no two items with variance that the same persons answered; nothing can be calibrated")]
    Empty,
    /// The booklets do not hang together.
    #[error(
        "the design falls apart into {count} groups of items without common items: {groups}; add booklets that link them, or calibrate each group on its own"
    )]
    Disconnected {
        /// Number of components.
        count: usize,
        /// The components, items named.
        groups: String,
    },
    /// The likelihood has no finite maximum.
    #[error(
        "no finite estimate exists for {items}: nobody's answers compare this with the other items in both directions; leave it out or gather more answers"
    )]
    NoFiniteEstimate {
        /// Items named.
        items: String,
    },
    /// Newton's method failed.
    #[error(
        "the estimation did not converge after {0} steps; look for items with very few persons in a category"
    )]
    NotConverged(usize),
    /// An anchor names an unknown category.
    #[error("the anchors name item '{item}' score {score}, which does not occur in these answers")]
    UnknownAnchor {
        /// Item.
        item: String,
        /// Score.
        score: u16,
    },
    /// An item is anchored in part.
    #[error("item '{0}' is anchored for some of its scores only; give all its scores or none")]
    PartialAnchor(String),
}

/// Estimates the item parameters of a design; `anchors` may be empty (then the mean β is 0).
///
/// # Errors
/// When the design is empty or disconnected, or no finite estimate exists.
pub fn calibrate(design: &Design, anchors: &[Anchor]) -> Result<Calibration, CalibrationError> {
    if design.items.len() < 2 || design.booklets.is_empty() {
        return Err(CalibrationError::Empty);
    }
    let starts = design.starts();
    let parameters = design.parameters();
    let fixed = fixed_values(design, &starts, anchors)?;
    check_connected(design, &fixed, &starts)?;
    let plain = design.items.iter().all(|i| i.scores == [i.base + 1]);
    if plain && anchors.is_empty() {
        let apart = separated(design);
        if !apart.is_empty() {
            return Err(CalibrationError::NoFiniteEstimate { items: list(&apart) });
        }
    }
    let blocks = blocks(design, &starts);
    let mut eta = start_values(design, &starts, &blocks);
    for (slot, value) in eta.iter_mut().zip(&fixed) {
        if let Some(value) = value {
            *slot = *value;
        }
    }
    let space = Space::new(design, &starts, &fixed);
    if anchors.is_empty() {
        space.centre(&mut eta);
    }
    let (evaluation, iterations, last_step) = newton(design, &blocks, &space, &mut eta, parameters)?;
    let covariance =
        space.beta_covariance(&evaluation.information).ok_or(CalibrationError::NotConverged(iterations))?;
    let beta = space.beta(&eta, anchors.is_empty());
    let mut estimates = Vec::with_capacity(parameters);
    for (i, item) in design.items.iter().enumerate() {
        for (h, score) in item.scores.iter().enumerate() {
            let at = starts[i] + h;
            estimates.push(Parameter {
                item: item.id.clone(),
                score: *score,
                beta: beta[at],
                se: covariance.at(at, at).max(0.0).sqrt(),
                fixed: fixed[at].is_some(),
            });
        }
    }
    Ok(Calibration {
        parameters: estimates,
        log_likelihood: evaluation.value,
        iterations,
        last_step,
        notes: design.notes.clone(),
        bases: design.items.iter().map(|i| (i.id.clone(), i.base)).collect(),
        covariance,
    })
}

fn list(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(12).map(String::as_str).collect();
    let more = names.len().saturating_sub(12);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

fn fixed_values(
    design: &Design,
    starts: &[usize],
    anchors: &[Anchor],
) -> Result<Vec<Option<f64>>, CalibrationError> {
    let mut fixed = vec![None; design.parameters()];
    for anchor in anchors {
        let known = design.items.iter().any(|i| i.id == anchor.item && i.scores.contains(&anchor.score));
        if !known {
            return Err(CalibrationError::UnknownAnchor { item: anchor.item.clone(), score: anchor.score });
        }
    }
    for (i, item) in design.items.iter().enumerate() {
        let own: Vec<&Anchor> = anchors.iter().filter(|a| a.item == item.id).collect();
        if own.is_empty() {
            continue;
        }
        let mut eta = 0.0;
        let mut below = item.base;
        for (h, score) in item.scores.iter().enumerate() {
            let anchor = own
                .iter()
                .find(|a| a.score == *score)
                .ok_or_else(|| CalibrationError::PartialAnchor(item.id.clone()))?;
            eta -= anchor.beta * f64::from(score - below);
            below = *score;
            fixed[starts[i] + h] = Some(eta);
        }
    }
    Ok(fixed)
}

fn check_connected(design: &Design, fixed: &[Option<f64>], starts: &[usize]) -> Result<(), CalibrationError> {
    let groups: Vec<Vec<usize>> = design.booklets.iter().map(|b| b.items.clone()).collect();
    let parts = components(design.items.len(), &groups);
    let anchored = |part: &Vec<usize>| part.iter().any(|i| fixed[starts[*i]].is_some());
    let any_anchor = fixed.iter().any(Option::is_some);
    let loose = parts.iter().filter(|p| !(any_anchor && anchored(p))).count();
    if (any_anchor && loose > 0) || parts.len() > 1 && !any_anchor {
        let names: Vec<String> = parts
            .iter()
            .map(|p| {
                let items: Vec<String> = p.iter().map(|i| design.items[*i].id.clone()).collect();
                format!("[{}]", list(&items))
            })
            .collect();
        return Err(CalibrationError::Disconnected { count: parts.len(), groups: names.join(" | ") });
    }
    Ok(())
}

fn blocks(design: &Design, starts: &[usize]) -> Vec<Block> {
    design
        .booklets
        .iter()
        .map(|b| Block {
            items: b
                .items
                .iter()
                .map(|i| {
                    let item = &design.items[*i];
                    (item.scores.iter().map(|s| usize::from(s - item.base)).collect(), starts[*i])
                })
                .collect(),
            totals: b.totals.iter().map(|n| *n as f64).collect(),
            counts: b.counts.iter().map(|c| c.iter().map(|n| *n as f64).collect()).collect(),
        })
        .collect()
}

/// ln(n_jh / n_j0), with half a person added where a category is empty.
fn start_values(design: &Design, starts: &[usize], blocks: &[Block]) -> Vec<f64> {
    let mut counts: Vec<Vec<f64>> = design.items.iter().map(|i| vec![0.0; i.scores.len() + 1]).collect();
    for (booklet, block) in design.booklets.iter().zip(blocks) {
        for (item, own) in booklet.items.iter().zip(&block.counts) {
            for (slot, n) in counts[*item].iter_mut().zip(own) {
                *slot += n;
            }
        }
    }
    let mut eta = vec![0.0; design.parameters()];
    for (i, own) in counts.iter().enumerate() {
        for h in 1..own.len() {
            eta[starts[i] + h - 1] = (own[h].max(0.5) / own[0].max(0.5)).ln();
        }
    }
    eta
}

fn newton(
    design: &Design,
    blocks: &[Block],
    space: &Space,
    eta: &mut Vec<f64>,
    parameters: usize,
) -> Result<(Evaluation, usize, f64), CalibrationError> {
    const STEPS: usize = 80;
    let no_estimate = |eta: &[f64]| {
        let far: Vec<String> = design
            .items
            .iter()
            .zip(design.starts())
            .filter(|(i, s)| i.scores.iter().enumerate().any(|(h, _)| eta[s + h].abs() > 25.0))
            .map(|(i, _)| i.id.clone())
            .collect();
        CalibrationError::NoFiniteEstimate {
            items: if far.is_empty() { "some items".to_owned() } else { list(&far) },
        }
    };
    let mut now = evaluate(blocks, eta, parameters);
    let mut small_steps = 0;
    for iteration in 1..=STEPS {
        let Some(step) = space.step(&now) else { return Err(no_estimate(eta)) };
        let size = step.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let mut scale = if size > 4.0 { 4.0 / size } else { 1.0 };
        // Near the top the likelihood is flat to the last digit and can no longer tell up from down; there
        // Newton needs no guard.
        let mut moved: Vec<f64>;
        loop {
            moved = eta.iter().zip(&step).map(|(e, s)| e + scale * s).collect();
            if size < 1e-4
                || value(blocks, &moved) >= now.value - 1e-9 * now.value.abs().max(1.0)
                || scale < 1e-6
            {
                break;
            }
            scale *= 0.5;
        }
        *eta = moved;
        if space.free_location {
            space.centre(eta);
        }
        if eta.iter().any(|v| !v.is_finite() || v.abs() > 300.0) {
            return Err(no_estimate(eta));
        }
        now = evaluate(blocks, eta, parameters);
        if size < 1e-10 {
            small_steps += 1;
        }
        if size < 1e-14 || small_steps >= 2 {
            return Ok((now, iteration, size));
        }
    }
    if eta.iter().any(|v| v.abs() > 25.0) {
        Err(no_estimate(eta))
    } else {
        Err(CalibrationError::NotConverged(STEPS))
    }
}

/// Which parameters are free, and how η and β relate: β_h = (η_{h−1} − η_h)/(a_h − a_{h−1}).
struct Space {
    free: Vec<usize>,
    /// No anchors: the likelihood does not change along `direction`.
    free_location: bool,
    direction: Vec<f64>,
    /// Rows of the map from η to β: (own index, index of the category below or none, width).
    map: Vec<(usize, Option<usize>, f64)>,
}

impl Space {
    fn new(design: &Design, starts: &[usize], fixed: &[Option<f64>]) -> Self {
        let mut direction = Vec::new();
        let mut map = Vec::new();
        for (i, item) in design.items.iter().enumerate() {
            let mut below = item.base;
            for (h, score) in item.scores.iter().enumerate() {
                direction.push(f64::from(score - item.base));
                map.push((starts[i] + h, h.checked_sub(1).map(|b| starts[i] + b), f64::from(score - below)));
                below = *score;
            }
        }
        Space {
            free: (0..fixed.len()).filter(|p| fixed[*p].is_none()).collect(),
            free_location: fixed.iter().all(Option::is_none),
            direction,
            map,
        }
    }

    fn beta(&self, eta: &[f64], centred: bool) -> Vec<f64> {
        let mut beta: Vec<f64> = self
            .map
            .iter()
            .map(|(at, below, width)| (below.map_or(0.0, |b| eta[b]) - eta[*at]) / width)
            .collect();
        if centred {
            let mean = crate::number::sum::mean(&beta).unwrap_or(0.0);
            beta.iter_mut().for_each(|b| *b -= mean);
        }
        beta
    }

    /// Moves along the free direction until the mean β is zero.
    fn centre(&self, eta: &mut [f64]) {
        let beta = self.beta(eta, false);
        let mean = crate::number::sum::mean(&beta).unwrap_or(0.0);
        for (slot, a) in eta.iter_mut().zip(&self.direction) {
            *slot += mean * a;
        }
    }

    /// The information over the free parameters; along the free direction it is filled up so that it can
    /// be inverted, which changes nothing that can be estimated.
    fn filled(&self, information: &Matrix) -> Matrix {
        let m = self.free.len();
        let norm: f64 = self.direction.iter().map(|v| v * v).sum();
        let fill = if self.free_location { information.trace() / m.max(1) as f64 / norm } else { 0.0 };
        Matrix::from_fn(m, m, |a, b| {
            let (i, j) = (self.free[a], self.free[b]);
            information.at(i, j) + fill * self.direction[i] * self.direction[j]
        })
    }

    fn step(&self, evaluation: &Evaluation) -> Option<Vec<f64>> {
        let gradient: Vec<f64> = self.free.iter().map(|i| evaluation.gradient[*i]).collect();
        let solved = self.filled(&evaluation.information).solve_definite(&gradient)?;
        let mut step = vec![0.0; evaluation.gradient.len()];
        for (at, value) in self.free.iter().zip(solved) {
            step[*at] = value;
        }
        Some(step)
    }

    fn beta_covariance(&self, information: &Matrix) -> Option<Matrix> {
        let m = self.map.len();
        if self.free.is_empty() {
            return Some(Matrix::zeros(m, m));
        }
        let inverse = self.filled(information).inverse_definite_above(0.0)?;
        let mut eta = Matrix::zeros(m, m);
        for (a, i) in self.free.iter().enumerate() {
            for (b, j) in self.free.iter().enumerate() {
                *eta.at_mut(*i, *j) = inverse.at(a, b);
            }
        }
        let difference = |row: usize, column: usize| {
            let (at, below, width) = self.map[row];
            (below.map_or(0.0, |b| eta.at(b, column)) - eta.at(at, column)) / width
        };
        let half = Matrix::from_fn(m, m, difference);
        let mut beta = Matrix::from_fn(m, m, |row, column| {
            let (at, below, width) = self.map[column];
            (below.map_or(0.0, |b| half.at(row, b)) - half.at(row, at)) / width
        });
        if self.free_location {
            let row_means: Vec<f64> = (0..m).map(|r| beta.row(r).iter().sum::<f64>() / m as f64).collect();
            let mean = row_means.iter().sum::<f64>() / m as f64;
            beta = Matrix::from_fn(m, m, |r, c| beta.at(r, c) - row_means[r] - row_means[c] + mean);
        }
        Some(beta)
    }
}
