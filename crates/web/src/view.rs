//! The three shapes most pages have: a list, one thing seen from near, a form.

use crate::house::House;
use crate::me::Me;
use crate::page::Page;
use crate::part::{
    Bars, Button, Change, Chip, Empty, Fact, Facts, Faults, Field, Form, History, HistoryEntry, List, Notice,
    Tabs, draws_itself,
};
use crate::told::Stop;
use askama::Template;
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_core::Caller;
use regie_core::day::in_school_time;
use regie_people::journal::{self, Entry, Names};
use regie_texts::Texts;

#[derive(Template)]
#[template(path = "page/list.html")]
pub struct ListView {
    pub page: Page,
    pub acts: Vec<Button>,
    pub first: Option<Button>,
    pub notice: Option<Notice>,
    pub list: List,
}

impl ListView {
    pub const fn new(page: Page, list: List) -> Self {
        Self { page, acts: Vec::new(), first: None, notice: None, list }
    }

    #[must_use]
    pub fn first(mut self, button: Option<Button>) -> Self {
        self.first = button;
        self
    }

    #[must_use]
    pub fn notice(mut self, notice: Option<Notice>) -> Self {
        self.notice = notice;
        self
    }
}

/// What stands on the page of one thing, under each other.
#[derive(Debug, Clone, Template)]
#[template(path = "part/block.html")]
pub enum Block {
    /// A card with a title.
    Facts(String, Facts),
    /// A list with a title and the things to do with it.
    List(String, Vec<Button>, Box<List>),
    /// A picture of how much of each.
    Bars(Bars),
    Empty(Empty),
}

draws_itself!(Block);

impl Block {
    pub fn facts(title: impl Into<String>, facts: Vec<Fact>) -> Self {
        Block::Facts(title.into(), Facts { facts })
    }

    pub fn list(title: impl Into<String>, acts: Vec<Button>, list: List) -> Self {
        Block::List(title.into(), acts, Box::new(list))
    }
}

#[derive(Template)]
#[template(path = "page/thing.html")]
pub struct DetailView {
    pub page: Page,
    pub chip: Option<Chip>,
    pub tabs: Option<Tabs>,
    pub acts: Vec<Button>,
    pub first: Option<Button>,
    pub notice: Option<Notice>,
    pub blocks: Vec<Block>,
    pub history: Option<History>,
}

impl DetailView {
    pub const fn new(page: Page, blocks: Vec<Block>) -> Self {
        Self {
            page,
            chip: None,
            tabs: None,
            acts: Vec::new(),
            first: None,
            notice: None,
            blocks,
            history: None,
        }
    }
}

#[derive(Template)]
#[template(path = "page/change.html")]
pub struct FormView {
    pub page: Page,
    pub sub: Option<String>,
    pub notice: Option<Notice>,
    /// What others did while this form was being filled in.
    pub meanwhile: Option<History>,
    pub form: Form,
}

impl FormView {
    /// A form that saves to `action` and leads back to `back`.
    pub fn new(
        house: &House,
        me: &Me,
        page: Page,
        action: impl ToString,
        back: impl ToString,
        fields: Vec<Field>,
        faults: Faults,
    ) -> Self {
        let texts = me.texts();
        Self {
            page,
            sub: None,
            notice: None,
            meanwhile: None,
            form: Form {
                action: action.to_string(),
                csrf: me.viewer.csrf.clone(),
                request: Some(house.new_id::<regie_core::id::RequestId>().to_string()),
                fields: fields.into_iter().map(|field| field.checked(&faults)).collect(),
                faults,
                submit: Button::submit(texts.t("form-save")),
                others: vec![Button::link(texts.t("form-cancel"), back).quiet()],
            },
        }
    }

    #[must_use]
    pub fn about(mut self, sub: impl Into<String>) -> Self {
        self.sub = Some(sub.into());
        self
    }

    /// The word on its button; `ends` when it takes something away.
    #[must_use]
    pub fn submit(mut self, word: impl Into<String>, ends: bool) -> Self {
        let button = Button::submit(word);
        self.form.submit = if ends { button.danger() } else { button };
        self
    }
}

/// After a change: to the page that shows it.
pub fn to(place: impl ToString) -> Response {
    Redirect::to(&place.to_string()).into_response()
}

/// What happened to a thing, as its page tells it.
pub async fn history(house: &House, me: &Me, lines: &[Entry]) -> Result<History, Stop> {
    let texts = me.texts();
    let names = journal::names_in(&house.db, me.caller(), lines).await.map_err(|error| me.stop(error))?;
    Ok(History {
        texts,
        title: texts.t("history-title").to_string(),
        entries: lines.iter().map(|line| entry(texts, line, me.caller(), &names)).collect(),
        more: None,
    })
}

/// One line of the journal; who reads it sees their own as theirs, and names in the place of ids.
pub fn entry(texts: Texts, line: &Entry, caller: &Caller, names: &Names) -> HistoryEntry {
    let at = in_school_time(line.recorded_at);
    let (old, new) = line.values().unwrap_or_default();
    let changes = match (old.as_object(), new.as_object()) {
        (Some(old), Some(new)) => new
            .iter()
            .filter(|(key, value)| old.get(*key) != Some(value))
            .map(|(key, value)| Change {
                name: texts.of("journal-field", key).to_string(),
                old: shown(texts, key, old.get(key), names),
                new: shown(texts, key, Some(value), names),
            })
            .collect(),
        _ => Vec::new(),
    };
    let role = line.role.as_deref().map(|role| texts.of("role", role).to_string());
    let who = match (line.person, role) {
        (Some(person), _) if Some(person) == caller.person => texts.t("history-you").to_string(),
        (_, Some(role)) => role,
        _ => texts.t("journal-system").to_string(),
    };
    HistoryEntry {
        icon: "history",
        what: crate::journal::words(texts, &line.action),
        who,
        when: texts.moment(at.datetime()),
        machine: line.recorded_at.to_string(),
        why: line.reason.clone(),
        changes,
    }
}

/// A value as people read it: dates in words, yes and no, nothing as a dash.
fn shown(texts: Texts, key: &str, value: Option<&serde_json::Value>, names: &Names) -> String {
    match value {
        None | Some(serde_json::Value::Null) => "–".to_owned(),
        Some(serde_json::Value::Bool(true)) => texts.t("word-yes").to_string(),
        Some(serde_json::Value::Bool(false)) => texts.t("word-no").to_string(),
        Some(serde_json::Value::String(text)) => match key {
            "begins" | "ends" | "born" => text.parse().map_or_else(|_| text.clone(), |day| texts.date(day)),
            _ => names.of(text).map_or_else(|| text.clone(), ToOwned::to_owned),
        },
        // A scope: the one it names, or the kind.
        Some(serde_json::Value::Object(scope)) => {
            let said = |key| scope.get(key).and_then(serde_json::Value::as_str);
            match (said("id"), said("kind")) {
                (Some(id), _) => names.of(id).unwrap_or(id).to_owned(),
                (None, Some(kind)) => texts.of("scope", kind).to_string(),
                (None, None) => "–".to_owned(),
            }
        }
        Some(other) => other.to_string(),
    }
}

/// `vanaf 1 augustus 2026`, or with its last day.
pub fn period(texts: Texts, begins: jiff::civil::Date, ends: Option<jiff::civil::Date>) -> String {
    match ends {
        None => texts.t("role-since").with("begins", texts.date(begins)).to_string(),
        Some(ends) => texts
            .t("role-between")
            .with("begins", texts.date(begins))
            .with("ends", texts.date(ends))
            .to_string(),
    }
}
