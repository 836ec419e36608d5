//! `check FILE`: what there is to say about one message.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::check::{Checked, Context, check_value, not_json, repair};
use crate::exchange::{Method, OPERATIONS, Operation, Role};
use crate::finding::{Finding, Level, Severity};
use crate::message::ResultValueType;
use crate::wire::{Codes, Dialect};

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The file with the message; `-` reads standard input.
    file: PathBuf,
    /// The number of the flow, 0 to 6.
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=6))]
    flow: Option<u8>,
    /// The method: GET, PUT or PATCH.
    #[arg(long)]
    method: Option<Method>,
    /// The path, as a template or a real one: /associations/{associationId}.
    #[arg(long)]
    path: Option<String>,
    /// Who serves the path: sis, tpl or ta. Needed only where two parties serve the same one in one flow.
    #[arg(long)]
    role: Option<Role>,
    /// The message is an answer, not a request. A GET always is.
    #[arg(long)]
    answer: bool,
    /// Judge by the 1.1 release candidate.
    #[arg(long)]
    candidate: bool,
    /// How the score must be written, for example 0.0-10.0.
    #[arg(long)]
    value_type: Option<String>,
    /// The language of the findings: nl or en.
    #[arg(long, default_value = "nl", value_parser = ["nl", "en"])]
    language: String,
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(self, out: &mut dyn Write) -> Result<bool, String> {
        let context = self.context()?;
        let text = self.text()?;
        let (checked, repairs) = match serde_json::from_str(&text) {
            Ok(value) => (check_value(value, &context), Vec::new()),
            Err(error) => after_repair(&text, &error, &context),
        };
        self.print(&checked, &repairs, out)
            .map_err(|error| format!("The findings cannot be written: {error}."))?;
        Ok(!checked.findings.iter().any(|finding| finding.severity == Severity::Error))
    }

    fn text(&self) -> Result<String, String> {
        let read = if self.file.as_os_str() == "-" {
            std::io::read_to_string(std::io::stdin())
        } else {
            std::fs::read_to_string(&self.file)
        };
        read.map_err(|error| format!("{} cannot be read: {error}. Name a text file.", self.file.display()))
    }

    fn context(&self) -> Result<Context, String> {
        let value_type = match &self.value_type {
            None => None,
            Some(word) => Some(
                ResultValueType::ALL
                    .iter()
                    .find(|(known, _)| known == word)
                    .map(|(_, kind)| *kind)
                    .ok_or_else(|| {
                        let known: Vec<_> = ResultValueType::ALL.iter().map(|(word, _)| *word).collect();
                        format!("There is no result value type {word}; choose from {}.", known.join(", "))
                    })?,
            ),
        };
        let operation = self.operation()?;
        Ok(Context {
            operation,
            flow: self
                .flow
                .or_else(|| operation.and_then(|operation| operation.uses.first()).map(|used| used.flow)),
            is_answer: self.answer || self.method == Some(Method::Get),
            dialect: if self.candidate { Dialect::V1_1 } else { Dialect::V1_0 },
            path_id: None,
            value_type,
            may_be_final: None,
        })
    }

    /// The operation that was meant: every one given by flow, method, path and role must fit.
    fn operation(&self) -> Result<Option<&'static Operation>, String> {
        let Some(path) = &self.path else { return Ok(None) };
        let method = self.method.ok_or("Say with --method how the message travels: GET, PUT or PATCH.")?;
        let fits = |known: &&Operation| {
            Operation::find(known.server, method, path) == Some(*known)
                && self.flow.is_none_or(|flow| known.is_in(flow))
                && self.role.is_none_or(|role| known.server == role)
        };
        OPERATIONS.iter().find(fits).map(Some).ok_or_else(|| {
            let flow = self.flow.map_or_else(String::new, |flow| format!(" in flow {flow}"));
            let role = self.role.map_or_else(String::new, |role| format!(" at a {role}"));
            // What comes nearest: the same flow, or the same kind of thing.
            let kind = |path: &str| path.split('/').nth(1).unwrap_or_default().to_owned();
            let near: Vec<_> = OPERATIONS
                .iter()
                .filter(|known| match self.flow {
                    Some(flow) => known.is_in(flow) && self.role.is_none_or(|role| known.server == role),
                    None => kind(known.path) == kind(path),
                })
                .map(|known| format!("{} {} ({})", known.method.name(), known.path, known.server))
                .collect();
            let near = if near.is_empty() { String::new() } else { format!(" It has: {}.", near.join(", ")) };
            format!("The agreement has no {} {path}{flow}{role}.{near}", method.name())
        })
    }

    fn print(&self, checked: &Checked, repairs: &[String], out: &mut dyn Write) -> std::io::Result<()> {
        if self.json {
            let findings: Vec<_> = checked
                .findings
                .iter()
                .map(|finding| {
                    json!({
                        "pointer": finding.pointer, "rule": finding.rule, "level": finding.level,
                        "severity": finding.severity, "place": finding.rule.place(),
                        "text": { "nl": finding.nl(), "en": finding.en() },
                    })
                })
                .collect();
            return writeln!(out, "{:#}", json!({ "findings": findings, "repairs": repairs }));
        }
        for repair in repairs {
            writeln!(out, "repair: {repair}")?;
        }
        for finding in &checked.findings {
            writeln!(out, "{}", self.line(finding))?;
        }
        let count = |severity| checked.findings.iter().filter(|finding| finding.severity == severity).count();
        let (errors, warnings, notes) =
            (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
        let counted = |number: usize, one: &str, many: &str| {
            format!("{number} {}", if number == 1 { one } else { many })
        };
        let words = if self.language == "en" {
            [("error", "errors"), ("warning", "warnings"), ("note", "notes")]
        } else {
            [("fout", "fouten"), ("waarschuwing", "waarschuwingen"), ("opmerking", "opmerkingen")]
        };
        let line: Vec<_> = [errors, warnings, notes]
            .into_iter()
            .zip(words)
            .map(|(number, (one, many))| counted(number, one, many))
            .collect();
        writeln!(out, "{}.", line.join(", "))
    }

    fn line(&self, finding: &Finding) -> String {
        let is_english = self.language == "en";
        let level = match (finding.level, is_english) {
            (Level::Schema, _) => "schema",
            (Level::Agreement, true) => "agreement",
            (Level::Agreement, false) => "afspraak",
            (Level::Advice, true) => "advice",
            (Level::Advice, false) => "advies",
        };
        let severity = match (finding.severity, is_english) {
            (severity, true) => severity.to_string(),
            (Severity::Error, false) => "fout".to_owned(),
            (Severity::Warning, false) => "waarschuwing".to_owned(),
            (Severity::Note, false) => "opmerking".to_owned(),
        };
        let pointer = if finding.pointer.is_empty() { "/" } else { &finding.pointer };
        let text = if is_english { finding.en() } else { finding.nl() };
        format!("{severity} ({level}) {pointer}: {text} [{}]", finding.rule.id())
    }
}

/// A file that is almost JSON is mended, and then judged as well.
fn after_repair(text: &str, error: &serde_json::Error, context: &Context) -> (Checked, Vec<String>) {
    let (mended, repairs) = repair(text);
    let mut findings = vec![not_json(error)];
    match serde_json::from_str(&mended) {
        Ok(value) => {
            let checked = check_value(value, context);
            findings.extend(checked.findings);
            (Checked { findings, message: checked.message }, repairs)
        }
        Err(_) => (Checked { findings, message: None }, Vec::new()),
    }
}
