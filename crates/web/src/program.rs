//! Programmes: find, see, add and change them.

use crate::address::{Address, page};
use crate::error::Error;
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::offering::{NewOffering, offering_list};
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Chip, Choice, Column, Empty, Fact, Faults, Field, Filter, List, Row, Tone, Weight, Wish,
};
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{Block, DetailView, FormView, ListView, history, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::id::ProgramId;
use regie_people::program::{self, AddProgram, EditProgram, Filter as Narrowed, Program};
use regie_people::{Paging, offering};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Programs = "/programs";
    pub NewProgram = "/programs/new";
    pub ProgramPage { id: String } = "/programs/{id}";
    pub ProgramEdit { id: String } = "/programs/{id}/edit";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Programs::at(), list)
        .get(NewProgram::at(), new)
        .post(NewProgram::at(), add)
        .get(ProgramPage::at(), show)
        .get(ProgramEdit::at(), edit)
        .post(ProgramEdit::at(), save)
}

pub(crate) fn id_of(text: &str) -> Result<ProgramId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    level: String,
    #[serde(default)]
    state: String,
    page: Option<u32>,
}

async fn list(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let narrowed = Narrowed {
        text: asked.q.chars().take(100).collect(),
        level: asked.level.parse().ok(),
        active: asked.state != "inactive",
        paging: Paging { page: page(asked.page), size: 50 },
    };
    let found = program::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let address =
        Address::new(Programs {}).keep("q", &asked.q).keep("level", &asked.level).keep("state", &asked.state);
    let columns = vec![
        Column::new(texts.t("program-name"), Weight::Key),
        Column::new(texts.t("program-level"), Weight::Main).number(),
        Column::new(texts.t("program-code"), Weight::Usual),
        Column::new(texts.t("program-crebo"), Weight::Wide),
        Column::new(texts.t("program-offerings"), Weight::Wide).number(),
        Column::new(texts.t("program-students"), Weight::Usual).number(),
    ];
    let rows = found.lines.into_iter().map(|line| Row {
        id: line.id.to_string(),
        name: line.name.clone(),
        cells: vec![
            Cell::link(line.name, ProgramPage { id: line.id.to_string() }),
            Cell::text(texts.whole(line.level.into())),
            Cell::text(line.code),
            Cell::text(line.crebo.unwrap_or_default()),
            Cell::text(texts.whole(line.offerings)),
            Cell::text(texts.whole(line.students)),
        ],
    });
    let mut levels = vec![(String::new(), texts.t("program-level-all").to_string())];
    levels.extend((1..=4).map(|level: u32| {
        (level.to_string(), texts.t("program-level-of").with("level", i64::from(level)).to_string())
    }));
    let filter = Filter {
        action: Programs {}.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            Wish::Choose {
                name: "level".into(),
                label: texts.t("program-level").to_string(),
                options: levels,
                chosen: asked.level.clone(),
            },
            Wish::Words(texts.t("filter-that-are").to_string()),
            in_use(texts, &asked.state),
            Wish::Words(texts.t("filter-with").to_string()),
            Wish::Search {
                name: "q".into(),
                label: texts.t("program-search").to_string(),
                value: asked.q.clone(),
            },
        ],
    };
    let active = address
        .words()
        .into_iter()
        .chain(narrowed.level.map(|level| {
            address.chosen("level", texts.t("program-level-of").with("level", i64::from(level)).to_string())
        }))
        .collect();
    let empty = Empty::new("graduation-cap", texts.t("program-none"), texts.t("list-none-text"))
        .action(Button::link(texts.t("list-clear"), Programs {}));
    let list = List {
        filter: Some(filter),
        active,
        clear: Programs {}.to_string(),
        total: found.total,
        rows: rows.collect(),
        pager: address.pager(texts, narrowed.paging.page, narrowed.paging.size, found.total),
        ..List::new(texts, "programs", texts.t("nav-programs"), columns, empty)
    };
    let first = me
        .may(Action::EditPrograms)
        .then(|| Button::link(texts.t("program-add"), NewProgram {}).icon("plus").primary());
    Ok(View::new(ListView::new(Page::new(me.viewer.clone(), texts.t("nav-programs")), list).first(first)))
}

/// In use, or not any more.
pub(crate) fn in_use(texts: Texts, chosen: &str) -> Wish {
    Wish::Choose {
        name: "state".into(),
        label: texts.t("in-use").to_string(),
        options: vec![
            (String::new(), texts.t("in-use-yes").to_string().to_lowercase()),
            ("inactive".into(), texts.t("in-use-no").to_string().to_lowercase()),
        ],
        chosen: chosen.to_owned(),
    }
}

pub(crate) fn in_use_chip(texts: Texts, active: bool) -> Chip {
    if active {
        Chip::new(Tone::Ok, texts.t("in-use-yes"))
    } else {
        Chip::new(Tone::Plain, texts.t("in-use-no"))
    }
}

/// The field with which an edit form takes something out of use.
pub(crate) fn in_use_field(texts: Texts, filled: &Filled) -> Field {
    let choices =
        vec![Choice::new("active", texts.t("in-use-yes")), Choice::new("inactive", texts.t("in-use-no"))];
    filled.put(Field::radios(texts, "state", texts.t("in-use"), choices))
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ProgramPage>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    let one = program::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let narrowed = offering::Filter { program: Some(id), paging: Paging::ALL, ..offering::Filter::default() };
    let offered = offering::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let facts = vec![
        Fact::new(texts.t("program-level"), texts.whole(one.level.into())),
        Fact::new(texts.t("program-code"), one.code.clone()),
        Fact::new(texts.t("program-crebo"), one.crebo.clone().unwrap_or_else(|| "–".into())),
    ];
    let may = me.may(Action::EditPrograms);
    let new = with_query(&NewOffering {}.to_string(), [("program", at.id.as_str())]);
    let acts = if may && one.active {
        vec![Button::link(texts.t("offering-add"), new).icon("plus")]
    } else {
        Vec::new()
    };
    let blocks = vec![
        Block::facts(texts.t("person-facts"), facts),
        Block::list(texts.t("nav-offerings"), acts, offering_list(texts, "offerings", offered, false)),
    ];
    let lines = match may {
        true => program::history(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?,
        false => Vec::new(),
    };
    let page = Page::new(me.viewer.clone(), one.name.clone()).under(texts.t("nav-programs"), Programs {});
    let first = may.then(|| {
        Button::link(texts.t("person-edit"), ProgramEdit { id: at.id.clone() }).icon("pencil").primary()
    });
    Ok(View::new(DetailView {
        chip: Some(in_use_chip(texts, one.active)),
        first,
        history: may.then(|| history(&me, &lines)),
        ..DetailView::new(page, blocks)
    }))
}

fn fields(texts: Texts, filled: &Filled) -> Vec<Field> {
    let levels = (1..=4).map(|level: u32| {
        let word = texts.t("program-level-of").with("level", i64::from(level)).to_string();
        Choice::new(level.to_string(), word)
    });
    vec![
        filled.put(Field::text(texts, "name", texts.t("program-name"))),
        filled.put(Field::radios(texts, "level", texts.t("program-level"), levels.collect())),
        filled.put(
            Field::text(texts, "code", texts.t("program-code")).hint(texts.t("program-code-hint")).short(),
        ),
        filled.put(
            Field::text(texts, "crebo", texts.t("program-crebo"))
                .hint(texts.t("program-crebo-hint"))
                .optional()
                .short(),
        ),
    ]
}

fn read(texts: Texts, filled: &Filled, id: ProgramId) -> Result<AddProgram, Faults> {
    let mut reading = filled.reading(texts);
    let level = reading.code("level", |text| text.parse().ok());
    reading.end(level.map(|level| AddProgram {
        id,
        code: filled.text("code").into(),
        crebo: filled.maybe("crebo"),
        name: filled.text("name").into(),
        level,
    }))
}

fn form(
    house: &House,
    me: &Me,
    filled: &Filled,
    faults: Faults,
    known: Option<(&str, &Program)>,
) -> FormView {
    let texts = me.texts();
    let mut fields = fields(texts, filled);
    let (title, action, back) = match known {
        Some((id, one)) => {
            fields.push(in_use_field(texts, filled));
            let action = ProgramEdit { id: id.to_owned() }.to_string();
            let version = one.version.to_string();
            (
                texts.t("person-edit-title").with("name", one.name.clone()).to_string(),
                with_query(&action, [("version", version.as_str())]),
                ProgramPage { id: id.to_owned() }.to_string(),
            )
        }
        None => (texts.t("program-add").to_string(), NewProgram {}.to_string(), Programs {}.to_string()),
    };
    let page = Page::new(me.viewer.clone(), title).under(texts.t("nav-programs"), Programs {});
    FormView::new(house, me, page, action, back, fields, faults)
}

async fn new(State(house): State<House>, me: Me) -> Result<View<FormView>, Stop> {
    me.must(Action::EditPrograms)?;
    Ok(View::new(form(&house, &me, &Filled::default(), Faults::none(me.texts()), None)))
}

async fn add(State(house): State<House>, me: Me, filled: Filled) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditPrograms)?;
    let faults = match read(texts, &filled, house.new_id()) {
        Ok(input) => match program::add(&house.db, &filled.caller(&me), input).await {
            Ok(id) => return Ok(to(ProgramPage { id: id.to_string() })),
            Err(error) => fault(texts, error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &filled, faults, None)).into_response())
}

async fn edit(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ProgramEdit>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::EditPrograms)?;
    let one = program::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let filled = Filled::of([
        ("name", one.name.clone()),
        ("level", one.level.to_string()),
        ("code", one.code.clone()),
        ("crebo", one.crebo.clone().unwrap_or_default()),
        ("state", if one.active { "active" } else { "inactive" }.into()),
    ]);
    Ok(View::new(form(&house, &me, &filled, Faults::none(me.texts()), Some((&at.id, &one)))))
}

/// The version that was on screen when the form was drawn.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Shown {
    #[serde(default)]
    pub version: i64,
}

async fn save(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ProgramEdit>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditPrograms)?;
    let id = id_of(&at.id)?;
    let faults = match read(texts, &filled, id) {
        Ok(program) => {
            let active = filled.text("state") != "inactive";
            let input = EditProgram { program, version: shown.version, active };
            match program::edit(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(ProgramPage { id: at.id })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    // Who was overtaken sees the sentence and keeps what was typed; saving again is then a choice.
    let now = program::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    Ok(View::invalid(form(&house, &me, &filled, faults, Some((&at.id, &now)))).into_response())
}
