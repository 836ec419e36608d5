//! A form that really answers: it checks what is sent and shows errors beside the fields, with and
//! without script.

use super::{StyleForm, field, reader, sample};
use crate::page::{Page, View};
use crate::part::{Button, Faults, Form, Notice, Steps, Tone};
use crate::viewer::Viewer;
use askama::Template;
use axum::Form as Sent;
use jiff::civil::Date;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "style/form.html")]
pub struct FormPage {
    page: Page,
    steps: Steps,
    notice: Option<Notice>,
    form: Form,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    minutes: String,
    #[serde(default)]
    moment: String,
    #[serde(default)]
    agree: String,
}

pub async fn show(viewer: Viewer) -> View<FormPage> {
    let viewer = reader(viewer);
    let faults = Faults::none(viewer.texts());
    View::new(draw(viewer, &Wanted::default(), faults, false))
}

pub async fn send(viewer: Viewer, Sent(wanted): Sent<Wanted>) -> View<FormPage> {
    let viewer = reader(viewer);
    let texts = viewer.texts();
    let mut faults = Faults::none(texts);
    if wanted.name.trim().is_empty() {
        faults.add("name", texts.t("style-form-name-missing"));
    }
    if !wanted.email.contains('@') {
        faults.add("email", texts.t("style-form-email-wrong"));
    }
    if wanted.day.parse::<Date>().is_err() {
        faults.add("day", texts.t("style-form-day-wrong"));
    }
    if wanted.moment.is_empty() {
        faults.add("moment", texts.t("style-form-moment-missing"));
    }
    if faults.is_empty() {
        View::new(draw(viewer, &Wanted::default(), faults, true))
    } else {
        View::invalid(draw(viewer, &wanted, faults, false))
    }
}

fn draw(viewer: Viewer, wanted: &Wanted, faults: Faults, saved: bool) -> FormPage {
    let texts = viewer.texts();
    let values = [&wanted.name, &wanted.email, &wanted.day, &wanted.minutes, &wanted.moment, &wanted.agree];
    let fields = field::form_fields(texts)
        .into_iter()
        .zip(values)
        .map(|(field, value)| field.value(value.as_str()).checked(&faults))
        .collect();
    FormPage {
        steps: sample::steps(texts),
        notice: saved.then(|| Notice::new(Tone::Ok, texts.t("style-form-saved")).loud()),
        form: Form {
            action: StyleForm {}.to_string(),
            csrf: viewer.csrf.clone(),
            request: None,
            faults,
            fields,
            submit: Button::submit(texts.t("style-form-submit")),
            others: vec![Button::link(texts.t("style-form-back"), super::StyleGuide {}).quiet()],
        },
        page: Page::new(viewer, texts.t("style-form-title")),
    }
}
