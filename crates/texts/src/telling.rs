//! Errors of the areas, told to a reader: a code and arguments become a sentence in their language.
//!
//! Each code has the text `told-<code>`. An argument named `role`, `action`, `kind` or `field` holds a
//! code of its own, which becomes its word (`role-student`, `action-see-people`) when there is one.

use crate::Texts;
use regie_core::{Role, Standing, Told};

/// What an area's error says, kept until the reader's language is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    pub standing: Standing,
    pub code: &'static str,
    pub arguments: Vec<(&'static str, String)>,
    /// The roles that can lift it.
    pub who: Vec<Role>,
    /// The field of the form it is about.
    pub field: Option<&'static str>,
}

impl Telling {
    pub fn of(error: &impl Told) -> Self {
        Self {
            standing: error.standing(),
            code: error.code(),
            arguments: error.arguments(),
            who: error.who(),
            field: error.field(),
        }
    }

    /// The rule in the reader's language.
    pub fn sentence(&self, texts: Texts) -> String {
        let mut text = texts.of("told", self.code);
        for (name, value) in &self.arguments {
            text = text.with(name, word(texts, name, value));
        }
        text.to_string()
    }

    /// The roles that can lift it, as one line.
    pub fn lifted_by(&self, texts: Texts) -> Option<String> {
        let names: Vec<String> =
            self.who.iter().map(|role| texts.of("role", role.code()).to_string()).collect();
        let (last, others) = names.split_last()?;
        if others.is_empty() {
            return Some(last.clone());
        }
        let others = others.join(", ");
        Some(texts.t("told-one-of").with("others", others).with("last", last.clone()).to_string())
    }
}

/// The word for a code, by the name of the argument it stands in; the code itself when there is none.
pub fn word(texts: Texts, name: &str, code: &str) -> String {
    let known = match name {
        "role" => texts.of("role", code),
        "action" => texts.of("action", code),
        "kind" => texts.of("kind", code),
        "field" => texts.of("field", code),
        "column" => texts.of("column", code),
        "state" => texts.of("import-state", code),
        "stage" => texts.of("stage", code),
        "check" => texts.of("check-point", code),
        "period" | "next" => texts.of("period-state", code),
        "registration" => texts.of("registration-state", code),
        "channel" => texts.of("period-channel", code),
        "sitting" => texts.of("session-state", code),
        _ => return code.to_owned(),
    };
    if known.exists() { known.to_string() } else { code.to_owned() }
}
