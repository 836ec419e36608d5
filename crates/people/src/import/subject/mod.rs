//! What the machine needs to know about each kind of sheet.

pub(super) mod campus;
pub(super) mod company;
pub(super) mod enrolment;
pub(super) mod group;
pub(super) mod member;
pub(super) mod need;
pub(super) mod person;
mod place;
pub(super) mod role;
pub(super) mod room;
pub(super) mod sheet;
pub(super) mod unit;
mod who;

use super::{Argument, Change, Fault, Kind, Mapping, Outcome, Staged};
use crate::Error;
use jiff::civil::{Date, Time};
use regie_core::{Caller, Told};
use regie_db::{Ask, Event, Query};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What stands in the school, loaded once, against which every row is judged.
pub(super) trait Subject: Sized + Send {
    /// What a row that is right will do.
    type Plan: Send;

    /// Reads what stands, as far as rows can concern it.
    fn known(
        q: &mut impl Ask,
        caller: &Caller,
        kind: Kind,
    ) -> impl Future<Output = Result<Self, Error>> + Send;

    /// Sees every row before any is judged: rows may contradict or need each other.
    fn scan(&mut self, row: &Row<'_>);

    fn judge(&self, row: &Row<'_>) -> Verdict<Self::Plan>;

    /// The statements and journal lines of one row.
    fn carry(plan: Self::Plan, batch: &mut Batch);
}

/// A row as its subject sees it: by the keys of the columns.
pub(super) struct Row<'a> {
    pub kind: Kind,
    pub mapping: &'a Mapping,
    pub staged: &'a Staged,
}

impl Row<'_> {
    pub fn number(&self) -> u32 {
        self.staged.number
    }

    /// Whether the file has this column.
    pub fn has(&self, key: &str) -> bool {
        self.mapping.contains_key(key)
    }

    /// What the cell says, if it says something.
    pub fn text(&self, key: &str) -> Option<&str> {
        let index = self.kind.columns().iter().position(|column| column.key == key)?;
        self.staged.cells.get(index)?.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    pub fn owned(&self, key: &str) -> Option<String> {
        self.text(key).map(ToOwned::to_owned)
    }

    pub fn date(&self, key: &str) -> Option<Date> {
        self.text(key)?.parse().ok()
    }

    pub fn time(&self, key: &str) -> Option<Time> {
        self.text(key)?.parse().ok()
    }

    pub fn yes(&self, key: &str) -> Option<bool> {
        self.text(key)?.parse().ok()
    }

    pub fn whole<N: TryFrom<i64>>(&self, key: &str) -> Option<N> {
        self.text(key)?.parse::<i64>().ok()?.try_into().ok()
    }
}

/// What becomes of a row.
pub(super) struct Verdict<P> {
    /// What it is about, when that stands already.
    pub subject: Option<Uuid>,
    /// How people call what it is about.
    pub label: String,
    pub changes: Vec<Change>,
    pub faults: Vec<Fault>,
    pub plan: Option<P>,
    column: BTreeMap<String, u32>,
}

impl<P> Verdict<P> {
    pub fn of(row: &Row<'_>, label: impl Into<String>) -> Self {
        Self {
            subject: None,
            label: label.into(),
            changes: Vec::new(),
            faults: Vec::new(),
            plan: None,
            column: row.mapping.clone(),
        }
    }

    /// Refuses the row: the text's key, the column it is about, and the words for the text.
    pub fn refuse<const N: usize>(
        &mut self,
        code: &str,
        key: impl Into<Option<&'static str>>,
        arguments: [(&str, Argument); N],
    ) {
        self.faults.push(Fault {
            code: code.to_owned(),
            arguments: arguments.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            column: key.into().and_then(|key| self.column.get(key).copied()),
        });
    }

    /// An area's own refusal, at the column it is about.
    pub fn told(&mut self, error: &Error) {
        let arguments = error.arguments();
        self.faults.push(Fault {
            code: format!("told-{}", error.code()),
            arguments: arguments
                .into_iter()
                .map(|(name, value)| (name.to_owned(), Argument::Text(value)))
                .collect(),
            column: error.field().and_then(|key| self.column.get(key).copied()),
        });
    }

    /// Notes a value, if it is another than before.
    pub fn compare(&mut self, key: &str, old: Option<String>, new: Option<String>) {
        if old != new {
            self.changes.push(Change { key: key.to_owned(), old, new });
        }
    }

    /// The other rows that say they are the same thing.
    pub fn repeated(&mut self, row: &Row<'_>, key: &'static str, seen: Option<&Vec<u32>>) {
        if let Some(other) = seen.and_then(|rows| rows.iter().find(|number| **number != row.number())) {
            let value = row.owned(key).unwrap_or_default();
            self.refuse("import-repeated", key, [("value", value.into()), ("row", (*other).into())]);
        }
    }

    pub fn outcome(&self, staged: &Staged) -> Outcome {
        match (&self.plan, self.subject) {
            _ if !self.faults.is_empty() || !staged.found.is_empty() => Outcome::Refused,
            (None, _) => Outcome::Same,
            (Some(_), None) => Outcome::New,
            (Some(_), Some(_)) => Outcome::Changed,
        }
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Argument::Text(text)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Argument::Text(text.to_owned())
    }
}

impl From<u32> for Argument {
    fn from(number: u32) -> Self {
        Argument::Number(number.into())
    }
}

/// Everything an import does, in the order in which it must happen.
#[derive(Default)]
pub(super) struct Batch {
    /// Many rows of one statement each, wave after wave.
    pub waves: BTreeMap<u8, Vec<Query<()>>>,
    /// One by one, from the top of a tree down.
    pub deep: BTreeMap<usize, Vec<Query<()>>>,
    /// One by one, in this order; each must change exactly one row.
    pub steps: Vec<Query<()>>,
    pub events: Vec<Event>,
}

impl Batch {
    pub fn each(&mut self, wave: u8, query: Query<()>) {
        self.waves.entry(wave).or_default().push(query);
    }

    pub fn one(&mut self, query: Query<()>) {
        self.steps.push(query);
    }
}

/// Row numbers by what they say they are.
pub(super) type Seen = HashMap<String, Vec<u32>>;
