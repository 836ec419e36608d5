//! What a check has to say about a message: where, which rule, how bad, in two languages.

use serde::Serialize;
use std::fmt;

use crate::rule::Rule;

/// One remark about one place in a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// JSON pointer (RFC 6901) to the value concerned; empty for the whole message.
    pub pointer: String,
    /// The rule that was not kept.
    pub rule: Rule,
    /// Which of the three judges speaks.
    pub level: Level,
    /// What it means for the exchange.
    pub severity: Severity,
    /// The particulars: a name, an expected form. Never a person's data.
    pub detail: String,
}

impl Finding {
    /// The whole sentence in Dutch.
    #[must_use]
    pub fn nl(&self) -> String {
        self.rule.text().nl.replace("{}", &self.detail)
    }

    /// The whole sentence in English.
    #[must_use]
    pub fn en(&self) -> String {
        self.rule.text().en.replace("{}", &self.detail)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "/" } else { &self.pointer };
        write!(f, "{:?} {} {place}: {} [{}]", self.level, self.severity, self.en(), self.rule.id())
    }
}

/// The three judges, from the letter of the schema to good manners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The published OpenAPI bundle.
    Schema,
    /// The written agreement, which wins where it differs from the bundle.
    Agreement,
    /// What the agreement leaves open and practice teaches.
    Advice,
}

/// What a finding means for the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A trap of the schema or an oddity without consequence: read on.
    Note,
    /// Understood, but a stricter partner may refuse it.
    Warning,
    /// Cannot be understood, or breaks a duty.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A place in a message, kept on the stack while reading, so that a message without findings costs nothing.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    up: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'p> {
    Root,
    Key(&'p str),
    Index(usize),
}

impl Place<'static> {
    /// The message itself.
    #[must_use]
    pub const fn root() -> Self {
        Place { up: None, step: Step::Root }
    }
}

impl<'p> Place<'p> {
    /// The attribute `name` of this place.
    #[must_use]
    pub const fn key(&'p self, name: &'p str) -> Place<'p> {
        Place { up: Some(self), step: Step::Key(name) }
    }

    /// The element `index` of this place.
    #[must_use]
    pub const fn index(&'p self, index: usize) -> Place<'p> {
        Place { up: Some(self), step: Step::Index(index) }
    }

    /// The JSON pointer of this place.
    #[must_use]
    pub fn pointer(&self) -> String {
        let mut steps = Vec::new();
        let mut here = Some(self);
        while let Some(place) = here {
            match place.step {
                Step::Root => {}
                Step::Key(name) => steps.push(name.replace('~', "~0").replace('/', "~1")),
                Step::Index(index) => steps.push(index.to_string()),
            }
            here = place.up;
        }
        let mut pointer = String::new();
        for step in steps.iter().rev() {
            pointer.push('/');
            pointer.push_str(step);
        }
        pointer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_what_the_rfc_says() {
        let root = Place::root();
        let items = root.key("items");
        let first = items.index(0);
        assert_eq!(first.key("a/b~c").pointer(), "/items/0/a~1b~0c");
        assert_eq!(root.pointer(), "");
    }
}
