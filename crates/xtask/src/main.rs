//! `cargo xtask check` keeps ARCHITECTURE.md true; `cargo xtask generate` writes the files that are derived from others.

mod arrow;
mod decision;
mod expand;
mod fluent;
mod generated;
mod house;
mod law;
mod npm;
mod rust_source;
mod schema;
mod statement;
mod table;
mod tenancy;
mod text_rule;
mod workspace;

use std::process::ExitCode;
use workspace::Workspace;

/// One thing that is wrong: where, what, and the way out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    place: String,
    what: String,
    way_out: String,
}

impl Finding {
    fn new(place: impl Into<String>, what: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), way_out: way_out.into() }
    }
}

type Findings = Vec<Finding>;
type Check = fn(&Workspace) -> Result<Findings, String>;

const CHECKS: &[(&str, Check)] = &[
    ("crate arrows", arrow::check),
    ("the law in every crate", law::check),
    ("tables, areas and tenants", table::check),
    ("migrations only add", expand::check),
    ("file length and words", text_rule::check),
    ("numbers of decisions", decision::check),
    ("texts in both languages", fluent::check),
    ("npm licences and checksums", npm::check),
    ("generated files", generated::check),
];

fn main() -> ExitCode {
    let command = std::env::args().nth(1).unwrap_or_default();
    let answer = Workspace::open().and_then(|workspace| match command.as_str() {
        "check" => check(&workspace),
        "generate" => generated::write(&workspace).map(|()| true),
        _ => Err("say `cargo xtask check` or `cargo xtask generate`".into()),
    });
    match answer {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            eprintln!("xtask: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn check(workspace: &Workspace) -> Result<bool, String> {
    let mut total = 0;
    for (name, run) in CHECKS {
        let mut findings = run(workspace)?;
        findings.sort();
        println!(
            "{:<28} {}",
            name,
            if findings.is_empty() { "ok".into() } else { format!("{} wrong", findings.len()) }
        );
        for finding in &findings {
            println!("  {}: {}\n      {}", finding.place, finding.what, finding.way_out);
        }
        total += findings.len();
    }
    Ok(total == 0)
}
