//! One box for everything the reader may find: people, rooms, units.

use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::Empty;
use crate::told::Stop;
use crate::url::{Url as _, with_query};
use crate::urls;
use askama::Template;
use axum::extract::{Query, State};
use regie_access::Action;
use regie_core::name::folded;
use regie_people::person::{self, Filter};
use serde::Deserialize;

urls! {
    pub Search = "/search";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default().get(Search::at(), search)
}

/// How many of one kind are shown; the rest is a link away.
const MOST: usize = 8;

struct Hit {
    icon: &'static str,
    name: String,
    sub: String,
    href: String,
}

struct Hits {
    title: String,
    hits: Vec<Hit>,
    /// How many there are in all, and where.
    more: Option<(u64, String)>,
}

#[derive(Template)]
#[template(path = "page/search.html")]
struct SearchPage {
    page: Page,
    q: String,
    groups: Vec<Hits>,
    empty: Option<Empty>,
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

async fn search(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<SearchPage>, Stop> {
    let texts = me.texts();
    let q: String = asked.q.chars().take(100).collect();
    let words = folded(&q);
    let mut groups = Vec::new();
    if !words.is_empty() {
        groups.extend(people(&house, &me, &q).await?);
        groups.extend(rooms(&house, &me, &words).await?);
        groups.extend(units(&house, &me, &words).await?);
    }
    let empty = if words.is_empty() {
        Some(Empty::new("search", texts.t("search-start"), texts.t("search-start-text")))
    } else if groups.is_empty() {
        let title = texts.t("search-none").with("words", q.clone());
        Some(Empty::new("search", title, texts.t("search-none-text")))
    } else {
        None
    };
    Ok(View::new(SearchPage {
        q,
        groups,
        empty,
        page: Page::new(me.viewer.clone(), texts.t("search-title")),
    }))
}

fn fits(text: &str, words: &str) -> bool {
    let text = folded(text);
    words.split(' ').all(|word| text.contains(word))
}

async fn people(house: &House, me: &Me, q: &str) -> Result<Option<Hits>, Stop> {
    if !me.may(Action::SeePeople) {
        return Ok(None);
    }
    let texts = me.texts();
    let filter = Filter { text: q.to_owned(), size: 8, ..Filter::default() };
    let found = person::list(&house.db, me.caller(), &filter).await.map_err(|error| me.stop(error))?;
    let hits: Vec<Hit> = found
        .lines
        .into_iter()
        .map(|line| {
            let kind = texts.of("person-kind", line.kind.code()).to_string();
            let facts = [Some(kind), line.number, line.unit_name];
            Hit {
                icon: "users",
                name: line.display_name,
                sub: facts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
                href: crate::person::PersonPage { id: line.id.to_string() }.to_string(),
            }
        })
        .collect();
    let all = with_query(&crate::person::People {}.to_string(), [("q", q)]);
    let more = (found.total > hits.len() as u64).then_some((found.total, all));
    Ok(group(texts.t("nav-people").to_string(), hits, more))
}

fn group(title: String, hits: Vec<Hit>, more: Option<(u64, String)>) -> Option<Hits> {
    (!hits.is_empty()).then_some(Hits { title, hits, more })
}

fn first(title: String, mut hits: Vec<Hit>, all: String) -> Option<Hits> {
    let total = hits.len();
    hits.truncate(MOST);
    group(title, hits, (total > MOST).then_some((total as u64, all)))
}

async fn rooms(house: &House, me: &Me, words: &str) -> Result<Option<Hits>, Stop> {
    if !me.may(Action::SeeOrganisation) {
        return Ok(None);
    }
    let texts = me.texts();
    let all = regie_people::room::list(&house.db, me.caller(), None).await.map_err(|error| me.stop(error))?;
    let hits = all
        .into_iter()
        .filter(|room| {
            fits(
                &format!("{} {} {}", room.code, room.name.as_deref().unwrap_or_default(), room.campus_name),
                words,
            )
        })
        .map(|room| Hit {
            icon: "building-2",
            name: match &room.name {
                Some(name) => format!("{} ({name})", room.code),
                None => room.code,
            },
            sub: format!("{} · {}", room.campus_name, texts.t("search-seats").with("count", room.seats)),
            href: crate::room::Rooms {}.to_string(),
        })
        .collect();
    Ok(first(texts.t("nav-rooms").to_string(), hits, crate::room::Rooms {}.to_string()))
}

async fn units(house: &House, me: &Me, words: &str) -> Result<Option<Hits>, Stop> {
    if !me.may(Action::SeeOrganisation) {
        return Ok(None);
    }
    let texts = me.texts();
    let all = regie_people::unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let wide = regie_access::width(me.caller().role.unwrap_or(regie_core::Role::Student), Action::SeePeople);
    let wide = wide.is_some_and(|width| width != regie_access::Width::Own);
    let hits = all
        .into_iter()
        .filter(|unit| fits(&format!("{} {}", unit.code, unit.name), words))
        .map(|unit| Hit {
            icon: "network",
            name: unit.name,
            sub: unit.code,
            // Who works for people sees those of the unit; others see where it stands.
            href: if wide {
                with_query(&crate::person::People {}.to_string(), [("unit", unit.id.to_string().as_str())])
            } else {
                crate::unit::Units {}.to_string()
            },
        })
        .collect();
    Ok(first(texts.t("nav-units").to_string(), hits, crate::unit::Units {}.to_string()))
}
