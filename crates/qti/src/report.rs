//! What an import found: one line per construct a person should know about.

use serde::Serialize;
use std::fmt;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is lost; good to know.
    Info,
    /// Read in a tolerant way, or a part without meaning for scoring was left out.
    Warning,
    /// The document cannot be delivered or scored as written.
    Error,
}

/// One finding with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// File inside the package, or the file name given.
    pub file: String,
    /// Element path, as `/qti-assessment-item/qti-item-body[1]/p[2]`.
    pub path: String,
    /// Line in the source, 0 when the document was built in memory.
    pub line: u32,
    /// How much it matters.
    pub severity: Severity,
    /// A short stable name for programs.
    pub code: &'static str,
    /// A sentence: what is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{}:{}: {severity} [{}] {} ({})", self.file, self.line, self.code, self.message, self.path)
    }
}

/// All findings of one import, in document order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The findings.
    pub findings: Vec<Finding>,
    /// Findings left out because there were more than [`Report::LIMIT`].
    pub left_out: usize,
    #[serde(skip)]
    file: String,
}

impl Report {
    /// A hostile file must not grow the report without end.
    pub const LIMIT: usize = 1000;

    /// An empty report about `file`.
    pub fn new(file: &str) -> Self {
        Self { findings: Vec::new(), left_out: 0, file: file.to_owned() }
    }

    /// Adds a finding.
    pub fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        line: u32,
        path: String,
        message: impl Into<String>,
    ) {
        if self.findings.len() >= Self::LIMIT {
            self.left_out += 1;
            return;
        }
        let file = self.file.clone();
        self.findings.push(Finding { file, path, line, severity, code, message: message.into() });
    }

    /// Takes over the findings of another report.
    pub fn absorb(&mut self, other: Report) {
        self.left_out += other.left_out;
        for finding in other.findings {
            if self.findings.len() >= Self::LIMIT * 20 {
                self.left_out += 1;
            } else {
                self.findings.push(finding);
            }
        }
    }

    /// Findings of a severity; those left out count as well, for they may be of any.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|f| f.severity == severity).count() + self.left_out
    }

    /// Whether something makes the document unfit for use.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|f| f.severity == Severity::Error)
    }

    /// The first error, for a message.
    pub fn first_error(&self) -> Option<&Finding> {
        self.findings.iter().find(|f| f.severity == Severity::Error)
    }
}
