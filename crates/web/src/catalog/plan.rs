//! Exam plans: find and see them; what may be changed is linked from here.

use super::plan_form::{NeedsForm, Outcome, PlanAct, TestForm, UnitForm};
use super::plan_import::PlanSheet;
use super::{id_of, short};
use crate::address::{Address, page};
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{
    Button, Cell, Chip, Column, Empty, Fact, Faults, Field, Filter, List, Notice, Row, Tone, Weight, Wish,
};
use crate::telling::Telling;
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{Block, DetailView, FormView, ListView, history, to};
use axum::extract::{Path, Query, State as House_};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_catalog::plan::{self, AddPlan, Filter as Narrowed, State, Unit, Whole};
use regie_catalog::{Error, Paging};
use regie_core::day::in_school_time;
use regie_core::id::ExamPlanId;
use regie_core::pass_rule::PassRule;
use regie_texts::Texts;
use serde::Deserialize;

urls! {
    pub ExamPlans = "/exam-plans";
    pub NewPlan = "/exam-plans/new";
    pub PlanPage { id: String } = "/exam-plans/{id}";
}

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(ExamPlans::at(), list)
        .get(NewPlan::at(), new)
        .post(NewPlan::at(), add)
        .get(PlanPage::at(), show)
}

fn state_chip(texts: Texts, state: State) -> Chip {
    let tone = match state {
        State::Draft => Tone::Now,
        State::Frozen => Tone::Ok,
        State::Replaced => Tone::Plain,
    };
    Chip::new(tone, texts.of("plan-state", state.code()))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    cohort: String,
    #[serde(default)]
    state: String,
    page: Option<u32>,
}

async fn list(
    House_(house): House_<House>,
    me: Me,
    Query(asked): Query<Asked>,
) -> Result<View<ListView>, Stop> {
    let texts = me.texts();
    let narrowed = Narrowed {
        text: asked.q.chars().take(100).collect(),
        cohort: asked.cohort.parse().ok(),
        state: State::from_code(&asked.state),
        paging: Paging { page: page(asked.page), size: 50 },
    };
    let found = plan::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let address = Address::new(ExamPlans {})
        .keep("q", &asked.q)
        .keep("cohort", &asked.cohort)
        .keep("state", &asked.state);
    let columns = vec![
        Column::new(texts.t("program-name"), Weight::Key),
        Column::new(texts.t("offering-cohort"), Weight::Main).number(),
        Column::new(texts.t("plan-state"), Weight::Main),
        Column::new(texts.t("program-crebo"), Weight::Usual),
        Column::new(texts.t("plan-units"), Weight::Wide).number(),
        Column::new(texts.t("plan-tests"), Weight::Wide).number(),
    ];
    let rows = found.lines.into_iter().map(|line| {
        let level = texts.t("program-level-of").with("level", i64::from(line.level)).to_string();
        let href = PlanPage { id: line.id.to_string() }.to_string();
        Row {
            id: line.id.to_string(),
            name: format!("{} {}", line.name, line.cohort),
            cells: vec![
                Cell::Link { text: line.name, href, sub: Some(level) },
                Cell::text(line.cohort.to_string()),
                Cell::Chip(state_chip(texts, line.state)),
                Cell::text(line.crebo),
                Cell::text(texts.whole(line.units)),
                Cell::text(texts.whole(line.tests)),
            ],
        }
    });
    let this_year = u32::try_from(me.caller().today().year()).unwrap_or(2026);
    let mut cohorts = vec![(String::new(), texts.t("offering-cohort-all").to_string())];
    cohorts.extend((0..6).map(|back| (this_year - back).to_string()).map(|year| (year.clone(), year)));
    let mut states = vec![(String::new(), texts.t("plan-state-all").to_string())];
    states.extend(
        State::ALL
            .iter()
            .map(|it| (it.code().to_owned(), texts.of("plan-state", it.code()).to_string().to_lowercase())),
    );
    let filter = Filter {
        action: ExamPlans {}.to_string(),
        wishes: vec![
            Wish::Words(texts.t("filter-show").to_string()),
            Wish::Choose {
                name: "cohort".into(),
                label: texts.t("offering-cohort").to_string(),
                options: cohorts,
                chosen: asked.cohort.clone(),
            },
            Wish::Words(texts.t("filter-that-are").to_string()),
            Wish::Choose {
                name: "state".into(),
                label: texts.t("plan-state").to_string(),
                options: states,
                chosen: asked.state.clone(),
            },
            Wish::Words(texts.t("filter-with").to_string()),
            Wish::Search {
                name: "q".into(),
                label: texts.t("program-search").to_string(),
                value: asked.q.clone(),
            },
        ],
    };
    let cohort = narrowed.cohort.map(|it| address.chosen("cohort", it.to_string()));
    let state =
        narrowed.state.map(|it| address.chosen("state", texts.of("plan-state", it.code()).to_string()));
    let empty = Empty::new("clipboard-list", texts.t("plan-none"), texts.t("list-none-text"))
        .action(Button::link(texts.t("list-clear"), ExamPlans {}));
    let list = List {
        filter: Some(filter),
        active: address.words().into_iter().chain(cohort).chain(state).collect(),
        clear: ExamPlans {}.to_string(),
        total: found.total,
        rows: rows.collect(),
        pager: address.pager(texts, narrowed.paging.page, narrowed.paging.size, found.total),
        ..List::new(texts, "plans", texts.t("nav-plans"), columns, empty)
    };
    let first = me
        .may(Action::EditExamPlans)
        .then(|| Button::link(texts.t("plan-add"), NewPlan {}).icon("plus").primary());
    Ok(View::new(ListView::new(Page::new(me.viewer.clone(), texts.t("nav-plans")), list).first(first)))
}

/// When a unit is passed, in a few words.
pub(super) fn rule_words(texts: Texts, stored: &str) -> String {
    match serde_json::from_str(stored) {
        Ok(PassRule::Grade { least }) => texts.t("rule-grade").with("least", i64::from(least)).to_string(),
        Ok(rule @ PassRule::Letter { .. }) => texts.t("rule-letter").with("least", rule.short()).to_string(),
        Ok(PassRule::Done) => texts.t("rule-done").to_string(),
        Ok(PassRule::Listed) => texts.t("rule-listed").to_string(),
        Err(_) => "–".to_owned(),
    }
}

/// What stands in the plan: each unit, below it its work processes, with their tests.
fn units(texts: Texts, me: &Me, whole: &Whole, open: bool) -> List {
    let version = whole.plan.version;
    let plan = whole.plan.id.to_string();
    let mut ordered: Vec<&Unit> = Vec::new();
    for unit in whole.units.iter().filter(|unit| unit.parent.is_none()) {
        ordered.push(unit);
        ordered.extend(whole.units.iter().filter(|child| child.parent == Some(unit.id)));
    }
    let rows: Vec<Row> = ordered
        .into_iter()
        .map(|unit| {
            let tests: Vec<String> = whole
                .lines
                .iter()
                .filter(|line| line.unit == unit.id)
                .map(|line| {
                    let attempts = line.attempts.or(unit.attempts).map_or(0, i64::from);
                    texts
                        .t("plan-line")
                        .with("name", line.name.clone())
                        .with("weight", line.weight)
                        .with("attempts", attempts)
                        .to_string()
                })
                .collect();
            let mut cells = vec![
                Cell::Two {
                    text: format!(
                        "{}{} {}",
                        if unit.parent.is_some() { "– " } else { "" },
                        unit.code,
                        unit.name
                    ),
                    sub: texts.of("unit-kind", unit.kind.code()).to_string(),
                },
                Cell::Lines(if tests.is_empty() { vec!["–".into()] } else { tests }),
                Cell::text(rule_words(texts, &unit.pass_rule)),
            ];
            if open {
                let id = unit.id.to_string();
                let edit = with_query(&UnitForm { id: plan.clone() }.to_string(), [("unit", id.as_str())]);
                let test = with_query(&TestForm { id: plan.clone() }.to_string(), [("unit", id.as_str())]);
                cells.push(Cell::Buttons(vec![
                    Button::link(texts.t("person-edit"), edit).icon("pencil").small(),
                    Button::link(texts.t("plan-test-put"), test).icon("plus").small(),
                    Button::post(
                        texts.t("plan-remove"),
                        PlanAct { id: plan.clone(), act: "remove-unit".into() },
                        &me.viewer.csrf,
                    )
                    .with("version", version)
                    .with("what", id)
                    .icon("trash-2")
                    .small(),
                ]));
            }
            Row { id: unit.id.to_string(), name: unit.code.clone(), cells }
        })
        .collect();
    let mut columns = vec![
        Column::new(texts.t("plan-unit"), Weight::Key),
        Column::new(texts.t("plan-tests"), Weight::Main),
        Column::new(texts.t("plan-rule"), Weight::Usual),
    ];
    if open {
        columns.push(Column::new(texts.t("plan-acts"), Weight::Main));
    }
    let empty = Empty::new("clipboard-list", texts.t("plan-empty-title"), texts.t("plan-empty-text"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "units", texts.t("plan-units"), columns, empty)
    }
}

/// What must be there before which unit.
fn needs(texts: Texts, me: &Me, whole: &Whole, open: bool) -> List {
    let unit = |id| whole.units.iter().find(|unit| unit.id == id).map_or("?", |unit| unit.code.as_str());
    let test = |id| {
        whole.lines.iter().find(|line| line.test == id).map_or_else(String::new, |line| line.name.clone())
    };
    let rows: Vec<Row> = whole
        .prerequisites
        .iter()
        .map(|it| {
            let needed = it
                .needs_unit
                .map(|id| unit(id).to_owned())
                .or(it.needs_test.map(test))
                .or(it.year.map(|year| year.to_string()))
                .or(it.who.clone())
                .unwrap_or_default();
            let of = it.of_test.map_or_else(|| unit(it.of_unit).to_owned(), test);
            let mut cells = vec![
                Cell::text(of.clone()),
                Cell::text(texts.of("needs-of", &it.kind).with("value", needed).to_string()),
            ];
            if open {
                let act = PlanAct { id: whole.plan.id.to_string(), act: "remove-needs".into() };
                cells.push(Cell::Buttons(vec![
                    Button::post(texts.t("plan-remove"), act, &me.viewer.csrf)
                        .with("version", whole.plan.version)
                        .with("what", it.id)
                        .icon("trash-2")
                        .small(),
                ]));
            }
            Row { id: it.id.to_string(), name: of, cells }
        })
        .collect();
    let mut columns = vec![
        Column::new(texts.t("needs-before"), Weight::Key),
        Column::new(texts.t("needs-first"), Weight::Main),
    ];
    if open {
        columns.push(Column::new(texts.t("plan-acts"), Weight::Usual));
    }
    let empty = Empty::new("list-checks", texts.t("needs-none"), texts.t("needs-none-text"));
    List {
        total: rows.len() as u64,
        rows,
        ..List::new(texts, "needs", texts.t("needs-title"), columns, empty)
    }
}

async fn show(
    House_(house): House_<House>,
    me: Me,
    Path(at): Path<PlanPage>,
    Query(outcome): Query<Outcome>,
) -> Result<View<DetailView>, Stop> {
    let texts = me.texts();
    let id: ExamPlanId = id_of(&at.id)?;
    let whole = plan::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
    let one = &whole.plan;
    let open = one.state == State::Draft && me.may(Action::EditExamPlans);
    let frozen = one.frozen_at.map(|when| texts.moment(in_school_time(when).datetime()));
    let mut facts = vec![
        Fact::new(texts.t("program-crebo"), one.crebo.clone()),
        Fact::new(texts.t("offering-cohort"), one.cohort.to_string()),
        Fact::new(texts.t("program-level"), texts.whole(one.level.into())),
        Fact::new(texts.t("plan-edition"), texts.whole(one.edition)),
    ];
    if let (Some(when), Some(hash)) = (frozen, &one.hash) {
        facts.push(Fact::new(texts.t("plan-frozen-at"), when));
        facts.push(Fact::new(texts.t("content-hash"), short(hash)));
    }
    let form = |url: String| vec![Button::link(texts.t("plan-unit-add"), url).icon("plus")];
    let unit_acts = if open { form(UnitForm { id: at.id.clone() }.to_string()) } else { Vec::new() };
    let need_acts = match open && !whole.units.is_empty() {
        true => vec![Button::link(texts.t("needs-add"), NeedsForm { id: at.id.clone() }).icon("plus")],
        false => Vec::new(),
    };
    let blocks = vec![
        Block::facts(texts.t("person-facts"), facts),
        Block::list(texts.t("plan-units"), unit_acts, units(texts, &me, &whole, open)),
        Block::list(texts.t("needs-title"), need_acts, needs(texts, &me, &whole, open)),
    ];
    let flaws = plan::flaws(&whole);
    let act = |act: &str, word: &'static str| {
        let to = PlanAct { id: at.id.clone(), act: act.into() };
        Button::post(texts.t(word), to, &me.viewer.csrf).with("version", one.version)
    };
    let mut acts = Vec::new();
    if open {
        acts.push(
            Button::link(texts.t("plan-import"), PlanSheet { id: at.id.clone() }).icon("file-spreadsheet"),
        );
        acts.push(act("discard", "plan-discard").icon("trash-2").quiet());
    }
    let first = match one.state {
        State::Draft if me.may(Action::FreezeExamPlans) && flaws.is_empty() => {
            Some(act("freeze", "plan-freeze").icon("lock").primary())
        }
        State::Frozen if me.may(Action::EditExamPlans) => {
            let href = with_query(
                &NewPlan {}.to_string(),
                [("crebo", one.crebo.as_str()), ("cohort", &one.cohort.to_string())],
            );
            Some(Button::link(texts.t("plan-next"), href).icon("plus"))
        }
        _ => None,
    };
    let flawed = flaws.first().filter(|_| one.state == State::Draft).map(|flaw| {
        let sentence = Telling::of(&Error::Plan(flaw.clone())).sentence(texts);
        let more = i64::try_from(flaws.len()).unwrap_or(1) - 1;
        let text = texts.t("plan-flaws").with("first", sentence).with("more", more).to_string();
        Notice::new(Tone::Warn, text).title(texts.t("plan-flaws-title"))
    });
    let done = outcome
        .number
        .map(|number| Notice::new(Tone::Ok, texts.t("plan-frozen").with("number", number).to_string()));
    let told = match me.may(Action::EditExamPlans) {
        true => {
            let lines = plan::history(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))?;
            Some(history(&house, &me, &lines).await?)
        }
        false => None,
    };
    let title = format!("{} {}", one.name, one.cohort);
    let page = Page::new(me.viewer.clone(), title).under(texts.t("nav-plans"), ExamPlans {});
    Ok(View::new(DetailView {
        chip: Some(state_chip(texts, one.state)),
        acts,
        first,
        notice: done.or(flawed),
        history: told,
        ..DetailView::new(page, blocks)
    }))
}

#[derive(Debug, Default, Deserialize)]
struct From {
    #[serde(default)]
    crebo: String,
    #[serde(default)]
    cohort: String,
}

fn form(house: &House, me: &Me, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let levels = (1..=4_i64)
        .map(|level| {
            crate::part::Choice::new(
                level.to_string(),
                texts.t("program-level-of").with("level", level).to_string(),
            )
        })
        .collect();
    let fields = [
        Field::text(texts, "crebo", texts.t("program-crebo")).hint(texts.t("plan-crebo-hint")).short(),
        Field::number(texts, "cohort", texts.t("offering-cohort")),
        Field::text(texts, "name", texts.t("program-name")),
        Field::radios(texts, "level", texts.t("program-level"), levels),
    ]
    .into_iter()
    .map(|field| filled.put(field))
    .collect();
    let page = Page::new(me.viewer.clone(), texts.t("plan-add")).under(texts.t("nav-plans"), ExamPlans {});
    FormView::new(house, me, page, NewPlan {}, ExamPlans {}, fields, faults).about(texts.t("plan-add-text"))
}

/// A next edition begins with the facts of the one that holds.
async fn new(House_(house): House_<House>, me: Me, Query(from): Query<From>) -> Result<View<FormView>, Stop> {
    me.must(Action::EditExamPlans)?;
    let mut filled = Filled::of([("crebo", from.crebo.clone()), ("cohort", from.cohort.clone())]);
    if let Ok(cohort) = from.cohort.parse() {
        let narrowed = Narrowed {
            text: from.crebo.clone(),
            cohort: Some(cohort),
            state: Some(State::Frozen),
            paging: Paging::ALL,
        };
        let found = plan::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
        if let Some(line) = found.lines.into_iter().find(|line| line.crebo == from.crebo) {
            filled = filled.and("name", [line.name]).and("level", [line.level.to_string()]);
        }
    }
    Ok(View::new(form(&house, &me, &filled, Faults::none(me.texts()))))
}

async fn add(House_(house): House_<House>, me: Me, filled: Filled) -> Result<Response, Stop> {
    let texts = me.texts();
    me.must(Action::EditExamPlans)?;
    let mut reading = filled.reading(texts);
    let numbers = reading.number("cohort").zip(reading.number("level"));
    let faults = match reading.end(numbers) {
        Ok((cohort, level)) => {
            let input = AddPlan {
                id: house.new_id(),
                crebo: filled.text("crebo").trim().to_uppercase(),
                cohort,
                name: filled.text("name").into(),
                level,
            };
            match plan::add(&house.db, &filled.caller(&me), input).await {
                Ok(id) => return Ok(to(PlanPage { id: id.to_string() })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(form(&house, &me, &filled, faults)).into_response())
}
