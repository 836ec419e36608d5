//! Placing people in a group, and their leaving it.

use super::{GroupPage, Groups};
use crate::address::{Address, page};
use crate::error::Error;
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Bulk, Button, Cell, Column, Empty, Faults, Field, Filter, List, Notice, Row, Tone, Weight, Wish,
};
use crate::record::id_of;
use crate::told::{Stop, fault};
use crate::url::Url as _;
use crate::urls;
use crate::view::{FormView, ListView, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::id::{PersonId, UnitId};
use regie_people::group::{self, Join, Leave, Part};
use regie_people::person::{self, Kind};
use serde::Deserialize;

urls! {
    pub AddMembers { id: String } = "/groups/{id}/members";
    pub MemberLeave { id: String, person: String } = "/groups/{id}/members/{person}/leave";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(AddMembers::at(), choose)
        .post(AddMembers::at(), place)
        .get(MemberLeave::at(), ask)
        .post(MemberLeave::at(), leave)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    part: String,
    #[serde(default)]
    unit: String,
    page: Option<u32>,
}

async fn choose(
    State(house): State<House>,
    me: Me,
    Path(at): Path<AddMembers>,
    Query(asked): Query<Asked>,
) -> Result<View<ListView>, Stop> {
    me.must(Action::EditPeople)?;
    Ok(View::new(drawn(&house, &me, &at, &asked, None).await?))
}

/// People to tick, narrowed to students or staff, at first of the group's own team.
async fn drawn(
    house: &House,
    me: &Me,
    at: &AddMembers,
    asked: &Asked,
    faults: Option<Faults>,
) -> Result<ListView, Stop> {
    let texts = me.texts();
    let one = group::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let part = Part::from_code(&asked.part).unwrap_or(Part::Student);
    let unit = match asked.unit.as_str() {
        "all" => None,
        "" => Some(one.unit),
        text => text.parse::<UnitId>().ok(),
    };
    let narrowed = person::Filter {
        text: asked.q.chars().take(100).collect(),
        kind: Some(if part == Part::Student { Kind::Student } else { Kind::Staff }),
        unit,
        page: page(asked.page),
        ..person::Filter::default()
    };
    let found = person::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let here = AddMembers { id: at.id.clone() };
    let address = Address::new(&here).keep("q", &asked.q).keep("part", part.code()).keep("unit", &asked.unit);
    let columns = vec![
        Column::new(texts.t("person-name"), Weight::Key),
        Column::new(texts.t("person-number"), Weight::Main),
        Column::new(texts.t("person-unit"), Weight::Usual),
    ];
    let rows = found.lines.into_iter().map(|line| Row {
        id: line.id.to_string(),
        name: line.display_name.clone(),
        cells: vec![
            Cell::text(line.display_name),
            Cell::text(line.number.unwrap_or_default()),
            Cell::text(line.unit_name.unwrap_or_default()),
        ],
    });
    let filter = Filter {
        action: here.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            Wish::Choose {
                name: "unit".into(),
                label: texts.t("person-unit").to_string(),
                options: vec![
                    (String::new(), one.unit_name.clone()),
                    ("all".into(), texts.t("person-unit-all").to_string()),
                ],
                chosen: asked.unit.clone(),
            },
            Wish::Words(texts.t("filter-with").to_string()),
            Wish::Search {
                name: "q".into(),
                label: texts.t("filter-search").to_string(),
                value: asked.q.clone(),
            },
            Wish::Keep { name: "part".into(), value: part.code().into() },
        ],
    };
    let empty = Empty::new("users", texts.t("person-none"), texts.t("person-none-text"));
    let list = List {
        filter: Some(filter),
        active: address.words().into_iter().collect(),
        clear: here.to_string(),
        total: found.total,
        rows: rows.collect(),
        bulk: Some(Bulk {
            action: address.same(),
            csrf: me.viewer.csrf.clone(),
            buttons: vec![Button::submit_as(texts.t("group-place-ticked"), "part", part.code()).primary()],
        }),
        pager: address.pager(texts, narrowed.page, narrowed.size, found.total),
        ..List::new(texts, "people", texts.t("nav-people"), columns, empty)
    };
    let title = texts.of("group-place", part.code()).to_string();
    let page = Page::new(me.viewer.clone(), title)
        .under(texts.t("nav-groups"), Groups {})
        .under(one.code, GroupPage { id: at.id.clone() });
    let said = faults.and_then(|faults| faults.faults.into_iter().next()).map(|fault| fault.text);
    Ok(ListView::new(page, list).notice(said.map(|text| Notice::new(Tone::Danger, text).loud())))
}

async fn place(
    State(house): State<House>,
    me: Me,
    Path(at): Path<AddMembers>,
    Query(asked): Query<Asked>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditPeople)?;
    let id = id_of(&at.id)?;
    let one = group::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let persons: Vec<PersonId> = filled.all("row").filter_map(|text| text.parse().ok()).collect();
    let part = Part::from_code(filled.text("part")).or_else(|| Part::from_code(&asked.part));
    let input = Join {
        group: id,
        persons,
        part: part.unwrap_or(Part::Student),
        // From today, or from the group's first day when that is still to come.
        begins: me.caller().today().max(one.begins),
        ends: None,
    };
    let faults = match group::join(&house.db, &filled.caller(&me), input).await {
        Ok(_) => return Ok(to(GroupPage { id: at.id })),
        Err(error) => fault(texts, error)?,
    };
    Ok(View::invalid(drawn(&house, &me, &at, &asked, Some(faults)).await?).into_response())
}

fn person_of(text: &str) -> Result<PersonId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

async fn form(
    house: &House,
    me: &Me,
    at: &MemberLeave,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let person = person_of(&at.person)?;
    let one = group::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let who = person::see(&house.db, me.caller(), person).await.map_err(|error| me.stop(error))?;
    let fields = vec![
        filled.put(Field::date(texts, "last_day", texts.t("field-last_day")).hint(texts.t("last-day-hint"))),
        filled.put(Field::text(texts, "reason", texts.t("field-reason")).optional()),
    ];
    let title = texts.t("group-leave-of").with("name", who.display_name).to_string();
    let back = GroupPage { id: at.id.clone() };
    let page =
        Page::new(me.viewer.clone(), title).under(texts.t("nav-groups"), Groups {}).under(one.code, &back);
    Ok(FormView::new(house, me, page, at, back, fields, faults).submit(texts.t("group-leave"), true))
}

async fn ask(
    State(house): State<House>,
    me: Me,
    Path(at): Path<MemberLeave>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::EditPeople)?;
    let filled = Filled::of([("last_day", me.caller().today().to_string())]);
    Ok(View::new(form(&house, &me, &at, &filled, Faults::none(me.texts())).await?))
}

async fn leave(
    State(house): State<House>,
    me: Me,
    Path(at): Path<MemberLeave>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditPeople)?;
    let (group, person) = (id_of(&at.id)?, person_of(&at.person)?);
    let mut reading = filled.reading(texts);
    let last_day = reading.date("last_day");
    let faults = match reading.end(last_day) {
        Ok(last_day) => {
            let input = Leave { group, person, last_day, reason: filled.maybe("reason") };
            match group::leave(&house.db, &filled.caller(&me), input).await {
                Ok(()) => return Ok(to(GroupPage { id: at.id })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &at, &filled, faults).await?).into_response())
}
