//! Embedding what a reader asked for in place of its id, and taking embedded objects apart again.

use serde_json::Value;

use super::shelf::Key;
use super::{Kind, Memory, Shelf};

impl Memory {
    /// The value with every path of `expand` embedded; what is not known stays an id.
    pub(super) fn expanded(
        &self,
        institution: &str,
        shelf: Shelf,
        mut value: Value,
        expand: &[String],
    ) -> Value {
        for path in expand {
            self.expand_path(institution, shelf, &mut value, path);
        }
        value
    }

    fn expand_path(&self, institution: &str, shelf: Shelf, value: &mut Value, path: &str) {
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let Some(kind) = kind_of(name) else { return };
        match value.get_mut(name) {
            Some(Value::Array(list)) => {
                for element in list {
                    self.embed(institution, shelf, kind, element, rest);
                }
            }
            Some(element) => self.embed(institution, shelf, kind, element, rest),
            None => {}
        }
    }

    fn embed(&self, institution: &str, shelf: Shelf, kind: Kind, element: &mut Value, rest: Option<&str>) {
        if let Some(id) = element.as_str() {
            let here = Key::new(institution, shelf, kind, id);
            let there = Key::new(institution, Shelf::Session, kind, id);
            if let Some(whole) = self.value(&here).or_else(|| self.value(&there)) {
                *element = whole;
            }
        }
        if let Some(rest) = rest {
            self.expand_path(institution, shelf, element, rest);
        }
    }

    /// Takes an embedded object out of a message, keeps it and leaves its id.
    pub(super) fn take_apart(
        &self,
        institution: &str,
        shelf: Shelf,
        value: &mut Value,
        name: &str,
        flow: u8,
    ) {
        let (Some(kind), Some(id_name)) = (kind_of(name), id_of(name)) else { return };
        let Some(embedded) = value.get_mut(name) else { return };
        let Some(id) = embedded.get(id_name).and_then(Value::as_str).map(str::to_owned) else { return };
        let mut whole = std::mem::replace(embedded, Value::String(id.clone()));
        if kind == Kind::Offering {
            for inner in ["component", "organization", "program"] {
                self.take_apart(institution, shelf, &mut whole, inner, flow);
            }
        }
        self.put_value(&Key::new(institution, shelf, kind, &id), &whole, flow);
    }
}

fn kind_of(name: &str) -> Option<Kind> {
    match name {
        "person" => Some(Kind::Person),
        "offering" | "courseOffering" | "programOffering" => Some(Kind::Offering),
        "component" => Some(Kind::Component),
        "organization" | "parent" | "children" => Some(Kind::Organization),
        _ => None,
    }
}

fn id_of(name: &str) -> Option<&'static str> {
    match name {
        "person" => Some("personId"),
        "offering" => Some("offeringId"),
        "component" => Some("componentId"),
        "organization" => Some("organizationId"),
        _ => None,
    }
}
