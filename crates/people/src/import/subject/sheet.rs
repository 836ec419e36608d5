//! What most kinds of sheet have in common: a row is one thing, told apart by what a few of its cells say. A kind only
//! describes its thing; finding it back, comparing, refusing repetitions and writing it down is done here.

use super::super::Kind;
use super::{Batch, Row, Seen, Subject, Verdict};
use crate::Error;
use regie_core::Caller;
use regie_db::{Ask, Event, Query};
use serde_json::Value;
use uuid::Uuid;

/// A thing as it stands.
pub(in super::super) struct Stood<T> {
    pub id: Uuid,
    pub thing: T,
    pub version: i64,
    pub active: bool,
}

/// One kind of thing.
pub(in super::super) trait Sheet: Sized + Send {
    type Thing: Send;

    /// The column at which a repetition is told.
    const KEY: &'static str;
    const ADDED: &'static str;
    const EDITED: &'static str;

    /// Reads what stands, as far as rows can concern it.
    fn known(
        q: &mut impl Ask,
        caller: &Caller,
        kind: Kind,
    ) -> impl Future<Output = Result<Self, Error>> + Send;

    /// Which thing a row is about, in words that only rows about the same thing share.
    fn said(&self, row: &Row<'_>) -> Option<String>;
    /// How people call it.
    fn label(&self, row: &Row<'_>) -> String;
    /// The thing it is about, when that stands already.
    fn standing(&self, row: &Row<'_>) -> Option<&Stood<Self::Thing>>;
    /// The thing as the row wants it, over what stands. Nothing comes back only after a refusal.
    fn wanted(
        &self,
        row: &Row<'_>,
        old: Option<&Self::Thing>,
        verdict: &mut Verdict<Plan<Self::Thing>>,
    ) -> Option<Self::Thing>;
    fn checked(&self, thing: Self::Thing) -> Result<Self::Thing, Error> {
        Ok(thing)
    }
    /// What the preview compares: always the same columns, with the words people know.
    fn words(&self, thing: &Self::Thing) -> Vec<(&'static str, Option<String>)>;

    /// The journal line, on what it is about.
    fn event(action: &'static str, thing: &Self::Thing) -> Event;
    fn shown(thing: &Self::Thing) -> Value;
    fn insert(thing: &Self::Thing) -> Query<()>;
    /// Over the version that was read.
    fn update(thing: &Self::Thing, version: i64, active: bool) -> Query<()>;
}

/// The rows of one sheet beside what stands.
pub(in super::super) struct Of<S> {
    sheet: S,
    seen: Seen,
}

pub(in super::super) enum Plan<T> {
    Add(T),
    Edit { old: Value, new: T, version: i64, active: bool },
}

impl<S: Sheet> Subject for Of<S> {
    type Plan = Plan<S::Thing>;

    async fn known(q: &mut impl Ask, caller: &Caller, kind: Kind) -> Result<Self, Error> {
        Ok(Self { sheet: S::known(q, caller, kind).await?, seen: Seen::new() })
    }

    fn scan(&mut self, row: &Row<'_>) {
        if let Some(said) = self.sheet.said(row) {
            self.seen.entry(said).or_default().push(row.number());
        }
    }

    fn judge(&self, row: &Row<'_>) -> Verdict<Self::Plan> {
        let mut verdict = Verdict::of(row, self.sheet.label(row));
        // Without the cells that say which, the row is refused for those.
        let Some(said) = self.sheet.said(row) else { return verdict };
        verdict.repeated(row, S::KEY, self.seen.get(&said));
        let old = self.sheet.standing(row);
        verdict.subject = old.map(|old| old.id);
        let Some(new) = self.sheet.wanted(row, old.map(|old| &old.thing), &mut verdict) else {
            return verdict;
        };
        let before = old.map(|old| self.sheet.words(&old.thing)).unwrap_or_default();
        for (index, (key, now)) in self.sheet.words(&new).into_iter().enumerate() {
            let was = before.get(index).and_then(|(_, was)| was.clone());
            verdict.compare(key, was, now);
        }
        if !verdict.faults.is_empty() || !row.staged.found.is_empty() || verdict.changes.is_empty() {
            return verdict;
        }
        match self.sheet.checked(new) {
            Err(error) => verdict.told(&error),
            Ok(new) => {
                verdict.plan = Some(match old {
                    None => Plan::Add(new),
                    Some(old) => Plan::Edit {
                        old: S::shown(&old.thing),
                        new,
                        version: old.version,
                        active: old.active,
                    },
                });
            }
        }
        verdict
    }

    fn carry(plan: Self::Plan, batch: &mut Batch) {
        match plan {
            Plan::Add(new) => {
                batch.each(0, S::insert(&new));
                batch.events.push(S::event(S::ADDED, &new).new_value(S::shown(&new)));
            }
            Plan::Edit { old, new, version, active } => {
                batch.one(S::update(&new, version, active));
                batch.events.push(S::event(S::EDITED, &new).old(old).new_value(S::shown(&new)));
            }
        }
    }
}

/// The cell when the file has its column, or else what stands.
pub(super) fn over(row: &Row<'_>, key: &str, stood: Option<&String>) -> Option<String> {
    match row.has(key) {
        true => row.owned(key),
        false => stood.cloned(),
    }
}
