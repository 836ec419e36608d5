//! Campuses, by their code.

use super::super::Kind;
use super::sheet::{Plan, Sheet, Stood, over};
use super::{Row, Verdict};
use crate::Error;
use crate::campus::{AddCampus, Campus, all_query, insert_query, update_query};
use regie_core::Caller;
use regie_core::column::Column;
use regie_core::id::{CampusId, Id};
use regie_db::{Ask, Event, Query};
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

pub(in super::super) struct Campuses {
    by_code: HashMap<String, Stood<AddCampus>>,
}

impl Sheet for Campuses {
    type Thing = AddCampus;
    const KEY: &'static str = "code";
    const ADDED: &'static str = "campus.added";
    const EDITED: &'static str = "campus.edited";

    async fn known(q: &mut impl Ask, caller: &Caller, kind: Kind) -> Result<Self, Error> {
        regie_access::here(q, caller, kind.action()).await?;
        let stood = |campus: Campus| {
            let Campus { id, code, name, street, city, active, version, .. } = campus;
            let thing = AddCampus { id, code: code.clone(), name, street, city };
            (code, Stood { id: id.uuid(), thing, version, active })
        };
        Ok(Self { by_code: q.all(all_query()).await?.into_iter().map(stood).collect() })
    }

    fn said(&self, row: &Row<'_>) -> Option<String> {
        row.owned("code")
    }

    fn label(&self, row: &Row<'_>) -> String {
        row.text("name").or(row.text("code")).unwrap_or_default().to_owned()
    }

    fn standing(&self, row: &Row<'_>) -> Option<&Stood<AddCampus>> {
        self.by_code.get(row.text("code")?)
    }

    fn wanted(
        &self,
        row: &Row<'_>,
        old: Option<&AddCampus>,
        _: &mut Verdict<Plan<AddCampus>>,
    ) -> Option<AddCampus> {
        Some(AddCampus {
            id: old.map_or(CampusId::from_uuid(row.staged.fresh), |one| one.id),
            code: row.owned("code").unwrap_or_default(),
            name: row.owned("name").unwrap_or_default(),
            street: over(row, "street", old.and_then(|one| one.street.as_ref())),
            city: over(row, "city", old.and_then(|one| one.city.as_ref())),
        })
    }

    fn words(&self, campus: &AddCampus) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("code", Some(campus.code.clone())),
            ("name", Some(campus.name.clone())),
            ("street", campus.street.clone()),
            ("city", campus.city.clone()),
        ]
    }

    fn event(action: &'static str, campus: &AddCampus) -> Event {
        Event::new(action, campus.id)
    }

    fn shown(campus: &AddCampus) -> Value {
        json!({ "code": campus.code, "name": campus.name, "street": campus.street, "city": campus.city })
    }

    fn insert(campus: &AddCampus) -> Query<()> {
        insert_query(campus)
    }

    fn update(campus: &AddCampus, version: i64, active: bool) -> Query<()> {
        update_query(campus, version, active)
    }
}
