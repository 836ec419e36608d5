//! Mail that was sent, and in a demo school the cabinet in which it stays.

use crate::error::Error;
use crate::house::House;
use crate::layer::{POLICY_IN_FRAME, POLICY_WITH_FRAME};
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Column, Empty, Fact, Facts, List, Notice, Row, Tone, Weight};
use crate::told::Stop;
use crate::url::Url as _;
use crate::urls;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use regie_core::day::in_school_time;
use regie_core::id::MailId;
use regie_platform::mail::{self, Mail, State as MailState};
use regie_texts::Texts;

urls! {
    pub Cabinet = "/mail";
    pub MailPage { id: String } = "/mail/{id}";
    /// The HTML part, alone in a frame without rights.
    pub MailBody { id: String } = "/mail/{id}/body";
    pub MailCalendar { id: String } = "/mail/{id}/invite.ics";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Cabinet::at(), list)
        .get(MailPage::at(), show)
        .get(MailBody::at(), body)
        .get(MailCalendar::at(), calendar)
}

fn chip(texts: Texts, state: MailState) -> Chip {
    let tone = match state {
        MailState::Sent => Tone::Ok,
        MailState::Refused => Tone::Danger,
        MailState::Kept => Tone::Info,
    };
    Chip::new(tone, texts.of("mail-state", state.code()))
}

#[derive(Template)]
#[template(path = "page/list.html")]
struct ListPage {
    page: Page,
    acts: Vec<Button>,
    first: Option<Button>,
    notice: Option<Notice>,
    list: List,
}

async fn list(State(house): State<House>, me: Me) -> Result<View<ListPage>, Stop> {
    let texts = me.texts();
    let lines = mail::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let columns = vec![
        Column::new(texts.t("mail-subject"), Weight::Key),
        Column::new(texts.t("mail-to"), Weight::Main),
        Column::new(texts.t("mail-what"), Weight::Wide),
        Column::new(texts.t("mail-when"), Weight::Usual),
        Column::new(texts.t("mail-state"), Weight::Usual),
    ];
    let rows: Vec<Row> = lines
        .into_iter()
        .map(|line| Row {
            id: line.id.to_string(),
            name: line.subject.clone(),
            cells: vec![
                Cell::Link {
                    text: line.subject,
                    href: MailPage { id: line.id.to_string() }.to_string(),
                    sub: line.said,
                },
                Cell::text(line.recipient),
                Cell::text(name_of(texts, &line.template)),
                Cell::text(texts.moment(in_school_time(line.settled_at).datetime())),
                Cell::Chip(chip(texts, line.state)),
            ],
        })
        .collect();
    let empty = Empty::new("mail", texts.t("mail-none"), texts.t("mail-none-text"));
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "mail", texts.t("nav-mail"), columns, empty)
    };
    let notice = (!house.demo.is_empty()).then(|| Notice::new(Tone::Info, texts.t("mail-cabinet")));
    let page = Page::new(me.viewer.clone(), texts.t("nav-mail"));
    Ok(View::new(ListPage { page, acts: Vec::new(), first: None, notice, list }))
}

/// What kind of mail it is, in words.
pub(crate) fn name_of(texts: Texts, template: &str) -> String {
    let text = texts.of("mail-name", template);
    if text.exists() { text.to_string() } else { template.to_owned() }
}

async fn one(house: &House, me: &Me, id: &str) -> Result<Mail, Stop> {
    let id: MailId = id.parse().map_err(|_| Error::NotFound)?;
    mail::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))
}

#[derive(Template)]
#[template(path = "page/mail.html")]
struct ShowPage {
    page: Page,
    chip: Chip,
    notice: Option<Notice>,
    facts: Facts,
    frame: Option<String>,
    plain: Option<String>,
    calendar: Option<Button>,
}

async fn show(State(house): State<House>, me: Me, Path(at): Path<MailPage>) -> Result<View<ShowPage>, Stop> {
    let texts = me.texts();
    let one = one(&house, &me, &at.id).await?;
    let to = match &one.person_name {
        Some(name) => format!("{name}, {}", one.recipient),
        None => one.recipient.clone(),
    };
    let mut facts = vec![
        Fact::new(texts.t("mail-from"), one.sender),
        Fact::new(texts.t("mail-to"), to),
        Fact::new(texts.t("mail-what"), name_of(texts, &one.template)),
        Fact::new(texts.t("mail-when"), texts.moment(in_school_time(one.settled_at).datetime())),
    ];
    if let Some(said) = one.said {
        facts.push(Fact::new(texts.t("mail-said"), said));
    }
    let kept = one.plain.is_some();
    let view = View::new(ShowPage {
        chip: chip(texts, one.state),
        notice: (!kept).then(|| Notice::new(Tone::Info, texts.t("mail-not-kept"))),
        facts: Facts { facts },
        frame: one.html.is_some().then(|| MailBody { id: at.id.clone() }.to_string()),
        plain: one.plain,
        calendar: one.calendar.is_some().then(|| {
            Button::link(texts.t("mail-calendar"), MailCalendar { id: at.id.clone() }).icon("calendar-days")
        }),
        page: Page::new(me.viewer.clone(), one.subject).under(texts.t("nav-mail"), Cabinet {}),
    });
    Ok(view.with_header(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY_WITH_FRAME)))
}

/// What a frame without rights may show.
pub(crate) fn framed(html: &str) -> Response {
    let html = html.replacen("<head>", "<head>\n<base target=\"_blank\">", 1);
    let mut response = html.into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY_IN_FRAME),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn body(State(house): State<House>, me: Me, Path(at): Path<MailBody>) -> Result<Response, Stop> {
    let one = one(&house, &me, &at.id).await?;
    Ok(framed(&one.html.ok_or(Error::NotFound)?))
}

async fn calendar(
    State(house): State<House>,
    me: Me,
    Path(at): Path<MailCalendar>,
) -> Result<Response, Stop> {
    let one = one(&house, &me, &at.id).await?;
    let mut response = one.calendar.ok_or(Error::NotFound)?.into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"invite.ics\""),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}
