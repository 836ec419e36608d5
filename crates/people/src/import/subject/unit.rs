//! Teams and colleges, by their code. A row may lie below another row of the same sheet. Moving a unit that stands is not an
//! import's work: half the school's reach would move with it.

use super::super::Kind;
use super::place::{Named, Unit, known_units};
use super::{Batch, Row, Seen, Subject, Verdict};
use crate::Error;
use crate::unit::{AddUnit, insert_queries};
use regie_core::Caller;
use regie_core::column::Column;
use regie_core::id::{Id, UnitId};
use regie_core::name::folded;
use regie_db::{Ask, Event, statements};
use serde_json::json;
use std::collections::HashMap;

pub(in super::super) const COLUMNS: &[Column] = &[
    Column::text("code", 20, &["teamcode", "afdelingscode", "code"]).required().example("ZW-VP"),
    Column::text("name", 120, &["naam", "team", "afdeling", "name"]).required().example("Verpleegkunde"),
    Column::text("parent", 120, &["hoort bij", "boven", "college", "sector", "parent", "belongs to"])
        .example("ZW"),
];

statements! {
    fn rename(id: UnitId, name: &str) = "UPDATE unit SET name = $3, version = version + 1 WHERE institution = $1 AND id = $2";
}

pub(in super::super) struct Units {
    known: Named<Unit>,
    seen: Seen,
    /// Units that rows of the sheet add, with what they lie below.
    coming: HashMap<String, (UnitId, Option<String>)>,
}

pub(in super::super) enum Plan {
    /// With how deep it lies under what the sheet itself adds: parents go first.
    Add(AddUnit, usize),
    Rename {
        id: UnitId,
        code: String,
        old: String,
        new: String,
    },
}

impl Units {
    /// How many rows of the sheet lie above this one; nothing when they go round in a circle.
    fn depth(&self, code: &str) -> Option<usize> {
        let mut at = folded(code);
        for depth in 0..=self.coming.len() {
            match self.coming.get(&at) {
                Some((_, Some(parent))) => at = folded(parent),
                _ => return Some(depth),
            }
        }
        None
    }

    fn parent(&self, row: &Row<'_>, verdict: &mut Verdict<Plan>) -> Option<UnitId> {
        let word = row.text("parent")?;
        let found = match (self.known.find(word), self.coming.get(&folded(word))) {
            (Some(unit), _) => Some(unit.id),
            (None, coming) => coming.map(|(id, _)| *id),
        };
        if found.is_none() {
            verdict.refuse("import-unit-unknown", "parent", [("value", word.into())]);
        }
        found
    }
}

impl Subject for Units {
    type Plan = Plan;

    async fn known(q: &mut impl Ask, caller: &Caller, kind: Kind) -> Result<Self, Error> {
        let allowed = regie_access::here(q, caller, kind.action()).await?;
        let reach = regie_access::list(q, allowed.caller(), kind.action()).await?;
        Ok(Self { known: known_units(q, reach.what()).await?, seen: Seen::new(), coming: HashMap::new() })
    }

    fn scan(&mut self, row: &Row<'_>) {
        if let Some(code) = row.text("code") {
            self.seen.entry(code.to_owned()).or_default().push(row.number());
            if !self.known.all.iter().any(|unit| unit.code == code) {
                let coming = (UnitId::from_uuid(row.staged.fresh), row.owned("parent"));
                self.coming.insert(folded(code), coming);
            }
        }
    }

    fn judge(&self, row: &Row<'_>) -> Verdict<Plan> {
        let code = row.text("code").unwrap_or_default();
        let name = row.text("name").unwrap_or_default();
        let mut verdict = Verdict::of(row, if name.is_empty() { code } else { name });
        verdict.repeated(row, "code", self.seen.get(code));
        let parent = self.parent(row, &mut verdict);
        let old = self.known.all.iter().find(|unit| unit.code == code);
        verdict.subject = old.map(|unit| unit.id.uuid());
        match old {
            Some(old) => {
                if row.has("parent") && parent != old.parent && verdict.faults.is_empty() {
                    verdict.refuse("import-unit-moved", "parent", []);
                }
                verdict.compare("name", Some(old.name.clone()), Some(name.to_owned()));
            }
            None => {
                if self.depth(code).is_none() {
                    verdict.told(&Error::UnitLoop(code.to_owned()));
                }
                verdict.compare("code", None, Some(code.to_owned()));
                verdict.compare("name", None, Some(name.to_owned()));
                verdict.compare("parent", None, row.owned("parent"));
            }
        }
        if verdict.faults.is_empty() && row.staged.found.is_empty() && !verdict.changes.is_empty() {
            let (code, name) = (code.to_owned(), name.to_owned());
            verdict.plan = Some(match old {
                Some(old) => Plan::Rename { id: old.id, code, old: old.name.clone(), new: name },
                None => {
                    let id = UnitId::from_uuid(row.staged.fresh);
                    let depth = self.depth(&code).unwrap_or_default();
                    Plan::Add(AddUnit { id, parent, code, name }, depth)
                }
            });
        }
        verdict
    }

    fn carry(plan: Plan, batch: &mut Batch) {
        match plan {
            Plan::Add(new, depth) => {
                let value = json!({ "code": new.code, "name": new.name, "parent": new.parent });
                batch.events.push(Event::new("unit.added", new.id).new_value(value));
                batch.deep.entry(depth).or_default().extend(insert_queries(&new));
            }
            Plan::Rename { id, code, old, new } => {
                batch.one(rename(id, &new));
                let event = Event::new("unit.edited", id)
                    .old(json!({ "code": code, "name": old }))
                    .new_value(json!({ "code": code, "name": new }));
                batch.events.push(event);
            }
        }
    }
}
