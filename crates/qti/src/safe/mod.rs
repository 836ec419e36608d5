//! The answer-safe copy: the only thing that rendering sees, so that a page cannot tell what it does not have.
//!
//! Taken out: keys, mappings, tables, all processing, feedback not earned, rubrics and catalogue entries for
//! others, metadata, private `data-` attributes. Settled on the server: template values, what is shown of
//! templates, and the order of shuffled choices. Names of files and choices that tell an answer are replaced.

mod copy;
mod form;
mod name;

pub use copy::{Needs, View, copy};
pub use form::{RECORD_FIELD, TYPED, read_form};

use crate::value::{BaseType, Cardinality};
use crate::xml::Element;
use std::collections::BTreeMap;

/// What of a response variable a page may know.
#[derive(Clone, Debug)]
pub struct Field {
    /// The response identifier.
    pub identifier: String,
    /// How many values.
    pub cardinality: Cardinality,
    /// Of what type.
    pub base: Option<BaseType>,
    /// Replaced choice identifiers: as shown, as declared.
    pub aliases: Vec<(String, String)>,
}

/// A delivery copy of an item.
#[derive(Clone, Debug)]
pub struct SafeCopy {
    /// The item's identifier, or a neutral one when it tells.
    pub identifier: String,
    /// The item's title.
    pub title: String,
    /// The item's language.
    pub language: Option<String>,
    /// The body, safe.
    pub body: Element,
    /// Shared stimuli, safe.
    pub stimuli: Vec<Element>,
    /// Earned modal feedback, safe.
    pub feedback: Vec<Element>,
    /// What may be answered.
    pub fields: Vec<Field>,
    /// Replaced file names: as shown, as in the package.
    pub assets: BTreeMap<String, String>,
    /// The order in which choices are shown, by response identifier and set.
    pub orders: BTreeMap<String, Vec<String>>,
    /// Catalogue entries for the supports in use: catalogue, support, language, text.
    pub catalog: Vec<(String, String, Option<String>, String)>,
    /// The right answers, only where showing them was asked for.
    pub solution: Vec<(String, Vec<String>)>,
}

impl SafeCopy {
    /// What may be known of a response.
    pub fn field(&self, identifier: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.identifier == identifier)
    }
}

impl Field {
    /// A choice identifier as declared.
    pub fn declared<'s>(&'s self, shown: &'s str) -> &'s str {
        self.aliases.iter().find(|(s, _)| s == shown).map_or(shown, |(_, d)| d)
    }

    /// A choice identifier as shown.
    pub fn shown<'s>(&'s self, declared: &'s str) -> &'s str {
        self.aliases.iter().find(|(_, d)| d == declared).map_or(declared, |(s, _)| s)
    }

    /// A value, word by word, as shown.
    pub fn value_shown(&self, declared: &str) -> String {
        if self.aliases.is_empty() {
            return declared.to_owned();
        }
        declared.split(' ').map(|word| self.shown(word)).collect::<Vec<_>>().join(" ")
    }

    /// A value, word by word, as declared.
    pub fn value_declared(&self, shown: &str) -> String {
        if self.aliases.is_empty() {
            return shown.to_owned();
        }
        shown.split(' ').map(|word| self.declared(word)).collect::<Vec<_>>().join(" ")
    }
}
