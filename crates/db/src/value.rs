//! The values both databases understand, and how Rust types become them and are read back.
//! Time, dates and JSON are folded here, never in SQL, so that one text serves both.

use jiff::{Timestamp, civil::Date};
use regie_core::Role;
use regie_core::id::Id;
use uuid::Uuid;

/// What a column or a parameter holds. The DDL tokens (`{uuid}`, `{time}` …) name the same kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Int,
    Float,
    Text,
    Uuid,
    Time,
    Date,
    Json,
    Bytes,
    /// A set of ids, for `{among_ids $n}`.
    Uuids,
    /// A set of texts, for `{among_texts $n}`.
    Texts,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Uuid(Uuid),
    Time(Timestamp),
    Date(Date),
    Json(serde_json::Value),
    Bytes(Vec<u8>),
    Uuids(Vec<Uuid>),
    Texts(Vec<String>),
}

impl Value {
    /// What it is, without saying what it holds: errors must not carry personal data.
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(_) => "a truth value",
            Value::Int(_) => "a whole number",
            Value::Float(_) => "a number",
            Value::Text(_) => "text",
            Value::Uuid(_) => "an id",
            Value::Time(_) => "a moment",
            Value::Date(_) => "a date",
            Value::Json(_) => "JSON",
            Value::Bytes(_) => "bytes",
            Value::Uuids(_) | Value::Texts(_) => "a set",
        }
    }
}

/// A type that can stand in a statement's parameter list.
pub trait Param {
    const KIND: Kind;
    fn value(self) -> Value;
    /// Some value of this type, for the test that runs every statement.
    fn sample() -> Value;
}

/// A type that can be read from a column.
pub trait Column: Sized {
    const KIND: Kind;
    const NULLABLE: bool = false;
    /// `None` when the cell holds something else.
    fn read(value: Value) -> Option<Self>;
}

const SAMPLE_ID: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);

macro_rules! both_ways {
    ($type:ty, $kind:ident, $sample:expr, $into:expr, $($pattern:pat => $read:expr),+) => {
        impl Param for $type {
            const KIND: Kind = Kind::$kind;
            fn value(self) -> Value {
                #[allow(clippy::redundant_closure_call)]
                ($into)(self)
            }
            fn sample() -> Value { $sample }
        }
        impl Column for $type {
            const KIND: Kind = Kind::$kind;
            fn read(value: Value) -> Option<Self> {
                match value { $($pattern => $read,)+ _ => None }
            }
        }
    };
}

both_ways!(bool, Bool, Value::Bool(true), Value::Bool, Value::Bool(b) => Some(b), Value::Int(n) => Some(n != 0));
both_ways!(i64, Int, Value::Int(1), Value::Int, Value::Int(n) => Some(n));
both_ways!(i32, Int, Value::Int(1), |n: i32| Value::Int(n.into()), Value::Int(n) => n.try_into().ok());
both_ways!(u32, Int, Value::Int(1), |n: u32| Value::Int(n.into()), Value::Int(n) => n.try_into().ok());
both_ways!(u16, Int, Value::Int(1), |n: u16| Value::Int(n.into()), Value::Int(n) => n.try_into().ok());
both_ways!(f64, Float, Value::Float(1.0), Value::Float, Value::Float(x) => Some(x));
both_ways!(String, Text, Value::Text("a".into()), Value::Text, Value::Text(t) => Some(t));
both_ways!(Timestamp, Time, Value::Time(Timestamp::UNIX_EPOCH), Value::Time,
    Value::Time(t) => Some(t), Value::Int(micros) => Timestamp::from_microsecond(micros).ok());
both_ways!(Date, Date, Value::Date(Date::constant(2026, 8, 1)), Value::Date,
    Value::Date(d) => Some(d), Value::Text(t) => t.parse().ok());
both_ways!(serde_json::Value, Json, Value::Json(serde_json::Value::Null), Value::Json,
    Value::Json(j) => Some(j), Value::Text(t) => serde_json::from_str(&t).ok());
both_ways!(Vec<u8>, Bytes, Value::Bytes(vec![1]), Value::Bytes, Value::Bytes(b) => Some(b));
both_ways!(Uuid, Uuid, Value::Uuid(SAMPLE_ID), Value::Uuid,
    Value::Uuid(u) => Some(u), Value::Bytes(b) => Uuid::from_slice(&b).ok());
crate::coded!(regie_core::institution::State = regie_core::institution::State::Active);
both_ways!(Role, Text, Value::Text(Role::Student.code().into()), |role: Role| Value::Text(role.code().into()),
    Value::Text(t) => Role::from_code(&t));

macro_rules! id_values {
    ($($(#[$doc:meta])* $id:ident = $kind:literal),* $(,)?) => { $(
        both_ways!(regie_core::id::$id, Uuid, Value::Uuid(SAMPLE_ID), |id: regie_core::id::$id| Value::Uuid(id.uuid()),
            Value::Uuid(u) => Some(Id::from_uuid(u)),
            Value::Bytes(b) => Uuid::from_slice(&b).ok().map(Id::from_uuid));

        impl Param for &[regie_core::id::$id] {
            const KIND: Kind = Kind::Uuids;
            fn value(self) -> Value { Value::Uuids(self.iter().map(|id| id.uuid()).collect()) }
            fn sample() -> Value { Value::Uuids(vec![SAMPLE_ID]) }
        }
    )* };
}
regie_core::each_id!(id_values);

impl Param for &str {
    const KIND: Kind = Kind::Text;
    fn value(self) -> Value {
        Value::Text(self.into())
    }
    fn sample() -> Value {
        Value::Text("a".into())
    }
}

impl Param for &[u8] {
    const KIND: Kind = Kind::Bytes;
    fn value(self) -> Value {
        Value::Bytes(self.into())
    }
    fn sample() -> Value {
        Value::Bytes(vec![1])
    }
}

impl Param for &[Uuid] {
    const KIND: Kind = Kind::Uuids;
    fn value(self) -> Value {
        Value::Uuids(self.to_vec())
    }
    fn sample() -> Value {
        Value::Uuids(vec![SAMPLE_ID])
    }
}

impl Param for &[String] {
    const KIND: Kind = Kind::Texts;
    fn value(self) -> Value {
        Value::Texts(self.to_vec())
    }
    fn sample() -> Value {
        Value::Texts(vec!["a".into()])
    }
}

impl<T: Param> Param for Option<T> {
    const KIND: Kind = T::KIND;
    fn value(self) -> Value {
        self.map_or(Value::Null, T::value)
    }
    fn sample() -> Value {
        T::sample()
    }
}

impl<T: Column> Column for Option<T> {
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = true;
    fn read(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::read(other).map(Some),
        }
    }
}

/// Lets an enum with `code()` and `from_code()` stand in statements and rows as text.
#[macro_export]
macro_rules! coded {
    ($($type:ty = $sample:expr),+ $(,)?) => { $(
        impl $crate::value::Param for $type {
            const KIND: $crate::value::Kind = $crate::value::Kind::Text;
            fn value(self) -> $crate::value::Value { $crate::value::Value::Text(self.code().into()) }
            fn sample() -> $crate::value::Value { $crate::value::Value::Text(<$type>::code($sample).into()) }
        }
        impl $crate::value::Column for $type {
            const KIND: $crate::value::Kind = $crate::value::Kind::Text;
            fn read(value: $crate::value::Value) -> Option<Self> {
                match value {
                    $crate::value::Value::Text(code) => <$type>::from_code(&code),
                    _ => None,
                }
            }
        }
    )+ };
}

coded!(
    regie_core::period::State = regie_core::period::State::Draft,
    regie_core::period::Channel = regie_core::period::Channel::Student,
);
