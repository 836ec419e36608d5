//! Owned values and their JSON form: strings for text-like types, numbers, booleans, `"A B"` for pairs,
//! `"x y"` for points, lists for containers, objects for records, `null` for NULL.

use super::{BaseType, Scalar, Val};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number};

/// One owned value that is not NULL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Atom {
    /// Identifier.
    Id(String),
    /// Boolean.
    Bool(bool),
    /// Integer.
    Int(i32),
    /// Float.
    Float(#[serde(with = "number")] f64),
    /// String.
    Str(String),
    /// Point.
    Point(i32, i32),
    /// Pair.
    Pair(String, String),
    /// Directed pair.
    Directed(String, String),
    /// Duration in seconds.
    Duration(#[serde(with = "number")] f64),
    /// File reference.
    File(String),
    /// URI.
    Uri(String),
}

impl Atom {
    /// Borrows.
    pub fn scalar(&self) -> Scalar<'_> {
        match self {
            Self::Id(s) => Scalar::Id(s),
            Self::Bool(b) => Scalar::Bool(*b),
            Self::Int(i) => Scalar::Int(*i),
            Self::Float(f) => Scalar::Float(*f),
            Self::Str(s) => Scalar::Str(s),
            Self::Point(x, y) => Scalar::Point(*x, *y),
            Self::Pair(a, b) => Scalar::Pair(a, b),
            Self::Directed(a, b) => Scalar::Directed(a, b),
            Self::Duration(d) => Scalar::Duration(*d),
            Self::File(s) => Scalar::File(s),
            Self::Uri(s) => Scalar::Uri(s),
        }
    }

    /// Its base type.
    pub fn base_type(&self) -> BaseType {
        self.scalar().base_type()
    }

    fn json(&self) -> serde_json::Value {
        match self {
            Self::Id(s) | Self::Str(s) | Self::Uri(s) | Self::File(s) => s.clone().into(),
            Self::Bool(b) => (*b).into(),
            Self::Int(i) => (*i).into(),
            Self::Float(f) | Self::Duration(f) => match Number::from_f64(*f) {
                Some(n) => n.into(),
                None if *f > 0.0 => "INF".into(),
                None => "-INF".into(),
            },
            Self::Point(x, y) => format!("{x} {y}").into(),
            Self::Pair(a, b) | Self::Directed(a, b) => format!("{a} {b}").into(),
        }
    }
}

impl From<Scalar<'_>> for Atom {
    fn from(scalar: Scalar<'_>) -> Self {
        match scalar {
            Scalar::Id(s) => Self::Id(s.to_owned()),
            Scalar::Bool(b) => Self::Bool(b),
            Scalar::Int(i) => Self::Int(i),
            Scalar::Float(f) => Self::Float(f),
            Scalar::Str(s) => Self::Str(s.to_owned()),
            Scalar::Point(x, y) => Self::Point(x, y),
            Scalar::Pair(a, b) => Self::Pair(a.to_owned(), b.to_owned()),
            Scalar::Directed(a, b) => Self::Directed(a.to_owned(), b.to_owned()),
            Scalar::Duration(d) => Self::Duration(d),
            Scalar::File(s) => Self::File(s.to_owned()),
            Scalar::Uri(s) => Self::Uri(s.to_owned()),
        }
    }
}

/// An owned value or NULL.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Value {
    /// No value.
    #[default]
    Null,
    /// Single.
    One(Atom),
    /// Multiple.
    Bag(Vec<Atom>),
    /// Ordered.
    List(Vec<Atom>),
    /// Record.
    Record(Vec<(String, Atom)>),
}

impl Value {
    /// The number, when it is a single one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::One(atom) => atom.scalar().number(),
            _ => None,
        }
    }

    /// Whether it is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Members of a container, or the single value.
    pub fn atoms(&self) -> &[Atom] {
        match self {
            Self::Bag(m) | Self::List(m) => m,
            Self::One(atom) => std::slice::from_ref(atom),
            Self::Null | Self::Record(_) => &[],
        }
    }

    /// Borrows; containers are laid out in the arena.
    pub fn val<'a>(&'a self, arena: &'a bumpalo::Bump) -> Val<'a> {
        match self {
            Self::Null => Val::Null,
            Self::One(atom) => Val::One(atom.scalar()),
            Self::Bag(m) => Val::Bag(arena.alloc_slice_fill_iter(m.iter().map(Atom::scalar))),
            Self::List(m) => Val::List(arena.alloc_slice_fill_iter(m.iter().map(Atom::scalar))),
            Self::Record(f) => {
                Val::Record(arena.alloc_slice_fill_iter(f.iter().map(|(k, a)| (k.as_str(), a.scalar()))))
            }
        }
    }

    /// The JSON form.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::One(atom) => atom.json(),
            Self::Bag(m) | Self::List(m) => m.iter().map(Atom::json).collect(),
            Self::Record(fields) => {
                let map: Map<_, _> = fields.iter().map(|(k, a)| (k.clone(), a.json())).collect();
                map.into()
            }
        }
    }
}

impl From<Val<'_>> for Value {
    fn from(val: Val<'_>) -> Self {
        match val {
            Val::Null => Self::Null,
            Val::One(s) => Self::One(s.into()),
            Val::Bag(m) => Self::Bag(m.iter().map(|s| Atom::from(*s)).collect()),
            Val::List(m) => Self::List(m.iter().map(|s| Atom::from(*s)).collect()),
            Val::Record(f) => {
                Self::Record(f.iter().map(|(k, s)| ((*k).to_owned(), Atom::from(*s))).collect())
            }
        }
    }
}

/// Numbers in JSON, with infinity as a word.
mod number {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(f64),
        Word(String),
    }

    pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            v if v.is_finite() => serializer.serialize_f64(*v),
            v if *v > 0.0 => serializer.serialize_str("INF"),
            _ => serializer.serialize_str("-INF"),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        match Either::deserialize(deserializer)? {
            Either::Number(number) => Ok(number),
            Either::Word(word) => crate::value::parse_float(&word)
                .ok_or_else(|| D::Error::custom("neither a number nor infinity")),
        }
    }
}
