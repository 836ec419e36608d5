//! Registrations of a period: who wants what, a whole group at once, late requests and taking back.

use crate::address::{Address, page};
use crate::booking::Seats;
use crate::error::Error;
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Chip, Choice, Column, Empty, Faults, Field, Filter, List, Notice, Row, Tone, Weight, Wish,
};
use crate::period::{PeriodPage, Periods, id_of, moment};
use crate::person::PersonPage;
use crate::telling::Telling;
use crate::told::{Stop, fault};
use crate::url::Url as _;
use crate::urls;
use crate::view::{Block, DetailView, FormView, ListView, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::id::{GroupId, PersonId, RegistrationId, TestId};
use regie_people::group;
use regie_planning::entitlement;
use regie_planning::period::{self, Period};
use regie_planning::registration::{
    self, Decision, Filter as Narrowed, Outcome, Register, Registration, State as Step,
};
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub Registrations { id: String } = "/periods/{id}/registrations";
    /// Everybody of a group for one test.
    pub RegisterGroup { id: String } = "/periods/{id}/register";
    pub RegistrationDecide { id: String } = "/registrations/{id}/decide";
    pub RegistrationWithdraw { id: String } = "/registrations/{id}/withdraw";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Registrations::at(), list)
        .get(RegisterGroup::at(), choose)
        .post(RegisterGroup::at(), register)
        .get(RegistrationDecide::at(), ask_decide)
        .post(RegistrationDecide::at(), decide)
        .get(RegistrationWithdraw::at(), ask_withdraw)
        .post(RegistrationWithdraw::at(), withdraw)
}

pub(crate) fn state_chip(texts: Texts, state: Step) -> Chip {
    let tone = match state {
        Step::Requested => Tone::Warn,
        Step::Registered | Step::Frozen => Tone::Info,
        Step::Booked | Step::Done => Tone::Ok,
        Step::Withdrawn => Tone::Plain,
        Step::Rejected => Tone::Danger,
    };
    Chip::new(tone, texts.of("registration-state", state.code()))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    test: String,
    #[serde(default)]
    campus: String,
    #[serde(default)]
    state: String,
    page: Option<u32>,
}

const SIZE: u32 = 50;

async fn list(
    State(house): State<House>,
    me: Me,
    Path(at): Path<Registrations>,
    Query(asked): Query<Asked>,
) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    me.must(Action::SeeRegistrations)?;
    let one = period::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let tests = entitlement::tests(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let at_page = page(asked.page);
    let narrowed = Narrowed {
        test: asked.test.parse().ok(),
        campus: asked.campus.parse().ok(),
        state: Step::from_code(&asked.state),
        skip: (at_page - 1) * SIZE,
        most: SIZE,
    };
    let found = registration::list(&house.db, me.caller(), id, &narrowed).await;
    let found = found.map_err(|error| me.stop(error))?;
    let address = Address::new(Registrations { id: at.id.clone() })
        .keep("test", &asked.test)
        .keep("campus", &asked.campus)
        .keep("state", &asked.state);
    let mut choices = vec![(String::new(), texts.t("registrations-all-tests").to_string())];
    choices.extend(tests.iter().map(|test| (test.id.to_string(), test.name.clone())));
    let mut states = vec![(String::new(), texts.t("registrations-all-states").to_string())];
    states.extend(
        Step::ALL
            .iter()
            .map(|it| (it.code().to_owned(), texts.of("registration-state", it.code()).to_string())),
    );
    let filter = Filter {
        action: Registrations { id: at.id.clone() }.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            Wish::Choose {
                name: "test".into(),
                label: texts.t("demand-test").to_string(),
                options: choices,
                chosen: asked.test.clone(),
            },
            Wish::Words(texts.t("filter-that-are").to_string()),
            Wish::Choose {
                name: "state".into(),
                label: texts.t("person-state").to_string(),
                options: states,
                chosen: asked.state.clone(),
            },
            Wish::Keep { name: "campus".into(), value: asked.campus.clone() },
        ],
    };
    let decides = me.may(Action::DecideRegistrations);
    let may = me.may(Action::RegisterStudents);
    let total = found.total;
    let list = List {
        filter: Some(filter),
        active: [
            tests
                .iter()
                .find(|test| Some(test.id) == narrowed.test)
                .map(|test| address.chosen("test", test.name.clone())),
            narrowed
                .state
                .map(|it| address.chosen("state", texts.of("registration-state", it.code()).to_string())),
            narrowed.campus.and_then(|campus| {
                let line = found.lines.iter().find(|line| line.campus == Some(campus))?;
                Some(address.chosen("campus", line.campus_name.clone()?))
            }),
        ]
        .into_iter()
        .flatten()
        .collect(),
        clear: Registrations { id: at.id.clone() }.to_string(),
        pager: address.pager(texts, at_page, SIZE, total),
        total,
        ..registered(texts, found.lines, may, decides)
    };
    let first = may.then(|| {
        Button::link(texts.t("register-group"), RegisterGroup { id: at.id.clone() })
            .icon("user-plus")
            .primary()
    });
    let page = Page::new(me.viewer.clone(), texts.t("registrations-title"))
        .under(texts.t("nav-periods"), Periods {})
        .under(one.name, PeriodPage { id: at.id });
    Ok(View::new(ListView::new(page, list).first(first)))
}

fn registered(texts: Texts, lines: Vec<Registration>, may: bool, decides: bool) -> List {
    let mut columns = vec![
        Column::new(texts.t("person-name"), Weight::Key),
        Column::new(texts.t("demand-test"), Weight::Usual),
        Column::new(texts.t("person-state"), Weight::Main),
        Column::new(texts.t("demand-campus"), Weight::Wide),
        Column::new(texts.t("registration-made"), Weight::Wide),
    ];
    if may {
        columns.push(Column::new(texts.t("list-do"), Weight::Usual));
    }
    let rows = lines.into_iter().map(|line| {
        let made = match &line.made_by_name {
            Some(name) => name.clone(),
            None => texts.t("journal-system").to_string(),
        };
        let mut cells = vec![
            Cell::Link {
                text: line.person_name.clone(),
                href: PersonPage { id: line.person.to_string() }.to_string(),
                sub: line.number.clone(),
            },
            Cell::Two { text: line.test_name.clone(), sub: line.unit_name.clone() },
            Cell::Chip(state_chip(texts, line.state)),
            Cell::text(line.campus_name.clone().unwrap_or_else(|| texts.t("demand-no-campus").to_string())),
            Cell::Two { text: made, sub: moment(texts, line.made_at) },
        ];
        if may {
            let id = line.id.to_string();
            let mut buttons = Vec::new();
            if decides && line.state == Step::Requested {
                let place = RegistrationDecide { id: id.clone() };
                buttons.push(Button::link(texts.t("registration-decide"), place).small());
            }
            if matches!(line.state, Step::Requested | Step::Registered | Step::Frozen) {
                let place = RegistrationWithdraw { id: id.clone() };
                buttons.push(Button::link(texts.t("registration-withdraw"), place).quiet().small());
            }
            if matches!(line.state, Step::Frozen | Step::Booked) {
                buttons.push(Button::link(texts.t("booking-choose"), Seats { id }).quiet().small());
            }
            cells.push(Cell::Buttons(buttons));
        }
        Row { id: line.id.to_string(), name: line.person_name, cells }
    });
    let empty = Empty::new("users", texts.t("registrations-none"), texts.t("registrations-none-text"));
    List {
        rows: rows.collect(),
        ..List::new(texts, "registrations", texts.t("registrations-title"), columns, empty)
    }
}

async fn form(
    house: &House,
    me: &Me,
    id: &str,
    one: &Period,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let filter = group::Filter {
        on: Some(me.caller().today()),
        paging: regie_people::Paging::ALL,
        ..group::Filter::default()
    };
    let groups = group::list(&house.db, me.caller(), &filter).await.map_err(|error| me.stop(error))?;
    let tests = entitlement::tests(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let mut classes = vec![Choice::new("", texts.t("choose-one"))];
    classes.extend(
        groups
            .lines
            .into_iter()
            .map(|line| Choice::new(line.id.to_string(), format!("{} · {}", line.code, line.name))),
    );
    let mut wanted = vec![Choice::new("", texts.t("choose-one"))];
    wanted.extend(
        tests
            .into_iter()
            .map(|test| Choice::new(test.id.to_string(), format!("{} · {}", test.name, test.code))),
    );
    let fields = vec![
        filled.put(Field::select(texts, "group", texts.t("register-whom"), classes)),
        filled.put(Field::select(texts, "test", texts.t("demand-test"), wanted)),
        filled.put(
            Field::area(texts, "reason", texts.t("register-late-why"))
                .hint(texts.t("register-late-hint"))
                .rows(2)
                .optional(),
        ),
    ];
    let page = Page::new(me.viewer.clone(), texts.t("register-group"))
        .under(texts.t("nav-periods"), Periods {})
        .under(one.name.clone(), PeriodPage { id: id.to_owned() });
    Ok(FormView::new(
        house,
        me,
        page,
        RegisterGroup { id: id.to_owned() },
        PeriodPage { id: id.to_owned() },
        fields,
        faults,
    )
    .submit(texts.t("register-do"), false))
}

async fn choose(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RegisterGroup>,
    Query(asked): Query<Chosen>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::RegisterStudents)?;
    let id = id_of(&at.id)?;
    let one = period::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let filled = Filled::of([("group", asked.group), ("test", asked.test)]);
    Ok(View::new(form(&house, &me, &at.id, &one, &filled, Faults::none(me.texts())).await?))
}

#[derive(Debug, Default, Deserialize)]
struct Chosen {
    #[serde(default)]
    group: String,
    #[serde(default)]
    test: String,
}

async fn register(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RegisterGroup>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::RegisterStudents)?;
    let id = id_of(&at.id)?;
    let one = period::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let mut reading = filled.reading(texts);
    let group: Option<GroupId> = reading.chosen("group");
    let test: Option<TestId> = reading.chosen("test");
    let faults = match reading.end(group.zip(test)) {
        Ok((group, test)) => {
            let members =
                group::members(&house.db, me.caller(), group).await.map_err(|error| me.stop(error))?;
            let today = me.caller().today();
            let students = members.into_iter().filter(|it| {
                it.part == group::Part::Student && regie_core::day::holds(it.begins, it.ends, today)
            });
            let persons = students.map(|it| (house.new_id(), it.person)).collect();
            let input =
                Register { period: id, test, persons, entitlement: None, reason: filled.maybe("reason") };
            match registration::register(&house.db, &filled.caller(&me), input).await {
                Ok(outcome) => {
                    return Ok(View::new(result(&me, &at.id, &one, &outcome)).into_response());
                }
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &at.id, &one, &filled, faults).await?).into_response())
}

/// Who is registered, who is not, and why.
fn result(me: &Me, id: &str, one: &Period, outcome: &Outcome) -> DetailView {
    let texts = me.texts();
    let rows: Vec<Row> = outcome
        .refused
        .iter()
        .map(|refused| {
            let telling = Telling::of(&refused.why);
            let lifted = telling.lifted_by(texts).unwrap_or_default();
            Row {
                id: refused.person.to_string(),
                name: refused.name.clone(),
                cells: vec![
                    Cell::link(refused.name.clone(), PersonPage { id: refused.person.to_string() }),
                    Cell::text(telling.sentence(texts)),
                    Cell::text(lifted),
                ],
            }
        })
        .collect();
    let columns = vec![
        Column::new(texts.t("person-name"), Weight::Key),
        Column::new(texts.t("register-why-not"), Weight::Main),
        Column::new(texts.t("register-who-lifts"), Weight::Usual),
    ];
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let mut blocks = Vec::new();
    if !rows.is_empty() {
        let empty = Empty::new("users", texts.t("registrations-none"), texts.t("registrations-none-text"));
        let list = List {
            total: rows.len() as u64,
            rows,
            ..List::new(texts, "refused", texts.t("register-refused"), columns, empty)
        };
        blocks.push(Block::list(texts.t("register-refused"), Vec::new(), list));
    }
    if !outcome.registered.is_empty() {
        let rows: Vec<Row> = outcome
            .registered
            .iter()
            .map(|(_, person, name)| Row {
                id: person.to_string(),
                name: name.clone(),
                cells: vec![
                    Cell::link(name.clone(), PersonPage { id: person.to_string() }),
                    Cell::Chip(state_chip(texts, outcome.state)),
                ],
            })
            .collect();
        let columns = vec![
            Column::new(texts.t("person-name"), Weight::Key),
            Column::new(texts.t("person-state"), Weight::Main),
        ];
        let empty = Empty::new("users", texts.t("registrations-none"), texts.t("registrations-none-text"));
        let list = List {
            total: rows.len() as u64,
            rows,
            ..List::new(texts, "registered", texts.t("register-registered"), columns, empty)
        };
        blocks.push(Block::list(texts.t("register-registered"), Vec::new(), list));
    }
    let tone = if outcome.refused.is_empty() { Tone::Ok } else { Tone::Warn };
    let text = texts
        .t("register-result")
        .with("registered", count(outcome.registered.len()))
        .with("refused", count(outcome.refused.len()))
        .to_string();
    let page = Page::new(me.viewer.clone(), texts.t("register-result-title"))
        .under(texts.t("nav-periods"), Periods {})
        .under(one.name.clone(), PeriodPage { id: id.to_owned() });
    let again = Button::link(texts.t("register-again"), RegisterGroup { id: id.to_owned() });
    DetailView {
        notice: Some(Notice::new(tone, text).loud()),
        first: Some(again.icon("user-plus").primary()),
        ..DetailView::new(page, blocks)
    }
}

/// The registration an address names, as far as it is the caller's to see.
async fn one(house: &House, me: &Me, id: &str) -> Result<Registration, Stop> {
    let id: RegistrationId = id.parse().map_err(|_| Error::NotFound)?;
    registration::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))
}

fn question(
    house: &House,
    me: &Me,
    one: &Registration,
    action: String,
    word: &'static str,
    fields: Vec<Field>,
    faults: Faults,
) -> FormView {
    let texts = me.texts();
    let back = match me.caller().person == Some(one.person) {
        true => crate::exam::MyExams {}.to_string(),
        false => Registrations { id: one.period.to_string() }.to_string(),
    };
    let page = Page::new(me.viewer.clone(), texts.t(word)).under(one.period_name.clone(), back.clone());
    FormView::new(house, me, page, action, back, fields, faults)
        .about(format!("{}: {}", one.person_name, one.test_name))
        .submit(texts.t(word), false)
}

fn decide_form(house: &House, me: &Me, one: &Registration, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let choices =
        Decision::ALL.map(|it| Choice::new(it.code(), texts.of("registration-decision", it.code()))).into();
    let fields = vec![
        filled.put(Field::radios(texts, "decision", texts.t("registration-decide"), choices)),
        filled.put(
            Field::area(texts, "reason", texts.t("field-reason"))
                .hint(texts.t("registration-decide-hint"))
                .optional(),
        ),
    ];
    let action = RegistrationDecide { id: one.id.to_string() }.to_string();
    let mut view = question(house, me, one, action, "registration-decide", fields, faults);
    if let Some(reason) = &one.reason {
        view.notice = Some(Notice::new(Tone::Info, reason.clone()).title(texts.t("registration-asked-why")));
    }
    view
}

async fn ask_decide(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RegistrationDecide>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::DecideRegistrations)?;
    let one = one(&house, &me, &at.id).await?;
    Ok(View::new(decide_form(&house, &me, &one, &Filled::default(), Faults::none(me.texts()))))
}

async fn decide(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RegistrationDecide>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::DecideRegistrations)?;
    let one = one(&house, &me, &at.id).await?;
    let mut reading = filled.reading(me.texts());
    let decision = reading.code("decision", Decision::from_code);
    let faults = match reading.end(decision) {
        Ok(decision) => {
            let caller = filled.caller(&me);
            let reason = filled.maybe("reason");
            match registration::decide(&house.db, &caller, one.id, decision, reason.as_deref()).await {
                Ok(_) => return Ok(to(Registrations { id: one.period.to_string() })),
                Err(error) => fault(me.texts(), error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(decide_form(&house, &me, &one, &filled, faults)).into_response())
}

fn withdraw_form(house: &House, me: &Me, one: &Registration, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let field =
        Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("registration-withdraw-hint"));
    let action = RegistrationWithdraw { id: one.id.to_string() }.to_string();
    question(house, me, one, action, "registration-withdraw", vec![filled.put(field.optional())], faults)
}

async fn ask_withdraw(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RegistrationWithdraw>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::RegisterStudents)?;
    let one = one(&house, &me, &at.id).await?;
    Ok(View::new(withdraw_form(&house, &me, &one, &Filled::default(), Faults::none(me.texts()))))
}

async fn withdraw(
    State(house): State<House>,
    me: Me,
    Path(at): Path<RegistrationWithdraw>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::RegisterStudents)?;
    let one = one(&house, &me, &at.id).await?;
    let reason = filled.maybe("reason");
    let done = registration::withdraw(&house.db, &filled.caller(&me), one.id, reason.as_deref()).await;
    let mine: Option<PersonId> = me.caller().person;
    match done {
        Ok(()) if mine == Some(one.person) => Ok(to(crate::exam::MyExams {})),
        Ok(()) => Ok(to(Registrations { id: one.period.to_string() })),
        Err(error) => {
            let faults = fault(me.texts(), error)?;
            Ok(View::invalid(withdraw_form(&house, &me, &one, &filled, faults)).into_response())
        }
    }
}
