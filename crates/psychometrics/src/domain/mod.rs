//! Domains of a test: what a part says on its own, and whether it says more than the whole.

pub mod profile;

pub use profile::{DomainProfile, DomainScore, GroupProfile, expected_scores, group_profiles, profiles};
