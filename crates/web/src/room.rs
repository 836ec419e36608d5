//! Rooms: find, see, add and change them.

use crate::address::Address;
use crate::campus::{CampusPage, Campuses};
use crate::filled::{Filled, or_none};
use crate::house::House;
use crate::listing::{self, Col, Listing, Narrowing, asked_words};
use crate::me::Me;
use crate::page::Page;
use crate::part::{Button, Cell, Chip, Choice, Empty, Fact, Faults, Field, Tone, Weight};
use crate::record::{Asked, Record, Spot};
use crate::told::Stop;
use crate::url::Url as _;
use crate::urls;
use crate::view::Block;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::RoomId;
use regie_people::room::{self, AddRoom, EditRoom, Room};
use regie_people::{Error, Page as Found, Paging, campus};
use regie_sheets::Value;
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Rooms = "/rooms";
    pub ExportRooms = "/rooms/export";
    pub NewRoom = "/rooms/new";
    pub RoomPage { id: String } = "/rooms/{id}";
    pub RoomEdit { id: String } = "/rooms/{id}/edit";
}

pub fn door() -> crate::door::Door<House> {
    crate::record_door!(Kind: Rooms, NewRoom, RoomPage, RoomEdit, ExportRooms)
}

pub(crate) struct Kind;

fn fit(texts: Texts, room: &Room) -> Vec<Chip> {
    let mut chips = Vec::new();
    if room.secure {
        chips.push(Chip::new(Tone::Info, texts.t("room-secure")));
    }
    if room.accessible {
        chips.push(Chip::new(Tone::Plain, texts.t("room-accessible")));
    }
    chips
}

fn hours(room: &Room) -> String {
    format!("{}–{}", room.opens, room.closes)
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    campus: String,
    #[serde(default)]
    state: String,
}

impl Listing for Kind {
    type Asked = Wanted;
    type Line = Room;
    const NAME: &'static str = "rooms";
    const TITLE: &'static str = "nav-rooms";

    fn place() -> String {
        Rooms {}.to_string()
    }

    fn export_place() -> String {
        ExportRooms {}.to_string()
    }

    fn keep(address: Address, asked: &Wanted) -> Address {
        address.keep("q", &asked.q).keep("campus", &asked.campus).keep("state", &asked.state)
    }

    async fn found(house: &House, me: &Me, asked: &Wanted, paging: Paging) -> Result<Found<Room>, Stop> {
        let campus = asked.campus.parse().ok();
        let all = room::list(&house.db, me.caller(), campus).await.map_err(|error| me.stop(error))?;
        let active = asked.state != "inactive";
        let all = all.into_iter().filter(|room| room.active == active).collect();
        Ok(listing::sliced(all, &asked_words(&asked.q), paging, |room: &Room| {
            format!("{} {} {}", room.code, room.name.as_deref().unwrap_or_default(), room.campus_name)
        }))
    }

    fn columns(me: &Me) -> Vec<Col<Room>> {
        let texts = me.texts();
        let yes = |said: fn(&Room) -> bool| move |room: &Room| Some(Value::YesNo(said(room)));
        let time = |said: fn(&Room) -> &String| move |room: &Room| said(room).parse().ok().map(Value::Time);
        vec![
            Col::new(texts.t("room-code"), Weight::Key, |room: &Room| Cell::Link {
                text: room.code.clone(),
                href: RoomPage { id: room.id.to_string() }.to_string(),
                sub: room.name.clone(),
            }),
            Col::filed(texts.t("field-name"), |room: &Room| room.name.clone().map(Value::Text)),
            Col::text(texts.t("room-campus"), Weight::Usual, |room: &Room| room.campus_name.clone()),
            Col::whole(texts, texts.t("room-seats"), Weight::Main, |room: &Room| room.seats.into()),
            Col::whole(texts, texts.t("room-devices"), Weight::Usual, |room: &Room| room.device_seats.into()),
            Col::new(texts.t("room-fit"), Weight::Wide, move |room| Cell::Chips(fit(texts, room)))
                .on_screen_alone(),
            Col::filed(texts.t("room-secure"), yes(|room| room.secure)),
            Col::filed(texts.t("room-accessible"), yes(|room| room.accessible)),
            Col::text(texts.t("room-open"), Weight::Wide, hours).on_screen_alone(),
            Col::filed(texts.t("field-opens"), time(|room| &room.opens)),
            Col::filed(texts.t("field-closes"), time(|room| &room.closes)),
        ]
    }

    fn row(room: &Room) -> (String, String) {
        (room.id.to_string(), room.code.clone())
    }

    fn empty(texts: Texts) -> Empty {
        Empty::new("building-2", texts.t("room-none"), texts.t("list-none-text"))
    }

    async fn narrowing(house: &House, me: &Me, asked: &Wanted, address: &Address) -> Result<Narrowing, Stop> {
        let texts = me.texts();
        let campuses = campus::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
        let mut places = vec![(String::new(), texts.t("room-campus-all").to_string())];
        places.extend(campuses.iter().map(|campus| (campus.id.to_string(), campus.name.clone())));
        let chosen = campuses.iter().find(|campus| campus.id.to_string() == asked.campus);
        let mut active: Vec<_> = address.words().into_iter().collect();
        active.extend(chosen.map(|campus| address.chosen("campus", campus.name.clone())));
        let wishes = vec![
            listing::word(texts, "filter-show"),
            listing::choose(texts, "campus", "room-campus", places, &asked.campus),
            listing::word(texts, "filter-that-are"),
            listing::in_use(texts, &asked.state),
            listing::word(texts, "filter-called"),
            listing::search(texts, "room-search", &asked.q),
        ];
        Ok(Narrowing { wishes, active })
    }

    fn first(me: &Me) -> Option<Button> {
        me.may(Action::EditOrganisation)
            .then(|| Button::link(me.texts().t("room-add"), NewRoom {}).icon("plus").primary())
    }

    fn acts(me: &Me) -> Vec<Button> {
        vec![Button::link(me.texts().t("nav-campuses"), Campuses {}).icon("map-pin")]
    }
}

impl Record for Kind {
    type Id = RoomId;
    type Now = Room;
    type Input = AddRoom;
    const ACTION: Action = Action::EditOrganisation;
    const LIST: &'static str = "nav-rooms";
    const ADD: &'static str = "room-add";

    fn place(spot: Spot<'_>) -> String {
        match spot {
            Spot::List => Rooms {}.to_string(),
            Spot::New => NewRoom {}.to_string(),
            Spot::One(id) => RoomPage { id: id.into() }.to_string(),
            Spot::Edit(id) => RoomEdit { id: id.into() }.to_string(),
        }
    }

    fn name(room: &Room) -> String {
        room.code.clone()
    }

    fn version(room: &Room) -> i64 {
        room.version
    }

    fn active(room: &Room) -> Option<bool> {
        Some(room.active)
    }

    fn shown(room: &Room) -> Filled {
        let tick = |on: bool| if on { "yes".to_owned() } else { String::new() };
        Filled::of([
            ("campus", room.campus.to_string()),
            ("code", room.code.clone()),
            ("name", or_none(&room.name)),
            ("seats", room.seats.to_string()),
            ("device_seats", room.device_seats.to_string()),
            ("secure", tick(room.secure)),
            ("accessible", tick(room.accessible)),
            ("opens", room.opens.clone()),
            ("closes", room.closes.clone()),
        ])
    }

    fn fresh(_: &Me, asked: &Asked) -> Filled {
        Filled::of([
            ("campus", asked.get("campus").cloned().unwrap_or_default()),
            ("device_seats", "0".into()),
            ("opens", "08:00".into()),
            ("closes", "18:00".into()),
        ])
    }

    async fn fields(house: &House, me: &Me, known: Option<&Room>) -> Result<Vec<Field>, Stop> {
        let texts = me.texts();
        let campuses = campus::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
        let mut sites = vec![Choice::new("", texts.t("choose-one"))];
        let here = known.map(|room| room.campus);
        let open = campuses.into_iter().filter(|campus| campus.active || Some(campus.id) == here);
        sites.extend(open.map(|campus| Choice::new(campus.id.to_string(), campus.name)));
        Ok(vec![
            Field::select(texts, "campus", texts.t("room-campus"), sites),
            Field::text(texts, "code", texts.t("room-code")).hint(texts.t("room-code-hint")).short(),
            Field::text(texts, "name", texts.t("field-name")).optional(),
            Field::number(texts, "seats", texts.t("room-seats")).hint(texts.t("room-seats-hint")),
            Field::number(texts, "device_seats", texts.t("room-devices")).hint(texts.t("room-devices-hint")),
            Field::check(texts, "secure", texts.t("room-secure")).hint(texts.t("room-secure-hint")),
            Field::check(texts, "accessible", texts.t("room-accessible"))
                .hint(texts.t("room-accessible-hint")),
            Field::time(texts, "opens", texts.t("field-opens")),
            Field::time(texts, "closes", texts.t("field-closes")),
        ])
    }

    fn read(texts: Texts, filled: &Filled, id: RoomId, _: Option<&Room>) -> Result<AddRoom, Faults> {
        let mut reading = filled.reading(texts);
        let campus = reading.chosen("campus");
        let seats = reading.number("seats").zip(reading.number("device_seats"));
        let hours = reading.time("opens").zip(reading.time("closes"));
        let whole = campus.zip(seats).zip(hours).map(|((campus, (seats, device_seats)), (opens, closes))| {
            let (code, name) = (filled.text("code").to_owned(), filled.maybe("name"));
            let (secure, accessible) = (filled.has("secure"), filled.has("accessible"));
            AddRoom { id, campus, code, name, seats, device_seats, secure, accessible, opens, closes }
        });
        reading.end(whole)
    }

    async fn see(db: &Db, caller: &Caller, id: RoomId) -> Result<Room, Error> {
        room::see(db, caller, id).await
    }

    async fn add(db: &Db, caller: &Caller, input: AddRoom) -> Result<RoomId, Error> {
        room::add(db, caller, input).await
    }

    async fn edit(db: &Db, caller: &Caller, room: AddRoom, version: i64, active: bool) -> Result<(), Error> {
        room::edit(db, caller, EditRoom { room, version, active }).await.map(drop)
    }

    async fn blocks(_: &House, me: &Me, _: &str, room: &Room, _: &Asked) -> Result<Vec<Block>, Stop> {
        let texts = me.texts();
        let yes = |on| texts.t(if on { "word-yes" } else { "word-no" }).to_string();
        Ok(vec![Block::facts(
            texts.t("person-facts"),
            vec![
                Fact::new(texts.t("room-campus"), room.campus_name.clone())
                    .href(CampusPage { id: room.campus.to_string() }),
                Fact::new(texts.t("field-name"), room.name.clone().unwrap_or_else(|| "–".into())),
                Fact::new(texts.t("room-seats"), texts.whole(room.seats.into())),
                Fact::new(texts.t("room-devices"), texts.whole(room.device_seats.into())),
                Fact::new(texts.t("room-secure"), yes(room.secure)),
                Fact::new(texts.t("room-accessible"), yes(room.accessible)),
                Fact::new(texts.t("room-open"), hours(room)),
            ],
        )])
    }

    fn under(page: Page, room: Option<&Room>) -> Page {
        let list = page.t(Self::LIST).to_string();
        let page = page.under(list, Rooms {});
        match room {
            Some(room) => page.under(room.campus_name.clone(), CampusPage { id: room.campus.to_string() }),
            None => page,
        }
    }
}
