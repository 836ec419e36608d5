//! Rooms, by campus and code.

use super::super::Kind;
use super::place::{Named, known_campuses};
use super::sheet::{Plan, Sheet, Stood};
use super::{Row, Verdict};
use crate::Error;
use crate::room::{AddRoom, Room};
use jiff::civil::Time;
use regie_core::Caller;
use regie_core::column::{Column, Shape};
use regie_core::id::{CampusId, Id, RoomId};
use regie_db::{Ask, Event, Query};
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
    by_code: HashMap<(CampusId, String), Stood<AddRoom>>,
}

impl Rooms {
    fn campus(&self, row: &Row<'_>) -> Option<CampusId> {
        self.campuses.find(row.text("campus")?).map(|campus| campus.0)
    }
}

impl Sheet for Rooms {
    type Thing = AddRoom;
    const KEY: &'static str = "code";
    const ADDED: &'static str = "room.added";
    const EDITED: &'static str = "room.edited";

    async fn known(q: &mut impl Ask, caller: &Caller, kind: Kind) -> Result<Self, Error> {
        regie_access::here(q, caller, kind.action()).await?;
        let stood = |room: Room| {
            let stood =
                Stood { id: room.id.uuid(), version: room.version, active: room.active, thing: input(&room) };
            ((room.campus, room.code), stood)
        };
        let rooms = q.all(crate::room::all_query()).await?;
        Ok(Self { campuses: known_campuses(q).await?, by_code: rooms.into_iter().map(stood).collect() })
    }

    /// Where and what: the same code may stand on two campuses.
    fn said(&self, row: &Row<'_>) -> Option<String> {
        let campus = row.text("campus").unwrap_or_default();
        let campus = self.campuses.find(campus).map_or(campus, |found| found.1.as_str());
        Some(format!("{campus} {}", row.text("code")?))
    }

    fn label(&self, row: &Row<'_>) -> String {
        self.said(row).unwrap_or_default()
    }

    fn standing(&self, row: &Row<'_>) -> Option<&Stood<AddRoom>> {
        self.by_code.get(&(self.campus(row)?, row.owned("code")?))
    }

    fn wanted(
        &self,
        row: &Row<'_>,
        old: Option<&AddRoom>,
        verdict: &mut Verdict<Plan<AddRoom>>,
    ) -> Option<AddRoom> {
        let word = row.text("campus")?;
        let Some(campus) = self.campus(row) else {
            verdict.refuse("import-campus-unknown", "campus", [("value", word.into())]);
            return None;
        };
        Some(wanted(row, campus, row.text("code")?, old))
    }

    fn checked(&self, room: AddRoom) -> Result<AddRoom, Error> {
        room.checked()
    }

    fn words(&self, room: &AddRoom) -> Vec<(&'static str, Option<String>)> {
        let clock = |time: Time| Some(time.strftime("%H:%M").to_string());
        vec![
            ("name", room.name.clone()),
            ("seats", Some(room.seats.to_string())),
            ("device_seats", Some(room.device_seats.to_string())),
            ("secure", Some(room.secure.to_string())),
            ("accessible", Some(room.accessible.to_string())),
            ("opens", clock(room.opens)),
            ("closes", clock(room.closes)),
        ]
    }

    fn event(action: &'static str, room: &AddRoom) -> Event {
        Event::new(action, room.id)
    }

    fn shown(room: &AddRoom) -> Value {
        room.shown()
    }

    fn insert(room: &AddRoom) -> Query<()> {
        room.insert()
    }

    fn update(room: &AddRoom, version: i64, active: bool) -> Query<()> {
        room.update(version, active)
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

fn wanted(row: &Row<'_>, campus: CampusId, code: &str, old: Option<&AddRoom>) -> AddRoom {
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
        Clone::clone,
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
