//! Which column of the file is what.

use super::begin::read_apart;
use super::{ImportColumns, ImportPage, Imports, id_of};
use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Choice, Faults, Field, Form, Notice, Step, StepState, Steps, Tone};
use crate::sheet;
use crate::told::{self, Stop};
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_people::import::{self, Import, Mapped, Mapping, State as ImportState};
use regie_sheets::{Ask, Cell, Column, Limits, Sheet, Why, letters, repeated_headers, suggest};
use regie_texts::Texts;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "import/columns.html")]
pub(super) struct ColumnsPage {
    page: Page,
    steps: Steps,
    sub: String,
    notices: Vec<Notice>,
    /// Another sheet of the workbook, or another row of headers.
    elsewhere: Vec<Field>,
    here: String,
    form: Form,
}

pub(super) fn steps(texts: Texts, at: usize, id: &str) -> Steps {
    let keys = ["import-step-file", "import-step-columns", "import-step-preview", "import-step-done"];
    let steps = keys.into_iter().enumerate().map(|(index, key)| Step {
        name: texts.t(key).to_string(),
        state: match index.cmp(&at) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal => StepState::Current,
            std::cmp::Ordering::Greater => StepState::Ahead,
        },
        href: (index == 1 && at == 2).then(|| ImportColumns { id: id.to_owned() }.to_string()),
    });
    Steps { texts, label: texts.t("import-steps").to_string(), steps: steps.collect() }
}

/// Where in the file to look.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Where {
    #[serde(default)]
    sheet: String,
    #[serde(default)]
    header_row: String,
}

impl Where {
    fn ask(&self, import: &Import) -> Ask {
        let sheet = Some(self.sheet.clone()).filter(|name| !name.is_empty()).or_else(|| import.sheet.clone());
        let same = sheet == import.sheet;
        let row = self.header_row.trim().parse().ok().or(same.then_some(import.header_row));
        Ask { sheet, header_row: row, limits: Limits::default() }
    }
}

/// The file as it was handed in.
async fn opened(house: &House, me: &Me, import: &Import, at: &Where) -> Result<Result<Sheet, String>, Stop> {
    let texts = me.texts();
    let gone = || Ok(Err(texts.t("import-file-gone").to_string()));
    let Ok(hash) = import.file.parse() else { return gone() };
    let most = u64::try_from(Limits::default().file_bytes).unwrap_or(u64::MAX);
    let bytes = match house.files.read(hash, most).await {
        Ok(bytes) => bytes,
        Err(regie_files::FilesError::Storage(error)) => return Err(Error::internal(error).into()),
        Err(_) => return gone(),
    };
    match read_apart(bytes, at.ask(import)).await? {
        Ok((sheet, _)) => Ok(Ok(sheet)),
        Err(finding) => Ok(Err(sheet::finding(texts, &finding))),
    }
}

fn field_of(key: &str) -> String {
    format!("column-{key}")
}

struct Drawn<'a> {
    import: &'a Import,
    sheet: &'a Sheet,
    columns: &'a [Column],
    chosen: &'a Mapping,
    why: &'a BTreeMap<String, Why>,
    faults: Faults,
}

/// A file's column with a few of its values: a header alone is easily mistaken.
fn offered(texts: Texts, sheet: &Sheet) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", texts.t("import-not-in-file"))];
    for (index, header) in sheet.headers.iter().enumerate().filter(|(_, header)| !header.is_empty()) {
        let column = u32::try_from(index).unwrap_or(u32::MAX);
        let mut label = format!("{}: {header}", letters(column));
        let shown: Vec<&str> = sheet
            .rows
            .iter()
            .filter_map(|row| match row.cells.get(index) {
                Some(Cell::Text(text)) => Some(text.trim()).filter(|text| !text.is_empty()),
                _ => None,
            })
            .take(2)
            .collect();
        if !shown.is_empty() {
            let shown: String = shown.join(", ").chars().take(40).collect();
            label.push_str(&format!(" ({shown})"));
        }
        choices.push(Choice::new(column.to_string(), label));
    }
    choices
}

fn draw(me: &Me, drawn: Drawn<'_>) -> ColumnsPage {
    let texts = me.texts();
    let Drawn { import, sheet, columns, chosen, why, faults } = drawn;
    let id = import.id.to_string();
    let choices = offered(texts, sheet);
    let fields = columns
        .iter()
        .map(|column| {
            let value = chosen.get(&column.key).map(ToString::to_string).unwrap_or_default();
            let said = match why.get(&column.key) {
                Some(Why::Remembered) => Some(texts.t("import-why-remembered").to_string()),
                Some(Why::Like(percent)) => {
                    Some(texts.t("import-why-like").with("percent", u32::from(*percent)).to_string())
                }
                _ => None,
            };
            let hint = [Some(column.help.clone()), said].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let field = Field::select(texts, &field_of(&column.key), column.label.clone(), choices.clone())
                .value(value)
                .hint(hint)
                .checked(&faults);
            if column.required { field } else { field.optional() }
        })
        .collect();
    let mut notices: Vec<Notice> = sheet
        .notes
        .iter()
        .chain(&repeated_headers(sheet))
        .take(5)
        .map(|note| Notice::new(Tone::Warn, sheet::finding(texts, note)))
        .collect();
    if sheet.rows.is_empty() {
        notices.push(Notice::new(Tone::Danger, texts.t("import-no-rows")));
    }
    let mut elsewhere = Vec::new();
    if sheet.names.len() > 1 {
        let names = sheet.names.iter().map(|name| Choice::new(name, name)).collect();
        let chosen = sheet.name.clone().unwrap_or_default();
        elsewhere.push(Field::select(texts, "sheet", texts.t("import-sheet"), names).value(chosen));
    }
    elsewhere.push(
        Field::number(texts, "header_row", texts.t("import-header-row")).value(sheet.header_row.to_string()),
    );
    let count = i64::try_from(sheet.rows.len()).unwrap_or(i64::MAX);
    let sub =
        texts.t("import-columns-sub").with("file", import.file_name.clone()).with("rows", count).to_string();
    let action = crate::url::with_query(
        &ImportColumns { id: id.clone() }.to_string(),
        [
            ("sheet", sheet.name.as_deref().unwrap_or_default()),
            ("header_row", sheet.header_row.to_string().as_str()),
        ],
    );
    ColumnsPage {
        steps: steps(texts, 1, &id),
        sub,
        notices,
        elsewhere,
        here: ImportColumns { id: id.clone() }.to_string(),
        form: Form {
            action,
            csrf: me.viewer.csrf.clone(),
            request: None,
            faults,
            fields,
            submit: Button::submit(texts.t("import-check")),
            others: vec![Button::link(texts.t("form-cancel"), ImportPage { id }).quiet()],
        },
        page: Page::new(me.viewer.clone(), texts.t("import-columns-title"))
            .under(texts.t("nav-imports"), Imports {}),
    }
}

pub(super) async fn ask(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ImportColumns>,
    Query(place): Query<Where>,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let stop = |error| me.stop(error);
    let import = import::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(stop)?;
    if !matches!(import.state, ImportState::Mapping | ImportState::Judging | ImportState::Judged) {
        return Ok(Redirect::to(&ImportPage { id: at.id }.to_string()).into_response());
    }
    let sheet = match opened(&house, &me, &import, &place).await? {
        Ok(sheet) => sheet,
        Err(sentence) => return unread(&me, &import, sentence),
    };
    let columns = sheet::columns(texts, import.kind);
    let remembered =
        import::remembered(&house.db, me.caller(), import.kind).await.map_err(|error| me.stop(error))?;
    let suggestions = suggest(&sheet, &columns, &remembered);
    let mut chosen = import.mapping();
    let mut why = BTreeMap::new();
    if import.state == ImportState::Mapping || !place.sheet.is_empty() || !place.header_row.is_empty() {
        chosen.clear();
        for suggestion in suggestions {
            if let Some(key) = suggestion.key {
                chosen.insert(key.clone(), suggestion.column);
                why.insert(key, suggestion.why);
            }
        }
    }
    let faults = Faults::none(texts);
    let drawn =
        Drawn { import: &import, sheet: &sheet, columns: &columns, chosen: &chosen, why: &why, faults };
    Ok(View::new(draw(&me, drawn)).into_response())
}

#[derive(Template)]
#[template(path = "import/unread.html")]
struct UnreadPage {
    page: Page,
    notice: Notice,
    acts: Vec<Button>,
}

/// The file, or this place in it, cannot be read: what is wrong, and the way back.
fn unread(me: &Me, import: &Import, sentence: String) -> Result<Response, Stop> {
    let texts = me.texts();
    let id = import.id.to_string();
    let page = Page::new(me.viewer.clone(), texts.t("import-columns-title"))
        .under(texts.t("nav-imports"), Imports {});
    let acts = vec![
        Button::link(texts.t("import-back-to-columns"), ImportColumns { id }).primary(),
        Button::link(texts.t("import-new"), super::NewImport {}),
    ];
    let notice = Notice::new(Tone::Danger, sentence);
    Ok(View::invalid(UnreadPage { page, notice, acts }).into_response())
}

pub(super) async fn choose(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ImportColumns>,
    Query(place): Query<Where>,
    Sent(sent): Sent<BTreeMap<String, String>>,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    let import = import::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let sheet = match opened(&house, &me, &import, &place).await? {
        Ok(sheet) => sheet,
        Err(sentence) => return unread(&me, &import, sentence),
    };
    let columns = sheet::columns(texts, import.kind);
    let mut chosen = Mapping::new();
    for column in &columns {
        let said = sent.get(&field_of(&column.key)).and_then(|text| text.parse::<u32>().ok());
        let there = |index: &u32| usize::try_from(*index).is_ok_and(|index| index < sheet.headers.len());
        if let Some(index) = said.filter(there) {
            chosen.insert(column.key.clone(), index);
        }
    }
    let mut faults = Faults::none(texts);
    for column in &columns {
        match chosen.get(&column.key) {
            None if column.required => {
                faults.add(&field_of(&column.key), texts.t("import-column-needed"));
            }
            Some(index) if chosen.values().filter(|other| *other == index).count() > 1 => {
                faults.add(&field_of(&column.key), texts.t("sheet-column-used-twice"));
            }
            _ => {}
        }
    }
    if faults.is_empty() {
        let mapping = regie_sheets::Mapping::from_pairs(chosen.clone());
        let input = Mapped {
            mapping: chosen.clone(),
            remember: mapping.to_remember(&sheet),
            sheet: sheet.name.clone(),
            header_row: sheet.header_row,
            headers: sheet.headers.clone(),
        };
        match import::map(&house.db, me.caller(), id, input).await {
            Ok(()) => return Ok(Redirect::to(&ImportPage { id: at.id }.to_string()).into_response()),
            Err(error) => faults = told::fault(texts, error)?,
        }
    }
    let drawn = Drawn {
        import: &import,
        sheet: &sheet,
        columns: &columns,
        chosen: &chosen,
        why: &BTreeMap::new(),
        faults,
    };
    Ok(View::invalid(draw(&me, drawn)).into_response())
}
