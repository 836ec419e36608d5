//! Imports: hand a file in, say which column is what, look through what would happen, carry it out.

mod begin;
mod columns;
mod preview;

use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Column, Empty, List, Notice, Row, Tone, Weight};
use crate::sheet;
use crate::told::Stop;
use crate::url::Url as _;
use crate::urls;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_core::day::in_school_time;
use regie_core::id::ImportId;
use regie_people::import::{self, Import, Kind, Outcome, State as ImportState};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Imports = "/imports";
    pub NewImport = "/imports/new";
    pub ImportTemplate = "/imports/template";
    pub ImportPage { id: String } = "/imports/{id}";
    pub ImportColumns { id: String } = "/imports/{id}/columns";
    pub CarryOut { id: String } = "/imports/{id}/carry-out";
    pub CancelImport { id: String } = "/imports/{id}/cancel";
    pub ImportExport { id: String } = "/imports/{id}/export";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Imports::at(), list)
        .get(NewImport::at(), begin::ask)
        .post(NewImport::at(), begin::take)
        .get(ImportTemplate::at(), template)
        .get(ImportPage::at(), preview::show)
        .get(ImportColumns::at(), columns::ask)
        .post(ImportColumns::at(), columns::choose)
        .post(CarryOut::at(), preview::carry_out)
        .post(CancelImport::at(), preview::cancel)
        .get(ImportExport::at(), preview::export)
}

#[derive(Template)]
#[template(path = "page/list.html")]
struct ListPage {
    page: Page,
    acts: Vec<Button>,
    first: Option<Button>,
    notice: Option<Notice>,
    list: List,
}

fn id_of(text: &str) -> Result<ImportId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

/// The kinds this reader may hand in.
fn kinds(me: &Me) -> Vec<Kind> {
    Kind::ALL.into_iter().filter(|kind| me.may(kind.action())).collect()
}

fn state_chip(texts: Texts, state: ImportState) -> Chip {
    let tone = match state {
        ImportState::Done => Tone::Ok,
        ImportState::Judging => Tone::Info,
        ImportState::Mapping | ImportState::Judged => Tone::Now,
        ImportState::Failed => Tone::Danger,
        ImportState::Cancelled => Tone::Plain,
    };
    Chip::new(tone, texts.of("import-state", state.code()))
}

/// `412 nieuw, 30 gewijzigd, 37 geweigerd`: what there is to say of the rows.
fn counted(texts: Texts, import: &Import) -> String {
    if !matches!(import.state, ImportState::Judged | ImportState::Done) {
        return String::new();
    }
    let said = |outcome: Outcome| {
        let count = import.count(outcome);
        (count > 0).then(|| texts.of("import-count", outcome.code()).with("count", count).to_string())
    };
    let all: Vec<String> = Outcome::ALL.into_iter().filter_map(said).collect();
    all.join(", ")
}

async fn list(State(house): State<House>, me: Me) -> Result<View<ListPage>, Stop> {
    let texts = me.texts();
    let found = import::latest(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let columns = vec![
        Column::new(texts.t("import-file"), Weight::Key),
        Column::new(texts.t("import-state"), Weight::Main),
        Column::new(texts.t("import-rows"), Weight::Wide),
        Column::new(texts.t("import-when"), Weight::Usual),
    ];
    let rows: Vec<Row> = found
        .iter()
        .map(|one| Row {
            id: one.id.to_string(),
            name: one.file_name.clone(),
            cells: vec![
                Cell::Link {
                    text: one.file_name.clone(),
                    href: ImportPage { id: one.id.to_string() }.to_string(),
                    sub: Some(texts.of("import-kind", one.kind.code()).to_string()),
                },
                Cell::Chip(state_chip(texts, one.state)),
                Cell::text(counted(texts, one)),
                Cell::text(texts.moment(in_school_time(one.begun_at).datetime())),
            ],
        })
        .collect();
    let empty = Empty {
        icon: "file-spreadsheet",
        title: texts.t("import-none").to_string(),
        text: texts.t("import-none-text").to_string(),
        actions: vec![Button::link(texts.t("import-new"), NewImport {})],
    };
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "imports", texts.t("nav-imports"), columns, empty)
    };
    let first = Some(Button::link(texts.t("import-new"), NewImport {}).icon("upload").primary());
    let page = Page::new(me.viewer.clone(), texts.t("nav-imports"));
    Ok(View::new(ListPage { page, acts: Vec::new(), first, notice: None, list }))
}

#[derive(Debug, Default, Deserialize)]
struct OfKind {
    #[serde(default)]
    kind: String,
}

async fn template(State(house): State<House>, me: Me, Query(of): Query<OfKind>) -> Result<Response, Stop> {
    let kind = Kind::from_code(&of.kind).filter(|kind| me.may(kind.action())).ok_or(Error::NotFound)?;
    let made_at = in_school_time(house.clock.now()).datetime();
    Ok(sheet::template(me.texts(), kind, made_at)?.into_response())
}
