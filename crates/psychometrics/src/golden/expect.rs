//! What we expect to find in the golden files, how close it must be, and what is left out and why.

use std::collections::HashMap;
use std::fmt;

/// How close is close enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tolerance {
    /// Equal to the last bit of the printed number.
    Exact,
    /// Absolute difference.
    Absolute(f64),
    /// Difference divided by the golden value.
    Relative(f64),
    /// Difference divided by the golden value, or by 1 where that is smaller.
    Scaled(f64),
    /// Ours may be higher (a better likelihood); lower by at most this.
    NotBelow(f64),
    /// Ours may be lower (a better criterion); higher by at most this.
    NotAbove(f64),
}

impl Tolerance {
    /// The size of the difference in the tolerance's own measure, and whether it is allowed.
    #[must_use]
    pub fn measure(self, ours: f64, golden: f64) -> (f64, bool) {
        let gap = (ours - golden).abs();
        match self {
            Tolerance::Exact => (gap, ours == golden),
            Tolerance::Absolute(limit) => (gap, gap <= limit),
            Tolerance::Relative(limit) => {
                let size = if gap == 0.0 { 0.0 } else { gap / golden.abs() };
                // A golden zero has no relative scale.
                (size, size <= limit || gap <= limit * 1e-6)
            }
            Tolerance::Scaled(limit) => (gap / golden.abs().max(1.0), gap <= limit * golden.abs().max(1.0)),
            Tolerance::NotBelow(limit) => ((golden - ours).max(0.0), golden - ours <= limit),
            Tolerance::NotAbove(limit) => ((ours - golden).max(0.0), ours - golden <= limit),
        }
    }
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tolerance::Exact => write!(f, "exact"),
            Tolerance::Absolute(limit) => write!(f, "{limit:.0e}"),
            Tolerance::Relative(limit) => write!(f, "{limit:.0e} relative"),
            Tolerance::Scaled(limit) => write!(f, "{limit:.0e} relative (to 1 at least)"),
            Tolerance::NotBelow(limit) => write!(f, "not below by {limit:.0e}"),
            Tolerance::NotAbove(limit) => write!(f, "not above by {limit:.0e}"),
        }
    }
}

/// One expected number.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Our value; `None` when undefined.
    pub value: Option<f64>,
    /// How close the golden number must be.
    pub tolerance: Tolerance,
    /// Name of the statistic in the summary.
    pub statistic: &'static str,
}

/// All expected numbers of one file, by path.
#[derive(Debug, Default)]
pub struct Expectations(HashMap<String, Expected>);

impl Expectations {
    /// Expects a number at a path.
    pub fn put(
        &mut self,
        path: impl Into<String>,
        statistic: &'static str,
        tolerance: Tolerance,
        value: Option<f64>,
    ) {
        self.0.insert(path.into(), Expected { value, tolerance, statistic });
    }

    /// Expects a list of numbers at `path/0`, `path/1`, …
    pub fn put_list(
        &mut self,
        path: &str,
        statistic: &'static str,
        tolerance: Tolerance,
        values: impl IntoIterator<Item = Option<f64>>,
    ) {
        for (index, value) in values.into_iter().enumerate() {
            self.put(format!("{path}/{index}"), statistic, tolerance, value);
        }
    }

    /// What is expected at a path. A list of one is written as its only element in some files.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&Expected> {
        self.0.get(path).or_else(|| self.0.get(&format!("{path}/0")))
    }
}

/// A part of the golden files that is not compared.
#[derive(Debug, Clone, Copy)]
pub struct Exclusion {
    /// Every part must occur in the path, in this order.
    pub parts: &'static [&'static str],
    /// Why.
    pub reason: &'static str,
}

/// Everything that is not compared, with the reason.
pub const EXCLUSIONS: &[Exclusion] = &[
    Exclusion {
        parts: &["eRm/"],
        reason: "eRm: for information only by the guide (its optimiser stops 1e-6 to 1e-4 early)",
    },
    Exclusion {
        parts: &["girth_"],
        reason: "girth: for information only by the guide (approximate stopping rule)",
    },
    Exclusion {
        parts: &["psychometric_item_exam/Discrimination"],
        reason: "psychometric's D cuts ties arbitrarily: the guide says to ignore it",
    },
    Exclusion {
        parts: &["CTT/items/bis"],
        reason: "CTT's biserial of an item with more than two scores is no biserial correlation",
    },
    Exclusion {
        parts: &["pairwise_psych_alpha"],
        reason: "pairwise deletion of blanks is no rule of the guide (a presented blank scores 0)",
    },
    Exclusion { parts: &["exact_cml/iterations"], reason: "number of steps of the reference program" },
    Exclusion { parts: &["exact_cml/max_last_step"], reason: "last step of the reference program" },
    Exclusion {
        parts: &["psych/var_kappa"],
        reason: "psych's sampling variance of kappa is no statistic of the guide",
    },
    Exclusion {
        parts: &["psych/var_weighted"],
        reason: "psych's sampling variance of the weighted kappa is no statistic of the guide (it is 0 or negative in some golden files)",
    },
    Exclusion { parts: &["produced_by"], reason: "version numbers" },
];

/// The reason why a path is excluded, if it is.
#[must_use]
pub fn excluded(_file: &str, path: &str) -> Option<&'static str> {
    EXCLUSIONS
        .iter()
        .find(|e| {
            let mut rest = path;
            e.parts.iter().all(|part| match rest.find(part) {
                Some(at) => {
                    rest = rest.get(at + part.len()..).unwrap_or_default();
                    true
                }
                None => false,
            })
        })
        .map(|e| e.reason)
}
