//! The commands, as the binary `regie-qti` has them and as a larger program can take them in.
//! The README gives the shapes of their input and output.

mod folder;
mod package;
mod session;

use crate::import::{Document, Source, import};
use crate::item::Item;
use crate::render::{Lang, State, page, prepare, render};
use crate::report::Severity;
use crate::score::{Engine, Responses, Scored, Scratch, Session, StartFlag, check_responses};
use crate::value::Value;
use crate::xml::Element;
use folder::Folder;
use serde_json::{Map, Value as Json, json};
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// How the commands are called.
pub const USAGE: &str = "Usage:
  score ITEM.xml RESPONSES.json [--seed N]     the outcomes of these answers, as JSON
  check FILE|FOLDER|PACKAGE.zip                what could not be taken as written, as JSON
  convert FILE|FOLDER|PACKAGE.zip OUT.zip      a package of QTI 3.0; prints the report of the import
  render ITEM.xml [--lang nl|en] [--state STATE.json] [--fragment]
                                               the page a candidate sees, as HTML
  run TEST.xml SCRIPT.json                     a test taken step by step, as JSON

Exit codes: 0 fine; 1 the report has errors; 2 wrong use or an unreadable file; 3 scoring stopped.
";

/// How a command ended, beside wrong use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Nothing to say.
    Fine = 0,
    /// The report has errors.
    Errors = 1,
    /// Scoring stopped; a person must look.
    Stopped = 3,
}

/// Where the commands write.
struct Out<'o> {
    /// Results.
    out: &'o mut dyn Write,
    /// Remarks.
    remarks: &'o mut dyn Write,
}

impl Out<'_> {
    fn line(&mut self, text: &dyn std::fmt::Display) -> Result<(), String> {
        writeln!(self.out, "{text}").map_err(|e| format!("the result could not be written: {e}"))
    }

    /// A remark that cannot be written is not worth failing for.
    fn remark(&mut self, text: &dyn std::fmt::Display) {
        let _ = writeln!(self.remarks, "{text}");
    }
}

/// Runs a command on the standard streams; the first argument is the name of the program, as `args_os` gives it.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let (out, remarks) = (std::io::stdout(), std::io::stderr());
    ExitCode::from(run_on(arguments, &mut out.lock(), &mut remarks.lock()))
}

/// Runs a command on the streams given and returns its exit code.
pub fn run_on(
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    remarks: &mut dyn Write,
) -> u8 {
    let mut out = Out { out, remarks };
    let words: Result<Vec<String>, OsString> =
        arguments.into_iter().skip(1).map(OsString::into_string).collect();
    let end = match words {
        Ok(words) => command(&words.iter().map(String::as_str).collect::<Vec<_>>(), &mut out),
        Err(name) => Err(format!("{} is not a name in Unicode; rename the file", name.display())),
    };
    match end {
        Ok(end) => end as u8,
        Err(message) => {
            out.remark(&message);
            2
        }
    }
}

fn command(words: &[&str], out: &mut Out<'_>) -> Result<End, String> {
    match words {
        ["-h" | "--help" | "help", ..] | [_, .., "-h" | "--help"] => out.line(&USAGE).map(|()| End::Fine),
        ["score", item, responses, options @ ..] => score(item, responses, options, out),
        ["check", file] => package::check(file, out),
        ["convert", from, to] => package::convert(from, to, out),
        ["run", test, script] => session::take(test, script, out),
        ["render", item, options @ ..] => draw(item, options, out),
        [] => Err(USAGE.to_owned()),
        [name @ ("score" | "check" | "convert" | "run" | "render"), ..] => {
            Err(format!("{name} is given too few or too many files.\n\n{USAGE}"))
        }
        [name, ..] => Err(format!("There is no command {name}.\n\n{USAGE}")),
    }
}

fn read(file: &str) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|e| format!("{file} cannot be read: {e}"))
}

fn read_json<T: serde::de::DeserializeOwned>(file: &str) -> Result<T, String> {
    let bytes = read(file)?;
    // Editors on Windows start a text with a byte order mark.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    serde_json::from_slice(bytes).map_err(|e| format!("{file}: {e}"))
}

/// The values of options, in the order of their names; what is not named is refused.
fn options<'a, const N: usize>(
    words: &[&'a str],
    names: [&str; N],
    switches: &[&str],
) -> Result<[Option<&'a str>; N], String> {
    let mut found = [None; N];
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if switches.contains(word) {
            continue;
        }
        let place = names.iter().position(|n| n == word).and_then(|at| found.get_mut(at));
        let Some(place) = place else { return Err(format!("There is no option {word} here.\n\n{USAGE}")) };
        *place = Some(*rest.next().ok_or_else(|| format!("{word} needs a value"))?);
    }
    Ok(found)
}

/// Reads an item with the files around it.
fn item<'f>(file: &str, folder: &'f Folder) -> Result<(Box<Item>, Source<'f>), String> {
    let mut source = Source::within(folder.name(), folder);
    match import(&read(file)?, &mut source).map_err(|e| format!("{file}: {e}"))? {
        Document::Item(item) => Ok((item, source)),
        _ => Err(format!("{file} is not an item; give a file that starts with qti-assessment-item")),
    }
}

fn score(file: &str, responses: &str, words: &[&str], out: &mut Out<'_>) -> Result<End, String> {
    let [seed] = options(words, ["--seed"], &[])?;
    let seed = seed.map_or(Ok(0), str::parse).map_err(|_| "--seed takes a whole number from 0 up")?;
    let folder = Folder::around(file);
    let (item, source) = item(file, &folder)?;
    for finding in source.report.findings.iter().filter(|f| f.severity == Severity::Error) {
        out.remark(finding);
    }
    let responses = Responses::from_json(&read_json(responses)?).map_err(|e| format!("{responses}: {e}"))?;
    for remark in check_responses(&item, &responses) {
        out.remark(&remark);
    }
    let engine = Engine::new();
    let (mut session, flag) = Session::start(&engine, &item, seed, &[]);
    session.attempts = 1;
    let mut scratch = Scratch::new();
    let mut told = Map::new();
    let result = match flag {
        Some(StartFlag::Failed(error)) => Err(error),
        flag => {
            if flag == Some(StartFlag::Constraint) {
                out.remark(&"the template constraint could not be met; the defaults were taken");
            }
            engine.score(&item, &session, &responses, &mut scratch).map(|scored| {
                for flag in &scored.flags {
                    out.remark(&format!("{}: {}", flag.response, flag.message));
                }
                outcomes(&scored, &mut told);
            })
        }
    };
    let marked = item.to_be_marked();
    if !marked.is_empty() {
        told.insert("$toBeMarked".to_owned(), json!(marked));
    }
    let mut end = End::Fine;
    if let Err(error) = result {
        outcomes(&engine.defaults(&item, &session, &mut scratch), &mut told);
        let report = json!({"file": file, "line": error.line, "message": error.message});
        told.insert("$scoringError".to_owned(), report);
        end = End::Stopped;
    }
    out.line(&format_args!("{:#}", Json::from(told)))?;
    Ok(end)
}

fn outcomes(scored: &Scored<'_>, told: &mut Map<String, Json>) {
    for (name, val) in scored.outcomes() {
        told.insert(name.to_owned(), Value::from(val).json());
    }
}

fn draw(file: &str, words: &[&str], out: &mut Out<'_>) -> Result<End, String> {
    let [lang, state] = options(words, ["--lang", "--state"], &["--fragment"])?;
    let lang = match lang {
        None | Some("nl") => Lang::Nl,
        Some("en") => Lang::En,
        Some(other) => return Err(format!("--lang is nl or en, not {other}")),
    };
    let folder = Folder::around(file);
    let (item, _) = item(file, &folder)?;
    let mut state: State = state.map_or(Ok(State::default()), read_json)?;
    let stimuli = stimuli(&item, &folder, out);
    let engine = Engine::new();
    let mut end = End::Fine;
    let prepared = match prepare(&engine, &item, &stimuli, &state, lang) {
        Err(reason) if state.feedback => {
            // Without a score no feedback is earned; the question itself can still be shown.
            state.feedback = false;
            out.remark(&format!("{file}: {reason}; the page is without feedback"));
            end = End::Stopped;
            prepare(&engine, &item, &stimuli, &state, lang)
        }
        other => other,
    };
    let prepared = prepared?;
    for (shown, real) in &prepared.copy.assets {
        out.remark(&format!("{real} is served as {shown}, because its name would tell an answer"));
    }
    let make = if words.contains(&"--fragment") { render } else { page };
    out.line(&make(&prepared.copy, &prepared.responses, &prepared.options))?;
    Ok(end)
}

/// The stimuli an item refers to, from the files beside it.
fn stimuli(item: &Item, folder: &Folder, out: &mut Out<'_>) -> Vec<(String, Element)> {
    let mut source = Source::within(folder.name(), folder);
    let found = item.stimuli(&mut source);
    for finding in &source.report.findings {
        out.remark(finding);
    }
    found
}
