//! Campuses: find, see, add and change them, and their rooms.

use crate::address::Address;
use crate::filled::{Filled, or_none};
use crate::house::House;
use crate::listing::{self, Col, Listing, Narrowing, asked_words};
use crate::me::Me;
use crate::part::{Button, Cell, Empty, Fact, Faults, Field, Weight};
use crate::record::{Asked, Record, Spot, id_of};
use crate::room::{Kind as RoomKind, NewRoom};
use crate::told::Stop;
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::Block;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::CampusId;
use regie_people::campus::{self, AddCampus, Campus, EditCampus};
use regie_people::{Error, Page as Found, Paging, room};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Campuses = "/campuses";
    pub ExportCampuses = "/campuses/export";
    pub NewCampus = "/campuses/new";
    pub CampusPage { id: String } = "/campuses/{id}";
    pub CampusEdit { id: String } = "/campuses/{id}/edit";
}

pub fn door() -> crate::door::Door<House> {
    crate::record_door!(Kind: Campuses, NewCampus, CampusPage, CampusEdit, ExportCampuses)
}

pub(crate) struct Kind;

/// Words, and whether it is in use: enough for lists that are never long.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub state: String,
}

impl Wanted {
    pub fn keep(&self, address: Address) -> Address {
        address.keep("q", &self.q).keep("state", &self.state)
    }

    pub fn active(&self) -> bool {
        self.state != "inactive"
    }

    pub fn narrowing(&self, texts: Texts, label: &'static str, address: &Address) -> Narrowing {
        let wishes = vec![
            listing::word(texts, "filter-show"),
            listing::in_use(texts, &self.state),
            listing::word(texts, "filter-called"),
            listing::search(texts, label, &self.q),
        ];
        Narrowing { wishes, active: address.words().into_iter().collect() }
    }
}

impl Listing for Kind {
    type Asked = Wanted;
    type Line = Campus;
    const NAME: &'static str = "campuses";
    const TITLE: &'static str = "nav-campuses";

    fn place() -> String {
        Campuses {}.to_string()
    }

    fn export_place() -> String {
        ExportCampuses {}.to_string()
    }

    fn keep(address: Address, asked: &Wanted) -> Address {
        asked.keep(address)
    }

    async fn found(house: &House, me: &Me, asked: &Wanted, paging: Paging) -> Result<Found<Campus>, Stop> {
        let all = campus::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
        let all = all.into_iter().filter(|campus| campus.active == asked.active()).collect();
        Ok(listing::sliced(all, &asked_words(&asked.q), paging, |campus: &Campus| {
            format!("{} {} {}", campus.code, campus.name, campus.city.as_deref().unwrap_or_default())
        }))
    }

    fn columns(me: &Me) -> Vec<Col<Campus>> {
        let texts = me.texts();
        vec![
            Col::new(texts.t("campus-name"), Weight::Key, |campus: &Campus| {
                Cell::link(campus.name.clone(), CampusPage { id: campus.id.to_string() })
            }),
            Col::text(texts.t("field-code"), Weight::Main, |campus: &Campus| campus.code.clone()),
            Col::text(texts.t("field-street"), Weight::Wide, |campus: &Campus| or_none(&campus.street)),
            Col::text(texts.t("field-city"), Weight::Usual, |campus: &Campus| or_none(&campus.city)),
            Col::whole(texts, texts.t("nav-rooms"), Weight::Usual, |campus: &Campus| campus.rooms),
        ]
    }

    fn row(campus: &Campus) -> (String, String) {
        (campus.id.to_string(), campus.name.clone())
    }

    fn empty(texts: Texts) -> Empty {
        Empty::new("map-pin", texts.t("campus-none"), texts.t("list-none-text"))
    }

    async fn narrowing(_: &House, me: &Me, asked: &Wanted, address: &Address) -> Result<Narrowing, Stop> {
        Ok(asked.narrowing(me.texts(), "campus-search", address))
    }

    fn first(me: &Me) -> Option<Button> {
        me.may(Action::EditOrganisation)
            .then(|| Button::link(me.texts().t("campus-add"), NewCampus {}).icon("plus").primary())
    }
}

impl Record for Kind {
    type Id = CampusId;
    type Now = Campus;
    type Input = AddCampus;
    const ACTION: Action = Action::EditOrganisation;
    const LIST: &'static str = "nav-campuses";
    const ADD: &'static str = "campus-add";

    fn place(spot: Spot<'_>) -> String {
        match spot {
            Spot::List => Campuses {}.to_string(),
            Spot::New => NewCampus {}.to_string(),
            Spot::One(id) => CampusPage { id: id.into() }.to_string(),
            Spot::Edit(id) => CampusEdit { id: id.into() }.to_string(),
        }
    }

    fn name(campus: &Campus) -> String {
        campus.name.clone()
    }

    fn version(campus: &Campus) -> i64 {
        campus.version
    }

    fn active(campus: &Campus) -> Option<bool> {
        Some(campus.active)
    }

    fn shown(campus: &Campus) -> Filled {
        Filled::of([
            ("name", campus.name.clone()),
            ("code", campus.code.clone()),
            ("street", or_none(&campus.street)),
            ("city", or_none(&campus.city)),
        ])
    }

    async fn fields(_: &House, me: &Me, _: Option<&Campus>) -> Result<Vec<Field>, Stop> {
        let texts = me.texts();
        Ok(vec![
            Field::text(texts, "name", texts.t("campus-name")),
            Field::text(texts, "code", texts.t("field-code")).hint(texts.t("campus-code-hint")).short(),
            Field::text(texts, "street", texts.t("field-street")).optional(),
            Field::text(texts, "city", texts.t("field-city")).optional(),
        ])
    }

    fn read(_: Texts, filled: &Filled, id: CampusId, _: Option<&Campus>) -> Result<AddCampus, Faults> {
        Ok(AddCampus {
            id,
            code: filled.text("code").into(),
            name: filled.text("name").into(),
            street: filled.maybe("street"),
            city: filled.maybe("city"),
        })
    }

    async fn see(db: &Db, caller: &Caller, id: CampusId) -> Result<Campus, Error> {
        campus::see(db, caller, id).await
    }

    async fn add(db: &Db, caller: &Caller, input: AddCampus) -> Result<CampusId, Error> {
        campus::add(db, caller, input).await
    }

    async fn edit(
        db: &Db,
        caller: &Caller,
        input: AddCampus,
        version: i64,
        active: bool,
    ) -> Result<(), Error> {
        let AddCampus { id, code, name, street, city } = input;
        campus::edit(db, caller, EditCampus { id, version, code, name, street, city, active }).await.map(drop)
    }

    async fn blocks(
        house: &House,
        me: &Me,
        id: &str,
        campus: &Campus,
        _: &Asked,
    ) -> Result<Vec<Block>, Stop> {
        let texts = me.texts();
        let dash = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".into());
        let facts = vec![
            Fact::new(texts.t("field-code"), campus.code.clone()),
            Fact::new(texts.t("field-street"), dash(&campus.street)),
            Fact::new(texts.t("field-city"), dash(&campus.city)),
        ];
        let rooms = room::list(&house.db, me.caller(), Some(id_of(id)?)).await;
        let rooms = rooms.map_err(|error| me.stop(error))?;
        let found = listing::sliced(rooms, "", Paging::ALL, |_| String::new());
        let new = with_query(&NewRoom {}.to_string(), [("campus", id)]);
        let acts = match me.may(Action::EditOrganisation) && campus.active {
            true => vec![Button::link(texts.t("room-add"), new).icon("plus")],
            false => Vec::new(),
        };
        Ok(vec![
            Block::facts(texts.t("person-facts"), facts),
            Block::list(texts.t("nav-rooms"), acts, listing::bare::<RoomKind>(me, "rooms", found)),
        ])
    }
}
