//! Modules: which parts of Regie are on for which teams, so that a school may begin with two.

use crate::error::Error;
use crate::filled::{Filled, units as unit_choices};
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Choice, Column, Empty, Faults, Field, List, Row, Tone, Weight};
use crate::told::{Stop, fault};
use crate::url::Url as _;
use crate::urls;
use crate::view::{FormView, ListView, to};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::id::UnitId;
use regie_people::module::{self, Activation, Module, Switch};
use regie_people::unit;

urls! {
    pub Modules = "/modules";
    pub ModuleOn = "/modules/on";
    pub ModuleOff { module: String, unit: String } = "/modules/{module}/{unit}/off";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Modules::at(), list)
        .get(ModuleOn::at(), new)
        .post(ModuleOn::at(), switch_on)
        .get(ModuleOff::at(), ask)
        .post(ModuleOff::at(), switch_off)
}

/// Every module with where it is on; one that is on nowhere says so.
async fn list(State(house): State<House>, me: Me) -> Result<View<ListView>, Stop> {
    let (texts, today, may) = (me.texts(), me.caller().today(), me.may(Action::ActivateModules));
    let all = module::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let mut columns = vec![
        Column::new(texts.t("journal-field-module"), Weight::Key),
        Column::new(texts.t("module-where"), Weight::Main),
        Column::new(texts.t("person-state"), Weight::Main),
    ];
    if may {
        columns.push(Column::new(texts.t("list-do"), Weight::Usual));
    }
    let word = |module: Module| texts.of("module", module.code()).to_string();
    let mut rows = Vec::new();
    for module in Module::ALL {
        let on: Vec<&Activation> = all.iter().filter(|one| one.module == module).collect();
        let name = Cell::Two { text: word(module), sub: texts.of("module-about", module.code()).to_string() };
        if on.is_empty() {
            let off = Cell::Chip(Chip::new(Tone::Plain, texts.t("module-off")));
            let mut cells = vec![name.clone(), Cell::text(texts.t("module-nowhere")), off];
            cells.extend(may.then(|| Cell::Buttons(Vec::new())));
            rows.push(Row { id: module.code().to_owned(), name: word(module), cells });
        }
        for one in on {
            let state = match one.begins <= today {
                true => Chip::new(Tone::Ok, texts.t("module-on")),
                false => {
                    let since = texts.t("role-since").with("begins", texts.date(one.begins));
                    Chip::new(Tone::Info, since.to_string())
                }
            };
            let mut cells = vec![name.clone(), Cell::text(one.unit_name.clone()), Cell::Chip(state)];
            let off = ModuleOff { module: module.code().into(), unit: one.unit.to_string() };
            let button = Button::link(texts.t("module-switch-off"), off).quiet().small();
            cells.extend(may.then(|| Cell::Buttons(vec![button])));
            rows.push(Row { id: format!("{}-{}", module.code(), one.unit), name: word(module), cells });
        }
    }
    let empty = Empty::new("toggle-left", texts.t("module-nowhere"), "");
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "modules", texts.t("nav-modules"), columns, empty)
    };
    let first = may.then(|| Button::link(texts.t("module-switch-on"), ModuleOn {}).icon("plus").primary());
    Ok(View::new(ListView::new(Page::new(me.viewer.clone(), texts.t("nav-modules")), list).first(first)))
}

async fn form(house: &House, me: &Me, filled: &Filled, faults: Faults) -> Result<FormView, Stop> {
    let texts = me.texts();
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let modules = Module::ALL.map(|module| {
        Choice::new(module.code(), texts.of("module", module.code()))
            .note(texts.of("module-about", module.code()).to_string())
    });
    let mut teams = vec![Choice::new("", texts.t("choose-one"))];
    teams.extend(unit_choices(&units));
    let fields = vec![
        filled.put(Field::radios(texts, "module", texts.t("journal-field-module"), modules.into())),
        filled.put(
            Field::select(texts, "unit", texts.t("module-where"), teams).hint(texts.t("module-where-hint")),
        ),
        filled.put(Field::date(texts, "begins", texts.t("field-begins"))),
    ];
    let page =
        Page::new(me.viewer.clone(), texts.t("module-switch-on")).under(texts.t("nav-modules"), Modules {});
    Ok(FormView::new(house, me, page, ModuleOn {}, Modules {}, fields, faults)
        .submit(texts.t("module-switch-on"), false))
}

async fn new(State(house): State<House>, me: Me) -> Result<View<FormView>, Stop> {
    me.must(Action::ActivateModules)?;
    let filled = Filled::of([("begins", me.caller().today().to_string())]);
    Ok(View::new(form(&house, &me, &filled, Faults::none(me.texts())).await?))
}

async fn switch_on(State(house): State<House>, me: Me, filled: Filled) -> Result<Response, Stop> {
    me.must(Action::ActivateModules)?;
    let mut reading = filled.reading(me.texts());
    let module = reading.code("module", Module::from_code);
    let unit: Option<UnitId> = reading.chosen("unit");
    let whole = module.zip(unit).zip(reading.date("begins"));
    let whole = whole.map(|((module, unit), begins)| Switch { module, unit, begins: Some(begins) });
    let faults = match reading.end(whole) {
        Ok(input) => match module::switch(&house.db, &filled.caller(&me), input).await {
            Ok(()) => return Ok(to(Modules {})),
            Err(error) => fault(me.texts(), error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &filled, faults).await?).into_response())
}

async fn that(house: &House, me: &Me, at: &ModuleOff) -> Result<Activation, Stop> {
    let all = module::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let found = all.into_iter().find(|one| one.module.code() == at.module && one.unit.to_string() == at.unit);
    Ok(found.ok_or(Error::NotFound)?)
}

async fn question(house: &House, me: &Me, at: &ModuleOff, faults: Faults) -> Result<FormView, Stop> {
    let texts = me.texts();
    let one = that(house, me, at).await?;
    let about = texts
        .t("module-switch-off-about")
        .with("module", texts.of("module", one.module.code()).to_string())
        .with("unit", one.unit_name);
    let page =
        Page::new(me.viewer.clone(), texts.t("module-switch-off")).under(texts.t("nav-modules"), Modules {});
    Ok(FormView::new(house, me, page, at, Modules {}, Vec::new(), faults)
        .about(about.to_string())
        .submit(texts.t("module-switch-off"), true))
}

async fn ask(State(house): State<House>, me: Me, Path(at): Path<ModuleOff>) -> Result<View<FormView>, Stop> {
    me.must(Action::ActivateModules)?;
    Ok(View::new(question(&house, &me, &at, Faults::none(me.texts())).await?))
}

async fn switch_off(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ModuleOff>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::ActivateModules)?;
    let one = that(&house, &me, &at).await?;
    let input = Switch { module: one.module, unit: one.unit, begins: None };
    let faults = match module::switch(&house.db, &filled.caller(&me), input).await {
        Ok(()) => return Ok(to(Modules {})),
        Err(error) => fault(me.texts(), error)?,
    };
    Ok(View::invalid(question(&house, &me, &at, faults).await?).into_response())
}
