//! Closed lists of words, read with an open mind: an unknown word is kept.

use serde_json::{Value, json};

use super::{Attributes, Reader, Wire};
use crate::finding::{Place, Severity};
use crate::rule::Rule;

/// A list of words the agreement knows.
pub trait Codes: Copy + PartialEq + 'static {
    /// Every word with its meaning.
    const ALL: &'static [(&'static str, Self)];
    /// The words in one line, for messages.
    const WORDS: &'static str;
}

/// A word from the list, or another one that a partner sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Code<C> {
    /// A word we know.
    Known(C),
    /// A word we do not know; kept and sent on as it came.
    Other(String),
}

impl<C: Codes> Code<C> {
    /// The meaning, if the word is known.
    #[must_use]
    pub const fn known(&self) -> Option<C> {
        match self {
            Self::Known(code) => Some(*code),
            Self::Other(_) => None,
        }
    }

    /// The word as it travels.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Known(code) => word(*code),
            Self::Other(word) => word,
        }
    }

    /// Whether it is this word.
    #[must_use]
    pub fn is(&self, code: C) -> bool {
        self.known() == Some(code)
    }
}

impl<C> From<C> for Code<C> {
    fn from(code: C) -> Self {
        Self::Known(code)
    }
}

/// The word of a known code.
pub(crate) fn word<C: Codes>(code: C) -> &'static str {
    C::ALL.iter().find(|(_, known)| *known == code).map_or("", |(word, _)| word)
}

impl<C: Codes> Wire for Code<C> {
    fn read(value: Value, at: &Place<'_>, reader: &mut Reader) -> Result<Self, Value> {
        match value {
            Value::String(text) => Ok(match C::ALL.iter().find(|(word, _)| *word == text) {
                Some((_, code)) => Self::Known(*code),
                None => {
                    reader.deviation(at, Rule::UnknownCode, Severity::Warning, C::WORDS);
                    Self::Other(text)
                }
            }),
            other => reader.refuse(other, at, "string"),
        }
    }

    fn write(&self) -> Value {
        Value::String(self.word().to_owned())
    }

    fn schema(_: &mut Attributes) -> Value {
        json!({ "type": "string", "enum": C::ALL.iter().map(|(word, _)| *word).collect::<Vec<_>>() })
    }
}

/// Defines a list of words.
macro_rules! codes {
    ( $( $(#[$doc:meta])* $name:ident { $( $(#[$code_doc:meta])* $code:ident $word:literal, )+ } )+ ) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $( $(#[$code_doc])* #[doc = concat!("`", $word, "`")] $code, )+ }

        impl $crate::wire::Codes for $name {
            const ALL: &'static [(&'static str, Self)] = &[ $( ($word, $name::$code), )+ ];
            const WORDS: &'static str = concat!( $( $word, "; ", )+ );
        }

        impl $name {
            /// The word as it travels.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $( $name::$code => $word, )+ }
            }
        }
    )+ };
}

pub(crate) use codes;
