//! How an expectation is written, and all of them together.

use axum::http::Method;

/// Nobody is sent to sign in.
pub const TO_SIGN_IN: u16 = 303;
/// Everybody may see it.
pub const OPEN: u16 = 200;

/// One route, and what each reader must hear.
pub struct Expected {
    pub method: Method,
    pub pattern: &'static str,
    /// What is asked; `{person}` is a student of the school that is not the asking student.
    pub path: &'static str,
    pub nobody: u16,
    pub student: u16,
    pub office: u16,
    /// The exam office of another school: what is theirs alone does not exist for it.
    pub stranger: u16,
}

pub const fn get(pattern: &'static str, path: &'static str, answers: [u16; 4]) -> Expected {
    Expected {
        method: Method::GET,
        pattern,
        path,
        nobody: answers[0],
        student: answers[1],
        office: answers[2],
        stranger: answers[3],
    }
}

/// Sent with a valid token of the form; without one every change is refused, which is asserted for all of them.
pub const fn post(pattern: &'static str, path: &'static str, answers: [u16; 4]) -> Expected {
    Expected {
        method: Method::POST,
        pattern,
        path,
        nobody: answers[0],
        student: answers[1],
        office: answers[2],
        stranger: answers[3],
    }
}

/// Every area's, written by hand. A route that is in none of them fails the test, and so does a line without a route.
pub fn all() -> Vec<Expected> {
    [
        crate::account::expected(),
        crate::examined::expected(),
        crate::import::expected(),
        crate::learning::expected(),
        crate::operating::expected(),
        crate::organisation::expected(),
        crate::person::expected(),
        crate::planning::expected(),
        crate::school::expected(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
