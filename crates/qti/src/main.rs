//! The commands of the engine; the README gives the shapes of their input and output.

use regie_qti::import::{Document, Files, Source, import, resolve};
use regie_qti::package::{Archive, ArchiveLimits, Listing, Package, import_package, write_package};
use regie_qti::render::{Lang, State, page, prepare, render};
use regie_qti::report::{Report, Severity};
use regie_qti::score::{Engine, Responses, Scratch, Session, StartFlag};
use regie_qti::test::{Script, read_test};
use regie_qti::value::Value;
use regie_qti::xml::{Limits, read_bytes};
use serde_json::{Map, Value as Json, json};
use std::io::Cursor;
use std::process::ExitCode;

const USAGE: &str = "regie-qti score ITEM.xml RESPONSES.json [--seed N]
regie-qti check FILE|PACKAGE.zip
regie-qti convert IN OUT.zip
regie-qti render ITEM.xml [--lang nl|en] [--state STATE.json] [--fragment]
regie-qti run TEST.xml SCRIPT.json
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["score", item, responses, options @ ..] => score(item, responses, options),
        ["check", file] => check(file),
        ["convert", from, to] => convert(from, to),
        ["run", test, script] => take(test, script),
        ["render", item, options @ ..] => draw(item, options),
        _ => Err(USAGE.to_owned()),
    }
}

fn read(file: &str) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|e| format!("{file} cannot be read: {e}"))
}

fn option<'a>(options: &[&'a str], name: &str) -> Option<&'a str> {
    let at = options.iter().position(|o| *o == name)?;
    options.get(at + 1).copied()
}

fn score(file: &str, responses: &str, options: &[&str]) -> Result<ExitCode, String> {
    let mut source = Source::alone(file);
    let Document::Item(item) = import(&read(file)?, &mut source).map_err(|e| format!("{file}: {e}"))? else {
        return Err(format!("{file} is not an item"));
    };
    let json: Json =
        serde_json::from_slice(&read(responses)?).map_err(|e| format!("{responses} is not JSON: {e}"))?;
    let responses = Responses::from_json(&json)?;
    let seed = option(options, "--seed").map_or(Ok(0), str::parse).map_err(|_| "--seed takes a number")?;
    let engine = Engine::new();
    let (session, flag) = Session::start(&engine, &item, seed, &[]);
    let mut scratch = Scratch::new();
    let failed = match flag {
        Some(StartFlag::Failed(error)) => Some(error),
        _ => None,
    };
    let mut out = Map::new();
    let result = match failed {
        Some(error) => Err(error),
        None => engine.score(&item, &session, &responses, &mut scratch).map(|scored| {
            for flag in &scored.flags {
                eprintln!("{}: {}", flag.response, flag.message);
            }
            outcomes(&scored, &mut out);
        }),
    };
    let marked = item.to_be_marked();
    if !marked.is_empty() {
        out.insert("$toBeMarked".to_owned(), json!(marked));
    }
    let code = match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            outcomes(&engine.defaults(&item, &session, &mut scratch), &mut out);
            out.insert(
                "$scoringError".to_owned(),
                json!({"file": file, "line": error.line, "message": error.message}),
            );
            ExitCode::from(3)
        }
    };
    println!("{:#}", Json::from(out));
    Ok(code)
}

fn outcomes(scored: &regie_qti::score::Scored<'_>, out: &mut Map<String, Json>) {
    for (name, val) in scored.outcomes() {
        out.insert(name.to_owned(), Value::from(val).json());
    }
}

fn check(file: &str) -> Result<ExitCode, String> {
    let bytes = read(file)?;
    let report = if bytes.starts_with(b"PK") {
        match Archive::open(Cursor::new(bytes), ArchiveLimits::default()) {
            Ok(archive) => import_package(&archive).report,
            Err(error) => {
                let mut report = Report::new(file);
                report.add(Severity::Error, "package", 0, "/".to_owned(), error.to_string());
                report
            }
        }
    } else {
        check_document(file, &bytes)
    };
    println!("{:#}", json!(report));
    Ok(if report.has_errors() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn check_document(file: &str, bytes: &[u8]) -> Report {
    let folder = Folder::around(file);
    let mut source = Source::within(&folder.name, &folder);
    source.report = Report::new(file);
    match import(bytes, &mut source) {
        Ok(Document::Test(document)) => {
            read_test(document, &mut source);
        }
        Ok(_) => {}
        Err(error) => {
            source.report.add(Severity::Error, error.code, error.line, "/".to_owned(), error.reason)
        }
    }
    source.report
}

/// Turns a package, or a document with the files around it, into a package of QTI 3.0.
fn convert(from: &str, to: &str) -> Result<ExitCode, String> {
    let bytes = read(from)?;
    let (package, files): (Package, Box<dyn Files>) = if bytes.starts_with(b"PK") {
        let archive =
            Archive::open(Cursor::new(bytes), ArchiveLimits::default()).map_err(|e| e.to_string())?;
        (import_package(&archive), Box::new(archive))
    } else {
        let folder = Folder::around(from);
        let only = Only { path: folder.name.clone(), folder };
        (import_package(&only), Box::new(only))
    };
    println!("{:#}", json!(package.report));
    if package.items.is_empty() && package.tests.is_empty() && package.stimuli.is_empty() {
        return Err(format!("{from} holds no item, test or stimulus; nothing was written"));
    }
    let out = std::fs::File::create(to).map_err(|e| format!("{to} cannot be written: {e}"))?;
    write_package(&package, files.as_ref(), out).map_err(|e| e.to_string())?;
    Ok(if package.report.has_errors() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// One document and what it refers to, as a package.
struct Only {
    path: String,
    folder: Folder,
}

impl Files for Only {
    fn open(&self, path: &str) -> Option<Vec<u8>> {
        if path == "imsmanifest.xml" { None } else { self.folder.open(path) }
    }
}

impl Listing for Only {
    fn paths(&self) -> Vec<String> {
        let mut paths = vec![self.path.clone()];
        let Some(Ok(tree)) = self.folder.open(&self.path).map(|b| read_bytes(&b, &Limits::default())) else {
            return paths;
        };
        tree.walk(&mut |element| {
            for name in ["href", "src", "data", "poster"] {
                if let Some(path) = element.get(name).and_then(|v| resolve(&self.path, v.trim()))
                    && !paths.contains(&path)
                    && self.folder.open(&path).is_some()
                {
                    paths.push(path);
                }
            }
        });
        paths.sort();
        paths
    }
}

fn draw(file: &str, options: &[&str]) -> Result<ExitCode, String> {
    let folder = Folder::around(file);
    let mut source = Source::within(&folder.name, &folder);
    let Document::Item(item) = import(&read(file)?, &mut source).map_err(|e| format!("{file}: {e}"))? else {
        return Err(format!("{file} is not an item"));
    };
    let state: State = match option(options, "--state") {
        Some(path) => serde_json::from_slice(&read(path)?).map_err(|e| format!("{path}: {e}"))?,
        None => State::default(),
    };
    let lang = Lang::from_tag(option(options, "--lang").unwrap_or("nl"));
    let stimuli = stimuli(&item, &folder);
    let prepared = prepare(&Engine::new(), &item, &stimuli, &state, lang)?;
    for (shown, real) in &prepared.copy.assets {
        eprintln!("{real} is served as {shown}, because its name would tell an answer");
    }
    let make = if options.contains(&"--fragment") { render } else { page };
    println!("{}", make(&prepared.copy, &prepared.responses, &prepared.options));
    Ok(ExitCode::SUCCESS)
}

/// The stimuli an item refers to, from the files beside it.
fn stimuli(item: &regie_qti::item::Item, folder: &Folder) -> Vec<(String, regie_qti::xml::Element)> {
    let mut found = Vec::new();
    for reference in item.document.all("qti-assessment-stimulus-ref") {
        let href = reference.get("href").unwrap_or_default();
        let Some(bytes) = resolve(&folder.name, href).and_then(|path| folder.open(&path)) else { continue };
        let mut source = Source::within(href, folder);
        if let Ok(Document::Stimulus(stimulus)) = import(&bytes, &mut source) {
            found.push((reference.get("identifier").unwrap_or_default().to_owned(), stimulus));
        }
    }
    found
}

/// The folder of a file, as the package it belongs to.
struct Folder {
    folder: std::path::PathBuf,
    name: String,
}

impl Folder {
    fn around(file: &str) -> Self {
        let path = std::path::Path::new(file);
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        Self { folder: path.parent().map(Into::into).unwrap_or_default(), name }
    }
}

impl Files for Folder {
    fn open(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.folder.join(path)).ok()
    }
}

fn take(file: &str, script: &str) -> Result<ExitCode, String> {
    let folder = Folder::around(file);
    let mut source = Source::within(&folder.name, &folder);
    let Document::Test(document) = import(&read(file)?, &mut source).map_err(|e| format!("{file}: {e}"))?
    else {
        return Err(format!("{file} is not a test"));
    };
    let test = read_test(document, &mut source);
    for finding in &source.report.findings {
        eprintln!("{finding}");
    }
    let script: Script =
        serde_json::from_slice(&read(script)?).map_err(|e| format!("{script} is not a script: {e}"))?;
    let engine = Engine::new();
    let told = regie_qti::test::run(&engine, &test, &script);
    println!("{told:#}");
    let failed = told.get("scoringError").is_some_and(|e| !e.is_null());
    Ok(if failed { ExitCode::from(3) } else { ExitCode::SUCCESS })
}
