//! The bell: what the reader should know, and where it leads.

use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Empty};
use crate::told::Stop;
use crate::url::Url as _;
use crate::urls;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Redirect;
use regie_core::day::in_school_time;
use regie_platform::notice;
use regie_texts::Texts;

urls! {
    pub Notices = "/notices";
    /// The bell alone, fetched again when somebody was told something.
    pub Bell = "/notices/bell";
    pub ReadAll = "/notices/read";
    pub ReadNotice { id: String } = "/notices/{id}/read";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Notices::at(), show)
        .get(Bell::at(), bell)
        .post(ReadAll::at(), read_all)
        .post(ReadNotice::at(), read)
}

/// One line behind the bell.
struct Told {
    action: String,
    text: String,
    when: String,
    machine: String,
    unread: bool,
}

#[derive(Template)]
#[template(path = "page/notices.html")]
struct NoticesPage {
    page: Page,
    all: Option<Button>,
    told: Vec<Told>,
    empty: Empty,
}

/// The sentence of a notice; arguments that are codes become their words.
fn sentence(texts: Texts, notice: &notice::Notice) -> String {
    let mut text = texts.of("notice", &notice.code);
    for (name, value) in notice.values() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let (name, value): (&'static str, String) = match name.as_str() {
            "role" => ("role", texts.of("role", &value).to_string()),
            "mail" => ("mail", crate::mail::name_of(texts, &value)),
            "title" => ("title", value),
            "number" => ("number", value),
            "fault" => ("fault", value),
            "what" => ("what", value),
            "who" => ("who", value),
            "begins" => ("begins", value.parse().map_or(value, |day| texts.date(day))),
            _ => continue,
        };
        text = text.with(name, value);
    }
    text.to_string()
}

async fn show(State(house): State<House>, me: Me) -> Result<View<NoticesPage>, Stop> {
    let texts = me.texts();
    let now = in_school_time(house.clock.now());
    let notices = notice::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let told: Vec<Told> = notices
        .iter()
        .map(|notice| Told {
            action: ReadNotice { id: notice.id.to_string() }.to_string(),
            text: sentence(texts, notice),
            when: texts.moment_near(&in_school_time(notice.made_at), &now),
            machine: notice.made_at.to_string(),
            unread: notice.read_at.is_none(),
        })
        .collect();
    let all = told
        .iter()
        .any(|told| told.unread)
        .then(|| Button::post(texts.t("notices-read-all"), ReadAll {}, &me.viewer.csrf));
    Ok(View::new(NoticesPage {
        all,
        told,
        empty: Empty::new("bell", texts.t("notices-none"), texts.t("notices-none-text"))
            .action(Button::link(texts.t("error-home"), crate::home::Home {})),
        page: Page::new(me.viewer.clone(), texts.t("notices-title")),
    }))
}

#[derive(Template)]
#[template(path = "part/bell.html")]
struct BellPart {
    page: Page,
    count: u32,
}

async fn bell(State(house): State<House>, me: Me) -> Result<View<BellPart>, Stop> {
    let count = notice::unread(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    Ok(View::new(BellPart { page: Page::new(me.viewer.clone(), ""), count }))
}

async fn read_all(State(house): State<House>, me: Me) -> Result<Redirect, Stop> {
    notice::read_all(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    Ok(Redirect::to(&Notices {}.to_string()))
}

/// Reading one leads to what it is about.
async fn read(State(house): State<House>, me: Me, Path(at): Path<ReadNotice>) -> Result<Redirect, Stop> {
    let id = at.id.parse().map_err(|_| Error::NotFound)?;
    let place = notice::read(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let back = Notices {}.to_string();
    Ok(Redirect::to(crate::url::own_path(place.as_deref().unwrap_or(&back))))
}
