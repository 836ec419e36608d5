//! Outcome processing, and what a test knows of its items.

use super::session::{ItemState, Status, TestSession};
use super::{ItemRef, Stop, Test};
use crate::item::{Item, Role};
use crate::program::{Expr, TestKind, TestQuery};
use crate::score::{Engine, Fault, Machine, Random, Stop as End, TestView};
use crate::value::{BaseType, Scalar, Val, Value};
use bumpalo::Bump;

/// A test and its session, as expressions see them.
pub(super) struct View<'a> {
    pub(super) test: &'a Test,
    pub(super) session: &'a TestSession,
}

impl TestSession {
    /// Outcomes before anything was answered.
    pub(super) fn default_outcomes(&mut self, engine: &Engine, test: &Test) {
        let arena = Bump::new();
        let machine = Machine::new(&test.variables, &engine.registry, &arena, Random::new(self.seed));
        self.outcomes = outcomes_of(test, &machine);
    }

    /// Runs outcome processing anew; `true` when it ended the test.
    pub(super) fn process_outcomes(&mut self, engine: &Engine, test: &Test) -> bool {
        let arena = Bump::new();
        let (outcomes, ended, error) = {
            let view = View { test, session: self };
            let mut machine = Machine::new(&test.variables, &engine.registry, &arena, Random::new(self.seed));
            machine.test = Some(&view);
            let result = match &test.outcome_processing {
                Some(program) => machine.run(&program.rules),
                None => Ok(()),
            };
            let failed = matches!(result, Err(End::Failed(_)));
            if failed {
                machine = Machine::new(&test.variables, &engine.registry, &arena, Random::new(self.seed));
            }
            let outcomes = outcomes_of(test, &machine);
            let ended = matches!(result, Err(End::Exit)) && exits_test(test);
            let error = match result {
                Err(End::Failed(error)) => Some(error.to_string()),
                _ => None,
            };
            (outcomes, ended, error)
        };
        self.outcomes = outcomes;
        self.scoring_error = error;
        ended
    }

    /// The truth of a condition at this moment.
    pub(super) fn holds(&mut self, engine: &Engine, test: &Test, expr: &Expr) -> bool {
        let arena = Bump::new();
        let result = {
            let view = View { test, session: self };
            let mut machine = Machine::new(&test.variables, &engine.registry, &arena, Random::new(self.seed));
            for (slot, value) in &self.outcomes {
                if let Some(place) = machine.values.get_mut(usize::from(*slot)) {
                    *place = value.val(&arena);
                }
            }
            if let (Some(place), Some((_, spent))) = (machine.values.get_mut(0), self.spent.first()) {
                *place = Val::One(Scalar::Duration(*spent));
            }
            machine.test = Some(&view);
            machine
                .eval(expr)
                .map(|value| matches!(value, Val::One(Scalar::Bool(true))))
                .map_err(|f| f.message().to_owned())
        };
        result.unwrap_or_else(|reason| {
            self.warnings
                .push(format!("a condition could not be worked out and counts as not met: {reason}"));
            false
        })
    }

    /// The value of an expression of the test, owned.
    pub(super) fn value_of(&self, engine: &Engine, test: &Test, expr: &Expr) -> Value {
        let arena = Bump::new();
        let view = View { test, session: self };
        let mut machine = Machine::new(&test.variables, &engine.registry, &arena, Random::new(self.seed));
        for (slot, value) in &self.outcomes {
            if let Some(place) = machine.values.get_mut(usize::from(*slot)) {
                *place = value.val(&arena);
            }
        }
        machine.test = Some(&view);
        machine.eval(expr).map_or(Value::Null, Value::from)
    }
}

fn outcomes_of(test: &Test, machine: &Machine<'_>) -> Vec<(u16, Value)> {
    let values = test.variables.list.iter().zip(machine.values.iter()).enumerate();
    values
        .filter(|(_, (v, _))| v.role == Role::Outcome)
        .filter_map(|(i, (_, val))| Some((u16::try_from(i).ok()?, Value::from(*val))))
        .collect()
}

/// `exit-test` is the only exit rule of outcome processing.
fn exits_test(test: &Test) -> bool {
    test.outcome_processing.is_some()
}

impl<'a> View<'a> {
    fn selected<'s>(
        &'s self,
        query: &'s TestQuery,
    ) -> impl Iterator<Item = (&'a Stop, &'a ItemState, &'a ItemRef)> + 's {
        let session: &'a TestSession = self.session;
        let test: &'a Test = self.test;
        session.route.iter().zip(&session.items).filter_map(move |(stop, state)| {
            let reference = test.reference(&stop.reference)?;
            let in_section = query.section.as_ref().is_none_or(|s| stop.sections.contains(s));
            let has = |list: &[String]| reference.categories.iter().any(|c| list.contains(c));
            let included = query.include.is_empty() || has(&query.include);
            let excluded = !query.exclude.is_empty() && has(&query.exclude);
            (in_section && included && !excluded).then_some((stop, state, reference))
        })
    }

    fn item(&self, stop: &Stop) -> Option<&'a Item> {
        let test: &'a Test = self.test;
        test.item(&stop.reference).map(|item| &**item)
    }
}

fn weight(reference: &ItemRef, name: Option<&str>) -> Option<f64> {
    let name = name?;
    Some(reference.weights.iter().find(|(id, _)| id == name).map_or(1.0, |(_, w)| *w))
}

/// The value of an item's variable under the name the test uses.
fn variable<'a>(
    state: &'a ItemState,
    item: Option<&'a Item>,
    reference: &ItemRef,
    name: &str,
    arena: &'a Bump,
) -> Option<Val<'a>> {
    let own = reference.mappings.iter().find(|(_, target)| target == name).map_or(name, |(source, _)| source);
    match own {
        "duration" => return Some(Val::One(Scalar::Duration(state.session.duration))),
        "completionStatus" if !state.presented => return Some(Val::One(Scalar::Id("not_attempted"))),
        "numAttempts" => return Some(Val::int(state.session.attempts)),
        _ => {}
    }
    if let Some((_, value)) = state.outcomes.iter().find(|(id, _)| id == own) {
        return Some(value.val(arena));
    }
    let item = item?;
    let (slot, declared) = item.variables.named(own)?;
    match declared.role {
        // Not yet marked is not 0.
        Role::Outcome if item.to_be_marked().contains(&own) => Some(Val::Null),
        Role::Outcome => Some(declared.default.val(arena)),
        Role::Response => Some(
            state.answered.iter().find(|(s, _)| *s == slot).map_or(Val::Null, |(_, value)| value.val(arena)),
        ),
        Role::Template => {
            let drawn = state.session.templates.iter().find(|(s, _)| *s == slot);
            Some(drawn.map_or(&declared.default, |(_, value)| value).val(arena))
        }
    }
}

fn weighted<'a>(value: Val<'a>, weight: Option<f64>) -> Val<'a> {
    match (value, weight) {
        (Val::One(scalar), Some(weight)) => scalar.number().map_or(value, |n| Val::float(n * weight)),
        _ => value,
    }
}

/// Whether the answers match every key: `None` when the item has no key or was not attempted.
fn is_correct(state: &ItemState, item: Option<&Item>) -> Option<bool> {
    let item = item?;
    if state.session.attempts == 0 {
        return None;
    }
    let arena = Bump::new();
    let mut keyed = false;
    let mut right = true;
    for (i, declared) in item.variables.list.iter().enumerate() {
        let Ok(slot) = u16::try_from(i) else { continue };
        let key = state.session.correct(item, slot);
        if declared.role != Role::Response || key.is_null() {
            continue;
        }
        keyed = true;
        let given = state.answered.iter().find(|(s, _)| *s == slot).map_or(Val::Null, |(_, v)| v.val(&arena));
        right &= crate::score::is_match(given, key.val(&arena));
    }
    keyed.then_some(right)
}

impl<'a> TestView<'a> for View<'a> {
    fn query(&self, query: &'a TestQuery, arena: &'a Bump) -> Result<Val<'a>, Fault> {
        let number = |n: usize| Val::int(i32::try_from(n).unwrap_or(i32::MAX));
        let all = self.selected(query);
        Ok(match query.kind {
            TestKind::NumberSelected => number(all.count()),
            TestKind::NumberPresented => number(all.filter(|(_, s, _)| s.presented).count()),
            TestKind::NumberResponded => number(
                all.filter(|(_, s, _)| s.session.attempts > 0 && crate::score::is_answered(&s.responses))
                    .count(),
            ),
            TestKind::NumberCorrect => {
                number(all.filter(|(stop, s, _)| is_correct(s, self.item(stop)) == Some(true)).count())
            }
            TestKind::NumberIncorrect => {
                number(all.filter(|(stop, s, _)| is_correct(s, self.item(stop)) == Some(false)).count())
            }
            TestKind::TestVariables => {
                let mut out = bumpalo::collections::Vec::new_in(arena);
                for (stop, state, reference) in all {
                    let value = variable(state, self.item(stop), reference, &query.variable, arena);
                    let Some(value) = value else { continue };
                    let mut take = |scalar: Scalar<'a>| {
                        let fits = query.base.is_none_or(|b| {
                            scalar.base_type() == b
                                || (b == BaseType::Float && matches!(scalar, Scalar::Int(_)))
                        });
                        if fits {
                            out.push(scalar);
                        }
                    };
                    match weighted(value, weight(reference, query.weight.as_deref())) {
                        Val::One(scalar) => take(scalar),
                        Val::Bag(members) | Val::List(members) => members.iter().for_each(|m| take(*m)),
                        Val::Null | Val::Record(_) => {}
                    }
                }
                Val::container(false, out.into_bump_slice())
            }
            TestKind::OutcomeMaximum | TestKind::OutcomeMinimum => {
                let mut out = bumpalo::collections::Vec::new_in(arena);
                for (stop, _, reference) in all {
                    let own = reference.mappings.iter().find(|(_, t)| *t == query.variable);
                    let name = own.map_or(query.variable.as_str(), |(source, _)| source);
                    let declared = self.item(stop).and_then(|i| i.variables.named(name)).map(|(_, v)| v);
                    let bound = declared.and_then(|v| {
                        if query.kind == TestKind::OutcomeMaximum {
                            v.normal_maximum
                        } else {
                            v.normal_minimum
                        }
                    });
                    match bound {
                        Some(bound) => {
                            let weight = weight(reference, query.weight.as_deref()).unwrap_or(1.0);
                            out.push(Scalar::Float(bound * weight));
                        }
                        None if query.kind == TestKind::OutcomeMaximum => return Ok(Val::Null),
                        None => {}
                    }
                }
                Val::container(false, out.into_bump_slice())
            }
        })
    }

    fn item_variable(
        &self,
        key: &str,
        name: &str,
        weight_name: Option<&str>,
        arena: &'a Bump,
    ) -> Result<Val<'a>, Fault> {
        let session: &'a TestSession = self.session;
        if key == self.test.identifier && name == "duration" {
            return Ok(Val::One(Scalar::Duration(session.spent.first().map_or(0.0, |(_, s)| *s))));
        }
        if let Some(at) = session.index_of(key) {
            let (Some(stop), Some(state)) = (session.route.get(at), session.items.get(at)) else {
                return Ok(Val::Null);
            };
            let Some(reference) = self.test.reference(&stop.reference) else { return Ok(Val::Null) };
            let value = variable(state, self.item(stop), reference, name, arena).unwrap_or(Val::Null);
            return Ok(weighted(value, weight(reference, weight_name)));
        }
        if name == "duration" {
            let spent = session.spent.iter().find(|(id, _)| id == key);
            return Ok(Val::One(Scalar::Duration(spent.map_or(0.0, |(_, s)| *s))));
        }
        // Not drawn is not wrong: its variables are NULL.
        if self.test.reference(key).is_some() {
            return Ok(Val::Null);
        }
        Err(Fault::new(format!("there is no item {key} in this test")))
    }
}

impl ItemState {
    /// Whether it can still be answered.
    pub(super) fn is_open(&self) -> bool {
        !matches!(self.status, Status::Closed | Status::Skipped)
    }
}
