//! Needs: find who has which, grant them and withdraw them.

use crate::address::{Address, page};
use crate::error::Error;
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Cell, Chip, Choice, Column, Empty, Faults, Field, Filter, List, Row, Tone, Weight, Wish};
use crate::person::{People, PersonNeeds, PersonPage};
use crate::told::{Stop, fault};
use crate::url::Url as _;
use crate::urls;
use crate::view::{FormView, ListView, period, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use regie_access::Action;
use regie_core::id::{AssignedNeedId, PersonId};
use regie_core::need::Extra;
use regie_people::need::{self, Filter as Narrowed, GrantNeed, Kind, Need, State as Standing};
use regie_people::{Paging, person, unit};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Needs = "/needs";
    pub GrantOf { id: String } = "/people/{id}/needs/new";
    pub WithdrawOf { id: String, need: String } = "/people/{id}/needs/{need}/withdraw";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Needs::at(), list)
        .get(GrantOf::at(), new)
        .post(GrantOf::at(), grant)
        .get(WithdrawOf::at(), ask)
        .post(WithdrawOf::at(), withdraw)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    state: String,
    page: Option<u32>,
}

/// `30 minuten extra, alleen voor rekenen`.
pub(crate) fn words(texts: Texts, one: &Need) -> String {
    let extra = one.extra();
    let mut parts = Vec::new();
    if extra != Extra::None {
        let text = texts.of("need-extra", extra.kind()).with("amount", i64::from(extra.amount()));
        parts.push(text.to_string());
    }
    if let Some(only) = &one.only_for {
        parts.push(texts.t("need-only-for").with("test", only.clone()).to_string());
    }
    if !one.description.is_empty() {
        parts.push(one.description.clone());
    }
    parts.join(", ")
}

pub(crate) fn chip(texts: Texts, one: &Need, today: Date) -> Chip {
    let state = one.state(today);
    let tone = match state {
        Standing::Valid => Tone::Ok,
        Standing::Expiring => Tone::Warn,
        Standing::Coming => Tone::Info,
        Standing::Expired | Standing::Withdrawn => Tone::Plain,
    };
    Chip::new(tone, texts.of("need-state", state.code()))
}

async fn list(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let today = me.caller().today();
    let state = Standing::from_code(&asked.state).unwrap_or(Standing::Valid);
    let narrowed = Narrowed {
        text: asked.q.chars().take(100).collect(),
        kind: Kind::from_code(&asked.kind),
        unit: asked.unit.parse().ok(),
        state: Some(state),
        paging: Paging { page: page(asked.page), size: 50 },
    };
    let found = need::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let units = unit::list(&house.db, me.caller()).await.unwrap_or_default();
    let address = Address::new(Needs {})
        .keep("q", &asked.q)
        .keep("kind", &asked.kind)
        .keep("unit", &asked.unit)
        .keep("state", &asked.state);
    let columns = vec![
        Column::new(texts.t("person-name"), Weight::Key),
        Column::new(texts.t("need-what"), Weight::Main),
        Column::new(texts.t("person-unit"), Weight::Wide),
        Column::new(texts.t("enrolment-period"), Weight::Usual),
        Column::new(texts.t("person-state"), Weight::Usual),
    ];
    let rows = found.lines.into_iter().map(|line| Row {
        id: line.id.to_string(),
        name: line.person_name.clone(),
        cells: vec![
            Cell::Link {
                text: line.person_name.clone(),
                href: PersonNeeds { id: line.person.to_string() }.to_string(),
                sub: line.number.clone(),
            },
            Cell::Two { text: texts.of("need", line.kind.code()).to_string(), sub: words(texts, &line) },
            Cell::text(line.unit_name.clone().unwrap_or_default()),
            Cell::text(period(texts, line.begins, line.ends)),
            Cell::Chip(chip(texts, &line, today)),
        ],
    });
    let mut kinds = vec![(String::new(), texts.t("need-all").to_string())];
    kinds.extend(Kind::ALL.map(|kind| (kind.code().to_owned(), texts.of("need", kind.code()).to_string())));
    let mut places = vec![(String::new(), texts.t("person-unit-all").to_string())];
    places.extend(units.iter().map(|unit| (unit.id.to_string(), unit.name.clone())));
    let states = Standing::ALL.map(|state| {
        (state.code().to_owned(), texts.of("need-state", state.code()).to_string().to_lowercase())
    });
    let choose = |name: &str, label: &'static str, options, chosen: &str| Wish::Choose {
        name: name.into(),
        label: texts.t(label).to_string(),
        options,
        chosen: chosen.into(),
    };
    let filter = Filter {
        action: Needs {}.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            choose("kind", "need-what", kinds, &asked.kind),
            Wish::Words(texts.t("filter-of").to_string()),
            choose("unit", "person-unit", places, &asked.unit),
            choose("state", "person-state", states.into(), state.code()),
            Wish::Words(texts.t("filter-of-whom").to_string()),
            Wish::Search {
                name: "q".into(),
                label: texts.t("filter-search").to_string(),
                value: asked.q.clone(),
            },
        ],
    };
    let mut active: Vec<_> = address.words().into_iter().collect();
    active
        .extend(narrowed.kind.map(|kind| address.chosen("kind", texts.of("need", kind.code()).to_string())));
    let chosen = units.iter().find(|unit| Some(unit.id) == narrowed.unit);
    active.extend(chosen.map(|unit| address.chosen("unit", unit.name.clone())));
    let empty = Empty::new("clock-plus", texts.t("need-none"), texts.t("list-none-text"));
    let list = List {
        filter: Some(filter),
        active,
        clear: Needs {}.to_string(),
        total: found.total,
        rows: rows.collect(),
        pager: address.pager(texts, narrowed.paging.page, narrowed.paging.size, found.total),
        ..List::new(texts, "needs", texts.t("nav-needs"), columns, empty)
    };
    Ok(View::new(ListView::new(Page::new(me.viewer.clone(), texts.t("nav-needs")), list)))
}

fn person_of(text: &str) -> Result<PersonId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

/// By one's own role or by mandate; who may not is told before filling anything in.
async fn may_grant(house: &House, me: &Me, id: PersonId) -> Result<(), Stop> {
    let mut reader = house.db.reader(me.caller().institution);
    let asked = regie_access::person(&mut reader, me.caller(), Action::GrantNeeds, id).await;
    asked.map(drop).map_err(|refusal| me.stop(refusal))
}

fn under(me: &Me, title: String, person: &person::Person) -> Page {
    let texts = me.texts();
    Page::new(me.viewer.clone(), title)
        .under(texts.t("nav-people"), People {})
        .under(person.display_name.clone(), PersonPage { id: person.id.to_string() })
}

async fn form(
    house: &House,
    me: &Me,
    at: &GrantOf,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let who =
        person::see(&house.db, me.caller(), person_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let kinds = Kind::ALL.map(|kind| Choice::new(kind.code(), texts.of("need", kind.code())));
    let extras = ["none", "minutes", "percent", "unlimited"]
        .map(|extra| Choice::new(extra, texts.of("need-extra-of", extra)));
    let fields = vec![
        filled.put(Field::radios(texts, "kind", texts.t("need-what"), kinds.into())),
        filled.put(
            Field::radios(texts, "extra", texts.t("need-extra"), extras.into())
                .hint(texts.t("need-extra-hint")),
        ),
        filled.put(Field::number(texts, "amount", texts.t("need-amount")).optional()),
        filled.put(
            Field::text(texts, "only_for", texts.t("field-only_for"))
                .hint(texts.t("need-only-for-hint"))
                .optional(),
        ),
        filled.put(
            Field::area(texts, "description", texts.t("field-description"))
                .hint(texts.t("need-description-hint"))
                .optional(),
        ),
        filled.put(Field::date(texts, "begins", texts.t("field-begins"))),
        filled.put(Field::date(texts, "ends", texts.t("field-ends")).hint(texts.t("ends-hint")).optional()),
        filled.put(
            Field::text(texts, "reason", texts.t("field-reason"))
                .hint(texts.t("question-reason-hint"))
                .optional(),
        ),
    ];
    let page = under(me, texts.t("need-grant").to_string(), &who);
    let back = PersonNeeds { id: at.id.clone() };
    Ok(FormView::new(house, me, page, at, back, fields, faults)
        .about(who.display_name)
        .submit(texts.t("need-grant"), false))
}

fn read(texts: Texts, filled: &Filled, id: AssignedNeedId, person: PersonId) -> Result<GrantNeed, Faults> {
    let mut reading = filled.reading(texts);
    let kind = reading.code("kind", Kind::from_code);
    let extra = match filled.text("extra") {
        "minutes" => reading.number("amount").map(Extra::Minutes),
        "percent" => reading.number("amount").map(Extra::Percent),
        "unlimited" => Some(Extra::Unlimited),
        _ => Some(Extra::None),
    };
    let (begins, ends) = (reading.date("begins"), reading.maybe_date("ends"));
    let whole = kind.zip(extra).zip(begins).map(|((kind, extra), begins)| GrantNeed {
        id,
        person,
        kind,
        description: filled.maybe("description"),
        extra,
        only_for: filled.maybe("only_for"),
        begins,
        ends,
        reason: filled.maybe("reason"),
    });
    reading.end(whole)
}

async fn new(State(house): State<House>, me: Me, Path(at): Path<GrantOf>) -> Result<View<FormView>, Stop> {
    may_grant(&house, &me, person_of(&at.id)?).await?;
    let filled = Filled::of([
        ("kind", Kind::ExtraTime.code().into()),
        ("extra", "minutes".into()),
        ("amount", "30".into()),
        ("begins", me.caller().today().to_string()),
    ]);
    Ok(View::new(form(&house, &me, &at, &filled, Faults::none(me.texts())).await?))
}

async fn grant(
    State(house): State<House>,
    me: Me,
    Path(at): Path<GrantOf>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let person = person_of(&at.id)?;
    may_grant(&house, &me, person).await?;
    let faults = match read(texts, &filled, house.new_id(), person) {
        Ok(input) => match need::grant(&house.db, &filled.caller(&me), input).await {
            Ok(_) => return Ok(to(PersonNeeds { id: at.id })),
            Err(error) => fault(texts, error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &at, &filled, faults).await?).into_response())
}

async fn question(
    house: &House,
    me: &Me,
    at: &WithdrawOf,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let person = person_of(&at.id)?;
    may_grant(house, me, person).await?;
    let id: AssignedNeedId = at.need.parse().map_err(|_| Error::NotFound)?;
    let all = need::of_person(&house.db, me.caller(), person).await.map_err(|error| me.stop(error))?;
    let one = all.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let who = person::see(&house.db, me.caller(), person).await.map_err(|error| me.stop(error))?;
    let field = Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("question-reason-hint"));
    let page = under(me, texts.t("need-withdraw").to_string(), &who);
    let back = PersonNeeds { id: at.id.clone() };
    let what = format!("{}: {} {}", who.display_name, texts.of("need", one.kind.code()), words(texts, &one));
    Ok(FormView::new(house, me, page, at, back, vec![filled.put(field)], faults)
        .about(what)
        .submit(texts.t("need-withdraw"), true))
}

async fn ask(State(house): State<House>, me: Me, Path(at): Path<WithdrawOf>) -> Result<View<FormView>, Stop> {
    Ok(View::new(question(&house, &me, &at, &Filled::default(), Faults::none(me.texts())).await?))
}

async fn withdraw(
    State(house): State<House>,
    me: Me,
    Path(at): Path<WithdrawOf>,
    filled: Filled,
) -> Result<Response, Stop> {
    let id: AssignedNeedId = at.need.parse().map_err(|_| Error::NotFound)?;
    let faults = match need::withdraw(&house.db, &filled.caller(&me), id, filled.text("reason")).await {
        Ok(()) => return Ok(to(PersonNeeds { id: at.id })),
        Err(error) => fault(me.texts(), error)?,
    };
    Ok(View::invalid(question(&house, &me, &at, &filled, faults).await?).into_response())
}
