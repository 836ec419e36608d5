//! Tests: find, see, add and change them, and the windows of central exams.

use super::{choices, dash, id_of};
use crate::address::{Address, page};
use crate::filled::Filled;
use crate::house::House;
use crate::listing::in_use;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Choice, Column, Empty, Fact, Faults, Field, Filter, List, Row, Weight, Wish,
};
use crate::record::{Shown, in_use_chip, in_use_field};
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{Block, DetailView, FormView, ListView, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_catalog::test::{self, AddTest, EditTest, Filter as Narrowed, Kind, PutWindow, Whole};
use regie_catalog::{Paging, platform, supplier};
use regie_core::id::TestId;
use regie_people::need::Kind as Need;
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Tests = "/tests";
    pub NewTest = "/tests/new";
    pub TestPage { id: String } = "/tests/{id}";
    pub TestEdit { id: String } = "/tests/{id}/edit";
    pub NewWindow { id: String } = "/tests/{id}/windows/new";
}

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Tests::at(), list)
        .get(NewTest::at(), new)
        .post(NewTest::at(), add)
        .get(TestPage::at(), show)
        .get(TestEdit::at(), edit)
        .post(TestEdit::at(), save)
        .get(NewWindow::at(), new_window)
        .post(NewWindow::at(), put_window)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
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
        kind: Kind::from_code(&asked.kind),
        active: asked.state != "inactive",
        paging: Paging { page: page(asked.page), size: 50 },
    };
    let found = test::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let address =
        Address::new(Tests {}).keep("q", &asked.q).keep("kind", &asked.kind).keep("state", &asked.state);
    let columns = vec![
        Column::new(texts.t("field-name"), Weight::Key),
        Column::new(texts.t("test-kind"), Weight::Main),
        Column::new(texts.t("test-minutes"), Weight::Usual).number(),
        Column::new(texts.t("test-platform"), Weight::Wide),
        Column::new(texts.t("test-plans"), Weight::Wide).number(),
        Column::new(texts.t("test-versions"), Weight::Usual).number(),
    ];
    let rows = found.lines.into_iter().map(|line| {
        let href = TestPage { id: line.id.to_string() }.to_string();
        Row {
            id: line.id.to_string(),
            name: line.name.clone(),
            cells: vec![
                Cell::Link { text: line.name, href, sub: Some(line.code) },
                Cell::text(texts.of("test-kind", line.kind.code())),
                Cell::text(texts.whole(line.minutes.into())),
                Cell::text(dash(line.platform_name)),
                Cell::text(texts.whole(line.plans)),
                Cell::text(texts.whole(line.versions)),
            ],
        }
    });
    let mut kinds = vec![(String::new(), texts.t("test-kind-all").to_string())];
    kinds.extend(
        Kind::ALL.iter().map(|kind| (kind.code().to_owned(), texts.of("test-kind", kind.code()).to_string())),
    );
    let filter = Filter {
        action: Tests {}.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            Wish::Choose {
                name: "kind".into(),
                label: texts.t("test-kind").to_string(),
                options: kinds,
                chosen: asked.kind.clone(),
            },
            Wish::Words(texts.t("filter-that-are").to_string()),
            in_use(texts, &asked.state),
            Wish::Words(texts.t("filter-with").to_string()),
            Wish::Search {
                name: "q".into(),
                label: texts.t("test-search").to_string(),
                value: asked.q.clone(),
            },
        ],
    };
    let chosen =
        narrowed.kind.map(|kind| address.chosen("kind", texts.of("test-kind", kind.code()).to_string()));
    let empty = Empty::new("clipboard-list", texts.t("test-none"), texts.t("list-none-text"))
        .action(Button::link(texts.t("list-clear"), Tests {}));
    let list = List {
        filter: Some(filter),
        active: address.words().into_iter().chain(chosen).collect(),
        clear: Tests {}.to_string(),
        total: found.total,
        rows: rows.collect(),
        pager: address.pager(texts, narrowed.paging.page, narrowed.paging.size, found.total),
        ..List::new(texts, "tests", texts.t("nav-tests"), columns, empty)
    };
    let first = me
        .may(Action::EditTests)
        .then(|| Button::link(texts.t("test-add"), NewTest {}).icon("plus").primary());
    Ok(View::new(ListView::new(Page::new(me.viewer.clone(), texts.t("nav-tests")), list).first(first)))
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<TestPage>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let id: TestId = id_of(&at.id)?;
    let whole = test::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let one = &whole.test;
    let needs: Vec<String> = whole.needs.iter().map(|need| texts.of("need", need).to_string()).collect();
    let facts = vec![
        Fact::new(texts.t("field-code"), one.code.clone()),
        Fact::new(texts.t("test-kind"), texts.of("test-kind", one.kind.code())),
        Fact::new(texts.t("test-minutes"), texts.whole(one.minutes.into())),
        Fact::new(texts.t("test-subject"), dash(one.subject.clone())),
        Fact::new(texts.t("test-reference"), dash(one.reference_level.clone())),
        Fact::new(texts.t("test-platform"), dash(one.platform_name.clone())),
        Fact::new(texts.t("test-supplier"), dash(one.supplier_name.clone())),
        Fact::new(
            texts.t("test-device"),
            texts.t(if one.needs_device { "word-yes" } else { "word-no" }).to_string(),
        ),
        Fact::new(texts.t("test-needs"), if needs.is_empty() { "–".into() } else { needs.join(", ") }),
    ];
    let may = me.may(Action::EditTests);
    let mut blocks = vec![Block::facts(texts.t("person-facts"), facts)];
    if one.kind == Kind::Central {
        let columns = vec![
            Column::new(texts.t("field-name"), Weight::Key),
            Column::new(texts.t("window-opens"), Weight::Main),
            Column::new(texts.t("window-closes"), Weight::Main),
        ];
        let rows: Vec<Row> = whole
            .windows
            .iter()
            .map(|window| Row {
                id: window.id.to_string(),
                name: window.name.clone(),
                cells: vec![
                    Cell::text(window.name.clone()),
                    Cell::text(texts.date(window.opens)),
                    Cell::text(texts.date(window.closes)),
                ],
            })
            .collect();
        let empty = Empty::new("calendar-clock", texts.t("window-none"), texts.t("window-none-text"));
        let acts = match may {
            true => vec![Button::link(texts.t("window-add"), NewWindow { id: at.id.clone() }).icon("plus")],
            false => Vec::new(),
        };
        let list = List {
            total: rows.len() as u64,
            rows,
            ..List::new(texts, "windows", texts.t("test-windows"), columns, empty)
        };
        blocks.push(Block::list(texts.t("test-windows"), acts, list));
    }
    if me.may(Action::SeeInstruments) {
        let narrowed =
            regie_catalog::instrument::Filter { test: Some(id), paging: Paging::ALL, ..Default::default() };
        let found = regie_catalog::instrument::list(&house.db, me.caller(), &narrowed).await;
        let found = found.map_err(|error| me.stop(error))?;
        let acts = match me.may(Action::EditInstruments) {
            true => {
                let new = super::instrument::NewInstrument {}.to_string();
                let href = with_query(&new, [("test", at.id.as_str())]);
                vec![Button::link(texts.t("instrument-add"), href).icon("plus")]
            }
            false => Vec::new(),
        };
        let list = super::instrument::instrument_list(texts, found);
        blocks.push(Block::list(texts.t("nav-instruments"), acts, list));
    }
    let page = Page::new(me.viewer.clone(), one.name.clone()).under(texts.t("nav-tests"), Tests {});
    let first = may.then(|| {
        Button::link(texts.t("person-edit"), TestEdit { id: at.id.clone() }).icon("pencil").primary()
    });
    Ok(View::new(DetailView {
        chip: Some(in_use_chip(texts, one.active)),
        first,
        ..DetailView::new(page, blocks)
    }))
}

/// What a test can be made of: the platforms and suppliers there are.
struct Lists {
    platforms: Vec<Choice>,
    suppliers: Vec<Choice>,
}

async fn lists(house: &House, me: &Me) -> Result<Lists, Stop> {
    let none = || vec![Choice::new("", "–")];
    let mut lists = Lists { platforms: none(), suppliers: none() };
    let platforms = platform::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    lists.platforms.extend(platforms.into_iter().map(|it| Choice::new(it.id.to_string(), it.name)));
    let found = supplier::list(&house.db, me.caller(), "", Paging::ALL).await;
    let suppliers = found.map_err(|error| me.stop(error))?.lines;
    let known = suppliers.into_iter().filter(|it| it.active);
    lists.suppliers.extend(known.map(|it| Choice::new(it.id.to_string(), it.name)));
    Ok(lists)
}

fn fields(texts: Texts, filled: &Filled, lists: Lists) -> Vec<Field> {
    let kinds = choices(texts, "test-kind", Kind::ALL.iter().map(|kind| kind.code()));
    let needs = choices(texts, "need", Need::ALL.iter().map(|need| need.code()));
    [
        Field::text(texts, "name", texts.t("field-name")),
        Field::text(texts, "code", texts.t("field-code")).short(),
        Field::radios(texts, "kind", texts.t("test-kind"), kinds),
        Field::number(texts, "minutes", texts.t("test-minutes")),
        Field::text(texts, "subject", texts.t("test-subject")).hint(texts.t("test-subject-hint")).optional(),
        Field::text(texts, "reference_level", texts.t("test-reference")).optional().short(),
        Field::select(texts, "platform", texts.t("test-platform"), lists.platforms).optional(),
        Field::select(texts, "supplier", texts.t("test-supplier"), lists.suppliers).optional(),
        Field::check(texts, "needs_device", texts.t("test-device")),
        Field::checks(texts, "needs", texts.t("test-needs"), needs).optional(),
    ]
    .into_iter()
    .map(|field| filled.put(field))
    .collect()
}

fn read(texts: Texts, filled: &Filled, id: TestId) -> Result<AddTest, Faults> {
    let mut reading = filled.reading(texts);
    let kind = reading.code("kind", Kind::from_code);
    let minutes = reading.number("minutes");
    let platform = reading.maybe_chosen("platform");
    let supplier = reading.maybe_chosen("supplier");
    reading.end(kind.zip(minutes).map(|(kind, minutes)| AddTest {
        id,
        code: filled.text("code").into(),
        name: filled.text("name").into(),
        minutes,
        kind,
        subject: filled.maybe("subject"),
        reference_level: filled.maybe("reference_level"),
        platform,
        needs_device: filled.has("needs_device"),
        supplier,
        needs: filled.all("needs").filter(|need| Need::from_code(need).is_some()).map(Into::into).collect(),
    }))
}

async fn form(
    house: &House,
    me: &Me,
    filled: &Filled,
    faults: Faults,
    known: Option<&Whole>,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let mut fields = fields(texts, filled, lists(house, me).await?);
    let (title, action, back) = match known {
        Some(Whole { test, .. }) => {
            fields.push(filled.put(in_use_field(texts)));
            let id = test.id.to_string();
            let version = test.version.to_string();
            (
                texts.t("person-edit-title").with("name", test.name.clone()).to_string(),
                with_query(&TestEdit { id: id.clone() }.to_string(), [("version", version.as_str())]),
                TestPage { id }.to_string(),
            )
        }
        None => (texts.t("test-add").to_string(), NewTest {}.to_string(), Tests {}.to_string()),
    };
    let page = Page::new(me.viewer.clone(), title).under(texts.t("nav-tests"), Tests {});
    Ok(FormView::new(house, me, page, action, back, fields, faults))
}

async fn new(State(house): State<House>, me: Me) -> Result<View<FormView>, Stop> {
    me.must(Action::EditTests)?;
    Ok(View::new(form(&house, &me, &Filled::default(), Faults::none(me.texts()), None).await?))
}

async fn add(State(house): State<House>, me: Me, filled: Filled) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditTests)?;
    let faults = match read(texts, &filled, house.new_id()) {
        Ok(input) => match test::add(&house.db, &filled.caller(&me), input).await {
            Ok(id) => return Ok(to(TestPage { id: id.to_string() })),
            Err(error) => fault(texts, error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &filled, faults, None).await?).into_response())
}

async fn edit(State(house): State<House>, me: Me, Path(at): Path<TestEdit>) -> Result<View<FormView>, Stop> {
    me.must(Action::EditTests)?;
    let whole = test::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let one = &whole.test;
    let text = |id: Option<String>| id.unwrap_or_default();
    let filled = Filled::of([
        ("name", one.name.clone()),
        ("code", one.code.clone()),
        ("kind", one.kind.code().into()),
        ("minutes", one.minutes.to_string()),
        ("subject", text(one.subject.clone())),
        ("reference_level", text(one.reference_level.clone())),
        ("platform", text(one.platform.map(|id| id.to_string()))),
        ("supplier", text(one.supplier.map(|id| id.to_string()))),
        ("state", if one.active { "active" } else { "inactive" }.into()),
    ])
    .and("needs_device", one.needs_device.then(|| "yes".to_owned()))
    .and("needs", whole.needs.clone());
    Ok(View::new(form(&house, &me, &filled, Faults::none(me.texts()), Some(&whole)).await?))
}

async fn save(
    State(house): State<House>,
    me: Me,
    Path(at): Path<TestEdit>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditTests)?;
    let id: TestId = id_of(&at.id)?;
    let faults = match read(texts, &filled, id) {
        Ok(test) => {
            let input = EditTest { test, version: shown.version, active: filled.text("state") != "inactive" };
            match test::edit(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(TestPage { id: at.id })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    let now = test::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    Ok(View::invalid(form(&house, &me, &filled, faults, Some(&now)).await?).into_response())
}

async fn window_form(
    house: &House,
    me: &Me,
    id: TestId,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let test = test::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?.test;
    let fields = [
        Field::text(texts, "name", texts.t("field-name")),
        Field::date(texts, "opens", texts.t("window-opens")),
        Field::date(texts, "closes", texts.t("window-closes")),
    ]
    .into_iter()
    .map(|field| filled.put(field))
    .collect();
    let back = TestPage { id: id.to_string() };
    let page = Page::new(me.viewer.clone(), texts.t("window-add")).under(test.name, back.clone());
    Ok(FormView::new(house, me, page, NewWindow { id: id.to_string() }, back, fields, faults))
}

async fn new_window(
    State(house): State<House>,
    me: Me,
    Path(at): Path<NewWindow>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::EditTests)?;
    let none = Faults::none(me.texts());
    Ok(View::new(window_form(&house, &me, id_of(&at.id)?, &Filled::default(), none).await?))
}

async fn put_window(
    State(house): State<House>,
    me: Me,
    Path(at): Path<NewWindow>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditTests)?;
    let id: TestId = id_of(&at.id)?;
    let mut reading = filled.reading(texts);
    let days = reading.date("opens").zip(reading.date("closes"));
    let faults = match reading.end(days) {
        Ok((opens, closes)) => {
            let name = filled.text("name").into();
            let input = PutWindow { id: house.new_id(), test: id, name, opens, closes };
            match test::put_window(&house.db, &filled.caller(&me), input).await {
                Ok(()) => return Ok(to(TestPage { id: at.id })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(window_form(&house, &me, id, &filled, faults).await?).into_response())
}
