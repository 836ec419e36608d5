//! What would happen, row by row; carrying it out; and what came of it.

use super::columns::steps;
use super::{CancelImport, CarryOut, ImportColumns, ImportExport, ImportPage, Imports, NewImport, id_of};
use super::{counted, state_chip};
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Chip, Column, Empty, Export, Filter, List, Notice, Pager, Progress, Row, Steps, Tab, Tabs,
    Tone, Weight, Wish,
};
use crate::person::PersonPage;
use crate::sheet::{self, Format, Table, cell};
use crate::told::Stop;
use crate::url::with_query;
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_core::Caller;
use regie_core::day::in_school_time;
use regie_core::id::RequestId;
use regie_people::Error;
use regie_people::import::{self, Change, Import, Line, Outcome, Problem, State as ImportState};
use regie_sheets::Value;
use regie_texts::Texts;
use serde::Deserialize;

const SIZE: u32 = 50;

#[derive(Template)]
#[template(path = "import/show.html")]
pub(super) struct ShowPage {
    page: Page,
    chip: Chip,
    sub: String,
    steps: Steps,
    notice: Option<Notice>,
    /// While rows are being judged; the page asks itself again.
    progress: Option<Progress>,
    here: String,
    acts: Vec<Button>,
    first: Option<Button>,
    tabs: Option<Tabs>,
    list: Option<List>,
}

/// Which rows are looked at.
#[derive(Debug, Default, Clone, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: Option<u32>,
    /// What the reader must know about the step before: `stale`, `done`.
    #[serde(default)]
    told: String,
    #[serde(default)]
    format: Format,
}

/// The rows of one outcome, or those who are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Rows(Outcome),
    Missing,
}

impl Shown {
    const fn code(self) -> &'static str {
        match self {
            Shown::Rows(outcome) => outcome.code(),
            Shown::Missing => "missing",
        }
    }
}

impl Asked {
    /// What was asked for, else what needs looking at first.
    fn shown(&self, import: &Import) -> Shown {
        if self.show == "missing" && import.kind.person().is_some() {
            return Shown::Missing;
        }
        let first = [Outcome::Refused, Outcome::Changed, Outcome::New, Outcome::Same];
        let first = first.into_iter().find(|outcome| import.count(*outcome) > 0);
        Shown::Rows(Outcome::from_code(&self.show).or(first).unwrap_or(Outcome::New))
    }

    fn page(&self) -> u32 {
        self.page.unwrap_or(1).clamp(1, 100_000)
    }
}

pub(super) async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ImportPage>,
    Query(asked): Query<Asked>,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    let import = import::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    if import.state == ImportState::Mapping {
        return Ok(Redirect::to(&ImportColumns { id: at.id }.to_string()).into_response());
    }
    let mut page = ShowPage {
        chip: state_chip(texts, import.state),
        sub: sub(texts, &import),
        steps: steps(texts, if import.state == ImportState::Done { 4 } else { 2 }, &at.id),
        notice: notice(texts, &import, &asked),
        progress: None,
        here: ImportPage { id: at.id.clone() }.to_string(),
        acts: Vec::new(),
        first: None,
        tabs: None,
        list: None,
        page: Page::new(me.viewer.clone(), import.file_name.clone())
            .under(texts.t("nav-imports"), Imports {}),
    };
    let csrf = &me.viewer.csrf;
    if matches!(import.state, ImportState::Judging | ImportState::Judged) {
        let stop = Button::post(texts.t("import-cancel"), CancelImport { id: at.id.clone() }, csrf).quiet();
        page.acts.push(stop);
    }
    match import.state {
        ImportState::Judging => {
            let doing = if import.staged { "import-doing-judging" } else { "import-doing-reading" };
            page.progress = Some(Progress {
                texts,
                id: "import-progress".into(),
                title: texts.t("import-judging").to_string(),
                doing: texts.t(doing).to_string(),
                done: u64::try_from(import.done).unwrap_or_default(),
                total: Some(u64::try_from(import.total).unwrap_or_default()),
                can_leave: true,
            });
        }
        ImportState::Judged | ImportState::Done if !import.forgotten => {
            let change = import.new_rows + import.changed_rows;
            if import.state == ImportState::Judged && change > 0 {
                let request: RequestId = house.new_id();
                let label = texts.t("import-carry-out").with("count", change);
                let act = Button::post(label.to_string(), CarryOut { id: at.id.clone() }, csrf);
                page.first = Some(act.with("request", request).icon("check").primary());
            }
            let (missing, total) = match import.kind.person() {
                Some(_) => import::missing(&house.db, me.caller(), id, asked.page(), SIZE)
                    .await
                    .map_err(|error| me.stop(error))?,
                None => (Vec::new(), 0),
            };
            let shown = asked.shown(&import);
            page.tabs = Some(tabs(texts, &import, shown, total));
            page.list = Some(match shown {
                Shown::Missing => missing_list(texts, &import, &asked, missing, total),
                Shown::Rows(outcome) => {
                    let found =
                        import::rows(&house.db, me.caller(), id, Some(outcome), &asked.q, asked.page(), SIZE)
                            .await
                            .map_err(|error| me.stop(error))?;
                    row_list(texts, &import, &asked, outcome, found)
                }
            });
        }
        _ => {
            let again = with_query(&NewImport {}.to_string(), [("kind", import.kind.code())]);
            page.first = Some(Button::link(texts.t("import-new"), again).icon("upload").primary());
        }
    }
    Ok(View::new(page).into_response())
}

fn sub(texts: Texts, import: &Import) -> String {
    let kind = texts.of("import-kind", import.kind.code()).to_string();
    let when = texts.moment(in_school_time(import.begun_at).datetime());
    let said = counted(texts, import);
    [kind, when, said].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn notice(texts: Texts, import: &Import, asked: &Asked) -> Option<Notice> {
    let said = |tone, key: &'static str| Some(Notice::new(tone, texts.t(key)));
    match import.state {
        ImportState::Failed => {
            let why = import.fault().map(|fault| sheet::fault(texts, &fault, &import.headers()));
            Some(Notice::new(Tone::Danger, why.unwrap_or_default()).title(texts.t("import-failed")))
        }
        ImportState::Cancelled => said(Tone::Info, "import-cancelled"),
        ImportState::Done => {
            let text = texts
                .t("import-done")
                .with("added", import.new_rows)
                .with("changed", import.changed_rows)
                .with("refused", import.refused_rows);
            let notice = Notice::new(Tone::Ok, text.to_string());
            Some(if asked.told == "done" { notice.loud() } else { notice })
        }
        ImportState::Judging if asked.told == "stale" => said(Tone::Warn, "told-import-stale"),
        ImportState::Judged if import.new_rows + import.changed_rows == 0 => {
            said(Tone::Info, "told-import-nothing")
        }
        ImportState::Judged if import.refused_rows > 0 => {
            let text = texts.t("import-some-refused").with("count", import.refused_rows);
            Some(Notice::new(Tone::Warn, text.to_string()))
        }
        _ => None,
    }
}

fn href(import: &Import, shown: Shown, q: &str) -> String {
    let place = ImportPage { id: import.id.to_string() }.to_string();
    with_query(&place, [("show", shown.code()), ("q", q)])
}

fn tabs(texts: Texts, import: &Import, shown: Shown, missing: u64) -> Tabs {
    let order = [Outcome::Refused, Outcome::Changed, Outcome::New, Outcome::Same];
    let mut all: Vec<(Shown, u64)> = order
        .map(|outcome| (Shown::Rows(outcome), u64::try_from(import.count(outcome)).unwrap_or_default()))
        .into();
    if import.kind.person().is_some() {
        all.push((Shown::Missing, missing));
    }
    let tabs = all.into_iter().map(|(tab, count)| Tab {
        name: texts.of("import-tab", tab.code()).to_string(),
        href: href(import, tab, ""),
        current: tab == shown,
        count: Some(count),
    });
    Tabs { label: texts.t("import-tabs").to_string(), tabs: tabs.collect() }
}

fn pager(texts: Texts, import: &Import, asked: &Asked, shown: Shown, total: u64) -> Option<Pager> {
    let pages = total.div_ceil(SIZE.into()).max(1);
    let pattern = format!("{}&page={{page}}", href(import, shown, &asked.q));
    (pages > 1).then(|| Pager::new(texts, asked.page().into(), pages, pattern))
}

/// `Mailadres: oud → nieuw`.
fn change(texts: Texts, change: &Change) -> String {
    let name = texts.of("column", &change.key);
    let word = |value: &Option<String>| {
        let Some(value) = value else { return "–".to_owned() };
        let known = match sheet::family(&change.key) {
            Some(family) => texts.of(family, value),
            None => texts.of("import-value", value),
        };
        if known.exists() { known.to_string() } else { value.clone() }
    };
    match &change.old {
        None => format!("{name}: {}", word(&change.new)),
        Some(_) => format!("{name}: {} → {}", word(&change.old), word(&change.new)),
    }
}

fn said(texts: Texts, line: &Line, headers: &[String]) -> Vec<String> {
    match line.outcome {
        Outcome::Refused => line.faults().iter().map(|fault| sheet::fault(texts, fault, headers)).collect(),
        _ => line.changes().iter().map(|one| change(texts, one)).collect(),
    }
}

fn empty(texts: Texts) -> Empty {
    Empty {
        icon: "circle-check",
        title: texts.t("import-rows-none").to_string(),
        text: texts.t("import-rows-none-text").to_string(),
        actions: Vec::new(),
    }
}

fn exports(texts: Texts, import: &Import, asked: &Asked, shown: Shown) -> Vec<Export> {
    let place = ImportExport { id: import.id.to_string() }.to_string();
    crate::sheet::exports(texts, |format| {
        with_query(&place, [("show", shown.code()), ("q", asked.q.as_str()), ("format", format.code())])
    })
}

fn row_list(texts: Texts, import: &Import, asked: &Asked, outcome: Outcome, found: import::Rows) -> List {
    let shown = Shown::Rows(outcome);
    let what = if outcome == Outcome::Refused { "import-why" } else { "import-what" };
    let columns = vec![
        Column::new(texts.t("import-about"), Weight::Key),
        Column::new(texts.t("import-row"), Weight::Usual).number(),
        Column::new(texts.t(what), Weight::Main),
    ];
    let headers = import.headers();
    // What a row adds is there to be seen only afterwards.
    let there = |line: &Line| match (import.kind.person(), line.subject) {
        (Some(_), Some(id)) => Some(PersonPage { id: id.to_string() }.to_string()),
        _ => None,
    };
    let rows = found
        .lines
        .iter()
        .map(|line| {
            let label = match line.label.is_empty() {
                true => texts.t("import-row-name").with("row", line.number).to_string(),
                false => line.label.clone(),
            };
            let about = match there(line) {
                Some(href) if outcome != Outcome::Refused => Cell::link(label.clone(), href),
                _ => Cell::text(label.clone()),
            };
            Row {
                id: line.number.to_string(),
                name: label,
                cells: vec![
                    about,
                    Cell::text(line.number.to_string()),
                    Cell::Lines(said(texts, line, &headers)),
                ],
            }
        })
        .collect();
    let filter = Filter {
        action: ImportPage { id: import.id.to_string() }.to_string(),
        wishes: vec![
            Wish::Words(texts.t("import-filter").to_string()),
            Wish::Search {
                name: "q".into(),
                label: texts.t("import-search").to_string(),
                value: asked.q.clone(),
            },
            Wish::Keep { name: "show".into(), value: outcome.code().into() },
        ],
    };
    List {
        filter: Some(filter),
        clear: href(import, shown, ""),
        total: found.total,
        rows,
        exports: exports(texts, import, asked, shown),
        pager: pager(texts, import, asked, shown, found.total),
        ..List::new(texts, "rows", texts.of("import-tab", outcome.code()), columns, empty(texts))
    }
}

fn missing_list(
    texts: Texts,
    import: &Import,
    asked: &Asked,
    missing: Vec<import::Missing>,
    total: u64,
) -> List {
    let columns = vec![
        Column::new(texts.t("person-name"), Weight::Key),
        Column::new(texts.t("person-number"), Weight::Main),
        Column::new(texts.t("person-unit"), Weight::Usual),
    ];
    let rows = missing
        .into_iter()
        .map(|one| Row {
            id: one.id.to_string(),
            name: one.display_name.clone(),
            cells: vec![
                Cell::link(one.display_name, PersonPage { id: one.id.to_string() }),
                Cell::text(one.number.unwrap_or_default()),
                Cell::text(one.unit_name.unwrap_or_default()),
            ],
        })
        .collect();
    List {
        total,
        rows,
        exports: exports(texts, import, asked, Shown::Missing),
        pager: pager(texts, import, asked, Shown::Missing, total),
        ..List::new(texts, "rows", texts.t("import-tab-missing"), columns, empty(texts))
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Pressed {
    #[serde(default)]
    request: String,
}

fn back(id: &str, told: &str) -> Response {
    let place = ImportPage { id: id.to_owned() }.to_string();
    Redirect::to(&with_query(&place, [("told", told)])).into_response()
}

pub(super) async fn carry_out(
    State(house): State<House>,
    me: Me,
    Path(at): Path<CarryOut>,
    Sent(pressed): Sent<Pressed>,
) -> Result<Response, Stop> {
    let id = id_of(&at.id)?;
    let caller = Caller { request: pressed.request.parse().ok(), ..me.caller().clone() };
    match import::carry_out(&house.db, &caller, id).await {
        Ok(_) => Ok(back(&at.id, "done")),
        Err(Error::Import(Problem::Stale)) => {
            match import::judge_again(&house.db, me.caller(), id).await {
                // Somebody else may have sent it to be judged just before.
                Ok(()) | Err(Error::Import(Problem::NotNow(_))) => Ok(back(&at.id, "stale")),
                Err(error) => Err(me.stop(error)),
            }
        }
        Err(error) => Err(me.stop(error)),
    }
}

pub(super) async fn cancel(
    State(house): State<House>,
    me: Me,
    Path(at): Path<CancelImport>,
) -> Result<Response, Stop> {
    import::cancel(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    Ok(back(&at.id, ""))
}

/// The rows that are looked at, with what is said of each, as a file to work through.
pub(super) async fn export(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ImportExport>,
    Query(asked): Query<Asked>,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    let stop = |error: Error| me.stop(error);
    let import = import::see(&house.db, me.caller(), id).await.map_err(stop)?;
    let shown = asked.shown(&import);
    let columns = sheet::columns(texts, import.kind);
    let (heads, rows) = match shown {
        Shown::Missing => {
            let (missing, _) = import::missing(&house.db, me.caller(), id, 1, 100_000).await.map_err(stop)?;
            let heads = ["person-number", "person-name", "person-unit"].map(|key| texts.t(key).to_string());
            let of = |one: import::Missing| {
                vec![
                    cell(one.number.unwrap_or_default()),
                    cell(one.display_name),
                    cell(one.unit_name.unwrap_or_default()),
                ]
            };
            (heads.to_vec(), missing.into_iter().map(of).collect())
        }
        Shown::Rows(outcome) => {
            let found = import::rows(&house.db, me.caller(), id, Some(outcome), &asked.q, 1, 100_000)
                .await
                .map_err(stop)?;
            let what = if outcome == Outcome::Refused { "import-why" } else { "import-what" };
            let mut heads = vec![texts.t("import-row").to_string(), texts.t(what).to_string()];
            heads.extend(columns.iter().map(|column| column.label.clone()));
            let headers = import.headers();
            let of = |line: &Line| {
                let said = said(texts, line, &headers).join("\n");
                let row = [Some(Value::Whole(line.number.into())), cell(said)].into_iter();
                row.chain(line.cells().into_iter().map(|text| cell(text.unwrap_or_default()))).collect()
            };
            (heads, found.lines.iter().map(of).collect())
        }
    };
    import::exported(&house.db, me.caller(), id, shown.code()).await.map_err(stop)?;
    let title = format!("{} {}", import.file_name, texts.of("import-tab", shown.code()));
    let made_at = in_school_time(house.clock.now()).datetime();
    Ok(Table { title, heads, rows }.download(texts, asked.format, made_at).await?)
}
