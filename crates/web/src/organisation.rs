//! Rooms and units, to look at.

use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Column, Empty, List, Notice, Row, Tone, Weight};
use crate::told::Stop;
use crate::url::Url as _;
use crate::urls;
use askama::Template;
use axum::extract::State;

urls! {
    pub Rooms = "/rooms";
    pub Units = "/units";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default().get(Rooms::at(), rooms).get(Units::at(), units)
}

#[derive(Template)]
#[template(path = "page/list.html")]
struct ListPage {
    page: Page,
    acts: Vec<Button>,
    first: Option<Button>,
    notice: Option<Notice>,
    list: List,
}

fn drawn(me: &Me, title: &'static str, list: List) -> View<ListPage> {
    let page = Page::new(me.viewer.clone(), me.texts().t(title));
    View::new(ListPage { page, acts: Vec::new(), first: None, notice: None, list })
}

async fn rooms(State(house): State<House>, me: Me) -> Result<View<ListPage>, Stop> {
    let texts = me.texts();
    let found =
        regie_people::room::list(&house.db, me.caller(), None).await.map_err(|error| me.stop(error))?;
    let columns = vec![
        Column::new(texts.t("room-code"), Weight::Key),
        Column::new(texts.t("room-campus"), Weight::Usual),
        Column::new(texts.t("room-seats"), Weight::Main).number(),
        Column::new(texts.t("room-devices"), Weight::Usual).number(),
        Column::new(texts.t("room-fit"), Weight::Wide),
        Column::new(texts.t("room-open"), Weight::Wide),
    ];
    let rows: Vec<Row> = found
        .into_iter()
        .map(|room| {
            let mut fit = Vec::new();
            if room.secure {
                fit.push(Chip::new(Tone::Info, texts.t("room-secure")));
            }
            if room.accessible {
                fit.push(Chip::new(Tone::Plain, texts.t("room-accessible")));
            }
            Row {
                id: room.id.to_string(),
                name: room.code.clone(),
                cells: vec![
                    match room.name {
                        Some(name) => Cell::Two { text: room.code, sub: name },
                        None => Cell::text(room.code),
                    },
                    Cell::text(room.campus_name),
                    Cell::text(texts.whole(room.seats.into())),
                    Cell::text(texts.whole(room.device_seats.into())),
                    Cell::Chips(fit),
                    Cell::text(format!("{}–{}", room.opens, room.closes)),
                ],
            }
        })
        .collect();
    let empty = Empty {
        icon: "building-2",
        title: texts.t("room-none").to_string(),
        text: texts.t("room-none-text").to_string(),
        actions: Vec::new(),
    };
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "rooms", texts.t("nav-rooms"), columns, empty)
    };
    Ok(drawn(&me, "nav-rooms", list))
}

async fn units(State(house): State<House>, me: Me) -> Result<View<ListPage>, Stop> {
    let texts = me.texts();
    let found = regie_people::unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let columns = vec![
        Column::new(texts.t("unit-name"), Weight::Key),
        Column::new(texts.t("unit-code"), Weight::Main),
        Column::new(texts.t("unit-above"), Weight::Usual),
    ];
    let name_of = |id| found.iter().find(|unit| Some(unit.id) == id).map(|unit| unit.name.clone());
    let rows: Vec<Row> = found
        .iter()
        .map(|unit| Row {
            id: unit.id.to_string(),
            name: unit.name.clone(),
            cells: vec![
                Cell::text(unit.name.clone()),
                Cell::text(unit.code.clone()),
                Cell::text(name_of(unit.parent).unwrap_or_default()),
            ],
        })
        .collect();
    let empty = Empty {
        icon: "network",
        title: texts.t("unit-none").to_string(),
        text: texts.t("unit-none-text").to_string(),
        actions: Vec::new(),
    };
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "units", texts.t("nav-units"), columns, empty)
    };
    Ok(drawn(&me, "nav-units", list))
}
