//! The objects of the flows, one type each.
//!
//! Offerings and associations are one type with a discriminator, as on the wire: `offeringType` and
//! `associationType` say which of the three variants it is, and what is then required.

mod association;
mod code;
mod component;
mod dialect;
mod envelope;
mod offering;
mod organization;
mod person;

pub use association::{
    Association, AssociationNote, Membership, Outcome, OutcomeNote, PatchAnswer, StudyLoad, TestMoment,
};
pub use code::*;
pub use component::{Component, ComponentNote, Course, Program};
pub use envelope::{Page, Problem, ProblemStatus, Service, Version};
pub use offering::{Offering, OfferingNote, TestToUse};
pub use organization::{AcademicSession, Group, Organization};
pub use person::{AssignedNeed, Person, PersonNote};

use serde_json::{Value, json};

use crate::finding::{Level, Place, Severity};
use crate::rule::Rule;
use crate::wire::{Attributes, Field, Line, Reader, Wire, object};

object! {
    /// A code with the name of the list it comes from.
    Identifier {
        /// Which list.
        code_type: CodeType = "codeType" [required];
        /// The code.
        code: String = "code" [required];
    }
}

impl Identifier {
    /// A code of a list.
    #[must_use]
    pub fn new(code_type: &str, code: &str) -> Self {
        Self {
            code_type: CodeType(code_type.to_owned()).into(),
            code: code.to_owned().into(),
            ..Self::default()
        }
    }
}

/// An identifier as primary code: a bare string is read as one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PrimaryCode(pub Identifier);

impl PrimaryCode {
    /// A code of a list.
    #[must_use]
    pub fn new(code_type: &str, code: &str) -> Self {
        Self(Identifier::new(code_type, code))
    }

    /// The code itself.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.get().map(String::as_str)
    }
}

impl Wire for PrimaryCode {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        match value {
            Value::String(code) => {
                reader.tolerate(at, "object");
                Ok(Self(Identifier { code: code.into(), ..Identifier::default() }))
            }
            other => Identifier::read(other, at, reader).map(Self),
        }
    }

    fn write(&self) -> Value {
        self.0.write()
    }

    fn schema(named: &mut Attributes) -> Value {
        Identifier::schema(named)
    }
}

/// The name of a list of codes: open, but new names start with `x-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct CodeType(pub String);

const CODE_TYPES: &[&str] = &[
    "brin",
    "crohoCreboCode",
    "programCode",
    "courseCode",
    "componentCode",
    "offeringCode",
    "organizationId",
    "buildingId",
    "bagId",
    "roomCode",
    "systemId",
    "productId",
    "nationalIdentityNumber",
    "studentNumber",
    "studielinkNumber",
    "esi",
    "userName",
    "accountId",
    "emailAdress",
    "groupCode",
    "isbn",
    "issn",
    "orcId",
    "uuid",
    "schacHome",
    "identifier",
    "eckid",
    "nationalEducationCode",
];

impl Wire for CodeType {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        let text = String::read(value, at, reader)?;
        if !CODE_TYPES.contains(&text.as_str()) && !text.starts_with("x-") {
            reader.found(at, Rule::CodeType, Level::Agreement, Severity::Warning, text.clone());
        }
        Ok(Self(text))
    }

    fn write(&self) -> Value {
        Value::String(self.0.clone())
    }

    fn schema(_: &mut Attributes) -> Value {
        json!({ "type": "string", "enum": CODE_TYPES })
    }
}

object! {
    /// A text in one language.
    LanguageText {
        /// The language, `nl-NL`.
        language: String = "language";
        /// The text.
        value: String = "value";
    }
    judge judge_language;
}

fn judge_language(text: &LanguageText, at: &Place<'_>, reader: &mut Reader) {
    let Some(language) = text.language.get() else { return };
    if !is_language(language) {
        reader.deviation(&at.key("language"), Rule::Format, Severity::Warning, "language tag such as nl-NL");
    } else if language != "nl-NL" {
        reader.found(at, Rule::Language, Level::Agreement, Severity::Note, language.clone());
    }
}

/// `nl`, `nl-NL`, `zh-Hans-CN`: the pattern of the bundle.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let tongue = parts.next().unwrap_or_default();
    let lower = |part: &str| part.bytes().all(|b| b.is_ascii_lowercase());
    if !(2..=4).contains(&tongue.len()) || !lower(tongue) {
        return false;
    }
    let is_script = |part: &str| part.len() == 4 && part.starts_with(|c: char| c.is_ascii_uppercase());
    let is_region = |part: &str| {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_uppercase()))
            || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit()))
    };
    match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => true,
        (Some(part), None, _) => is_script(part) || is_region(part),
        (Some(script), Some(region), None) => is_script(script) && is_region(region),
        _ => false,
    }
}

/// A text in one or more languages; only nl-NL is processed. A bare string is read as Dutch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Names(pub Vec<LanguageText>);

impl Names {
    /// The Dutch text.
    #[must_use]
    pub fn dutch(&self) -> Option<&str> {
        let is_dutch =
            |text: &&LanguageText| text.language.get().is_some_and(|language| language.starts_with("nl"));
        self.0
            .iter()
            .find(is_dutch)
            .or_else(|| self.0.first())
            .and_then(|text| text.value.get())
            .map(String::as_str)
    }
}

impl From<&str> for Names {
    fn from(text: &str) -> Self {
        Self(vec![LanguageText {
            language: "nl-NL".to_owned().into(),
            value: text.to_owned().into(),
            ..LanguageText::default()
        }])
    }
}

impl Wire for Names {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        if let Value::String(text) = &value {
            reader.tolerate(at, "array");
            return Ok(Self::from(text.as_str()));
        }
        let texts = Vec::read(value, at, reader)?;
        if texts.is_empty() && !reader.patch {
            reader.deviation(at, Rule::EmptyList, Severity::Warning, "the attribute");
        }
        Ok(Self(texts))
    }

    fn write(&self) -> Value {
        self.0.write()
    }

    fn schema(named: &mut Attributes) -> Value {
        json!({ "type": "array", "minItems": 1, "items": LanguageText::schema(named) })
    }
}

object! {
    /// A document by its id; the content is fetched with GET /documents/{documentId}.
    Document {
        /// The id under which the sender serves it.
        document_id: String = "documentId";
        /// What it is.
        document_type: crate::wire::Code<DocumentType> = "documentType";
        /// Its name, for people.
        document_name: String = "documentName";
    }
}

impl Document {
    /// A document under an id.
    #[must_use]
    pub fn new(id: &str, kind: DocumentType, name: &str) -> Self {
        Self {
            document_id: id.to_owned().into(),
            document_type: crate::wire::Code::Known(kind).into(),
            document_name: name.to_owned().into(),
            ..Self::default()
        }
    }
}

/// The line of a field, if it is there.
#[must_use]
pub fn line(field: &Field<Line>) -> Option<&str> {
    field.get().map(Line::as_str)
}

/// Notes an attribute that a consumer of ours does not have.
fn unknown_attribute(key: &str, at: &Place<'_>, reader: &mut Reader) {
    reader.found(at, Rule::UnknownAttribute, Level::Agreement, Severity::Note, key);
}
