//! Ability per total score: maximum likelihood, Warm's weighted likelihood, and posterior mean.
// Loops run over the categories of one booklet's items.
#![allow(clippy::indexing_slicing)]

use super::calibrate::Calibration;
use super::gamma::{Factor, gamma};
use super::scalar::{Scalar, Wide};
use serde::Serialize;

/// How to estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Maximum likelihood; infinite at the ends.
    Mle,
    /// Warm's weighted likelihood: finite everywhere, least bias.
    Wle,
    /// Posterior mean under a normal prior.
    Eap,
}

/// The ability that belongs to a total score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ability {
    /// Total score (weights included).
    pub score: u64,
    /// Estimate; `None` where it is infinite.
    pub theta: Option<f64>,
    /// −∞ or +∞ instead of an estimate: the sign.
    pub infinite: i8,
    /// Standard error.
    pub se: Option<f64>,
}

/// Items as a model: category scores with parameters η.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Per item the (score above reference, η) of the categories above the reference.
    pub items: Vec<Vec<(f64, f64)>>,
    /// Sum of the reference scores.
    pub base: u64,
}

/// Expectation, variance and third central moment of the total at an ability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// E(T | θ).
    pub mean: f64,
    /// Var(T | θ): the test information.
    pub variance: f64,
    /// Third central moment.
    pub third: f64,
}

impl Model {
    /// The model of some of the calibrated items, by name. Unknown names are left out.
    #[must_use]
    pub fn of(calibration: &Calibration, items: &[String]) -> Self {
        let mut model = Model { items: Vec::new(), base: 0 };
        for id in items {
            let base = calibration.bases.iter().find(|(i, _)| i == id).map_or(0, |(_, b)| *b);
            let own = calibration.parameters.iter().filter(|p| &p.item == id);
            let categories = Model::categories(base, own.map(|p| (p.score, p.beta)));
            if !categories.is_empty() {
                model.base += u64::from(base);
                model.items.push(categories);
            }
        }
        model
    }

    /// The categories of one item above its lowest score `base`, from their scores (ascending) and locations.
    #[must_use]
    pub fn categories(base: u16, locations: impl Iterator<Item = (u16, f64)>) -> Vec<(f64, f64)> {
        let (mut below, mut eta) = (base, 0.0);
        locations
            .map(|(score, beta)| {
                eta -= beta * (f64::from(score) - f64::from(below));
                below = score;
                (f64::from(score) - f64::from(base), eta)
            })
            .collect()
    }

    /// The probabilities of an item's categories, reference first.
    #[must_use]
    pub fn probabilities(categories: &[(f64, f64)], theta: f64) -> Vec<f64> {
        let logs: Vec<f64> =
            std::iter::once(0.0).chain(categories.iter().map(|(a, e)| a * theta + e)).collect();
        let top = logs.iter().fold(f64::NEG_INFINITY, |m, v| m.max(*v));
        let weights: Vec<f64> = logs.iter().map(|l| (l - top).exp()).collect();
        let sum: f64 = weights.iter().sum();
        weights.into_iter().map(|w| w / sum).collect()
    }

    /// Moments of the total at `theta`, counted from the reference scores.
    #[must_use]
    pub fn moments(&self, theta: f64) -> Moments {
        let mut total = Moments { mean: 0.0, variance: 0.0, third: 0.0 };
        for categories in &self.items {
            let p = Model::probabilities(categories, theta);
            let mean: f64 = categories.iter().zip(&p[1..]).map(|((a, _), p)| a * p).sum();
            let (mut variance, mut third) = (p[0] * mean * mean, -p[0] * mean * mean * mean);
            for ((a, _), p) in categories.iter().zip(&p[1..]) {
                let d = a - mean;
                variance += p * d * d;
                third += p * d * d * d;
            }
            total.mean += mean;
            total.variance += variance;
            total.third += third;
        }
        total
    }

    /// The largest total, counted from the reference scores.
    #[must_use]
    pub fn perfect(&self) -> usize {
        self.items.iter().map(|c| c.last().map_or(0, |(a, _)| *a as usize)).sum()
    }

    /// ln γ_s for every total; `None` for totals that cannot occur.
    #[must_use]
    pub fn log_gamma(&self) -> Vec<Option<f64>> {
        let factors: Vec<Factor<Wide>> = self
            .items
            .iter()
            .map(|c| Factor { categories: c.iter().map(|(a, e)| (*a as usize, Wide::exp(*e))).collect() })
            .collect();
        gamma(&factors).into_iter().map(|g| if g.is_zero() { None } else { Some(g.ln()) }).collect()
    }

    /// ln Π_j Σ_h exp(a θ + η): the normaliser of the total's distribution.
    #[must_use]
    pub fn log_normaliser(&self, theta: f64) -> f64 {
        self.items
            .iter()
            .map(|c| {
                let top = c.iter().fold(0.0_f64, |m, (a, e)| m.max(a * theta + e));
                top + ((-top).exp() + c.iter().map(|(a, e)| (a * theta + e - top).exp()).sum::<f64>()).ln()
            })
            .sum()
    }

    /// The distribution of the total at `theta`, from the reference total upward.
    #[must_use]
    pub fn distribution(&self, theta: f64) -> Vec<f64> {
        let normal = self.log_normaliser(theta);
        self.log_gamma()
            .iter()
            .enumerate()
            .map(|(s, g)| g.map_or(0.0, |g| (g + theta * s as f64 - normal).exp()))
            .collect()
    }

    /// The root of a decreasing function by bisection and secant steps, to the last digits.
    fn root(f: impl Fn(f64) -> f64) -> Option<f64> {
        let (mut low, mut high) = (-1.0_f64, 1.0_f64);
        while f(low) <= 0.0 {
            low *= 2.0;
            if low < -1e6 {
                return None;
            }
        }
        while f(high) >= 0.0 {
            high *= 2.0;
            if high > 1e6 {
                return None;
            }
        }
        let (mut at_low, mut at_high) = (f(low), f(high));
        for step in 0..300 {
            let mut next = if step % 3 == 2 {
                0.5 * (low + high)
            } else {
                low + (high - low) * at_low / (at_low - at_high)
            };
            if !(next > low && next < high) {
                next = 0.5 * (low + high);
            }
            if next <= low || next >= high {
                break;
            }
            let value = f(next);
            if value == 0.0 {
                return Some(next);
            }
            if value > 0.0 {
                low = next;
                at_low = value;
            } else {
                high = next;
                at_high = value;
            }
        }
        Some(0.5 * (low + high))
    }

    /// θ with E(T|θ) = score; `None` at and beyond the ends.
    #[must_use]
    pub fn maximum_likelihood(&self, score: f64) -> Option<f64> {
        if score <= 0.0 || score >= self.perfect() as f64 {
            return None;
        }
        Model::root(|theta| score - self.moments(theta).mean)
    }

    /// Warm: θ with s − E(θ) + J/(2I) = 0.
    #[must_use]
    pub fn weighted_likelihood(&self, score: f64) -> Option<f64> {
        Model::root(|theta| {
            let m = self.moments(theta);
            score - m.mean + m.third / (2.0 * m.variance)
        })
    }

    /// Posterior mean and standard deviation on given nodes with prior weights. With few nodes far apart
    /// this is a coarse number: dexter takes 160 Gauss–Hermite nodes for a prior with standard deviation 4,
    /// a unit apart, and errs up to 0.2.
    #[must_use]
    pub fn posterior_on(&self, score: f64, nodes: &[(f64, f64)]) -> (f64, f64) {
        let points: Vec<(f64, f64)> =
            nodes.iter().map(|(t, w)| (*t, w.ln() + score * t - self.log_normaliser(*t))).collect();
        mean_and_spread(&points)
    }

    /// Posterior mean and standard deviation under a normal prior. The integrand is smooth and vanishes at
    /// both ends, so the trapezoidal rule is exact to machine precision.
    #[must_use]
    pub fn posterior(&self, score: f64, prior_mean: f64, prior_sd: f64) -> (f64, f64) {
        const NODES: i32 = 2000;
        let log_weight = |theta: f64| {
            let z = (theta - prior_mean) / prior_sd;
            score * theta - self.log_normaliser(theta) - 0.5 * z * z
        };
        let node = |i: i32| prior_mean + prior_sd * 10.0 * f64::from(i - NODES / 2) / f64::from(NODES / 2);
        let points: Vec<(f64, f64)> = (0..=NODES).map(|i| (node(i), log_weight(node(i)))).collect();
        mean_and_spread(&points)
    }
}

/// Mean and standard deviation of points with the logarithms of their weights.
fn mean_and_spread(points: &[(f64, f64)]) -> (f64, f64) {
    let top = points.iter().fold(f64::NEG_INFINITY, |m, (_, log)| m.max(*log));
    let (mut w0, mut w1, mut w2) = (0.0, 0.0, 0.0);
    for (t, log) in points {
        let w = (log - top).exp();
        w0 += w;
        w1 += w * t;
        w2 += w * t * t;
    }
    let mean = w1 / w0;
    (mean, (w2 / w0 - mean * mean).max(0.0).sqrt())
}

/// Abilities for every total that can occur on these items.
#[must_use]
pub fn ability_table(model: &Model, method: Method) -> Vec<Ability> {
    let perfect = model.perfect();
    model
        .log_gamma()
        .iter()
        .enumerate()
        .filter(|(_, g)| g.is_some())
        .map(|(s, _)| {
            let score = s as f64;
            let (theta, se) = match method {
                Method::Mle => {
                    let theta = model.maximum_likelihood(score);
                    (theta, theta.map(|t| 1.0 / model.moments(t).variance.sqrt()))
                }
                Method::Wle => {
                    let theta = model.weighted_likelihood(score);
                    let se = theta.map(|t| {
                        let m = model.moments(t);
                        (m.variance + (m.third / (2.0 * m.variance)).powi(2)).sqrt() / m.variance
                    });
                    (theta, se)
                }
                Method::Eap => {
                    let (mean, sd) = model.posterior(score, 0.0, 4.0);
                    (Some(mean), Some(sd))
                }
            };
            let infinite = match theta {
                Some(_) => 0,
                None if s == 0 => -1,
                None if s == perfect => 1,
                None => 0,
            };
            Ability { score: model.base + s as u64, theta, infinite, se }
        })
        .collect()
}
