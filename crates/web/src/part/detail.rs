//! One thing seen from near: its facts, and what happened to it.

use super::Chip;
use super::draws_itself;
use askama::Template;
use regie_texts::Texts;

/// A name and what it says, either plain or linked or as a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub name: String,
    pub value: String,
    pub href: Option<String>,
    pub chip: Option<Chip>,
}

impl Fact {
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), href: None, chip: None }
    }

    #[must_use]
    pub fn href(mut self, href: impl ToString) -> Self {
        self.href = Some(href.to_string());
        self
    }

    #[must_use]
    pub fn chip(mut self, chip: Chip) -> Self {
        self.chip = Some(chip);
        self
    }
}

/// Facts in columns, as many as there is room for.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/facts.html")]
pub struct Facts {
    pub facts: Vec<Fact>,
}

/// What a line of history changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub name: String,
    pub old: String,
    pub new: String,
}

/// One line of the journal, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    pub icon: &'static str,
    pub what: String,
    /// Name and role or mandate.
    pub who: String,
    /// As text; `machine` is the same moment for programs.
    pub when: String,
    pub machine: String,
    pub why: Option<String>,
    pub changes: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/history.html")]
pub struct History {
    pub texts: Texts,
    pub title: String,
    pub entries: Vec<HistoryEntry>,
    /// To the rest, if there is more.
    pub more: Option<String>,
}

draws_itself!(Facts, History);
