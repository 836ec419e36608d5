//! Days, times and durations as people write them.

use crate::Language;
use jiff::SignedDuration;
use jiff::civil::{Date, Time, Weekday};

const MONTHS_NL: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub fn date(language: Language, date: Date) -> String {
    format!("{} {}", day(language, date), date.year())
}

pub fn day(language: Language, date: Date) -> String {
    format!("{} {} {}", weekday(language, date.weekday()), date.day(), month(language, date.month()))
}

pub fn short_day(language: Language, date: Date) -> String {
    // March is the one Dutch month that is not cut after three letters.
    let month = match (language, date.month()) {
        (Language::Nl, 3) => "mrt",
        (_, number) => month(language, number).get(..3).unwrap_or_default(),
    };
    format!("{} {} {month}", weekday(language, date.weekday()), date.day())
}

pub fn time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

pub fn duration(language: Language, duration: SignedDuration) -> String {
    let hour = match language {
        Language::Nl => "u",
        Language::En => "h",
    };
    let seconds = duration.as_secs().unsigned_abs();
    let sign = if duration.is_negative() { "-" } else { "" };
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{seconds} sec"),
        (0, _) => format!("{sign}{minutes} min"),
        (_, 0) => format!("{sign}{hours} {hour}"),
        _ => format!("{sign}{hours} {hour} {minutes} min"),
    }
}

/// How many days `to` lies after `from`.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

fn month(language: Language, number: i8) -> &'static str {
    let names = match language {
        Language::Nl => &MONTHS_NL,
        Language::En => &MONTHS_EN,
    };
    usize::try_from(number - 1).ok().and_then(|index| names.get(index)).copied().unwrap_or_default()
}

fn weekday(language: Language, weekday: Weekday) -> &'static str {
    match (language, weekday) {
        (Language::Nl, Weekday::Monday) => "ma",
        (Language::Nl, Weekday::Tuesday) => "di",
        (Language::Nl, Weekday::Wednesday) => "wo",
        (Language::Nl, Weekday::Thursday) => "do",
        (Language::Nl, Weekday::Friday) => "vr",
        (Language::Nl, Weekday::Saturday) => "za",
        (Language::Nl, Weekday::Sunday) => "zo",
        (Language::En, Weekday::Monday) => "Mon",
        (Language::En, Weekday::Tuesday) => "Tue",
        (Language::En, Weekday::Wednesday) => "Wed",
        (Language::En, Weekday::Thursday) => "Thu",
        (Language::En, Weekday::Friday) => "Fri",
        (Language::En, Weekday::Saturday) => "Sat",
        (Language::En, Weekday::Sunday) => "Sun",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_names_only_what_it_has() {
        let of = |seconds| duration(Language::Nl, SignedDuration::from_secs(seconds));
        assert_eq!(of(5640), "1 u 34 min");
        assert_eq!(of(7200), "2 u");
        assert_eq!(of(1800), "30 min");
        assert_eq!(of(12), "12 sec");
        assert_eq!(of(-90), "-1 min");
    }
}
