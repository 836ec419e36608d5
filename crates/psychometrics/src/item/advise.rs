//! Which items deserve a look, by rules with adjustable limits. The words come later (see
//! [`crate::report::advice`]); here stands only what was found.

use super::analyse::{ItemStatistics, TestStatistics};
use serde::{Deserialize, Serialize};

/// Limits of the rules; those not named in a file keep their default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Fewer persons: results may not be shown (privacy).
    pub hide_below: i64,
    /// Fewer persons: correlations are shown without advice.
    pub show_only_below: i64,
    /// Fewer persons: correlations come with a warning.
    pub warn_below: i64,
    /// Fewer persons: no DIF.
    pub dif_from: i64,
    /// Fewer persons: no 2PL.
    pub two_parameter_from: i64,
    /// Rir below this is low.
    pub low_rir: f64,
    /// p above this is very easy.
    pub easy: f64,
    /// p below this (above chance for multiple choice) is very hard.
    pub hard: f64,
    /// Share of blanks or not reached above this is many.
    pub many_blank: f64,
    /// An option chosen by less than this share does not work.
    pub idle_option: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            hide_below: 5,
            show_only_below: 50,
            warn_below: 100,
            dif_from: 200,
            two_parameter_from: 400,
            low_rir: 0.10,
            easy: 0.95,
            hard: 0.20,
            many_blank: 0.10,
            idle_option: 0.02,
        }
    }
}

/// What was found about an item.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "flag", rename_all = "snake_case")]
pub enum Flag {
    /// A distractor behaves like the key.
    Miskey {
        /// The distractor.
        option: String,
        /// Its Rar.
        rar: f64,
        /// The Rar of the key.
        key_rar: f64,
    },
    /// Good candidates do worse on it than weak ones.
    NegativeRir {
        /// Rir.
        rir: f64,
    },
    /// It hardly tells good from weak candidates.
    LowRir {
        /// Rir.
        rir: f64,
    },
    /// Nearly everybody has it right.
    Easy {
        /// p.
        p: f64,
    },
    /// Hardly anybody has it right, or no more than by guessing.
    Hard {
        /// p.
        p: f64,
    },
    /// Everybody has the same score.
    NoVariance,
    /// A distractor is chosen more often than the key.
    PopularDistractor {
        /// The distractor.
        option: String,
        /// Its share.
        share: f64,
    },
    /// Options hardly anybody chose.
    IdleOptions {
        /// The options.
        options: Vec<String>,
    },
    /// Many left it blank.
    ManyBlank {
        /// Share of the persons.
        share: f64,
    },
    /// Many did not get to it.
    NotReached {
        /// Share of the persons.
        share: f64,
    },
}

impl Flag {
    /// Should somebody look before grades go out?
    #[must_use]
    pub fn is_serious(&self) -> bool {
        matches!(self, Flag::Miskey { .. } | Flag::NegativeRir { .. })
    }
}

/// The flags of an item. Correlations are judged only when enough persons took the test.
#[must_use]
pub fn flags(item: &ItemStatistics, test: &TestStatistics, limits: &Thresholds) -> Vec<Flag> {
    let mut list = Vec::new();
    let n = test.n as f64;
    let judged = test.n >= limits.show_only_below;
    let key_rar =
        item.options.iter().filter(|o| o.key).filter_map(|o| o.rar.value()).fold(f64::NAN, f64::max);
    if let (true, Some(suspect)) = (judged, &item.miskey_suspect) {
        let rar =
            item.options.iter().find(|o| o.option.as_ref() == Some(suspect)).and_then(|o| o.rar.value());
        if let Some(rar) = rar {
            list.push(Flag::Miskey { option: suspect.clone(), rar, key_rar });
        }
    }
    if let (true, Some(rir)) = (judged, item.rir.value()) {
        if rir < 0.0 {
            list.push(Flag::NegativeRir { rir });
        } else if rir < limits.low_rir {
            list.push(Flag::LowRir { rir });
        }
    }
    if item.sd.value() == Some(0.0) && test.n > 1 {
        list.push(Flag::NoVariance);
    } else if let Some(p) = item.p.value() {
        let options = item.options.iter().filter(|o| o.key || o.distractor().is_some()).count();
        let chance = if options >= 2 { 1.0 / options as f64 } else { 0.0 };
        if p > limits.easy {
            list.push(Flag::Easy { p });
        } else if p < limits.hard.max(chance) {
            list.push(Flag::Hard { p });
        }
    }
    let key_share =
        item.options.iter().filter(|o| o.key).filter_map(|o| o.proportion.value()).fold(0.0, f64::max);
    let popular = item
        .options
        .iter()
        .filter_map(|o| Some((o.distractor()?.to_owned(), o.proportion.value()?)))
        .filter(|(_, share)| *share > key_share)
        .max_by(|a, b| a.1.total_cmp(&b.1));
    if let (true, Some((option, share))) = (judged, popular) {
        list.push(Flag::PopularDistractor { option, share });
    }
    if judged {
        let idle: Vec<String> = item
            .options
            .iter()
            .filter(|o| o.proportion.value().is_some_and(|p| p < limits.idle_option))
            .filter_map(|o| o.distractor().map(str::to_owned))
            .collect();
        if !idle.is_empty() {
            list.push(Flag::IdleOptions { options: idle });
        }
    }
    if n > 0.0 {
        let (blank, unreached) = (item.omitted as f64 / n, item.not_reached as f64 / n);
        if blank > limits.many_blank {
            list.push(Flag::ManyBlank { share: blank });
        }
        if unreached > limits.many_blank {
            list.push(Flag::NotReached { share: unreached });
        }
    }
    list
}
