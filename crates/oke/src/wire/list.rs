//! Lists, references that may be embedded, and the consumers that carry everything Dutch about a message.

use serde_json::{Value, json};

use super::{Attributes, Id, Reader, Wire};
use crate::finding::{Level, Place, Severity};
use crate::rule::Rule;

/// The consumer key of the agreement.
pub const CONSUMER_KEY: &str = "nl-test-admin";

impl<T: Wire> Wire for Vec<T> {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        match value {
            Value::Array(values) => {
                let mut read = Self::with_capacity(values.len());
                for (index, value) in values.into_iter().enumerate() {
                    // An element nobody understands is noted and left out; the others count.
                    if let Ok(element) = T::read(value, &at.index(index), reader) {
                        read.push(element);
                    }
                }
                Ok(read)
            }
            // A single element where a list belongs: the meaning is clear.
            Value::Object(_) => {
                reader.tolerate(at, "array");
                Ok(vec![T::read(value, at, reader)?])
            }
            other => reader.refuse(other, at, "array"),
        }
    }

    fn write(&self) -> Value {
        Value::Array(self.iter().map(Wire::write).collect())
    }

    fn schema(named: &mut Attributes) -> Value {
        json!({ "type": "array", "items": T::schema(named) })
    }
}

/// A reference: the id alone, or the whole object in its place.
#[derive(Debug, Clone, PartialEq)]
pub enum Ref<T> {
    /// Only the id.
    Id(Id),
    /// Expanded or embedded.
    Whole(Box<T>),
}

/// An object that knows its own id.
pub trait Keyed {
    /// The id, if the message carries it.
    fn key(&self) -> Option<&str>;
}

impl<T: Keyed> Ref<T> {
    /// The id, either way.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Id(id) => Some(id.as_str()),
            Self::Whole(whole) => whole.key(),
        }
    }
}

impl<T> Ref<T> {
    /// The object, if it came along.
    #[must_use]
    pub fn whole(&self) -> Option<&T> {
        match self {
            Self::Id(_) => None,
            Self::Whole(whole) => Some(whole),
        }
    }
}

impl<T> From<&str> for Ref<T> {
    fn from(id: &str) -> Self {
        Self::Id(id.into())
    }
}

impl<T: Wire> Wire for Ref<T> {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        match value {
            Value::String(_) => Ok(Self::Id(Id::read(value, at, reader)?)),
            // A whole object inside a patch is still a whole object.
            Value::Object(_) => Ok(Self::Whole(Box::new(T::read(value, at, reader)?))),
            other => reader.refuse(other, at, "id or object"),
        }
    }

    fn write(&self) -> Value {
        match self {
            Self::Id(id) => id.write(),
            Self::Whole(whole) => whole.write(),
        }
    }

    fn schema(named: &mut Attributes) -> Value {
        json!({ "oneOf": [Id::schema(named), T::schema(named)] })
    }
}

/// The consumers of an object: ours, typed, and those of others, untouched.
#[derive(Debug, Clone, PartialEq)]
pub struct Consumers<T>(pub Vec<Entry<T>>);

impl<T> Default for Consumers<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// One entry of a list of consumers.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry<T> {
    /// `nl-test-admin`.
    Ours(T),
    /// Another consumer: kept, never judged, never refused.
    Other(Value),
}

impl<T> Consumers<T> {
    /// The consumers with only our own entry.
    pub fn ours(entry: T) -> Self {
        Self(vec![Entry::Ours(entry)])
    }

    /// Our own entry.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.0.iter().find_map(|entry| match entry {
            Entry::Ours(entry) => Some(entry),
            Entry::Other(_) => None,
        })
    }

    /// Our own entry, to change.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.0.iter_mut().find_map(|entry| match entry {
            Entry::Ours(entry) => Some(entry),
            Entry::Other(_) => None,
        })
    }
}

impl<T: Wire> Wire for Consumers<T> {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        let values = match value {
            Value::Array(values) => values,
            Value::Object(_) => {
                reader.tolerate(at, "array");
                vec![value]
            }
            other => return reader.refuse(other, at, "array"),
        };
        let mut read = Self(Vec::with_capacity(values.len()));
        for (index, value) in values.into_iter().enumerate() {
            let here = at.index(index);
            let Some(attributes) = value.as_object() else {
                reader.deviation(&here, Rule::WrongType, Severity::Error, "object");
                continue;
            };
            match attributes.get("consumerKey").and_then(Value::as_str) {
                Some(CONSUMER_KEY) => {
                    if read.get().is_some() {
                        reader.found(
                            &here,
                            Rule::ExtraConsumer,
                            Level::Agreement,
                            Severity::Warning,
                            CONSUMER_KEY,
                        );
                        read.0.push(Entry::Other(value));
                        continue;
                    }
                    let mut value = value;
                    if let Some(attributes) = value.as_object_mut() {
                        attributes.remove("consumerKey");
                    }
                    if let Ok(entry) =
                        reader.at_level(Level::Agreement, |reader| T::read(value, &here, reader))
                    {
                        read.0.push(Entry::Ours(entry));
                    }
                }
                Some(_) => read.0.push(Entry::Other(value)),
                None => {
                    reader.deviation(&here, Rule::Required, Severity::Error, "consumerKey");
                    read.0.push(Entry::Other(value));
                }
            }
        }
        Ok(read)
    }

    fn write(&self) -> Value {
        Value::Array(
            self.0
                .iter()
                .map(|entry| match entry {
                    Entry::Ours(entry) => {
                        let mut value = entry.write();
                        if let Some(attributes) = value.as_object_mut() {
                            attributes.insert("consumerKey".to_owned(), CONSUMER_KEY.into());
                        }
                        value
                    }
                    Entry::Other(value) => value.clone(),
                })
                .collect(),
        )
    }

    fn schema(named: &mut Attributes) -> Value {
        let entry = T::schema(named);
        let name = entry.get("$ref").and_then(Value::as_str).and_then(|name| name.rsplit('/').next());
        if let Some(object) = name.and_then(|name| named.get_mut(name)).and_then(Value::as_object_mut) {
            if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
                properties
                    .insert("consumerKey".to_owned(), json!({ "type": "string", "enum": [CONSUMER_KEY] }));
            }
            object.insert("required".to_owned(), json!(["consumerKey"]));
        }
        json!({ "type": "array", "items": entry })
    }
}
