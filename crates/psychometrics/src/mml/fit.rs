//! Fits the models: quasi-Newton steps on the marginal likelihood, a Newton polish with the exact
//! information, standard errors from it.
// Loops run over the items of one set of patterns.
#![allow(clippy::indexing_slicing)]

use super::information;
use super::kernel::{Block, LANES, Lens, Nodes, pass};
use super::pattern::Patterns;
use super::step::Memory;
use crate::number::Matrix;
use serde::Serialize;

/// Which model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// One common slope.
    OneParameter,
    /// A slope per item.
    TwoParameter,
}

/// How to fit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FitSettings {
    /// The model.
    pub model: Model,
    /// Number of equally spaced nodes.
    pub nodes: usize,
    /// The nodes run from −reach to reach.
    pub reach: f64,
    /// Calculate standard errors too.
    pub errors: bool,
}

impl FitSettings {
    /// 61 nodes on [−6, 6], with standard errors.
    #[must_use]
    pub fn new(model: Model) -> Self {
        FitSettings { model, nodes: 61, reach: 6.0, errors: true }
    }
}

/// The estimates of one item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemEstimate {
    /// Item name.
    pub item: String,
    /// Slope.
    pub a: f64,
    /// Offset: P = 1/(1 + exp(−(aθ + d))).
    pub d: f64,
    /// Difficulty −d/a.
    pub difficulty: f64,
    /// Standard error of the slope.
    pub se_a: Option<f64>,
    /// Standard error of the offset.
    pub se_d: Option<f64>,
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fit {
    /// The items.
    pub items: Vec<ItemEstimate>,
    /// Marginal log-likelihood.
    pub log_likelihood: f64,
    /// Akaike's criterion.
    pub aic: f64,
    /// Schwarz's criterion.
    pub bic: f64,
    /// Passes over the data.
    pub evaluations: usize,
    /// Largest absolute gradient element at the end.
    pub gradient: f64,
    /// Settings used.
    pub settings: FitSettings,
    /// What was left out and why.
    pub notes: Vec<String>,
}

/// Why a fit failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FitError {
    /// Nothing to fit.
    #[error("fewer than three items with variance; the 1PL and 2PL models need at least three")]
    TooFewItems,
    /// A slope runs off.
    #[error(
        "no finite estimate exists: the slope of {0} grows without bound; leave it out or use the Rasch model"
    )]
    NoFiniteEstimate(String),
    /// The likelihood is flat around its top.
    #[error(
        "no unique finite estimate exists: the answers leave the slope or the difficulty of {0} open; leave it out, gather more answers or use the Rasch model"
    )]
    Undetermined(String),
    /// The likelihood did not settle.
    #[error(
        "the estimation did not converge after {0} passes over the data; gather more answers or use the Rasch model"
    )]
    NotConverged(usize),
}

struct Problem<'a> {
    patterns: &'a Patterns,
    nodes: Nodes,
    model: Model,
    /// Σ x per item.
    sums: Vec<f64>,
}

struct State {
    value: f64,
    /// Gradient in the free parameters.
    gradient: Vec<f64>,
    /// Complete-data information per item: (aa, ad, dd).
    blocks: Vec<(f64, f64, f64)>,
}

/// Fits a model to the patterns.
///
/// # Errors
/// When there are too few items, or no finite estimate.
pub fn fit(patterns: &Patterns, settings: &FitSettings) -> Result<Fit, FitError> {
    let k = patterns.items.len();
    if k < 3 {
        return Err(FitError::TooFewItems);
    }
    let problem = Problem::new(patterns, settings);
    let mut x = problem.start();
    let n = patterns.n.max(1.0);
    let mut state = problem.evaluate(&x);
    let mut evaluations = 1;
    let mut memory = Memory::new();
    let largest = |g: &[f64]| g.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let mut stalled = 0;
    while largest(&state.gradient) > 1e-7 * n && evaluations < 2000 && stalled < 3 {
        let mut direction = memory.direction(&state.gradient, |g| problem.precondition(&state.blocks, g));
        let mut slope = crate::number::matrix::dot(&direction, &state.gradient);
        if slope.is_nan() || slope <= 0.0 {
            memory.forget();
            direction = problem.precondition(&state.blocks, &state.gradient);
            slope = crate::number::matrix::dot(&direction, &state.gradient);
        }
        let longest = largest(&direction);
        let mut scale = if longest > 1.5 { 1.5 / longest } else { 1.0 };
        let (moved, next) = loop {
            let moved: Vec<f64> = x.iter().zip(&direction).map(|(v, d)| v + scale * d).collect();
            let next = problem.evaluate(&moved);
            evaluations += 1;
            // Rounding in the sum of a hundred thousand logarithms must not block the last steps.
            let slack = 1e-13 * state.value.abs();
            if next.value >= state.value + 1e-4 * scale * slope - slack || scale < 1e-8 {
                break (moved, next);
            }
            scale *= 0.4;
        };
        stalled = if next.value <= state.value { stalled + 1 } else { 0 };
        let step: Vec<f64> = moved.iter().zip(&x).map(|(a, b)| a - b).collect();
        let change: Vec<f64> = state.gradient.iter().zip(&next.gradient).map(|(a, b)| a - b).collect();
        memory.remember(step, change);
        x = moved;
        state = next;
        problem.check_slopes(&x)?;
    }
    let mut errors = None;
    if settings.errors {
        for _ in 0..20 {
            let information = problem.information(&x);
            let Some(step) = information.solve_definite(&state.gradient) else { break };
            let size = largest(&step);
            let moved: Vec<f64> = x.iter().zip(&step).map(|(v, s)| v + s).collect();
            let next = problem.evaluate(&moved);
            evaluations += 1;
            if size < 0.5 && largest(&next.gradient) <= largest(&state.gradient) {
                x = moved;
                state = next;
            }
            // The information changes by no more than the step does; after a tiny one it still holds.
            if size < 1e-6 {
                errors = information.inverse_definite_above(0.0);
                break;
            }
            if size >= 0.5 {
                break;
            }
        }
    }
    if largest(&state.gradient) > 1e-5 * n {
        return Err(FitError::NotConverged(evaluations));
    }
    if settings.errors && errors.is_none() {
        return Err(FitError::Undetermined(problem.farthest(&x)));
    }
    Ok(problem.report(&x, &state, errors, evaluations, settings))
}

impl<'a> Problem<'a> {
    fn new(patterns: &'a Patterns, settings: &FitSettings) -> Self {
        let mut sums = vec![0.0; patterns.items.len()];
        for group in &patterns.groups {
            let mut table = vec![0.0; group.width * 8 * 256];
            for (row, weight) in group.rows.chunks_exact(group.width).zip(&group.weights) {
                for byte in 0..group.width * 8 {
                    table[byte * 256 + (row[byte / 8] >> (8 * (byte % 8)) & 255) as usize] += weight;
                }
            }
            for (item, sum) in group.items.iter().zip(super::kernel::item_sums(&table, group.items.len())) {
                sums[*item] += sum;
            }
        }
        Problem { patterns, nodes: Nodes::new(settings.nodes, settings.reach), model: settings.model, sums }
    }

    fn k(&self) -> usize {
        self.patterns.items.len()
    }

    /// Slope 1, and the offset that gives the observed share right at that slope.
    fn start(&self) -> Vec<f64> {
        let k = self.k();
        let mut seen = vec![0.0; k];
        for group in &self.patterns.groups {
            let n: f64 = group.weights.iter().sum();
            group.items.iter().for_each(|i| seen[*i] += n);
        }
        let offsets = (0..k).map(|j| {
            let p = (self.sums[j] / seen[j]).clamp(0.001, 0.999);
            1.17 * (p / (1.0 - p)).ln()
        });
        let slopes = vec![1.0; if self.model == Model::OneParameter { 1 } else { k }];
        slopes.into_iter().chain(offsets).collect()
    }

    /// Slopes and offsets of all items.
    fn unpack(&self, x: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let k = self.k();
        match self.model {
            Model::OneParameter => (vec![x[0]; k], x[1..].to_vec()),
            Model::TwoParameter => (x[..k].to_vec(), x[k..].to_vec()),
        }
    }

    fn pack(&self, slopes: &[f64], offsets: &[f64]) -> Vec<f64> {
        match self.model {
            Model::OneParameter => {
                std::iter::once(slopes.iter().sum()).chain(offsets.iter().copied()).collect()
            }
            Model::TwoParameter => slopes.iter().chain(offsets).copied().collect(),
        }
    }

    fn evaluate(&self, x: &[f64]) -> State {
        let k = self.k();
        let (a, d) = self.unpack(x);
        let mut value = crate::number::sum::accurate(self.sums.iter().zip(&d).map(|(n, d)| n * d));
        let (mut ga, mut gd) = (vec![0.0; k], self.sums.clone());
        let mut blocks = vec![(0.0, 0.0, 0.0); k];
        for group in &self.patterns.groups {
            let own = |v: &[f64]| group.items.iter().map(|i| v[*i]).collect::<Vec<f64>>();
            let (slopes, offsets) = (own(&a), own(&d));
            let lens = Lens::new(&self.nodes, &slopes, &offsets, group.width);
            let fast = lens.is_safe(&slopes);
            let done = pass(group, &lens, fast);
            value += done.log_likelihood;
            for (at, item) in group.items.iter().enumerate() {
                ga[*item] += done.weighted[at];
                let (mut aa, mut ad, mut dd) = blocks[*item];
                for (q, t) in self.nodes.theta.iter().enumerate() {
                    let p = 1.0 / (1.0 + (-(slopes[at] * t + offsets[at])).exp());
                    let expected = done.at_node[q] * p;
                    gd[*item] -= expected;
                    ga[*item] -= expected * t;
                    let w = expected * (1.0 - p);
                    aa += w * t * t;
                    ad += w * t;
                    dd += w;
                }
                blocks[*item] = (aa, ad, dd);
            }
        }
        State { value, gradient: self.pack(&ga, &gd), blocks }
    }

    /// The inverse of the complete-data information times a vector.
    fn precondition(&self, blocks: &[(f64, f64, f64)], g: &[f64]) -> Vec<f64> {
        let k = self.k();
        match self.model {
            Model::TwoParameter => {
                let mut out = vec![0.0; 2 * k];
                for (j, (aa, ad, dd)) in blocks.iter().enumerate() {
                    let determinant = (aa * dd - ad * ad).max(1e-9 * aa * dd).max(1e-300);
                    out[j] = (dd * g[j] - ad * g[k + j]) / determinant;
                    out[k + j] = (aa * g[k + j] - ad * g[j]) / determinant;
                }
                out
            }
            Model::OneParameter => {
                // An arrow matrix: eliminate the offsets.
                let (mut corner, mut right) = (0.0, g[0]);
                for (j, (aa, ad, dd)) in blocks.iter().enumerate() {
                    let dd = dd.max(1e-300);
                    corner += aa - ad * ad / dd;
                    right -= ad * g[1 + j] / dd;
                }
                let slope = right / corner.max(1e-300);
                std::iter::once(slope)
                    .chain(
                        blocks
                            .iter()
                            .enumerate()
                            .map(|(j, (_, ad, dd))| (g[1 + j] - ad * slope) / dd.max(1e-300)),
                    )
                    .collect()
            }
        }
    }

    fn information(&self, x: &[f64]) -> Matrix {
        let k = self.k();
        let (a, d) = self.unpack(x);
        let mut full = Matrix::zeros(2 * k, 2 * k);
        for group in &self.patterns.groups {
            let own = |v: &[f64]| group.items.iter().map(|i| v[*i]).collect::<Vec<f64>>();
            let (slopes, offsets) = (own(&a), own(&d));
            let fast = Lens::new(&self.nodes, &slopes, &offsets, group.width).is_safe(&slopes);
            information::add(group, &self.nodes, &slopes, &offsets, fast, &mut full);
        }
        match self.model {
            Model::TwoParameter => full,
            Model::OneParameter => {
                let sum = |rows: std::ops::Range<usize>, column: usize| {
                    rows.map(|r| full.at(r, column)).sum::<f64>()
                };
                Matrix::from_fn(k + 1, k + 1, |r, c| match (r, c) {
                    (0, 0) => (0..k).map(|c| sum(0..k, c)).sum(),
                    (0, c) => sum(0..k, k + c - 1),
                    (r, 0) => sum(0..k, k + r - 1),
                    (r, c) => full.at(k + r - 1, k + c - 1),
                })
            }
        }
    }

    /// The item whose parameters lie farthest from those of the others.
    fn farthest(&self, x: &[f64]) -> String {
        let (a, d) = self.unpack(x);
        // A slope near 0 is as far off as a steep one.
        let far = |j: usize| a[j].abs().ln().abs().max(d[j].abs());
        let item = (0..self.k()).max_by(|i, j| far(*i).total_cmp(&far(*j)));
        item.map_or_else(String::new, |j| self.patterns.items[j].clone())
    }

    fn check_slopes(&self, x: &[f64]) -> Result<(), FitError> {
        let (a, _) = self.unpack(x);
        let far: Vec<&str> = a
            .iter()
            .zip(&self.patterns.items)
            .filter(|(a, _)| a.abs() > 40.0 || !a.is_finite())
            .map(|(_, id)| id.as_str())
            .collect();
        if far.is_empty() { Ok(()) } else { Err(FitError::NoFiniteEstimate(far.join(", "))) }
    }

    fn report(
        &self,
        x: &[f64],
        state: &State,
        errors: Option<Matrix>,
        evaluations: usize,
        settings: &FitSettings,
    ) -> Fit {
        let k = self.k();
        let (a, d) = self.unpack(x);
        let se = |at: usize| errors.as_ref().map(|m| m.at(at, at).max(0.0).sqrt());
        let (slope_at, offset_at) = match self.model {
            Model::OneParameter => (vec![0; k], 1),
            Model::TwoParameter => ((0..k).collect(), k),
        };
        let free = x.len() as f64;
        Fit {
            items: (0..k)
                .map(|j| ItemEstimate {
                    item: self.patterns.items[j].clone(),
                    a: a[j],
                    d: d[j],
                    difficulty: -d[j] / a[j],
                    se_a: se(slope_at[j]),
                    se_d: se(offset_at + j),
                })
                .collect(),
            log_likelihood: state.value,
            aic: 2.0 * free - 2.0 * state.value,
            bic: free * self.patterns.n.ln() - 2.0 * state.value,
            evaluations,
            gradient: state.gradient.iter().fold(0.0, |m, v| m.max(v.abs())),
            settings: *settings,
            notes: self.patterns.notes.clone(),
        }
    }
}

/// Posterior mean and standard deviation of one answer pattern over all items (true = right).
#[must_use]
pub fn posterior(fit: &Fit, answers: &[bool]) -> (f64, f64) {
    let nodes = Nodes::new(fit.settings.nodes, fit.settings.reach);
    let slopes: Vec<f64> = fit.items.iter().map(|i| i.a).collect();
    let offsets: Vec<f64> = fit.items.iter().map(|i| i.d).collect();
    let width = slopes.len().div_ceil(64).max(1);
    let lens = Lens::new(&nodes, &slopes, &offsets, width);
    let mut row = vec![0_u64; width];
    for (j, _) in answers.iter().enumerate().take(slopes.len()).filter(|(_, right)| **right) {
        row[j / 64] |= 1 << (j % 64);
    }
    let mut block = Block::new(nodes.theta.len());
    block.fill(&lens, &[lens.score(&row); LANES], lens.is_safe(&slopes));
    (block.mean[0], (block.second[0] - block.mean[0] * block.mean[0]).max(0.0).sqrt())
}
