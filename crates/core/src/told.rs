//! How an error tells itself: a code and arguments, turned into a sentence where the reader's language is known.

use crate::Role;

/// What kind of "no" it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody is signed in.
    NoCaller,
    /// A rule forbids it to this caller.
    Refused,
    /// It does not exist, or its existence is not theirs to know.
    NotFound,
    /// It was changed or taken by somebody else meanwhile.
    Conflict,
    /// What was asked is not right in itself; fields may say more.
    Invalid,
    /// Not now: try again.
    Unavailable,
    /// A mistake in Regie.
    Bug,
}

/// Every area's error can be told to a person and to a program.
pub trait Told {
    fn standing(&self) -> Standing;
    /// The rule, as the texts and the API know it: `person-number-taken`.
    fn code(&self) -> &'static str;
    /// Values for the sentence.
    fn arguments(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
    /// Who can lift it.
    fn who(&self) -> Vec<Role> {
        Vec::new()
    }
    /// The field of the form or the message it is about.
    fn field(&self) -> Option<&'static str> {
        None
    }
}
