//! The journal to look through, and the stream that tells screens what changed.

use crate::address::Address;
use crate::house::House;
use crate::listing::{Col, Listing, export, list};
use crate::mandate::Anything;
use crate::me::Me;
use crate::part::{Cell, Empty, Weight};
use crate::sheet::cell;
use crate::told::Stop;
use crate::url::Url as _;
use crate::urls;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use regie_access::Action;
use regie_core::day::in_school_time;
use regie_people::journal::Entry;
use regie_people::{Page as Found, Paging};
use regie_texts::Texts;
use std::convert::Infallible;

urls! {
    pub JournalPage = "/journal";
    pub ExportJournal = "/journal/export";
    pub Live = "/live";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(JournalPage::at(), list::<Happened>)
        .get(ExportJournal::at(), export::<Happened>)
        .get(Live::at(), live)
}

/// What happened, in words; an event without words of its own shows its name.
pub fn words(texts: Texts, action: &str) -> String {
    let key = action.replace('.', "-");
    let text = texts.of("event", &key).to_string();
    if text.starts_with('⟦') { action.to_owned() } else { text }
}

/// What happened at this school.
struct Happened;

/// How many of the newest lines a file holds; the screen shows its first page.
const MOST: u32 = 10_000;

type Line = (Entry, Option<String>);

impl Listing for Happened {
    type Asked = Anything;
    type Line = Line;
    const NAME: &'static str = "journal";
    const TITLE: &'static str = "nav-journal";
    const PERSONAL: Option<Action> = Some(Action::SeeJournal);

    fn place() -> String {
        JournalPage {}.to_string()
    }

    fn export_place() -> String {
        ExportJournal {}.to_string()
    }

    fn keep(address: Address, _: &Anything) -> Address {
        address
    }

    async fn found(house: &House, me: &Me, _: &Anything, paging: Paging) -> Result<Found<Line>, Stop> {
        let all = regie_people::journal::latest(&house.db, me.caller(), MOST).await;
        let all = all.map_err(|error| me.stop(error))?;
        Ok(crate::listing::sliced(all, "", paging, |_| String::new()))
    }

    fn columns(me: &Me) -> Vec<Col<Line>> {
        let texts = me.texts();
        let when = |line: &Line| in_school_time(line.0.recorded_at).datetime();
        let role = move |line: &Line| {
            let role = line.0.role.as_deref();
            role.map(|role| texts.of("role", role).to_string()).unwrap_or_default()
        };
        let who = move |(line, name): &Line| match (name, line.person) {
            (Some(name), _) => name.clone(),
            // Known at another organisation, which was let in here.
            (None, Some(_)) => texts.t("journal-outside").to_string(),
            (None, None) => texts.t("journal-system").to_string(),
        };
        vec![
            Col::text(texts.t("journal-when"), Weight::Key, move |line: &Line| texts.moment(when(line)))
                .value(move |line| cell(when(line).strftime("%Y-%m-%d %H:%M:%S").to_string())),
            Col::text(texts.t("journal-what"), Weight::Main, move |line: &Line| words(texts, &line.0.action)),
            Col::new(texts.t("journal-who"), Weight::Usual, move |line: &Line| Cell::Two {
                text: who(line),
                sub: role(line),
            }),
            Col::filed(texts.t("field-role"), move |line: &Line| cell(role(line))),
            Col::text(texts.t("journal-why"), Weight::Wide, |line: &Line| {
                line.0.reason.clone().unwrap_or_default()
            }),
            Col::filed(texts.t("journal-subject"), |line: &Line| {
                cell(format!("{} {}", line.0.subject_kind, line.0.subject))
            }),
        ]
    }

    fn row((line, _): &Line) -> (String, String) {
        (line.id.to_string(), line.action.clone())
    }

    fn empty(texts: Texts) -> Empty {
        Empty::new("scroll-text", texts.t("journal-none"), "")
    }
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
