//! From JSON to types and back: tolerant when reading, strict when writing.
//!
//! Reading never fails as a whole. What deviates becomes a [`Finding`]; what cannot be understood is kept
//! aside ([`Unread`]) and never sent on. Reading and validating are one pass, so a rule about form is written once:
//! in the type of the attribute.

mod code;
mod date;
mod list;
mod object;
mod text;

pub(crate) use code::codes;
pub use code::{Code, Codes};
pub use date::{Date, Moment, Span};
pub use list::{CONSUMER_KEY, Consumers, Entry, Keyed, Ref};
pub(crate) use object::{Flags, object};
pub use text::{Id, Line, Mail, Tongue, Uri, is_uuid};

use serde_json::{Map, Value, json};

use crate::finding::{Finding, Level, Place, Severity};
use crate::rule::Rule;

/// Attributes kept by name.
pub type Attributes = Map<String, Value>;

/// Attributes that had a known name but a value nobody can understand. They are never sent on.
pub type Unread = Map<String, Value>;

/// An attribute: absent, null or present. The three mean different things in a PATCH and for `attemptLeft`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// Not in the message.
    #[default]
    Absent,
    /// Explicitly null.
    Null,
    /// There.
    Value(T),
}

impl<T> Field<T> {
    /// The value, if there is one.
    pub const fn get(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The value to change, if there is one.
    pub const fn get_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The value itself, if there is one.
    pub fn take(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Whether the attribute is not in the message at all.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the attribute is explicitly null.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether there is a value.
    pub const fn is_there(&self) -> bool {
        matches!(self, Self::Value(_))
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// Which way a message travels: `readOnly` and `writeOnly` depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// In a request body.
    Request,
    /// In an answer.
    Response,
}

/// The dialect of OOAPI v5 that is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Dialect {
    /// OKE MBO-toetsafname 1.0.1.
    #[default]
    V1_0,
    /// The 1.1 release candidate: attendance apart from the result.
    V1_1,
}

/// What the reading of one message needs to know and gathers.
#[derive(Debug)]
pub struct Reader {
    /// What was found so far.
    pub findings: Vec<Finding>,
    /// Request or answer.
    pub direction: Direction,
    /// A merge patch: nothing is required, null and empty lists remove.
    pub patch: bool,
    /// 1.0.1 or the 1.1 candidate.
    pub dialect: Dialect,
    level: Level,
    depth: usize,
}

/// Messages nest references (organisation in organisation); no honest one is deeper than this.
const DEEPEST: usize = 32;

impl Reader {
    /// A reader for one message.
    #[must_use]
    pub const fn new(direction: Direction, patch: bool, dialect: Dialect) -> Self {
        Self { findings: Vec::new(), direction, patch, dialect, level: Level::Schema, depth: 0 }
    }

    /// A reader that takes a full message as it comes in a request.
    #[must_use]
    pub const fn request() -> Self {
        Self::new(Direction::Request, false, Dialect::V1_0)
    }

    /// Notes a deviation at the level of the object being read.
    pub fn deviation(&mut self, at: &Place<'_>, rule: Rule, severity: Severity, detail: impl Into<String>) {
        self.found(at, rule, self.level, severity, detail);
    }

    /// Notes a finding.
    pub fn found(
        &mut self,
        at: &Place<'_>,
        rule: Rule,
        level: Level,
        severity: Severity,
        detail: impl Into<String>,
    ) {
        self.findings.push(Finding { pointer: at.pointer(), rule, level, severity, detail: detail.into() });
    }

    /// Reads one attribute.
    pub(crate) fn field<T: Wire>(
        &mut self,
        value: Value,
        at: &Place<'_>,
        name: &'static str,
        unread: &mut Unread,
        flags: Flags,
    ) -> Field<T> {
        if flags.read_only && self.direction == Direction::Request && self.level == Level::Schema {
            self.deviation(at, Rule::ReadOnly, Severity::Note, name);
        }
        if flags.write_only && self.direction == Direction::Response && self.level == Level::Schema {
            self.deviation(at, Rule::WriteOnly, Severity::Note, name);
        }
        if value.is_null() {
            if !self.patch && !flags.nullable {
                self.deviation(at, Rule::NullValue, Severity::Warning, name);
            }
            return Field::Null;
        }
        match T::read(value, at, self) {
            Ok(value) => Field::Value(value),
            Err(value) => {
                unread.insert(name.to_owned(), value);
                Field::Absent
            }
        }
    }

    /// Notes a value of the wrong type and hands it back.
    pub(crate) fn refuse<T>(&mut self, value: Value, at: &Place<'_>, expected: &str) -> Result<T, Value> {
        self.deviation(at, Rule::WrongType, Severity::Error, expected);
        Err(value)
    }

    /// Notes a value of the wrong type whose meaning is clear.
    pub(crate) fn tolerate(&mut self, at: &Place<'_>, expected: &str) {
        self.deviation(at, Rule::WrongType, Severity::Warning, expected);
    }

    /// Reads the inside of something at another level: our own consumer entries are not judged by the schema,
    /// since every entry also matches the open generic one.
    pub(crate) fn at_level<T>(&mut self, level: Level, inside: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.level, level);
        let read = inside(self);
        self.level = before;
        read
    }

    /// Goes one object deeper, or refuses to.
    pub(crate) fn deeper<T>(
        &mut self,
        value: Value,
        at: &Place<'_>,
        inside: impl FnOnce(&mut Self, Value) -> Result<T, Value>,
    ) -> Result<T, Value> {
        if self.depth >= DEEPEST {
            self.deviation(at, Rule::TooDeep, Severity::Error, DEEPEST.to_string());
            return Err(value);
        }
        self.depth += 1;
        let read = inside(self, value);
        self.depth -= 1;
        read
    }
}

/// How bad it is that an attribute is missing: some are mandatory, yet nobody needs them to understand the message.
pub(crate) const fn weight_of(name: &str) -> Severity {
    match name.as_bytes() {
        b"description" | b"teachingLanguage" | b"abbreviation" | b"primaryCode" | b"resultExpected"
        | b"mail" | b"activeEnrollment" | b"affiliations" | b"displayName" | b"shortName"
        | b"organizationType" | b"level" | b"code" | b"codeType" | b"documentation" | b"specification" => {
            Severity::Warning
        }
        _ => Severity::Error,
    }
}

/// Something that travels as JSON.
pub trait Wire: Sized {
    /// Reads a value that is not null; what cannot be understood comes back.
    ///
    /// # Errors
    /// The value itself, after the reason was noted with the reader.
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value>;

    /// Writes it exactly as the agreement says.
    fn write(&self) -> Value;

    /// Its JSON schema; named objects go to `named` and are referred to.
    fn schema(named: &mut Attributes) -> Value;
}

impl Wire for bool {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        match value {
            Value::Bool(flag) => Ok(flag),
            Value::String(ref text) if text == "true" || text == "false" => {
                reader.tolerate(at, "boolean");
                Ok(text == "true")
            }
            other => reader.refuse(other, at, "boolean"),
        }
    }

    fn write(&self) -> Value {
        Value::Bool(*self)
    }

    fn schema(_: &mut Attributes) -> Value {
        json!({ "type": "boolean" })
    }
}

impl Wire for i64 {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        if let Some(number) = value.as_i64() {
            if i32::try_from(number).is_err() {
                reader.deviation(at, Rule::OutOfRange, Severity::Warning, "int32");
            }
            return Ok(number);
        }
        match &value {
            Value::String(text) => {
                if let Ok(number) = text.trim().parse() {
                    reader.tolerate(at, "integer");
                    return Ok(number);
                }
            }
            Value::Number(number) => {
                // 65.0 is an integer for JSON Schema; anything else is not. The bound keeps the conversion exact.
                if let Some(float) = number.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < 9.0e15) {
                    #[expect(clippy::cast_possible_truncation, reason = "whole and within the exact range")]
                    return Ok(float as Self);
                }
            }
            _ => {}
        }
        reader.refuse(value, at, "integer")
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }

    fn schema(_: &mut Attributes) -> Value {
        json!({ "type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX })
    }
}

/// A value nobody looks into: kept and sent as it came.
impl Wire for Value {
    fn read(value: Value, _: &Place<'_>, _: &mut Reader) -> Result<Self, Value> {
        Ok(value)
    }

    fn write(&self) -> Value {
        self.clone()
    }

    fn schema(_: &mut Attributes) -> Value {
        json!({})
    }
}
