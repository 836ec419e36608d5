//! Packages of QTI 3.0.

use super::{Package, PackageError};
use crate::import::{Files, resolve};
use crate::xml::{Element, write_document};
use std::collections::BTreeSet;
use std::io::{Seek, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const QTI: &str = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0";
const MANIFEST: &str = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1";

/// Writes everything of a package as QTI 3.0; media are copied from `files`.
///
/// # Errors
/// When the archive cannot be written.
pub fn write_package<W: Write + Seek>(
    package: &Package,
    files: &dyn Files,
    out: W,
) -> Result<W, PackageError> {
    let failed = |e: &dyn std::fmt::Display| PackageError::Write(e.to_string());
    let mut zip = ZipWriter::new(out);
    // Always the same bytes for the same content.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut put = |path: &str, bytes: &[u8]| -> Result<(), PackageError> {
        zip.start_file(path, options).map_err(|e| failed(&e))?;
        zip.write_all(bytes).map_err(|e| failed(&e))
    };
    put("imsmanifest.xml", write_document(&manifest(package), MANIFEST).as_bytes())?;
    for (path, item) in &package.items {
        put(path, write_document(&item.document, QTI).as_bytes())?;
    }
    for (path, test) in &package.tests {
        put(path, write_document(&test.document, QTI).as_bytes())?;
    }
    for (path, stimulus) in &package.stimuli {
        put(path, write_document(stimulus, QTI).as_bytes())?;
    }
    let documents: BTreeSet<&str> = (package.items.iter().map(|(p, _)| p.as_str()))
        .chain(package.tests.iter().map(|(p, _)| p.as_str()))
        .chain(package.stimuli.iter().map(|(p, _)| p.as_str()))
        .collect();
    for path in package.media.iter().filter(|p| !documents.contains(p.as_str())) {
        if let Some(bytes) = files.open(path) {
            put(path, &bytes)?;
        }
    }
    zip.finish().map_err(|e| failed(&e))
}

fn manifest(package: &Package) -> Element {
    let mut resources = Element::new("resources");
    let mut count = 0;
    let mut names: Vec<(String, String)> = Vec::new();
    let mut add = |kind: &str, path: &str, uses: Vec<String>| {
        count += 1;
        let identifier = format!("R{count}");
        names.push((path.to_owned(), identifier.clone()));
        let resource = Element::new("resource")
            .with("identifier", identifier)
            .with("type", kind)
            .with("href", path)
            .child(Element::new("file").with("href", path))
            .children_from(uses.iter().map(|u| Element::new("file").with("href", u.clone())));
        (resource, path.to_owned())
    };
    let mut made = Vec::new();
    for (path, item) in &package.items {
        made.push((add("imsqti_item_xmlv3p0", path, uses(&item.document, path, package)), &item.document));
    }
    for (path, stimulus) in &package.stimuli {
        made.push((add("imsqti_stimulus_xmlv3p0", path, uses(stimulus, path, package)), stimulus));
    }
    for (path, test) in &package.tests {
        made.push((add("imsqti_test_xmlv3p0", path, Vec::new()), &test.document));
    }
    for ((mut resource, path), document) in made {
        let mut needed = BTreeSet::new();
        document.walk(&mut |e| {
            if matches!(e.name.as_str(), "qti-assessment-item-ref" | "qti-assessment-stimulus-ref") {
                let target = e.get("href").and_then(|h| resolve(&path, h));
                if let Some((_, id)) = target.and_then(|t| names.iter().find(|(p, _)| *p == t)) {
                    needed.insert(id.clone());
                }
            }
        });
        resource = resource
            .children_from(needed.into_iter().map(|id| Element::new("dependency").with("identifierref", id)));
        resources = resources.child(resource);
    }
    let identifier =
        if package.manifest.identifier.is_empty() { "PACKAGE" } else { &package.manifest.identifier };
    Element::new("manifest")
        .with("identifier", identifier)
        .child(
            Element::new("metadata")
                .child(Element::new("schema").text_child("QTI Package"))
                .child(Element::new("schemaversion").text_child("3.0.0")),
        )
        .child(Element::new("organizations"))
        .child(resources)
}

/// The media of a document that go into the package.
fn uses(document: &Element, base: &str, package: &Package) -> Vec<String> {
    let mut found = BTreeSet::new();
    document.walk(&mut |element| {
        for address in super::addresses(element) {
            if let Some(path) = resolve(base, &address).filter(|p| package.media.contains(p)) {
                found.insert(path);
            }
        }
    });
    found.into_iter().collect()
}
