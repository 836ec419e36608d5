//! The board's consent to own construction: asked by the committee, answered by the board.

use super::{dash, id_of};
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Cell, Chip, Choice, Column, Empty, Faults, Field, List, Row, Tone, Weight};
use crate::record::Shown;
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{FormView, ListView, period, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_catalog::consent::{self, Answer, Ask, Consent, State as Stage};
use regie_core::id::ConsentId;

urls! {
    pub Construction = "/construction";
    pub NewConsent = "/construction/new";
    pub ConsentAnswer { id: String } = "/construction/{id}/answer";
}

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Construction::at(), construction)
        .get(NewConsent::at(), new_consent)
        .post(NewConsent::at(), ask_consent)
        .get(ConsentAnswer::at(), ask_answer)
        .post(ConsentAnswer::at(), answer)
}

async fn construction(State(house): State<House>, me: Me) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let found = consent::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let may = me.may(Action::ConsentConstruction);
    let rows: Vec<Row> = found
        .into_iter()
        .map(|one| {
            let tone = match one.state {
                Stage::Asked => Tone::Now,
                Stage::Given => Tone::Ok,
                Stage::Refused => Tone::Danger,
                Stage::Withdrawn => Tone::Warn,
            };
            let open = matches!(one.state, Stage::Asked | Stage::Given);
            let sub = texts.t("consent-asked-by").with("name", dash(one.asked_name)).to_string();
            let title = match may && open {
                true => Cell::Link {
                    text: one.title.clone(),
                    href: ConsentAnswer { id: one.id.to_string() }.to_string(),
                    sub: Some(sub),
                },
                false => Cell::Two { text: one.title.clone(), sub },
            };
            Row {
                id: one.id.to_string(),
                name: one.title,
                cells: vec![
                    title,
                    Cell::Chip(Chip::new(tone, texts.of("consent-state", one.state.code()))),
                    Cell::text(period(texts, one.begins, Some(one.ends))),
                    Cell::text(one.answer.unwrap_or(one.grounds)),
                ],
            }
        })
        .collect();
    let columns = vec![
        Column::new(texts.t("consent-title"), Weight::Key),
        Column::new(texts.t("version-stage"), Weight::Main),
        Column::new(texts.t("version-valid"), Weight::Usual),
        Column::new(texts.t("decision-grounds"), Weight::Wide),
    ];
    let empty = Empty::new("award", texts.t("consent-none"), texts.t("consent-none-text"));
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "construction", texts.t("nav-construction"), columns, empty)
    };
    let add = me.may(Action::AskConstruction).then(|| ("consent-ask", NewConsent {}.to_string()));
    Ok(super::register::listed(&me, "nav-construction", list, add))
}

fn consent_form(house: &House, me: &Me, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let fields = [
        Field::text(texts, "title", texts.t("consent-title")),
        Field::area(texts, "grounds", texts.t("decision-grounds")),
        Field::date(texts, "begins", texts.t("field-begins")),
        Field::date(texts, "ends", texts.t("field-ends")),
    ]
    .into_iter()
    .map(|field| filled.put(field))
    .collect();
    let page = Page::new(me.viewer.clone(), texts.t("consent-ask"))
        .under(texts.t("nav-construction"), Construction {});
    FormView::new(house, me, page, NewConsent {}, Construction {}, fields, faults)
        .about(texts.t("consent-ask-text"))
}

async fn new_consent(State(house): State<House>, me: Me) -> Result<View<FormView>, Stop> {
    me.must(Action::AskConstruction)?;
    Ok(View::new(consent_form(&house, &me, &Filled::default(), Faults::none(me.texts()))))
}

async fn ask_consent(State(house): State<House>, me: Me, filled: Filled) -> Result<Response, Stop> {
    me.must(Action::AskConstruction)?;
    let mut reading = filled.reading(me.texts());
    let days = reading.date("begins").zip(reading.date("ends"));
    let faults = match reading.end(days) {
        Ok((begins, ends)) => {
            let (title, grounds) = (filled.text("title").into(), filled.text("grounds").into());
            let input = Ask { id: house.new_id(), title, grounds, begins, ends };
            match consent::ask(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(Construction {})),
                Err(error) => fault(me.texts(), error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(consent_form(&house, &me, &filled, faults)).into_response())
}

async fn consent_of(house: &House, me: &Me, id: &str) -> Result<Consent, Stop> {
    me.must(Action::ConsentConstruction)?;
    let id: ConsentId = id_of(id)?;
    let found = consent::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    Ok(found.into_iter().find(|one| one.id == id).ok_or(crate::error::Error::NotFound)?)
}

fn answer_form(house: &House, me: &Me, one: &Consent, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let outcomes: &[Stage] = match one.state {
        Stage::Given => &[Stage::Withdrawn],
        _ => &[Stage::Given, Stage::Refused],
    };
    let all =
        outcomes.iter().map(|it| Choice::new(it.code(), texts.of("consent-answer", it.code()))).collect();
    let fields = vec![
        filled.put(Field::radios(texts, "state", texts.t("consent-answer"), all)),
        filled.put(Field::area(texts, "answer", texts.t("decision-grounds"))),
    ];
    let page =
        Page::new(me.viewer.clone(), one.title.clone()).under(texts.t("nav-construction"), Construction {});
    let version = one.version.to_string();
    let url = ConsentAnswer { id: one.id.to_string() }.to_string();
    let action = with_query(&url, [("version", version.as_str())]);
    FormView::new(house, me, page, action, Construction {}, fields, faults).about(one.grounds.clone())
}

async fn ask_answer(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ConsentAnswer>,
) -> Result<View<FormView>, Stop> {
    let one = consent_of(&house, &me, &at.id).await?;
    Ok(View::new(answer_form(&house, &me, &one, &Filled::default(), Faults::none(me.texts()))))
}

async fn answer(
    State(house): State<House>,
    me: Me,
    Path(at): Path<ConsentAnswer>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    let one = consent_of(&house, &me, &at.id).await?;
    let mut reading = filled.reading(me.texts());
    let state = reading.code("state", Stage::from_code);
    let faults = match reading.end(state) {
        Ok(state) => {
            let answer = filled.text("answer").into();
            let (id, version) = (one.id, shown.version);
            let input = Answer { id, version, state, answer, decision: house.new_id() };
            match consent::answer(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(Construction {})),
                Err(error) => fault(me.texts(), error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(answer_form(&house, &me, &one, &filled, faults)).into_response())
}
