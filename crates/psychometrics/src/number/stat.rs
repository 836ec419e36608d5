//! A statistic is a number, or undefined for a reason that can be said. It is never NaN and never a
//! silent zero.

use serde::{Serialize, Serializer};

/// Why a statistic does not exist for these data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Fewer persons than the formula needs.
    TooFewPersons,
    /// Fewer items with variance than the formula needs.
    TooFewItems,
    /// Everybody has the same score.
    NoVariance,
    /// The rest score (total without the item) has no variance.
    NoRestVariance,
    /// The covariance matrix is singular.
    Singular,
    /// The low and high groups share a score.
    GroupsOverlap,
    /// The denominator of the ratio is zero.
    ZeroDenominator,
    /// Two markers used only one and the same category.
    ConstantRatings,
    /// No observation at all.
    NoData,
    /// The statistic exists only for items scored 0 and 1.
    NotDichotomous,
    /// The estimate runs off to infinity.
    NoFiniteEstimate,
    /// The reliability claim needs at least five items.
    TooShort,
    /// The calculation left the range of numbers.
    OutOfRange,
}

impl Reason {
    /// The reason as a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Reason::TooFewPersons => "there are too few persons",
            Reason::TooFewItems => "fewer than two items have variance",
            Reason::NoVariance => "everybody has the same score",
            Reason::NoRestVariance => "the total score without this item has no variance",
            Reason::Singular => "the covariance matrix is singular",
            Reason::GroupsOverlap => "the low and the high group share a score",
            Reason::ZeroDenominator => "the denominator is zero",
            Reason::ConstantRatings => "both markers used one and the same category",
            Reason::NoData => "there are no observations",
            Reason::NotDichotomous => "it exists only for items scored 0 and 1",
            Reason::NoFiniteEstimate => "no finite estimate exists",
            Reason::TooShort => "fewer than five items carry no reliability claim",
            Reason::OutOfRange => "the calculation left the range of numbers",
        }
    }
}

/// A value, or the reason why there is none. Serialises as a number or `null`; the lists called
/// `undefined` beside results carry the reasons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stat {
    /// A finite number.
    Known(f64),
    /// No number, and why.
    Undefined(Reason),
}

impl Stat {
    /// A finite number becomes known; anything else is undefined for `reason`.
    #[must_use]
    pub fn finite(value: f64, reason: Reason) -> Self {
        if value.is_finite() { Stat::Known(value) } else { Stat::Undefined(reason) }
    }

    /// `numerator / denominator`, undefined for `reason` when the denominator is zero.
    #[must_use]
    pub fn ratio(numerator: f64, denominator: f64, reason: Reason) -> Self {
        if denominator == 0.0 {
            Stat::Undefined(reason)
        } else {
            Stat::finite(numerator / denominator, Reason::OutOfRange)
        }
    }

    /// The number, if there is one.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        match self {
            Stat::Known(value) => Some(value),
            Stat::Undefined(_) => None,
        }
    }

    /// The reason, if there is no number.
    #[must_use]
    pub fn reason(self) -> Option<Reason> {
        match self {
            Stat::Known(_) => None,
            Stat::Undefined(reason) => Some(reason),
        }
    }

    /// Applies `f` to a known value; an infinite or undefined outcome becomes out of range.
    #[must_use]
    pub fn map(self, f: impl FnOnce(f64) -> f64) -> Self {
        match self {
            Stat::Known(value) => Stat::finite(f(value), Reason::OutOfRange),
            undefined @ Stat::Undefined(_) => undefined,
        }
    }
}

impl Serialize for Stat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

/// One undefined statistic: where, which and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Undefined {
    /// Item, option, marker or `test`.
    pub place: String,
    /// Name of the statistic.
    pub statistic: &'static str,
    /// Machine readable reason.
    pub reason: Reason,
    /// The reason as a sentence.
    pub sentence: &'static str,
}

/// Adds a line to `list` for each undefined statistic among `named`.
pub fn collect_undefined(list: &mut Vec<Undefined>, place: &str, named: &[(&'static str, Stat)]) {
    for (statistic, stat) in named {
        if let Some(reason) = stat.reason() {
            list.push(Undefined { place: place.to_owned(), statistic, reason, sentence: reason.sentence() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undefined_statistic_is_null_and_never_nan() {
        assert_eq!(serde_json::to_string(&Stat::ratio(1.0, 0.0, Reason::NoVariance)).unwrap(), "null");
        assert_eq!(Stat::finite(f64::NAN, Reason::Singular), Stat::Undefined(Reason::Singular));
        assert_eq!(Stat::Known(1e308).map(|v| v * 10.0).reason(), Some(Reason::OutOfRange));
    }
}
