//! What is done to the draft of a plan: units, tests, what comes first, and the steps of the plan itself.

use super::plan::{ExamPlans, PlanPage};
use super::{choices, id_of};
use crate::filled::Filled;
use crate::house::House;
use crate::me::Me;
use crate::page::{Page, View};
use crate::part::{Choice, Faults, Field};
use crate::told::{Stop, fault};
use crate::url::{Url as _, with_query};
use crate::urls;
use crate::view::{FormView, to};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use regie_access::Action;
use regie_catalog::plan::{
    self, Freeze, Needs, PutPrerequisite, PutTest, PutUnit, UnitKind, Whole, discard, freeze,
    put_prerequisite, put_test, put_unit, remove_prerequisite, remove_test, remove_unit,
};
use regie_catalog::{Paging, test};
use regie_core::id::{ExamPlanId, ExamUnitId};
use regie_core::pass_rule::PassRule;
use serde::Deserialize;

urls! {
    pub UnitForm { id: String } = "/exam-plans/{id}/unit";
    pub TestForm { id: String } = "/exam-plans/{id}/test";
    pub NeedsForm { id: String } = "/exam-plans/{id}/needs";
    /// `freeze`, `discard`, `remove-unit`, `remove-test` or `remove-needs`.
    pub PlanAct { id: String, act: String } = "/exam-plans/{id}/acts/{act}";
}

pub(super) fn door() -> crate::door::Door<House> {
    crate::door::Door::default()
        .get(UnitForm::at(), ask_unit)
        .post(UnitForm::at(), save_unit)
        .get(TestForm::at(), ask_test)
        .post(TestForm::at(), save_test)
        .get(NeedsForm::at(), ask_needs)
        .post(NeedsForm::at(), save_needs)
        .post(PlanAct::at(), act)
}

/// What the page of the plan says was done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Outcome {
    pub number: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
struct About {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    version: i64,
}

async fn whole(house: &House, me: &Me, id: &str) -> Result<Whole, Stop> {
    me.must(Action::EditExamPlans)?;
    let id: ExamPlanId = id_of(id)?;
    plan::see(&house.db, me.caller(), id).await.map_err(|error| me.stop(error))
}

/// A form of this plan, which comes back with the version that was on screen.
fn framed(
    house: &House,
    me: &Me,
    whole: &Whole,
    (title, url): (&'static str, String),
    unit: &str,
    fields: Vec<Field>,
    faults: Faults,
) -> FormView {
    let texts = me.texts();
    let back = PlanPage { id: whole.plan.id.to_string() };
    let page = Page::new(me.viewer.clone(), texts.t(title))
        .under(texts.t("nav-plans"), ExamPlans {})
        .under(format!("{} {}", whole.plan.name, whole.plan.cohort), back.clone());
    let version = whole.plan.version.to_string();
    let action = with_query(&url, [("unit", unit), ("version", version.as_str())]);
    FormView::new(house, me, page, action, back, fields, faults)
}

fn unit_choices(whole: &Whole, but: Option<ExamUnitId>) -> Vec<Choice> {
    let others = whole.units.iter().filter(|unit| Some(unit.id) != but);
    others.map(|unit| Choice::new(unit.id.to_string(), format!("{} {}", unit.code, unit.name))).collect()
}

fn unit_page(house: &House, me: &Me, whole: &Whole, unit: &str, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let mut parents = vec![Choice::new("", "–")];
    let tops = Whole {
        units: whole.units.iter().filter(|it| it.parent.is_none()).cloned().collect(),
        ..whole.clone()
    };
    parents.extend(unit_choices(&tops, unit.parse().ok()));
    let kinds = choices(texts, "unit-kind", UnitKind::ALL.iter().map(|kind| kind.code()));
    let fields = [
        Field::text(texts, "code", texts.t("field-code")).hint(texts.t("plan-unit-code-hint")).short(),
        Field::text(texts, "name", texts.t("field-name")),
        Field::radios(texts, "kind", texts.t("unit-kind"), kinds),
        Field::select(texts, "parent", texts.t("unit-parent"), parents).optional(),
        Field::text(texts, "rule", texts.t("plan-rule")).hint(texts.t("plan-rule-hint")).short(),
        Field::number(texts, "attempts", texts.t("plan-attempts")).optional(),
        Field::number(texts, "position", texts.t("plan-position")).hint(texts.t("plan-position-hint")),
        Field::number(texts, "weight", texts.t("unit-weight")).hint(texts.t("unit-weight-hint")),
    ]
    .into_iter()
    .map(|field| filled.put(field))
    .collect();
    let url = UnitForm { id: whole.plan.id.to_string() }.to_string();
    framed(house, me, whole, ("plan-unit-put", url), unit, fields, faults)
}

async fn ask_unit(
    State(house): State<House>,
    me: Me,
    Path(at): Path<UnitForm>,
    Query(about): Query<About>,
) -> Result<View<FormView>, Stop> {
    let whole = whole(&house, &me, &at.id).await?;
    let known = whole.units.iter().find(|unit| unit.id.to_string() == about.unit);
    let filled = match known {
        Some(unit) => Filled::of([
            ("code", unit.code.clone()),
            ("name", unit.name.clone()),
            ("kind", unit.kind.code().into()),
            ("parent", unit.parent.map(|id| id.to_string()).unwrap_or_default()),
            ("rule", serde_json::from_str(&unit.pass_rule).map(PassRule::short).unwrap_or_default()),
            ("attempts", unit.attempts.map(|it| it.to_string()).unwrap_or_default()),
            ("position", unit.position.to_string()),
            ("weight", unit.weight.to_string()),
        ]),
        None => {
            let last = whole.units.iter().map(|unit| unit.position).max().unwrap_or(0);
            let position = (last + 10).to_string();
            Filled::of([("rule", "6".into()), ("position", position), ("weight", "1".into())])
        }
    };
    let none = Faults::none(me.texts());
    Ok(View::new(unit_page(&house, &me, &whole, &about.unit, &filled, none)))
}

async fn save_unit(
    State(house): State<House>,
    me: Me,
    Path(at): Path<UnitForm>,
    Query(about): Query<About>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let whole = whole(&house, &me, &at.id).await?;
    let mut reading = filled.reading(texts);
    let kind = reading.code("kind", UnitKind::from_code);
    let rule = reading.code("rule", PassRule::read);
    let parent = reading.maybe_chosen("parent");
    let attempts = filled.maybe("attempts").and_then(|_| reading.number("attempts"));
    let numbers = reading.number("position").zip(reading.number("weight"));
    let faults = match reading.end(kind.zip(rule).zip(numbers)) {
        Ok(((kind, rule), (position, weight))) => {
            let input = PutUnit {
                plan: whole.plan.id,
                version: about.version,
                unit: about.unit.parse().unwrap_or_else(|_| house.new_id()),
                parent,
                code: filled.text("code").into(),
                name: filled.text("name").into(),
                kind,
                position: position.into(),
                weight: weight.into(),
                rule,
                attempts,
            };
            match put_unit(&house.db, &filled.caller(&me), input).await {
                Ok(()) => return Ok(to(PlanPage { id: at.id })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(unit_page(&house, &me, &whole, &about.unit, &filled, faults)).into_response())
}

async fn test_page(
    house: &House,
    me: &Me,
    whole: &Whole,
    unit: &str,
    filled: &Filled,
    faults: Faults,
) -> Result<FormView, Stop> {
    let texts = me.texts();
    let narrowed = test::Filter { paging: Paging::ALL, ..test::Filter::default() };
    let found = test::list(&house.db, me.caller(), &narrowed).await.map_err(|error| me.stop(error))?;
    let tests = found
        .lines
        .into_iter()
        .map(|line| Choice::new(line.id.to_string(), format!("{} ({})", line.name, line.code)))
        .collect();
    let fields = [
        Field::select(texts, "test", texts.t("test-one"), tests),
        Field::number(texts, "weight", texts.t("plan-weight")).unit("%"),
        Field::number(texts, "attempts", texts.t("plan-attempts")).optional(),
        Field::text(texts, "least", texts.t("plan-least"))
            .hint(texts.t("plan-least-hint"))
            .short()
            .optional(),
        Field::number(texts, "position", texts.t("plan-position")),
    ]
    .into_iter()
    .map(|field| filled.put(field))
    .collect();
    let url = TestForm { id: whole.plan.id.to_string() }.to_string();
    Ok(framed(house, me, whole, ("plan-test-put", url), unit, fields, faults))
}

async fn ask_test(
    State(house): State<House>,
    me: Me,
    Path(at): Path<TestForm>,
    Query(about): Query<About>,
) -> Result<View<FormView>, Stop> {
    let whole = whole(&house, &me, &at.id).await?;
    let unit: ExamUnitId = id_of(&about.unit)?;
    let there: Vec<_> = whole.lines.iter().filter(|line| line.unit == unit).collect();
    let left = 100 - there.iter().map(|line| line.weight).sum::<i64>();
    let position = there.iter().map(|line| line.position).max().unwrap_or(0) + 10;
    let filled = Filled::of([("weight", left.max(0).to_string()), ("position", position.to_string())]);
    let none = Faults::none(me.texts());
    Ok(View::new(test_page(&house, &me, &whole, &about.unit, &filled, none).await?))
}

/// A grade with a comma or a point, in tenths.
fn tenths(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let (whole, part): (u32, u32) = (whole.trim().parse().ok()?, part.trim().parse().ok()?);
    (part <= 9 && whole <= 10).then_some(whole * 10 + part)
}

async fn save_test(
    State(house): State<House>,
    me: Me,
    Path(at): Path<TestForm>,
    Query(about): Query<About>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let whole = whole(&house, &me, &at.id).await?;
    let mut reading = filled.reading(texts);
    let test = reading.chosen("test");
    let attempts = filled.maybe("attempts").and_then(|_| reading.number("attempts"));
    let least = filled.maybe("least").and_then(|_| reading.code("least", tenths));
    let numbers = reading.number("weight").zip(reading.number("position"));
    let faults = match reading.end(test.zip(numbers)) {
        Ok((test, (weight, position))) => {
            let input = PutTest {
                plan: whole.plan.id,
                version: about.version,
                unit: id_of(&about.unit)?,
                test,
                position: position.into(),
                weight: weight.into(),
                attempts,
                least,
            };
            match put_test(&house.db, &filled.caller(&me), input).await {
                Ok(()) => return Ok(to(PlanPage { id: at.id })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(test_page(&house, &me, &whole, &about.unit, &filled, faults).await?).into_response())
}

fn needs_page(house: &House, me: &Me, whole: &Whole, filled: &Filled, faults: Faults) -> FormView {
    let texts = me.texts();
    let mut tests: Vec<Choice> = vec![Choice::new("", "–")];
    tests.extend(whole.lines.iter().map(|line| Choice::new(line.test.to_string(), line.name.clone())));
    let mut units = vec![Choice::new("", "–")];
    units.extend(unit_choices(whole, None));
    let kinds = Needs::KINDS.map(|kind| Choice::new(kind, texts.of("needs-kind", kind)));
    let fields = [
        Field::select(texts, "of_unit", texts.t("needs-before"), unit_choices(whole, None)),
        Field::radios(texts, "needs", texts.t("needs-kind"), kinds.into()),
        Field::select(texts, "needs_unit", texts.t("needs-unit"), units).optional(),
        Field::select(texts, "needs_test", texts.t("needs-test"), tests).optional(),
        Field::number(texts, "year", texts.t("needs-year")).optional(),
        Field::text(texts, "who", texts.t("needs-who")).optional(),
    ]
    .into_iter()
    .map(|field| filled.put(field))
    .collect();
    let url = NeedsForm { id: whole.plan.id.to_string() }.to_string();
    framed(house, me, whole, ("needs-add", url), "", fields, faults)
}

async fn ask_needs(
    State(house): State<House>,
    me: Me,
    Path(at): Path<NeedsForm>,
) -> Result<View<FormView>, Stop> {
    let whole = whole(&house, &me, &at.id).await?;
    Ok(View::new(needs_page(&house, &me, &whole, &Filled::default(), Faults::none(me.texts()))))
}

async fn save_needs(
    State(house): State<House>,
    me: Me,
    Path(at): Path<NeedsForm>,
    Query(about): Query<About>,
    filled: Filled,
) -> Result<Response, Stop> {
    let texts = me.texts();
    let whole = whole(&house, &me, &at.id).await?;
    let mut reading = filled.reading(texts);
    let of_unit = reading.chosen("of_unit");
    let needs = match filled.text("needs") {
        "unit-passed" => reading.chosen("needs_unit").map(Needs::UnitPassed),
        "test-passed" => reading.chosen("needs_test").map(Needs::TestPassed),
        "test-taken" => reading.chosen("needs_test").map(Needs::TestTaken),
        "year" => reading.number("year").map(Needs::Year),
        "agreement" => Some(Needs::Agreement(filled.text("who").into())),
        _ => {
            reading.fault("needs", texts.t("told-choose-one"));
            None
        }
    };
    let faults = match reading.end(of_unit.zip(needs)) {
        Ok((of_unit, needs)) => {
            let input = PutPrerequisite {
                id: house.new_id(),
                plan: whole.plan.id,
                version: about.version,
                of_unit,
                of_test: None,
                needs,
            };
            match put_prerequisite(&house.db, &filled.caller(&me), input).await {
                Ok(()) => return Ok(to(PlanPage { id: at.id })),
                Err(error) => fault(texts, error)?,
            }
        }
        Err(faults) => faults,
    };
    Ok(View::invalid(needs_page(&house, &me, &whole, &filled, faults)).into_response())
}

/// A step without a form of its own: what it is about and the version come with the button.
async fn act(
    State(house): State<House>,
    me: Me,
    Path(at): Path<PlanAct>,
    filled: Filled,
) -> Result<Response, Stop> {
    let freezing = at.act == "freeze";
    me.must(if freezing { Action::FreezeExamPlans } else { Action::EditExamPlans })?;
    let (db, caller, id, version) = (&house.db, filled.caller(&me), id_of(&at.id)?, filled.version());
    let what = filled.text("what");
    let mut back = PlanPage { id: at.id.clone() }.to_string();
    let done = match at.act.as_str() {
        "freeze" => {
            let input = Freeze { id, version, decision: house.new_id() };
            freeze(db, &caller, input).await.map(|number| {
                back = with_query(&back, [("number", number.to_string().as_str())]);
            })
        }
        "discard" => {
            back = ExamPlans {}.to_string();
            discard(db, &caller, id, version).await
        }
        "remove-unit" => remove_unit(db, &caller, id, version, id_of(what)?).await,
        "remove-needs" => remove_prerequisite(db, &caller, id, version, id_of(what)?).await,
        "remove-test" => {
            remove_test(db, &caller, id, version, id_of(what)?, id_of(filled.text("test"))?).await
        }
        _ => return Err(crate::error::Error::NotFound.into()),
    };
    done.map_err(|error| me.stop(error))?;
    Ok(to(back))
}
