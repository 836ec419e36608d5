//! The operations for programs, as a page to read. It draws the document that the JSON door serves; nothing is written
//! here a second time.

use crate::house::House;
use crate::page::{Page, View};
use crate::url::Url as _;
use crate::urls;
use crate::viewer::Viewer;
use askama::Template;
use axum::Extension;
use serde_json::Value;
use std::sync::Arc;

urls! {
    pub Reference = "/api";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default().get(Reference::at(), show)
}

/// The OpenAPI document; the app puts it around the pages.
#[derive(Debug, Clone)]
pub struct ApiDocument(pub Arc<Value>);

/// An operation as the page shows it.
struct Shown {
    id: String,
    method: String,
    path: String,
    summary: String,
    scope: String,
    parameters: Vec<Line>,
    body: Vec<Line>,
    answers: Vec<(String, String)>,
}

/// A parameter or a field.
struct Line {
    name: String,
    kind: String,
    required: bool,
    about: String,
}

#[derive(Template)]
#[template(path = "page/reference.html")]
struct ReferencePage {
    page: Page,
    about: Vec<String>,
    groups: Vec<(String, Vec<Shown>)>,
}

async fn show(viewer: Viewer, document: Option<Extension<ApiDocument>>) -> View<ReferencePage> {
    let empty = Value::Null;
    let document = document.as_ref().map_or(&empty, |document| &*document.0.0);
    let about = document.get("info").map(|info| text(info, "description")).unwrap_or_default();
    let title = viewer.texts().t("reference-title").to_string();
    View::new(ReferencePage {
        about: about.split("\n\n").map(|part| part.replace(['*', '`'], "")).collect(),
        groups: groups(document),
        page: Page::new(viewer, title),
    })
}

fn text(value: &Value, member: &str) -> String {
    value.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn groups(document: &Value) -> Vec<(String, Vec<Shown>)> {
    let mut groups: Vec<(String, Vec<Shown>)> = Vec::new();
    for (path, methods) in members(document.get("paths")) {
        for (method, operation) in members(Some(methods)) {
            let tag = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default().to_owned();
            let shown = shown(document, path, method, operation);
            match groups.iter_mut().find(|(name, _)| *name == tag) {
                Some((_, operations)) => operations.push(shown),
                None => groups.push((tag, vec![shown])),
            }
        }
    }
    groups
}

fn shown(document: &Value, path: &str, method: &str, operation: &Value) -> Shown {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let body = operation.pointer("/requestBody/content/application~1json/schema");
    let answers = members(operation.get("responses"));
    Shown {
        id: text(operation, "operationId"),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(operation, "summary"),
        scope: operation
            .pointer("/security/0/client/0")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        parameters: parameters
            .map(|one| Line {
                name: text(one, "name"),
                kind: kind(one.get("schema").unwrap_or(&Value::Null)),
                required: one.get("required") == Some(&Value::Bool(true)),
                about: text(one, "description"),
            })
            .collect(),
        body: body.map(|schema| fields(document, schema)).unwrap_or_default(),
        answers: answers.map(|(status, answer)| (status.clone(), text(answer, "description"))).collect(),
    }
}

fn fields(document: &Value, schema: &Value) -> Vec<Line> {
    let named = text(schema, "$ref");
    let schema = named.strip_prefix('#').and_then(|pointer| document.pointer(pointer)).unwrap_or(schema);
    let required = schema.get("required").and_then(Value::as_array);
    members(schema.get("properties"))
        .map(|(name, field)| Line {
            name: name.clone(),
            kind: kind(field),
            required: required.is_some_and(|names| names.iter().any(|one| one == name.as_str())),
            about: text(field, "description"),
        })
        .collect()
}

/// What a value is, in a word or two.
fn kind(schema: &Value) -> String {
    if let Some(name) = text(schema, "$ref").rsplit('/').next().filter(|name| !name.is_empty()) {
        return name.to_owned();
    }
    if let Some(Value::Array(choices)) = schema.get("anyOf") {
        return choices.iter().map(kind).filter(|kind| kind != "null").collect::<Vec<_>>().join(" | ");
    }
    let format = text(schema, "format");
    if !format.is_empty() {
        return format;
    }
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .filter(|kind| *kind != "null")
            .collect::<Vec<_>>()
            .join(" | "),
        Some(Value::String(kind)) => kind.clone(),
        _ => "any".to_owned(),
    }
}
