//! Authoritative scoring. One arena per run, no allocation on the way, and an error instead of a guess.

mod arithmetic;
mod check;
mod compare;
mod custom;
mod evaluate;
mod map;
mod number;
mod random;
mod responses;
mod rule;
mod session;

pub use check::{check_responses, is_answered};
pub use custom::{Call, Operator, Registry, knows as knows_custom};
pub(crate) use evaluate::Machine;
pub use evaluate::TestView;
pub use number::round_decimal;
pub use random::Random;
pub use responses::{Raw, Responses};
pub(crate) use rule::Stop;
pub use session::{Session, StartFlag};

use crate::item::{Item, Role};
use crate::value::{Val, Value};
use bumpalo::Bump;

/// Whether two values match as `match` means it; NULL matches nothing.
pub fn is_match(a: Val<'_>, b: Val<'_>) -> bool {
    compare::matched(a, b) == Ok(Some(true))
}

/// Memory that runs reuse.
#[derive(Default)]
pub struct Scratch {
    arena: Bump,
}

impl Scratch {
    /// New memory.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn fresh(&mut self) -> &Bump {
        self.arena.reset();
        &self.arena
    }
}

/// Why scoring stopped: a person must look. Outcomes keep their defaults.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ScoreError {
    /// Line of the rule.
    pub line: u32,
    /// A sentence.
    pub message: String,
}

/// A reason inside an expression; boxed to keep results small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(Box<str>);

impl Fault {
    /// A new reason.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into().into_boxed_str())
    }

    /// The reason at its rule.
    pub fn at(self, line: u32) -> ScoreError {
        ScoreError { line, message: self.0.into_string() }
    }

    /// The reason alone.
    pub fn message(&self) -> &str {
        &self.0
    }
}

/// A remark about an answer: it was scored, and someone may want to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreFlag {
    /// The response.
    pub response: String,
    /// A sentence.
    pub message: String,
}

/// The outcome of a run; borrows from the item, the answers and the scratch memory.
#[derive(Debug)]
pub struct Scored<'a> {
    item: &'a Item,
    values: bumpalo::collections::Vec<'a, Val<'a>>,
    /// Answers that did not have the form of their type.
    pub flags: Vec<ScoreFlag>,
    /// Where the generator stands now.
    pub random: u32,
}

impl<'a> Scored<'a> {
    /// The value of a variable.
    pub fn get(&self, identifier: &str) -> Option<Val<'a>> {
        let (slot, _) = self.item.variables.named(identifier)?;
        self.at(slot)
    }

    /// The value in a slot.
    pub fn at(&self, slot: u16) -> Option<Val<'a>> {
        self.values.get(usize::from(slot)).copied()
    }

    /// All outcomes by name, in order of declaration.
    pub fn outcomes(&self) -> impl Iterator<Item = (&'a str, Val<'a>)> + '_ {
        let declared = self.item.variables.list.iter().zip(self.values.iter());
        declared.filter(|(v, _)| v.role == Role::Outcome).map(|(v, val)| (v.identifier.as_str(), *val))
    }

    /// All outcomes, owned, by slot.
    pub fn owned(&self) -> Vec<(u16, Value)> {
        let all = self.item.variables.list.iter().zip(self.values.iter()).enumerate();
        all.filter(|(_, (v, _))| v.role == Role::Outcome)
            .filter_map(|(i, (_, val))| Some((u16::try_from(i).ok()?, Value::from(*val))))
            .collect()
    }

    /// All responses as typed, owned, by slot.
    pub fn responses(&self) -> Vec<(u16, Value)> {
        let all = self.item.variables.list.iter().zip(self.values.iter()).enumerate();
        all.filter(|(_, (v, _))| v.role == Role::Response)
            .filter_map(|(i, (_, val))| Some((u16::try_from(i).ok()?, Value::from(*val))))
            .collect()
    }
}

/// The scoring engine: the custom operators it knows.
#[derive(Clone, Default)]
pub struct Engine {
    /// Custom operators.
    pub registry: Registry,
}

impl Engine {
    /// An engine with the built-in custom operators.
    pub fn new() -> Self {
        Self::default()
    }

    /// Scores one set of responses in a session.
    ///
    /// # Errors
    /// When a rule meets a type or cardinality it cannot take, an unknown operator, or anything else that QTI
    /// gives no value for. Nothing is then to be believed but the defaults.
    pub fn score<'a>(
        &'a self,
        item: &'a Item,
        session: &'a Session,
        responses: &'a Responses,
        scratch: &'a mut Scratch,
    ) -> Result<Scored<'a>, ScoreError> {
        let arena = scratch.fresh();
        let mut machine =
            Machine::new(&item.variables, &self.registry, arena, Random::resume(session.random));
        let mut flags = Vec::new();
        session.load(item, &mut machine);
        responses::bind(item, responses, &mut machine.values, arena, &mut flags)
            .map_err(|fault| fault.at(item.document.line))?;
        if let Some(program) = &item.response_processing {
            match machine.run(&program.rules) {
                Ok(()) | Err(Stop::Exit) => {}
                Err(Stop::Failed(error)) => return Err(error),
                Err(Stop::Restart) => {}
            }
        }
        let random = machine.random.state();
        Ok(Scored { item, values: machine.values, flags, random })
    }

    /// The defaults of all outcomes: what counts after a scoring error.
    pub fn defaults<'a>(
        &'a self,
        item: &'a Item,
        session: &'a Session,
        scratch: &'a mut Scratch,
    ) -> Scored<'a> {
        let arena = scratch.fresh();
        let mut machine =
            Machine::new(&item.variables, &self.registry, arena, Random::resume(session.random));
        session.load(item, &mut machine);
        Scored { item, values: machine.values, flags: Vec::new(), random: session.random }
    }
}
