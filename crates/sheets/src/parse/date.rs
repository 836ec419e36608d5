//! Dates and times in Dutch, in ISO and as the serial numbers of spreadsheets.

use super::EPOCH_1900;
use crate::finding::{Finding, clip};
use crate::fold::fold;
use crate::sheet::Cell;
use jiff::Span;
use jiff::civil::{Date, Time, Weekday};

const MONTHS: [&[&str]; 12] = [
    &["januari", "jan", "january"],
    &["februari", "feb", "february"],
    &["maart", "mrt", "march", "mar"],
    &["april", "apr"],
    &["mei", "may"],
    &["juni", "jun", "june"],
    &["juli", "jul", "july"],
    &["augustus", "aug", "august"],
    &["september", "sep", "sept"],
    &["oktober", "okt", "october", "oct"],
    &["november", "nov"],
    &["december", "dec"],
];

const WEEKDAYS: [&[&str]; 7] = [
    &["maandag", "ma", "monday", "mon"],
    &["dinsdag", "di", "tuesday", "tue"],
    &["woensdag", "wo", "wednesday", "wed"],
    &["donderdag", "do", "thursday", "thu"],
    &["vrijdag", "vr", "friday", "fri"],
    &["zaterdag", "za", "saturday", "sat"],
    &["zondag", "zo", "sunday", "sun"],
];

pub(super) fn date(cell: &Cell, epoch: Date, first: Date, last: Date) -> Result<Date, Finding> {
    let unreadable = || Finding::new("sheet-date-unreadable").with("value", clip(&super::shown(cell)));
    let date = match cell {
        Cell::Moment(serial) => from_serial(*serial, epoch).ok_or_else(unreadable)?,
        Cell::Number(number) if *number >= 10_000_000.0 => {
            compact(&number.to_string()).ok_or_else(unreadable)?
        }
        Cell::Number(number) => from_serial(*number, epoch).ok_or_else(unreadable)?,
        Cell::Text(text) => match from_text(text) {
            Said::Date(date) => date,
            Said::ShortYear => return Err(Finding::new("sheet-date-short-year").with("value", clip(text))),
            Said::OtherWeekday => {
                return Err(Finding::new("sheet-date-other-weekday").with("value", clip(text)));
            }
            Said::Nothing => return Err(unreadable()),
        },
        _ => return Err(unreadable()),
    };
    if date < first || date > last {
        return Err(Finding::new("sheet-date-out-of-range")
            .with("value", date.to_string())
            .with("first", first.to_string())
            .with("last", last.to_string()));
    }
    Ok(date)
}

pub(super) fn time(cell: &Cell) -> Result<Time, Finding> {
    let time = match cell {
        Cell::Moment(serial) | Cell::Number(serial) => time_of_serial(*serial),
        Cell::Text(text) => time_of_text(text),
        _ => None,
    };
    time.ok_or_else(|| Finding::new("sheet-time-unreadable").with("value", clip(&super::shown(cell))))
}

/// For messages: a day, a time of day, or both.
pub(super) fn shown(serial: f64) -> String {
    let date = from_serial(serial.floor(), EPOCH_1900).filter(|_| serial >= 1.0);
    let time = time_of_serial(serial.rem_euclid(1.0)).filter(|time| *time != Time::midnight());
    match (date, time) {
        (Some(date), Some(time)) => format!("{date} {time}"),
        (Some(date), None) => date.to_string(),
        (None, Some(time)) => time.to_string(),
        (None, None) => serial.to_string(),
    }
}

/// A day is a whole serial; a fraction is a time of day, and a date with one is not only a date.
fn from_serial(serial: f64, epoch: Date) -> Option<Date> {
    if !(1.0..2_958_466.0).contains(&serial) || serial.fract() != 0.0 {
        return None;
    }
    // Until March 1900 the serials are one off, because of the leap day that never was: number 60.
    if epoch == EPOCH_1900 && serial == 60.0 {
        return None;
    }
    let days = serial as i64 + i64::from(epoch == EPOCH_1900 && serial < 60.0);
    epoch.checked_add(Span::new().try_days(days).ok()?).ok()
}

fn time_of_serial(serial: f64) -> Option<Time> {
    if !(0.0..1.0).contains(&serial) {
        return None;
    }
    // Excel keeps thirds of a day in binary; the nearest second is what it shows.
    let seconds = (serial * 86_400.0).round() as i32;
    let time = |part: i32| i8::try_from(part).ok();
    Time::new(time(seconds / 3600)?, time(seconds / 60 % 60)?, time(seconds % 60)?, 0).ok()
}

fn time_of_text(text: &str) -> Option<Time> {
    let text = text.trim().to_lowercase();
    let text = text.strip_suffix("uur").or_else(|| text.strip_suffix("u")).unwrap_or(&text).trim();
    let parts: Vec<&str> = text.split([':', '.', 'u', 'h']).collect();
    let two = |part: &str| -> Option<i8> {
        let fits = (1..=2).contains(&part.len()) && part.chars().all(|sign| sign.is_ascii_digit());
        fits.then(|| part.parse().ok()).flatten()
    };
    let full = |part: &str| two(part).filter(|_| part.len() == 2);
    match parts.as_slice() {
        [hour, minute] => Time::new(two(hour)?, full(minute)?, 0, 0).ok(),
        [hour, minute, second] => Time::new(two(hour)?, full(minute)?, full(second)?, 0).ok(),
        _ => None,
    }
}

enum Said {
    Date(Date),
    ShortYear,
    OtherWeekday,
    Nothing,
}

fn from_text(text: &str) -> Said {
    let text = text.trim();
    // A moment at midnight is how databases export a day.
    let day = text
        .strip_suffix("T00:00:00")
        .or_else(|| text.strip_suffix(" 00:00:00"))
        .or_else(|| text.strip_suffix(" 00:00"))
        .or_else(|| text.strip_suffix(" 0:00"))
        .unwrap_or(text);
    if let Some(date) = compact(day) {
        return Said::Date(date);
    }
    if let (5, Ok(serial)) = (day.len(), day.parse::<u32>()) {
        return from_serial(f64::from(serial), EPOCH_1900).map_or(Said::Nothing, Said::Date);
    }
    let mut parts: Vec<&str> =
        day.split(|sign: char| sign.is_whitespace() || matches!(sign, '-' | '/' | '.' | ',')).collect();
    parts.retain(|part| !part.is_empty());
    let weekday = parts.first().and_then(|part| weekday(part));
    if weekday.is_some() {
        parts.remove(0);
    }
    let [one, two, three] = parts.as_slice() else { return Said::Nothing };
    let digits = |part: &str| part.chars().all(|sign| sign.is_ascii_digit());
    let (year, month, day) = if one.len() == 4 { (one, two, three) } else { (three, two, one) };
    if year.len() == 2 && digits(year) && number(day).is_some() {
        return Said::ShortYear;
    }
    let month = if digits(month) { number(month) } else { named_month(month) };
    let year: Option<i16> = if year.len() == 4 && digits(year) { year.parse().ok() } else { None };
    let date = match (year, month, number(day)) {
        (Some(year), Some(month), Some(day)) => Date::new(year, month, day).ok(),
        _ => None,
    };
    match (date, weekday) {
        (None, _) => Said::Nothing,
        (Some(date), Some(weekday)) if date.weekday() != weekday => Said::OtherWeekday,
        (Some(date), _) => Said::Date(date),
    }
}

/// `20261120`, as registries export it.
fn compact(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.chars().all(|sign| sign.is_ascii_digit()) {
        return None;
    }
    let year: i16 = text.get(..4)?.parse().ok()?;
    if !(1900..2200).contains(&year) {
        return None;
    }
    Date::new(year, text.get(4..6)?.parse().ok()?, text.get(6..)?.parse().ok()?).ok()
}

fn number(part: &str) -> Option<i8> {
    let fits = (1..=2).contains(&part.len()) && part.chars().all(|sign| sign.is_ascii_digit());
    fits.then(|| part.parse().ok()).flatten()
}

fn named_month(part: &str) -> Option<i8> {
    let folded = fold(part);
    let index = MONTHS.iter().position(|names| names.contains(&folded.as_str()))?;
    i8::try_from(index + 1).ok()
}

fn weekday(part: &str) -> Option<Weekday> {
    let folded = fold(part);
    let index = WEEKDAYS.iter().position(|names| names.contains(&folded.as_str()))?;
    Weekday::from_monday_one_offset(i8::try_from(index + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil;

    const FIRST: Date = civil::date(1900, 1, 1);
    const LAST: Date = civil::date(2199, 12, 31);

    fn read(cell: Cell) -> Result<Date, &'static str> {
        date(&cell, EPOCH_1900, FIRST, LAST).map_err(|finding| finding.code)
    }

    #[test]
    fn one_day_in_many_writings() {
        let day = Ok(civil::date(2026, 11, 20));
        for text in [
            "20-11-2026",
            "20/11/2026",
            "20.11.2026",
            "20 november 2026",
            "20 nov. 2026",
            "vr 20 november 2026",
            "Vrijdag 20-11-2026",
            "2026-11-20",
            "2026/11/20",
            "20261120",
            "46346",
            "2026-11-20T00:00:00",
            "2026-11-20 00:00:00",
            "  20-11-2026 ",
        ] {
            assert_eq!(read(Cell::Text(text.into())), day, "{text}");
        }
        assert_eq!(read(Cell::Moment(46_346.0)), day);
        assert_eq!(read(Cell::Number(46_346.0)), day);
        assert_eq!(read(Cell::Number(20_261_120.0)), day);
        assert_eq!(read(Cell::Text("5-3-2026".into())), Ok(civil::date(2026, 3, 5)));
    }

    #[test]
    fn what_could_be_meant_otherwise_is_asked_back() {
        let text = |text: &str| read(Cell::Text(text.into()));
        assert_eq!(text("20-11-26"), Err("sheet-date-short-year"));
        assert_eq!(text("do 20 november 2026"), Err("sheet-date-other-weekday"));
        assert_eq!(text("11/20/2026"), Err("sheet-date-unreadable"));
        assert_eq!(text("31-02-2026"), Err("sheet-date-unreadable"));
        assert_eq!(text("morgen"), Err("sheet-date-unreadable"));
        assert_eq!(text("2026-11-20T09:30:00"), Err("sheet-date-unreadable"));
        assert_eq!(read(Cell::Moment(46_346.5)), Err("sheet-date-unreadable"));
        let birth = date(&Cell::Text("1-1-2030".into()), EPOCH_1900, FIRST, civil::date(2026, 11, 20));
        assert_eq!(birth.unwrap_err().code, "sheet-date-out-of-range");
    }

    #[test]
    fn serials_know_both_epochs_and_the_leap_day_that_never_was() {
        assert_eq!(from_serial(1.0, EPOCH_1900), Some(civil::date(1900, 1, 1)));
        assert_eq!(from_serial(59.0, EPOCH_1900), Some(civil::date(1900, 2, 28)));
        assert_eq!(from_serial(61.0, EPOCH_1900), Some(civil::date(1900, 3, 1)));
        assert_eq!(from_serial(44_884.0, super::super::EPOCH_1904), Some(civil::date(2026, 11, 20)));
        for odd in [-1.0, 0.0, 60.0, 3e6, f64::NAN, f64::INFINITY] {
            assert_eq!(from_serial(odd, EPOCH_1900), None);
        }
    }

    #[test]
    fn times_of_day() {
        let read = |text: &str| time(&Cell::Text(text.into())).map_err(|finding| finding.code);
        for text in ["9:30", "09:30", "9.30", "09:30:00", "9.30 uur", "9u30", "9:30u"] {
            assert_eq!(read(text), Ok(civil::time(9, 30, 0, 0)), "{text}");
        }
        for text in ["24:00", "9", "9:5", "half tien", "9:60", ":", "930"] {
            assert_eq!(read(text), Err("sheet-time-unreadable"), "{text}");
        }
        assert_eq!(time(&Cell::Moment(9.5 / 24.0)), Ok(civil::time(9, 30, 0, 0)));
        assert_eq!(
            time(&Cell::Number(0.999_999)).map_err(|finding| finding.code),
            Err("sheet-time-unreadable")
        );
    }
}
