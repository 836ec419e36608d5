//! The QTI type system: base types, cardinalities and NULL as a state of its own.
//!
//! Scoring works on [`Val`], which borrows from the item, the responses or the scratch arena and is `Copy`.
//! [`Value`] is the same thing owned, for storage and JSON.

mod owned;
mod parse;

pub use owned::{Atom, Value};
pub use parse::{ParseFault, parse, parse_duration, parse_float, parse_integer};

use serde::{Deserialize, Serialize};

/// The base type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BaseType {
    /// A name declared elsewhere.
    Identifier,
    /// True or false.
    Boolean,
    /// A 32-bit whole number.
    Integer,
    /// A 64-bit floating-point number.
    Float,
    /// Text.
    String,
    /// Two whole numbers, x and y.
    Point,
    /// Two identifiers without order.
    Pair,
    /// Two identifiers with order.
    DirectedPair,
    /// Seconds.
    Duration,
    /// A reference to a stored file.
    File,
    /// A URI.
    Uri,
    /// A whole number when it looks like one, else an identifier.
    IntOrIdentifier,
    /// Text standing for an identifier or for itself.
    StringOrIdentifier,
}

impl BaseType {
    /// The QTI spelling.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::String => "string",
            Self::Point => "point",
            Self::Pair => "pair",
            Self::DirectedPair => "directedPair",
            Self::Duration => "duration",
            Self::File => "file",
            Self::Uri => "uri",
            Self::IntOrIdentifier => "intOrIdentifier",
            Self::StringOrIdentifier => "stringOrIdentifier",
        }
    }

    /// Reads the QTI spelling, and the kebab-case seen in some 3.0 files.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "identifier" => Self::Identifier,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "float" => Self::Float,
            "string" => Self::String,
            "point" => Self::Point,
            "pair" => Self::Pair,
            "directedPair" | "directed-pair" => Self::DirectedPair,
            "duration" => Self::Duration,
            "file" => Self::File,
            "uri" => Self::Uri,
            "intOrIdentifier" | "int-or-identifier" => Self::IntOrIdentifier,
            "stringOrIdentifier" | "string-or-identifier" => Self::StringOrIdentifier,
            _ => return None,
        })
    }

    /// Whether sums can be made of it.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Float)
    }
}

/// How many values a variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cardinality {
    /// One value.
    Single,
    /// A bag: order says nothing, repetition counts.
    Multiple,
    /// A list.
    Ordered,
    /// Named fields.
    Record,
}

impl Cardinality {
    /// The QTI spelling.
    pub fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Multiple => "multiple",
            Self::Ordered => "ordered",
            Self::Record => "record",
        }
    }

    /// Reads the QTI spelling.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "single" => Self::Single,
            "multiple" => Self::Multiple,
            "ordered" => Self::Ordered,
            "record" => Self::Record,
            _ => return None,
        })
    }
}

/// One value that is not NULL.
#[derive(Clone, Copy, Debug)]
pub enum Scalar<'a> {
    /// Identifier.
    Id(&'a str),
    /// Boolean.
    Bool(bool),
    /// Integer.
    Int(i32),
    /// Float.
    Float(f64),
    /// String; never empty, for the empty string is NULL.
    Str(&'a str),
    /// Point.
    Point(i32, i32),
    /// Pair.
    Pair(&'a str, &'a str),
    /// Directed pair.
    Directed(&'a str, &'a str),
    /// Duration in seconds.
    Duration(f64),
    /// Reference to a stored file, as given by the caller.
    File(&'a str),
    /// URI.
    Uri(&'a str),
}

impl<'a> Scalar<'a> {
    /// Its base type.
    pub fn base_type(&self) -> BaseType {
        match self {
            Self::Id(_) => BaseType::Identifier,
            Self::Bool(_) => BaseType::Boolean,
            Self::Int(_) => BaseType::Integer,
            Self::Float(_) => BaseType::Float,
            Self::Str(_) => BaseType::String,
            Self::Point(..) => BaseType::Point,
            Self::Pair(..) => BaseType::Pair,
            Self::Directed(..) => BaseType::DirectedPair,
            Self::Duration(_) => BaseType::Duration,
            Self::File(_) => BaseType::File,
            Self::Uri(_) => BaseType::Uri,
        }
    }

    /// The number, when it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Int(i) => Some(f64::from(*i)),
            Self::Float(f) => Some(*f),
            _ => None,
        }
    }

    /// The text of strings, identifiers, URIs and file references.
    pub fn text(&self) -> Option<&'a str> {
        match self {
            Self::Id(s) | Self::Str(s) | Self::Uri(s) | Self::File(s) => Some(s),
            _ => None,
        }
    }

    /// Equality as `match` means it: same base type and value; integers equal floats of the same value.
    /// `None` when the base types cannot be compared.
    pub fn same(&self, other: &Scalar<'_>) -> Option<bool> {
        Some(match (self, other) {
            (Self::Id(a), Scalar::Id(b))
            | (Self::Str(a), Scalar::Str(b))
            | (Self::Uri(a), Scalar::Uri(b))
            | (Self::File(a), Scalar::File(b)) => a == b,
            (Self::Bool(a), Scalar::Bool(b)) => a == b,
            (Self::Int(a), Scalar::Int(b)) => a == b,
            (Self::Point(a, b), Scalar::Point(c, d)) => a == c && b == d,
            (Self::Pair(a, b), Scalar::Pair(c, d)) => (a == c && b == d) || (a == d && b == c),
            (Self::Directed(a, b), Scalar::Directed(c, d)) => a == c && b == d,
            (Self::Duration(a), Scalar::Duration(b)) => a == b,
            (Self::Int(_) | Self::Float(_), Scalar::Int(_) | Scalar::Float(_)) => {
                self.number() == other.number()
            }
            _ => return None,
        })
    }
}

/// A value of any cardinality, or NULL. Containers are never empty: an empty one is NULL.
#[derive(Clone, Copy, Debug)]
pub enum Val<'a> {
    /// No value.
    Null,
    /// Single.
    One(Scalar<'a>),
    /// Multiple.
    Bag(&'a [Scalar<'a>]),
    /// Ordered.
    List(&'a [Scalar<'a>]),
    /// Record.
    Record(&'a [(&'a str, Scalar<'a>)]),
}

impl<'a> Val<'a> {
    /// A single boolean.
    pub fn bool(value: bool) -> Self {
        Val::One(Scalar::Bool(value))
    }

    /// A single float; NaN is NULL.
    pub fn float(value: f64) -> Self {
        if value.is_nan() { Val::Null } else { Val::One(Scalar::Float(value)) }
    }

    /// A single integer.
    pub fn int(value: i32) -> Self {
        Val::One(Scalar::Int(value))
    }

    /// A single string; the empty one is NULL.
    pub fn str(value: &'a str) -> Self {
        if value.is_empty() { Val::Null } else { Val::One(Scalar::Str(value)) }
    }

    /// A container; the empty one is NULL.
    pub fn container(ordered: bool, members: &'a [Scalar<'a>]) -> Self {
        match (members.is_empty(), ordered) {
            (true, _) => Val::Null,
            (false, true) => Val::List(members),
            (false, false) => Val::Bag(members),
        }
    }

    /// Whether it is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Val::Null)
    }

    /// What to call it in a message.
    pub fn describe(&self) -> String {
        match self {
            Val::Null => "NULL".to_owned(),
            Val::One(s) => format!("a single {}", s.base_type().name()),
            Val::Bag(m) => format!("a multiple {}", m.first().map_or("", |s| s.base_type().name())),
            Val::List(m) => format!("an ordered {}", m.first().map_or("", |s| s.base_type().name())),
            Val::Record(_) => "a record".to_owned(),
        }
    }
}
