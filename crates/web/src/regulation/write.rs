//! Writing a new version of the regulation, and publishing it.

use super::{
    ArticlePage, DraftRegulation, EditRegulation, Newest, PublishRegulation, RegulationPage, RemoveArticle,
    id_of,
};
use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Choice, Faults, Field, Form, Notice, Question, Tone};
use crate::told::{self, Stop};
use crate::url::{Url as _, with_query};
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_access::{Action, Refusal};
use regie_core::id::{ArticleId, RegulationId};
use regie_core::setting::ALL;
use regie_platform::regulation::{
    self, Article, Draft, EditArticle, EditHead, Regulation, State as RegulationState,
};
use serde::Deserialize;

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .post(DraftRegulation::at(), draft)
        .get(EditRegulation::at(), head)
        .post(EditRegulation::at(), save_head)
        .get(PublishRegulation::at(), ask)
        .post(PublishRegulation::at(), publish)
        .get(ArticlePage::at(), article)
        .post(ArticlePage::at(), save_article)
        .post(RemoveArticle::at(), remove)
}

pub(super) fn draft_button(me: &Me) -> Button {
    Button::post(me.texts().t("regulation-new"), DraftRegulation {}, &me.viewer.csrf).icon("plus")
}

pub(super) fn new_article_button(me: &Me, id: RegulationId) -> Button {
    let place = ArticlePage { id: id.to_string(), article: "new".into() };
    Button::link(me.texts().t("regulation-new-article"), place).icon("plus")
}

async fn draft(State(house): State<House>, me: Me) -> Result<Redirect, Stop> {
    let today = me.caller().today();
    let input = Draft {
        id: house.new_id(),
        // The first day of the next month: a regulation is known before it holds.
        begins: today.last_of_month().tomorrow().unwrap_or(today),
        articles: (0..regulation::first_articles()).map(|_| house.new_id()).collect(),
    };
    let id = regulation::draft(&house.db, me.caller(), input).await.map_err(|error| me.stop(error))?;
    Ok(Redirect::to(&RegulationPage { id: id.to_string() }.to_string()))
}

#[derive(Template)]
#[template(path = "page/form.html")]
struct FormPage {
    page: Page,
    sub: Option<String>,
    notice: Option<Notice>,
    form: Form,
}

/// A draft that this reader may write in.
async fn open(house: &House, me: &Me, id: &str) -> Result<Regulation, Stop> {
    if !me.may(Action::EditRegulation) {
        let role = me.caller().role;
        return Err(me.stop(Refusal::NotInRole { action: Action::EditRegulation, role }));
    }
    let whole = regulation::see(&house.db, me.caller(), id_of(id)?).await.map_err(|error| me.stop(error))?;
    match whole.head.state {
        RegulationState::Draft => Ok(whole),
        RegulationState::Published => Err(Error::NotFound.into()),
    }
}

#[derive(Debug, Deserialize)]
struct Version {
    version: i64,
}

#[derive(Debug, Default, Deserialize)]
struct TypedHead {
    title: String,
    introduction: String,
    begins: String,
}

fn versioned(place: impl ToString, version: i64) -> String {
    with_query(&place.to_string(), [("version", version.to_string().as_str())])
}

fn draw_head(me: &Me, whole: &Regulation, typed: TypedHead, faults: Faults) -> FormPage {
    let texts = me.texts();
    let id = whole.head.id.to_string();
    FormPage {
        sub: None,
        notice: None,
        form: Form {
            action: versioned(EditRegulation { id: id.clone() }, whole.head.version),
            csrf: me.viewer.csrf.clone(),
            request: None,
            fields: vec![
                Field::text(texts, "title", texts.t("regulation-title")).value(typed.title).checked(&faults),
                Field::area(texts, "introduction", texts.t("regulation-introduction"))
                    .value(typed.introduction)
                    .rows(6)
                    .checked(&faults),
                Field::date(texts, "begins", texts.t("regulation-begins"))
                    .hint(texts.t("regulation-begins-hint"))
                    .value(typed.begins)
                    .checked(&faults),
            ],
            faults,
            submit: Button::submit(texts.t("form-save")),
            others: vec![Button::link(texts.t("form-cancel"), RegulationPage { id: id.clone() }).quiet()],
        },
        page: Page::new(me.viewer.clone(), texts.t("regulation-edit-head"))
            .under(texts.t("nav-regulation"), Newest {})
            .under(whole.head.title.clone(), RegulationPage { id }),
    }
}

async fn head(
    State(house): State<House>,
    me: Me,
    Path(at): Path<EditRegulation>,
) -> Result<View<FormPage>, Stop> {
    let whole = open(&house, &me, &at.id).await?;
    let typed = TypedHead {
        title: whole.head.title.clone(),
        introduction: whole.head.introduction.clone(),
        begins: whole.head.begins.to_string(),
    };
    Ok(View::new(draw_head(&me, &whole, typed, Faults::none(me.texts()))))
}

async fn save_head(
    State(house): State<House>,
    me: Me,
    Path(at): Path<EditRegulation>,
    Query(seen): Query<Version>,
    Sent(typed): Sent<TypedHead>,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    let faults = match typed.begins.trim().parse() {
        Ok(begins) => {
            let input = EditHead {
                id,
                version: seen.version,
                title: typed.title.clone(),
                introduction: typed.introduction.replace("\r\n", "\n"),
                begins,
            };
            match regulation::edit_head(&house.db, me.caller(), input).await {
                Ok(()) => return Ok(Redirect::to(&RegulationPage { id: at.id }.to_string()).into_response()),
                Err(error) => told::fault(texts, error)?,
            }
        }
        Err(_) => {
            let mut faults = Faults::none(texts);
            faults.add("begins", texts.t("told-date-invalid"));
            faults
        }
    };
    let whole = open(&house, &me, &at.id).await?;
    Ok(View::invalid(draw_head(&me, &whole, typed, faults)).into_response())
}

#[derive(Debug, Default, Deserialize)]
struct TypedArticle {
    #[serde(default)]
    heading: String,
    #[serde(default)]
    framework: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    enforcement: String,
    #[serde(default)]
    evidence: String,
    #[serde(default)]
    position: String,
    /// One setting; more are added by saving again with another.
    #[serde(default)]
    settings: String,
}

impl TypedArticle {
    fn of(article: &Article, whole: &Regulation) -> Self {
        let keys: Vec<&str> = whole.stated_by(article.article).map(|stated| stated.key.as_str()).collect();
        Self {
            heading: article.heading.clone(),
            framework: article.framework.clone(),
            rule: article.rule.clone(),
            enforcement: article.enforcement.clone(),
            evidence: article.evidence.clone(),
            position: article.position.to_string(),
            settings: keys.join(" "),
        }
    }
}

fn draw_article(
    me: &Me,
    whole: &Regulation,
    at: &ArticlePage,
    typed: TypedArticle,
    faults: Faults,
) -> ArticleForm {
    let texts = me.texts();
    let area = |name: &'static str, label: String, value: String| {
        Field::area(texts, name, label).value(value).rows(4).checked(&faults)
    };
    let label = |field: &str| texts.of("regulation-field", field).to_string();
    let choices = ALL.iter().map(|spec| Choice::new(spec.key, crate::setting::name(texts, spec))).collect();
    let mut settings = Field::checks(texts, "settings", texts.t("regulation-settings"), choices)
        .hint(texts.t("regulation-settings-hint"))
        .optional();
    for key in typed.settings.split_whitespace() {
        settings = settings.value(key);
    }
    let fields = vec![
        Field::text(texts, "heading", label("heading")).value(typed.heading).checked(&faults),
        area("framework", label("framework"), typed.framework),
        area("rule", label("rule"), typed.rule),
        area("enforcement", label("enforcement"), typed.enforcement),
        area("evidence", label("evidence"), typed.evidence),
        settings,
        Field::number(texts, "position", texts.t("regulation-position"))
            .value(typed.position)
            .checked(&faults),
    ];
    let new = at.article == "new";
    let title = if new { texts.t("regulation-new-article") } else { texts.t("regulation-article") };
    let remove = (!new).then(|| {
        let place = RemoveArticle { id: at.id.clone(), article: at.article.clone() };
        Button::post(texts.t("regulation-remove-article"), place, &me.viewer.csrf)
            .with("version", whole.head.version)
            .danger_second()
    });
    ArticleForm {
        remove,
        form: Form {
            action: versioned(at, whole.head.version),
            csrf: me.viewer.csrf.clone(),
            request: None,
            fields,
            faults,
            submit: Button::submit(texts.t("form-save")),
            others: vec![Button::link(texts.t("form-cancel"), RegulationPage { id: at.id.clone() }).quiet()],
        },
        page: Page::new(me.viewer.clone(), title)
            .under(texts.t("nav-regulation"), Newest {})
            .under(whole.head.title.clone(), RegulationPage { id: at.id.clone() }),
    }
}

#[derive(Template)]
#[template(path = "page/article.html")]
struct ArticleForm {
    page: Page,
    form: Form,
    remove: Option<Button>,
}

async fn article(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ArticlePage>,
) -> Result<View<ArticleForm>, Stop> {
    let whole = open(&house, &me, &at.id).await?;
    let typed = match whole.articles.iter().find(|it| it.article.to_string() == at.article) {
        Some(article) => TypedArticle::of(article, &whole),
        None if at.article == "new" => TypedArticle {
            position: (whole.articles.iter().map(|it| it.position).max().unwrap_or(0) + 10).to_string(),
            ..TypedArticle::default()
        },
        None => return Err(Error::NotFound.into()),
    };
    Ok(View::new(draw_article(&me, &whole, &at, typed, Faults::none(me.texts()))))
}

/// A form may send `settings` many times; the others once.
fn typed_article(body: &str) -> TypedArticle {
    let mut typed = TypedArticle::default();
    for (name, value) in form_urlencoded::parse(body.as_bytes()) {
        let value = value.replace("\r\n", "\n");
        match &*name {
            "heading" => typed.heading = value,
            "framework" => typed.framework = value,
            "rule" => typed.rule = value,
            "enforcement" => typed.enforcement = value,
            "evidence" => typed.evidence = value,
            "position" => typed.position = value,
            "settings" => {
                typed.settings.push(' ');
                typed.settings.push_str(&value);
            }
            _ => {}
        }
    }
    typed
}

async fn save_article(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ArticlePage>,
    Query(seen): Query<Version>,
    body: String,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let typed = typed_article(&body);
    let article: ArticleId = match at.article.as_str() {
        "new" => house.new_id(),
        known => known.parse().map_err(|_| Error::NotFound)?,
    };
    let faults = match typed.position.trim().parse::<i64>() {
        Ok(position) => {
            let input = EditArticle {
                regulation: id_of(&at.id)?,
                version: seen.version,
                article,
                position,
                heading: typed.heading.clone(),
                framework: typed.framework.clone(),
                rule: typed.rule.clone(),
                enforcement: typed.enforcement.clone(),
                evidence: typed.evidence.clone(),
                settings: typed.settings.split_whitespace().map(str::to_owned).collect(),
            };
            match regulation::edit_article(&house.db, me.caller(), input).await {
                Ok(()) => return Ok(Redirect::to(&RegulationPage { id: at.id }.to_string()).into_response()),
                Err(error) => told::fault(texts, error)?,
            }
        }
        Err(_) => {
            let mut faults = Faults::none(texts);
            faults.add("position", texts.t("regulation-position-wrong"));
            faults
        }
    };
    let whole = open(&house, &me, &at.id).await?;
    Ok(View::invalid(draw_article(&me, &whole, &at, typed, faults)).into_response())
}

async fn remove(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RemoveArticle>,
    Sent(seen): Sent<Version>,
) -> Result<Redirect, Stop> {
    let article = at.article.parse().map_err(|_| Error::NotFound)?;
    regulation::remove_article(&house.db, me.caller(), id_of(&at.id)?, seen.version, article)
        .await
        .map_err(|error| me.stop(error))?;
    Ok(Redirect::to(&RegulationPage { id: at.id }.to_string()))
}

#[derive(Template)]
#[template(path = "page/ask.html")]
struct AskPage {
    page: Page,
    notice: Option<Notice>,
    question: Question,
}

fn draw_ask(me: &Me, whole: &Regulation, notice: Option<Notice>) -> AskPage {
    let texts = me.texts();
    let id = whole.head.id.to_string();
    let place = versioned(PublishRegulation { id: id.clone() }, whole.head.version);
    AskPage {
        notice,
        question: Question {
            texts,
            id: "publish".into(),
            link: Button::link(texts.t("regulation-publish"), PublishRegulation { id: id.clone() }),
            title: texts.t("regulation-publish-title").with("number", whole.head.number).to_string(),
            consequences: vec![
                texts
                    .t("regulation-publish-begins")
                    .with("begins", texts.date(whole.head.begins))
                    .to_string(),
                texts.t("regulation-publish-settings").to_string(),
                texts.t("regulation-publish-final").to_string(),
            ],
            reason: false,
            action: place,
            csrf: me.viewer.csrf.clone(),
            confirm: texts.t("regulation-publish").to_string(),
            fields: Vec::new(),
            open: true,
        },
        page: Page::new(me.viewer.clone(), texts.t("regulation-publish"))
            .under(texts.t("nav-regulation"), Newest {})
            .under(whole.head.title.clone(), RegulationPage { id }),
    }
}

/// A draft that this reader's role may publish.
async fn publishable(house: &House, me: &Me, id: &str) -> Result<Regulation, Stop> {
    if !me.may(Action::PublishRegulation) {
        let role = me.caller().role;
        return Err(me.stop(Refusal::NotInRole { action: Action::PublishRegulation, role }));
    }
    let whole = regulation::see(&house.db, me.caller(), id_of(id)?).await.map_err(|error| me.stop(error))?;
    match whole.head.state {
        RegulationState::Draft => Ok(whole),
        RegulationState::Published => Err(Error::NotFound.into()),
    }
}

async fn ask(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PublishRegulation>,
) -> Result<View<AskPage>, Stop> {
    let whole = publishable(&house, &me, &at.id).await?;
    Ok(View::new(draw_ask(&me, &whole, None)))
}

async fn publish(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PublishRegulation>,
    Query(seen): Query<Version>,
) -> Result<Response, Stop> {
    match regulation::publish(&house.db, me.caller(), id_of(&at.id)?, seen.version).await {
        Ok(()) => Ok(Redirect::to(&RegulationPage { id: at.id }.to_string()).into_response()),
        Err(error) => {
            let faults = told::fault(me.texts(), error)?;
            let said = faults.faults.first().map(|fault| fault.text.clone()).unwrap_or_default();
            let whole = publishable(&house, &me, &at.id).await?;
            let notice = Notice::new(Tone::Danger, said).loud();
            Ok(View::invalid(draw_ask(&me, &whole, Some(notice))).into_response())
        }
    }
}
