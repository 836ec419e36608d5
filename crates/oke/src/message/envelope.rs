//! What messages travel in: pages, problems, and what a system says about itself.

use serde_json::{Map, Value, json};

use crate::finding::{Level, Place, Severity};
use crate::rule::Rule;
use crate::wire::{Attributes, Mail, Reader, Uri, Wire, object};

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// How many items a page holds at most.
    pub size: i64,
    /// Which page, from 1.
    pub number: i64,
    /// Whether there is a page before.
    pub has_previous: bool,
    /// Whether there is a page after: the only thing to go by when reading on.
    pub has_next: bool,
    /// How many pages, if the sender counts.
    pub total: Option<i64>,
    /// The items.
    pub items: Vec<T>,
}

impl<T: Wire> Wire for Page<T> {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        let mut attributes = match value {
            Value::Object(attributes) => attributes,
            Value::Array(_) => {
                reader.deviation(at, Rule::WrongType, Severity::Warning, "object");
                reader.found(
                    at,
                    Rule::NotPaged,
                    Level::Agreement,
                    Severity::Warning,
                    "pageSize, pageNumber, hasPreviousPage, hasNextPage, items",
                );
                let items = Vec::read(value, at, reader)?;
                let size = i64::try_from(items.len()).unwrap_or(i64::MAX);
                return Ok(Self {
                    size,
                    number: 1,
                    has_previous: false,
                    has_next: false,
                    total: None,
                    items,
                });
            }
            other => return reader.refuse(other, at, "object"),
        };
        let items = match attributes.remove("items") {
            Some(items) => Vec::read(items, &at.key("items"), reader).unwrap_or_default(),
            None => {
                reader.deviation(at, Rule::Required, Severity::Error, "items");
                Vec::new()
            }
        };
        let has_next = read_part(&mut attributes, "hasNextPage", at, reader, true).unwrap_or(false);
        let page = Self {
            size: read_part(&mut attributes, "pageSize", at, reader, true).unwrap_or(10),
            number: read_part(&mut attributes, "pageNumber", at, reader, true).unwrap_or(1),
            has_previous: read_part(&mut attributes, "hasPreviousPage", at, reader, true).unwrap_or(false),
            has_next,
            total: read_part(&mut attributes, "totalPages", at, reader, false),
            items,
        };
        if page.total.is_some_and(|total| (page.number < total) != page.has_next) {
            reader.found(at, Rule::PagesContradict, Level::Agreement, Severity::Warning, "");
        }
        if !matches!(page.size, 10 | 20 | 50 | 100 | 250) {
            reader.found(
                &at.key("pageSize"),
                Rule::PageSize,
                Level::Agreement,
                Severity::Warning,
                page.size.to_string(),
            );
        }
        if i64::try_from(page.items.len()).is_ok_and(|count| count > page.size) {
            let size = page.size.to_string();
            reader.found(&at.key("items"), Rule::PageOverfull, Level::Agreement, Severity::Warning, size);
        }
        Ok(page)
    }

    fn write(&self) -> Value {
        let mut page = json!({
            "pageSize": self.size,
            "pageNumber": self.number,
            "hasPreviousPage": self.has_previous,
            "hasNextPage": self.has_next,
            "items": self.items.write(),
        });
        if let (Some(total), Some(page)) = (self.total, page.as_object_mut()) {
            page.insert("totalPages".to_owned(), total.into());
        }
        page
    }

    fn schema(named: &mut Attributes) -> Value {
        json!({
            "type": "object",
            "required": ["pageSize", "pageNumber", "hasPreviousPage", "hasNextPage", "items"],
            "properties": {
                "pageSize": { "type": "integer", "enum": [10, 20, 50, 100, 250] },
                "pageNumber": { "type": "integer", "minimum": 1 },
                "hasPreviousPage": { "type": "boolean" },
                "hasNextPage": { "type": "boolean" },
                "totalPages": { "type": "integer" },
                "items": Vec::<T>::schema(named),
            },
        })
    }
}

fn read_part<T: Wire>(
    attributes: &mut Map<String, Value>,
    name: &'static str,
    at: &Place<'_>,
    reader: &mut Reader,
    required: bool,
) -> Option<T> {
    match attributes.remove(name) {
        Some(value) => T::read(value, &at.key(name), reader).ok(),
        None => {
            if required {
                reader.deviation(at, Rule::Required, Severity::Warning, name);
            }
            None
        }
    }
}

object! {
    /// What a system says about itself at `GET /`.
    Service {
        /// Whom to mail.
        contact_email: Mail = "contactEmail" [required];
        /// Where the specification is.
        specification: Uri = "specification" [required];
        /// Where the documentation is.
        documentation: Uri = "documentation" [required];
        /// `v5`.
        supported_versions: Vec<String> = "supportedVersions";
        /// Which agreements are spoken.
        supported_consumers: Vec<Version> = "supportedConsumers";
    }
}

object! {
    /// An agreement and its version.
    Version {
        /// `nl-test-admin`.
        consumer_key: String = "consumerKey" [required];
        /// `1.0`.
        version: String = "version" [required];
    }
}

object! {
    /// An error answer, `application/problem+json`.
    Problem {
        /// The HTTP status, as a string.
        status: ProblemStatus = "status" [required];
        /// What is wrong, in a few words.
        title: String = "title" [required];
        /// What is wrong and what to do about it.
        detail: String = "detail";
    }
}

/// The status in a problem: a string in v5; a number is read, and noted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProblemStatus(pub String);

impl Wire for ProblemStatus {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        if let Value::Number(number) = &value {
            reader.deviation(at, Rule::ProblemStatus, Severity::Warning, number.to_string());
            return Ok(Self(number.to_string()));
        }
        String::read(value, at, reader).map(Self)
    }

    fn write(&self) -> Value {
        Value::String(self.0.clone())
    }

    fn schema(_: &mut Attributes) -> Value {
        json!({ "type": "string", "pattern": "^[1-5][0-9]{2}$" })
    }
}
