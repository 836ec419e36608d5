//! Content packages: a zip with a manifest, in and out. Nothing is unpacked to disk; nothing outside the
//! archive can be named; sizes and ratios are capped while reading, whatever the headers say.

mod archive;
mod manifest;
mod write;

pub use archive::{Archive, ArchiveLimits, PackageError};
pub use manifest::{Manifest, Resource};
pub use write::write_package;

use crate::import::{Document, Files, Source, import, resolve};
use crate::item::Item;
use crate::report::{Report, Severity};
use crate::test::{Test, read_test};
use crate::xml::{Element, Limits, read_bytes};
use std::collections::BTreeSet;

/// A package as imported.
#[derive(Debug, Default)]
pub struct Package {
    /// What its manifest says.
    pub manifest: Manifest,
    /// Items by path.
    pub items: Vec<(String, Item)>,
    /// Tests by path.
    pub tests: Vec<(String, Test)>,
    /// Shared stimuli by path.
    pub stimuli: Vec<(String, Element)>,
    /// Other files the content uses, by path.
    pub media: Vec<String>,
    /// Findings over all files.
    pub report: Report,
}

/// Something files can be listed of.
pub trait Listing: Files {
    /// All paths.
    fn paths(&self) -> Vec<String>;
}

/// Imports everything in a package.
pub fn import_package(files: &dyn Listing) -> Package {
    let mut package = Package { report: Report::new("imsmanifest.xml"), ..Package::default() };
    let paths = files.paths();
    match files.open("imsmanifest.xml") {
        Some(bytes) => match read_bytes(&bytes, &Limits::default()) {
            Ok(tree) => package.manifest = Manifest::read(&tree, &paths, &mut package.report),
            Err(error) => package.complain(Severity::Error, error.code, error.line, &error.reason),
        },
        None => package.complain(
            Severity::Warning,
            "manifest",
            0,
            "there is no imsmanifest.xml at the top of the package; every XML file is looked at instead",
        ),
    }
    let mut documents: BTreeSet<String> =
        package.manifest.resources.iter().filter_map(|r| r.href.clone()).collect();
    if package.manifest.resources.is_empty() {
        documents =
            paths.iter().filter(|p| p.ends_with(".xml") && *p != "imsmanifest.xml").cloned().collect();
    }
    let mut used = BTreeSet::new();
    let mut seen = BTreeSet::new();
    // What documents refer to comes in as well, though no manifest lists it.
    while let Some(path) = documents.pop_first() {
        if seen.insert(path.clone()) {
            documents.extend(package.import_document(&path, files, &mut used));
        }
    }
    for file in package.manifest.resources.iter().flat_map(|r| &r.files) {
        if !seen.contains(file) {
            used.insert(file.clone());
        }
    }
    package.media = used.into_iter().filter(|p| !seen.contains(p) && files.has(p)).collect();
    for path in paths.iter().filter(|p| *p != "imsmanifest.xml" && !seen.contains(*p)) {
        if !package.media.contains(path) {
            let message =
                format!("{path} is not listed and nothing refers to it; it is left out of an export");
            package.report.add(Severity::Info, "unused", 0, path.clone(), message);
        }
    }
    package
}

impl Package {
    fn complain(&mut self, severity: Severity, code: &'static str, line: u32, message: &str) {
        self.report.add(severity, code, line, "/".to_owned(), message);
    }

    /// Imports one document and tells which others it refers to.
    fn import_document(
        &mut self,
        path: &str,
        files: &dyn Listing,
        used: &mut BTreeSet<String>,
    ) -> Vec<String> {
        let known = self.manifest.resources.iter().find(|r| r.href.as_deref() == Some(path));
        let kind = known.map(|r| r.kind.to_ascii_lowercase()).unwrap_or_default();
        if !path.ends_with(".xml") && !kind.contains("imsqti") {
            used.insert(path.to_owned());
            return Vec::new();
        }
        // What is named and not there was reported where it was named.
        let Some(bytes) = files.open(path) else { return Vec::new() };
        let mut further = Vec::new();
        let mut source = Source::within(path, files);
        match import(&bytes, &mut source) {
            Ok(Document::Item(item)) => {
                media(&item.document, path, files, &mut source.report, used);
                further = references(&item.document, path, files);
                self.items.push((path.to_owned(), *item));
            }
            Ok(Document::Test(document)) => {
                media(&document, path, files, &mut source.report, used);
                let test = read_test(document, &mut source);
                // Sections of their own files are in place now.
                further = references(&test.document, path, files);
                self.tests.push((path.to_owned(), test));
            }
            Ok(Document::Stimulus(stimulus)) => {
                media(&stimulus, path, files, &mut source.report, used);
                self.stimuli.push((path.to_owned(), stimulus));
            }
            // Sections and rules come in where they are referred to.
            Ok(Document::Section(_) | Document::Rules(_)) => {}
            Ok(Document::Results(_) | Document::Manifest(_)) => {
                let message = "this file is recognised but not part of a package of items; it was left out";
                source.report.add(Severity::Warning, "not-imported", 0, "/".to_owned(), message);
            }
            Err(error) if kind.contains("imsqti") || error.code != "not-qti" => {
                source.report.add(Severity::Error, error.code, error.line, "/".to_owned(), error.reason);
            }
            Err(_) => {
                used.insert(path.to_owned());
            }
        }
        self.report.absorb(source.report);
        further
    }
}

/// The documents a document refers to.
fn references(document: &Element, base: &str, files: &dyn Files) -> Vec<String> {
    let mut found = Vec::new();
    document.walk(&mut |element| {
        if matches!(element.name.as_str(), "qti-assessment-item-ref" | "qti-assessment-stimulus-ref") {
            let path = element.get("href").and_then(|href| resolve(base, href.trim()));
            found.extend(path.filter(|p| files.has(p)));
        }
    });
    found
}

/// Addresses of the files an element uses.
pub(crate) fn addresses(element: &Element) -> impl Iterator<Item = String> {
    const NAMES: [&str; 9] = [
        "src",
        "href",
        "data",
        "poster",
        "primary-path",
        "fallback-path",
        "primary-configuration",
        "secondary-configuration",
        "template-location",
    ];
    let named = NAMES.iter().filter_map(|name| element.get(name)).map(|v| v.trim().to_owned());
    // Sizes stand behind each address of a set.
    let set = element.get("srcset").unwrap_or_default().split(',');
    let set = set.filter_map(|part| part.split_whitespace().next()).map(str::to_owned);
    let text = element.is("qti-file-href").then(|| element.text().trim().to_owned());
    named.chain(set).chain(text).filter(|a| !a.is_empty()).collect::<Vec<_>>().into_iter()
}

/// Collects the files a document uses, and reports those that are missing or outside.
fn media(
    document: &Element,
    base: &str,
    files: &dyn Files,
    report: &mut Report,
    used: &mut BTreeSet<String>,
) {
    let mut wanted: Vec<(u32, String)> = Vec::new();
    document.walk(&mut |element| {
        let references =
            ["qti-assessment-item-ref", "qti-assessment-section-ref", "qti-assessment-stimulus-ref"];
        if references.contains(&element.name.as_str()) {
            return;
        }
        wanted.extend(addresses(element).map(|address| (element.line, address)));
    });
    for (line, address) in wanted {
        let external = address.is_empty() || address.starts_with('#') || address.contains(':');
        if external {
            continue;
        }
        match resolve(base, &address) {
            Some(path) if files.has(&path) => {
                used.insert(path);
            }
            Some(path) => report.add(
                Severity::Warning,
                "missing",
                line,
                path.clone(),
                format!("the file {path} is not in the package"),
            ),
            None => report.add(
                Severity::Error,
                "address",
                line,
                address.clone(),
                format!("the address {address} leads out of the package; use a file inside it"),
            ),
        }
    }
}
