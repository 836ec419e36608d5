//! Handing a file in.

use super::{ImportColumns, ImportTemplate, Imports, NewImport, OfKind, kinds};
use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Choice, Faults, Field, Form};
use crate::sheet;
use crate::told::{self, Stop};
use crate::url::with_query;
use askama::Template;
use axum::extract::multipart::{Field as Sent, Multipart, MultipartRejection};
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_access::Refusal;
use regie_core::Caller;
use regie_files::Accept;
use regie_people::import::{Begin, Kind, begin};
use regie_sheets::{Ask, Finding, Limits, Sheet, read};

#[derive(Template)]
#[template(path = "import/new.html")]
pub(super) struct NewPage {
    page: Page,
    form: Form,
    templates: Vec<Button>,
}

fn draw(house: &House, me: &Me, chosen: &str, faults: Faults) -> NewPage {
    let texts = me.texts();
    let kinds = kinds(me);
    let choices = kinds
        .iter()
        .map(|kind| {
            Choice::new(kind.code(), texts.of("import-kind", kind.code()))
                .note(texts.of("import-key", kind.code()))
        })
        .collect();
    // Most sheets are of students.
    let usual = kinds.iter().find(|kind| **kind == Kind::Students).or(kinds.first());
    let first = usual.map_or("", |kind| kind.code());
    let limit = texts.t("import-file-limit").with("most", Limits::default().file_bytes >> 20);
    let fields = vec![
        Field::cards(texts, "kind", texts.t("import-kind"), choices).value(if chosen.is_empty() {
            first
        } else {
            chosen
        }),
        Field::file(texts, "file", texts.t("import-file"), ".xlsx,.ods,.csv", limit.to_string())
            .hint(texts.t("import-file-hint")),
    ];
    let form = Form {
        action: NewImport {}.to_string(),
        csrf: me.viewer.csrf.clone(),
        request: Some(house.new_id::<regie_core::id::RequestId>().to_string()),
        fields: fields.into_iter().map(|field| field.checked(&faults)).collect(),
        faults,
        submit: Button::submit(texts.t("import-upload")),
        others: vec![Button::link(texts.t("form-cancel"), Imports {}).quiet()],
    };
    let templates = kinds
        .iter()
        .map(|kind| {
            let href = with_query(&ImportTemplate {}.to_string(), [("kind", kind.code())]);
            Button::link(texts.of("import-kind", kind.code()), href).icon("download").small()
        })
        .collect();
    let page = Page::new(me.viewer.clone(), texts.t("import-new")).under(texts.t("nav-imports"), Imports {});
    NewPage { page, form, templates }
}

/// Nobody chooses a file that will be refused.
fn may(me: &Me) -> Result<(), Stop> {
    if kinds(me).is_empty() {
        let role = me.caller().role;
        return Err(me.stop(Refusal::NotInRole { action: regie_access::Action::ImportPeople, role }));
    }
    Ok(())
}

pub(super) async fn ask(
    State(house): State<House>,
    me: Me,
    Query(of): Query<OfKind>,
) -> Result<View<NewPage>, Stop> {
    may(&me)?;
    Ok(View::new(draw(&house, &me, &of.kind, Faults::none(me.texts()))))
}

/// What the form sent.
#[derive(Default)]
struct Given {
    kind: String,
    request: String,
    name: String,
    bytes: Vec<u8>,
}

async fn gathered(mut form: Multipart) -> Result<Given, Finding> {
    let broken = |_| Finding::new("import-upload-broken");
    let mut given = Given::default();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "kind" => given.kind = short(field).await?,
            "request" => given.request = short(field).await?,
            "file" => {
                given.name = field.file_name().unwrap_or_default().to_owned();
                given.bytes = limited(field, Limits::default().file_bytes).await?;
            }
            _ => {}
        }
    }
    Ok(given)
}

async fn short(field: Sent<'_>) -> Result<String, Finding> {
    Ok(String::from_utf8_lossy(&limited(field, 200).await?).into_owned())
}

/// Cut off as soon as it is too much.
async fn limited(mut field: Sent<'_>, most: usize) -> Result<Vec<u8>, Finding> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| Finding::new("import-upload-broken"))? {
        if bytes.len() + chunk.len() > most {
            return Err(Finding::new("sheet-file-too-large").with("most", most >> 20));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

pub(super) async fn take(
    State(house): State<House>,
    me: Me,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Stop> {
    may(&me)?;
    let texts = me.texts();
    let given = match form {
        Ok(form) => gathered(form).await,
        Err(_) => Ok(Given::default()),
    };
    let mut faults = Faults::none(texts);
    let (kind, outcome) = match given {
        Ok(given) => {
            let Some(kind) = Kind::from_code(&given.kind) else {
                faults.add("kind", texts.t("told-choose-one"));
                return Ok(View::invalid(draw(&house, &me, "", faults)).into_response());
            };
            (given.kind.clone(), handed_in(&house, &me, kind, given).await?)
        }
        Err(finding) => (String::new(), Err(sheet::finding(texts, &finding))),
    };
    match outcome {
        Ok(id) => Ok(Redirect::to(&ImportColumns { id }.to_string()).into_response()),
        Err(sentence) => {
            faults.add("file", sentence);
            Ok(View::invalid(draw(&house, &me, &kind, faults)).into_response())
        }
    }
}

/// Reads, keeps, and begins; a sentence when the file is not what it should be.
async fn handed_in(house: &House, me: &Me, kind: Kind, given: Given) -> Result<Result<String, String>, Stop> {
    let texts = me.texts();
    if given.name.is_empty() && given.bytes.is_empty() {
        return Ok(Err(texts.t("import-file-none").to_string()));
    }
    let (sheet, bytes) = match read_apart(given.bytes, Ask::default()).await? {
        Ok(read) => read,
        Err(finding) => return Ok(Err(sheet::finding(texts, &finding))),
    };
    let most_bytes = u64::try_from(Limits::default().file_bytes).unwrap_or(u64::MAX);
    let accept = Accept { most_bytes, kinds: None };
    let blob = house.files.put_bytes(bytes, accept, &*house.random).await.map_err(Error::internal)?;
    let input = Begin {
        id: house.new_id(),
        kind,
        file_name: if given.name.trim().is_empty() { "–".to_owned() } else { given.name },
        file: blob.hash.to_string(),
        sheet: sheet.name.clone(),
        header_row: sheet.header_row,
        rows: sheet.rows.len(),
        headers: sheet.headers,
    };
    let caller = Caller { request: given.request.parse().ok(), ..me.caller().clone() };
    match begin(&house.db, &caller, input).await {
        Ok(id) => Ok(Ok(id.to_string())),
        Err(error) => {
            let faults = told::fault(texts, error)?;
            Ok(Err(faults.faults.into_iter().map(|fault| fault.text).collect()))
        }
    }
}

/// Reads a sheet away from the threads that answer everybody else.
pub(super) async fn read_apart(bytes: Vec<u8>, ask: Ask) -> Result<Result<(Sheet, Vec<u8>), Finding>, Error> {
    tokio::task::spawn_blocking(move || read(&bytes, &ask).map(|sheet| (sheet, bytes)))
        .await
        .map_err(Error::internal)
}
