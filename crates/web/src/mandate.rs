//! Mandates: who may do which task of the committee, and until when.

use crate::error::Error;
use crate::filled::{Filled, units as unit_choices};
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Choice, Column, Empty, Faults, Field, List, Row, Tone, Weight};
use crate::person::PersonRoles;
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{FormView, ListView, period, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::Scope;
use regie_core::id::{MandateId, PersonId, UnitId};
use regie_people::mandate::{self, GiveMandate, Given};
use regie_people::person::{self, Kind};
use regie_people::unit;
use serde::Deserialize;

urls! {
    pub Mandates = "/mandates";
    pub NewMandate = "/mandates/new";
    pub MandateWithdraw { id: String } = "/mandates/{id}/withdraw";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Mandates::at(), list)
        .get(NewMandate::at(), new)
        .post(NewMandate::at(), give)
        .get(MandateWithdraw::at(), ask)
        .post(MandateWithdraw::at(), withdraw)
}

/// Mandates as a list, with or without who holds them.
pub(crate) fn given_list(me: &Me, given: Vec<Given>, with_holder: bool) -> List {
    let texts = me.texts();
    let today = me.caller().today();
    let may = me.may(Action::GiveMandates);
    let mut columns = vec![
        Column::new(texts.t("mandate-task"), Weight::Key),
        Column::new(texts.t("field-scope"), Weight::Usual),
        Column::new(texts.t("enrolment-period"), Weight::Usual),
        Column::new(texts.t("person-state"), Weight::Main),
    ];
    if with_holder {
        columns.insert(1, Column::new(texts.t("field-holder"), Weight::Main));
    }
    if may {
        columns.push(Column::new(texts.t("list-do"), Weight::Usual));
    }
    let rows = given.into_iter().map(|it| {
        let name = texts.of("action", &it.action).to_string();
        let state = match it.withdrawn_at {
            Some(_) => Chip::new(Tone::Plain, texts.t("role-withdrawn")),
            None if today < it.begins => Chip::new(Tone::Info, texts.t("dated-coming")),
            None if it.holds(today) => Chip::new(Tone::Ok, texts.t("dated-now")),
            None => Chip::new(Tone::Plain, texts.t("dated-over")),
        };
        let mut cells = vec![
            Cell::Two { text: name.clone(), sub: it.reason.clone() },
            Cell::text(it.scope_name.clone().unwrap_or_else(|| texts.t("scope-institution").to_string())),
            Cell::text(period(texts, it.begins, Some(it.ends))),
            Cell::Chip(state),
        ];
        if with_holder {
            cells.insert(1, Cell::link(it.holder_name.clone(), PersonRoles { id: it.holder.to_string() }));
        }
        if may {
            let button = Button::link(texts.t("mandate-withdraw"), MandateWithdraw { id: it.id.to_string() });
            let over = it.withdrawn_at.is_some() || it.ends < today;
            cells.push(Cell::Buttons(if over { Vec::new() } else { vec![button.quiet().small()] }));
        }
        Row { id: it.id.to_string(), name, cells }
    });
    let rows: Vec<Row> = rows.collect();
    let empty = Empty::new("shield-check", texts.t("mandate-none"), texts.t("mandate-none-text"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "mandates", texts.t("nav-mandates"), columns, empty)
    }
}

async fn list(State(house): State<House>, me: Me) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let given = mandate::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let first = me
        .may(Action::GiveMandates)
        .then(|| Button::link(texts.t("mandate-give"), NewMandate {}).icon("plus").primary());
    let page = Page::new(me.viewer.clone(), texts.t("nav-mandates"));
    Ok(View::new(ListView::new(page, given_list(&me, given, true)).first(first)))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// Part of the holder's name; without it the form asks for it first.
    #[serde(default)]
    q: String,
}

async fn form(
    house: &House,
    me: &Me,
    asked: &Asked,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let filter = person::Filter {
        text: asked.q.chars().take(100).collect(),
        kind: Some(Kind::Staff),
        size: 1_000,
        ..person::Filter::default()
    };
    let staff = person::list(&house.db, me.caller(), &filter).await.map_err(|error| me.stop(error))?;
    let units = unit::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let mut people = vec![Choice::new("", texts.t("choose-one"))];
    people.extend(staff.lines.into_iter().map(|line| {
        let team = line.unit_name.map(|unit| format!(", {unit}")).unwrap_or_default();
        Choice::new(line.id.to_string(), format!("{}{team}", line.display_name))
    }));
    let mut tasks = vec![Choice::new("", texts.t("choose-one"))];
    if let Some(role) = me.caller().role {
        tasks.extend(
            mandate::possible(role).map(|task| Choice::new(task.code(), texts.of("action", task.code()))),
        );
    }
    let mut places = Vec::new();
    if me.caller().scope == Scope::Institution {
        places.push(Choice::new("", texts.t("scope-institution")));
    }
    places.extend(unit_choices(&units));
    let fields = vec![
        filled.put(Field::select(texts, "holder", texts.t("field-holder"), people)),
        filled.put(
            Field::select(texts, "action", texts.t("mandate-task"), tasks).hint(texts.t("mandate-task-hint")),
        ),
        filled.put(
            Field::select(texts, "scope", texts.t("field-scope"), places)
                .hint(texts.t("scope-hint"))
                .optional(),
        ),
        filled.put(Field::date(texts, "begins", texts.t("field-begins"))),
        filled.put(Field::date(texts, "ends", texts.t("field-ends")).hint(texts.t("mandate-ends-hint"))),
        filled
            .put(Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("question-reason-hint"))),
    ];
    let page =
        Page::new(me.viewer.clone(), texts.t("mandate-give")).under(texts.t("nav-mandates"), Mandates {});
    let action = with_query(&NewMandate {}.to_string(), [("q", asked.q.as_str())]);
    Ok(FormView::new(house, me, page, action, Mandates {}, fields, faults)
        .submit(texts.t("mandate-give"), false))
}

async fn new(State(house): State<House>, me: Me, Query(asked): Query<Asked>) -> Result<View<FormView>, Stop> {
    me.must(Action::GiveMandates)?;
    let filled = Filled::of([("begins", me.caller().today().to_string())]);
    Ok(View::new(form(&house, &me, &asked, &filled, Faults::none(me.texts())).await?))
}

async fn give(
    State(house): State<House>,
    me: Me,
    Query(asked): Query<Asked>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::GiveMandates)?;
    let mut reading = filled.reading(me.texts());
    let holder: Option<PersonId> = reading.chosen("holder");
    let action = reading.code("action", Action::from_code);
    let unit: Option<UnitId> = reading.maybe_chosen("scope");
    let (begins, ends) = (reading.date("begins"), reading.date("ends"));
    let whole =
        holder.zip(action).zip(begins.zip(ends)).map(|((holder, action), (begins, ends))| GiveMandate {
            id: house.new_id(),
            holder,
            action,
            scope: unit.map_or(Scope::Institution, Scope::Unit),
            begins,
            ends,
            reason: filled.text("reason").into(),
        });
    let faults = match reading.end(whole) {
        Ok(input) => match mandate::give(&house.db, &filled.caller(&me), input).await {
            Ok(_) => return Ok(to(Mandates {})),
            Err(error) => fault(me.texts(), error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &asked, &filled, faults).await?).into_response())
}

async fn question(
    house: &House,
    me: &Me,
    at: &MandateWithdraw,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let id: MandateId = at.id.parse().map_err(|_| Error::NotFound)?;
    let all = mandate::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let one = all.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let field = Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("question-reason-hint"));
    let page =
        Page::new(me.viewer.clone(), texts.t("mandate-withdraw")).under(texts.t("nav-mandates"), Mandates {});
    Ok(FormView::new(house, me, page, at, Mandates {}, vec![filled.put(field)], faults)
        .about(format!("{}: {}", one.holder_name, texts.of("action", &one.action)))
        .submit(texts.t("mandate-withdraw"), true))
}

async fn ask(
    State(house): State<House>,
    me: Me,
    Path(at): Path<MandateWithdraw>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::GiveMandates)?;
    Ok(View::new(question(&house, &me, &at, &Filled::default(), Faults::none(me.texts())).await?))
}

async fn withdraw(
    State(house): State<House>,
    me: Me,
    Path(at): Path<MandateWithdraw>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::GiveMandates)?;
    let id: MandateId = at.id.parse().map_err(|_| Error::NotFound)?;
    let faults = match mandate::withdraw(&house.db, &filled.caller(&me), id, filled.text("reason")).await {
        Ok(()) => return Ok(to(Mandates {})),
        Err(error) => fault(me.texts(), error)?,
    };
    Ok(View::invalid(question(&house, &me, &at, &filled, faults).await?).into_response())
}
