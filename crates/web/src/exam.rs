//! The exams of one student: what they may sit, what they registered for, and what was decided. For the student and for
//! who works for them.

use crate::booking::{Seats, seat_list};
use crate::error::Error;
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Button, Cell, Chip, Choice, Column, Empty, Faults, Field, List, Row, Tone, Weight};
use crate::period::moment;
use crate::person::{People, PersonPage};
use crate::registration::{RegistrationWithdraw, state_chip};
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{Block, DetailView, FormView, period as days, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::id::{EntitlementId, ExamPeriodId, PersonId, RulingId, TestId};
use regie_core::period::{Gate, State as Step, gate};
use regie_planning::booking;
use regie_planning::entitlement::{self, Entitlement};
use regie_planning::period::{self, Period};
use regie_planning::registration::{self, Register, Registration, State as Made, channel};
use regie_planning::ruling::{self, GiveRuling, Kind, Ruling};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub MyExams = "/exams";
    pub RegisterOwn = "/exams/register";
    pub PersonExams { id: String } = "/people/{id}/exams";
    pub NewRuling { id: String } = "/people/{id}/rulings/new";
    pub RulingWithdraw { id: String, ruling: String } = "/people/{id}/rulings/{ruling}/withdraw";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(MyExams::at(), mine)
        .get(RegisterOwn::at(), ask)
        .post(RegisterOwn::at(), register)
        .get(PersonExams::at(), of_person)
        .get(NewRuling::at(), new_ruling)
        .post(NewRuling::at(), give)
        .get(RulingWithdraw::at(), ask_withdraw)
        .post(RulingWithdraw::at(), withdraw)
}

/// Periods in which this reader can register, now or late.
async fn open_periods(house: &House, me: &Me) -> Result<Vec<Period>, Stop> {
    let all = period::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let (channel, now) = (channel(me.caller()), house.clock.now());
    Ok(all
        .into_iter()
        .filter(|one| match one.state {
            Step::Open => matches!(gate(one.window(channel), now), Gate::Open | Gate::Late(_)),
            Step::Frozen | Step::Planned => one.window(channel).is_some(),
            _ => false,
        })
        .collect())
}

fn attempts(texts: Texts, one: &Entitlement) -> String {
    match one.attempts_left {
        None => texts.t("exam-attempts-unlimited").to_string(),
        Some(left) => {
            let first = u32::from(one.attempts_used == 0);
            texts.t("exam-attempts-left").with("count", i64::from(left + first)).to_string()
        }
    }
}

/// What one may sit: each right under its own programme.
fn entitlements(
    texts: Texts,
    found: Vec<Entitlement>,
    registered: &[Registration],
    periods: &[Period],
    may: bool,
) -> List {
    let mut columns = vec![
        Column::new(texts.t("demand-test"), Weight::Key),
        Column::new(texts.t("exam-attempts"), Weight::Main),
    ];
    if may {
        columns.push(Column::new(texts.t("list-do"), Weight::Usual));
    }
    let rows = found.into_iter().map(|one| {
        let busy = |period: &Period| {
            registered.iter().any(|it| it.test == one.test && it.period == period.id && it.state.is_active())
        };
        let left = match one.state.as_str() {
            "valid" => {
                Chip::new(if one.attempt_is_left() { Tone::Ok } else { Tone::Warn }, attempts(texts, &one))
            }
            _ => Chip::new(Tone::Plain, texts.t("exam-entitlement-canceled")),
        };
        let mut cells =
            vec![Cell::Two { text: one.test_name.clone(), sub: one.program_name.clone() }, Cell::Chip(left)];
        if may {
            let free = periods.iter().filter(|it| one.state == "valid" && one.attempt_is_left() && !busy(it));
            let id = one.id.to_string();
            let buttons = free.map(|it| {
                let period = it.id.to_string();
                let place = with_query(
                    &RegisterOwn {}.to_string(),
                    [("entitlement", id.as_str()), ("period", period.as_str())],
                );
                let word = texts.t("exam-register").with("period", it.name.clone()).to_string();
                Button::link(word, place).small()
            });
            cells.push(Cell::Buttons(buttons.collect()));
        }
        Row { id: one.id.to_string(), name: one.test_name, cells }
    });
    let rows: Vec<Row> = rows.collect();
    let empty = Empty::new("clipboard-list", texts.t("exam-none"), texts.t("exam-none-text"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "entitlements", texts.t("exam-entitlements"), columns, empty)
    }
}

fn registrations(texts: Texts, found: Vec<Registration>, may: bool) -> List {
    let mut columns = vec![
        Column::new(texts.t("demand-test"), Weight::Key),
        Column::new(texts.t("person-state"), Weight::Main),
        Column::new(texts.t("registration-made"), Weight::Wide),
    ];
    if may {
        columns.push(Column::new(texts.t("list-do"), Weight::Usual));
    }
    let rows = found.into_iter().map(|one| {
        let by = one.made_by_name.clone().unwrap_or_else(|| texts.t("journal-system").to_string());
        let mut cells = vec![
            Cell::Two { text: one.test_name.clone(), sub: one.period_name.clone() },
            Cell::Chip(state_chip(texts, one.state)),
            Cell::Two { text: by, sub: moment(texts, one.made_at) },
        ];
        if may {
            let place = RegistrationWithdraw { id: one.id.to_string() };
            let button = Button::link(texts.t("registration-withdraw"), place).quiet().small();
            let mut buttons = Vec::new();
            if matches!(one.state, Made::Registered | Made::Frozen | Made::Booked) {
                let place = Seats { id: one.id.to_string() };
                buttons.push(Button::link(texts.t("booking-choose"), place).small());
            }
            if matches!(one.state, Made::Requested | Made::Registered) {
                buttons.push(button);
            }
            cells.push(Cell::Buttons(buttons));
        }
        Row { id: one.id.to_string(), name: one.test_name, cells }
    });
    let rows: Vec<Row> = rows.collect();
    let empty = Empty::new("clipboard-check", texts.t("registrations-none"), texts.t("exam-none-registered"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "own-registrations", texts.t("registrations-title"), columns, empty)
    }
}

async fn mine(State(house): State<House>, me: Me) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let person = me.caller().person.ok_or(Error::NotFound)?;
    let found = entitlement::of_person(&house.db, me.caller(), person).await;
    let found = found.map_err(|error| me.stop(error))?;
    let registered = registration::of_person(&house.db, me.caller(), person).await;
    let registered = registered.map_err(|error| me.stop(error))?;
    let periods = open_periods(&house, &me).await?;
    let seats = booking::of_person(&house.db, me.caller(), person).await.map_err(|error| me.stop(error))?;
    let may = me.may(Action::RegisterStudents);
    let books = me.may(Action::BookStudents);
    let blocks = vec![
        Block::list(texts.t("booking-title"), Vec::new(), seat_list(texts, seats, books)),
        Block::list(
            texts.t("exam-entitlements"),
            Vec::new(),
            entitlements(texts, found, &registered, &periods, may),
        ),
        Block::list(texts.t("exam-registered"), Vec::new(), registrations(texts, registered, may)),
    ];
    Ok(View::new(DetailView::new(Page::new(me.viewer.clone(), texts.t("nav-exams")), blocks)))
}

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    entitlement: String,
    #[serde(default)]
    period: String,
}

async fn form(
    house: &House,
    me: &Me,
    wanted: &Wanted,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let person = me.caller().person.ok_or(Error::NotFound)?;
    let found = entitlement::of_person(&house.db, me.caller(), person).await;
    let found = found.map_err(|error| me.stop(error))?;
    let one = found.into_iter().find(|it| it.id.to_string() == wanted.entitlement).ok_or(Error::NotFound)?;
    let periods = open_periods(house, me).await?;
    let period = periods.into_iter().find(|it| it.id.to_string() == wanted.period).ok_or(Error::NotFound)?;
    let late = period.state != Step::Open
        || matches!(gate(period.window(channel(me.caller())), house.clock.now()), Gate::Late(_));
    let mut fields = Vec::new();
    if late || !faults.is_empty() {
        let field = Field::area(texts, "reason", texts.t("register-late-why"));
        fields.push(filled.put(field.hint(texts.t("register-late-hint")).rows(3)));
    }
    let page =
        Page::new(me.viewer.clone(), texts.t("exam-register-title")).under(texts.t("nav-exams"), MyExams {});
    let action = with_query(
        &RegisterOwn {}.to_string(),
        [("entitlement", wanted.entitlement.as_str()), ("period", wanted.period.as_str())],
    );
    Ok(FormView::new(house, me, page, action, MyExams {}, fields, faults)
        .about(format!("{} · {} · {}", one.test_name, one.program_name, period.name))
        .submit(texts.t("register-do"), false))
}

async fn ask(
    State(house): State<House>,
    me: Me,
    Query(wanted): Query<Wanted>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::RegisterStudents)?;
    Ok(View::new(form(&house, &me, &wanted, &Filled::default(), Faults::none(me.texts())).await?))
}

async fn register(
    State(house): State<House>,
    me: Me,
    Query(wanted): Query<Wanted>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::RegisterStudents)?;
    let person = me.caller().person.ok_or(Error::NotFound)?;
    let id: EntitlementId = wanted.entitlement.parse().map_err(|_| Error::NotFound)?;
    let period: ExamPeriodId = wanted.period.parse().map_err(|_| Error::NotFound)?;
    let found = entitlement::of_person(&house.db, me.caller(), person).await;
    let found = found.map_err(|error| me.stop(error))?;
    let one = found.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    let input = Register {
        period,
        test: one.test,
        persons: vec![(house.new_id(), person)],
        entitlement: Some(id),
        reason: filled.maybe("reason"),
    };
    match registration::register_one(&house.db, &filled.caller(&me), input).await {
        Ok(_) => Ok(to(MyExams {})),
        Err(error) => {
            let faults = fault(me.texts(), error)?;
            Ok(View::invalid(form(&house, &me, &wanted, &filled, faults).await?).into_response())
        }
    }
}

fn person_id(text: &str) -> Result<PersonId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

async fn of_person(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PersonExams>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let id = person_id(&at.id)?;
    let found = entitlement::of_person(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let registered = registration::of_person(&house.db, me.caller(), id).await;
    let registered = registered.map_err(|error| me.stop(error))?;
    let ruled = ruling::of_person(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let one = regie_people::person::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let rules = me.may(Action::RuleOnStudents);
    let seats = booking::of_person(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let books = me.may(Action::BookStudents);
    let tests: Vec<(TestId, String)> = found.iter().map(|it| (it.test, it.test_name.clone())).collect();
    let mut blocks = vec![
        Block::list(texts.t("booking-title"), Vec::new(), seat_list(texts, seats, books)),
        Block::list(
            texts.t("exam-entitlements"),
            Vec::new(),
            entitlements(texts, found, &registered, &[], false),
        ),
        Block::list(
            texts.t("exam-registered"),
            Vec::new(),
            registrations(texts, registered, me.may(Action::RegisterStudents)),
        ),
    ];
    if rules || !ruled.is_empty() {
        blocks.push(Block::list(
            texts.t("rulings-title"),
            Vec::new(),
            rulings(texts, &at.id, ruled, &tests, rules),
        ));
    }
    let page =
        Page::new(me.viewer.clone(), texts.t("exam-of").with("name", one.display_name.clone()).to_string())
            .under(texts.t("nav-people"), People {})
            .under(one.display_name, PersonPage { id: at.id.clone() });
    let first = rules.then(|| {
        Button::link(texts.t("ruling-give"), NewRuling { id: at.id.clone() }).icon("gavel").primary()
    });
    Ok(View::new(DetailView { first, ..DetailView::new(page, blocks) }))
}

fn rulings(texts: Texts, id: &str, found: Vec<Ruling>, tests: &[(TestId, String)], may: bool) -> List {
    let mut columns = vec![
        Column::new(texts.t("ruling-what"), Weight::Key),
        Column::new(texts.t("enrolment-period"), Weight::Usual),
        Column::new(texts.t("field-reason"), Weight::Main),
    ];
    if may {
        columns.push(Column::new(texts.t("list-do"), Weight::Usual));
    }
    let rows = found.into_iter().map(|one| {
        let test =
            one.test.and_then(|test| tests.iter().find(|(id, _)| *id == test).map(|(_, name)| name.clone()));
        let name = texts.of("ruling", one.kind.code()).to_string();
        let mut cells = vec![
            Cell::Two {
                text: name.clone(),
                sub: test.unwrap_or_else(|| match one.test {
                    None => texts.t("ruling-every-test").to_string(),
                    Some(_) => String::new(),
                }),
            },
            match one.withdrawn_at {
                Some(_) => Cell::Chip(Chip::new(Tone::Plain, texts.t("role-withdrawn"))),
                None => Cell::text(days(texts, one.begins, one.ends)),
            },
            Cell::text(one.reason.clone()),
        ];
        if may {
            let place = RulingWithdraw { id: id.to_owned(), ruling: one.id.to_string() };
            let button = Button::link(texts.t("ruling-withdraw"), place).quiet().small();
            let over = one.withdrawn_at.is_some();
            cells.push(Cell::Buttons(if over { Vec::new() } else { vec![button] }));
        }
        Row { id: one.id.to_string(), name, cells }
    });
    let rows: Vec<Row> = rows.collect();
    let empty = Empty::new("gavel", texts.t("rulings-none"), texts.t("rulings-none-text"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "rulings", texts.t("rulings-title"), columns, empty)
    }
}

async fn ruling_form(
    house: &House,
    me: &Me,
    id: &str,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let found = entitlement::of_person(&house.db, me.caller(), person_id(id)?).await;
    let found = found.map_err(|error| me.stop(error))?;
    let kinds = Kind::ALL
        .map(|kind| {
            Choice::new(kind.code(), texts.of("ruling", kind.code()))
                .note(texts.of("ruling-note", kind.code()))
        })
        .into();
    let mut tests = vec![Choice::new("", texts.t("ruling-every-test"))];
    tests.extend(found.into_iter().map(|it| Choice::new(it.test.to_string(), it.test_name)));
    tests.dedup_by(|a, b| a.value == b.value);
    let fields = vec![
        filled.put(Field::radios(texts, "kind", texts.t("ruling-what"), kinds)),
        filled.put(Field::select(texts, "test", texts.t("demand-test"), tests).optional()),
        filled.put(Field::date(texts, "begins", texts.t("field-begins"))),
        filled.put(
            Field::date(texts, "ends", texts.t("field-ends")).hint(texts.t("ruling-ends-hint")).optional(),
        ),
        filled
            .put(Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("question-reason-hint"))),
    ];
    let page = Page::new(me.viewer.clone(), texts.t("ruling-give"))
        .under(texts.t("nav-exams-of"), PersonExams { id: id.to_owned() });
    Ok(FormView::new(
        house,
        me,
        page,
        NewRuling { id: id.to_owned() },
        PersonExams { id: id.to_owned() },
        fields,
        faults,
    )
    .submit(texts.t("ruling-give"), false))
}

async fn new_ruling(
    State(house): State<House>,
    me: Me,
    Path(at): Path<NewRuling>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::RuleOnStudents)?;
    let filled = Filled::of([("begins", me.caller().today().to_string())]);
    Ok(View::new(ruling_form(&house, &me, &at.id, &filled, Faults::none(me.texts())).await?))
}

async fn give(
    State(house): State<House>,
    me: Me,
    Path(at): Path<NewRuling>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::RuleOnStudents)?;
    let person = person_id(&at.id)?;
    let mut reading = filled.reading(me.texts());
    let kind = reading.code("kind", Kind::from_code);
    let test: Option<TestId> = reading.maybe_chosen("test");
    let (begins, ends) = (reading.date("begins"), reading.maybe_date("ends"));
    let whole = kind.zip(begins).map(|(kind, begins)| GiveRuling {
        id: house.new_id(),
        person,
        kind,
        test,
        begins,
        ends,
        reason: filled.text("reason").into(),
    });
    let faults = match reading.end(whole) {
        Ok(input) => match ruling::give(&house.db, &filled.caller(&me), input).await {
            Ok(_) => return Ok(to(PersonExams { id: at.id })),
            Err(error) => fault(me.texts(), error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(ruling_form(&house, &me, &at.id, &filled, faults).await?).into_response())
}

fn withdraw_form(house: &House, me: &Me, at: &RulingWithdraw, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let field = Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("question-reason-hint"));
    let back = PersonExams { id: at.id.clone() };
    let page = Page::new(me.viewer.clone(), texts.t("ruling-withdraw"))
        .under(texts.t("nav-exams-of"), PersonExams { id: at.id.clone() });
    FormView::new(house, me, page, at, back, vec![filled.put(field)], faults)
        .submit(texts.t("ruling-withdraw"), true)
}

async fn ask_withdraw(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RulingWithdraw>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::RuleOnStudents)?;
    Ok(View::new(withdraw_form(&house, &me, &at, &Filled::default(), Faults::none(me.texts()))))
}

async fn withdraw(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RulingWithdraw>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::RuleOnStudents)?;
    let id: RulingId = at.ruling.parse().map_err(|_| Error::NotFound)?;
    match ruling::withdraw(&house.db, &filled.caller(&me), id, filled.text("reason")).await {
        Ok(()) => Ok(to(PersonExams { id: at.id })),
        Err(error) => {
            let faults = fault(me.texts(), error)?;
            Ok(View::invalid(withdraw_form(&house, &me, &at, &filled, faults)).into_response())
        }
    }
}
