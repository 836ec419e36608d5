//! Units: the tree of colleges, teams and offices, to see, add, change and move.

use crate::address::Address;
use crate::campus::Wanted;
use crate::filled::{Filled, units as unit_choices};
use crate::house::House;
use crate::listing::{self, Col, Listing, Narrowing, asked_words};
use crate::me::Me;
use crate::page::Page;
use crate::part::{Button, Cell, Choice, Empty, Fact, Faults, Field, Weight};
use crate::person::People;
use crate::record::{Asked, Record, Spot};
use crate::told::Stop;
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::Block;
use regie_access::{Action, Db, Width, width};
use regie_core::id::UnitId;
use regie_core::{Caller, Role};
use regie_people::unit::{self, AddUnit, EditUnit, Unit};
use regie_people::{Error, Page as Found, Paging};
use regie_texts::Texts;

urls! {
    pub Units = "/units";
    pub ExportUnits = "/units/export";
    pub NewUnit = "/units/new";
    pub UnitPage { id: String } = "/units/{id}";
    pub UnitEdit { id: String } = "/units/{id}/edit";
}

pub fn door() -> crate::door::Door<House> {
    crate::record_door!(Kind: Units, NewUnit, UnitPage, UnitEdit, ExportUnits)
}

pub(crate) struct Kind;

/// A unit in the list, below the one it belongs to.
pub(crate) struct Line {
    unit: Unit,
    above: Option<String>,
}

/// As a tree reads: every unit under the one above it, those of one level by name.
fn as_tree(all: Vec<Unit>) -> Vec<Line> {
    let known: std::collections::HashMap<UnitId, String> =
        all.iter().map(|unit| (unit.id, unit.name.clone())).collect();
    let mut below: std::collections::HashMap<Option<UnitId>, Vec<Unit>> = std::collections::HashMap::new();
    for unit in all {
        // What lies above may be out of reach or out of use: the unit then stands at the top.
        let above = unit.parent.filter(|parent| known.contains_key(parent));
        below.entry(above).or_default().push(unit);
    }
    let mut lines = Vec::new();
    let mut open: Vec<Unit> = below.remove(&None).unwrap_or_default();
    open.reverse();
    while let Some(unit) = open.pop() {
        open.extend(below.remove(&Some(unit.id)).unwrap_or_default().into_iter().rev());
        let above = unit.parent.and_then(|parent| known.get(&parent).cloned());
        lines.push(Line { unit, above });
    }
    lines
}

impl Listing for Kind {
    type Asked = Wanted;
    type Line = Line;
    const NAME: &'static str = "units";
    const TITLE: &'static str = "nav-units";

    fn place() -> String {
        Units {}.to_string()
    }

    fn export_place() -> String {
        ExportUnits {}.to_string()
    }

    fn keep(address: Address, asked: &Wanted) -> Address {
        asked.keep(address)
    }

    async fn found(house: &House, me: &Me, asked: &Wanted, paging: Paging) -> Result<Found<Line>, Stop> {
        let all = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
        let all = all.into_iter().filter(|unit| unit.active == asked.active()).collect();
        let words = asked_words(&asked.q);
        Ok(listing::sliced(as_tree(all), &words, paging, |line: &Line| {
            format!("{} {}", line.unit.code, line.unit.name)
        }))
    }

    fn columns(me: &Me) -> Vec<Col<Line>> {
        let texts = me.texts();
        vec![
            Col::new(texts.t("unit-name"), Weight::Key, |line: &Line| {
                let depth = usize::try_from(line.unit.depth).unwrap_or_default();
                let text = format!("{}{}", "– ".repeat(depth), line.unit.name);
                Cell::link(text, UnitPage { id: line.unit.id.to_string() })
            })
            .value(|line| crate::sheet::cell(line.unit.name.clone())),
            Col::text(texts.t("unit-code"), Weight::Main, |line: &Line| line.unit.code.clone()),
            Col::text(texts.t("unit-above"), Weight::Usual, |line: &Line| {
                line.above.clone().unwrap_or_default()
            }),
        ]
    }

    fn row(line: &Line) -> (String, String) {
        (line.unit.id.to_string(), line.unit.name.clone())
    }

    fn empty(texts: Texts) -> Empty {
        Empty::new("network", texts.t("unit-none"), texts.t("list-none-text"))
    }

    async fn narrowing(_: &House, me: &Me, asked: &Wanted, address: &Address) -> Result<Narrowing, Stop> {
        Ok(asked.narrowing(me.texts(), "unit-search", address))
    }

    fn first(me: &Me) -> Option<Button> {
        me.may(Action::EditOrganisation)
            .then(|| Button::link(me.texts().t("unit-add"), NewUnit {}).icon("plus").primary())
    }
}

impl Record for Kind {
    type Id = UnitId;
    type Now = Unit;
    type Input = AddUnit;
    const ACTION: Action = Action::EditOrganisation;
    const LIST: &'static str = "nav-units";
    const ADD: &'static str = "unit-add";

    fn place(spot: Spot<'_>) -> String {
        match spot {
            Spot::List => Units {}.to_string(),
            Spot::New => NewUnit {}.to_string(),
            Spot::One(id) => UnitPage { id: id.into() }.to_string(),
            Spot::Edit(id) => UnitEdit { id: id.into() }.to_string(),
        }
    }

    fn name(unit: &Unit) -> String {
        unit.name.clone()
    }

    fn version(unit: &Unit) -> i64 {
        unit.version
    }

    fn active(unit: &Unit) -> Option<bool> {
        Some(unit.active)
    }

    fn shown(unit: &Unit) -> Filled {
        Filled::of([
            ("name", unit.name.clone()),
            ("code", unit.code.clone()),
            ("parent", unit.parent.map(|parent| parent.to_string()).unwrap_or_default()),
        ])
    }

    fn fresh(_: &Me, asked: &Asked) -> Filled {
        Filled::of([("parent", asked.get("parent").cloned().unwrap_or_default())])
    }

    async fn fields(house: &House, me: &Me, known: Option<&Unit>) -> Result<Vec<Field>, Stop> {
        let texts = me.texts();
        let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
        let others: Vec<Unit> =
            units.into_iter().filter(|unit| known.is_none_or(|known| known.id != unit.id)).collect();
        let mut above = vec![Choice::new("", texts.t("unit-above-none"))];
        above.extend(unit_choices(&others));
        Ok(vec![
            Field::text(texts, "name", texts.t("unit-name")),
            Field::text(texts, "code", texts.t("unit-code")).hint(texts.t("unit-code-hint")).short(),
            Field::select(texts, "parent", texts.t("unit-above"), above)
                .hint(texts.t("unit-above-hint"))
                .optional(),
        ])
    }

    fn read(texts: Texts, filled: &Filled, id: UnitId, _: Option<&Unit>) -> Result<AddUnit, Faults> {
        let mut reading = filled.reading(texts);
        let parent = reading.maybe_chosen("parent");
        let (code, name) = (filled.text("code").into(), filled.text("name").into());
        reading.end(Some(AddUnit { id, parent, code, name }))
    }

    async fn see(db: &Db, caller: &Caller, id: UnitId) -> Result<Unit, Error> {
        unit::see(db, caller, id).await
    }

    async fn add(db: &Db, caller: &Caller, input: AddUnit) -> Result<UnitId, Error> {
        unit::add(db, caller, input).await
    }

    async fn edit(db: &Db, caller: &Caller, input: AddUnit, version: i64, active: bool) -> Result<(), Error> {
        let AddUnit { id, parent, code, name } = input;
        unit::edit(db, caller, EditUnit { id, version, parent, code, name, active }).await.map(drop)
    }

    async fn blocks(house: &House, me: &Me, id: &str, unit: &Unit, _: &Asked) -> Result<Vec<Block>, Stop> {
        let texts = me.texts();
        let all = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
        let above = all.iter().find(|other| Some(other.id) == unit.parent);
        let mut facts = vec![Fact::new(texts.t("unit-code"), unit.code.clone())];
        let over = Fact::new(
            texts.t("unit-above"),
            above.map_or_else(|| texts.t("unit-above-none").to_string(), |above| above.name.clone()),
        );
        facts.push(match above {
            Some(above) => over.href(UnitPage { id: above.id.to_string() }),
            None => over,
        });
        let below: Vec<Unit> = all.into_iter().filter(|other| other.parent == Some(unit.id)).collect();
        let lines = below.into_iter().map(|unit| Line { above: None, unit: Unit { depth: 0, ..unit } });
        let found = listing::sliced(lines.collect(), "", Paging::ALL, |_| String::new());
        let new = with_query(&NewUnit {}.to_string(), [("parent", id)]);
        let acts = match me.may(Action::EditOrganisation) && unit.active {
            true => vec![Button::link(texts.t("unit-add-below"), new).icon("plus")],
            false => Vec::new(),
        };
        let mut columns = Self::columns(me);
        columns.truncate(2);
        let list = listing::drawn::<Self>(me, "units", &columns, found);
        Ok(vec![Block::facts(texts.t("person-facts"), facts), Block::list(texts.t("unit-below"), acts, list)])
    }

    fn acts(me: &Me, id: &str, _: &Unit) -> Vec<Button> {
        // Who works for people finds those of the unit from here.
        let reach = width(me.caller().role.unwrap_or(Role::Student), Action::SeePeople);
        if reach.is_none_or(|reach| reach == Width::Own) {
            return Vec::new();
        }
        let people = with_query(&People {}.to_string(), [("unit", id)]);
        vec![Button::link(me.texts().t("unit-people"), people).icon("users")]
    }

    fn under(page: Page, _: Option<&Unit>) -> Page {
        let list = page.t(Self::LIST).to_string();
        page.under(list, Units {})
    }
}
