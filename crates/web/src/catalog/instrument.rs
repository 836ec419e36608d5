//! Instruments: find them, see their versions, add one.

use super::test::TestPage;
use super::version::VersionPage;
use super::{dash, id_of, short, stage_chip};
use crate::address::{Address, page};
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Choice, Column, Empty, Fact, Faults, Field, Filter, List, Row, Weight, Wish,
};
use crate::record::in_use_chip;
use crate::told::{Stop, fault};
use crate::url::Url as _;
use crate::urls;
use crate::view::{Block, DetailView, FormView, ListView, history, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_catalog::instrument::{
    self, AddInstrument, Filter as Narrowed, InstrumentLine, Route, VersionLine,
};
use regie_catalog::version::State as Stage;
use regie_catalog::{Page as Found, Paging, consent, supplier, test};
use regie_core::id::InstrumentId;
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Instruments = "/instruments";
    pub NewInstrument = "/instruments/new";
    pub InstrumentPage { id: String } = "/instruments/{id}";
}

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Instruments::at(), list)
        .get(NewInstrument::at(), new)
        .post(NewInstrument::at(), add)
        .get(InstrumentPage::at(), show)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    stage: String,
    page: Option<u32>,
}

pub(super) fn instrument_list(texts: Texts, found: Found<InstrumentLine>) -> List {
    let columns = vec![
        Column::new(texts.t("field-name"), Weight::Key),
        Column::new(texts.t("instrument-newest"), Weight::Main),
        Column::new(texts.t("test-one"), Weight::Wide),
        Column::new(texts.t("instrument-route"), Weight::Usual),
        Column::new(texts.t("test-versions"), Weight::Wide).number(),
    ];
    let rows = found.lines.into_iter().map(|line| {
        let href = InstrumentPage { id: line.id.to_string() }.to_string();
        let newest = match (line.state, line.number) {
            (Some(state), Some(_)) => Cell::Chip(stage_chip(texts, state)),
            _ => Cell::text("–"),
        };
        Row {
            id: line.id.to_string(),
            name: line.name.clone(),
            cells: vec![
                Cell::Link { text: line.name, href, sub: Some(line.code) },
                newest,
                Cell::text(line.test_name),
                Cell::text(texts.of("route", line.route.code())),
                Cell::text(texts.whole(line.plannable)),
            ],
        }
    });
    let empty = Empty::new("clipboard-check", texts.t("instrument-none"), texts.t("list-none-text"));
    List {
        total: found.total,
        rows: rows.collect(),
        ..List::new(texts, "instruments", texts.t("nav-instruments"), columns, empty)
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
        test: None,
        state: Stage::from_code(&asked.stage),
        paging: Paging { page: page(asked.page), size: 50 },
    };
    let found = instrument::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let address = Address::new(Instruments {}).keep("q", &asked.q).keep("stage", &asked.stage);
    let mut stages = vec![(String::new(), texts.t("stage-all").to_string())];
    stages.extend(
        Stage::ALL
            .iter()
            .map(|it| (it.code().to_owned(), texts.of("stage", it.code()).to_string().to_lowercase())),
    );
    let filter = Filter {
        action: Instruments {}.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            Wish::Choose {
                name: "stage".into(),
                label: texts.t("instrument-newest").to_string(),
                options: stages,
                chosen: asked.stage.clone(),
            },
            Wish::Words(texts.t("filter-with").to_string()),
            Wish::Search {
                name: "q".into(),
                label: texts.t("instrument-search").to_string(),
                value: asked.q.clone(),
            },
        ],
    };
    let chosen = narrowed.state.map(|it| address.chosen("stage", texts.of("stage", it.code()).to_string()));
    let pager = address.pager(texts, narrowed.paging.page, narrowed.paging.size, found.total);
    let mut list = List {
        filter: Some(filter),
        active: address.words().into_iter().chain(chosen).collect(),
        clear: Instruments {}.to_string(),
        pager,
        ..instrument_list(texts, found)
    };
    list.empty.actions.push(Button::link(texts.t("list-clear"), Instruments {}));
    let first = me
        .may(Action::EditInstruments)
        .then(|| Button::link(texts.t("instrument-add"), NewInstrument {}).icon("plus").primary());
    let page = Page::new(me.viewer.clone(), texts.t("nav-instruments"));
    Ok(View::new(ListView::new(page, list).first(first)))
}

fn versions(texts: Texts, lines: Vec<VersionLine>) -> List {
    let columns = vec![
        Column::new(texts.t("version-number"), Weight::Key),
        Column::new(texts.t("version-stage"), Weight::Main),
        Column::new(texts.t("version-valid"), Weight::Usual),
        Column::new(texts.t("version-author"), Weight::Wide),
        Column::new(texts.t("content-hash"), Weight::Wide),
    ];
    let rows: Vec<Row> = lines
        .into_iter()
        .map(|line| {
            let name = texts.t("version-of").with("number", line.number).to_string();
            Row {
                id: line.id.to_string(),
                name: name.clone(),
                cells: vec![
                    Cell::link(name, VersionPage { id: line.id.to_string() }),
                    Cell::Chip(stage_chip(texts, line.state)),
                    Cell::text(valid(texts, line.valid_from, line.valid_until)),
                    Cell::text(dash(line.made_name)),
                    Cell::text(line.hash.as_deref().map_or_else(|| "–".into(), short)),
                ],
            }
        })
        .collect();
    let empty = Empty::new("file-text", texts.t("instrument-none"), texts.t("list-none-text"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "versions", texts.t("version-title"), columns, empty)
    }
}

pub(super) fn valid(
    texts: Texts,
    from: Option<jiff::civil::Date>,
    until: Option<jiff::civil::Date>,
) -> String {
    from.map_or_else(|| "–".to_owned(), |from| crate::view::period(texts, from, until))
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<InstrumentPage>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let id: InstrumentId = id_of(&at.id)?;
    let whole = instrument::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let one = whole.instrument;
    let facts = vec![
        Fact::new(texts.t("field-code"), one.code.clone()),
        Fact::new(texts.t("test-one"), one.test_name.clone()).href(TestPage { id: one.test.to_string() }),
        Fact::new(texts.t("instrument-route"), texts.of("route", one.route.code())),
        Fact::new(texts.t("test-supplier"), dash(one.supplier_name)),
        Fact::new(texts.t("instrument-consent"), dash(one.consent_title)),
    ];
    let blocks = vec![
        Block::facts(texts.t("person-facts"), facts),
        Block::list(texts.t("version-title"), Vec::new(), versions(texts, whole.versions)),
    ];
    let lines = instrument::history(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let page =
        Page::new(me.viewer.clone(), one.name.clone()).under(texts.t("nav-instruments"), Instruments {});
    Ok(View::new(DetailView {
        chip: Some(in_use_chip(texts, one.active)),
        history: Some(history(&house, &me, &lines).await?),
        ..DetailView::new(page, blocks)
    }))
}

async fn form(house: &House, me: &Me, filled: &Filled, faults: Faults) -> Result<FormView, Stop> {
    let texts = me.texts();
    let narrowed = test::Filter { paging: Paging::ALL, ..test::Filter::default() };
    let tests = test::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?.lines;
    let tests =
        tests.into_iter().map(|it| Choice::new(it.id.to_string(), format!("{} ({})", it.name, it.code)));
    let mut suppliers = vec![Choice::new("", "–")];
    let found = supplier::list(&house.db, me.caller(), "", Paging::ALL).await;
    suppliers.extend(
        found
            .map_err(|error| me.stop(error))?
            .lines
            .into_iter()
            .filter(|it| it.active)
            .map(|it| Choice::new(it.id.to_string(), it.name)),
    );
    let mut consents = vec![Choice::new("", "–")];
    let today = me.caller().today();
    consents.extend(
        consent::list(&house.db, me.caller())
            .await
            .map_err(|error| me.stop(error))?
            .into_iter()
            .filter(|it| it.holds_on(today))
            .map(|it| Choice::new(it.id.to_string(), it.title)),
    );
    let routes = Route::ALL
        .iter()
        .map(|it| {
            Choice::new(it.code(), texts.of("route", it.code())).note(texts.of("route-note", it.code()))
        })
        .collect();
    let fields = [
        Field::select(texts, "test", texts.t("test-one"), tests.collect()),
        Field::text(texts, "name", texts.t("field-name")),
        Field::text(texts, "code", texts.t("field-code")).short(),
        Field::radios(texts, "route", texts.t("instrument-route"), routes),
        Field::select(texts, "supplier", texts.t("test-supplier"), suppliers)
            .hint(texts.t("instrument-supplier-hint"))
            .optional(),
        Field::select(texts, "consent", texts.t("instrument-consent"), consents)
            .hint(texts.t("instrument-consent-hint"))
            .optional(),
    ]
    .into_iter()
    .map(|field| filled.put(field))
    .collect();
    let page = Page::new(me.viewer.clone(), texts.t("instrument-add"))
        .under(texts.t("nav-instruments"), Instruments {});
    Ok(FormView::new(house, me, page, NewInstrument {}, Instruments {}, fields, faults))
}

#[derive(Debug, Default, Deserialize)]
struct For {
    #[serde(default)]
    test: String,
}

async fn new(State(house): State<House>, me: Me, Query(of): Query<For>) -> Result<View<FormView>, Stop> {
    me.must(Action::EditInstruments)?;
    let filled = Filled::of([("test", of.test)]);
    Ok(View::new(form(&house, &me, &filled, Faults::none(me.texts())).await?))
}

async fn add(State(house): State<House>, me: Me, filled: Filled) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditInstruments)?;
    let mut reading = filled.reading(texts);
    let test = reading.chosen("test");
    let route = reading.code("route", Route::from_code);
    let (supplier, consent) = (reading.maybe_chosen("supplier"), reading.maybe_chosen("consent"));
    let faults = match reading.end(test.zip(route)) {
        Ok((test, route)) => {
            let input = AddInstrument {
                id: house.new_id(),
                version: house.new_id(),
                test,
                code: filled.text("code").into(),
                name: filled.text("name").into(),
                route,
                supplier,
                consent,
            };
            let version = input.version.to_string();
            match instrument::add(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(VersionPage { id: version })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &filled, faults).await?).into_response())
}
