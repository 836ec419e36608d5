//! What candidates submit: texts by response identifier, not yet typed.

use super::arithmetic::LONGEST;
use super::{Fault, ScoreFlag};
use crate::item::{Item, Kind, Role, Variable};
use crate::value::{BaseType, Cardinality, Scalar, Val, parse, parse_float, parse_integer};
use bumpalo::Bump;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// One submitted answer.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Raw {
    /// Nothing.
    #[default]
    Null,
    /// One text.
    One(String),
    /// Several texts.
    Many(Vec<String>),
    /// Named texts.
    Record(Vec<(String, String)>),
}

/// The answers of one attempt.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Responses {
    entries: Vec<(String, Raw)>,
}

impl Responses {
    /// No answers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an answer.
    pub fn set(&mut self, identifier: &str, raw: Raw) {
        match self.entries.iter_mut().find(|(id, _)| id == identifier) {
            Some((_, old)) => *old = raw,
            None => self.entries.push((identifier.to_owned(), raw)),
        }
    }

    /// An answer.
    pub fn get(&self, identifier: &str) -> Option<&Raw> {
        self.entries.iter().find(|(id, _)| id == identifier).map(|(_, raw)| raw)
    }

    /// All answers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Raw)> {
        self.entries.iter().map(|(id, raw)| (id.as_str(), raw))
    }

    /// Reads `{"RESPONSE": "A" | ["A","B"] | null | {"field": value}}`.
    ///
    /// # Errors
    /// A sentence when the JSON has another shape.
    pub fn from_json(json: &Json) -> Result<Self, String> {
        let object =
            json.as_object().ok_or("responses are an object with a value per response identifier")?;
        let mut responses = Self::new();
        for (identifier, value) in object {
            responses.set(identifier, raw(value).map_err(|e| format!("{identifier}: {e}"))?);
        }
        Ok(responses)
    }

    /// Back to JSON.
    pub fn json(&self) -> Json {
        let entry = |raw: &Raw| match raw {
            Raw::Null => Json::Null,
            Raw::One(s) => s.clone().into(),
            Raw::Many(m) => m.clone().into(),
            Raw::Record(f) => f.iter().map(|(k, v)| (k.clone(), Json::from(v.clone()))).collect(),
        };
        self.entries.iter().map(|(id, r)| (id.clone(), entry(r))).collect()
    }
}

fn text(value: &Json) -> Result<String, String> {
    match value {
        Json::String(s) => Ok(s.clone()),
        Json::Number(n) => Ok(n.to_string()),
        Json::Bool(b) => Ok(b.to_string()),
        Json::Null => Ok(String::new()),
        _ => Err("a single answer is a text, a number or true/false".to_owned()),
    }
}

fn raw(value: &Json) -> Result<Raw, String> {
    Ok(match value {
        Json::Null => Raw::Null,
        Json::Array(list) => {
            Raw::Many(list.iter().filter(|v| !v.is_null()).map(text).collect::<Result<_, _>>()?)
        }
        Json::Object(fields) => {
            Raw::Record(fields.iter().map(|(k, v)| Ok((k.clone(), text(v)?))).collect::<Result<_, String>>()?)
        }
        single => Raw::One(text(single)?),
    })
}

/// Types the answers into the item's slots. An answer that does not have the form of its type is NULL and
/// flagged; one of the wrong cardinality is a scoring error.
pub(super) fn bind<'a>(
    item: &'a Item,
    responses: &'a Responses,
    slots: &mut [Val<'a>],
    arena: &'a Bump,
    flags: &mut Vec<ScoreFlag>,
) -> Result<(), Fault> {
    for (variable, slot) in item.variables.list.iter().zip(slots.iter_mut()) {
        if variable.role != Role::Response {
            continue;
        }
        if let Some((_, raw)) = responses.entries.iter().find(|(id, _)| *id == variable.identifier) {
            *slot = value(variable, raw, arena, flags)?;
        }
    }
    // A button that ends the attempt says no until it is pressed, at each attempt anew.
    for interaction in item.interactions.iter().filter(|i| i.kind == Kind::EndAttempt) {
        if let Some(slot) = interaction.slot.and_then(|s| slots.get_mut(usize::from(s)))
            && slot.is_null()
        {
            *slot = Val::bool(false);
        }
    }
    Ok(())
}

fn value<'a>(
    variable: &'a Variable,
    raw: &'a Raw,
    arena: &'a Bump,
    flags: &mut Vec<ScoreFlag>,
) -> Result<Val<'a>, Fault> {
    let base = variable.base.unwrap_or(BaseType::String);
    let mut one = |text: &'a str| -> Option<Scalar<'a>> {
        let parsed = match base {
            BaseType::Integer if variable.radix != 10 => {
                match i32::from_str_radix(text.trim(), variable.radix) {
                    Ok(i) => Ok(Some(Scalar::Int(i))),
                    Err(_) if text.trim().is_empty() => Ok(None),
                    Err(_) => Err(()),
                }
            }
            _ => parse(text, base).map_err(|_| ()),
        };
        parsed.unwrap_or_else(|()| {
            flags.push(ScoreFlag {
                response: variable.identifier.clone(),
                message: format!(
                    "\u{201c}{}\u{201d} is not of type {}; it counts as no answer",
                    text.chars().take(60).collect::<String>(),
                    base.name()
                ),
            });
            None
        })
    };
    let ordered = variable.cardinality == Cardinality::Ordered;
    Ok(match (variable.cardinality, raw) {
        (_, Raw::Null) => Val::Null,
        (Cardinality::Record, Raw::One(text)) => record_of_text(text, arena),
        (Cardinality::Record, Raw::Record(fields)) => record(fields, arena),
        (Cardinality::Single, Raw::One(text)) => one(text).map_or(Val::Null, Val::One),
        (Cardinality::Single, Raw::Many(many)) => match many.as_slice() {
            [] => Val::Null,
            [text] => one(text).map_or(Val::Null, Val::One),
            _ => {
                return Err(Fault::new(format!(
                    "{} takes one answer and has {}",
                    variable.identifier,
                    many.len()
                )));
            }
        },
        (Cardinality::Single, Raw::Record(fields)) if base == BaseType::File => {
            let text: serde_json::Map<String, Json> =
                fields.iter().map(|(k, v)| (k.clone(), v.clone().into())).collect();
            Val::One(Scalar::File(arena.alloc_str(&Json::from(text).to_string())))
        }
        (_, Raw::One(text)) => match one(text) {
            Some(scalar) => Val::container(ordered, arena.alloc_slice_copy(&[scalar])),
            None => Val::Null,
        },
        (_, Raw::Many(many)) if many.len() > LONGEST => {
            return Err(Fault::new(format!(
                "{} has {} answers; more than {LONGEST} cannot be meant",
                variable.identifier,
                many.len()
            )));
        }
        (_, Raw::Many(many)) => {
            let mut members = bumpalo::collections::Vec::with_capacity_in(many.len(), arena);
            members.extend(many.iter().filter_map(|text| one(text)));
            Val::container(ordered, members.into_bump_slice())
        }
        (_, Raw::Record(_)) => {
            return Err(Fault::new(format!(
                "{} is no record, yet was answered with fields",
                variable.identifier
            )));
        }
    })
}

/// The fields QTI gives a typed text, with their types.
fn field_base(name: &str) -> BaseType {
    match name {
        "floatValue" => BaseType::Float,
        "integerValue" | "leftDigits" | "rightDigits" | "ndp" | "nsf" | "exponent" => BaseType::Integer,
        _ => BaseType::String,
    }
}

fn record<'a>(fields: &'a [(String, String)], arena: &'a Bump) -> Val<'a> {
    let mut out = bumpalo::collections::Vec::with_capacity_in(fields.len(), arena);
    for (name, text) in fields {
        if let Ok(Some(scalar)) = parse(text, field_base(name)) {
            out.push((name.as_str(), scalar));
        }
    }
    if out.is_empty() { Val::Null } else { Val::Record(out.into_bump_slice()) }
}

/// What a text typed into a record variable says as a number.
fn record_of_text<'a>(text: &'a str, arena: &'a Bump) -> Val<'a> {
    if text.is_empty() {
        return Val::Null;
    }
    let mut out = bumpalo::collections::Vec::new_in(arena);
    out.push(("stringValue", Scalar::Str(text)));
    let trimmed = text.trim();
    if let Some(number) = parse_float(trimmed) {
        out.push(("floatValue", Scalar::Float(number)));
        if let Some(integer) = parse_integer(trimmed) {
            out.push(("integerValue", Scalar::Int(integer)));
        }
        let (mantissa, exponent) = match trimmed.find(['e', 'E']) {
            Some(at) => (trimmed.get(..at).unwrap_or_default(), trimmed.get(at + 1..)),
            None => (trimmed, None),
        };
        let unsigned = mantissa.trim_start_matches(['+', '-']);
        let (left, right) = match unsigned.find(['.', ',']) {
            Some(at) => (unsigned.get(..at).unwrap_or_default(), unsigned.get(at + 1..).unwrap_or_default()),
            None => (unsigned, ""),
        };
        let count = |n: usize| Scalar::Int(i32::try_from(n).unwrap_or(i32::MAX));
        let exponent: i32 = exponent.and_then(|e| e.parse().ok()).unwrap_or(0);
        let all: String = left.chars().chain(right.chars()).collect();
        let significant = all.trim_start_matches('0').len();
        out.push(("leftDigits", count(left.len())));
        out.push(("rightDigits", count(right.len())));
        let places = i32::try_from(right.len()).unwrap_or(i32::MAX).saturating_sub(exponent).max(0);
        out.push(("ndp", Scalar::Int(places)));
        out.push(("nsf", count(significant)));
        if trimmed.contains(['e', 'E']) {
            out.push(("exponent", Scalar::Int(exponent)));
        }
    }
    Val::Record(out.into_bump_slice())
}
