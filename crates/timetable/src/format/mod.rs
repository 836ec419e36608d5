//! Files: readers and writers of the benchmarks' forms and of our own, all into the one [`crate::problem::Problem`].

pub mod itc2007;
pub mod toronto;
pub mod udine;

use crate::problem::{Exam, Link};
use std::collections::HashMap;

/// What is wrong in a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: expected {expected}")]
pub struct ReadError {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What should have stood there.
    pub expected: String,
}

impl ReadError {
    /// An error at a place.
    pub fn at(line: usize, column: usize, expected: &str) -> Self {
        ReadError { line, column, expected: expected.to_owned() }
    }
}

/// Reads JSON; what is wrong comes with its place.
pub(crate) fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, ReadError> {
    serde_json::from_str(text).map_err(|e| {
        let whole = e.to_string();
        let reason = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(r, _)| r);
        ReadError::at(e.line().max(1), e.column().max(1), &format!("a file of this form ({reason})"))
    })
}

/// An error at the first place where a quoted word stands.
pub(crate) fn place(text: &str, word: &str, expected: &str) -> ReadError {
    let at = text.find(&format!("\"{word}\"")).unwrap_or(0);
    let before = text.get(..at).unwrap_or("");
    let line = before.matches('\n').count() + 1;
    let column = at - before.rfind('\n').map_or(0, |n| n + 1) + 1;
    ReadError::at(line, column, expected)
}

/// Links between exams that share students, weighted by how many, in exam order.
pub(crate) fn common_students(exams: &[Exam], kind: usize) -> Vec<Link> {
    let mut of_student: Vec<Vec<u32>> = Vec::new();
    for (e, exam) in exams.iter().enumerate() {
        for &s in &exam.students {
            if of_student.len() <= s as usize {
                of_student.resize(s as usize + 1, Vec::new());
            }
            if let Some(list) = of_student.get_mut(s as usize) {
                list.push(e as u32);
            }
        }
    }
    let mut shared: HashMap<(u32, u32), i32> = HashMap::new();
    for list in &of_student {
        for (i, &a) in list.iter().enumerate() {
            for &b in list.iter().skip(i + 1) {
                *shared.entry((a, b)).or_default() += 1;
            }
        }
    }
    let mut links: Vec<Link> = shared
        .into_iter()
        .map(|((a, b), weight)| Link { a: a as usize, b: b as usize, weight, kind })
        .collect();
    links.sort_by_key(|l| (l.a, l.b));
    links
}
