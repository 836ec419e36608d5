//! The tabs of a person: facts, enrolments, groups, needs, roles and history.

use super::enrolment::{EnrolPerson, EnrolmentEdit};
use super::erase::ErasePerson;
use super::merge::MergePerson;
use super::role::{RoleNew, RoleWithdraw};
use super::{
    EditPerson, People, PersonEnrolments, PersonGroups, PersonHistory, PersonNeeds, PersonPage, PersonRoles,
    id_of,
};
use crate::company::CompanyPage;
use crate::group::GroupPage;
use crate::house::House;
use crate::me::Me;
use crate::need::{self as need_page, GrantOf, WithdrawOf};
use crate::offering::{OfferingPage, standing};
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Column, Empty, Fact, List, Row, Tab, Tabs, Tone, Weight};
use crate::told::Stop;
use crate::view::{Block, DetailView, history as history_of, period, to};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::Weekdays;
use regie_people::person::{self, IdCheck, Kind, Person, State as PersonState};
use regie_people::{company, enrolment, group, mandate, need, role};
use regie_texts::Texts;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Facts,
    Enrolments,
    Groups,
    Needs,
    Roles,
    History,
}

/// The tabs this reader may open about this person.
fn tabs(me: &Me, one: &Person, now: Which) -> Tabs {
    let texts = me.texts();
    let id = one.id.to_string();
    let own = me.caller().person == Some(one.id);
    let mut tabs = Vec::new();
    let mut tab = |which: Which, name: &'static str, href: String| {
        tabs.push(Tab { name: texts.t(name).to_string(), href, current: which == now, count: None });
    };
    tab(Which::Facts, "person-facts", PersonPage { id: id.clone() }.to_string());
    if one.kind == Kind::Student {
        tab(Which::Enrolments, "tab-enrolments", PersonEnrolments { id: id.clone() }.to_string());
    }
    if one.kind != Kind::External {
        tab(Which::Groups, "nav-groups", PersonGroups { id: id.clone() }.to_string());
    }
    if one.kind == Kind::Student && me.may(Action::SeeNeeds) {
        tab(Which::Needs, "nav-needs", PersonNeeds { id: id.clone() }.to_string());
    }
    if own || me.may(Action::SeeRoles) {
        tab(Which::Roles, "person-roles", PersonRoles { id: id.clone() }.to_string());
    }
    tab(Which::History, "history-title", PersonHistory { id }.to_string());
    Tabs { label: texts.t("tabs-label").to_string(), tabs }
}

async fn opened(house: &House, me: &Me, id: &str) -> Result<Person, Stop> {
    person::see(&house.db, me.caller(), id_of(id)?).await.map_err(|error| me.stop(error))
}

fn drawn(me: &Me, one: &Person, now: Which, blocks: Vec<Block>) -> DetailView {
    let texts = me.texts();
    let tone = if one.state == PersonState::Active { Tone::Ok } else { Tone::Plain };
    let name = match one.state {
        PersonState::Erased => texts.t("erase-name").to_string(),
        _ => one.display_name.clone(),
    };
    let page = Page::new(me.viewer.clone(), name).under(texts.t("nav-people"), People {});
    let first = me.may(Action::EditPeople).then(|| {
        Button::link(texts.t("person-edit"), EditPerson { id: one.id.to_string() }).icon("pencil").primary()
    });
    DetailView {
        chip: Some(Chip::new(tone, texts.of("person-state", one.state.code()))),
        tabs: Some(tabs(me, one, now)),
        first: first.filter(|_| now == Which::Facts),
        ..DetailView::new(page, blocks)
    }
}

/// What a record says of a person.
pub(super) fn said(texts: Texts, one: &Person) -> Vec<Fact> {
    let mut facts = vec![Fact::new(texts.t("person-kind"), texts.of("person-kind", one.kind.code()))];
    let mut fact = |key: &'static str, value: Option<String>| {
        if let Some(value) = value {
            facts.push(Fact::new(texts.t(key), value));
        }
    };
    fact("person-number", one.number.clone());
    fact("person-unit", one.unit_name.clone());
    fact("person-born", one.born.map(|born| texts.date(born)));
    fact("person-mail", one.mail.clone());
    fact("person-phone", one.phone.clone());
    let check = match one.id_check {
        IdCheck::Name => one.id_check_name.clone(),
        other => Some(texts.of("id-check", other.code()).to_string()),
    };
    fact("person-id-check", check);
    facts
}

pub(super) async fn facts(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PersonPage>,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let one = opened(&house, &me, &at.id).await?;
    if let Some(into) = one.merged_into.filter(|_| one.state == PersonState::Merged) {
        // The tombstone shows the way.
        return Ok(to(PersonPage { id: into.to_string() }));
    }
    let mut facts = said(texts, &one);
    if let Some(id) = one.company
        && let Ok(company) = company::see(&house.db, me.caller(), id).await
    {
        facts.push(
            Fact::new(texts.t("person-company"), company.name).href(CompanyPage { id: id.to_string() }),
        );
    }
    let mut blocks = vec![Block::facts(texts.t("person-facts"), facts)];
    blocks.extend(glance(&house, &me, &one).await?);
    let mut view = drawn(&me, &one, Which::Facts, blocks);
    if matches!(one.state, PersonState::Active | PersonState::Inactive) {
        let id = one.id.to_string();
        // Nobody manages their own account.
        if me.may(Action::ManageAccounts) && me.caller().person != Some(one.id) {
            let lost = crate::lost_factor::LostFactor { id: id.clone() };
            view.acts.push(Button::link(texts.t("lost-factor-title"), lost).quiet());
            let identity = crate::identity::Identity { id: id.clone() };
            view.acts.push(Button::link(texts.t("identity-act"), identity).quiet());
        }
        if me.may(Action::MergePeople) {
            view.acts.push(Button::link(texts.t("merge-act"), MergePerson { id: id.clone() }).quiet());
        }
        if me.may(Action::ErasePeople) {
            view.acts.push(Button::link(texts.t("erase-do"), ErasePerson { id }).danger_second());
        }
    }
    Ok(View::new(view).into_response())
}

/// What one looks for first: what is learnt now, in which groups, with which needs.
pub(crate) async fn glance(house: &House, me: &Me, one: &Person) -> Result<Vec<Block>, Stop> {
    let texts = me.texts();
    let today = me.caller().today();
    let stop = |error| me.stop(error);
    let mut blocks = Vec::new();
    if one.kind == Kind::Student {
        let learnt = enrolment::of_person(&house.db, me.caller(), one.id).await.map_err(stop)?;
        let now = learnt.into_iter().filter(|it| regie_core::day::holds(it.begins, it.ends, today));
        let facts: Vec<Fact> = now
            .map(|it| {
                let level = texts.t("program-level-of").with("level", i64::from(it.level)).to_string();
                let mut words = vec![level, it.path.code().to_owned(), it.cohort.to_string()];
                words.extend(days(texts, it.days()));
                Fact::new(it.program_name, words.join(", "))
                    .href(OfferingPage { id: it.offering.to_string() })
            })
            .collect();
        if !facts.is_empty() {
            blocks.push(Block::facts(texts.t("tab-enrolments"), facts));
        }
    }
    let groups = group::of_person(&house.db, me.caller(), one.id).await.map_err(stop)?;
    let teachers = group::teachers(&house.db, me.caller(), one.id).await.map_err(stop)?;
    let facts: Vec<Fact> = groups
        .into_iter()
        .filter(|it| regie_core::day::holds(it.begins, it.ends, today))
        .map(|it| {
            let names: Vec<&str> = teachers
                .iter()
                .filter(|(group, _)| *group == it.id && one.kind == Kind::Student)
                .map(|(_, name)| name.as_str())
                .collect();
            let said = if names.is_empty() { it.name } else { names.join(", ") };
            Fact::new(it.code, said).href(GroupPage { id: it.id.to_string() })
        })
        .collect();
    if !facts.is_empty() {
        blocks.push(Block::facts(texts.t("nav-groups"), facts));
    }
    if one.kind == Kind::Student && me.may(Action::SeeNeeds) {
        let needs = need::of_person(&house.db, me.caller(), one.id).await.map_err(stop)?;
        let held = needs.into_iter().filter(|it| {
            matches!(it.state(today), need::State::Valid | need::State::Expiring | need::State::Coming)
        });
        let facts: Vec<Fact> = held
            .map(|it| {
                let said = [need_page::words(texts, &it), period(texts, it.begins, it.ends)];
                let said = said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
                Fact::new(texts.of("need", it.kind.code()), said).chip(need_page::chip(texts, &it, today))
            })
            .collect();
        if !facts.is_empty() {
            blocks.push(Block::facts(texts.t("nav-needs"), facts));
        }
    }
    Ok(blocks)
}

/// `op school: maandag, donderdag`, for who works the other days.
fn days(texts: Texts, days: Weekdays) -> Option<String> {
    let names: Vec<String> = days
        .days()
        .map(|day| texts.of("weekday", &day.to_monday_one_offset().to_string()).to_string())
        .collect();
    let all = names.join(", ");
    (!names.is_empty()).then(|| texts.t("enrolment-days-are").with("days", all).to_string())
}

pub(super) async fn enrolments(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PersonEnrolments>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let today = me.caller().today();
    let one = opened(&house, &me, &at.id).await?;
    let found = enrolment::of_person(&house.db, me.caller(), one.id).await.map_err(|error| me.stop(error))?;
    let may = me.may(Action::EditPeople);
    let mut columns = vec![
        Column::new(texts.t("program-name"), Weight::Key),
        Column::new(texts.t("offering-path"), Weight::Main),
        Column::new(texts.t("enrolment-period"), Weight::Usual),
        Column::new(texts.t("person-state"), Weight::Usual),
    ];
    if may {
        columns.push(Column::new(texts.t("list-do"), Weight::Usual));
    }
    let rows = found.into_iter().map(|it| {
        let level = texts.t("program-level-of").with("level", i64::from(it.level)).to_string();
        let mut cells = vec![
            Cell::Link {
                text: it.program_name.clone(),
                href: OfferingPage { id: it.offering.to_string() }.to_string(),
                sub: Some(format!("{level}, {}", it.offering_code)),
            },
            match days(texts, it.days()) {
                Some(days) => Cell::Two { text: it.path.code().into(), sub: days },
                None => Cell::text(it.path.code()),
            },
            Cell::text(period(texts, it.begins, it.ends)),
            Cell::Chips(standing(texts, &it, today)),
        ];
        if may {
            let edit = EnrolmentEdit { id: at.id.clone(), enrolment: it.id.to_string() };
            let word = texts.t("person-edit-title").with("name", it.program_name.clone()).to_string();
            cells.push(Cell::Buttons(vec![
                Button::link(word, edit).icon("pencil").quiet().small().icon_only(),
            ]));
        }
        Row { id: it.id.to_string(), name: it.program_name, cells }
    });
    let rows: Vec<Row> = rows.collect();
    let empty =
        Empty::new("graduation-cap", texts.t("enrolment-none-yet"), texts.t("enrolment-none-yet-text"));
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "enrolments", texts.t("tab-enrolments"), columns, empty)
    };
    let acts = match may && one.state == PersonState::Active {
        true => vec![Button::link(texts.t("enrolment-add"), EnrolPerson { id: at.id.clone() }).icon("plus")],
        false => Vec::new(),
    };
    let blocks = vec![Block::list(texts.t("tab-enrolments"), acts, list)];
    Ok(View::new(drawn(&me, &one, Which::Enrolments, blocks)))
}

pub(super) async fn groups(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PersonGroups>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let today = me.caller().today();
    let one = opened(&house, &me, &at.id).await?;
    let found = group::of_person(&house.db, me.caller(), one.id).await.map_err(|error| me.stop(error))?;
    let columns = vec![
        Column::new(texts.t("group-code"), Weight::Key),
        Column::new(texts.t("group-part"), Weight::Main),
        Column::new(texts.t("person-unit"), Weight::Wide),
        Column::new(texts.t("enrolment-period"), Weight::Usual),
        Column::new(texts.t("person-state"), Weight::Usual),
    ];
    let rows = found.into_iter().map(|it| Row {
        id: format!("{}-{}", it.id, it.begins),
        name: it.code.clone(),
        cells: vec![
            Cell::Link {
                text: it.code,
                href: GroupPage { id: it.id.to_string() }.to_string(),
                sub: Some(it.name),
            },
            Cell::text(texts.of("part", it.part.code())),
            Cell::text(it.unit_name),
            Cell::text(period(texts, it.begins, it.ends)),
            Cell::Chip(dated(texts, it.begins, it.ends, today)),
        ],
    });
    let rows: Vec<Row> = rows.collect();
    let empty = Empty::new("users", texts.t("group-none-yet"), texts.t("group-none-yet-text"));
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "groups", texts.t("nav-groups"), columns, empty)
    };
    let blocks = vec![Block::list(texts.t("nav-groups"), Vec::new(), list)];
    Ok(View::new(drawn(&me, &one, Which::Groups, blocks)))
}

/// Now, still to come, or over.
pub(crate) fn dated(
    texts: Texts,
    begins: jiff::civil::Date,
    ends: Option<jiff::civil::Date>,
    today: jiff::civil::Date,
) -> Chip {
    if today < begins {
        Chip::new(Tone::Info, texts.t("dated-coming"))
    } else if regie_core::day::holds(begins, ends, today) {
        Chip::new(Tone::Ok, texts.t("dated-now"))
    } else {
        Chip::new(Tone::Plain, texts.t("dated-over"))
    }
}

pub(super) async fn needs(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PersonNeeds>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let today = me.caller().today();
    let one = opened(&house, &me, &at.id).await?;
    let found = need::of_person(&house.db, me.caller(), one.id).await.map_err(|error| me.stop(error))?;
    let mut reader = house.db.reader(me.caller().institution);
    let may = regie_access::person(&mut reader, me.caller(), Action::GrantNeeds, one.id).await.is_ok();
    let mut columns = vec![
        Column::new(texts.t("need-what"), Weight::Key),
        Column::new(texts.t("enrolment-period"), Weight::Usual),
        Column::new(texts.t("person-state"), Weight::Main),
    ];
    if may {
        columns.push(Column::new(texts.t("list-do"), Weight::Usual));
    }
    let rows = found.into_iter().map(|it| {
        let name = texts.of("need", it.kind.code()).to_string();
        let mut cells = vec![
            Cell::Two { text: name.clone(), sub: need_page::words(texts, &it) },
            Cell::text(period(texts, it.begins, it.ends)),
            Cell::Chip(need_page::chip(texts, &it, today)),
        ];
        if may {
            let withdraw = WithdrawOf { id: at.id.clone(), need: it.id.to_string() };
            let button = Button::link(texts.t("need-withdraw"), withdraw).quiet().small();
            cells.push(Cell::Buttons(if it.withdrawn_at.is_none() { vec![button] } else { Vec::new() }));
        }
        Row { id: it.id.to_string(), name, cells }
    });
    let rows: Vec<Row> = rows.collect();
    let empty = Empty::new("clock-plus", texts.t("need-none-yet"), texts.t("need-none-yet-text"));
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "needs", texts.t("nav-needs"), columns, empty)
    };
    let acts = match may && one.kind == Kind::Student && one.state == PersonState::Active {
        true => vec![Button::link(texts.t("need-grant"), GrantOf { id: at.id.clone() }).icon("plus")],
        false => Vec::new(),
    };
    let blocks = vec![Block::list(texts.t("nav-needs"), acts, list)];
    Ok(View::new(drawn(&me, &one, Which::Needs, blocks)))
}

pub(super) async fn roles(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PersonRoles>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let today = me.caller().today();
    let one = opened(&house, &me, &at.id).await?;
    let found = role::of_person(&house.db, me.caller(), one.id).await.map_err(|error| me.stop(error))?;
    let held = mandate::of_person(&house.db, me.caller(), one.id).await.map_err(|error| me.stop(error))?;
    let may = me.may(Action::AssignRoles) && me.caller().person != Some(one.id);
    let mut columns = vec![
        Column::new(texts.t("field-role"), Weight::Key),
        Column::new(texts.t("field-scope"), Weight::Usual),
        Column::new(texts.t("enrolment-period"), Weight::Usual),
        Column::new(texts.t("person-state"), Weight::Main),
    ];
    let mandates = crate::mandate::held(&me, held);
    if may {
        columns.push(Column::new(texts.t("list-do"), Weight::Usual));
    }
    let rows = found.into_iter().map(|it| {
        let name = texts.of("role", it.role.code()).to_string();
        let state = match it.withdrawn_at {
            Some(_) => Chip::new(Tone::Plain, texts.t("role-withdrawn")),
            None => dated(texts, it.begins, it.ends, today),
        };
        let mut cells = vec![
            Cell::text(name.clone()),
            Cell::text(it.scope_name.unwrap_or_else(|| texts.t("scope-institution").to_string())),
            Cell::text(period(texts, it.begins, it.ends)),
            Cell::Chip(state),
        ];
        if may {
            let withdraw = RoleWithdraw { id: at.id.clone(), role: it.id.to_string() };
            let button = Button::link(texts.t("role-withdraw"), withdraw).quiet().small();
            cells.push(Cell::Buttons(if it.withdrawn_at.is_none() { vec![button] } else { Vec::new() }));
        }
        Row { id: it.id.to_string(), name, cells }
    });
    let rows: Vec<Row> = rows.collect();
    let empty = Empty::new("shield-check", texts.t("role-none-yet"), texts.t("role-none-yet-text"));
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "roles", texts.t("person-roles"), columns, empty)
    };
    let acts = match may && one.state == PersonState::Active {
        true => vec![Button::link(texts.t("role-assign"), RoleNew { id: at.id.clone() }).icon("plus")],
        false => Vec::new(),
    };
    let mut blocks = vec![Block::list(texts.t("person-roles"), acts, list)];
    if mandates.total > 0 {
        blocks.push(Block::list(texts.t("nav-mandates"), Vec::new(), mandates));
    }
    Ok(View::new(drawn(&me, &one, Which::Roles, blocks)))
}

pub(super) async fn history(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PersonHistory>,
) -> Result<View<DetailView>, Stop> {
    let one = opened(&house, &me, &at.id).await?;
    let lines = person::history(&house.db, me.caller(), one.id).await.map_err(|error| me.stop(error))?;
    let history = history_of(&house, &me, &lines).await?;
    let view = drawn(&me, &one, Which::History, Vec::new());
    Ok(View::new(DetailView { history: Some(history), ..view }))
}
