//! Rules on plain text: file length, words that hide an idea, words that say "not finished", paths of one machine.

use crate::rust_source::Source;
use crate::workspace::Workspace;
use crate::{Finding, Findings};

const LONGEST: usize = 600;
const COUNTED: &[&str] = &[".rs", ".ts", ".css", ".html"];
const SOURCES: &[&str] =
    &[".rs", ".ts", ".js", ".mjs", ".css", ".html", ".sql", ".ftl", ".typ", ".toml", ".sh"];

/// Names under which anything can be put, and therefore nothing is found.
const DRAWERS: &[&str] =
    &["util", "utils", "helper", "helpers", "common", "manager", "managers", "service", "services"];
const UNFINISHED_MACROS: &[&str] = &["todo", "unimplemented", "dbg"];
/// A library hands its words to the caller; only a program speaks.
const SPEAKING_MACROS: &[&str] = &["println", "print", "eprintln", "eprint"];
const PROGRAMS: &[&str] = &[
    "/src/bin/",
    "/src/main.rs",
    "/src/command", // the commands an engine lends to the binary
    "/build.rs",
    "/examples/",
    "/benches/",
    "/tests/",
    "crates/app/",
    "crates/xtask/",
];
const UNFINISHED_WORDS: &[&str] = &["FIXME", "XXX", "TODO"];

pub fn check(workspace: &Workspace) -> Result<Findings, String> {
    let machine = machine_paths(workspace);
    let mut findings = Findings::new();
    for file in &workspace.files {
        names(file, &mut findings);
        let counted = COUNTED.iter().any(|e| file.ends_with(e));
        let source = SOURCES.iter().any(|e| file.ends_with(e)) || file.starts_with("scripts/");
        let document = file.ends_with(".md");
        if !(counted || source || document) || is_foreign(file) {
            continue;
        }
        let text = workspace.read(file)?;
        let lines = text.lines().count();
        if counted && lines > LONGEST {
            findings.push(Finding::new(
                file,
                format!("{lines} lines; {LONGEST} is the most"),
                "it holds two ideas: give each its own file",
            ));
        }
        for (number, line) in text.lines().enumerate() {
            if let Some(path) = machine.iter().find(|path| line.contains(path.as_str())) {
                let place = format!("{file}:{}", number + 1);
                findings.push(Finding::new(
                    place,
                    format!("a path of this machine ({path})"),
                    "say it relative to the root",
                ));
            }
        }
        if file.ends_with(".rs") {
            rust(file, &text, &mut findings);
        } else if source {
            for (number, line) in text.lines().enumerate() {
                unfinished_word(file, number + 1, line, &mut findings);
            }
        }
    }
    Ok(findings)
}

/// Files that others wrote and we keep unmodified.
fn is_foreign(file: &str) -> bool {
    file.split('/').any(|part| part == "vendor")
}

fn drawer(name: &str) -> Option<&'static str> {
    DRAWERS.iter().copied().find(|d| *d == name)
}

fn names(file: &str, findings: &mut Findings) {
    let code = [".rs", ".ts", ".css", ".html"].iter().any(|e| file.ends_with(e));
    for part in file.split('/') {
        let stem = part.split('.').next().unwrap_or(part);
        if let Some(word) = drawer(stem).filter(|_| code && !is_foreign(file)) {
            findings.push(Finding::new(file, format!("a place named `{word}`"), DRAWER_WAY_OUT));
        }
    }
}

const DRAWER_WAY_OUT: &str = "name it after the one thing it holds, a singular noun";

fn rust(file: &str, text: &str, findings: &mut Findings) {
    let source = match Source::parse(text) {
        Ok(source) => source,
        Err(reason) => return findings.push(Finding::new(file, reason, "make it compile first")),
    };
    for (line, name) in source.modules() {
        if let Some(word) = drawer(&name) {
            findings.push(Finding::new(
                format!("{file}:{line}"),
                format!("a module named `{word}`"),
                DRAWER_WAY_OUT,
            ));
        }
    }
    let program = PROGRAMS.iter().any(|part| file.contains(part));
    for call in source.macro_calls() {
        if SPEAKING_MACROS.contains(&call.name.as_str()) && !program && !call.in_tests {
            let place = format!("{file}:{}", call.line);
            let way_out = "return what it has to say, or use tracing";
            findings.push(Finding::new(place, format!("{}! in a library", call.name), way_out));
        }
        if UNFINISHED_MACROS.contains(&call.name.as_str()) {
            let what = format!("{}! stands for work not done", call.name);
            findings.push(Finding::new(
                format!("{file}:{}", call.line),
                what,
                "do it, or leave the whole thing out",
            ));
        }
    }
    if let Some(line) = source.names_crate("chrono") {
        findings.push(Finding::new(format!("{file}:{line}"), "chrono", "time is jiff's"));
    }
    for (line, comment) in source.comment_lines() {
        unfinished_word(file, line, &comment, findings);
    }
}

fn unfinished_word(file: &str, line: usize, text: &str, findings: &mut Findings) {
    let is_word = |at: usize, word: &str| {
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let (before, behind) = (text.get(..at), text.get(at + word.len()..));
        !letter(before.and_then(|s| s.chars().next_back())) && !letter(behind.and_then(|s| s.chars().next()))
    };
    for word in UNFINISHED_WORDS {
        if text.match_indices(word).any(|(at, _)| is_word(at, word)) {
            let what = format!("{word}: a note to oneself");
            findings.push(Finding::new(format!("{file}:{line}"), what, "do it, or write down why not"));
        }
    }
}

/// This checkout, what stands beside it, and home folders: none of it means anything elsewhere.
fn machine_paths(workspace: &Workspace) -> Vec<String> {
    let mut paths = vec![["", "root", ""].join("/")];
    if let Some(parent) = workspace.root.parent().filter(|p| p.components().count() > 1) {
        let beside = std::fs::read_dir(parent).into_iter().flatten().flatten();
        paths.extend(beside.filter(|e| e.path().is_dir()).map(|e| e.path().display().to_string() + "/"));
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::planted;

    fn said(file: &str, text: &str) -> Vec<String> {
        let (_folder, workspace) = planted(&[(file, text)]);
        check(&workspace).unwrap().into_iter().map(|f| format!("{}: {}", f.place, f.what)).collect()
    }

    #[test]
    fn a_file_of_601_lines_is_two_ideas() {
        assert_eq!(said("crates/a/src/b.rs", &"\n".repeat(600)), [""; 0]);
        assert_eq!(
            said("crates/a/src/b.rs", &"\n".repeat(601)),
            ["crates/a/src/b.rs: 601 lines; 600 is the most"]
        );
        assert_eq!(said("web-client/a.css", &"\n".repeat(601)).len(), 1);
        assert_eq!(said("docs/a.md", &"\n".repeat(601)), [""; 0]);
    }

    #[test]
    fn drawers_are_refused_as_file_folder_and_module() {
        assert_eq!(said("crates/a/src/utils.rs", "").len(), 1);
        assert_eq!(said("web-client/src/helpers/date.ts", "").len(), 1);
        assert_eq!(
            said("crates/a/src/lib.rs", "pub mod common;"),
            ["crates/a/src/lib.rs:1: a module named `common`"]
        );
        assert_eq!(said("crates/a/src/lib.rs", "mod commonness;"), [""; 0]);
    }

    #[test]
    fn unfinished_work_is_refused_wherever_it_stands() {
        assert_eq!(said("a.rs", "fn f() { todo!() }"), ["a.rs:1: todo! stands for work not done"]);
        assert_eq!(said("a.rs", "fn f() { dbg!(1); unimplemented!() }").len(), 2);
        assert_eq!(said("a.rs", "\n// FIXME later"), ["a.rs:2: FIXME: a note to oneself"]);
        assert_eq!(said("a.rs", "/// XXX\nfn f() {}"), ["a.rs:1: XXX: a note to oneself"]);
        assert_eq!(said("a.ts", "// TODO: this"), ["a.ts:1: TODO: a note to oneself"]);
        assert_eq!(said("a.rs", "const A: &str = \"FIXME\"; // PREFIXME XXXL"), [""; 0]);
    }

    #[test]
    fn a_library_does_not_print() {
        let text = "fn f() { println!(\"hi\") }";
        assert_eq!(
            said("crates/a/src/noun/verb.rs", text),
            ["crates/a/src/noun/verb.rs:1: println! in a library"]
        );
        assert_eq!(said("crates/a/src/main.rs", text), [""; 0]);
        assert_eq!(said("crates/a/examples/show.rs", text), [""; 0]);
        assert_eq!(said("crates/a/src/lib.rs", "#[cfg(test)] mod tests { fn f() { println!() } }"), [""; 0]);
    }

    #[test]
    fn chrono_is_refused_by_name() {
        assert_eq!(said("a.rs", "use chrono::Utc;"), ["a.rs:1: chrono"]);
    }

    #[test]
    fn paths_of_this_machine_are_refused() {
        let (folder, mut workspace) = planted(&[("house/a.md", "see the shelf")]);
        let beside = folder.path().join("shelf");
        std::fs::create_dir(&beside).unwrap();
        std::fs::write(folder.path().join("house/a.md"), format!("see {}/b", beside.display())).unwrap();
        workspace.root = folder.path().join("house");
        workspace.files = vec!["a.md".into()];
        assert_eq!(check(&workspace).unwrap().len(), 1);
        assert_eq!(said("scripts/run", &format!("cd {}.cargo", ["", "root", ""].join("/"))).len(), 1);
    }
}
