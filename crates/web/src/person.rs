//! People: find, see, add and change them. Each tab of a person has an address of its own.

mod enrolment;
mod erase;
mod form;
mod merge;
mod role;
mod tab;

use crate::address::{Address, order, page as page_of};
use crate::error::Error;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Column, Empty, Filter, List, Row, Weight, Wish};
use crate::sheet::{self, Format, Table, cell};
use crate::told::{self, Stop};
use crate::url::Url as _;
use crate::urls;
use crate::view::{ListView, to};
use axum::Form as Sent;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use form::{FormPage, Known, Wanted};
use regie_access::Action;
use regie_core::day::in_school_time;
use regie_core::id::{PersonId, UnitId};
use regie_core::name::list_name;
use regie_core::setting::NAME_ORDER;
use regie_people::person::{self, Filter as Narrowed, Kind, State as PersonState};
use regie_people::{company, unit};
use serde::Deserialize;

pub(crate) use crate::view::entry;
pub use enrolment::{EnrolPerson, EnrolmentEdit};
pub use role::{RoleNew, RoleWithdraw};
pub(crate) use tab::glance;

urls! {
    pub People = "/people";
    pub NewPerson = "/people/new";
    pub ExportPeople = "/people/export";
    pub PersonPage { id: String } = "/people/{id}";
    pub EditPerson { id: String } = "/people/{id}/edit";
    pub PersonEnrolments { id: String } = "/people/{id}/enrolments";
    pub PersonGroups { id: String } = "/people/{id}/groups";
    pub PersonNeeds { id: String } = "/people/{id}/needs";
    pub PersonRoles { id: String } = "/people/{id}/roles";
    pub PersonHistory { id: String } = "/people/{id}/history";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(People::at(), list)
        .get(NewPerson::at(), new)
        .post(NewPerson::at(), add)
        .get(PersonPage::at(), tab::facts)
        .get(PersonEnrolments::at(), tab::enrolments)
        .get(PersonGroups::at(), tab::groups)
        .get(PersonNeeds::at(), tab::needs)
        .get(PersonRoles::at(), tab::roles)
        .get(PersonHistory::at(), tab::history)
        .get(EditPerson::at(), edit)
        .post(EditPerson::at(), save)
        .get(ExportPeople::at(), export)
        .and(merge::door())
        .and(erase::door())
        .and(enrolment::door())
        .and(role::door())
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
    /// Of a file to take away.
    #[serde(default)]
    format: Format,
}

impl Asked {
    fn narrowed(&self) -> Narrowed {
        Narrowed {
            text: self.q.chars().take(100).collect(),
            kind: Kind::from_code(&self.kind),
            unit: self.unit.parse::<UnitId>().ok(),
            state: PersonState::from_code(&self.state).unwrap_or(PersonState::Active),
            by_number: self.sort == "number",
            page: page_of(self.page),
            size: 50,
        }
    }

    fn address(&self) -> Address {
        self.at(People {})
    }

    fn at(&self, place: impl ToString) -> Address {
        Address::new(place)
            .keep("q", &self.q)
            .keep("kind", &self.kind)
            .keep("unit", &self.unit)
            .keep("state", &self.state)
            .keep("sort", &self.sort)
    }
}

async fn list(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let narrowed = asked.narrowed();
    let found = person::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let units = unit::list(&house.db, me.caller()).await.unwrap_or_default();
    let by_number = narrowed.by_number;
    let address = asked.address();
    let columns = vec![
        Column::new(texts.t("person-name"), Weight::Key).sort(order(!by_number), address.with("sort", "")),
        Column::new(texts.t("person-number"), Weight::Main)
            .sort(order(by_number), address.with("sort", "number")),
        Column::new(texts.t("person-kind"), Weight::Usual),
        Column::new(texts.t("person-unit"), Weight::Usual),
        Column::new(texts.t("person-mail"), Weight::Wide),
    ];
    let names = regie_access::setting(&mut house.db.reader(me.caller().institution), &NAME_ORDER).await;
    let family_first = names.is_ok_and(|order| order == "family-first");
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
    let mut active: Vec<_> = address.words().into_iter().collect();
    active.extend(
        narrowed.kind.map(|kind| address.chosen("kind", texts.of("people", kind.code()).to_string())),
    );
    let chosen = units.iter().find(|unit| Some(unit.id) == narrowed.unit);
    active.extend(chosen.map(|unit| address.chosen("unit", unit.name.clone())));
    let empty = Empty::new("users", texts.t("person-none"), texts.t("person-none-text"))
        .action(Button::link(texts.t("person-none-action"), People {}));
    let list = List {
        filter: Some(filter),
        active,
        clear: People {}.to_string(),
        total: found.total,
        rows,
        pager: address.pager(texts, narrowed.page, narrowed.size, found.total),
        exports: if me.may(Action::ExportPeople) {
            sheet::exports(texts, |format| asked.at(ExportPeople {}).keep("format", format.code()).same())
        } else {
            Vec::new()
        },
        ..List::new(texts, "people", texts.t("nav-people"), columns, empty)
    };
    let first = me
        .may(Action::EditPeople)
        .then(|| Button::link(texts.t("person-add"), NewPerson {}).icon("user-plus").primary());
    let page = Page::new(me.viewer.clone(), texts.t("nav-people"));
    Ok(View::new(ListView::new(page, list).first(first)))
}

/// As the school wants names in its lists.
fn shown_name(line: &person::PersonLine, family_first: bool) -> String {
    if family_first {
        list_name(&line.given_name, line.prefix.as_deref(), &line.family_name)
    } else {
        line.display_name.clone()
    }
}

pub(crate) fn id_of(text: &str) -> Result<PersonId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

#[derive(Debug, Default, Deserialize)]
struct From {
    /// Somebody from this company.
    #[serde(default)]
    company: String,
}

async fn new(State(house): State<House>, me: Me, Query(from): Query<From>) -> Result<View<FormPage>, Stop> {
    me.must(Action::EditPeople)?;
    let wanted = Wanted::from_company(from.company);
    Ok(View::new(drawn(&house, &me, &wanted, crate::part::Faults::none(me.texts()), None).await?))
}

/// The form with what can be chosen in it.
async fn drawn(
    house: &House,
    me: &Me,
    wanted: &Wanted,
    faults: crate::part::Faults,
    known: Option<Known<'_>>,
) -> Result<FormPage, Stop> {
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let all = company::Filter { paging: regie_people::Paging::ALL, ..company::Filter::default() };
    let companies = company::list(&house.db, me.caller(), &all).await.map_err(|error| me.stop(error))?;
    Ok(form::draw(me, &units, &companies.lines, wanted, faults, known, house.new_id()))
}

async fn add(State(house): State<House>, me: Me, Sent(wanted): Sent<Wanted>) -> Result<Response, Stop> {
    let texts = me.texts();
    let id: PersonId = house.new_id();
    let caller = wanted.caller(&me);
    let outcome = match wanted.person(texts, id) {
        Ok(person) => match person::add(&house.db, &caller, person).await {
            Ok(id) => return Ok(to(PersonPage { id: id.to_string() })),
            Err(error) => told::fault(texts, error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(drawn(&house, &me, &wanted, outcome, None).await?).into_response())
}

async fn edit(
    State(house): State<House>,
    me: Me,
    Path(at): Path<EditPerson>,
) -> Result<View<FormPage>, Stop> {
    let one = person::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let faults = crate::part::Faults::none(me.texts());
    let known = Known { id: &at.id, name: &one.display_name, version: one.version };
    Ok(View::new(drawn(&house, &me, &Wanted::of(&one), faults, Some(known)).await?))
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
                Ok(id) => return Ok(to(PersonPage { id: id.to_string() })),
                Err(error) => told::fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    // Who was overtaken sees the sentence and keeps what was typed; saving again is then a choice.
    let now = person::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let known = Known { id: &at.id, name: &now.display_name, version: now.version };
    Ok(View::invalid(drawn(&house, &me, &wanted, outcome, Some(known)).await?).into_response())
}

/// The list as it is filtered, as a file; that it left is in the journal.
async fn export(State(house): State<House>, me: Me, Query(asked): Query<Asked>) -> Result<Response, Stop> {
    let texts = me.texts();
    let lines =
        person::export(&house.db, me.caller(), &asked.narrowed()).await.map_err(|error| me.stop(error))?;
    let heads = ["person-name", "person-number", "person-kind", "person-unit", "person-mail"];
    let rows = lines.into_iter().map(|line| {
        let kind = texts.of("person-kind", line.kind.code()).to_string();
        let texts = [line.display_name, line.number.unwrap_or_default(), kind];
        let rest = [line.unit_name.unwrap_or_default(), line.mail.unwrap_or_default()];
        texts.into_iter().chain(rest).map(cell).collect()
    });
    let table = Table {
        title: texts.t("nav-people").to_string(),
        heads: heads.map(|key| texts.stored(key).to_string()).into(),
        rows: rows.collect(),
    };
    let made_at = in_school_time(house.clock.now()).datetime();
    Ok(table.download(texts, asked.format, made_at).await?)
}
