//! One box for everything the reader may find. What is called so comes before what has such a number or address.

use crate::campus::CampusPage;
use crate::company::{Companies, CompanyPage};
use crate::group::{GroupPage, Groups};
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::Empty;
use crate::person::{People, PersonPage};
use crate::program::{ProgramPage, Programs, level_word};
use crate::room::{RoomPage, Rooms};
use crate::told::Stop;
use crate::unit::{UnitPage, Units};
use crate::url::{Url as _, with_query};
use crate::urls;
use askama::Template;
use axum::extract::{Query, State};
use regie_access::Action;
use regie_core::name::folded;
use regie_people::{Paging, campus, company, group, person, program, room, unit};
use serde::Deserialize;

urls! {
    pub Search = "/search";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default().get(Search::at(), search)
}

/// How many of one kind are shown; the rest is a link away.
const MOST: usize = 8;
/// How many of one kind are looked at to find the best of them.
const LOOKED_AT: u32 = 200;

struct Hit {
    icon: &'static str,
    name: String,
    sub: String,
    href: String,
    /// The lower, the nearer to what was asked.
    rank: u8,
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
        groups.extend(people(&house, &me, &q, &words).await?);
        groups.extend(learning_groups(&house, &me, &q, &words).await?);
        groups.extend(programs(&house, &me, &q, &words).await?);
        groups.extend(companies(&house, &me, &q, &words).await?);
        groups.extend(places(&house, &me, &words).await?);
    }
    // The kind that holds what was meant comes first.
    groups.sort_by_key(|group| group.hits.first().map_or(u8::MAX, |hit| hit.rank));
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

/// How near a name is: it is what was asked, it begins so, its words do, it has them inside, or it is found by
/// something else.
fn rank(name: &str, words: &str) -> u8 {
    let name = folded(name);
    let begins = |word: &str| name.split(' ').any(|part| part.starts_with(word));
    if name == words {
        0
    } else if name.starts_with(words) {
        1
    } else if words.split(' ').all(begins) {
        2
    } else if words.split(' ').all(|word| name.contains(word)) {
        3
    } else {
        4
    }
}

fn fits(text: &str, words: &str) -> bool {
    let text = folded(text);
    words.split(' ').all(|word| text.contains(word))
}

/// The best of what was found, and where the rest is.
fn best(title: String, mut hits: Vec<Hit>, total: u64, all: String) -> Option<Hits> {
    hits.sort_by_key(|hit| hit.rank);
    hits.truncate(MOST);
    let more = (total > hits.len() as u64).then_some((total, all));
    (!hits.is_empty()).then_some(Hits { title, hits, more })
}

fn list_of(place: impl ToString, q: &str) -> String {
    with_query(&place.to_string(), [("q", q)])
}

async fn people(house: &House, me: &Me, q: &str, words: &str) -> Result<Option<Hits>, Stop> {
    if !me.may(Action::SeePeople) {
        return Ok(None);
    }
    let texts = me.texts();
    let found = person::find(&house.db, me.caller(), q, LOOKED_AT).await.map_err(|error| me.stop(error))?;
    let hit = |line: person::PersonLine| {
        let kind = texts.of("person-kind", line.kind.code()).to_string();
        // By number before by mail address, and both behind names.
        let by_number = line.number.as_ref().is_some_and(|number| fits(number, words));
        let rank = match rank(&line.display_name, words) {
            4 if by_number => 4,
            4 => 5,
            near => near,
        };
        let facts = [Some(kind), line.number, line.unit_name];
        Hit {
            icon: "users",
            name: line.display_name,
            sub: facts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            href: PersonPage { id: line.id.to_string() }.to_string(),
            rank,
        }
    };
    let hits = found.lines.into_iter().map(hit).collect();
    Ok(best(texts.t("nav-people").to_string(), hits, found.total, list_of(People {}, q)))
}

async fn learning_groups(house: &House, me: &Me, q: &str, words: &str) -> Result<Option<Hits>, Stop> {
    if !me.may(Action::SeePeople) {
        return Ok(None);
    }
    let filter = group::Filter {
        text: q.to_owned(),
        on: Some(me.caller().today()),
        paging: Paging { page: 1, size: LOOKED_AT },
        ..group::Filter::default()
    };
    let found = group::list(&house.db, me.caller(), &filter).await.map_err(|error| me.stop(error))?;
    let hit = |line: group::GroupLine| Hit {
        icon: "book-open-check",
        rank: rank(&line.code, words).min(rank(&line.name, words)),
        sub: format!("{} · {}", line.name, line.unit_name),
        name: line.code,
        href: GroupPage { id: line.id.to_string() }.to_string(),
    };
    let title = me.texts().t("nav-groups").to_string();
    Ok(best(title, found.lines.into_iter().map(hit).collect(), found.total, list_of(Groups {}, q)))
}

async fn programs(house: &House, me: &Me, q: &str, words: &str) -> Result<Option<Hits>, Stop> {
    if !me.may(Action::SeePrograms) {
        return Ok(None);
    }
    let texts = me.texts();
    let paging = Paging { page: 1, size: LOOKED_AT };
    let filter = program::Filter { text: q.to_owned(), paging, ..program::Filter::default() };
    let found = program::list(&house.db, me.caller(), &filter).await.map_err(|error| me.stop(error))?;
    let hit = |line: program::ProgramLine| Hit {
        icon: "graduation-cap",
        rank: rank(&line.name, words).min(rank(&line.code, words)),
        sub: format!("{} · {}", level_word(texts, line.level), line.code),
        name: line.name,
        href: ProgramPage { id: line.id.to_string() }.to_string(),
    };
    let title = texts.t("nav-programs").to_string();
    Ok(best(title, found.lines.into_iter().map(hit).collect(), found.total, list_of(Programs {}, q)))
}

async fn companies(house: &House, me: &Me, q: &str, words: &str) -> Result<Option<Hits>, Stop> {
    if !me.may(Action::SeeOrganisation) {
        return Ok(None);
    }
    let paging = Paging { page: 1, size: LOOKED_AT };
    let filter = company::Filter { text: q.to_owned(), paging, ..company::Filter::default() };
    let found = company::list(&house.db, me.caller(), &filter).await.map_err(|error| me.stop(error))?;
    let hit = |line: company::CompanyLine| Hit {
        icon: "id-card",
        rank: rank(&line.name, words),
        sub: [line.city, line.code].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        name: line.name,
        href: CompanyPage { id: line.id.to_string() }.to_string(),
    };
    let title = me.texts().t("nav-companies").to_string();
    Ok(best(title, found.lines.into_iter().map(hit).collect(), found.total, list_of(Companies {}, q)))
}

/// Rooms, campuses and teams: lists that are never long.
async fn places(house: &House, me: &Me, words: &str) -> Result<Vec<Hits>, Stop> {
    if !me.may(Action::SeeOrganisation) {
        return Ok(Vec::new());
    }
    let texts = me.texts();
    let rooms = room::list(&house.db, me.caller(), None).await.map_err(|error| me.stop(error))?;
    let rooms = rooms.into_iter().filter(|room| room.active).filter_map(|room| {
        let own = room.name.clone().unwrap_or_default();
        fits(&format!("{} {own} {}", room.code, room.campus_name), words).then(|| Hit {
            icon: "building-2",
            rank: rank(&room.code, words).min(rank(&own, words)),
            name: if own.is_empty() { room.code } else { format!("{} ({own})", room.code) },
            sub: format!("{} · {}", room.campus_name, texts.t("search-seats").with("count", room.seats)),
            href: RoomPage { id: room.id.to_string() }.to_string(),
        })
    });
    let campuses = campus::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let campuses = campuses.into_iter().filter(|campus| campus.active).filter_map(|campus| {
        let city = campus.city.clone().unwrap_or_default();
        fits(&format!("{} {} {city}", campus.code, campus.name), words).then(|| Hit {
            icon: "map-pin",
            rank: rank(&campus.name, words).min(rank(&campus.code, words)),
            name: campus.name,
            sub: if city.is_empty() { campus.code } else { format!("{} · {city}", campus.code) },
            href: CampusPage { id: campus.id.to_string() }.to_string(),
        })
    });
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let units = units.into_iter().filter(|unit| unit.active).filter_map(|unit| {
        fits(&format!("{} {}", unit.code, unit.name), words).then(|| Hit {
            icon: "network",
            rank: rank(&unit.name, words).min(rank(&unit.code, words)),
            href: UnitPage { id: unit.id.to_string() }.to_string(),
            name: unit.name,
            sub: unit.code,
        })
    });
    let whole = |title: &'static str, hits: Vec<Hit>, place: String| {
        let total = hits.len() as u64;
        best(texts.t(title).to_string(), hits, total, place)
    };
    let found = [
        whole("nav-rooms", rooms.collect(), list_of(Rooms {}, words)),
        whole("nav-campuses", campuses.collect(), list_of(crate::campus::Campuses {}, words)),
        whole("nav-units", units.collect(), list_of(Units {}, words)),
    ];
    Ok(found.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_what_was_asked_stands_before_one_that_has_it_inside() {
        assert_eq!(rank("Vries", "vries"), 0);
        assert_eq!(rank("Noor de Vries", "noor"), 1);
        assert_eq!(rank("Noor de Vries", "vri no"), 2);
        assert_eq!(rank("Noor de Vries", "ries"), 3);
        assert_eq!(rank("Noor de Vries", "0301"), 4);
    }
}
