//! What a form sent, as it was typed, and the reading of it: what cannot even be read becomes a fault beside its field.

use crate::me::Me;
use crate::part::{Choice, Faults, Field};
use axum::extract::{FromRequest, RawForm, Request};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use regie_core::Caller;
use regie_core::day::instant;
use regie_texts::{Text, Texts};
use std::str::FromStr;

#[derive(Debug, Clone, Default)]
pub struct Filled(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Filled {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let RawForm(body) =
            RawForm::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        Ok(Self(form_urlencoded::parse(&body).into_owned().collect()))
    }
}

impl Filled {
    /// What a form shows at first.
    pub fn of<const N: usize>(values: [(&str, String); N]) -> Self {
        Self(values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    #[must_use]
    pub fn and(mut self, name: &str, values: impl IntoIterator<Item = String>) -> Self {
        self.0.extend(values.into_iter().map(|value| (name.to_owned(), value)));
        self
    }

    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// `None` when nothing but spaces was typed.
    pub fn maybe(&self, name: &str) -> Option<String> {
        Some(self.text(name).trim().to_owned()).filter(|text| !text.is_empty())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// A form sent twice is one command.
    pub fn caller(&self, me: &Me) -> Caller {
        Caller { request: self.text("request").parse().ok(), ..me.caller().clone() }
    }

    pub fn version(&self) -> i64 {
        self.text("version").parse().unwrap_or_default()
    }

    pub const fn reading(&self, texts: Texts) -> Reading<'_> {
        Reading { filled: self, texts, faults: Faults::none(texts) }
    }

    /// The field with what was typed in it; several for ticks.
    pub fn put(&self, mut field: Field) -> Field {
        let values: Vec<String> = self.all(&field.name).map(ToOwned::to_owned).collect();
        if !values.is_empty() {
            field.values = values;
        }
        field
    }
}

/// Reads field after field and gathers what is wrong.
pub struct Reading<'a> {
    filled: &'a Filled,
    texts: Texts,
    faults: Faults,
}

impl Reading<'_> {
    fn read<T>(&mut self, name: &str, wrong: &'static str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = read(self.filled.text(name).trim());
        if value.is_none() {
            self.faults.add(name, self.texts.t(wrong));
        }
        value
    }

    fn if_filled<T>(&mut self, name: &str, read: impl Fn(&mut Self) -> Option<T>) -> Option<T> {
        self.filled.maybe(name).and_then(|_| read(self))
    }

    pub fn date(&mut self, name: &str) -> Option<Date> {
        self.read(name, "told-date-invalid", |text| text.parse().ok())
    }

    pub fn maybe_date(&mut self, name: &str) -> Option<Date> {
        self.if_filled(name, |reading| reading.date(name))
    }

    pub fn time(&mut self, name: &str) -> Option<Time> {
        self.read(name, "told-time-invalid", |text| text.parse().ok())
    }

    /// A day and a time by the school's clock.
    pub fn moment(&mut self, name: &str) -> Option<Timestamp> {
        self.read(name, "told-moment-invalid", |text| instant(text.parse().ok()?))
    }

    pub fn maybe_moment(&mut self, name: &str) -> Option<Timestamp> {
        self.if_filled(name, |reading| reading.moment(name))
    }

    pub fn number(&mut self, name: &str) -> Option<u32> {
        self.read(name, "told-number-invalid", |text| text.parse().ok())
    }

    /// An id from a list of choices.
    pub fn chosen<T: FromStr>(&mut self, name: &str) -> Option<T> {
        self.read(name, "told-choose-one", |text| text.parse().ok())
    }

    pub fn maybe_chosen<T: FromStr>(&mut self, name: &str) -> Option<T> {
        self.if_filled(name, |reading| reading.chosen(name))
    }

    /// One of the words of a fixed list.
    pub fn code<T>(&mut self, name: &str, of: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.read(name, "told-choose-one", of)
    }

    pub fn fault(&mut self, name: &str, text: Text<'_>) {
        self.faults.add(name, text.to_string());
    }

    /// The whole of it, when nothing was wrong.
    pub fn end<T>(self, whole: Option<T>) -> Result<T, Faults> {
        match whole {
            Some(whole) if self.faults.is_empty() => Ok(whole),
            _ => Err(self.faults),
        }
    }
}

/// What a form shows of something that may be absent.
pub fn or_none(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

/// A choice of units, drawn as the tree they are.
pub fn units(units: &[regie_people::unit::Unit]) -> Vec<Choice> {
    units
        .iter()
        .map(|unit| {
            let depth = usize::try_from(unit.depth).unwrap_or_default();
            Choice::new(unit.id.to_string(), format!("{}{}", "– ".repeat(depth), unit.name))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_read_is_told_beside_its_field() {
        let filled =
            Filled::of([("begins", "31-02-2026".into()), ("seats", "veel".into()), ("name", " a ".into())]);
        let mut reading = filled.reading(Texts::default());
        let whole = reading.date("begins").zip(reading.number("seats"));
        assert_eq!(reading.maybe_date("ends"), None);
        let faults = reading.end(whole).unwrap_err();
        assert_eq!(
            faults.faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(),
            ["begins", "seats"]
        );
        assert_eq!(filled.maybe("name").as_deref(), Some("a"));
    }

    proptest! {
        #[test]
        fn no_form_is_too_odd(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let filled = Filled(form_urlencoded::parse(&body).into_owned().collect());
            let mut reading = filled.reading(Texts::default());
            let _ = (reading.date("a"), reading.time("b"), reading.number("c"), filled.version());
            let _ = reading.end(Some(()));
        }
    }
}
