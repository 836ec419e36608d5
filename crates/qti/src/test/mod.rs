//! Tests: parts, sections and item references; the route through them; and sessions as values that can be
//! stored, replayed and resumed.

mod clock;
mod navigate;
mod outcome;
mod read;
mod route;
mod script;
mod session;
mod words;

pub use read::read_test;
pub use route::{Stop, build_route};
pub use script::{Script, Step, run};
pub use session::{ItemState, Refusal, Status, TestSession};

use crate::item::{Item, Variables};
use crate::program::{Expr, Program};
use crate::value::Value;
use crate::xml::Element;
use std::sync::Arc;

/// A test, ready to be taken.
#[derive(Clone, Debug)]
pub struct Test {
    /// The whole document in 3.0 names, with referred sections in place.
    pub document: Element,
    /// Its identifier.
    pub identifier: String,
    /// Its title.
    pub title: String,
    /// Its variables.
    pub variables: Variables,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Its outcome processing.
    pub outcome_processing: Option<Program>,
    /// Its time limits.
    pub time: Option<TimeLimit>,
    /// Test feedback, as written.
    pub feedback: Vec<Element>,
    /// Its rubrics, as written.
    pub rubrics: Vec<Element>,
    /// The items by reference identifier; missing files are not here.
    pub items: Vec<(String, Arc<Item>)>,
}

impl Test {
    /// The item behind a reference.
    pub fn item(&self, reference: &str) -> Option<&Arc<Item>> {
        self.items.iter().find(|(id, _)| id == reference).map(|(_, item)| item)
    }

    /// A reference by identifier.
    pub fn reference(&self, identifier: &str) -> Option<&ItemRef> {
        fn find<'t>(nodes: &'t [Node], identifier: &str) -> Option<&'t ItemRef> {
            nodes.iter().find_map(|node| match node {
                Node::Item(item) if item.head.identifier == identifier => Some(&**item),
                Node::Item(_) => None,
                Node::Section(section) => find(&section.children, identifier),
            })
        }
        self.parts.iter().find_map(|part| find(&part.children, identifier))
    }

    /// A section by identifier.
    pub fn section(&self, identifier: &str) -> Option<&Section> {
        fn find<'t>(nodes: &'t [Node], identifier: &str) -> Option<&'t Section> {
            nodes.iter().find_map(|node| match node {
                Node::Section(section) if section.head.identifier == identifier => Some(&**section),
                Node::Section(section) => find(&section.children, identifier),
                Node::Item(_) => None,
            })
        }
        self.parts.iter().find_map(|part| find(&part.children, identifier))
    }
}

/// A part of a test.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its identifier.
    pub identifier: String,
    /// No way back.
    pub linear: bool,
    /// Each answer is processed at once.
    pub individual: bool,
    /// Conditions to enter.
    pub pre: Vec<Expr>,
    /// Where to go when leaving.
    pub branch: Vec<Branch>,
    /// Item session control set here.
    pub control: Control,
    /// Time limits.
    pub time: Option<TimeLimit>,
    /// Its sections.
    pub children: Vec<Node>,
    /// Its feedback, as written.
    pub feedback: Vec<Element>,
    /// Its rubrics, as written.
    pub rubrics: Vec<Element>,
}

/// What sections and item references have in common.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its identifier.
    pub identifier: String,
    /// Always selected.
    pub required: bool,
    /// Keeps its place when the rest is shuffled.
    pub fixed: bool,
    /// Conditions to enter.
    pub pre: Vec<Expr>,
    /// Where to go when leaving.
    pub branch: Vec<Branch>,
    /// Item session control set here.
    pub control: Control,
    /// Time limits.
    pub time: Option<TimeLimit>,
}

/// A child of a part or section.
#[derive(Clone, Debug)]
pub enum Node {
    /// A section.
    Section(Box<Section>),
    /// An item reference.
    Item(Box<ItemRef>),
}

/// A section.
#[derive(Clone, Debug)]
pub struct Section {
    /// What it has in common with items.
    pub head: Head,
    /// Its title.
    pub title: String,
    /// Whether candidates see it as a section.
    pub visible: bool,
    /// Whether its items stay together when its parent is shuffled.
    pub keep_together: bool,
    /// How many children are drawn, and whether one can be drawn again.
    pub selection: Option<(usize, bool)>,
    /// Whether its children are shuffled.
    pub shuffle: bool,
    /// Its rubrics, as written.
    pub rubrics: Vec<Element>,
    /// Its children.
    pub children: Vec<Node>,
}

/// A reference to an item.
#[derive(Clone, Debug)]
pub struct ItemRef {
    /// What it has in common with sections.
    pub head: Head,
    /// The file of the item.
    pub href: String,
    /// Its categories.
    pub categories: Vec<String>,
    /// Its weights.
    pub weights: Vec<(String, f64)>,
    /// Item variables under another name: item name, test name.
    pub mappings: Vec<(String, String)>,
    /// Template values the test sets.
    pub template_defaults: Vec<(String, Expr)>,
}

/// A branch rule.
#[derive(Clone, Debug)]
pub struct Branch {
    /// When to go.
    pub when: Expr,
    /// Where to.
    pub target: String,
}

/// Time limits, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimeLimit {
    /// Least time.
    pub min: Option<f64>,
    /// Most time.
    pub max: Option<f64>,
    /// Whether late answers count.
    pub late: bool,
}

/// Item session control; what is not set here comes from above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Control {
    /// Attempts; 0 is without limit.
    pub max_attempts: Option<u32>,
    /// Feedback after an attempt.
    pub show_feedback: Option<bool>,
    /// Looking back.
    pub allow_review: Option<bool>,
    /// The right answers on review.
    pub show_solution: Option<bool>,
    /// Comments.
    pub allow_comment: Option<bool>,
    /// Leaving without an answer.
    pub allow_skipping: Option<bool>,
    /// Refusing incomplete answers.
    pub validate_responses: Option<bool>,
}

impl Control {
    /// What counts when `self` stands inside `above`.
    #[must_use]
    pub fn within(self, above: Control) -> Control {
        Control {
            max_attempts: self.max_attempts.or(above.max_attempts),
            show_feedback: self.show_feedback.or(above.show_feedback),
            allow_review: self.allow_review.or(above.allow_review),
            show_solution: self.show_solution.or(above.show_solution),
            allow_comment: self.allow_comment.or(above.allow_comment),
            allow_skipping: self.allow_skipping.or(above.allow_skipping),
            validate_responses: self.validate_responses.or(above.validate_responses),
        }
    }
}

/// Values by name, for output.
pub type Named = Vec<(String, Value)>;
