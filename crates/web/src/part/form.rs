//! Forms: one column, label above, error under the field and in a summary on top with links.

use super::{Button, Chip, draws_itself};
use askama::Template;
use regie_texts::Texts;

/// One of several answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub note: Option<String>,
    pub chip: Option<Chip>,
    pub disabled: bool,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    #[must_use]
    pub fn chip(mut self, chip: Chip) -> Self {
        self.chip = Some(chip);
        self
    }

    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

/// What is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `type` of the input: text, email, password, date, time, search, tel, url.
    Text(&'static str),
    /// Digits with an optional unit behind it.
    Number {
        unit: Option<String>,
    },
    Area {
        rows: u8,
    },
    Select(Vec<Choice>),
    Radios {
        choices: Vec<Choice>,
        cards: bool,
    },
    Checks(Vec<Choice>),
    /// A single yes or no.
    Check,
    File {
        accept: &'static str,
        limit: String,
    },
}

/// One field of a form, in any state.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/field.html")]
pub struct Field {
    pub texts: Texts,
    pub kind: Kind,
    /// Its name in the form, and its id on the page.
    pub name: String,
    pub label: String,
    pub hint: Option<String>,
    pub error: Option<String>,
    /// What was filled in; several for ticks.
    pub values: Vec<String>,
    /// Most fields are needed, so the few that are not say so.
    pub optional: bool,
    pub disabled: bool,
    pub read_only: bool,
    pub autocomplete: Option<&'static str>,
    pub short: bool,
}

draws_itself!(Field, Faults, Form);

impl Field {
    fn new(texts: Texts, kind: Kind, name: &str, label: impl Into<String>) -> Self {
        Self {
            texts,
            kind,
            name: name.to_owned(),
            label: label.into(),
            hint: None,
            error: None,
            values: Vec::new(),
            optional: false,
            disabled: false,
            read_only: false,
            autocomplete: None,
            short: false,
        }
    }

    pub fn text(texts: Texts, name: &str, label: impl Into<String>) -> Self {
        Self::new(texts, Kind::Text("text"), name, label)
    }

    pub fn email(texts: Texts, name: &str, label: impl Into<String>) -> Self {
        Self::new(texts, Kind::Text("email"), name, label).autocomplete("email")
    }

    /// `autocomplete` is `current-password` or `new-password`.
    pub fn password(texts: Texts, name: &str, label: impl Into<String>, autocomplete: &'static str) -> Self {
        Self::new(texts, Kind::Text("password"), name, label).autocomplete(autocomplete)
    }

    pub fn date(texts: Texts, name: &str, label: impl Into<String>) -> Self {
        Self::new(texts, Kind::Text("date"), name, label).short()
    }

    /// A day and a time, as the clock in school says.
    pub fn moment(texts: Texts, name: &str, label: impl Into<String>) -> Self {
        Self::new(texts, Kind::Text("datetime-local"), name, label).short()
    }

    pub fn time(texts: Texts, name: &str, label: impl Into<String>) -> Self {
        Self::new(texts, Kind::Text("time"), name, label).short()
    }

    pub fn number(texts: Texts, name: &str, label: impl Into<String>) -> Self {
        Self::new(texts, Kind::Number { unit: None }, name, label).short()
    }

    pub fn area(texts: Texts, name: &str, label: impl Into<String>) -> Self {
        Self::new(texts, Kind::Area { rows: 4 }, name, label)
    }

    pub fn select(texts: Texts, name: &str, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(texts, Kind::Select(choices), name, label)
    }

    pub fn radios(texts: Texts, name: &str, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(texts, Kind::Radios { choices, cards: false }, name, label)
    }

    /// Radios that are worth a card each.
    pub fn cards(texts: Texts, name: &str, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(texts, Kind::Radios { choices, cards: true }, name, label)
    }

    pub fn checks(texts: Texts, name: &str, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(texts, Kind::Checks(choices), name, label)
    }

    pub fn check(texts: Texts, name: &str, label: impl Into<String>) -> Self {
        Self::new(texts, Kind::Check, name, label)
    }

    /// `accept` as in HTML; `limit` is what the reader is told: *.xlsx of .csv, hoogstens 20 MB*.
    pub fn file(
        texts: Texts,
        name: &str,
        label: impl Into<String>,
        accept: &'static str,
        limit: impl Into<String>,
    ) -> Self {
        Self::new(texts, Kind::File { accept, limit: limit.into() }, name, label)
    }

    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.values.push(value.into());
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.error = Some(error.into());
        self
    }

    /// Takes its error out of the faults of the form, if it has one there.
    #[must_use]
    pub fn checked(mut self, faults: &Faults) -> Self {
        self.error = faults.of(&self.name).map(ToOwned::to_owned);
        self
    }

    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    #[must_use]
    pub fn autocomplete(mut self, autocomplete: &'static str) -> Self {
        self.autocomplete = Some(autocomplete);
        self
    }

    #[must_use]
    pub fn short(mut self) -> Self {
        self.short = true;
        self
    }

    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.kind = Kind::Number { unit: Some(unit.into()) };
        self
    }

    #[must_use]
    pub fn rows(mut self, rows: u8) -> Self {
        self.kind = Kind::Area { rows };
        self
    }

    /// What was filled in; a password is never sent back.
    fn first(&self) -> &str {
        if self.kind == Kind::Text("password") {
            return "";
        }
        self.values.first().map_or("", String::as_str)
    }

    fn has(&self, value: &str) -> bool {
        self.values.iter().any(|it| it == value)
    }

    /// The ids that describe the field, for `aria-describedby`.
    fn described_by(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.name));
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }
}

/// One thing wrong with what was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The name of the field it belongs to; empty for the form as a whole.
    pub field: String,
    /// What is wrong and what is right: *Vul een datum na 1 augustus 2026 in.*
    pub text: String,
}

/// The summary on top of a form. Empty, it draws nothing.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/faults.html")]
pub struct Faults {
    pub texts: Texts,
    pub faults: Vec<Fault>,
}

impl Faults {
    pub const fn none(texts: Texts) -> Self {
        Self { texts, faults: Vec::new() }
    }

    pub fn add(&mut self, field: &str, text: impl Into<String>) {
        self.faults.push(Fault { field: field.to_owned(), text: text.into() });
    }

    pub const fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    pub fn of(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| fault.text.as_str())
    }
}

/// A whole form of one column: summary, fields, buttons.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/form.html")]
pub struct Form {
    pub action: String,
    pub csrf: String,
    /// Given by the page once, so that sending twice does the work once.
    pub request: Option<String>,
    pub faults: Faults,
    pub fields: Vec<Field>,
    pub submit: Button,
    pub others: Vec<Button>,
}

impl Form {
    fn has_file(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, Kind::File { .. }))
    }
}
