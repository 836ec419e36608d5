//! `check` and `convert`.

use super::folder::{Folder, Only, Unpacked};
use super::{End, Out, read};
use crate::import::{Document, Source, import};
use crate::package::{Archive, ArchiveLimits, Listing, import_package, write_package};
use crate::report::{Report, Severity};
use crate::test::read_test;
use serde_json::json;
use std::io::Cursor;
use std::path::Path;

/// What a name on the command line stands for.
enum Given {
    /// A package, packed or not.
    Package(Box<dyn Listing>),
    /// A package that was refused, and why.
    Refused(String),
    /// One document.
    Document(Vec<u8>),
}

fn open(file: &str) -> Result<Given, String> {
    let path = Path::new(file);
    if path.is_dir() {
        return Ok(Given::Package(Box::new(Unpacked::open(path)?)));
    }
    if path.file_name().is_some_and(|n| n == "imsmanifest.xml") && path.is_file() {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        return Ok(Given::Package(Box::new(Unpacked::open(folder)?)));
    }
    let bytes = read(file)?;
    if !bytes.starts_with(b"PK") {
        return Ok(Given::Document(bytes));
    }
    Ok(match Archive::open(Cursor::new(bytes), ArchiveLimits::default()) {
        Ok(archive) => Given::Package(Box::new(archive)),
        Err(error) => Given::Refused(error.to_string()),
    })
}

fn end(report: &Report) -> End {
    if report.has_errors() { End::Errors } else { End::Fine }
}

pub(super) fn check(file: &str, out: &mut Out<'_>) -> Result<End, String> {
    let report = match open(file)? {
        Given::Package(files) => import_package(files.as_ref()).report,
        Given::Refused(reason) => {
            let mut report = Report::new(file);
            report.add(Severity::Error, "package", 0, "/".to_owned(), reason);
            report
        }
        Given::Document(bytes) => document(file, &bytes),
    };
    out.line(&format_args!("{:#}", json!(report)))?;
    Ok(end(&report))
}

fn document(file: &str, bytes: &[u8]) -> Report {
    let folder = Folder::around(file);
    let mut source = Source::within(folder.name(), &folder);
    source.report = Report::new(file);
    match import(bytes, &mut source) {
        Ok(Document::Item(item)) => {
            item.stimuli(&mut source);
        }
        Ok(Document::Test(document)) => {
            read_test(document, &mut source);
        }
        Ok(_) => {}
        Err(error) => {
            source.report.add(Severity::Error, error.code, error.line, "/".to_owned(), error.reason);
        }
    }
    source.report
}

/// Turns a package, or a document with the files around it, into a package of QTI 3.0.
pub(super) fn convert(from: &str, to: &str, out: &mut Out<'_>) -> Result<End, String> {
    let files: Box<dyn Listing> = match open(from)? {
        Given::Package(files) => files,
        Given::Refused(reason) => return Err(format!("{from}: {reason}")),
        Given::Document(_) => Box::new(Only(Folder::around(from))),
    };
    let package = import_package(files.as_ref());
    out.line(&format_args!("{:#}", json!(package.report)))?;
    if package.items.is_empty() && package.tests.is_empty() && package.stimuli.is_empty() {
        return Err(format!("{from} holds no item, test or stimulus; nothing was written"));
    }
    // Written as a whole: a failure on the way leaves no half package behind.
    let written =
        write_package(&package, files.as_ref(), Cursor::new(Vec::new())).map_err(|e| e.to_string())?;
    std::fs::write(to, written.into_inner()).map_err(|e| format!("{to} cannot be written: {e}"))?;
    Ok(end(&package.report))
}
