//! Sittings: what is planned in a period, one sitting from near, and planning by hand.

use crate::error::Error;
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Chip, Choice, Column, Empty, Fact, Faults, Field, List, Notice, Row, Tone, Weight,
};
use crate::period::{PeriodPage, Periods, id_of as period_of, moment};
use crate::person::PersonPage;
use crate::record::Shown;
use crate::telling::Telling;
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{Block, DetailView, FormView, ListView, history, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_core::day::in_school_time;
use regie_core::id::{ExamPeriodId, PersonId, SessionId};
use regie_people::person::{self as people, Kind};
use regie_planning::booking::{self, Booking};
use regie_planning::session::{self, AddSession, ChangeSession, Part, Session, Staff, State as Step};
use regie_planning::{entitlement, period};
use regie_texts::Texts;
use std::collections::BTreeMap;

urls! {
    pub Sessions { id: String } = "/periods/{id}/sessions";
    pub NewSession { id: String } = "/periods/{id}/sessions/new";
    pub SessionPage { id: String } = "/sessions/{id}";
    pub SessionChange { id: String } = "/sessions/{id}/change";
    pub SessionPublish { id: String } = "/sessions/{id}/publish";
    pub SessionCancel { id: String } = "/sessions/{id}/cancel";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Sessions::at(), list)
        .get(NewSession::at(), new)
        .post(NewSession::at(), add)
        .get(SessionPage::at(), show)
        .get(SessionChange::at(), edit)
        .post(SessionChange::at(), change)
        .get(SessionPublish::at(), preview)
        .post(SessionPublish::at(), publish)
        .get(SessionCancel::at(), ask_cancel)
        .post(SessionCancel::at(), cancel)
}

fn id_of(text: &str) -> Result<SessionId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

fn state_chip(texts: Texts, state: Step) -> Chip {
    let tone = match state {
        Step::Concept => Tone::Plain,
        Step::Published => Tone::Ok,
        Step::Canceled => Tone::Danger,
    };
    Chip::new(tone, texts.of("session-state", state.code()))
}

/// The day and the times of a sitting.
pub(crate) fn when(texts: Texts, one: &Session) -> String {
    let (from, until) = (in_school_time(one.starts_at), in_school_time(one.ends_at));
    format!("{}, {}", texts.short_day(from.date()), texts.times(from.time(), until.time()))
}

async fn list(State(house): State<House>, me: Me, Path(at): Path<Sessions>) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    me.must(Action::SeeSessions)?;
    let id = period_of(&at.id)?;
    let period = period::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let found = session::list(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let columns = vec![
        Column::new(texts.t("demand-test"), Weight::Key),
        Column::new(texts.t("session-when"), Weight::Main),
        Column::new(texts.t("session-where"), Weight::Usual),
        Column::new(texts.t("session-seats"), Weight::Usual).number(),
        Column::new(texts.t("person-state"), Weight::Wide),
    ];
    let rows = found.into_iter().map(|one| Row {
        id: one.id.to_string(),
        name: one.test_name.clone(),
        cells: vec![
            Cell::Link {
                text: one.test_name.clone(),
                href: SessionPage { id: one.id.to_string() }.to_string(),
                sub: Some(one.test_code.clone()),
            },
            Cell::text(when(texts, &one)),
            Cell::Two { text: one.room_code.clone(), sub: one.campus_name.clone() },
            Cell::text(taken(texts, &one)),
            Cell::Chip(state_chip(texts, one.state)),
        ],
    });
    let rows: Vec<Row> = rows.collect();
    let empty = Empty::new("calendar-clock", texts.t("session-none"), texts.t("session-none-text"));
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "sessions", texts.t("nav-sessions"), columns, empty)
    };
    let page = Page::new(me.viewer.clone(), texts.t("nav-sessions"))
        .under(texts.t("nav-periods"), Periods {})
        .under(period.name, PeriodPage { id: at.id.clone() });
    let first = me
        .may(Action::PlanSessions)
        .then(|| Button::link(texts.t("session-add"), NewSession { id: at.id }).icon("plus").primary());
    Ok(View::new(ListView::new(page, list).first(first)))
}

fn taken(texts: Texts, one: &Session) -> String {
    texts
        .t("session-taken")
        .with("taken", i64::from(one.taken))
        .with("seats", i64::from(one.seats))
        .to_string()
}

fn names(texts: Texts, staff: &[Staff], leads: bool) -> String {
    let chosen: Vec<String> =
        staff.iter().filter(|one| (one.part == Part::Leader) == leads).map(|one| one.name.clone()).collect();
    if chosen.is_empty() { texts.t("session-nobody").to_string() } else { chosen.join(", ") }
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<SessionPage>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    me.must(Action::SeeSessions)?;
    let id = id_of(&at.id)?;
    let one = session::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let staff = session::staff(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let facts = vec![
        Fact::new(texts.t("session-when"), when(texts, &one)),
        Fact::new(texts.t("session-where"), format!("{}, {}", one.room_code, one.campus_name)),
        Fact::new(texts.t("session-seats"), taken(texts, &one)),
        Fact::new(texts.t("session-part-leader"), names(texts, &staff, true)),
        Fact::new(texts.t("session-part-invigilator"), names(texts, &staff, false)),
    ];
    let mut blocks = vec![Block::facts(texts.t("session-facts"), facts)];
    if me.may(Action::SeeRegistrations) {
        let seats = booking::of_session(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
        blocks.push(Block::list(texts.t("session-candidates"), Vec::new(), candidates(texts, seats)));
    }
    let lines = session::history(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let mut acts = Vec::new();
    let plans = me.may(Action::PlanSessions) && one.state != Step::Canceled;
    if plans {
        let place = SessionChange { id: at.id.clone() };
        acts.push(Button::link(texts.t("session-change"), place).icon("pencil"));
        acts.push(Button::link(texts.t("session-cancel"), SessionCancel { id: at.id.clone() }).icon("x"));
    }
    let first = (plans && one.state == Step::Concept).then(|| {
        Button::link(texts.t("session-publish"), SessionPublish { id: at.id.clone() }).icon("send").primary()
    });
    let page = Page::new(me.viewer.clone(), one.test_name.clone())
        .under(one.period_name.clone(), PeriodPage { id: one.period.to_string() })
        .under(texts.t("nav-sessions"), Sessions { id: one.period.to_string() });
    Ok(View::new(DetailView {
        chip: Some(state_chip(texts, one.state)),
        acts,
        first,
        history: Some(history(&house, &me, &lines).await?),
        ..DetailView::new(page, blocks)
    }))
}

fn candidates(texts: Texts, seats: Vec<Booking>) -> List {
    let columns = vec![
        Column::new(texts.t("person-name"), Weight::Key),
        Column::new(texts.t("person-number"), Weight::Main),
        Column::new(texts.t("session-extra"), Weight::Usual),
    ];
    let rows = seats.into_iter().map(|one| {
        let extra = match one.extra_minutes {
            0 => String::new(),
            count => texts
                .t("session-extra-minutes")
                .with("count", i64::from(count))
                .with("until", texts.time(in_school_time(one.ends_at).time()))
                .to_string(),
        };
        Row {
            id: one.id.to_string(),
            name: one.person_name.clone(),
            cells: vec![
                Cell::link(one.person_name.clone(), PersonPage { id: one.person.to_string() }),
                Cell::text(one.number.unwrap_or_default()),
                Cell::text(extra),
            ],
        }
    });
    let rows: Vec<Row> = rows.collect();
    let empty =
        Empty::new("users", texts.t("session-candidates-none"), texts.t("session-candidates-none-text"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "candidates", texts.t("session-candidates"), columns, empty)
    }
}

/// The form of a sitting; of one that exists with what it is now.
async fn form(
    house: &House,
    me: &Me,
    period: ExamPeriodId,
    filled: &Filled,
    faults: Faults,
    known: Option<&Session>,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let tests = entitlement::tests(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let rooms = session::rooms(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let filter = people::Filter { kind: Some(Kind::Staff), size: 1_000, ..people::Filter::default() };
    let staff = people::list(&house.db, me.caller(), &filter).await.map_err(|error| me.stop(error))?;
    let one = |first: bool| first.then(|| Choice::new("", texts.t("choose-one"))).into_iter();
    let mut fields = Vec::new();
    if known.is_none() {
        let choices = one(true).chain(tests.into_iter().map(|test| {
            Choice::new(test.id.to_string(), format!("{} · {} ({})", test.name, test.code, test.students))
        }));
        fields.push(filled.put(Field::select(texts, "test", texts.t("demand-test"), choices.collect())));
    }
    let choices = one(true).chain(rooms.into_iter().map(|room| {
        let size = format!("{}/{}", room.seats, room.device_seats);
        Choice::new(room.id.to_string(), format!("{} · {} ({size})", room.code, room.campus_name))
    }));
    fields.push(filled.put(Field::select(texts, "room", texts.t("session-room"), choices.collect())));
    fields.push(filled.put(Field::moment(texts, "starts", texts.t("session-starts"))));
    fields.push(
        filled.put(Field::moment(texts, "ends", texts.t("session-ends")).hint(texts.t("session-ends-hint"))),
    );
    fields
        .push(filled.put(
            Field::number(texts, "seats", texts.t("session-seats")).hint(texts.t("session-seats-hint")),
        ));
    fields.push(filled.put(Field::check(texts, "own_room", texts.t("session-own-room"))));
    fields.push(filled.put(Field::check(texts, "base_time_only", texts.t("session-base-time"))));
    let somebody: Vec<Choice> =
        staff.lines.iter().map(|line| Choice::new(line.id.to_string(), line.display_name.clone())).collect();
    let leads = one(true).chain(somebody.clone());
    fields.push(
        filled
            .put(Field::select(texts, "leader", texts.t("session-part-leader"), leads.collect()).optional()),
    );
    for n in 1..=4 {
        let choices = one(true).chain(somebody.clone()).collect();
        let name = format!("{} {n}", texts.t("session-part-invigilator"));
        fields.push(filled.put(Field::select(texts, &format!("staff{n}"), name, choices).optional()));
    }
    let back = Sessions { id: period.to_string() };
    let (title, action) = match known {
        Some(now) => {
            fields.push(
                filled.put(
                    Field::area(texts, "reason", texts.t("field-reason"))
                        .hint(texts.t("session-change-hint"))
                        .optional(),
                ),
            );
            let version = now.version.to_string();
            let action = SessionChange { id: now.id.to_string() }.to_string();
            (texts.t("session-change"), with_query(&action, [("version", version.as_str())]))
        }
        None => (texts.t("session-add"), NewSession { id: period.to_string() }.to_string()),
    };
    let page = Page::new(me.viewer.clone(), title).under(texts.t("nav-sessions"), back.clone());
    let view = FormView::new(house, me, page, action, back, fields, faults);
    Ok(match known {
        Some(now) => view.about(format!("{} · {}", now.test_name, when(texts, now))),
        None => view,
    })
}

fn read(
    texts: Texts,
    filled: &Filled,
    id: SessionId,
    period: ExamPeriodId,
    known: Option<&Session>,
) -> Result<AddSession, Faults> {
    let mut reading = filled.reading(texts);
    let test = match known {
        Some(now) => Some(now.test),
        None => reading.chosen("test"),
    };
    let room = reading.chosen("room");
    let (starts, ends) = (reading.moment("starts"), reading.moment("ends"));
    let seats = reading.number("seats");
    let mut staff: BTreeMap<PersonId, Part> = BTreeMap::new();
    for n in 1..=4 {
        if let Some(person) = reading.maybe_chosen(&format!("staff{n}")) {
            staff.insert(person, Part::Invigilator);
        }
    }
    if let Some(person) = reading.maybe_chosen("leader") {
        staff.insert(person, Part::Leader);
    }
    let whole = test.zip(room).zip(starts.zip(ends)).zip(seats);
    let whole = whole.map(|(((test, room), (starts, ends)), seats)| AddSession {
        id,
        period,
        test,
        version: known.and_then(|now| now.instrument_version),
        room,
        starts,
        ends,
        seats,
        own_room: filled.has("own_room"),
        base_time_only: filled.has("base_time_only"),
        staff: staff.into_iter().collect(),
    });
    reading.end(whole)
}

async fn new(State(house): State<House>, me: Me, Path(at): Path<NewSession>) -> Result<View<FormView>, Stop> {
    me.must(Action::PlanSessions)?;
    let id = period_of(&at.id)?;
    period::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    Ok(View::new(form(&house, &me, id, &Filled::default(), Faults::none(me.texts()), None).await?))
}

async fn add(
    State(house): State<House>,
    me: Me,
    Path(at): Path<NewSession>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::PlanSessions)?;
    let id = period_of(&at.id)?;
    period::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let faults = match read(me.texts(), &filled, house.new_id(), id, None) {
        Ok(input) => match session::add(&house.db, &filled.caller(&me), input).await {
            Ok(id) => return Ok(to(SessionPage { id: id.to_string() })),
            Err(error) => fault(me.texts(), error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, id, &filled, faults, None).await?).into_response())
}

/// As a field of day and time holds it.
fn local(at: jiff::Timestamp) -> String {
    in_school_time(at).strftime("%Y-%m-%dT%H:%M").to_string()
}

async fn edit(
    State(house): State<House>,
    me: Me,
    Path(at): Path<SessionChange>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::PlanSessions)?;
    let id = id_of(&at.id)?;
    let one = session::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let staff = session::staff(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let mut filled = Filled::of([
        ("room", one.room.to_string()),
        ("starts", local(one.starts_at)),
        ("ends", local(one.ends_at)),
        ("seats", one.seats.to_string()),
    ]);
    if one.own_room {
        filled = filled.and("own_room", ["yes".to_owned()]);
    }
    let mut n = 0;
    for person in &staff {
        let name = match person.part {
            Part::Leader => "leader".to_owned(),
            _ => {
                n += 1;
                format!("staff{n}")
            }
        };
        filled = filled.and(&name, [person.person.to_string()]);
    }
    Ok(View::new(form(&house, &me, one.period, &filled, Faults::none(me.texts()), Some(&one)).await?))
}

async fn change(
    State(house): State<House>,
    me: Me,
    Path(at): Path<SessionChange>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::PlanSessions)?;
    let id = id_of(&at.id)?;
    let now = session::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let faults = match read(me.texts(), &filled, id, now.period, Some(&now)) {
        Ok(session) => {
            let input = ChangeSession { session, version: shown.version, reason: filled.maybe("reason") };
            match session::change(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(SessionPage { id: at.id })),
                Err(error) => fault(me.texts(), error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, now.period, &filled, faults, Some(&now)).await?).into_response())
}

/// What publishing does, or why it cannot be done yet.
async fn publishing(house: &House, me: &Me, one: &Session, faults: Faults) -> Result<FormView, Stop> {
    let texts = me.texts();
    let seen = session::preview(&house.db, me.caller(), one.id).await.map_err(|error| me.stop(error))?;
    let told: Vec<String> = seen.staff.iter().map(|it| it.name.clone()).collect();
    let told = if told.is_empty() { texts.t("session-nobody").to_string() } else { told.join(", ") };
    let back = SessionPage { id: one.id.to_string() };
    let version = one.version.to_string();
    let action = SessionPublish { id: one.id.to_string() }.to_string();
    let action = with_query(&action, [("version", version.as_str())]);
    let page =
        Page::new(me.viewer.clone(), texts.t("session-publish")).under(one.test_name.clone(), back.clone());
    let mut view = FormView::new(house, me, page, action, back, Vec::new(), faults)
        .about(format!("{} · {} · {}", one.test_name, one.room_code, when(texts, one)))
        .submit(texts.t("session-publish"), false);
    view.notice = Some(match seen.hindrance {
        Some(hindrance) => Notice::new(Tone::Warn, Telling::of(&hindrance).sentence(texts)),
        None => {
            let text = texts.t("session-publish-preview").with("staff", told).with("waiting", seen.waiting);
            Notice::new(Tone::Info, text)
        }
    });
    Ok(view)
}

async fn preview(
    State(house): State<House>,
    me: Me,
    Path(at): Path<SessionPublish>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::PlanSessions)?;
    let one = session::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    Ok(View::new(publishing(&house, &me, &one, Faults::none(me.texts())).await?))
}

async fn publish(
    State(house): State<House>,
    me: Me,
    Path(at): Path<SessionPublish>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::PlanSessions)?;
    let one = session::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    match session::publish(&house.db, &filled.caller(&me), one.id, shown.version).await {
        Ok(()) => Ok(to(SessionPage { id: at.id })),
        Err(error) => {
            let faults = fault(me.texts(), error)?;
            Ok(View::invalid(publishing(&house, &me, &one, faults).await?).into_response())
        }
    }
}

fn canceling(house: &House, me: &Me, one: &Session, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let back = SessionPage { id: one.id.to_string() };
    let version = one.version.to_string();
    let action = SessionCancel { id: one.id.to_string() }.to_string();
    let action = with_query(&action, [("version", version.as_str())]);
    let field = Field::area(texts, "reason", texts.t("field-reason")).hint(texts.t("question-reason-hint"));
    let page =
        Page::new(me.viewer.clone(), texts.t("session-cancel")).under(one.test_name.clone(), back.clone());
    let mut view = FormView::new(house, me, page, action, back, vec![filled.put(field)], faults)
        .about(format!("{} · {}, {}", one.test_name, moment(texts, one.starts_at), taken(texts, one)))
        .submit(texts.t("session-cancel"), true);
    view.notice = Some(Notice::new(Tone::Warn, texts.t("session-cancel-text")));
    view
}

async fn ask_cancel(
    State(house): State<House>,
    me: Me,
    Path(at): Path<SessionCancel>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::PlanSessions)?;
    let one = session::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    Ok(View::new(canceling(&house, &me, &one, &Filled::default(), Faults::none(me.texts()))))
}

async fn cancel(
    State(house): State<House>,
    me: Me,
    Path(at): Path<SessionCancel>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::PlanSessions)?;
    let one = session::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let reason = filled.text("reason");
    match session::cancel(&house.db, &filled.caller(&me), one.id, shown.version, reason).await {
        Ok(_) => Ok(to(SessionPage { id: at.id })),
        Err(error) => {
            let faults = fault(me.texts(), error)?;
            Ok(View::invalid(canceling(&house, &me, &one, &filled, faults)).into_response())
        }
    }
}
