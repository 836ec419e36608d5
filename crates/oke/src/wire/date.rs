//! Days, moments and durations: kept as they were written, understood on request.

use serde_json::{Value, json};
use std::fmt;

use super::{Attributes, Reader, Wire};
use crate::finding::{Place, Severity};
use crate::rule::Rule;

/// A calendar day, `2026-06-21`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Date(pub String);

impl Date {
    /// The day, if the text is one. A moment counts as its day.
    #[must_use]
    pub fn day(&self) -> Option<jiff::civil::Date> {
        if self.0.len() == 10 {
            self.0.parse().ok()
        } else {
            self.0.parse::<jiff::civil::DateTime>().ok().map(jiff::civil::DateTime::date)
        }
    }
}

impl From<&str> for Date {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<jiff::civil::Date> for Date {
    fn from(day: jiff::civil::Date) -> Self {
        Self(day.to_string())
    }
}

impl Wire for Date {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        match value {
            Value::String(text) => {
                if !is_day(&text) {
                    reader.deviation(at, Rule::Format, Severity::Warning, "date");
                }
                Ok(Self(text))
            }
            other => reader.refuse(other, at, "string"),
        }
    }

    fn write(&self) -> Value {
        Value::String(self.0.clone())
    }

    fn schema(_: &mut Attributes) -> Value {
        json!({ "type": "string", "format": "date" })
    }
}

/// A moment with an offset, `2026-06-21T12:45:00+02:00`. A plain day is accepted where a partner sends one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Moment(pub String);

impl Moment {
    /// The moment, if the text is one with an offset.
    #[must_use]
    pub fn instant(&self) -> Option<jiff::Timestamp> {
        self.0.parse().ok()
    }

    /// The day in the writer's own clock, also when only a day was written.
    #[must_use]
    pub fn day(&self) -> Option<jiff::civil::Date> {
        self.0.get(..10).and_then(|day| day.parse().ok())
    }
}

impl From<&str> for Moment {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<jiff::Timestamp> for Moment {
    fn from(moment: jiff::Timestamp) -> Self {
        Self(moment.to_string())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Wire for Moment {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        match value {
            Value::String(text) => {
                if !is_moment(&text) {
                    reader.deviation(at, Rule::Format, Severity::Warning, "date-time with offset");
                }
                Ok(Self(text))
            }
            other => reader.refuse(other, at, "string"),
        }
    }

    fn write(&self) -> Value {
        Value::String(self.0.clone())
    }

    fn schema(_: &mut Attributes) -> Value {
        json!({ "type": "string", "format": "date-time" })
    }
}

/// A duration, `PT60M`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Span(pub String);

impl Span {
    /// A duration of whole minutes.
    #[must_use]
    pub fn minutes(minutes: u32) -> Self {
        Self(format!("PT{minutes}M"))
    }

    /// The duration in seconds; a day counts as 24 hours. Months and years have no length, so they give nothing.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        let span: jiff::Span = self.0.parse().ok()?;
        if span.get_months() != 0 || span.get_years() != 0 {
            return None;
        }
        span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok().map(|duration| duration.as_secs())
    }
}

impl From<&str> for Span {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Wire for Span {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        match value {
            Value::String(text) => {
                if text.parse::<jiff::Span>().is_err() || !text.starts_with('P') {
                    reader.deviation(at, Rule::Format, Severity::Warning, "ISO 8601 duration");
                } else if is_months(&text) {
                    reader.deviation(at, Rule::Months, Severity::Warning, text.clone());
                }
                Ok(Self(text))
            }
            other => reader.refuse(other, at, "string"),
        }
    }

    fn write(&self) -> Value {
        Value::String(self.0.clone())
    }

    fn schema(_: &mut Attributes) -> Value {
        json!({ "type": "string", "pattern": "^PT[0-9]{1,5}M$" })
    }
}

/// `P60M`: sixty months, and certainly meant as minutes.
fn is_months(text: &str) -> bool {
    !text.contains('T') && text.contains('M')
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

fn is_moment(text: &str) -> bool {
    text.len() > 10
        && text.as_bytes().get(10).is_some_and(|b| matches!(b, b'T' | b't'))
        && text.parse::<jiff::Timestamp>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_needs_an_offset_and_a_day_stays_a_day() {
        assert!(is_moment("2022-06-21T12:45:00.000Z"));
        assert!(is_moment("2022-06-21T12:45:00+02:00"));
        assert!(!is_moment("2022-06-21T12:45:00"));
        assert!(!is_moment("2020-09-28"));
        assert_eq!(Moment::from("2020-09-28").day(), "2020-09-28".parse().ok());
        assert!(Moment::from("2020-09-28").instant().is_none());
    }

    #[test]
    fn sixty_months_are_not_an_hour() {
        assert_eq!(Span::from("PT60M").seconds(), Some(3600));
        assert_eq!(Span::from("PT1H30M").seconds(), Some(5400));
        assert_eq!(Span::from("P60M").seconds(), None);
        assert!(is_months("P60M"));
        assert!(!is_months("PT60M"));
    }
}
