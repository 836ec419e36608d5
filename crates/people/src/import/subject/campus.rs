//! Campuses, by their code.

use super::super::Kind;
use super::{Batch, Row, Seen, Subject, Verdict};
use crate::Error;
use crate::campus::{AddCampus, insert_query};
use regie_core::Caller;
use regie_core::column::Column;
use regie_core::id::{CampusId, Id};
use regie_db::{Ask, Event, row, statements};
use serde_json::{Value, json};
use std::collections::HashMap;

pub(in super::super) const COLUMNS: &[Column] = &[
    Column::text("code", 20, &["campuscode", "locatiecode", "code", "vestiging"]).required().example("ZUID"),
    Column::text("name", 120, &["naam", "campus", "locatie", "campusnaam", "name"])
        .required()
        .example("Campus Zuid"),
    Column::text("street", 120, &["straat", "adres", "street", "address"]).example("Havenweg 12"),
    Column::text("city", 80, &["plaats", "stad", "woonplaats", "city"]).example("Deltastad"),
];

row! {
    struct Standing {
        id: CampusId,
        code: String,
        name: String,
        street: Option<String>,
        city: Option<String>,
    }
}

statements! {
    fn standing() -> Standing = "SELECT id, code, name, street, city FROM campus WHERE institution = $1 ORDER BY id";

    fn update(id: CampusId, name: &str, street: Option<&str>, city: Option<&str>) =
        "UPDATE campus SET name = $3, street = $4, city = $5, version = version + 1 WHERE institution = $1 AND id = $2";
}

pub(in super::super) struct Campuses {
    by_code: HashMap<String, Standing>,
    seen: Seen,
}

pub(in super::super) struct Plan {
    new: AddCampus,
    /// What stood, for a campus that changes.
    old: Option<Value>,
}

fn shown(code: &str, name: &str, street: Option<&str>, city: Option<&str>) -> Value {
    json!({ "code": code, "name": name, "street": street, "city": city })
}

impl Subject for Campuses {
    type Plan = Plan;

    async fn known(q: &mut impl Ask, caller: &Caller, kind: Kind) -> Result<Self, Error> {
        regie_access::here(q, caller, kind.action()).await?;
        let all = q.all(standing()).await?;
        Ok(Self { by_code: all.into_iter().map(|one| (one.code.clone(), one)).collect(), seen: Seen::new() })
    }

    fn scan(&mut self, row: &Row<'_>) {
        if let Some(code) = row.text("code") {
            self.seen.entry(code.to_owned()).or_default().push(row.number());
        }
    }

    fn judge(&self, row: &Row<'_>) -> Verdict<Plan> {
        let code = row.text("code").unwrap_or_default();
        let mut verdict = Verdict::of(row, row.text("name").unwrap_or(code));
        verdict.repeated(row, "code", self.seen.get(code));
        let old = self.by_code.get(code);
        verdict.subject = old.map(|one| one.id.uuid());
        let over = |key: &str, stood: Option<&String>| match row.has(key) {
            true => row.owned(key),
            false => stood.cloned(),
        };
        let new = AddCampus {
            id: old.map_or(CampusId::from_uuid(row.staged.fresh), |one| one.id),
            code: code.to_owned(),
            name: row.owned("name").unwrap_or_default(),
            street: over("street", old.and_then(|one| one.street.as_ref())),
            city: over("city", old.and_then(|one| one.city.as_ref())),
        };
        if old.is_none() {
            verdict.compare("code", None, Some(new.code.clone()));
        }
        verdict.compare("name", old.map(|one| one.name.clone()), Some(new.name.clone()));
        verdict.compare("street", old.and_then(|one| one.street.clone()), new.street.clone());
        verdict.compare("city", old.and_then(|one| one.city.clone()), new.city.clone());
        if verdict.faults.is_empty() && row.staged.found.is_empty() && !verdict.changes.is_empty() {
            let old = old.map(|one| shown(&one.code, &one.name, one.street.as_deref(), one.city.as_deref()));
            verdict.plan = Some(Plan { new, old });
        }
        verdict
    }

    fn carry(Plan { new, old }: Plan, batch: &mut Batch) {
        let value = shown(&new.code, &new.name, new.street.as_deref(), new.city.as_deref());
        match old {
            None => {
                batch.each(0, insert_query(&new));
                batch.events.push(Event::new("campus.added", new.id).new_value(value));
            }
            Some(old) => {
                batch.one(update(new.id, &new.name, new.street.as_deref(), new.city.as_deref()));
                batch.events.push(Event::new("campus.edited", new.id).old(old).new_value(value));
            }
        }
    }
}
