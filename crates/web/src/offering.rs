//! Programmes per year: find, see, add and change them, and who is enrolled.

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
use crate::program::{ProgramPage, Programs, Shown, in_use, in_use_chip, in_use_field};
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{Block, DetailView, FormView, ListView, history, period, to};
use axum::extract::{Path as At, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::id::{ProgramId, ProgramOfferingId};
use regie_people::offering::{
    self, AddOffering, EditOffering, Filter as Narrowed, Offering, OfferingLine, Path,
};
use regie_people::{Page as Found, Paging, campus, enrolment, program, unit};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Offerings = "/offerings";
    pub NewOffering = "/offerings/new";
    pub OfferingPage { id: String } = "/offerings/{id}";
    pub OfferingEdit { id: String } = "/offerings/{id}/edit";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Offerings::at(), list)
        .get(NewOffering::at(), new)
        .post(NewOffering::at(), add)
        .get(OfferingPage::at(), show)
        .get(OfferingEdit::at(), edit)
        .post(OfferingEdit::at(), save)
}

fn id_of(text: &str) -> Result<ProgramOfferingId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    cohort: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    state: String,
    page: Option<u32>,
}

/// Offerings as a list, with or without the programme they are of.
pub(crate) fn offering_list(texts: Texts, id: &str, found: Found<OfferingLine>, with_program: bool) -> List {
    let mut columns = vec![
        Column::new(texts.t("offering-code"), Weight::Key),
        Column::new(texts.t("offering-cohort"), Weight::Main).number(),
        Column::new(texts.t("offering-path"), Weight::Usual),
        Column::new(texts.t("person-unit"), Weight::Wide),
        Column::new(texts.t("offering-campus"), Weight::Wide),
        Column::new(texts.t("program-students"), Weight::Usual).number(),
    ];
    if with_program {
        columns.insert(1, Column::new(texts.t("program-name"), Weight::Usual));
    }
    let rows = found.lines.into_iter().map(|line| {
        let mut cells = vec![
            Cell::link(line.code.clone(), OfferingPage { id: line.id.to_string() }),
            Cell::text(line.cohort.to_string()),
            Cell::text(line.path.code()),
            Cell::text(line.unit_name),
            Cell::text(line.campus_name.unwrap_or_default()),
            Cell::text(texts.whole(line.students)),
        ];
        if with_program {
            let level = texts.t("program-level-of").with("level", i64::from(line.level)).to_string();
            cells.insert(1, Cell::Two { text: line.program_name, sub: level });
        }
        Row { id: line.id.to_string(), name: line.code, cells }
    });
    let empty = Empty::new("graduation-cap", texts.t("offering-none"), texts.t("offering-none-text"));
    List {
        total: found.total,
        rows: rows.collect(),
        ..List::new(texts, id, texts.t("nav-offerings"), columns, empty)
    }
}

async fn list(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let narrowed = Narrowed {
        text: asked.q.chars().take(100).collect(),
        program: None,
        cohort: asked.cohort.parse().ok(),
        path: Path::from_code(&asked.path),
        unit: asked.unit.parse().ok(),
        active: asked.state != "inactive",
        paging: Paging { page: page(asked.page), size: 50 },
    };
    let found = offering::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let address = Address::new(Offerings {})
        .keep("q", &asked.q)
        .keep("cohort", &asked.cohort)
        .keep("path", &asked.path)
        .keep("unit", &asked.unit)
        .keep("state", &asked.state);
    let this_year = u32::try_from(me.caller().today().year()).unwrap_or(2026);
    let mut cohorts = vec![(String::new(), texts.t("offering-cohort-all").to_string())];
    cohorts.extend((0..6).map(|back| (this_year - back).to_string()).map(|year| (year.clone(), year)));
    let mut paths = vec![(String::new(), texts.t("offering-path-all").to_string())];
    paths.extend(Path::ALL.map(|path| (path.code().to_owned(), path.code().to_owned())));
    let mut places = vec![(String::new(), texts.t("person-unit-all").to_string())];
    places.extend(units.iter().map(|unit| (unit.id.to_string(), unit.name.clone())));
    let choose = |name: &str, label: &'static str, options, chosen: &str| Wish::Choose {
        name: name.into(),
        label: texts.t(label).to_string(),
        options,
        chosen: chosen.into(),
    };
    let filter = Filter {
        action: Offerings {}.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            choose("cohort", "offering-cohort", cohorts, &asked.cohort),
            choose("path", "offering-path", paths, &asked.path),
            Wish::Words(texts.t("filter-of").to_string()),
            choose("unit", "person-unit", places, &asked.unit),
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
    let mut active: Vec<_> = address.words().into_iter().collect();
    active.extend(narrowed.cohort.map(|cohort| address.chosen("cohort", cohort.to_string())));
    active.extend(narrowed.path.map(|path| address.chosen("path", path.code())));
    let chosen = units.iter().find(|unit| Some(unit.id) == narrowed.unit);
    active.extend(chosen.map(|unit| address.chosen("unit", unit.name.clone())));
    let total = found.total;
    let list = List {
        filter: Some(filter),
        active,
        clear: Offerings {}.to_string(),
        pager: address.pager(texts, narrowed.paging.page, narrowed.paging.size, total),
        ..offering_list(texts, "offerings", found, true)
    };
    let page = Page::new(me.viewer.clone(), texts.t("nav-offerings"));
    let first = me
        .may(Action::EditPrograms)
        .then(|| Button::link(texts.t("offering-add"), NewOffering {}).icon("plus").primary());
    Ok(View::new(ListView::new(page, list).first(first)))
}

#[derive(Debug, Default, Deserialize)]
struct Within {
    #[serde(default)]
    q: String,
    page: Option<u32>,
}

async fn show(
    State(house): State<House>,
    me: Me,
    At(at): At<OfferingPage>,
    Query(asked): Query<Within>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    let one = offering::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let facts = vec![
        Fact::new(texts.t("program-name"), one.program_name.clone())
            .href(ProgramPage { id: one.program.to_string() }),
        Fact::new(texts.t("offering-cohort"), one.cohort.to_string()),
        Fact::new(texts.t("offering-path"), one.path.code()),
        Fact::new(texts.t("person-unit"), one.unit_name.clone()),
        Fact::new(texts.t("offering-campus"), one.campus_name.clone().unwrap_or_else(|| "–".into())),
    ];
    let mut blocks = vec![Block::facts(texts.t("person-facts"), facts)];
    let narrowed = enrolment::Filter {
        text: asked.q.chars().take(100).collect(),
        offering: Some(id),
        paging: Paging { page: page(asked.page), size: 50 },
        ..enrolment::Filter::default()
    };
    // Who may see nobody sees the programme alone.
    if me.may(Action::SeePeople) {
        let found =
            enrolment::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
        let address = Address::new(OfferingPage { id: at.id.clone() }).keep("q", &asked.q);
        let total = found.total;
        let filter = Filter {
            action: OfferingPage { id: at.id.clone() }.to_string(),
            wishes: vec![
                Wish::Words(texts.t("filter-show").to_string()),
                Wish::Search {
                    name: "q".into(),
                    label: texts.t("filter-search").to_string(),
                    value: asked.q.clone(),
                },
            ],
        };
        let list = List {
            filter: Some(filter),
            active: address.words().into_iter().collect(),
            clear: OfferingPage { id: at.id.clone() }.to_string(),
            pager: address.pager(texts, narrowed.paging.page, narrowed.paging.size, total),
            ..students(&me, found)
        };
        blocks.push(Block::list(texts.t("people-student"), Vec::new(), list));
    }
    let may = me.may(Action::EditPrograms);
    let lines = match may {
        true => offering::history(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?,
        false => Vec::new(),
    };
    let page = Page::new(me.viewer.clone(), one.code.clone())
        .under(texts.t("nav-programs"), Programs {})
        .under(one.program_name.clone(), ProgramPage { id: one.program.to_string() });
    let first = may.then(|| {
        Button::link(texts.t("person-edit"), OfferingEdit { id: at.id.clone() }).icon("pencil").primary()
    });
    Ok(View::new(DetailView {
        chip: Some(in_use_chip(texts, one.active)),
        first,
        history: may.then(|| history(&me, &lines)),
        ..DetailView::new(page, blocks)
    }))
}

fn students(me: &Me, found: Found<enrolment::Enrolment>) -> List {
    let texts = me.texts();
    let today = me.caller().today();
    let columns = vec![
        Column::new(texts.t("person-name"), Weight::Key),
        Column::new(texts.t("person-number"), Weight::Main),
        Column::new(texts.t("enrolment-period"), Weight::Usual),
        Column::new(texts.t("person-state"), Weight::Wide),
    ];
    let rows = found.lines.into_iter().map(|line| Row {
        id: line.id.to_string(),
        name: line.person_name.clone(),
        cells: vec![
            Cell::link(line.person_name.clone(), PersonPage { id: line.person.to_string() }),
            Cell::text(line.number.clone().unwrap_or_default()),
            Cell::text(period(texts, line.begins, line.ends)),
            Cell::Chips(standing(texts, &line, today)),
        ],
    });
    let empty = Empty::new("users", texts.t("enrolment-none"), texts.t("enrolment-none-text"));
    List {
        total: found.total,
        rows: rows.collect(),
        ..List::new(texts, "students", texts.t("people-student"), columns, empty)
    }
}

/// How an enrolment stands today.
pub(crate) fn standing(texts: Texts, one: &enrolment::Enrolment, today: jiff::civil::Date) -> Vec<Chip> {
    let mut chips = vec![if today < one.begins {
        Chip::new(Tone::Info, texts.t("dated-coming"))
    } else if regie_core::day::holds(one.begins, one.ends, today) {
        Chip::new(Tone::Ok, texts.t("dated-now"))
    } else {
        Chip::new(Tone::Plain, texts.t("dated-over"))
    }];
    if one.exam_only {
        chips.push(Chip::new(Tone::Info, texts.t("enrolment-exam-only")));
    }
    chips
}

async fn form(
    house: &House,
    me: &Me,
    filled: &Filled,
    faults: Faults,
    known: Option<(&str, &Offering)>,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let campuses = campus::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let mut sites = vec![Choice::new("", texts.t("offering-campus-none"))];
    sites.extend(campuses.iter().map(|campus| Choice::new(campus.id.to_string(), campus.name.clone())));
    let mut fields = Vec::new();
    if known.is_none() {
        let all = program::Filter { paging: Paging::ALL, ..program::Filter::default() };
        let programs = program::list(&house.db, me.caller(), &all).await.map_err(|error| me.stop(error))?;
        let mut choices = vec![Choice::new("", texts.t("choose-one"))];
        choices.extend(programs.lines.into_iter().map(|one| {
            let level = texts.t("program-level-of").with("level", i64::from(one.level)).to_string();
            Choice::new(one.id.to_string(), format!("{} ({}, {})", one.name, level, one.code))
        }));
        fields.push(filled.put(Field::select(texts, "program", texts.t("program-name"), choices)));
    }
    let paths = Path::ALL.map(|path| Choice::new(path.code(), texts.of("path", path.code())));
    let mut teams = vec![Choice::new("", texts.t("choose-one"))];
    teams.extend(unit_choices(&units));
    fields.extend([
        filled.put(Field::text(texts, "code", texts.t("offering-code")).short()),
        filled.put(
            Field::number(texts, "cohort", texts.t("offering-cohort")).hint(texts.t("offering-cohort-hint")),
        ),
        filled.put(Field::radios(texts, "path", texts.t("offering-path"), paths.into())),
        filled.put(Field::select(texts, "unit", texts.t("person-unit"), teams)),
        filled.put(Field::select(texts, "campus", texts.t("offering-campus"), sites).optional()),
    ]);
    let (title, action, back) = match known {
        Some((id, one)) => {
            fields.push(in_use_field(texts, filled));
            let action = OfferingEdit { id: id.to_owned() }.to_string();
            let version = one.version.to_string();
            (
                texts.t("person-edit-title").with("name", one.code.clone()).to_string(),
                with_query(&action, [("version", version.as_str())]),
                OfferingPage { id: id.to_owned() }.to_string(),
            )
        }
        None => (texts.t("offering-add").to_string(), NewOffering {}.to_string(), Offerings {}.to_string()),
    };
    let page = Page::new(me.viewer.clone(), title).under(texts.t("nav-offerings"), Offerings {});
    Ok(FormView::new(house, me, page, action, back, fields, faults))
}

fn read(
    texts: Texts,
    filled: &Filled,
    id: ProgramOfferingId,
    program: Option<ProgramId>,
) -> Result<AddOffering, Faults> {
    let mut reading = filled.reading(texts);
    let program = program.or_else(|| reading.chosen("program"));
    let (cohort, path) = (reading.number("cohort"), reading.code("path", Path::from_code));
    let (unit, campus) = (reading.chosen("unit"), reading.maybe_chosen("campus"));
    let code = filled.text("code").to_owned();
    let whole = program.zip(cohort).zip(path.zip(unit)).map(|((program, cohort), (path, unit))| {
        AddOffering { id, program, code, cohort, path, campus, unit }
    });
    reading.end(whole)
}

#[derive(Debug, Default, Deserialize)]
struct Of {
    #[serde(default)]
    program: String,
}

async fn new(State(house): State<House>, me: Me, Query(of): Query<Of>) -> Result<View<FormView>, Stop> {
    me.must(Action::EditPrograms)?;
    let cohort = me.caller().today().year().to_string();
    let filled = Filled::of([("program", of.program), ("cohort", cohort), ("path", Path::Bol.code().into())]);
    Ok(View::new(form(&house, &me, &filled, Faults::none(me.texts()), None).await?))
}

async fn add(State(house): State<House>, me: Me, filled: Filled) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditPrograms)?;
    let faults = match read(texts, &filled, house.new_id(), None) {
        Ok(input) => match offering::add(&house.db, &filled.caller(&me), input).await {
            Ok(id) => return Ok(to(OfferingPage { id: id.to_string() })),
            Err(error) => fault(texts, error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &filled, faults, None).await?).into_response())
}

async fn edit(State(house): State<House>, me: Me, At(at): At<OfferingEdit>) -> Result<View<FormView>, Stop> {
    me.must(Action::EditPrograms)?;
    let one = offering::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let filled = Filled::of([
        ("code", one.code.clone()),
        ("cohort", one.cohort.to_string()),
        ("path", one.path.code().into()),
        ("unit", one.unit.to_string()),
        ("campus", one.campus.map(|campus| campus.to_string()).unwrap_or_default()),
        ("state", if one.active { "active" } else { "inactive" }.into()),
    ]);
    Ok(View::new(form(&house, &me, &filled, Faults::none(me.texts()), Some((&at.id, &one))).await?))
}

async fn save(
    State(house): State<House>,
    me: Me,
    At(at): At<OfferingEdit>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditPrograms)?;
    let id = id_of(&at.id)?;
    let now = offering::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let faults = match read(texts, &filled, id, Some(now.program)) {
        Ok(offering) => {
            let active = filled.text("state") != "inactive";
            let input = EditOffering { offering, version: shown.version, active };
            match offering::edit(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(OfferingPage { id: at.id })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &filled, faults, Some((&at.id, &now))).await?).into_response())
}
