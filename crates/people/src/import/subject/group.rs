//! Groups, by their code and the day they begin.

use super::super::Kind;
use super::place::{Named, Unit, known_units, unit};
use super::sheet::{Plan, Sheet, Stood};
use super::{Row, Verdict};
use crate::Error;
use crate::group::{AddGroup, Group, all_query};
use jiff::civil::Date;
use regie_core::Caller;
use regie_core::column::{Column, Shape};
use regie_core::id::{GroupId, Id, UnitId};
use regie_db::{Ask, Event, Query};
use serde_json::Value;
use std::collections::HashMap;

pub(in super::super) const COLUMNS: &[Column] = &[
    Column::text("code", 30, &["groep", "groepscode", "klas", "klascode", "group", "class"])
        .required()
        .example("VP4-1A"),
    Column::text("name", 120, &["naam", "groepsnaam", "omschrijving", "name"]).example("Verpleegkunde 1A"),
    Column::text("unit", 120, &["team", "teamcode", "afdeling", "unit", "department"])
        .required()
        .example("ZW-VP"),
    Column::of("begins", Shape::Date, &["begindatum", "startdatum", "vanaf", "begin", "start date", "from"])
        .required()
        .example("01-08-2026"),
    Column::of("ends", Shape::Date, &["einddatum", "tot en met", "t/m", "einde", "end date", "until"])
        .example("31-07-2027"),
];

pub(in super::super) struct Groups {
    units: Named<Unit>,
    by_code: HashMap<(String, Date), Stood<AddGroup>>,
}

impl Groups {
    fn team(&self, id: UnitId) -> Option<&Unit> {
        self.units.all.iter().find(|unit| unit.id == id)
    }
}

impl Sheet for Groups {
    type Thing = AddGroup;
    const KEY: &'static str = "code";
    const ADDED: &'static str = "group.added";
    const EDITED: &'static str = "group.edited";

    async fn known(q: &mut impl Ask, caller: &Caller, kind: Kind) -> Result<Self, Error> {
        let allowed = regie_access::list(q, caller, kind.action()).await?;
        let stood = |group: Group| {
            let Group { id, code, name, unit, begins, ends, version, .. } = group;
            let key = (code.clone(), begins);
            let thing = AddGroup { id, code, name, unit, begins, ends };
            (key, Stood { id: id.uuid(), thing, version, active: true })
        };
        let by_code = q.all(all_query()).await?.into_iter().map(stood).collect();
        Ok(Self { units: known_units(q, allowed.what()).await?, by_code })
    }

    fn said(&self, row: &Row<'_>) -> Option<String> {
        Some(format!("{} {}", row.text("code")?, row.date("begins")?))
    }

    fn label(&self, row: &Row<'_>) -> String {
        row.owned("code").unwrap_or_default()
    }

    fn standing(&self, row: &Row<'_>) -> Option<&Stood<AddGroup>> {
        self.by_code.get(&(row.owned("code")?, row.date("begins")?))
    }

    fn wanted(
        &self,
        row: &Row<'_>,
        old: Option<&AddGroup>,
        verdict: &mut Verdict<Plan<AddGroup>>,
    ) -> Option<AddGroup> {
        // Nobody changes a group of a team that is not theirs, nor moves one there.
        if let Some(team) = old.and_then(|old| self.team(old.unit))
            && !team.reached
        {
            verdict.refuse("import-unit-out-of-reach", "unit", [("value", team.code.as_str().into())]);
            return None;
        }
        let unit = unit(&self.units, row, "unit", verdict)?.id;
        let code = row.owned("code")?;
        let ends = match row.has("ends") {
            true => row.date("ends"),
            false => old.and_then(|old| old.ends),
        };
        Some(AddGroup {
            id: old.map_or(GroupId::from_uuid(row.staged.fresh), |one| one.id),
            name: row.owned("name").or_else(|| old.map(|old| old.name.clone())).unwrap_or(code.clone()),
            code,
            unit,
            begins: row.date("begins")?,
            ends,
        })
    }

    fn checked(&self, group: AddGroup) -> Result<AddGroup, Error> {
        group.checked()
    }

    fn words(&self, group: &AddGroup) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("code", Some(group.code.clone())),
            ("name", Some(group.name.clone())),
            ("unit", self.team(group.unit).map(|unit| unit.code.clone())),
            ("begins", Some(group.begins.to_string())),
            ("ends", group.ends.map(|day| day.to_string())),
        ]
    }

    fn event(action: &'static str, group: &AddGroup) -> Event {
        Event::new(action, group.id)
    }

    fn shown(group: &AddGroup) -> Value {
        group.shown()
    }

    fn insert(group: &AddGroup) -> Query<()> {
        group.insert()
    }

    fn update(group: &AddGroup, version: i64, _: bool) -> Query<()> {
        group.update(version)
    }
}
