//! Marginal maximum likelihood for the one and two parameter logistic models.
//!
//! P(x = 1) = 1 / (1 + exp(−(aθ + d))), θ standard normal. The likelihood of an answer pattern depends on
//! the data only through the weighted score s = Σ x_j a_j:
//! L = Σ_j n_j d_j + Σ_i ln Σ_q exp(θ_q s_i − A(θ_q)) φ_q, A(θ) = Σ_j ln(1 + exp(a_j θ + d_j)),
//! so a pass over the persons costs one look-up per eight items and one pass over the nodes.

pub mod fit;
mod information;
mod kernel;
pub mod pattern;
mod step;

pub use fit::{Fit, FitError, FitSettings, ItemEstimate, Model, fit};
pub use pattern::Patterns;
