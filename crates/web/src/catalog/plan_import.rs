//! A plan from a sheet: hand it in, see by cell what it would do, carry it out.

use super::id_of;
use super::plan::{ExamPlans, PlanPage};
use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Column, Empty, Faults, Field, List, Notice, Row, Tone, Weight};
use crate::sheet;
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{Block, DetailView, FormView, to};
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_catalog::plan::import::{self, COLUMNS, Effect, Fault, Judged, Preview, SheetRow};
use regie_core::id::ExamPlanId;
use regie_files::{Accept, Hash};
use regie_sheets::{Ask, Cell as SheetCell, Finding, Limits, Sheet, read};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub PlanSheet { id: String } = "/exam-plans/{id}/sheet";
    pub PlanTemplate { id: String } = "/exam-plans/{id}/sheet/template";
    pub PlanPreview { id: String } = "/exam-plans/{id}/sheet/preview";
    pub PlanCarryOut { id: String } = "/exam-plans/{id}/sheet/carry-out";
}

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(PlanSheet::at(), ask)
        .post(PlanSheet::at(), take)
        .get(PlanTemplate::at(), template)
        .get(PlanPreview::at(), show)
        .post(PlanCarryOut::at(), carry_out)
}

const MOST: usize = 2 << 20;

async fn form(house: &House, me: &Me, id: ExamPlanId, faults: Faults) -> Result<FormView, Stop> {
    let texts = me.texts();
    let plan =
        regie_catalog::plan::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?.plan;
    let limit = texts.t("import-file-limit").with("most", i64::try_from(MOST >> 20).unwrap_or(2));
    let field = Field::file(texts, "file", texts.t("import-file"), ".xlsx,.ods,.csv", limit.to_string())
        .hint(texts.t("plan-sheet-hint"));
    let at = id.to_string();
    let back = PlanPage { id: at.clone() };
    let page = Page::new(me.viewer.clone(), texts.t("plan-import"))
        .under(texts.t("nav-plans"), ExamPlans {})
        .under(format!("{} {}", plan.name, plan.cohort), back.clone());
    let mut view = FormView::new(house, me, page, PlanSheet { id: at.clone() }, back, vec![field], faults)
        .submit(texts.t("import-upload"), false);
    view.form
        .others
        .push(Button::link(texts.t("plan-template"), PlanTemplate { id: at }).icon("download").quiet());
    Ok(view)
}

async fn ask(State(house): State<House>, me: Me, Path(at): Path<PlanSheet>) -> Result<View<FormView>, Stop> {
    me.must(Action::EditExamPlans)?;
    Ok(View::new(form(&house, &me, id_of(&at.id)?, Faults::none(me.texts())).await?))
}

async fn handed_in(form: Result<Multipart, MultipartRejection>) -> Result<Vec<u8>, Finding> {
    let broken = |_| Finding::new("import-upload-broken");
    let Ok(mut form) = form else { return Ok(Vec::new()) };
    let mut bytes = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            continue;
        }
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            if bytes.len() + chunk.len() > MOST {
                return Err(Finding::new("sheet-file-too-large").with("most", MOST >> 20));
            }
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(bytes)
}

/// The sheet's rows by the columns of a plan. A header counts by its own name or one of those schools use for it.
fn rows_of(texts: Texts, sheet: &Sheet) -> Result<Vec<SheetRow>, Finding> {
    let folded = |text: &str| regie_core::name::folded(text);
    let headers: Vec<String> = sheet.headers.iter().map(|header| folded(header)).collect();
    let place = |column: &regie_core::column::Column| {
        let label = folded(&texts.of("plan-column", column.key).to_string());
        headers.iter().position(|header| {
            *header == label
                || *header == folded(column.key)
                || column.aliases.iter().any(|alias| folded(alias) == *header)
        })
    };
    let places: Vec<Option<usize>> = COLUMNS.iter().map(place).collect();
    if let Some((column, _)) =
        COLUMNS.iter().zip(&places).find(|(column, at)| column.required && at.is_none())
    {
        let label = texts.of("plan-column", column.key).to_string();
        return Err(Finding::new("sheet-plan-column-missing").with("value", label));
    }
    let rows = sheet.rows.iter().map(|row| SheetRow {
        number: row.number,
        cells: places
            .iter()
            .map(|at| at.and_then(|at| row.cells.get(at)).map(said).filter(|cell| !cell.is_empty()))
            .collect(),
    });
    Ok(rows.filter(|row| row.cells.iter().any(Option::is_some)).collect())
}

/// A cell as somebody would type it: codes and whole numbers. What is neither stays to be refused by its column.
fn said(cell: &SheetCell) -> String {
    match cell {
        SheetCell::Text(text) => text.trim().to_owned(),
        SheetCell::Number(number) => number.to_string(),
        SheetCell::YesNo(yes) => yes.to_string(),
        SheetCell::Fault(text) => text.to_string(),
        SheetCell::Moment(_) | SheetCell::TooLong(_) => "?".to_owned(),
        SheetCell::Empty => String::new(),
    }
}

async fn take(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PlanSheet>,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Stop> {
    me.must(Action::EditExamPlans)?;
    let texts = me.texts();
    let id: ExamPlanId = id_of(&at.id)?;
    let outcome = match handed_in(sent).await {
        Ok(bytes) if bytes.is_empty() => Err(texts.t("import-file-none").to_string()),
        Ok(bytes) => match kept(&house, bytes).await? {
            Ok((hash, sheet)) => match rows_of(texts, &sheet) {
                Ok(_) => Ok(hash),
                Err(finding) => Err(sheet::finding(texts, &finding)),
            },
            Err(finding) => Err(sheet::finding(texts, &finding)),
        },
        Err(finding) => Err(sheet::finding(texts, &finding)),
    };
    match outcome {
        Ok(hash) => {
            let url = PlanPreview { id: at.id }.to_string();
            Ok(to(with_query(&url, [("file", hash.as_str())])))
        }
        Err(sentence) => {
            let mut faults = Faults::none(texts);
            faults.add("file", sentence);
            Ok(View::invalid(form(&house, &me, id, faults).await?).into_response())
        }
    }
}

/// Reads a sheet away from the threads that answer everybody else, and keeps its file.
async fn kept(house: &House, bytes: Vec<u8>) -> Result<Result<(String, Sheet), Finding>, Error> {
    let (bytes, sheet) = match apart(bytes).await? {
        Ok(read) => read,
        Err(finding) => return Ok(Err(finding)),
    };
    let accept = Accept { most_bytes: u64::try_from(MOST).unwrap_or(u64::MAX), kinds: None };
    let blob = house.files.put_bytes(bytes, accept, &*house.random).await.map_err(Error::internal)?;
    Ok(Ok((blob.hash.to_string(), sheet)))
}

async fn apart(bytes: Vec<u8>) -> Result<Result<(Vec<u8>, Sheet), Finding>, Error> {
    let limits = Limits { rows: 2_000, ..Limits::default() };
    let asked = Ask { limits, ..Ask::default() };
    tokio::task::spawn_blocking(move || read(&bytes, &asked).map(|sheet| (bytes, sheet)))
        .await
        .map_err(Error::internal)
}

#[derive(Debug, Default, Deserialize)]
struct Of {
    #[serde(default)]
    file: String,
    #[serde(default)]
    version: i64,
}

/// The rows of a file that was handed in before; without it there is nothing to see.
async fn rows(house: &House, texts: Texts, file: &str) -> Result<(Sheet, Vec<SheetRow>), Error> {
    let hash: Hash = file.parse().map_err(|_| Error::NotFound)?;
    let most = u64::try_from(MOST).unwrap_or(u64::MAX);
    let bytes = house.files.read(hash, most).await.map_err(|_| Error::NotFound)?;
    let (_, sheet) = apart(bytes).await?.map_err(|_| Error::NotFound)?;
    let rows = rows_of(texts, &sheet).map_err(|_| Error::NotFound)?;
    Ok((sheet, rows))
}

fn sentence(texts: Texts, fault: &Fault) -> String {
    let mut text = texts.stored(&fault.code);
    for (name, value) in &fault.arguments {
        text = text.with(name, regie_texts::word(texts, name, value));
    }
    let column = texts.of("plan-column", fault.column);
    texts.t("plan-cell-fault").with("column", column.to_string()).with("text", text.to_string()).to_string()
}

fn effect_chip(texts: Texts, effect: Effect) -> Chip {
    let tone = match effect {
        Effect::NewUnit | Effect::NewTest => Tone::Ok,
        Effect::Changed => Tone::Info,
        Effect::Same => Tone::Plain,
        Effect::Refused => Tone::Danger,
    };
    Chip::new(tone, texts.of("plan-effect", effect.code()))
}

fn judged_list(texts: Texts, preview: &Preview) -> List {
    let line = |row: &Judged| Row {
        id: row.number.to_string(),
        name: row.unit.clone(),
        cells: vec![
            Cell::text(row.number.to_string()),
            Cell::Chip(effect_chip(texts, row.effect)),
            Cell::Two { text: row.unit.clone(), sub: row.test.clone().unwrap_or_default() },
            Cell::Lines(row.faults.iter().map(|fault| sentence(texts, fault)).collect()),
        ],
    };
    // What needs attention stands on top.
    let (wrong, right): (Vec<_>, Vec<_>) = preview.rows.iter().partition(|row| row.effect == Effect::Refused);
    let columns = vec![
        Column::new(texts.t("plan-row"), Weight::Key).number(),
        Column::new(texts.t("plan-effect"), Weight::Main),
        Column::new(texts.t("plan-unit"), Weight::Main),
        Column::new(texts.t("plan-why"), Weight::Usual),
    ];
    let empty = Empty::new("file-spreadsheet", texts.t("plan-sheet-empty"), texts.t("list-none-text"));
    List {
        total: preview.rows.len() as u64,
        rows: wrong.into_iter().chain(right).map(line).collect(),
        ..List::new(texts, "rows", texts.t("plan-sheet-rows"), columns, empty)
    }
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PlanPreview>,
    Query(of): Query<Of>,
) -> Result<View<DetailView>, Stop> {
    me.must(Action::EditExamPlans)?;
    let texts = me.texts();
    let id: ExamPlanId = id_of(&at.id)?;
    // Whose plan it is, before whose file it is.
    regie_catalog::plan::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let (_, rows) = rows(&house, texts, &of.file).await?;
    let preview = import::preview(&house.db, me.caller(), id, &rows).await.map_err(|error| me.stop(error))?;
    let (refused, changing) = (preview.refused(), preview.changing());
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let notice = match refused {
        0 => Notice::new(Tone::Ok, texts.t("plan-sheet-right").with("count", count(changing)).to_string()),
        _ => Notice::new(Tone::Danger, texts.t("plan-sheet-wrong").with("count", count(refused)).to_string()),
    };
    let first = (refused == 0 && changing > 0).then(|| {
        let url = PlanCarryOut { id: at.id.clone() }.to_string();
        let version = preview.version.to_string();
        let url = with_query(&url, [("file", of.file.as_str()), ("version", version.as_str())]);
        Button::post(texts.t("import-carry-out"), url, &me.viewer.csrf).primary()
    });
    let again = Button::link(texts.t("plan-sheet-again"), PlanSheet { id: at.id.clone() }).icon("upload");
    let page = Page::new(me.viewer.clone(), texts.t("plan-sheet-preview"))
        .under(preview.plan.clone(), PlanPage { id: at.id });
    let blocks = vec![Block::list(texts.t("plan-sheet-rows"), Vec::new(), judged_list(texts, &preview))];
    Ok(View::new(DetailView {
        acts: vec![again],
        first,
        notice: Some(notice),
        ..DetailView::new(page, blocks)
    }))
}

async fn carry_out(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PlanCarryOut>,
    Query(of): Query<Of>,
) -> Result<Response, Stop> {
    me.must(Action::EditExamPlans)?;
    let id: ExamPlanId = id_of(&at.id)?;
    regie_catalog::plan::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let (_, rows) = rows(&house, me.texts(), &of.file).await?;
    match import::carry_out(&house.db, me.caller(), id, of.version, rows).await {
        Ok(_) => Ok(to(PlanPage { id: at.id })),
        Err(error) => {
            let faults = fault(me.texts(), error)?;
            Ok(View::invalid(form(&house, &me, id, faults).await?).into_response())
        }
    }
}

/// The empty workbook to fill in.
async fn template(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PlanTemplate>,
) -> Result<Response, Stop> {
    me.must(Action::EditExamPlans)?;
    let texts = me.texts();
    let id: ExamPlanId = id_of(&at.id)?;
    let plan =
        regie_catalog::plan::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?.plan;
    let made_at = regie_core::day::in_school_time(house.clock.now()).datetime();
    let title = texts.t("plan-one").to_string();
    let name = format!("{title} {} {}.xlsx", plan.crebo, plan.cohort);
    let labels = COLUMNS.iter().map(|column| {
        let help = texts.of("plan-column-help", column.key).to_string();
        (column, texts.of("plan-column", column.key).to_string(), help)
    });
    Ok(sheet::template_of(texts, &title, &name, labels, made_at)?)
}
