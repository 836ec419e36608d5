//! The Rasch family with integer category scores (Rasch, partial credit, OPLM): conditional maximum
//! likelihood, abilities, anchoring and equating.

pub mod ability;
pub mod calibrate;
pub mod design;
pub mod equate;
pub mod existence;
pub mod facets;
pub mod gamma;
pub mod likelihood;
pub mod scalar;

pub use ability::{Ability, Method, ability_table};
pub use calibrate::{Calibration, CalibrationError, Parameter, calibrate};
pub use design::{Design, Missing};
