//! Every sentence Regie says, in Dutch and English.
//!
//! The texts live in `locales/<language>/*.ftl` (Fluent) and are part of the binary. A page asks for
//! one by its key; what varies goes in by name:
//!
//! ```
//! use regie_texts::{Language, Texts};
//! let texts = Texts::new(Language::Nl);
//! assert_eq!(texts.t("list-count").with("shown", 50).with("total", 12000).to_string(), "50 van 12.000");
//! ```
//!
//! A text that does not exist shows as `⟦key⟧`; the tests of this crate find every such use in the
//! code and in the templates before a user does.

mod bundle;
mod calendar;
mod number;
mod telling;

pub use fluent_bundle::FluentValue;
pub use telling::{Telling, word};

use bundle::bundle;
use fluent_bundle::FluentArgs;
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Zoned};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// The languages of the interface. Dutch is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Nl,
    En,
}

impl Language {
    pub const ALL: &'static [Language] = &[Language::Nl, Language::En];

    /// The code in `lang` attributes, cookies and the database.
    pub const fn code(self) -> &'static str {
        match self {
            Language::Nl => "nl",
            Language::En => "en",
        }
    }

    pub fn from_code(code: &str) -> Option<Language> {
        Language::ALL.iter().copied().find(|language| language.code() == code)
    }

    /// The first language of an `Accept-Language` header that Regie speaks.
    pub fn from_accept(header: &str) -> Option<Language> {
        header
            .split(',')
            .filter_map(|part| part.split([';', '-']).next())
            .find_map(|tag| Language::from_code(&tag.trim().to_ascii_lowercase()))
    }
}

/// The texts and writing habits of one language. As small as the language itself: pass it by value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Texts {
    language: Language,
}

impl Texts {
    pub const fn new(language: Language) -> Self {
        Self { language }
    }

    pub const fn language(self) -> Language {
        self.language
    }

    /// The text with this key.
    pub fn t(self, key: &'static str) -> Text<'static> {
        Text { texts: self, key: Cow::Borrowed(key), args: FluentArgs::new() }
    }

    /// The text of one member of a family: `of("role", "student")` is the text `role-student`.
    pub fn of(self, family: &'static str, member: &str) -> Text<'static> {
        Text { texts: self, key: Cow::Owned(format!("{family}-{member}")), args: FluentArgs::new() }
    }

    /// The text with a key that was stored or received, as rule codes are.
    pub fn stored<'a>(self, key: &'a str) -> Text<'a> {
        Text { texts: self, key: Cow::Borrowed(key), args: FluentArgs::new() }
    }

    /// `vr 20 november 2026`
    pub fn date(self, date: Date) -> String {
        calendar::date(self.language, date)
    }

    /// `vr 20 november`: for lists in which the year is plain.
    pub fn day(self, date: Date) -> String {
        calendar::day(self.language, date)
    }

    /// `vr 20 nov`: for chips and dense rows.
    pub fn short_day(self, date: Date) -> String {
        calendar::short_day(self.language, date)
    }

    /// `14:05`
    pub fn time(self, time: Time) -> String {
        calendar::time(time)
    }

    /// `09:00–10:30`
    pub fn times(self, from: Time, until: Time) -> String {
        format!("{}–{}", calendar::time(from), calendar::time(until))
    }

    /// `vr 20 november 2026, 14:05`
    pub fn moment(self, moment: DateTime) -> String {
        format!("{}, {}", self.date(moment.date()), self.time(moment.time()))
    }

    /// `vandaag 14:05`, `gisteren 09:12`, else the whole moment; `now` is the reader's own clock.
    pub fn moment_near(self, moment: &Zoned, now: &Zoned) -> String {
        let local = moment.with_time_zone(now.time_zone().clone()).datetime();
        let key = match calendar::days_between(now.date(), local.date()) {
            0 => "date-today-at",
            1 => "date-tomorrow-at",
            -1 => "date-yesterday-at",
            _ => return self.moment(local),
        };
        self.stored(key).with("time", self.time(local.time())).to_string()
    }

    /// `1 u 34 min`, `45 sec`
    pub fn duration(self, duration: SignedDuration) -> String {
        calendar::duration(self.language, duration)
    }

    /// `12.000`
    pub fn whole(self, number: i64) -> String {
        number::whole(self.language, number)
    }

    /// `7,5`: always this many digits behind the comma.
    pub fn decimal(self, number: f64, digits: usize) -> String {
        number::decimal(self.language, number, digits)
    }

    /// `78%`
    pub fn percent(self, share: f64) -> String {
        format!("{}%", number::decimal(self.language, share * 100.0, 0))
    }

    /// `1,2 MB`
    pub fn bytes(self, size: u64) -> String {
        number::bytes(self.language, size)
    }
}

/// One text, on its way to a reader.
pub struct Text<'a> {
    texts: Texts,
    key: Cow<'a, str>,
    args: FluentArgs<'a>,
}

impl<'a> Text<'a> {
    /// Fills in `{ $name }`.
    pub fn with(mut self, name: &'static str, value: impl Into<FluentValue<'a>>) -> Self {
        self.args.set(name, value);
        self
    }

    /// The key it was asked by.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether the text exists in its language.
    pub fn exists(&self) -> bool {
        bundle(self.texts.language).get_message(&self.key).is_some_and(|message| message.value().is_some())
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bundle = bundle(self.texts.language);
        let Some(pattern) = bundle.get_message(&self.key).and_then(|message| message.value()) else {
            return write!(f, "⟦{}⟧", self.key);
        };
        let mut errors = Vec::new();
        f.write_str(&bundle.format_pattern(pattern, Some(&self.args), &mut errors))
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({})", self.key)
    }
}

impl From<Text<'_>> for String {
    fn from(text: Text<'_>) -> String {
        text.to_string()
    }
}

/// The text files of a language, as (file name, content): for the tests and for translators' tools.
pub fn sources(language: Language) -> &'static [(&'static str, &'static str)] {
    bundle::sources(language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    const NL: Texts = Texts::new(Language::Nl);
    const EN: Texts = Texts::new(Language::En);

    #[test]
    fn dates_are_written_as_people_write_them() {
        assert_eq!(NL.date(date(2026, 11, 20)), "vr 20 november 2026");
        assert_eq!(EN.date(date(2026, 11, 20)), "Fri 20 November 2026");
        assert_eq!(NL.short_day(date(2027, 3, 1)), "ma 1 mrt");
        assert_eq!(NL.times(time(9, 0, 0, 0), time(10, 30, 0, 0)), "09:00–10:30");
        assert_eq!(NL.moment(date(2026, 11, 20).at(14, 5, 0, 0)), "vr 20 november 2026, 14:05");
    }

    #[test]
    fn a_moment_near_now_is_named_by_its_day_on_the_readers_clock() {
        let now: Zoned = "2026-11-20T00:30:00+01:00[Europe/Amsterdam]".parse().unwrap();
        let late: Zoned = "2026-11-19T22:45:00+00:00[UTC]".parse().unwrap();
        assert_eq!(NL.moment_near(&late, &now), "gisteren 23:45");
        assert_eq!(EN.moment_near(&now, &now), "today 00:30");
        let then: Zoned = "2026-11-02T09:00:00+01:00[Europe/Amsterdam]".parse().unwrap();
        assert_eq!(NL.moment_near(&then, &now), "ma 2 november 2026, 09:00");
    }

    #[test]
    fn numbers_have_dutch_marks_in_dutch() {
        assert_eq!(NL.whole(12_000), "12.000");
        assert_eq!(EN.whole(-1_234_567), "-1,234,567");
        assert_eq!(NL.decimal(7.45, 1), "7,5");
        assert_eq!(NL.decimal(1204.0, 2), "1.204,00");
        assert_eq!(NL.percent(0.784), "78%");
        assert_eq!(NL.bytes(1_258_291), "1,3 MB");
        assert_eq!(NL.bytes(812), "812 B");
    }

    #[test]
    fn a_text_that_does_not_exist_shows_its_key() {
        assert_eq!(NL.stored("no-such-text").to_string(), "⟦no-such-text⟧");
        assert!(!NL.stored("no-such-text").exists());
    }

    #[test]
    fn the_browser_chooses_the_first_language_we_speak() {
        assert_eq!(Language::from_accept("fr-FR,fr;q=0.9,en-GB;q=0.8,nl;q=0.7"), Some(Language::En));
        assert_eq!(Language::from_accept("nl-NL"), Some(Language::Nl));
        assert_eq!(Language::from_accept("tlh, *;q=0.1"), None);
    }
}
