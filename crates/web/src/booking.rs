//! Seats: choosing one, moving to another, giving it back. For students, their teachers and the exam office alike.

use crate::error::Error;
use crate::exam::{MyExams, PersonExams};
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Notice};
use crate::part::{Cell, Chip, Choice, Column, Empty, Faults, Field, List, Row, Tone, Weight};
use crate::session::when;
use crate::told::{Stop, fault};
use crate::url::Url as _;
use crate::urls;
use crate::view::{FormView, to};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::day::in_school_time;
use regie_core::id::{BookingId, PersonId, RegistrationId, SessionId};
use regie_planning::booking::{self, Book, Booking, State as Step};
use regie_planning::registration::{self, Registration};
use regie_planning::session::Session;
use regie_texts::Texts;

urls! {
    pub Seats { id: String } = "/registrations/{id}/seats";
    pub GiveBack { id: String } = "/bookings/{id}/cancel";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Seats::at(), choose)
        .post(Seats::at(), take)
        .get(GiveBack::at(), ask)
        .post(GiveBack::at(), give_back)
}

/// The seats of one student, with a way to give them back.
pub(crate) fn seat_list(texts: Texts, found: Vec<Booking>, may: bool) -> List {
    let mut columns = vec![
        Column::new(texts.t("demand-test"), Weight::Key),
        Column::new(texts.t("session-when"), Weight::Main),
        Column::new(texts.t("session-where"), Weight::Usual),
        Column::new(texts.t("person-state"), Weight::Wide),
    ];
    if may {
        columns.push(Column::new(texts.t("list-do"), Weight::Usual));
    }
    let rows = found.into_iter().map(|one| {
        let (from, until) = (in_school_time(one.starts_at), in_school_time(one.ends_at));
        let tone = if one.state == Step::Confirmed { Tone::Ok } else { Tone::Plain };
        let mut cells = vec![
            Cell::text(one.test_name.clone()),
            Cell::Two { text: texts.day(from.date()), sub: texts.times(from.time(), until.time()) },
            Cell::Two { text: one.room_code.clone(), sub: one.campus_name.clone() },
            Cell::Chip(Chip::new(tone, texts.of("booking-state", one.state.code()))),
        ];
        if may {
            let button = Button::link(texts.t("booking-cancel"), GiveBack { id: one.id.to_string() });
            let kept = one.state == Step::Confirmed;
            cells.push(Cell::Buttons(if kept { vec![button.quiet().small()] } else { Vec::new() }));
        }
        Row { id: one.id.to_string(), name: one.test_name, cells }
    });
    let rows: Vec<Row> = rows.collect();
    let empty = Empty::new("map-pin", texts.t("booking-none"), texts.t("booking-none-text"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "seats", texts.t("booking-title"), columns, empty)
    }
}

/// Where somebody goes back to: their own exams, or those of the student they work for.
fn back(me: &Me, person: PersonId) -> String {
    match me.caller().person == Some(person) {
        true => MyExams {}.to_string(),
        false => PersonExams { id: person.to_string() }.to_string(),
    }
}

async fn wish(house: &House, me: &Me, id: &str) -> Result<(Registration, Vec<Session>), Stop> {
    let id: RegistrationId = id.parse().map_err(|_| Error::NotFound)?;
    let one = registration::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let all = booking::possible(&house.db, me.caller(), one.person).await.map_err(|error| me.stop(error))?;
    let sittings = all.into_iter().find(|(wanted, _)| *wanted == id).map(|(_, found)| found);
    Ok((one, sittings.unwrap_or_default()))
}

async fn form(house: &House, me: &Me, id: &str, filled: &Filled, faults: Faults) -> Result<FormView, Stop> {
    let texts = me.texts();
    let (one, sittings) = wish(house, me, id).await?;
    let choices: Vec<Choice> = sittings
        .iter()
        .map(|it| {
            let free = it.seats.saturating_sub(it.taken);
            let words = texts.t("booking-free").with("count", i64::from(free)).to_string();
            let tone = if free == 0 { Tone::Plain } else { Tone::Ok };
            let choice = Choice::new(it.id.to_string(), when(texts, it))
                .note(format!("{}, {}", it.room_code, it.campus_name))
                .chip(Chip::new(tone, words));
            if free == 0 { choice.disabled() } else { choice }
        })
        .collect();
    let none = choices.is_empty();
    let fields = match none {
        true => Vec::new(),
        false => vec![filled.put(Field::cards(texts, "session", texts.t("booking-choose"), choices))],
    };
    let back = back(me, one.person);
    let page =
        Page::new(me.viewer.clone(), texts.t("booking-choose")).under(texts.t("booking-title"), back.clone());
    let mut view = FormView::new(house, me, page, Seats { id: id.to_owned() }, back, fields, faults)
        .about(format!("{} · {}", one.test_name, one.person_name))
        .submit(texts.t("booking-take"), false);
    if none {
        view.notice = Some(Notice::new(Tone::Info, texts.t("booking-none-text")));
    }
    Ok(view)
}

async fn choose(State(house): State<House>, me: Me, Path(at): Path<Seats>) -> Result<View<FormView>, Stop> {
    me.must(Action::BookStudents)?;
    Ok(View::new(form(&house, &me, &at.id, &Filled::default(), Faults::none(me.texts())).await?))
}

async fn take(
    State(house): State<House>,
    me: Me,
    Path(at): Path<Seats>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::BookStudents)?;
    let (one, _) = wish(&house, &me, &at.id).await?;
    let mut reading = filled.reading(me.texts());
    let session: Option<SessionId> = reading.chosen("session");
    let faults = match reading.end(session) {
        Ok(session) => {
            let held = booking::of_person(&house.db, me.caller(), one.person).await;
            let held = held.map_err(|error| me.stop(error))?;
            let instead_of = held
                .iter()
                .find(|it| it.registration == one.id && it.state == Step::Confirmed)
                .map(|it| it.id);
            let input = Book { id: house.new_id(), session, person: one.person, instead_of };
            match booking::book(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(back(&me, one.person))),
                Err(error) => fault(me.texts(), error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &at.id, &filled, faults).await?).into_response())
}

async fn held(house: &House, me: &Me, id: &str) -> Result<Booking, Stop> {
    let id: BookingId = id.parse().map_err(|_| Error::NotFound)?;
    booking::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))
}

fn giving(house: &House, me: &Me, one: &Booking, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let back = back(me, one.person);
    let field = Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("booking-cancel-hint"));
    let page =
        Page::new(me.viewer.clone(), texts.t("booking-cancel")).under(texts.t("booking-title"), back.clone());
    let at = GiveBack { id: one.id.to_string() };
    FormView::new(house, me, page, at, back, vec![filled.put(field.optional())], faults)
        .about(format!(
            "{} · {} · {}",
            one.test_name,
            one.room_code,
            crate::period::moment(texts, one.starts_at)
        ))
        .submit(texts.t("booking-cancel"), true)
}

async fn ask(State(house): State<House>, me: Me, Path(at): Path<GiveBack>) -> Result<View<FormView>, Stop> {
    me.must(Action::BookStudents)?;
    let one = held(&house, &me, &at.id).await?;
    Ok(View::new(giving(&house, &me, &one, &Filled::default(), Faults::none(me.texts()))))
}

async fn give_back(
    State(house): State<House>,
    me: Me,
    Path(at): Path<GiveBack>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::BookStudents)?;
    let one = held(&house, &me, &at.id).await?;
    let reason = filled.maybe("reason");
    match booking::cancel(&house.db, &filled.caller(&me), one.id, reason.as_deref()).await {
        Ok(()) => Ok(to(back(&me, one.person))),
        Err(error) => {
            let faults = fault(me.texts(), error)?;
            Ok(View::invalid(giving(&house, &me, &one, &filled, faults)).into_response())
        }
    }
}
