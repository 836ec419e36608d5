//! Standard setting: where to put the cut, and what each cut would do.

pub mod aid;
pub mod classify;
pub mod equipercentile;
pub mod judge;
pub mod what_if;

pub use aid::{CutAid, borderline, cohen_schotanus, contrasting_groups, hofstee};
pub use classify::{Classification, livingston_lewis};
pub use equipercentile::{ScoreCounts, equipercentile};
pub use judge::{JudgePanel, angoff, direct_consensus, ebel};
pub use what_if::{WhatIf, what_if};
