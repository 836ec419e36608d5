//! Texts with a form: identifiers, lines, addresses, languages.

use serde_json::{Value, json};
use std::fmt;
use std::ops::Deref;

use super::{Attributes, Reader, Wire};
use crate::finding::{Place, Severity};
use crate::rule::Rule;

impl Wire for String {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        match value {
            Value::String(text) => Ok(text),
            Value::Number(number) => {
                reader.tolerate(at, "string");
                Ok(number.to_string())
            }
            other => reader.refuse(other, at, "string"),
        }
    }

    fn write(&self) -> Value {
        Value::String(self.clone())
    }

    fn schema(_: &mut Attributes) -> Value {
        json!({ "type": "string" })
    }
}

macro_rules! texts {
    ( $( $(#[$doc:meta])* $name:ident, $judge:expr, $schema:tt; )+ ) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
        pub struct $name(pub String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Wire for $name {
            fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
                let text = String::read(value, at, reader)?;
                let judge: fn(&str) -> Option<(Rule, &'static str)> = $judge;
                if let Some((rule, detail)) = judge(&text) {
                    reader.deviation(at, rule, Severity::Warning, detail);
                }
                Ok(Self(text))
            }

            fn write(&self) -> Value {
                Value::String(self.0.clone())
            }

            fn schema(_: &mut Attributes) -> Value {
                json!($schema)
            }
        }
    )+ };
}

texts! {
    /// An identifier: a UUID, though any text is accepted from others.
    Id, |text| (!is_uuid(text)).then_some((Rule::Format, "uuid")), { "type": "string", "format": "uuid" };
    /// A text of at most 256 characters.
    Line, |text| (text.len() > 256 && text.chars().count() > 256).then_some((Rule::TooLong, "256")),
        { "type": "string", "maxLength": 256 };
    /// A mail address.
    Mail, |text| (!text.contains('@')).then_some((Rule::Format, "email")), { "type": "string", "format": "email" };
    /// An absolute address on the web.
    Uri, |text| (!is_uri(text)).then_some((Rule::Format, "uri")), { "type": "string", "format": "uri" };
    /// A three-letter language (ISO 639-2), `nld` throughout.
    Tongue, |text| (text.len() != 3 || !text.bytes().all(|b| b.is_ascii_lowercase()))
        .then_some((Rule::Format, "three lower-case letters")), { "type": "string", "pattern": "^[a-z]{3}$" };
}

/// Whether the text is a UUID in its written form with hyphens.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        && !rest.is_empty()
        && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_recognised() {
        assert!(is_uuid("123e4567-e89b-12d3-a456-426614174000"));
        assert!(!is_uuid("111-2222-33-4444-222"));
        assert!(!is_uuid("5a52f86b-edcd-4f7f-9ea9-c9999f6043z9"));
        assert!(is_uri("https://toets.example/start?x=1"));
        assert!(!is_uri("toets.example/start"));
        assert!(!is_uri("https://toets .example"));
    }
}
