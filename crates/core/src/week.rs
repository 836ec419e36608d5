//! Days of the week, as a set: on which days a student is at school.

use jiff::civil::Weekday;

/// Written as the numbers of the days, Monday first: `15` is Monday and Friday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weekdays(u8);

impl Weekdays {
    pub const NONE: Self = Self(0);
    /// Monday to Friday: when schools are open.
    pub const WORKING: [Weekday; 5] =
        [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

    #[must_use]
    pub fn with(self, day: Weekday) -> Self {
        Self(self.0 | bit(day))
    }

    pub fn has(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn days(self) -> impl Iterator<Item = Weekday> {
        (1..=7)
            .filter_map(|number| Weekday::from_monday_one_offset(number).ok())
            .filter(move |day| self.has(*day))
    }

    pub fn code(self) -> String {
        self.days().map(|day| day.to_monday_one_offset().to_string()).collect()
    }

    /// `None` for anything but digits of days.
    pub fn from_code(code: &str) -> Option<Self> {
        code.chars().try_fold(Self::NONE, |days, digit| {
            let number = i8::try_from(digit.to_digit(10)?).ok()?;
            Some(days.with(Weekday::from_monday_one_offset(number).ok()?))
        })
    }
}

fn bit(day: Weekday) -> u8 {
    1 << day.to_monday_zero_offset()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_set_of_days_reads_back() {
        let days = Weekdays::NONE.with(Weekday::Friday).with(Weekday::Monday);
        assert_eq!(days.code(), "15");
        assert_eq!(Weekdays::from_code("51"), Some(days));
        assert!(days.has(Weekday::Monday) && !days.has(Weekday::Tuesday));
        assert_eq!(Weekdays::from_code(""), Some(Weekdays::NONE));
        assert_eq!(Weekdays::from_code("8"), None);
        assert_eq!(Weekdays::from_code("1,5"), None);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(code in "\\PC*") {
            if let Some(days) = Weekdays::from_code(&code) {
                prop_assert_eq!(Weekdays::from_code(&days.code()), Some(days));
            }
        }
    }
}
