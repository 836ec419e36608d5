//! A refusal: what is not possible, which rule, who can lift it, what you can do now.

use super::{Button, draws_itself};
use askama::Template;
use regie_texts::Texts;

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "part/refusal.html")]
pub struct Refusal {
    pub texts: Texts,
    /// *Je kunt dit resultaat niet vaststellen.*
    pub what: String,
    /// *Wie vaststelt, is niet de corrector van hetzelfde resultaat.*
    pub rule: String,
    /// Where the rule stands: its name and, if there is one, its page.
    pub source: Option<(String, Option<String>)>,
    /// Who can lift it, if anyone.
    pub lifted_by: Option<String>,
    /// Whether a rule stands behind it at all; if not, only the sentence is shown.
    pub about_rule: bool,
    /// What the reader can do instead.
    pub now: Vec<Button>,
}

draws_itself!(Refusal);

impl Refusal {
    pub fn new(texts: Texts, what: impl Into<String>, rule: impl Into<String>) -> Self {
        Self {
            texts,
            what: what.into(),
            rule: rule.into(),
            source: None,
            lifted_by: None,
            about_rule: true,
            now: Vec::new(),
        }
    }

    #[must_use]
    pub fn source(mut self, name: impl Into<String>, href: Option<String>) -> Self {
        self.source = Some((name.into(), href));
        self
    }

    #[must_use]
    pub fn lifted_by(mut self, who: impl Into<String>) -> Self {
        self.lifted_by = Some(who.into());
        self
    }

    #[must_use]
    pub fn now(mut self, action: Button) -> Self {
        self.now.push(action);
        self
    }
}
