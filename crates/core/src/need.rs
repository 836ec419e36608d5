//! Extra time: how a granted need becomes minutes for one test.

use crate::day::holds;
use crate::name::folded;
use jiff::civil::Date;

/// What extra time a need gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    /// The need is of another kind.
    None,
    Minutes(u32),
    /// Of the duration of the test.
    Percent(u32),
    Unlimited,
}

impl Extra {
    /// From here on the exchange agreement reads minutes as unlimited.
    pub const UNLIMITED: u32 = 10_000;
    pub const KINDS: [&'static str; 4] = ["none", "minutes", "percent", "unlimited"];

    pub const fn kind(self) -> &'static str {
        match self {
            Extra::None => "none",
            Extra::Minutes(_) => "minutes",
            Extra::Percent(_) => "percent",
            Extra::Unlimited => "unlimited",
        }
    }

    pub const fn amount(self) -> u32 {
        match self {
            Extra::None => 0,
            Extra::Minutes(amount) | Extra::Percent(amount) => amount,
            Extra::Unlimited => Extra::UNLIMITED,
        }
    }

    /// As it stands in a row.
    pub fn from_row(kind: &str, amount: u32) -> Option<Self> {
        Some(match kind {
            "none" => Extra::None,
            "minutes" if amount >= Extra::UNLIMITED => Extra::Unlimited,
            "minutes" => Extra::Minutes(amount),
            "percent" => Extra::Percent(amount),
            "unlimited" => Extra::Unlimited,
            _ => return None,
        })
    }

    /// Minutes beside a test of this duration. Percentages round up to whole minutes.
    pub fn minutes(self, duration: u32) -> u32 {
        match self {
            Extra::None => 0,
            Extra::Minutes(minutes) => minutes,
            Extra::Percent(percent) => {
                let minutes = (u64::from(duration) * u64::from(percent)).div_ceil(100);
                u32::try_from(minutes).unwrap_or(Extra::UNLIMITED).min(Extra::UNLIMITED)
            }
            Extra::Unlimited => Extra::UNLIMITED,
        }
    }
}

/// Several grounds do not add up: the one that gives most counts.
pub fn additional_minutes(extras: impl IntoIterator<Item = Extra>, duration: u32) -> u32 {
    extras.into_iter().map(|extra| extra.minutes(duration)).max().unwrap_or(0)
}

/// A granted need as far as it gives time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    pub extra: Extra,
    /// Only for tests of this subject; for all when empty.
    pub only_for: Option<String>,
    pub begins: Date,
    /// The last day.
    pub ends: Option<Date>,
}

impl Ground {
    /// Whether it counts for a test of this subject on this day.
    pub fn counts(&self, subject: Option<&str>, day: Date) -> bool {
        let meant = match (&self.only_for, subject) {
            (None, _) => true,
            (Some(only), Some(subject)) => folded(only) == folded(subject),
            (Some(_), None) => false,
        };
        meant && holds(self.begins, self.ends, day)
    }
}

/// The minutes one person gets beside a test: what holds on the day of the sitting, and of that the most.
pub fn personal_minutes(grounds: &[Ground], duration: u32, subject: Option<&str>, day: Date) -> u32 {
    let counting = grounds.iter().filter(|ground| ground.counts(subject, day));
    additional_minutes(counting.map(|ground| ground.extra), duration)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_percentage_rounds_up_and_grounds_do_not_add_up() {
        assert_eq!(Extra::Percent(25).minutes(90), 23);
        assert_eq!(Extra::Minutes(30).minutes(90), 30);
        assert_eq!(additional_minutes([Extra::Minutes(30), Extra::Percent(50), Extra::None], 90), 45);
        assert_eq!(additional_minutes([Extra::Minutes(30), Extra::Percent(25)], 90), 30);
        assert_eq!(additional_minutes([Extra::Unlimited, Extra::Minutes(30)], 90), 10_000);
        assert_eq!(additional_minutes([], 90), 0);
    }

    /// Scenario 4 of the handbook.
    #[test]
    fn a_need_counts_for_its_subject_and_until_its_last_day() {
        let numeracy = Ground {
            extra: Extra::Percent(25),
            only_for: Some("Rekenen".into()),
            begins: date(2026, 8, 1),
            ends: Some(date(2027, 5, 1)),
        };
        let minutes =
            |subject, day| personal_minutes(std::slice::from_ref(&numeracy), 90, Some(subject), day);
        assert_eq!(minutes("rekenen", date(2027, 4, 20)), 23);
        assert_eq!(minutes("rekenen", date(2027, 5, 5)), 0);
        assert_eq!(minutes("Nederlands", date(2027, 4, 20)), 0);
        assert_eq!(personal_minutes(std::slice::from_ref(&numeracy), 90, None, date(2027, 4, 20)), 0);
        let half_hour = Ground { extra: Extra::Minutes(30), only_for: None, ..numeracy.clone() };
        assert_eq!(personal_minutes(&[numeracy, half_hour], 90, Some("rekenen"), date(2027, 4, 20)), 30);
    }

    proptest! {
        #[test]
        fn a_row_reads_back(amount in 1u32..9_999, which in 0usize..4) {
            let extra = [Extra::None, Extra::Minutes(amount), Extra::Percent(amount), Extra::Unlimited][which];
            prop_assert_eq!(Extra::from_row(extra.kind(), extra.amount()), Some(extra));
        }

        #[test]
        fn nobody_gets_less_than_the_share_promised(percent in 1u32..200, duration in 1u32..600) {
            let minutes = Extra::Percent(percent).minutes(duration);
            prop_assert!(minutes * 100 >= percent * duration);
            prop_assert!((minutes - 1) * 100 < percent * duration);
        }
    }
}
