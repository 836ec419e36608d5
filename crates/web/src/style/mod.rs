//! The style guide: every part in every state, in both languages and themes. What stands here is
//! sample text; nothing of a school is read or changed.

mod field;
mod form;
mod sample;

use crate::door::Door;
use crate::error::Error;
use crate::page::{Page, View};
use crate::part::{
    Bars, Button, Chip, Columns, Curve, Empty, Facts, Figures, History, List, Notice, Pager, Progress,
    Question, Refusal, Steps, Tabs, Timeline, WorkList,
};
use crate::url::{At, Url as _};
use crate::urls;
use crate::viewer::Viewer;
use askama::Template;
use axum::extract::Path;

urls! {
    /// Every part in every state.
    pub StyleGuide = "/style";
    /// A whole page as a role sees it: home, list or detail.
    pub StylePage { page: String } = "/style/pages/{page}";
    /// A form that answers, with its errors.
    pub StyleForm = "/style/form";
    /// An error page.
    pub StyleError { kind: String } = "/style/errors/{kind}";
}

pub fn door<S: Clone + Send + Sync + 'static>() -> Door<S> {
    let guide: At<StyleGuide> = StyleGuide::at();
    Door::default()
        .get(guide, show)
        .get(StylePage::at(), page)
        .get(StyleForm::at(), form::show)
        .post(StyleForm::at(), form::send)
        .get(StyleError::at(), error)
}

/// The guide shows the shell too, so it has a reader of its own when nobody is signed in.
fn reader(mut viewer: Viewer) -> Viewer {
    if viewer.signed_in.is_none() {
        viewer.signed_in = Some(sample::reader(viewer.texts()));
    }
    viewer
}

#[derive(Template)]
#[template(path = "style/guide.html")]
struct Guide {
    page: Page,
    buttons: Vec<Button>,
    chips: Vec<Chip>,
    notices: Vec<Notice>,
    work: WorkList,
    work_empty: WorkList,
    list: List,
    list_empty: List,
    facts: Facts,
    history: History,
    refusals: Vec<Refusal>,
    timeline: Timeline,
    figures: Figures,
    bars: Bars,
    columns: Columns,
    curve: Curve,
    progress: Vec<Progress>,
    empty: Empty,
    steps: Steps,
    tabs: Tabs,
    pager: Pager,
    question: Question,
    question_open: Question,
    fields: Vec<crate::part::Field>,
    fields_wrong: Vec<crate::part::Field>,
    faults: crate::part::Faults,
    swatches: &'static [&'static str],
    icons: Vec<&'static str>,
}

async fn show(viewer: Viewer) -> View<Guide> {
    let viewer = reader(viewer);
    let texts = viewer.texts();
    let csrf = viewer.csrf.clone();
    let (fields_wrong, faults) = field::fields_wrong(texts);
    View::new(Guide {
        buttons: sample::buttons(texts),
        chips: sample::chips(texts),
        notices: sample::notices(texts),
        work: sample::work(texts),
        work_empty: sample::work_empty(texts),
        list: sample::list(texts, &csrf),
        list_empty: sample::list_empty(texts),
        facts: sample::facts(texts),
        history: sample::history(texts),
        refusals: sample::refusals(texts).into(),
        timeline: sample::timeline(texts),
        figures: sample::figures(texts),
        bars: sample::bars(texts),
        columns: sample::columns(texts),
        curve: sample::curve(texts),
        progress: sample::progress(texts).into(),
        empty: sample::empty(texts),
        steps: sample::steps(texts),
        tabs: sample::tabs(texts),
        pager: sample::pager(texts),
        question: sample::question(texts, &csrf, false),
        question_open: sample::question(texts, &csrf, true),
        fields: field::fields(texts),
        fields_wrong,
        faults,
        swatches: sample::SWATCHES,
        icons: crate::asset::icons().collect(),
        page: Page::new(viewer, texts.t("style-title")),
    })
}

#[derive(Template)]
#[template(path = "style/home.html")]
struct Home {
    page: Page,
    sub: String,
    second: Button,
    first: Button,
    figures: Figures,
    timeline: Timeline,
    work: WorkList,
}

#[derive(Template)]
#[template(path = "style/list.html")]
struct ListPage {
    page: Page,
    first: Button,
    list: List,
}

#[derive(Template)]
#[template(path = "style/detail.html")]
struct Detail {
    page: Page,
    chip: Chip,
    acts: Vec<Button>,
    first: Button,
    facts: Facts,
    refusal: Refusal,
    progress: Progress,
    history: History,
}

#[derive(Template)]
#[template(path = "style/plain.html")]
struct Plain {
    page: Page,
    form: crate::part::Form,
}

async fn page(viewer: Viewer, Path(at): Path<StylePage>) -> Result<axum::response::Response, Error> {
    use axum::response::IntoResponse as _;
    if at.page == "plain" {
        let viewer = Viewer { signed_in: None, ..viewer };
        let texts = viewer.texts();
        let form = field::plain_form(texts, &viewer.csrf);
        let page = Page::new(viewer, texts.t("style-plain-title"));
        return Ok(View::new(Plain { form, page }).into_response());
    }
    let viewer = reader(viewer);
    let texts = viewer.texts();
    let csrf = viewer.csrf.clone();
    Ok(match at.page.as_str() {
        "home" => View::new(Home {
            sub: texts.t("style-home-sub").to_string(),
            second: Button::link(texts.t("style-home-second"), "#").icon("printer"),
            first: Button::link(texts.t("style-home-first"), "#").icon("plus").primary(),
            figures: sample::figures(texts),
            timeline: sample::timeline(texts),
            work: sample::work(texts),
            page: Page::new(viewer, texts.t("style-home-title").with("date", texts.date(sample::TODAY))),
        })
        .into_response(),
        "list" => View::new(ListPage {
            first: Button::link(texts.t("style-list-first"), "#").icon("user-plus").primary(),
            list: sample::list(texts, &csrf),
            page: Page::new(viewer, texts.t("style-list-title")),
        })
        .into_response(),
        "detail" => {
            let [chip, ..] = sample::states(texts);
            let [refusal, ..] = sample::refusals(texts);
            let [progress, ..] = sample::progress(texts);
            View::new(Detail {
                chip,
                acts: vec![Button::link(texts.t("style-detail-second"), "#").icon("printer")],
                first: Button::link(texts.t("style-detail-first"), "#").icon("pencil").primary(),
                facts: sample::facts(texts),
                refusal,
                progress,
                history: sample::history(texts),
                page: Page::new(viewer, texts.t("style-detail-title"))
                    .under(texts.t("style-nav-planning"), "#")
                    .under(texts.t("style-detail-above"), "#"),
            })
            .into_response()
        }
        _ => return Err(Error::NotFound),
    })
}

async fn error(viewer: Viewer, Path(at): Path<StyleError>) -> Error {
    let texts = viewer.texts();
    let [refusal, conflict] = sample::refusals(texts);
    match at.kind.as_str() {
        "forbidden" => Error::Forbidden(Box::new(refusal)),
        "conflict" => Error::Conflict(Box::new(conflict)),
        "unreadable" => Error::Unreadable,
        "forged" => Error::Forged,
        "too-large" => Error::TooLarge,
        "too-many" => Error::TooMany { seconds: 60 },
        "internal" => Error::internal("asked for by the style guide"),
        _ => Error::NotFound,
    }
}
