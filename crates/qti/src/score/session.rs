//! The state of one item in the hands of one candidate: what was drawn, and what earlier attempts left.

use super::evaluate::Machine;
use super::random::Random;
use super::rule::Stop;
use super::{Engine, ScoreError};
use crate::item::{DURATION, Item, NUM_ATTEMPTS, Role};
use crate::value::{Atom, Value};
use bumpalo::Bump;
use serde::{Deserialize, Serialize};

/// Tries before a template that cannot meet its constraint falls back to its defaults.
const TRIES: usize = 100;

/// The stored state of an item session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Where it all started.
    pub seed: u64,
    /// Where the generator stands.
    pub random: u32,
    /// Template values drawn at the start, by slot.
    pub templates: Vec<(u16, Value)>,
    /// Keys set by template processing, by slot.
    pub corrects: Vec<(u16, Value)>,
    /// Defaults set by template processing, by slot.
    pub defaults: Vec<(u16, Value)>,
    /// Outcomes of the last attempt; adaptive items go on from them.
    pub outcomes: Vec<(u16, Value)>,
    /// Attempts so far.
    pub attempts: i32,
    /// Seconds so far.
    pub duration: f64,
}

/// A remark on the start of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartFlag {
    /// The constraint could not be met; the defaults were taken.
    Constraint,
    /// Template processing failed; the defaults were taken and a person must look.
    Failed(ScoreError),
}

impl Session {
    /// Starts a session: draws template values once. `given` are template defaults set by the test.
    pub fn start(
        engine: &Engine,
        item: &Item,
        seed: u64,
        given: &[(String, Value)],
    ) -> (Self, Option<StartFlag>) {
        let mut session = Self { seed, random: Random::new(seed).state(), ..Self::default() };
        let mut overridden: Vec<(u16, Value)> = Vec::new();
        for (name, value) in given {
            if let Some((slot, variable)) = item.variables.named(name)
                && variable.role == Role::Template
            {
                overridden.push((slot, value.clone()));
            }
        }
        session.templates = overridden;
        let Some(program) = item.template_processing.as_ref().filter(|p| !p.rules.is_empty()) else {
            return (session, None);
        };
        let given = session.templates.clone();
        let mut random = Random::new(seed);
        let mut flag = Some(StartFlag::Constraint);
        for _ in 0..TRIES {
            let arena = Bump::new();
            let mut machine = Machine::new(&item.variables, &engine.registry, &arena, random);
            for (slot, value) in &given {
                if let Some(place) = machine.values.get_mut(usize::from(*slot)) {
                    *place = value.val(&arena);
                }
            }
            let stop = machine.run(&program.rules);
            random = machine.random;
            match stop {
                Err(Stop::Restart) => continue,
                Err(Stop::Failed(error)) => {
                    flag = Some(StartFlag::Failed(error));
                    break;
                }
                Ok(()) | Err(Stop::Exit) => {}
            }
            let own = |list: &[(u16, crate::value::Val<'_>)]| -> Vec<(u16, Value)> {
                let mut out: Vec<(u16, Value)> = Vec::new();
                for (slot, val) in list {
                    out.retain(|(s, _)| s != slot);
                    out.push((*slot, Value::from(*val)));
                }
                out
            };
            let templates = item.variables.list.iter().zip(machine.values.iter()).enumerate();
            let drawn = templates
                .filter(|(_, (v, _))| v.role == Role::Template)
                .filter_map(|(i, (_, val))| Some((u16::try_from(i).ok()?, Value::from(*val))))
                .collect();
            session.corrects = own(&machine.corrects);
            session.defaults = own(&machine.defaults);
            session.templates = drawn;
            flag = None;
            break;
        }
        session.random = random.state();
        (session, flag)
    }

    /// Puts the stored values in their slots.
    pub(crate) fn load<'a>(&'a self, item: &'a Item, machine: &mut Machine<'a>) {
        let arena = machine.arena;
        let mut put = |slot: u16, value: &'a Value| {
            if let Some(place) = machine.values.get_mut(usize::from(slot)) {
                *place = value.val(arena);
            }
        };
        for (slot, value) in &self.templates {
            put(*slot, value);
        }
        for (slot, value) in &self.defaults {
            put(*slot, value);
        }
        if item.adaptive {
            for (slot, value) in &self.outcomes {
                put(*slot, value);
            }
        }
        if self.attempts != 0
            && let Some(place) = machine.values.get_mut(usize::from(NUM_ATTEMPTS))
        {
            *place = crate::value::Val::int(self.attempts);
        }
        if self.duration != 0.0
            && let Some(place) = machine.values.get_mut(usize::from(DURATION))
        {
            *place = crate::value::Val::One(crate::value::Scalar::Duration(self.duration));
        }
        machine.corrects.extend(self.corrects.iter().map(|(slot, value)| (*slot, value.val(arena))));
        machine.defaults.extend(self.defaults.iter().map(|(slot, value)| (*slot, value.val(arena))));
    }

    /// The key of a response in this session.
    pub fn correct<'s>(&'s self, item: &'s Item, slot: u16) -> &'s Value {
        static NULL: Value = Value::Null;
        let drawn = self.corrects.iter().rev().find(|(s, _)| *s == slot).map(|(_, v)| v);
        drawn.or_else(|| item.variables.get(slot).map(|v| &v.correct)).unwrap_or(&NULL)
    }

    /// The value of a template variable in this session.
    pub fn template<'s>(&'s self, item: &'s Item, slot: u16) -> &'s Value {
        static NULL: Value = Value::Null;
        let drawn = self.templates.iter().find(|(s, _)| *s == slot).map(|(_, v)| v);
        drawn.or_else(|| item.variables.get(slot).map(|v| &v.default)).unwrap_or(&NULL)
    }

    /// Whether the item says it is done.
    pub fn is_completed(&self, item: &Item) -> bool {
        let status = item.variables.named("completionStatus").map(|(slot, _)| slot);
        let value = status.and_then(|slot| self.outcomes.iter().find(|(s, _)| *s == slot));
        matches!(value, Some((_, Value::One(Atom::Id(status)))) if status == "completed")
    }
}
