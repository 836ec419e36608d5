//! An assessment item: its document in the one 3.0 vocabulary, and what scoring and rendering need of it.

mod declaration;
mod interaction;

pub use declaration::{AreaMapping, MapEntry, Mapping, Role, Shape, Table, Variable};
pub use interaction::{Interaction, Kind, interactions};

use crate::import::Source;
use crate::program::{Compiler, Program, Scope, compile_rules};
use crate::report::Severity;
use crate::value::{Atom, BaseType, Value};
use crate::xml::{Element, Path};
use std::collections::HashMap;

/// The slot of `numAttempts`.
pub const NUM_ATTEMPTS: u16 = 0;
/// The slot of `duration`.
pub const DURATION: u16 = 1;
/// The slot of `completionStatus`.
pub const COMPLETION: u16 = 2;

/// What may stand directly in an item, beside its declarations.
const ITEM_PARTS: &[&str] = &[
    "qti-context-declaration",
    "qti-template-processing",
    "qti-assessment-stimulus-ref",
    "qti-companion-materials-info",
    "qti-stylesheet",
    "qti-item-body",
    "qti-catalog-info",
    "qti-response-processing",
    "qti-modal-feedback",
];

/// The variables of an item or a test, by slot and by name.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// By slot.
    pub list: Vec<Variable>,
    names: HashMap<String, u16>,
    test: bool,
}

impl Variables {
    /// The built-in variables of an item.
    pub fn of_item() -> Self {
        let mut all = Self::default();
        all.push(Variable::built_in(
            "numAttempts",
            Role::Response,
            BaseType::Integer,
            Value::One(Atom::Int(0)),
        ));
        all.push(Variable::built_in(
            "duration",
            Role::Response,
            BaseType::Duration,
            Value::One(Atom::Duration(0.0)),
        ));
        all.push(Variable::built_in(
            "completionStatus",
            Role::Outcome,
            BaseType::Identifier,
            Value::One(Atom::Id("unknown".to_owned())),
        ));
        all
    }

    /// The built-in variables of a test.
    pub fn of_test() -> Self {
        let mut all = Self { test: true, ..Self::default() };
        all.push(Variable::built_in(
            "duration",
            Role::Response,
            BaseType::Duration,
            Value::One(Atom::Duration(0.0)),
        ));
        all
    }

    /// Adds a variable; `false` when the name is taken or there are too many.
    pub fn push(&mut self, variable: Variable) -> bool {
        let Ok(slot) = u16::try_from(self.list.len()) else { return false };
        if self.names.contains_key(&variable.identifier) {
            return false;
        }
        self.names.insert(variable.identifier.clone(), slot);
        self.list.push(variable);
        true
    }

    /// The variable in a slot.
    pub fn get(&self, slot: u16) -> Option<&Variable> {
        self.list.get(usize::from(slot))
    }

    /// The variable of a name.
    pub fn named(&self, identifier: &str) -> Option<(u16, &Variable)> {
        let slot = *self.names.get(identifier)?;
        Some((slot, self.get(slot)?))
    }

    /// Reads one declaration and adds it.
    pub fn declare(&mut self, element: &Element, role: Role, path: &Path<'_>, source: &mut Source<'_>) {
        let Some(variable) = Variable::read(element, role, path, source) else { return };
        let name = variable.identifier.clone();
        // Authors may restate a built-in variable.
        if matches!(name.as_str(), "numAttempts" | "duration" | "completionStatus") {
            return;
        }
        let message = if self.names.contains_key(&name) {
            format!("{name} is declared twice; the first declaration counts")
        } else {
            format!("{name} is one variable too many; at most {} are kept", u16::MAX)
        };
        if !self.push(variable) {
            source.report.add(Severity::Error, "identifier", element.line, path.to_string(), message);
        }
    }
}

impl Scope for Variables {
    fn slot(&self, identifier: &str) -> Option<u16> {
        self.names.get(identifier).copied()
    }

    fn base(&self, slot: u16) -> Option<BaseType> {
        self.get(slot).and_then(|v| v.base)
    }

    fn role(&self, slot: u16) -> Option<Role> {
        self.get(slot).map(|v| v.role)
    }

    fn is_test(&self) -> bool {
        self.test
    }
}

/// An item, ready for scoring and rendering.
#[derive(Clone, Debug)]
pub struct Item {
    /// The whole document, cleaned, in QTI 3.0 names.
    pub document: Element,
    /// Its identifier.
    pub identifier: String,
    /// Its title.
    pub title: String,
    /// Its language, when given.
    pub language: Option<String>,
    /// Whether it can take several attempts that build on each other.
    pub adaptive: bool,
    /// Whether time counts for its score.
    pub time_dependent: bool,
    /// Its variables.
    pub variables: Variables,
    /// Its response processing, if any.
    pub response_processing: Option<Program>,
    /// Its template processing, if any.
    pub template_processing: Option<Program>,
    /// Its interactions in document order.
    pub interactions: Vec<Interaction>,
}

impl Item {
    /// Reads an item from its cleaned 3.0 document.
    pub fn read(document: Element, source: &mut Source<'_>) -> Self {
        let root = Path::root(&document.name);
        let mut variables = Variables::of_item();
        for (i, child) in document.elements().enumerate() {
            let here = root.at(&child.name, i + 1);
            let role = match child.name.as_str() {
                "qti-response-declaration" => Role::Response,
                "qti-outcome-declaration" => Role::Outcome,
                "qti-template-declaration" => Role::Template,
                name => {
                    if !ITEM_PARTS.contains(&name) {
                        let message =
                            format!("<{name}> has no meaning directly in an item and does nothing there");
                        source.report.add(
                            Severity::Error,
                            "misplaced",
                            child.line,
                            here.to_string(),
                            message,
                        );
                    }
                    continue;
                }
            };
            variables.declare(child, role, &here, source);
        }
        let identifier = document.get("identifier").unwrap_or_default().trim().to_owned();
        if identifier.is_empty() {
            let line = document.line;
            source.report.add(
                Severity::Error,
                "identifier",
                line,
                root.to_string(),
                "the item has no identifier",
            );
        }
        let interactions = interactions(&document, &mut variables, source);
        let mut program = |name: &str| {
            let at = document.elements().position(|e| e.name == name)?;
            let element = document.elements().nth(at)?;
            let path = root.at(name, at + 1);
            let mut compiler = Compiler { scope: &variables, source, includes: 8 };
            Some(compile_rules(element, &path, &mut compiler))
        };
        let response_processing = program("qti-response-processing");
        let template_processing = program("qti-template-processing");
        let flag = |name: &str| document.get(name).is_some_and(|v| matches!(v.trim(), "true" | "1"));
        Self {
            identifier,
            title: document.get("title").unwrap_or_default().to_owned(),
            language: document.get("xml:lang").map(str::to_owned),
            adaptive: flag("adaptive"),
            time_dependent: flag("time-dependent"),
            variables,
            response_processing,
            template_processing,
            interactions,
            document,
        }
    }

    /// The shared stimuli it refers to, by identifier, from the package of `source`; what is missing is reported.
    pub fn stimuli(&self, source: &mut Source<'_>) -> Vec<(String, Element)> {
        let mut found = Vec::new();
        for reference in self.document.all("qti-assessment-stimulus-ref") {
            let href = reference.get("href").unwrap_or_default().trim();
            let identifier = reference.get("identifier").unwrap_or_default().trim();
            match source.open_tree(href) {
                Ok(stimulus) if stimulus.is("qti-assessment-stimulus") => {
                    found.push((identifier.to_owned(), stimulus));
                }
                other => {
                    let reason = other.err().unwrap_or_else(|| "it is something else".to_owned());
                    let message = format!("the stimulus {href} cannot be shown: {reason}");
                    source.report.add(Severity::Error, "stimulus", reference.line, href.to_owned(), message);
                }
            }
        }
        found
    }

    /// Whether rules exist that can score it.
    pub fn is_machine_scored(&self) -> bool {
        self.response_processing.as_ref().is_some_and(|p| !p.rules.is_empty())
    }

    /// Whether an outcome is given from outside, by a person or another machine.
    pub fn is_external(&self, outcome: &str) -> bool {
        let scored = self.variables.named(outcome).and_then(|(_, v)| v.external_scored.as_deref());
        scored.is_some_and(|e| !e.is_empty() && e != "false")
    }

    /// Outcomes a person or another machine must still fill: marked so by the item, or the score when there are no rules for it
    /// though there is something to answer.
    pub fn to_be_marked(&self) -> Vec<&str> {
        let outcomes = self.variables.list.iter().filter(|v| v.role == Role::Outcome);
        let external = outcomes.filter(|v| self.is_external(&v.identifier));
        let mut marked: Vec<&str> = external.map(|v| v.identifier.as_str()).collect();
        let answers = self.interactions.iter().any(|i| i.kind.is_answered());
        if !self.is_machine_scored() && answers && marked.is_empty() {
            marked.push("SCORE");
        }
        marked
    }
}
