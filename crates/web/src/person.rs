//! People: find, see, add and change them.

mod form;

use crate::error::Error;
use crate::house::House;
use crate::journal::words;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    ActiveFilter, Button, Cell, Change, Chip, Column, Empty, Fact, Facts, Filter, History, HistoryEntry,
    List, Notice, Pager, Row, Sort, Tone, Weight, Wish,
};
use crate::told::{self, Stop};
use crate::url::{Url as _, with_query};
use crate::urls;
use askama::Template;
use axum::Form as Sent;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use form::{FormPage, Known, Wanted};
use regie_access::Action;
use regie_core::Caller;
use regie_core::day::in_school_time;
use regie_core::id::{PersonId, UnitId};
use regie_core::name::list_name;
use regie_core::setting::NAME_ORDER;
use regie_people::person::{self, Filter as Narrowed, IdCheck, Kind, Person, State as PersonState};
use regie_people::unit;
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub People = "/people";
    pub NewPerson = "/people/new";
    pub PersonPage { id: String } = "/people/{id}";
    pub EditPerson { id: String } = "/people/{id}/edit";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(People::at(), list)
        .get(NewPerson::at(), new)
        .post(NewPerson::at(), add)
        .get(PersonPage::at(), show)
        .get(EditPerson::at(), edit)
        .post(EditPerson::at(), save)
}

#[derive(Debug, Default, Clone, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    page: Option<u32>,
}

impl Asked {
    fn narrowed(&self) -> Narrowed {
        Narrowed {
            text: self.q.chars().take(100).collect(),
            kind: Kind::from_code(&self.kind),
            unit: self.unit.parse::<UnitId>().ok(),
            state: PersonState::from_code(&self.state).unwrap_or(PersonState::Active),
            by_number: self.sort == "number",
            page: self.page.unwrap_or(1).clamp(1, 100_000),
            size: 50,
        }
    }

    /// The same list with one thing different, from its first page.
    fn href(&self, name: &str, value: &str) -> String {
        let own = [
            ("q", &self.q),
            ("kind", &self.kind),
            ("unit", &self.unit),
            ("state", &self.state),
            ("sort", &self.sort),
        ];
        let pairs: Vec<(&str, &str)> = own
            .iter()
            .map(|(key, kept)| (*key, if *key == name { value } else { kept.as_str() }))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        with_query(&People {}.to_string(), pairs)
    }
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

async fn list(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<ListPage>, Stop> {
    let texts = me.texts();
    let narrowed = asked.narrowed();
    let found = person::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let units = unit::list(&house.db, me.caller()).await.unwrap_or_default();
    let by_number = narrowed.by_number;
    let order = |on: bool| if on { Sort::Up } else { Sort::Not };
    let columns = vec![
        Column::new(texts.t("person-name"), Weight::Key).sort(order(!by_number), asked.href("sort", "")),
        Column::new(texts.t("person-number"), Weight::Main)
            .sort(order(by_number), asked.href("sort", "number")),
        Column::new(texts.t("person-kind"), Weight::Usual),
        Column::new(texts.t("person-unit"), Weight::Usual),
        Column::new(texts.t("person-mail"), Weight::Wide),
    ];
    let order = regie_access::setting(&mut house.db.reader(me.caller().institution), &NAME_ORDER).await;
    let family_first = order.is_ok_and(|order| order == "family-first");
    let rows = found
        .lines
        .into_iter()
        .map(|line| Row {
            id: line.id.to_string(),
            name: line.display_name.clone(),
            cells: vec![
                Cell::link(shown_name(&line, family_first), PersonPage { id: line.id.to_string() }),
                Cell::text(line.number.unwrap_or_default()),
                Cell::text(texts.of("person-kind", line.kind.code())),
                Cell::text(line.unit_name.unwrap_or_default()),
                Cell::text(line.mail.unwrap_or_default()),
            ],
        })
        .collect();
    let mut kinds = vec![(String::new(), texts.t("person-kind-all").to_string())];
    kinds
        .extend(Kind::ALL.map(|kind| {
            (kind.code().to_owned(), texts.of("people", kind.code()).to_string().to_lowercase())
        }));
    let mut places = vec![(String::new(), texts.t("person-unit-all").to_string())];
    places.extend(units.iter().map(|unit| (unit.id.to_string(), unit.name.clone())));
    let states = [PersonState::Active, PersonState::Inactive].map(|state| {
        (state.code().to_owned(), texts.of("person-state", state.code()).to_string().to_lowercase())
    });
    let filter = Filter {
        action: People {}.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            Wish::Choose {
                name: "kind".into(),
                label: texts.t("person-kind").to_string(),
                options: kinds,
                chosen: asked.kind.clone(),
            },
            Wish::Words(texts.t("filter-of").to_string()),
            Wish::Choose {
                name: "unit".into(),
                label: texts.t("person-unit").to_string(),
                options: places,
                chosen: asked.unit.clone(),
            },
            Wish::Words(texts.t("filter-that-are").to_string()),
            Wish::Choose {
                name: "state".into(),
                label: texts.t("person-state").to_string(),
                options: states.into(),
                chosen: narrowed.state.code().into(),
            },
            Wish::Words(texts.t("filter-with").to_string()),
            Wish::Search {
                name: "q".into(),
                label: texts.t("filter-search").to_string(),
                value: asked.q.clone(),
            },
            Wish::Keep { name: "sort".into(), value: asked.sort.clone() },
        ],
    };
    let mut active = Vec::new();
    if !asked.q.is_empty() {
        active.push(ActiveFilter { label: format!("“{}”", asked.q), without: asked.href("q", "") });
    }
    if let Some(kind) = narrowed.kind {
        active.push(ActiveFilter {
            label: texts.of("people", kind.code()).to_string(),
            without: asked.href("kind", ""),
        });
    }
    if let Some(unit) = units.iter().find(|unit| Some(unit.id) == narrowed.unit) {
        active.push(ActiveFilter { label: unit.name.clone(), without: asked.href("unit", "") });
    }
    let pages = found.total.div_ceil(u64::from(narrowed.size)).max(1);
    let glue = if asked.href("", "").contains('?') { '&' } else { '?' };
    let pattern = format!("{}{glue}page={{page}}", asked.href("", ""));
    let pager = (pages > 1).then(|| Pager::new(texts, narrowed.page.into(), pages, &pattern));
    let empty = Empty {
        icon: "users",
        title: texts.t("person-none").to_string(),
        text: texts.t("person-none-text").to_string(),
        actions: vec![Button::link(texts.t("person-none-action"), People {})],
    };
    let list = List {
        filter: Some(filter),
        active,
        clear: People {}.to_string(),
        total: found.total,
        rows,
        pager,
        ..List::new(texts, "people", texts.t("nav-people"), columns, empty)
    };
    let first = me
        .may(Action::EditPeople)
        .then(|| Button::link(texts.t("person-add"), NewPerson {}).icon("user-plus").primary());
    let page = Page::new(me.viewer.clone(), texts.t("nav-people"));
    Ok(View::new(ListPage { page, acts: Vec::new(), first, notice: None, list }))
}

/// As the school wants names in its lists.
fn shown_name(line: &person::PersonLine, family_first: bool) -> String {
    if family_first {
        list_name(&line.given_name, line.prefix.as_deref(), &line.family_name)
    } else {
        line.display_name.clone()
    }
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

fn id_of(text: &str) -> Result<PersonId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PersonPage>,
) -> Result<View<DetailPage>, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    let stop = |error| me.stop(error);
    let one = person::see(&house.db, me.caller(), id).await.map_err(stop)?;
    let history = person::history(&house.db, me.caller(), id).await.map_err(stop)?;
    let roles = regie_people::role::of_person(&house.db, me.caller(), id).await.unwrap_or_default();
    let today = me.caller().today();
    let role_facts = roles
        .into_iter()
        .map(|held| {
            let now = held.withdrawn_at.is_none() && regie_core::day::holds(held.begins, held.ends, today);
            let until = held.ends.map_or_else(
                || texts.t("role-since").with("begins", texts.date(held.begins)).to_string(),
                |ends| {
                    texts
                        .t("role-between")
                        .with("begins", texts.date(held.begins))
                        .with("ends", texts.date(ends))
                        .to_string()
                },
            );
            let place = held.scope_name.map(|scope| format!("{scope}, ")).unwrap_or_default();
            let tone = if now { Tone::Ok } else { Tone::Plain };
            let word = if now { texts.t("role-now") } else { texts.t("role-not-now") };
            Fact::new(texts.of("role", held.role.code()), format!("{place}{until}"))
                .chip(Chip::new(tone, word))
        })
        .collect::<Vec<_>>();
    let mut sections = vec![(texts.t("person-facts").to_string(), Facts { facts: facts(texts, &one) })];
    if !role_facts.is_empty() {
        sections.push((texts.t("person-roles").to_string(), Facts { facts: role_facts }));
    }
    let tone = if one.state == PersonState::Active { Tone::Ok } else { Tone::Plain };
    let first = me.may(Action::EditPeople).then(|| {
        Button::link(texts.t("person-edit"), EditPerson { id: at.id.clone() }).icon("pencil").primary()
    });
    let page = Page::new(me.viewer.clone(), one.display_name.clone()).under(texts.t("nav-people"), People {});
    Ok(View::new(DetailPage {
        chip: Some(Chip::new(tone, texts.of("person-state", one.state.code()))),
        acts: Vec::new(),
        first,
        notice: None,
        sections,
        history: History {
            texts,
            title: texts.t("history-title").to_string(),
            entries: history.iter().map(|line| entry(texts, line, me.caller())).collect(),
            more: None,
        },
        page,
    }))
}

fn facts(texts: Texts, one: &Person) -> Vec<Fact> {
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

pub(crate) fn entry(texts: Texts, line: &regie_people::journal::Entry, caller: &Caller) -> HistoryEntry {
    let at = in_school_time(line.recorded_at);
    let (old, new) = line.values().unwrap_or_default();
    let shown = |value: Option<&serde_json::Value>| match value {
        None | Some(serde_json::Value::Null) => "–".to_owned(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let changes = match (old.as_object(), new.as_object()) {
        (Some(old), Some(new)) => new
            .iter()
            .filter(|(key, value)| old.get(*key) != Some(value))
            .map(|(key, value)| Change {
                name: texts.of("journal-field", key).to_string(),
                old: shown(old.get(key)),
                new: shown(Some(value)),
            })
            .collect(),
        _ => Vec::new(),
    };
    let role = line.role.as_deref().map(|role| texts.of("role", role).to_string());
    let who = match (line.person, role) {
        (Some(person), _) if Some(person) == caller.person => texts.t("history-you").to_string(),
        (_, Some(role)) => role,
        _ => texts.t("journal-system").to_string(),
    };
    HistoryEntry {
        icon: "history",
        what: words(texts, &line.action),
        who,
        when: texts.moment(at.datetime()),
        machine: line.recorded_at.to_string(),
        why: line.reason.clone(),
        changes,
    }
}

async fn new(State(house): State<House>, me: Me) -> Result<View<FormPage>, Stop> {
    if !me.may(Action::EditPeople) {
        // Nobody fills in a form that will be refused.
        let role = me.caller().role;
        return Err(me.stop(regie_access::Refusal::NotInRole { action: Action::EditPeople, role }));
    }
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    Ok(View::new(form::draw(
        &me,
        &units,
        &Wanted::default(),
        crate::part::Faults::none(me.texts()),
        None,
        house.new_id(),
    )))
}

async fn add(State(house): State<House>, me: Me, Sent(wanted): Sent<Wanted>) -> Result<Response, Stop> {
    let texts = me.texts();
    let id: PersonId = house.new_id();
    let caller = wanted.caller(&me);
    let outcome = match wanted.person(texts, id) {
        Ok(person) => match person::add(&house.db, &caller, person).await {
            Ok(id) => return Ok(Redirect::to(&PersonPage { id: id.to_string() }.to_string()).into_response()),
            Err(error) => told::fault(texts, error)?,
        },
        Err(faults) => faults,
    };
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    Ok(View::invalid(form::draw(&me, &units, &wanted, outcome, None, house.new_id())).into_response())
}

async fn edit(
    State(house): State<House>,
    me: Me,
    Path(at): Path<EditPerson>,
) -> Result<View<FormPage>, Stop> {
    let one = person::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let faults = crate::part::Faults::none(me.texts());
    let known = Known { id: &at.id, name: &one.display_name, version: one.version };
    Ok(View::new(form::draw(&me, &units, &Wanted::of(&one), faults, Some(known), house.new_id())))
}

#[derive(Debug, Deserialize)]
struct Shown {
    version: i64,
}

async fn save(
    State(house): State<House>,
    me: Me,
    Path(at): Path<EditPerson>,
    Query(shown): Query<Shown>,
    Sent(wanted): Sent<Wanted>,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    let caller = wanted.caller(&me);
    let outcome = match wanted.person(texts, id) {
        Ok(person) => {
            let input = person::EditPerson { person, version: shown.version, active: wanted.active() };
            match person::edit(&house.db, &caller, input).await {
                Ok(id) => {
                    return Ok(Redirect::to(&PersonPage { id: id.to_string() }.to_string()).into_response());
                }
                Err(error) => told::fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    // Who was overtaken sees the sentence and keeps what was typed; saving again is then a choice.
    let now = person::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let known = Known { id: &at.id, name: &now.display_name, version: now.version };
    Ok(View::invalid(form::draw(&me, &units, &wanted, outcome, Some(known), house.new_id())).into_response())
}
