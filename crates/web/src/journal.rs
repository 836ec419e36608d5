//! The journal to look through, and the stream that tells screens what changed.

use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Column, Empty, List, Notice, Row, Weight};
use crate::told::Stop;
use crate::url::Url as _;
use crate::urls;
use askama::Template;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use regie_core::day::in_school_time;
use regie_texts::Texts;
use std::convert::Infallible;

urls! {
    pub JournalPage = "/journal";
    pub Live = "/live";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default().get(JournalPage::at(), show).get(Live::at(), live)
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

/// What happened, in words; an event without words of its own shows its name.
pub fn words(texts: Texts, action: &str) -> String {
    let key = action.replace('.', "-");
    let text = texts.of("event", &key).to_string();
    if text.starts_with('⟦') { action.to_owned() } else { text }
}

async fn show(State(house): State<House>, me: Me) -> Result<View<ListPage>, Stop> {
    let texts = me.texts();
    let lines =
        regie_people::journal::latest(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let columns = vec![
        Column::new(texts.t("journal-when"), Weight::Key),
        Column::new(texts.t("journal-what"), Weight::Main),
        Column::new(texts.t("journal-who"), Weight::Usual),
        Column::new(texts.t("journal-why"), Weight::Wide),
    ];
    let rows: Vec<Row> = lines
        .into_iter()
        .map(|(line, who)| {
            let what = words(texts, &line.action);
            let role = line.role.as_deref().map(|role| texts.of("role", role).to_string());
            Row {
                id: line.id.to_string(),
                name: what.clone(),
                cells: vec![
                    Cell::text(texts.moment(in_school_time(line.recorded_at).datetime())),
                    Cell::text(what),
                    Cell::Two {
                        text: who.unwrap_or_else(|| texts.t("journal-system").to_string()),
                        sub: role.unwrap_or_default(),
                    },
                    Cell::text(line.reason.unwrap_or_default()),
                ],
            }
        })
        .collect();
    let empty = Empty {
        icon: "scroll-text",
        title: texts.t("journal-none").to_string(),
        text: String::new(),
        actions: Vec::new(),
    };
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "journal", texts.t("nav-journal"), columns, empty)
    };
    let page = Page::new(me.viewer.clone(), texts.t("nav-journal"));
    Ok(View::new(ListPage { page, acts: Vec::new(), first: None, notice: None, list }))
}

/// One stream for a browser: the kinds of things that changed in the reader's own institution, never what about
/// them. The page fetches its parts anew, and fetching asks `access` again.
async fn live(State(house): State<House>, me: Me) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let institution = me.caller().institution;
    let mut news = house.db.changes().subscribe();
    let (give, take) = tokio::sync::mpsc::channel(8);
    tokio::spawn(async move {
        loop {
            let news = tokio::select! {
                news = news.recv() => news,
                // This node stops; the browser finds another and looks at everything again.
                () = house.db.changes().ended() => return,
                // The browser went away.
                () = give.closed() => return,
            };
            let kinds = match news {
                Ok(changes) => regie_access::kinds_for(&changes, institution),
                // This listener was too slow: anything may have changed.
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => vec!["*".to_owned()],
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
            };
            if !kinds.is_empty()
                && give.send(Ok(Event::default().event("changed").data(kinds.join(" ")))).await.is_err()
            {
                return;
            }
        }
    });
    let stream =
        futures_util::stream::unfold(take, |mut take| async move { Some((take.recv().await?, take)) });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
