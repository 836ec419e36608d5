//! Days and clocks of the school: people live in Europe/Amsterdam, instants are stored in UTC.

use jiff::civil::{Date, DateTime};
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

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
    fn the_last_day_counts() {
        let (first, last) = (date(2026, 1, 1), Some(date(2026, 5, 1)));
        assert!(holds(first, last, date(2026, 5, 1)));
        assert!(!holds(first, last, date(2026, 5, 2)));
        assert!(holds(first, None, date(2036, 5, 2)));
    }
}
