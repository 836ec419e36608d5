//! Messages that could not be delivered: look, try again, or drop with a reason.

use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Chip, Column, Empty, Fact, Facts, History, List, Notice, Question, Row, Tone, Weight,
    WorkItem,
};
use crate::told::{self, Stop};
use crate::url::Url as _;
use crate::urls;
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use regie_access::Action;
use regie_core::day::in_school_time;
use regie_core::id::OutboxId;
use regie_platform::delivery::{self, Dead};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Deliveries = "/deliveries";
    pub Delivery { id: String } = "/deliveries/{id}";
    pub RetryDelivery { id: String } = "/deliveries/{id}/retry";
    pub DropDelivery { id: String } = "/deliveries/{id}/drop";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Deliveries::at(), list)
        .get(Delivery::at(), show)
        .post(RetryDelivery::at(), retry)
        .get(DropDelivery::at(), ask)
        .post(DropDelivery::at(), discard)
}

/// What waits for who may mend it.
pub(crate) async fn work(house: &House, me: &Me) -> Result<Vec<WorkItem>, Stop> {
    if !me.may(Action::MendDeliveries) {
        return Ok(Vec::new());
    }
    let texts = me.texts();
    let dead = delivery::dead(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let Some(first) = dead.first() else { return Ok(Vec::new()) };
    let since = texts.moment(in_school_time(first.letter.recorded_at).datetime());
    Ok(vec![WorkItem {
        icon: "send",
        tone: Tone::Warn,
        title: texts.t("work-deliveries").with("count", dead.len()).to_string(),
        context: texts.t("work-deliveries-context").with("since", since).to_string(),
        deadline: None,
        action: Button::link(texts.t("work-deliveries-action"), Deliveries {}),
    }])
}

fn id_of(text: &str) -> Result<OutboxId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

/// What kind of message it is, in words.
fn kind(texts: Texts, dead: &Dead) -> String {
    let template = dead.letter.shown().get("template").and_then(|it| it.as_str()).map(str::to_owned);
    match template {
        Some(template) => crate::mail::name_of(texts, &template),
        None => dead.letter.event.clone(),
    }
}

fn about(dead: &Dead) -> String {
    dead.about.clone().unwrap_or_else(|| format!("{} {}", dead.letter.subject_kind, dead.letter.subject))
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
    let dead = delivery::dead(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let columns = vec![
        Column::new(texts.t("delivery-what"), Weight::Key),
        Column::new(texts.t("delivery-about"), Weight::Main),
        Column::new(texts.t("delivery-why"), Weight::Usual),
        Column::new(texts.t("delivery-since"), Weight::Wide),
        Column::new(texts.t("delivery-attempts"), Weight::Wide).number(),
        Column::new(texts.t("delivery-parked"), Weight::Usual).number(),
    ];
    let rows: Vec<Row> = dead
        .iter()
        .map(|dead| Row {
            id: dead.letter.id.to_string(),
            name: kind(texts, dead),
            cells: vec![
                Cell::link(kind(texts, dead), Delivery { id: dead.letter.id.to_string() }),
                Cell::text(about(dead)),
                Cell::text(dead.letter.error.clone().unwrap_or_default()),
                Cell::text(texts.moment(in_school_time(dead.letter.recorded_at).datetime())),
                Cell::text(texts.whole(dead.letter.attempts)),
                Cell::text(texts.whole(dead.letter.parked)),
            ],
        })
        .collect();
    let empty = Empty::new("send", texts.t("delivery-none"), texts.t("delivery-none-text"));
    let notice = (!rows.is_empty()).then(|| Notice::new(Tone::Warn, texts.t("delivery-parks")));
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "deliveries", texts.t("nav-deliveries"), columns, empty)
    };
    let page = Page::new(me.viewer.clone(), texts.t("nav-deliveries"));
    Ok(View::new(ListPage { page, acts: Vec::new(), first: None, notice, list }))
}

#[derive(Template)]
#[template(path = "page/detail.html")]
struct DetailPage {
    page: Page,
    chip: Option<Chip>,
    acts: Vec<Button>,
    first: Option<Button>,
    notice: Option<Notice>,
    sections: Vec<(String, Facts)>,
    history: History,
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<Delivery>,
) -> Result<View<DetailPage>, Stop> {
    let texts = me.texts();
    let (dead, history) =
        delivery::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let letter = &dead.letter;
    let moment = |at| texts.moment(in_school_time(at).datetime());
    let about = Fact::new(texts.t("delivery-about"), about(&dead));
    let mut facts = vec![
        match dead.person() {
            Some(person) if me.may(Action::SeePeople) => {
                about.href(crate::person::PersonPage { id: person.to_string() })
            }
            _ => about,
        },
        Fact::new(texts.t("delivery-event"), format!("{} {}", letter.event, letter.version)),
        Fact::new(texts.t("delivery-since"), moment(letter.recorded_at)),
        Fact::new(texts.t("delivery-attempts"), texts.whole(letter.attempts)),
        Fact::new(texts.t("delivery-parked"), texts.whole(letter.parked)),
    ];
    if let Some(at) = letter.dead_at {
        facts.push(Fact::new(texts.t("delivery-dead"), moment(at)));
    }
    let said = letter.shown();
    let holds = said.as_object().into_iter().flatten().map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Fact::new(name.clone(), value)
    });
    let sections = vec![
        (texts.t("delivery-facts").to_string(), Facts { facts }),
        (texts.t("delivery-holds").to_string(), Facts { facts: holds.collect() }),
    ];
    let may = me.may(Action::MendDeliveries);
    let retry = Button::post(texts.t("delivery-retry"), RetryDelivery { id: at.id.clone() }, &me.viewer.csrf)
        .icon("rotate-ccw")
        .primary();
    let drop = Button::link(texts.t("delivery-drop"), DropDelivery { id: at.id.clone() }).danger_second();
    let title = kind(texts, &dead);
    Ok(View::new(DetailPage {
        chip: Some(Chip::new(Tone::Danger, texts.t("delivery-dead-word"))),
        acts: if may { vec![drop] } else { Vec::new() },
        first: may.then_some(retry),
        notice: letter
            .error
            .clone()
            .map(|error| Notice::new(Tone::Danger, error).title(texts.t("delivery-why"))),
        sections,
        history: History {
            texts,
            title: texts.t("history-title").to_string(),
            entries: history
                .iter()
                .map(|line| {
                    crate::person::entry(texts, line, me.caller(), &regie_people::journal::Names::default())
                })
                .collect(),
            more: None,
        },
        page: Page::new(me.viewer.clone(), title).under(texts.t("nav-deliveries"), Deliveries {}),
    }))
}

async fn retry(State(house): State<House>, me: Me, Path(at): Path<RetryDelivery>) -> Result<Redirect, Stop> {
    delivery::retry(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    Ok(Redirect::to(&Deliveries {}.to_string()))
}

#[derive(Template)]
#[template(path = "page/ask.html")]
struct AskPage {
    page: Page,
    notice: Option<Notice>,
    question: Question,
}

fn draw_ask(me: &Me, dead: &Dead, notice: Option<Notice>) -> AskPage {
    let texts = me.texts();
    let id = dead.letter.id.to_string();
    let what = kind(texts, dead);
    AskPage {
        notice,
        question: Question {
            texts,
            id: "drop".into(),
            link: Button::link(texts.t("delivery-drop"), DropDelivery { id: id.clone() }),
            title: texts.t("delivery-drop-title").with("what", what.clone()).to_string(),
            consequences: vec![
                texts.t("delivery-drop-lost").with("about", about(dead)).to_string(),
                texts.t("delivery-drop-rest").with("count", dead.letter.parked).to_string(),
            ],
            reason: true,
            action: DropDelivery { id: id.clone() }.to_string(),
            csrf: me.viewer.csrf.clone(),
            confirm: texts.t("delivery-drop").to_string(),
            fields: Vec::new(),
            open: true,
        },
        page: Page::new(me.viewer.clone(), texts.t("delivery-drop"))
            .under(texts.t("nav-deliveries"), Deliveries {})
            .under(what, Delivery { id }),
    }
}

async fn ask(
    State(house): State<House>,
    me: Me,
    Path(at): Path<DropDelivery>,
) -> Result<View<AskPage>, Stop> {
    let (dead, _) =
        delivery::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    Ok(View::new(draw_ask(&me, &dead, None)))
}

#[derive(Debug, Deserialize)]
struct Why {
    reason: String,
}

async fn discard(
    State(house): State<House>,
    me: Me,
    Path(at): Path<DropDelivery>,
    Sent(why): Sent<Why>,
) -> Result<Response, Stop> {
    let id = id_of(&at.id)?;
    match delivery::discard(&house.db, me.caller(), id, &why.reason).await {
        Ok(()) => Ok(Redirect::to(&Deliveries {}.to_string()).into_response()),
        Err(error) => {
            let faults = told::fault(me.texts(), error)?;
            let said = faults.faults.first().map(|fault| fault.text.clone()).unwrap_or_default();
            let (dead, _) =
                delivery::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
            let notice = Notice::new(Tone::Danger, said).loud();
            Ok(View::invalid(draw_ask(&me, &dead, Some(notice))).into_response())
        }
    }
}
