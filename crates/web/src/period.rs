//! Exam periods: when who may register, how a period goes on, and the demand it gathers.

use crate::error::Error;
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Bars, Button, Cell, Chip, Column, Empty, Fact, Faults, Field, List, Notice, Row, Share, Tone, Weight,
};
use crate::record::Shown;
use crate::registration::{RegisterGroup, Registrations};
use crate::session::Sessions;
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{Block, DetailView, FormView, ListView, history, period as days, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use regie_access::Action;
use regie_core::day::in_school_time;
use regie_core::id::ExamPeriodId;
use regie_core::period::{Channel, Gate, State as Step, Window, gate};
use regie_planning::demand::{self, Line};
use regie_planning::period::{self, AddPeriod, EditPeriod, Period};
use regie_texts::Texts;

urls! {
    pub Periods = "/periods";
    pub NewPeriod = "/periods/new";
    pub PeriodPage { id: String } = "/periods/{id}";
    pub PeriodEdit { id: String } = "/periods/{id}/edit";
    pub PeriodAdvance { id: String } = "/periods/{id}/advance";
}

pub fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(Periods::at(), list)
        .get(NewPeriod::at(), new)
        .post(NewPeriod::at(), add)
        .get(PeriodPage::at(), show)
        .get(PeriodEdit::at(), edit)
        .post(PeriodEdit::at(), save)
        .get(PeriodAdvance::at(), ask)
        .post(PeriodAdvance::at(), advance)
}

pub(crate) fn id_of(text: &str) -> Result<ExamPeriodId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

/// A moment in words, by the school's clock.
pub(crate) fn moment(texts: Texts, at: Timestamp) -> String {
    texts.moment(in_school_time(at).datetime())
}

pub(crate) fn state_chip(texts: Texts, state: Step) -> Chip {
    let tone = match state {
        Step::Draft | Step::Archived => Tone::Plain,
        Step::Open => Tone::Ok,
        Step::Frozen | Step::Planned => Tone::Info,
        Step::Running => Tone::Warn,
    };
    Chip::new(tone, texts.of("period-state", state.code()))
}

/// What a channel does now, in words.
fn window_words(texts: Texts, window: Option<Window>, now: Timestamp) -> String {
    let Some(Window { opens, closes }) = window else { return texts.t("period-shut").to_string() };
    let word = match gate(window, now) {
        Gate::NotYet(_) => texts.t("period-not-yet"),
        Gate::Late(_) => texts.t("period-late"),
        _ => texts.t("period-open"),
    };
    word.with("opens", moment(texts, opens)).with("closes", moment(texts, closes)).to_string()
}

async fn list(State(house): State<House>, me: Me) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let found = period::list(&house.db, me.caller()).await.map_err(|error| me.stop(error))?;
    let now = house.clock.now();
    let columns = vec![
        Column::new(texts.t("period-name"), Weight::Key),
        Column::new(texts.t("person-state"), Weight::Main),
        Column::new(texts.t("period-days"), Weight::Usual),
        Column::new(texts.t("period-channel-teacher"), Weight::Wide),
    ];
    let rows = found.into_iter().map(|one| Row {
        id: one.id.to_string(),
        name: one.name.clone(),
        cells: vec![
            Cell::Link {
                text: one.name.clone(),
                href: PeriodPage { id: one.id.to_string() }.to_string(),
                sub: Some(one.code.clone()),
            },
            Cell::Chip(state_chip(texts, one.state)),
            Cell::text(days(texts, one.begins, Some(one.ends))),
            Cell::text(window_words(texts, one.window(Channel::Teacher), now)),
        ],
    });
    let rows: Vec<Row> = rows.collect();
    let empty = Empty::new("calendar-days", texts.t("period-none"), texts.t("period-none-text"));
    let list = List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "periods", texts.t("nav-periods"), columns, empty)
    };
    let first = me
        .may(Action::EditPeriods)
        .then(|| Button::link(texts.t("period-add"), NewPeriod {}).icon("plus").primary());
    Ok(View::new(ListView::new(Page::new(me.viewer.clone(), texts.t("nav-periods")), list).first(first)))
}

/// The demand of a period as a list; each line leads to the registrations behind it.
fn demand_list(texts: Texts, id: &str, lines: &[Line]) -> List {
    let frozen = lines.iter().any(|line| line.frozen.is_some());
    let mut columns = vec![
        Column::new(texts.t("demand-test"), Weight::Key),
        Column::new(texts.t("demand-campus"), Weight::Usual),
        Column::new(texts.t("demand-total"), Weight::Main).number(),
        Column::new(texts.t("demand-needs"), Weight::Main).number(),
        Column::new(texts.t("demand-sound"), Weight::Wide).number(),
        Column::new(texts.t("demand-own-room"), Weight::Wide).number(),
        Column::new(texts.t("demand-unlimited"), Weight::Wide).number(),
    ];
    if frozen {
        columns.push(Column::new(texts.t("demand-delta"), Weight::Usual).number());
    }
    let rows = lines.iter().map(|line| {
        let now = &line.now;
        let campus = now.campus.map(|id| id.to_string()).unwrap_or_default();
        let test = now.test.to_string();
        let place = with_query(
            &Registrations { id: id.to_owned() }.to_string(),
            [("test", test.as_str()), ("campus", campus.as_str())],
        );
        let mut cells = vec![
            Cell::Link { text: now.test_name.clone(), href: place, sub: Some(now.test_code.clone()) },
            Cell::text(now.campus_name.clone().unwrap_or_else(|| texts.t("demand-no-campus").to_string())),
            Cell::text(texts.whole(now.total)),
            Cell::text(texts.whole(now.needs)),
            Cell::text(texts.whole(now.sound)),
            Cell::text(texts.whole(now.own_room)),
            Cell::text(texts.whole(now.unlimited)),
        ];
        if frozen {
            let delta = line.delta();
            let sign = if delta > 0 { "+" } else { "" };
            cells.push(Cell::text(format!("{sign}{}", texts.whole(delta))));
        }
        Row { id: format!("{}-{campus}", now.test), name: now.test_name.clone(), cells }
    });
    let rows: Vec<Row> = rows.collect();
    let empty = Empty::new("users", texts.t("demand-none"), texts.t("demand-none-text"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "demand", texts.t("demand-title"), columns, empty)
    }
}

/// The same as a picture: the tests most wanted.
fn demand_bars(texts: Texts, lines: &[Line]) -> Bars {
    let mut wanted: Vec<&Line> = lines.iter().collect();
    wanted.sort_by_key(|line| std::cmp::Reverse(line.now.total));
    let bars = wanted.into_iter().take(12).map(|line| {
        let place = line.now.campus_name.as_ref().map(|campus| format!(", {campus}")).unwrap_or_default();
        #[allow(clippy::cast_precision_loss, reason = "a length in a picture")]
        let value = line.now.total as f64;
        Share {
            name: format!("{}{place}", line.now.test_name),
            value,
            shown: texts.whole(line.now.total),
            tone: if line.now.needs > 0 { Tone::Info } else { Tone::Plain },
        }
    });
    Bars {
        title: texts.t("demand-picture").to_string(),
        note: texts.t("demand-picture-note").to_string(),
        bars: bars.collect(),
        most: None,
    }
}

async fn show(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PeriodPage>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let id = id_of(&at.id)?;
    let one = period::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let lines = period::history(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let now = house.clock.now();
    let mut facts = vec![
        Fact::new(texts.t("period-code"), one.code.clone()),
        Fact::new(texts.t("period-days"), days(texts, one.begins, Some(one.ends))),
    ];
    for channel in Channel::ALL {
        let name = texts.of("period-channel", channel.code());
        facts.push(Fact::new(name, window_words(texts, one.window(channel), now)));
    }
    if let Some(frozen) = one.frozen_at {
        facts.push(Fact::new(texts.t("period-frozen-at"), moment(texts, frozen)));
    }
    let mut blocks = vec![Block::facts(texts.t("period-facts"), facts)];
    if me.may(Action::SeeDemand) {
        let demand = demand::of_period(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
        if !demand.is_empty() {
            blocks.push(Block::Bars(demand_bars(texts, &demand)));
        }
        blocks.push(Block::list(texts.t("demand-title"), Vec::new(), demand_list(texts, &at.id, &demand)));
    }
    let mut acts = Vec::new();
    if me.may(Action::SeeRegistrations) {
        let place = Registrations { id: at.id.clone() };
        acts.push(Button::link(texts.t("registrations-see"), place).icon("users"));
    }
    if me.may(Action::SeeSessions) {
        let place = Sessions { id: at.id.clone() };
        acts.push(Button::link(texts.t("session-see"), place).icon("calendar-clock"));
    }
    let may = me.may(Action::EditPeriods);
    if may && matches!(one.state, Step::Draft | Step::Open) {
        let place = PeriodEdit { id: at.id.clone() };
        acts.push(Button::link(texts.t("person-edit"), place).icon("pencil"));
    }
    if may && one.state.next().is_some() {
        let word = texts.of("period-advance", one.state.code());
        acts.push(Button::link(word, PeriodAdvance { id: at.id.clone() }).icon("chevron-right"));
    }
    let first = (me.may(Action::RegisterStudents) && one.state != Step::Draft).then(|| {
        Button::link(texts.t("register-group"), RegisterGroup { id: at.id.clone() })
            .icon("user-plus")
            .primary()
    });
    let page = Page::new(me.viewer.clone(), one.name.clone()).under(texts.t("nav-periods"), Periods {});
    Ok(View::new(DetailView {
        chip: Some(state_chip(texts, one.state)),
        acts,
        first,
        history: Some(history(&house, &me, &lines).await?),
        ..DetailView::new(page, blocks)
    }))
}

fn form(house: &House, me: &Me, filled: &Filled, faults: Faults, known: Option<(&str, &Period)>) -> FormView {
    let texts = me.texts();
    let mut fields = vec![
        filled.put(Field::text(texts, "name", texts.t("period-name")).hint(texts.t("period-name-hint"))),
        filled.put(Field::text(texts, "code", texts.t("period-code")).short()),
        filled.put(Field::date(texts, "begins", texts.t("period-first-day"))),
        filled.put(Field::date(texts, "ends", texts.t("period-last-day"))),
    ];
    for channel in Channel::ALL {
        for (which, word) in [("opens", "period-opens"), ("closes", "period-closes")] {
            let who = texts.of("period-channel", channel.code()).to_string();
            let field =
                Field::moment(texts, &format!("{}_{which}", channel.code()), texts.t(word).with("who", who));
            let hint = if which == "opens" { "period-opens-hint" } else { "period-closes-hint" };
            fields.push(filled.put(field.hint(texts.t(hint)).optional()));
        }
    }
    let (title, action, back) = match known {
        Some((id, one)) => {
            fields.push(filled.put(Field::area(texts, "reason", texts.t("field-reason")).optional()));
            let action = PeriodEdit { id: id.to_owned() }.to_string();
            let version = one.version.to_string();
            (
                texts.t("person-edit-title").with("name", one.name.clone()).to_string(),
                with_query(&action, [("version", version.as_str())]),
                PeriodPage { id: id.to_owned() }.to_string(),
            )
        }
        None => (texts.t("period-add").to_string(), NewPeriod {}.to_string(), Periods {}.to_string()),
    };
    let page = Page::new(me.viewer.clone(), title).under(texts.t("nav-periods"), Periods {});
    FormView::new(house, me, page, action, back, fields, faults)
}

fn read(texts: Texts, filled: &Filled, id: ExamPeriodId) -> Result<AddPeriod, Faults> {
    let mut reading = filled.reading(texts);
    let (begins, ends) = (reading.date("begins"), reading.date("ends"));
    let [student, teacher, central] = Channel::ALL.map(|channel| {
        let (from, until) = (format!("{}_opens", channel.code()), format!("{}_closes", channel.code()));
        match (reading.maybe_moment(&from), reading.maybe_moment(&until)) {
            (Some(opens), Some(closes)) => Some(Window { opens, closes }),
            (None, None) => None,
            (None, Some(_)) => {
                reading.fault(&from, texts.t("period-window-half"));
                None
            }
            (Some(_), None) => {
                reading.fault(&until, texts.t("period-window-half"));
                None
            }
        }
    });
    let (code, name) = (filled.text("code").to_owned(), filled.text("name").to_owned());
    let whole = begins.zip(ends).map(|(begins, ends)| AddPeriod {
        id,
        code,
        name,
        begins,
        ends,
        student,
        teacher,
        central,
    });
    reading.end(whole)
}

async fn new(State(house): State<House>, me: Me) -> Result<View<FormView>, Stop> {
    me.must(Action::EditPeriods)?;
    Ok(View::new(form(&house, &me, &Filled::default(), Faults::none(me.texts()), None)))
}

async fn add(State(house): State<House>, me: Me, filled: Filled) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditPeriods)?;
    let faults = match read(texts, &filled, house.new_id()) {
        Ok(input) => match period::add(&house.db, &filled.caller(&me), input).await {
            Ok(id) => return Ok(to(PeriodPage { id: id.to_string() })),
            Err(error) => fault(texts, error)?,
        },
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &filled, faults, None)).into_response())
}

/// As a field of day and time holds it.
fn local(at: Option<Timestamp>) -> String {
    at.map(|at| in_school_time(at).strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
}

async fn edit(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PeriodEdit>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::EditPeriods)?;
    let one = period::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    let filled = Filled::of([
        ("code", one.code.clone()),
        ("name", one.name.clone()),
        ("begins", one.begins.to_string()),
        ("ends", one.ends.to_string()),
        ("student_opens", local(one.student_opens)),
        ("student_closes", local(one.student_closes)),
        ("teacher_opens", local(one.teacher_opens)),
        ("teacher_closes", local(one.teacher_closes)),
        ("central_opens", local(one.central_opens)),
        ("central_closes", local(one.central_closes)),
    ]);
    Ok(View::new(form(&house, &me, &filled, Faults::none(me.texts()), Some((&at.id, &one)))))
}

async fn save(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PeriodEdit>,
    Query(shown): Query<Shown>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditPeriods)?;
    let id = id_of(&at.id)?;
    let now = period::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let faults = match read(texts, &filled, id) {
        Ok(period) => {
            let input = EditPeriod { period, version: shown.version, reason: filled.maybe("reason") };
            match period::edit(&house.db, &filled.caller(&me), input).await {
                Ok(_) => return Ok(to(PeriodPage { id: at.id })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &filled, faults, Some((&at.id, &now)))).into_response())
}

/// What the next step does, before it is taken: it cannot be taken back.
fn question(house: &House, me: &Me, id: &str, one: &Period, faults: Faults) -> Result<FormView, Stop> {
    let texts = me.texts();
    let next = one.state.next().ok_or(Error::NotFound)?;
    let word = texts.of("period-advance", one.state.code()).to_string();
    let version = one.version.to_string();
    let action = with_query(
        &PeriodAdvance { id: id.to_owned() }.to_string(),
        [("version", version.as_str()), ("to", next.code())],
    );
    let page = Page::new(me.viewer.clone(), word.clone())
        .under(texts.t("nav-periods"), Periods {})
        .under(one.name.clone(), PeriodPage { id: id.to_owned() });
    let mut view =
        FormView::new(house, me, page, action, PeriodPage { id: id.to_owned() }, Vec::new(), faults)
            .about(one.name.clone())
            .submit(word, false);
    view.notice = Some(Notice::new(Tone::Info, texts.of("period-advance-text", one.state.code())));
    Ok(view)
}

async fn ask(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PeriodAdvance>,
) -> Result<View<FormView>, Stop> {
    me.must(Action::EditPeriods)?;
    let one = period::see(&house.db, me.caller(), id_of(&at.id)?).await.map_err(|error| me.stop(error))?;
    Ok(View::new(question(&house, &me, &at.id, &one, Faults::none(me.texts()))?))
}

#[derive(Debug, Default, serde::Deserialize)]
struct Advance {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    to: String,
}

async fn advance(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PeriodAdvance>,
    Query(asked): Query<Advance>,
    filled: Filled,
) -> Result<Response, Stop> {
    me.must(Action::EditPeriods)?;
    let id = id_of(&at.id)?;
    let one = period::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let next = Step::from_code(&asked.to).or(one.state.next()).ok_or(Error::NotFound)?;
    match period::advance(&house.db, &filled.caller(&me), id, next, asked.version).await {
        Ok(()) => Ok(to(PeriodPage { id: at.id })),
        Err(error) => {
            let faults = fault(me.texts(), error)?;
            Ok(View::invalid(question(&house, &me, &at.id, &one, faults)?).into_response())
        }
    }
}
