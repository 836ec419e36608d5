//! The home of every role: what waits for me.

use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Empty, Figure, Figures, Tone, WorkGroup, WorkItem, WorkList};
use crate::told::Stop;
use crate::url::Url as _;
use crate::urls;
use crate::view::Block;
use askama::Template;
use axum::extract::State;
use regie_access::{Action, Width, width};
use regie_core::Role;
use regie_core::day::school_day;
use regie_people::group;
use regie_people::person::{Filter, Kind, list};

urls! {
    pub Home = "/";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default().get(Home::at(), show)
}

#[derive(Template)]
#[template(path = "page/work.html")]
struct HomePage {
    page: Page,
    sub: String,
    figures: Option<Figures>,
    work: WorkList,
    /// What is one's own: a student's programme and groups, a teacher's classes.
    blocks: Vec<Block>,
}

async fn show(State(house): State<House>, me: Me) -> Result<View<HomePage>, Stop> {
    let texts = me.texts();
    let today = texts.date(school_day(house.clock.now()));
    let mut items = Vec::new();
    let set = regie_signin::has_second_factor(&house.db, me.current.account).await;
    if !set.map_err(|error| me.stop(error))? {
        items.push(WorkItem {
            icon: "shield-check",
            tone: Tone::Info,
            title: texts.t("work-factor").to_string(),
            context: texts.t("work-factor-context").to_string(),
            deadline: None,
            action: Button::link(texts.t("work-factor-action"), crate::factor::SecondFactor {}),
        });
    }
    items.extend(crate::delivery::work(&house, &me).await?);
    items.extend(needs(&house, &me).await?);
    let blocks = own(&house, &me).await?;
    let figures = if me.may(Action::ExportPeople) { Some(people(&house, &me).await?) } else { None };
    let place = me.viewer.signed_in.as_ref().and_then(|it| it.role().map(|role| role.place.clone()));
    let first = me.current.name.split_whitespace().next().unwrap_or_default().to_owned();
    Ok(View::new(HomePage {
        sub: match place {
            Some(place) => format!("{today} · {place}"),
            None => today,
        },
        figures,
        blocks,
        work: WorkList {
            title: texts.t("work-title").to_string(),
            groups: vec![WorkGroup { title: None, items }],
            empty: Empty {
                icon: "circle-check",
                title: texts.t("work-none").to_string(),
                text: texts.t("work-none-text").to_string(),
                actions: Vec::new(),
            },
        },
        page: Page::new(me.viewer.clone(), texts.t("home-title").with("name", first)),
    }))
}

/// Needs that end within a month: who decides about new ones hears of it here.
async fn needs(house: &House, me: &Me) -> Result<Option<WorkItem>, Stop> {
    let texts = me.texts();
    if !me.may(Action::GrantNeeds) {
        return Ok(None);
    }
    let count = regie_people::need::expiring(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let expiring = regie_people::need::State::Expiring.code();
    let list = crate::url::with_query(&crate::need::Needs {}.to_string(), [("state", expiring)]);
    Ok((count > 0).then(|| WorkItem {
        icon: "triangle-alert",
        tone: Tone::Warn,
        title: texts.t("work-needs").with("count", i64::try_from(count).unwrap_or(i64::MAX)).to_string(),
        context: texts.t("work-needs-context").to_string(),
        deadline: None,
        action: Button::link(texts.t("work-needs-action"), list),
    }))
}

/// What is one's own: a student's programme, groups and needs; a teacher's classes of today.
async fn own(house: &House, me: &Me) -> Result<Vec<Block>, Stop> {
    let texts = me.texts();
    match width(me.caller().role.unwrap_or(Role::Supporter), Action::SeePeople) {
        Some(Width::Own) if me.caller().role == Some(Role::Student) => {
            let Some(person) = me.caller().person else { return Ok(Vec::new()) };
            let one = regie_people::person::see(&house.db, me.caller(), person);
            crate::person::glance(house, me, &one.await.map_err(|error| me.stop(error))?).await
        }
        Some(Width::Groups) => {
            let filter = group::Filter { on: Some(me.caller().today()), ..group::Filter::default() };
            let found = group::list(&house.db, me.caller(), &filter).await.map_err(|error| me.stop(error))?;
            Ok(vec![Block::list(
                texts.t("home-groups"),
                Vec::new(),
                crate::listing::bare::<crate::group::Kind>(me, "groups", found),
            )])
        }
        _ => Ok(Vec::new()),
    }
}

/// How many people this role works for.
async fn people(house: &House, me: &Me) -> Result<Figures, Stop> {
    let texts = me.texts();
    let mut figures = Vec::new();
    for kind in Kind::ALL {
        let filter = Filter { kind: Some(kind), size: 1, ..Filter::default() };
        let page = list(&house.db, me.caller(), &filter).await.map_err(|error| me.stop(error))?;
        figures.push(Figure {
            name: texts.of("people", kind.code()).to_string(),
            number: texts.whole(i64::try_from(page.total).unwrap_or(i64::MAX)),
            note: texts.t("people-in-reach").to_string(),
            share: None,
        });
    }
    Ok(Figures { figures })
}
