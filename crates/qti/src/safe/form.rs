//! From the fields of a submitted page back to responses.

use super::SafeCopy;
use crate::score::{Raw, Responses};
use crate::value::{BaseType, Cardinality};
use std::collections::BTreeMap;

/// Behind the name of a response: the text as it was typed, where the canonical number is written otherwise.
pub const TYPED: &str = "~typed";

/// Between the name of a record and the name of one of its fields, where a frame fills them.
pub const RECORD_FIELD: &str = ":field=";

/// Reads the name and value pairs of a submitted form. Empty fields are no answer; pairs and points are put
/// together from their parts (`NAME:1:a` and `NAME:1:b`); replaced names become the declared ones again.
pub fn read_form(copy: &SafeCopy, pairs: &[(String, String)]) -> Responses {
    let mut responses = Responses::new();
    for field in &copy.fields {
        let mut values: Vec<String> = Vec::new();
        let mut record: Vec<(String, String)> = Vec::new();
        let mut parts: BTreeMap<u32, [String; 2]> = BTreeMap::new();
        for (name, value) in pairs {
            let Some(rest) = name.strip_prefix(field.identifier.as_str()) else { continue };
            let text = value.trim();
            if rest.is_empty() || rest.starts_with('~') {
                let keep = matches!(field.base, Some(BaseType::String) | None);
                if !text.is_empty() {
                    values.push(if keep { value.clone() } else { text.to_owned() });
                }
            } else if let Some(name) = rest.strip_prefix(RECORD_FIELD) {
                if !text.is_empty() && !record.iter().any(|(known, _)| known == name) {
                    record.push((name.to_owned(), value.clone()));
                }
            } else if let Some((number, side)) = rest.strip_prefix(':').and_then(|r| r.split_once(':')) {
                let Ok(number) = number.parse() else { continue };
                let part = parts.entry(number).or_default();
                match side {
                    "a" => text.clone_into(&mut part[0]),
                    "b" => text.clone_into(&mut part[1]),
                    _ => {}
                }
            }
        }
        for [a, b] in parts.into_values() {
            if !a.is_empty() && !b.is_empty() {
                values.push(format!("{a} {b}"));
            }
        }
        let typed = values.clone();
        let values: Vec<String> = values
            .into_iter()
            .map(|v| match field.base {
                Some(BaseType::Float | BaseType::Integer) if !v.contains('.') => v.replace(',', "."),
                Some(BaseType::Identifier | BaseType::Pair | BaseType::DirectedPair) => {
                    field.value_declared(&v)
                }
                _ => v,
            })
            .collect();
        if typed != values && matches!(field.base, Some(BaseType::Float | BaseType::Integer)) {
            responses.set(&format!("{}{TYPED}", field.identifier), Raw::One(typed.join("; ")));
        }
        let raw = match field.cardinality {
            Cardinality::Record if !record.is_empty() => Raw::Record(record),
            Cardinality::Multiple | Cardinality::Ordered if !values.is_empty() => Raw::Many(values),
            Cardinality::Single | Cardinality::Record => match values.into_iter().next() {
                Some(value) => Raw::One(value),
                None => Raw::Null,
            },
            // What was on the page and is empty now was taken back, also where a default stood.
            Cardinality::Multiple | Cardinality::Ordered => Raw::Null,
        };
        responses.set(&field.identifier, raw);
    }
    responses
}
