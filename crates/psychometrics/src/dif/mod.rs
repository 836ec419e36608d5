//! Differential item functioning: do persons of two groups with the same total do equally well on an item?

pub mod mantel;
pub mod polytomous;
pub mod stratum;

pub use mantel::{DifClass, ItemDif, MantelHaenszel, mantel_haenszel};
pub use polytomous::{PolytomousDif, polytomous};
pub use stratum::{DifError, Members};
