//! Why a call failed, and whether trying again can help.

use std::fmt;

use crate::finding::Finding;

/// A failed call.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The settings of the partner cannot work.
    Settings(String),
    /// The partner could not be reached, or did not answer in time.
    Unreachable(String),
    /// The partner gave no token.
    Token(String),
    /// The partner refused.
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it said.
        detail: String,
    },
    /// The answer cannot be understood.
    Unreadable(Vec<Finding>),
    /// The answer is larger than allowed.
    TooLarge(usize),
    /// The document is not taken in.
    Document(String),
    /// The list never ends.
    Endless(String),
    /// The partner failed too often; it is left alone for a while.
    Resting(String),
}

impl Failure {
    /// Whether trying the same again later can help. What cannot goes to the work list of a person.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Resting(_) | Self::Token(_) => true,
            Self::Refused { status, .. } => *status == 429 || *status >= 500,
            Self::Settings(_)
            | Self::Unreadable(_)
            | Self::TooLarge(_)
            | Self::Document(_)
            | Self::Endless(_) => false,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(text) | Self::Document(text) | Self::Resting(text) => f.write_str(text),
            Self::Unreachable(text) => {
                write!(f, "The partner cannot be reached: {text}. It is tried again later.")
            }
            Self::Token(text) => {
                write!(f, "The partner gave no token: {text}. Check client id, secret and scopes.")
            }
            Self::Refused { status, detail } => write!(f, "The partner refused with {status}: {detail}"),
            Self::Unreadable(findings) => {
                let first = findings.first().map_or_else(String::new, ToString::to_string);
                write!(f, "The answer cannot be understood: {first}")
            }
            Self::TooLarge(most) => write!(f, "The answer is larger than {most} bytes; ask the partner why."),
            Self::Endless(path) => {
                write!(f, "The list {path} never ends: every page says there is a next one.")
            }
        }
    }
}

impl std::error::Error for Failure {}
