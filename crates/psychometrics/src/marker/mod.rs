//! Agreement of markers, their severity, and how many markings a reliable score takes.

pub mod component;
pub mod consensus;
pub mod correlation;
pub mod pair;
pub mod rating;
pub mod report;
pub mod severity;

pub use component::{Components, components_of_variance};
pub use consensus::{Consensus, Level, fleiss, gwet_ac1, krippendorff};
pub use correlation::{IntraClass, intra_class};
pub use pair::{PairAgreement, Weight, pair_agreement};
pub use rating::{Rating, Ratings};
pub use severity::{MarkerEffect, Severity, severity};
