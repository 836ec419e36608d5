//! Teams and campuses as a cell names them: by code, or by a name that only one of them has.

use super::{Row, Verdict};
use crate::Error;
use regie_access::Reach;
use regie_core::id::{CampusId, UnitId};
use regie_core::name::folded;
use regie_db::{Ask, row, statements};
use std::collections::HashMap;
use uuid::Uuid;

row! {
    pub(super) struct Unit {
        pub id: UnitId,
        pub parent: Option<UnitId>,
        pub code: String,
        pub name: String,
        pub reached: bool,
    }
}

statements! {
    fn units(reach: &str, scope: Option<Uuid>) -> Unit =
        "SELECT u.id, u.parent, u.code, u.name, {unit_in_reach u $2 $1 $3 $1} AS reached
         FROM unit u WHERE u.institution = $1 ORDER BY u.code";

    fn campuses() -> (CampusId, String, String) =
        "SELECT id, code, name FROM campus WHERE institution = $1 ORDER BY code";
}

/// Things by the words a cell may use for them.
pub(super) struct Named<T> {
    by_word: HashMap<String, Vec<usize>>,
    pub all: Vec<T>,
}

impl<T> Named<T> {
    pub fn new(all: Vec<T>, code: impl Fn(&T) -> &str, name: impl Fn(&T) -> &str) -> Self {
        let mut by_word: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, one) in all.iter().enumerate() {
            by_word.insert(folded(code(one)), vec![index]);
        }
        // A code wins over a name that reads the same.
        let codes: Vec<String> = by_word.keys().cloned().collect();
        for (index, one) in all.iter().enumerate() {
            let word = folded(name(one));
            if !codes.contains(&word) {
                by_word.entry(word).or_default().push(index);
            }
        }
        Self { by_word, all }
    }

    /// The one that is meant; nothing when it is none or more than one.
    pub fn find(&self, word: &str) -> Option<&T> {
        match self.by_word.get(&folded(word))?.as_slice() {
            [index] => self.all.get(*index),
            _ => None,
        }
    }
}

pub(super) async fn known_units(q: &mut impl Ask, reach: &Reach) -> Result<Named<Unit>, Error> {
    let all = q.all(units(reach.kind, reach.scope)).await?;
    Ok(Named::new(all, |unit| &unit.code, |unit| &unit.name))
}

pub(super) async fn known_campuses(q: &mut impl Ask) -> Result<Named<(CampusId, String, String)>, Error> {
    let all = q.all(campuses()).await?;
    Ok(Named::new(all, |campus| &campus.1, |campus| &campus.2))
}

/// The unit a cell names, with a refusal when there is none or it lies out of reach.
pub(super) fn unit<'a, P>(
    units: &'a Named<Unit>,
    row: &Row<'_>,
    key: &'static str,
    verdict: &mut Verdict<P>,
) -> Option<&'a Unit> {
    let word = row.text(key)?;
    match units.find(word) {
        Some(unit) if unit.reached => Some(unit),
        Some(_) => {
            verdict.refuse("import-unit-out-of-reach", key, [("value", word.into())]);
            None
        }
        None => {
            verdict.refuse("import-unit-unknown", key, [("value", word.into())]);
            None
        }
    }
}
