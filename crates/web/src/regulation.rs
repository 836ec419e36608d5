//! The exam regulation: read it, compare two versions.

mod write;

use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Chip, Empty, Tone};
use crate::setting::{SettingPage, name as setting_name, shown};
use crate::told::Stop;
use crate::url::{Url as _, with_query};
use crate::urls;
use askama::Template;
use axum::extract::{Path, Query, State};
use regie_access::Action;
use regie_core::day::in_school_time;
use regie_core::id::RegulationId;
use regie_core::setting::by_key;
use regie_platform::regulation::{self, Head, Regulation, State as RegulationState};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Newest = "/regulation";
    pub Compare = "/regulation/compare";
    pub DraftRegulation = "/regulation/draft";
    pub RegulationPage { id: String } = "/regulation/{id}";
    pub EditRegulation { id: String } = "/regulation/{id}/edit";
    pub PublishRegulation { id: String } = "/regulation/{id}/publish";
    pub ArticlePage { id: String, article: String } = "/regulation/{id}/articles/{article}";
    pub RemoveArticle { id: String, article: String } = "/regulation/{id}/articles/{article}/remove";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Newest::at(), newest)
        .get(Compare::at(), compare)
        .get(RegulationPage::at(), show)
        .and(write::door())
}

pub(crate) fn id_of(text: &str) -> Result<RegulationId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

/// A setting that an article names: what the version says and what holds.
struct Named {
    name: String,
    href: String,
    says: String,
    /// Set when another value holds now.
    holds: Option<String>,
}

struct Shown {
    anchor: String,
    number: usize,
    heading: String,
    framework: String,
    rule: String,
    enforcement: String,
    evidence: String,
    settings: Vec<Named>,
    acts: Vec<Button>,
}

struct Version {
    name: String,
    sub: String,
    href: String,
    current: bool,
    compare: Option<String>,
}

#[derive(Template)]
#[template(path = "page/regulation.html")]
struct ReadPage {
    page: Page,
    chip: Option<Chip>,
    acts: Vec<Button>,
    first: Option<Button>,
    introduction: Vec<String>,
    articles: Vec<Shown>,
    versions: Vec<Version>,
    empty: Option<Empty>,
}

fn chip(texts: Texts, head: &Head, today: jiff::civil::Date, newest: bool) -> Chip {
    match head.state {
        RegulationState::Draft => Chip::new(Tone::Warn, texts.t("regulation-draft")),
        RegulationState::Published if head.begins > today => {
            Chip::new(Tone::Info, texts.t("regulation-coming"))
        }
        RegulationState::Published if newest => Chip::new(Tone::Ok, texts.t("regulation-holds")),
        RegulationState::Published => Chip::new(Tone::Plain, texts.t("regulation-past")),
    }
}

/// The published version that holds today: the newest that has begun.
fn holding(heads: &[Head], today: jiff::civil::Date) -> Option<&Head> {
    heads.iter().find(|head| head.state == RegulationState::Published && head.begins <= today)
}

async fn newest(State(house): State<House>, me: Me) -> Result<View<ReadPage>, Stop> {
    let heads = regulation::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let today = me.caller().today();
    let head = holding(&heads, today).or(heads.first()).map(|head| head.id);
    match head {
        Some(id) => read(&house, &me, id, &heads).await,
        None => {
            let texts = me.texts();
            let writes = me.may(Action::EditRegulation);
            let text = texts.t(if writes { "regulation-none-text" } else { "regulation-none-wait" });
            let mut empty = Empty::new("book-open-check", texts.t("regulation-none"), text);
            if writes {
                empty = empty.action(write::draft_button(&me));
            }
            Ok(View::new(ReadPage {
                chip: None,
                acts: Vec::new(),
                first: None,
                introduction: Vec::new(),
                articles: Vec::new(),
                versions: Vec::new(),
                empty: Some(empty),
                page: Page::new(me.viewer.clone(), texts.t("nav-regulation")),
            }))
        }
    }
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RegulationPage>,
) -> Result<View<ReadPage>, Stop> {
    let heads = regulation::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    read(&house, &me, id_of(&at.id)?, &heads).await
}

async fn read(house: &House, me: &Me, id: RegulationId, heads: &[Head]) -> Result<View<ReadPage>, Stop> {
    let texts = me.texts();
    let whole = regulation::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let today = me.caller().today();
    let holds = holding(heads, today).map(|head| head.id);
    let draft = whole.head.state == RegulationState::Draft;
    let text = id.to_string();
    let (mut acts, mut first) = (Vec::new(), None);
    if draft && me.may(Action::EditRegulation) {
        acts.push(
            Button::link(texts.t("regulation-edit-head"), EditRegulation { id: text.clone() }).icon("pencil"),
        );
        acts.push(write::new_article_button(me, id));
    }
    if draft && me.may(Action::PublishRegulation) {
        first = Some(
            Button::link(texts.t("regulation-publish"), PublishRegulation { id: text.clone() }).primary(),
        );
    }
    let drafting = heads.iter().any(|head| head.state == RegulationState::Draft);
    if !drafting && me.may(Action::EditRegulation) {
        acts.push(write::draft_button(me));
    }
    let versions = heads
        .iter()
        .map(|head| Version {
            name: texts
                .t("regulation-version")
                .with("number", head.number)
                .with("begins", texts.date(head.begins))
                .to_string(),
            sub: made_by(texts, head),
            href: RegulationPage { id: head.id.to_string() }.to_string(),
            current: head.id == id,
            compare: (head.id != id).then(|| {
                let (from, to) = if head.number < whole.head.number { (head.id, id) } else { (id, head.id) };
                let (from, to) = (from.to_string(), to.to_string());
                with_query(&Compare {}.to_string(), [("from", from.as_str()), ("to", to.as_str())])
            }),
        })
        .collect();
    Ok(View::new(ReadPage {
        chip: Some(chip(texts, &whole.head, today, holds == Some(id))),
        acts,
        first,
        introduction: paragraphs(&whole.head.introduction),
        articles: articles(me, &whole),
        versions,
        empty: None,
        page: Page::new(me.viewer.clone(), whole.head.title.clone()),
    }))
}

fn made_by(texts: Texts, head: &Head) -> String {
    let unknown = || texts.t("journal-system").to_string();
    let drafted = head.drafted_name.clone().unwrap_or_else(unknown);
    match head.published_at {
        None => texts.t("regulation-drafted-by").with("who", drafted).to_string(),
        Some(at) => texts
            .t("regulation-published-by")
            .with("drafted", drafted)
            .with("published", head.published_name.clone().unwrap_or_else(unknown))
            .with("when", texts.date(in_school_time(at).date()))
            .to_string(),
    }
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn articles(me: &Me, whole: &Regulation) -> Vec<Shown> {
    let texts = me.texts();
    let editing = whole.head.state == RegulationState::Draft && me.may(Action::EditRegulation);
    let id = whole.head.id.to_string();
    (1..)
        .zip(&whole.articles)
        .map(|(number, it)| Shown {
            anchor: format!("article-{number}"),
            number,
            heading: it.heading.clone(),
            framework: it.framework.clone(),
            rule: it.rule.clone(),
            enforcement: it.enforcement.clone(),
            evidence: it.evidence.clone(),
            settings: whole
                .stated_by(it.article)
                .filter_map(|stated| {
                    let spec = by_key(&stated.key)?;
                    let holds = whole.settings.shown(spec);
                    Some(Named {
                        name: setting_name(texts, spec),
                        href: SettingPage { key: spec.key.into() }.to_string(),
                        says: shown(texts, spec, &stated.value),
                        holds: (holds != stated.value).then(|| shown(texts, spec, &holds)),
                    })
                })
                .collect(),
            acts: if editing {
                let place = ArticlePage { id: id.clone(), article: it.article.to_string() };
                vec![
                    Button::link(
                        texts.t("regulation-edit-article").with("heading", it.heading.clone()),
                        place,
                    )
                    .icon("pencil")
                    .small()
                    .icon_only(),
                ]
            } else {
                Vec::new()
            },
        })
        .collect()
}

#[derive(Debug, Deserialize)]
struct Two {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

struct Changed {
    name: String,
    old: String,
    new: String,
}

struct Different {
    heading: String,
    chip: Chip,
    fields: Vec<Changed>,
}

#[derive(Template)]
#[template(path = "page/compare.html")]
struct ComparePage {
    page: Page,
    sub: String,
    differences: Vec<Different>,
    empty: Empty,
}

async fn compare(
    State(house): State<House>,
    me: Me,
    Query(two): Query<Two>,
) -> Result<View<ComparePage>, Stop> {
    let texts = me.texts();
    let (from, to, differences) =
        regulation::compare(&house.db, me.caller(), id_of(&two.from)?, id_of(&two.to)?)
            .await
            .map_err(|error| me.stop(error))?;
    let value = |key: &str, value: &str| match by_key(key) {
        Some(spec) if !value.is_empty() => shown(texts, spec, value),
        _ => value.to_owned(),
    };
    let differences = differences
        .into_iter()
        .map(|it| Different {
            heading: it.heading,
            chip: Chip::new(
                match it.kind {
                    regulation::DifferenceKind::Added => Tone::Ok,
                    regulation::DifferenceKind::Removed => Tone::Danger,
                    regulation::DifferenceKind::Changed => Tone::Info,
                },
                texts.of("regulation-kind", it.kind.code()),
            ),
            fields: it
                .fields
                .iter()
                .map(|(field, old, new)| Changed {
                    name: match by_key(field) {
                        Some(spec) => setting_name(texts, spec),
                        None => texts.of("regulation-field", field).to_string(),
                    },
                    old: value(field, old),
                    new: value(field, new),
                })
                .collect(),
        })
        .collect();
    let sub = texts
        .t("regulation-compare-sub")
        .with("from", from.head.number)
        .with("to", to.head.number)
        .to_string();
    Ok(View::new(ComparePage {
        sub,
        differences,
        empty: Empty::new("book-open-check", texts.t("regulation-same"), texts.t("regulation-same-text")),
        page: Page::new(me.viewer.clone(), texts.t("regulation-compare"))
            .under(texts.t("nav-regulation"), Newest {}),
    }))
}
