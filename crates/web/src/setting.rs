//! Settings of the school: what holds, what the default is, who may change it, and who did.

use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Change, Chip, Choice, Column, Empty, Fact, Facts, Faults, Field, Form, History,
    HistoryEntry, List, Row, Tone, Weight,
};
use crate::told::{self, Stop};
use crate::url::Url as _;
use crate::urls;
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_core::Caller;
use regie_core::name::folded;
use regie_core::setting::{Allowed, Group, Spec};
use regie_platform::setting::{self, Line, action};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub SettingList = "/settings";
    pub SettingPage { key: String } = "/settings/{key}";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(SettingList::at(), list)
        .get(SettingPage::at(), show)
        .post(SettingPage::at(), save)
}

/// A value as people read it.
pub(crate) fn shown(texts: Texts, spec: &Spec, value: &str) -> String {
    match spec.allowed {
        Allowed::YesNo | Allowed::OneOf(_) => texts.of("setting-choice", value).to_string(),
        Allowed::Whole { unit, .. } => {
            let number = value.parse::<i64>().unwrap_or_default();
            texts.of("setting-unit", unit.code()).with("count", number).to_string()
        }
        Allowed::Line { .. } | Allowed::MailAddress if value.is_empty() => {
            texts.t("setting-empty").to_string()
        }
        Allowed::Line { .. } | Allowed::MailAddress => value.to_owned(),
    }
}

/// What it is called.
pub(crate) fn name(texts: Texts, spec: &Spec) -> String {
    texts.of("setting-name", spec.key).to_string()
}

fn owners(texts: Texts, spec: &Spec) -> String {
    let roles = regie_access::who_may(action(spec));
    roles.into_iter().map(|role| texts.of("role", role.code()).to_string()).collect::<Vec<_>>().join(", ")
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "page/groups.html")]
struct ListPage {
    page: Page,
    sub: String,
    action: String,
    q: String,
    groups: Vec<(String, List)>,
    empty: Option<Empty>,
}

async fn list(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<ListPage>, Stop> {
    let texts = me.texts();
    let lines = setting::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let words = folded(&asked.q);
    let fits = |line: &&Line| {
        let text = folded(&format!(
            "{} {} {}",
            name(texts, line.spec),
            texts.of("setting-help", line.spec.key),
            texts.of("setting-group", line.spec.group.code()),
        ));
        words.split(' ').all(|word| text.contains(word))
    };
    let mut groups = Vec::new();
    for group in Group::ALL {
        let rows: Vec<Row> = lines
            .iter()
            .filter(|line| line.spec.group == group)
            .filter(fits)
            .map(|line| row(texts, line))
            .collect();
        if rows.is_empty() {
            continue;
        }
        let title = texts.of("setting-group", group.code()).to_string();
        let columns = vec![
            Column::new(texts.t("setting-name"), Weight::Key),
            Column::new(texts.t("setting-value"), Weight::Main),
            Column::new(texts.t("setting-default"), Weight::Usual),
            Column::new(texts.t("setting-owner"), Weight::Wide),
        ];
        let empty = Empty::new("settings", "", "");
        let list = List {
            total: rows.len() as u64,
            rows,
            ..List::new(texts, group.code(), title.clone(), columns, empty)
        };
        groups.push((title, list));
    }
    let empty = groups.is_empty().then(|| {
        Empty::new("settings", texts.t("setting-none"), texts.t("setting-none-text"))
            .action(Button::link(texts.t("setting-all"), SettingList {}))
    });
    Ok(View::new(ListPage {
        sub: texts.t("setting-sub").to_string(),
        action: SettingList {}.to_string(),
        q: asked.q,
        groups,
        empty,
        page: Page::new(me.viewer.clone(), texts.t("nav-settings")),
    }))
}

fn row(texts: Texts, line: &Line) -> Row {
    let value = shown(texts, line.spec, &line.value);
    Row {
        id: line.spec.key.to_owned(),
        name: name(texts, line.spec),
        cells: vec![
            Cell::Link {
                text: name(texts, line.spec),
                href: SettingPage { key: line.spec.key.into() }.to_string(),
                sub: Some(texts.of("setting-help", line.spec.key).to_string()),
            },
            if line.differs() { Cell::Chip(Chip::new(Tone::Info, value)) } else { Cell::text(value) },
            Cell::text(shown(texts, line.spec, line.spec.fallback)),
            Cell::text(owners(texts, line.spec)),
        ],
    }
}

#[derive(Template)]
#[template(path = "page/setting.html")]
struct ShowPage {
    page: Page,
    chip: Chip,
    help: String,
    facts: Facts,
    form: Option<Form>,
    history: History,
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    value: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    request: String,
}

async fn draw(
    house: &House,
    me: &Me,
    key: &str,
    typed: Option<&Wanted>,
    faults: Faults,
) -> Result<ShowPage, Stop> {
    let texts = me.texts();
    let (line, history) = setting::see(&house.db, me.caller(), key).await.map_err(|error| me.stop(error))?;
    let spec = line.spec;
    let chip = if line.differs() {
        Chip::new(Tone::Info, texts.t("setting-differs"))
    } else {
        Chip::new(Tone::Plain, texts.t("setting-same"))
    };
    let facts = vec![
        Fact::new(texts.t("setting-value"), shown(texts, spec, &line.value)),
        Fact::new(texts.t("setting-default"), shown(texts, spec, spec.fallback)),
        Fact::new(texts.t("setting-allowed"), allowed(texts, spec)),
        Fact::new(texts.t("setting-owner"), owners(texts, spec)),
    ];
    let form = me.may(action(spec)).then(|| {
        let value = typed.map_or(line.value.as_str(), |typed| typed.value.as_str());
        let back = SettingList {}.to_string();
        Form {
            action: crate::url::with_query(
                &SettingPage { key: spec.key.into() }.to_string(),
                [("version", line.version.to_string().as_str())],
            ),
            csrf: me.viewer.csrf.clone(),
            request: Some(house.new_id::<regie_core::id::RequestId>().to_string()),
            fields: vec![
                field(texts, spec, value).checked(&faults),
                Field::area(texts, "reason", texts.t("setting-reason"))
                    .hint(texts.t("setting-reason-hint"))
                    .value(typed.map_or("", |typed| typed.reason.as_str()))
                    .rows(2)
                    .optional()
                    .checked(&faults),
            ],
            faults,
            submit: Button::submit(texts.t("form-save")),
            others: vec![Button::link(texts.t("form-cancel"), back).quiet()],
        }
    });
    Ok(ShowPage {
        chip,
        help: texts.of("setting-help", spec.key).to_string(),
        facts: Facts { facts },
        form,
        history: History {
            texts,
            title: texts.t("history-title").to_string(),
            entries: history
                .iter()
                .map(|(entry, who)| lines(texts, spec, entry, who.as_deref(), me.caller()))
                .collect(),
            more: None,
        },
        page: Page::new(me.viewer.clone(), name(texts, spec)).under(texts.t("nav-settings"), SettingList {}),
    })
}

fn lines(
    texts: Texts,
    spec: &Spec,
    entry: &regie_people::journal::Entry,
    who: Option<&str>,
    caller: &Caller,
) -> HistoryEntry {
    let (old, new) = entry.values().unwrap_or_default();
    let value = |json: &serde_json::Value| {
        json.get("value")
            .and_then(|value| value.as_str())
            .map(|value| shown(texts, spec, value))
            .unwrap_or_default()
    };
    let plain = crate::person::entry(texts, entry, caller, &regie_people::journal::Names::default());
    HistoryEntry {
        who: who.map_or(plain.who.clone(), |name| format!("{name}, {}", plain.who)),
        changes: vec![Change { name: name(texts, spec), old: value(&old), new: value(&new) }],
        ..plain
    }
}

/// What it may be, in words.
fn allowed(texts: Texts, spec: &Spec) -> String {
    match spec.allowed {
        Allowed::YesNo => [texts.of("setting-choice", "yes"), texts.of("setting-choice", "no")]
            .map(|text| text.to_string())
            .join(", "),
        Allowed::OneOf(codes) => codes
            .iter()
            .map(|code| texts.of("setting-choice", code).to_string())
            .collect::<Vec<_>>()
            .join(", "),
        Allowed::Whole { least, most, unit } => {
            let most = texts.of("setting-unit", unit.code()).with("count", most).to_string();
            texts.t("setting-between").with("least", least).with("most", most).to_string()
        }
        Allowed::Line { most } => texts.t("setting-line").with("most", most).to_string(),
        Allowed::MailAddress => texts.t("setting-address").to_string(),
    }
}

fn field(texts: Texts, spec: &Spec, value: &str) -> Field {
    let label = texts.t("setting-value");
    let choices = |codes: &[&str]| {
        codes.iter().map(|code| Choice::new(*code, texts.of("setting-choice", code))).collect::<Vec<_>>()
    };
    match spec.allowed {
        Allowed::YesNo => Field::radios(texts, "value", label, choices(&["yes", "no"])),
        Allowed::OneOf(codes) => Field::radios(texts, "value", label, choices(codes)),
        Allowed::Whole { unit, .. } => Field::number(texts, "value", label)
            .unit(texts.of("setting-word", unit.code()))
            .hint(allowed(texts, spec)),
        Allowed::Line { .. } => Field::text(texts, "value", label).hint(allowed(texts, spec)).optional(),
        Allowed::MailAddress => Field::email(texts, "value", label).hint(allowed(texts, spec)).optional(),
    }
    .value(value)
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<SettingPage>,
) -> Result<View<ShowPage>, Stop> {
    Ok(View::new(draw(&house, &me, &at.key, None, Faults::none(me.texts())).await?))
}

#[derive(Debug, Deserialize)]
struct Shown {
    version: i64,
}

async fn save(
    State(house): State<House>,
    me: Me,
    Path(at): Path<SettingPage>,
    Query(seen): Query<Shown>,
    Sent(wanted): Sent<Wanted>,
) -> Result<Response, Stop> {
    let caller = Caller { request: wanted.request.parse().ok(), ..me.caller().clone() };
    let change = setting::Change {
        key: at.key.clone(),
        value: wanted.value.clone(),
        version: seen.version,
        reason: Some(wanted.reason.clone()),
    };
    match setting::change(&house.db, &caller, change).await {
        Ok(_) => Ok(Redirect::to(&SettingPage { key: at.key }.to_string()).into_response()),
        Err(regie_platform::Error::NotFound(_)) => Err(Error::NotFound.into()),
        Err(error) => {
            let faults = told::fault(me.texts(), error)?;
            Ok(View::invalid(draw(&house, &me, &at.key, Some(&wanted), faults).await?).into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regie_core::setting::ALL;
    use regie_texts::Language;

    #[test]
    fn every_setting_has_its_words() {
        for language in Language::ALL {
            let texts = Texts::new(*language);
            for spec in ALL {
                for text in [texts.of("setting-name", spec.key), texts.of("setting-help", spec.key)] {
                    assert!(text.exists(), "{} in {}", text.key(), language.code());
                }
                assert!(!shown(texts, spec, spec.fallback).contains('⟦'), "{}", spec.key);
                assert!(!allowed(texts, spec).contains('⟦'), "{}", spec.key);
                assert!(texts.of("setting-group", spec.group.code()).exists());
            }
        }
    }
}
