//! Days and clocks of the school: people live in Europe/Amsterdam, instants are stored in UTC.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{Disambiguation, TimeZone};
use jiff::{Timestamp, Zoned};

static AMSTERDAM: TimeZone = jiff::tz::get!("Europe/Amsterdam");

pub fn in_school_time(moment: Timestamp) -> Zoned {
    moment.to_zoned(AMSTERDAM.clone())
}

pub fn school_day(moment: Timestamp) -> Date {
    in_school_time(moment).date()
}

/// The instant of a wall clock. In the hour that occurs twice the first is meant, in the one that is skipped the
/// moment after the jump.
pub fn instant(wall: DateTime) -> Option<Timestamp> {
    AMSTERDAM
        .to_ambiguous_zoned(wall)
        .disambiguate(Disambiguation::Compatible)
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// Whether something dated holds on a day; the last day counts.
pub fn holds(begins: Date, ends: Option<Date>, day: Date) -> bool {
    begins <= day && ends.is_none_or(|ends| day <= ends)
}

/// The last moment before a deadline of so many working days: the same time of the day, so many days earlier, on which
/// `closed` days and weekends do not count. The moment itself is late.
pub fn working_days_before(moment: Timestamp, days: u32, closed: &[Date]) -> Timestamp {
    let wall = in_school_time(moment).datetime();
    let mut day = wall.date();
    let mut left = days;
    while left > 0 {
        let Ok(before) = day.yesterday() else { return Timestamp::MIN };
        day = before;
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        if !weekend && !closed.contains(&day) {
            left -= 1;
        }
    }
    instant(day.to_datetime(wall.time())).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn late_evening_in_utc_is_tomorrow_at_school() {
        assert_eq!(school_day("2026-06-30T22:30:00Z".parse().unwrap()), date(2026, 7, 1));
    }

    #[test]
    fn clock_change_nights_have_an_answer() {
        let twice = instant(date(2026, 10, 25).at(2, 30, 0, 0)).unwrap();
        assert_eq!(twice, "2026-10-25T00:30:00Z".parse().unwrap());
        let skipped = instant(date(2026, 3, 29).at(2, 30, 0, 0)).unwrap();
        assert_eq!(skipped, "2026-03-29T01:30:00Z".parse().unwrap());
    }

    #[test]
    fn a_deadline_skips_weekends_and_closed_days_and_keeps_the_clock() {
        let of = |text: &str, days, closed: &[Date]| {
            working_days_before(text.parse().unwrap(), days, closed).to_string()
        };
        // Friday 09:00 in winter: five working days before is the Friday before.
        assert_eq!(of("2026-11-27T08:00:00Z", 5, &[]), "2026-11-20T08:00:00Z");
        assert_eq!(of("2026-11-23T08:00:00Z", 1, &[]), "2026-11-20T08:00:00Z");
        assert_eq!(of("2026-11-23T08:00:00Z", 1, &[date(2026, 11, 20)]), "2026-11-19T08:00:00Z");
        // Monday after the clocks went back: nine o'clock then was seven in UTC.
        assert_eq!(of("2026-10-26T08:00:00Z", 1, &[]), "2026-10-23T07:00:00Z");
        assert_eq!(of("2026-03-30T07:00:00Z", 1, &[]), "2026-03-27T08:00:00Z");
        assert_eq!(of("2026-11-27T08:00:00Z", 0, &[]), "2026-11-27T08:00:00Z");
    }

    proptest! {
        #[test]
        fn a_deadline_is_a_working_day_at_the_same_time(second in 1_700_000_000i64..1_900_000_000, days in 1u32..15) {
            let moment = Timestamp::from_second(second).unwrap();
            let before = working_days_before(moment, days, &[]);
            prop_assert!(before < moment);
            let (now, then) = (in_school_time(moment), in_school_time(before));
            prop_assert!(!matches!(then.date().weekday(), Weekday::Saturday | Weekday::Sunday));
            // Only an hour that a clock change skips can move it.
            prop_assert!(now.time() == then.time() || then.hour() == 3);
            prop_assert!(working_days_before(moment, days + 1, &[]) < before);
        }
    }

    #[test]
    fn the_last_day_counts() {
        let (first, last) = (date(2026, 1, 1), Some(date(2026, 5, 1)));
        assert!(holds(first, last, date(2026, 5, 1)));
        assert!(!holds(first, last, date(2026, 5, 2)));
        assert!(holds(first, None, date(2036, 5, 2)));
    }
}
