//! Rooms, by campus and code.

use super::super::Kind;
use super::place::{Named, known_campuses};
use super::{Batch, Row, Seen, Subject, Verdict};
use crate::Error;
use crate::room::{AddRoom, Room};
use jiff::civil::Time;
use regie_core::Caller;
use regie_core::column::{Column, Shape};
use regie_core::id::{CampusId, Id, RoomId};
use regie_db::{Ask, Event};
use serde_json::Value;
use std::collections::HashMap;

pub(in super::super) const COLUMNS: &[Column] = &[
    Column::text("campus", 120, &["campuscode", "locatie", "vestiging", "gebouw", "campus"])
        .required()
        .example("ZUID"),
    Column::text("code", 20, &["lokaal", "lokaalcode", "ruimte", "ruimtecode", "lokaalnummer", "room"])
        .required()
        .example("Z1.04"),
    Column::text("name", 120, &["naam", "omschrijving", "name", "description"]).example("Toetszaal 1"),
    Column::of(
        "seats",
        Shape::Whole(0, 5_000),
        &["plaatsen", "zitplaatsen", "capaciteit", "seats", "capacity"],
    )
    .required()
    .example("32"),
    Column::of("device_seats", Shape::Whole(0, 5_000), &["computers", "devices", "pc's", "device seats"])
        .example("30"),
    Column::of("secure", Shape::YesNo, &["beveiligd", "secure"]).example("ja"),
    Column::of("accessible", Shape::YesNo, &["toegankelijk", "rolstoel", "accessible"]).example("ja"),
    Column::of("opens", Shape::Time, &["open vanaf", "opent", "opens"]).example("08:00"),
    Column::of("closes", Shape::Time, &["open tot", "sluit", "closes"]).example("18:00"),
];

pub(in super::super) struct Rooms {
    campuses: Named<(CampusId, String, String)>,
    by_code: HashMap<(CampusId, String), Room>,
    seen: Seen,
}

pub(in super::super) struct Plan {
    new: AddRoom,
    /// What stood, for a room that changes: as the journal shows it, its version, and whether it is in use.
    old: Option<(Value, i64, bool)>,
}

impl Rooms {
    /// Where and what: the same code may stand on two campuses.
    fn said(&self, row: &Row<'_>) -> String {
        let campus = row.text("campus").unwrap_or_default();
        let campus = self.campuses.find(campus).map_or(campus, |found| found.1.as_str());
        format!("{campus} {}", row.text("code").unwrap_or_default())
    }
}

fn input(room: &Room) -> AddRoom {
    AddRoom {
        id: room.id,
        campus: room.campus,
        code: room.code.clone(),
        name: room.name.clone(),
        seats: room.seats,
        device_seats: room.device_seats,
        secure: room.secure,
        accessible: room.accessible,
        opens: room.opens.parse().unwrap_or(Time::midnight()),
        closes: room.closes.parse().unwrap_or(Time::MAX),
    }
}

fn wanted(row: &Row<'_>, campus: CampusId, code: &str, old: Option<&Room>) -> AddRoom {
    let mut room = old.map_or_else(
        || AddRoom {
            id: RoomId::from_uuid(row.staged.fresh),
            campus,
            code: code.to_owned(),
            name: None,
            seats: 0,
            device_seats: 0,
            secure: false,
            accessible: false,
            opens: Time::constant(8, 0, 0, 0),
            closes: Time::constant(18, 0, 0, 0),
        },
        input,
    );
    if row.has("name") {
        room.name = row.owned("name");
    }
    room.seats = row.whole("seats").unwrap_or(room.seats);
    room.device_seats = row.whole("device_seats").unwrap_or(room.device_seats);
    room.secure = row.yes("secure").unwrap_or(room.secure);
    room.accessible = row.yes("accessible").unwrap_or(room.accessible);
    room.opens = row.time("opens").unwrap_or(room.opens);
    room.closes = row.time("closes").unwrap_or(room.closes);
    room
}

fn compare(old: Option<&AddRoom>, new: &AddRoom, verdict: &mut Verdict<Plan>) {
    let clock = |time: Time| time.strftime("%H:%M").to_string();
    let mut note = |key: &str, of: &dyn Fn(&AddRoom) -> Option<String>| {
        verdict.compare(key, old.and_then(of), of(new));
    };
    note("name", &|room| room.name.clone());
    note("seats", &|room| Some(room.seats.to_string()));
    note("device_seats", &|room| Some(room.device_seats.to_string()));
    note("secure", &|room| Some(room.secure.to_string()));
    note("accessible", &|room| Some(room.accessible.to_string()));
    note("opens", &|room| Some(clock(room.opens)));
    note("closes", &|room| Some(clock(room.closes)));
}

impl Subject for Rooms {
    type Plan = Plan;

    async fn known(q: &mut impl Ask, caller: &Caller, kind: Kind) -> Result<Self, Error> {
        regie_access::here(q, caller, kind.action()).await?;
        let rooms = q.all(crate::room::all_query()).await?;
        Ok(Self {
            campuses: known_campuses(q).await?,
            by_code: rooms.into_iter().map(|room| ((room.campus, room.code.clone()), room)).collect(),
            seen: Seen::new(),
        })
    }

    fn scan(&mut self, row: &Row<'_>) {
        if row.text("code").is_some() {
            self.seen.entry(self.said(row)).or_default().push(row.number());
        }
    }

    fn judge(&self, row: &Row<'_>) -> Verdict<Plan> {
        let said = self.said(row);
        let mut verdict = Verdict::of(row, said.as_str());
        let Some(code) = row.text("code") else { return verdict };
        verdict.repeated(row, "code", self.seen.get(&said));
        let Some(word) = row.text("campus") else { return verdict };
        let Some((campus, ..)) = self.campuses.find(word) else {
            verdict.refuse("import-campus-unknown", "campus", [("value", word.into())]);
            return verdict;
        };
        let old = self.by_code.get(&(*campus, code.to_owned()));
        verdict.subject = old.map(|room| room.id.uuid());
        let new = wanted(row, *campus, code, old);
        compare(old.map(input).as_ref(), &new, &mut verdict);
        if verdict.faults.is_empty() && row.staged.found.is_empty() && !verdict.changes.is_empty() {
            match new.checked() {
                Err(error) => verdict.told(&error),
                Ok(new) => {
                    let old = old.map(|room| (input(room).shown(), room.version, room.active));
                    verdict.plan = Some(Plan { new, old });
                }
            }
        }
        verdict
    }

    fn carry(Plan { new, old }: Plan, batch: &mut Batch) {
        match old {
            None => {
                batch.each(0, new.insert());
                batch.events.push(Event::new("room.added", new.id).new_value(new.shown()));
            }
            Some((old, version, active)) => {
                batch.one(new.update(version, active));
                batch.events.push(Event::new("room.edited", new.id).old(old).new_value(new.shown()));
            }
        }
    }
}
