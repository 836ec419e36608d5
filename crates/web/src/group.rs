//! Groups: find, see, add and change them, and who is in them.

mod member;

use crate::address::{Address, page};
use crate::error::Error;
use crate::filled::{Filled, units as unit_choices};
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Chip, Choice, Column, Empty, Fact, Faults, Field, Filter, List, Row, Tone, Weight, Wish,
};
use crate::person::PersonPage;
use crate::program::Shown;
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{Block, DetailView, FormView, ListView, history, period, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use member::{AddMembers, MemberLeave};
use regie_access::Action;
use regie_core::id::GroupId;
use regie_people::group::{self, AddGroup, EditGroup, Filter as Narrowed, Group, GroupLine, Member, Part};
use regie_people::{Page as Found, Paging, unit};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Groups = "/groups";
    pub NewGroup = "/groups/new";
    pub GroupPage { id: String } = "/groups/{id}";
    pub GroupEdit { id: String } = "/groups/{id}/edit";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Groups::at(), list)
        .get(NewGroup::at(), new)
        .post(NewGroup::at(), add)
        .get(GroupPage::at(), show)
        .get(GroupEdit::at(), edit)
        .post(GroupEdit::at(), save)
        .and(member::door())
}

fn id_of(text: &str) -> Result<GroupId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    when: String,
    page: Option<u32>,
}

/// Groups as a list; the home page of a teacher shows their own.
pub(crate) fn group_list(texts: Texts, found: Found<GroupLine>) -> List {
    let columns = vec![
        Column::new(texts.t("group-code"), Weight::Key),
        Column::new(texts.t("person-unit"), Weight::Usual),
        Column::new(texts.t("program-students"), Weight::Main).number(),
        Column::new(texts.t("group-teachers"), Weight::Wide).number(),
        Column::new(texts.t("enrolment-period"), Weight::Wide),
    ];
    let rows = found.lines.into_iter().map(|line| Row {
        id: line.id.to_string(),
        name: line.code.clone(),
        cells: vec![
            Cell::Link {
                text: line.code,
                href: GroupPage { id: line.id.to_string() }.to_string(),
                sub: Some(line.name),
            },
            Cell::text(line.unit_name),
            Cell::text(texts.whole(line.students)),
            Cell::text(texts.whole(line.teachers)),
            Cell::text(period(texts, line.begins, line.ends)),
        ],
    });
    let empty = Empty::new("users", texts.t("group-none"), texts.t("group-none-text"));
    List {
        total: found.total,
        rows: rows.collect(),
        ..List::new(texts, "groups", texts.t("nav-groups"), columns, empty)
    }
}

async fn list(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let now = asked.when != "always";
    let narrowed = Narrowed {
        text: asked.q.chars().take(100).collect(),
        unit: asked.unit.parse().ok(),
        on: now.then(|| me.caller().today()),
        paging: Paging { page: page(asked.page), size: 50 },
    };
    let found = group::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let units = unit::list(&house.db, me.caller()).await.unwrap_or_default();
    let address =
        Address::new(Groups {}).keep("q", &asked.q).keep("unit", &asked.unit).keep("when", &asked.when);
    let mut places = vec![(String::new(), texts.t("person-unit-all").to_string())];
    places.extend(units.iter().map(|unit| (unit.id.to_string(), unit.name.clone())));
    let filter = Filter {
        action: Groups {}.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            Wish::Choose {
                name: "when".into(),
                label: texts.t("enrolment-period").to_string(),
                options: vec![
                    (String::new(), texts.t("group-now").to_string()),
                    ("always".into(), texts.t("group-always").to_string()),
                ],
                chosen: asked.when.clone(),
            },
            Wish::Words(texts.t("filter-of").to_string()),
            Wish::Choose {
                name: "unit".into(),
                label: texts.t("person-unit").to_string(),
                options: places,
                chosen: asked.unit.clone(),
            },
            Wish::Words(texts.t("filter-called").to_string()),
            Wish::Search {
                name: "q".into(),
                label: texts.t("group-search").to_string(),
                value: asked.q.clone(),
            },
        ],
    };
    let mut active: Vec<_> = address.words().into_iter().collect();
    let chosen = units.iter().find(|unit| Some(unit.id) == narrowed.unit);
    active.extend(chosen.map(|unit| address.chosen("unit", unit.name.clone())));
    let total = found.total;
    let list = List {
        filter: Some(filter),
        active,
        clear: Groups {}.to_string(),
        pager: address.pager(texts, narrowed.paging.page, narrowed.paging.size, total),
        ..group_list(texts, found)
    };
    let first = me
        .may(Action::EditPeople)
        .then(|| Button::link(texts.t("group-add"), NewGroup {}).icon("plus").primary());
    Ok(View::new(ListView::new(Page::new(me.viewer.clone(), texts.t("nav-groups")), list).first(first)))
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<GroupPage>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    let one = group::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let members = group::members(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let lines = group::history(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let today = me.caller().today();
    let facts = vec![
        Fact::new(texts.t("group-name"), one.name.clone()),
        Fact::new(texts.t("person-unit"), one.unit_name.clone()),
        Fact::new(texts.t("enrolment-period"), period(texts, one.begins, one.ends)),
    ];
    let may = me.may(Action::EditPeople);
    let (now, before): (Vec<Member>, Vec<Member>) =
        members.into_iter().partition(|member| member.ends.is_none_or(|ends| ends >= today));
    let (teachers, students): (Vec<Member>, Vec<Member>) =
        now.into_iter().partition(|member| member.part == Part::Teacher);
    let place =
        |part: Part| with_query(&AddMembers { id: at.id.clone() }.to_string(), [("part", part.code())]);
    let acts = |part: Part| match may {
        true => {
            vec![Button::link(texts.of("group-place", part.code()), place(part)).icon("user-plus").small()]
        }
        false => Vec::new(),
    };
    let mut blocks = vec![
        Block::facts(texts.t("person-facts"), facts),
        Block::list(
            texts.t("group-teachers"),
            acts(Part::Teacher),
            member_list(texts, &at.id, "teachers", teachers, today, may),
        ),
        Block::list(
            texts.t("people-student"),
            acts(Part::Student),
            member_list(texts, &at.id, "students", students, today, may),
        ),
    ];
    if !before.is_empty() {
        let list = member_list(texts, &at.id, "before", before, today, false);
        blocks.push(Block::list(texts.t("group-before"), Vec::new(), list));
    }
    let page = Page::new(me.viewer.clone(), one.code.clone()).under(texts.t("nav-groups"), Groups {});
    let first = may.then(|| {
        Button::link(texts.t("person-edit"), GroupEdit { id: at.id.clone() }).icon("pencil").primary()
    });
    Ok(View::new(DetailView { first, history: Some(history(&me, &lines)), ..DetailView::new(page, blocks) }))
}

fn member_list(texts: Texts, group: &str, id: &str, members: Vec<Member>, today: Date, may: bool) -> List {
    let mut columns = vec![
        Column::new(texts.t("person-name"), Weight::Key),
        Column::new(texts.t("person-number"), Weight::Main),
        Column::new(texts.t("enrolment-period"), Weight::Wide),
    ];
    if may {
        columns.push(Column::new(texts.t("list-do"), Weight::Usual));
    }
    let rows = members.into_iter().map(|member| {
        let when = if member.begins > today {
            Cell::Chip(Chip::new(
                Tone::Info,
                texts.t("role-since").with("begins", texts.date(member.begins)).to_string(),
            ))
        } else {
            Cell::text(period(texts, member.begins, member.ends))
        };
        let mut cells = vec![
            Cell::link(member.name.clone(), PersonPage { id: member.person.to_string() }),
            Cell::text(member.number.unwrap_or_default()),
            when,
        ];
        if may {
            let leave = MemberLeave { id: group.to_owned(), person: member.person.to_string() };
            let word = texts.t("group-leave-of").with("name", member.name.clone()).to_string();
            cells.push(Cell::Buttons(vec![
                Button::link(word, leave).icon("log-out").quiet().small().icon_only(),
            ]));
        }
        Row { id: member.person.to_string(), name: member.name, cells }
    });
    let rows: Vec<Row> = rows.collect();
    let empty = Empty::new("users", texts.t("group-nobody"), texts.t("group-nobody-text"));
    List { total: rows.len() as u64, rows, ..List::new(texts, id, texts.t("group-members"), columns, empty) }
}

async fn form(
    house: &House,
    me: &Me,
    filled: &Filled,
    faults: Faults,
    known: Option<(&str, &Group)>,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let mut teams = vec![Choice::new("", texts.t("choose-one"))];
    teams.extend(unit_choices(&units));
    let fields = vec![
        filled
            .put(Field::text(texts, "code", texts.t("group-code")).hint(texts.t("group-code-hint")).short()),
        filled.put(Field::text(texts, "name", texts.t("group-name"))),
        filled.put(Field::select(texts, "unit", texts.t("person-unit"), teams)),
        filled.put(Field::date(texts, "begins", texts.t("field-begins"))),
        filled.put(Field::date(texts, "ends", texts.t("field-ends")).hint(texts.t("ends-hint")).optional()),
    ];
    let (title, action, back) = match known {
        Some((id, one)) => {
            let action = GroupEdit { id: id.to_owned() }.to_string();
            let version = one.version.to_string();
            (
                texts.t("person-edit-title").with("name", one.code.clone()).to_string(),
                with_query(&action, [("version", version.as_str())]),
                GroupPage { id: id.to_owned() }.to_string(),
            )
        }
        None => (texts.t("group-add").to_string(), NewGroup {}.to_string(), Groups {}.to_string()),
    };
    let page = Page::new(me.viewer.clone(), title).under(texts.t("nav-groups"), Groups {});
    Ok(FormView::new(house, me, page, action, back, fields, faults))
}

fn read(texts: Texts, filled: &Filled, id: GroupId) -> Result<AddGroup, Faults> {
    let mut reading = filled.reading(texts);
    let unit = reading.chosen("unit");
    let (begins, ends) = (reading.date("begins"), reading.maybe_date("ends"));
    let (code, name) = (filled.text("code").to_owned(), filled.text("name").to_owned());
    let whole = unit.zip(begins).map(|(unit, begins)| AddGroup { id, code, name, unit, begins, ends });
    reading.end(whole)
}

async fn new(State(house): State<House>, me: Me) -> Result<View<FormView>, Stop> {
    me.must(Action::EditPeople)?;
    let filled = Filled::of([("begins", me.caller().today().to_string())]);
    Ok(View::new(form(&house, &me, &filled, Faults::none(me.texts()), None).await?))
}

async fn add(State(house): State<House>, me: Me, filled: Filled) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditPeople)?;
    let faults = match read(texts, &filled, house.new_id()) {
        Ok(input) => match group::add(&house.db, &filled.caller(&me), input).await {
            Ok(id) => return Ok(to(GroupPage { id: id.to_string() })),
            Err(error) => fault(texts, error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &filled, faults, None).await?).into_response())
}

async fn edit(State(house): State<House>, me: Me, Path(at): Path<GroupEdit>) -> Result<View<FormView>, Stop> {
    me.must(Action::EditPeople)?;
    let one = group::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let filled = Filled::of([
        ("code", one.code.clone()),
        ("name", one.name.clone()),
        ("unit", one.unit.to_string()),
        ("begins", one.begins.to_string()),
        ("ends", one.ends.map(|ends| ends.to_string()).unwrap_or_default()),
    ]);
    Ok(View::new(form(&house, &me, &filled, Faults::none(me.texts()), Some((&at.id, &one))).await?))
}

async fn save(
    State(house): State<House>,
    me: Me,
    Path(at): Path<GroupEdit>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditPeople)?;
    let id = id_of(&at.id)?;
    let faults = match read(texts, &filled, id) {
        Ok(group) => {
            let input = EditGroup { group, version: shown.version };
            match group::edit(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(GroupPage { id: at.id })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    let now = group::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    Ok(View::invalid(form(&house, &me, &filled, faults, Some((&at.id, &now))).await?).into_response())
}
