//! Is this file really PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1)?
//!
//! Our own reading of the clauses that a document of ours could break, over the object tree and the page contents. It is no full
//! validator: glyph programs, ICC profiles and image data are taken on trust. Each rule has a name, and each name a planted fault in the tests.

mod content;
mod file;
mod font;
mod pdf;
mod structure;
mod xmp;

use pdf::Pdf;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One rule that is broken, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub rule: &'static str,
    /// A page, an object or a structure element.
    pub place: String,
    pub detail: String,
}

/// One rule with the clause it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub name: &'static str,
    pub clause: &'static str,
}

/// Every rule this check knows.
pub const RULES: &[Rule] = &[
    rule("unreadable", "ISO 19005-2, 6.1.1"),
    rule("file-header", "ISO 19005-2, 6.1.2"),
    rule("file-trailer", "ISO 19005-2, 6.1.3"),
    rule("file-id-missing", "ISO 19005-2, 6.1.3"),
    rule("encrypted", "ISO 19005-2, 6.1.3"),
    rule("external-stream", "ISO 19005-2, 6.1.7.1"),
    rule("filter-forbidden", "ISO 19005-2, 6.1.7.2"),
    rule("page-size", "ISO 19005-2, 6.1.13"),
    rule("output-intent", "ISO 19005-2, 6.2.3"),
    rule("device-colour", "ISO 19005-2, 6.2.4.3"),
    rule("graphics-state", "ISO 19005-2, 6.2.5"),
    rule("image-forbidden-key", "ISO 19005-2, 6.2.8"),
    rule("xobject-forbidden", "ISO 19005-2, 6.2.9"),
    rule("font-not-embedded", "ISO 19005-2, 6.2.11.4.1; ISO 14289-1, 7.21.4.1"),
    rule("font-without-unicode", "ISO 19005-2, 6.2.11.7.2; ISO 14289-1, 7.21.7"),
    rule("font-incomplete", "ISO 19005-2, 6.2.11.2; ISO 14289-1, 7.21.3"),
    rule("annotation-forbidden", "ISO 19005-2, 6.3.1"),
    rule("annotation-flags", "ISO 19005-2, 6.3.2"),
    rule("annotation-appearance", "ISO 19005-2, 6.3.3"),
    rule("form-forbidden", "ISO 19005-2, 6.4"),
    rule("javascript", "ISO 19005-2, 6.5.1"),
    rule("action-forbidden", "ISO 19005-2, 6.5.1"),
    rule("additional-actions", "ISO 19005-2, 6.5.2"),
    rule("external-reference", "house rule: a document needs nothing beside itself"),
    rule("metadata-missing", "ISO 19005-2, 6.6.2.1"),
    rule("metadata-differs", "ISO 19005-2, 6.6.3"),
    rule("pdfa-identification", "ISO 19005-2, 6.6.4"),
    rule("not-marked", "ISO 19005-2, 6.7.2; ISO 14289-1, 7.1"),
    rule("structure-missing", "ISO 19005-2, 6.7.3; ISO 14289-1, 7.1"),
    rule("role-unknown", "ISO 19005-2, 6.7.3.4; ISO 14289-1, 7.1"),
    rule("role-circular", "ISO 19005-2, 6.7.3.4; ISO 14289-1, 7.1"),
    rule("role-standard-remapped", "ISO 14289-1, 7.1"),
    rule("language-missing", "ISO 19005-2, 6.7.4; ISO 14289-1, 7.2"),
    rule("language-invalid", "ISO 19005-2, 6.7.4"),
    rule("embedded-file", "ISO 19005-2, 6.8"),
    rule("optional-content", "ISO 19005-2, 6.9"),
    rule("presentation-forbidden", "ISO 19005-2, 6.10, 6.11"),
    rule("pdfua-identification", "ISO 14289-1, 5"),
    rule("content-unmarked", "ISO 14289-1, 7.1"),
    rule("artifact-mixed", "ISO 14289-1, 7.1"),
    rule("content-not-in-structure", "ISO 14289-1, 7.1; ISO 32000-1, 14.7.4"),
    rule("structure-without-content", "ISO 32000-1, 14.7.4"),
    rule("parent-tree", "ISO 32000-1, 14.7.4.4"),
    rule("parent-link", "ISO 32000-1, 14.7.2"),
    rule("title-missing", "ISO 14289-1, 7.1"),
    rule("title-not-shown", "ISO 14289-1, 7.1"),
    rule("figure-without-alt", "ISO 14289-1, 7.3"),
    rule("heading-missing", "house rule: every document begins with its title as heading 1"),
    rule("heading-first", "ISO 14289-1, 7.4.2"),
    rule("heading-skipped", "ISO 14289-1, 7.4.2"),
    rule("heading-mixed", "ISO 14289-1, 7.4.4"),
    rule("heading-untagged", "ISO 14289-1, 7.1, 7.4.1"),
    rule("table-without-headers", "ISO 14289-1, 7.5"),
    rule("header-without-scope", "ISO 14289-1, 7.5"),
    rule("table-nesting", "ISO 14289-1, 7.2; ISO 32000-1, 14.8.4.3.4"),
    rule("table-irregular", "ISO 14289-1, 7.2"),
    rule("list-nesting", "ISO 14289-1, 7.2, 7.6"),
    rule("note-without-id", "ISO 14289-1, 7.9"),
    rule("annotation-untagged", "ISO 14289-1, 7.18.1"),
    rule("annotation-without-text", "ISO 14289-1, 7.18.1, 7.18.5"),
    rule("tab-order", "ISO 14289-1, 7.18.3"),
];

const fn rule(name: &'static str, clause: &'static str) -> Rule {
    Rule { name, clause }
}

/// Everything that is wrong with a file, in a fixed order; nothing for a clean one.
pub fn check(bytes: &[u8]) -> Vec<Finding> {
    // The parser may meet bytes its makers never saw; a panic there is an unreadable file here.
    let mut findings = catch_unwind(AssertUnwindSafe(|| check_all(bytes)))
        .unwrap_or_else(|_| vec![finding("unreadable", "file", "the parser gave up")]);
    findings.sort();
    findings.dedup();
    findings
}

fn check_all(bytes: &[u8]) -> Vec<Finding> {
    let mut findings = file::bytes(bytes);
    let document = match lopdf::Document::load_mem(bytes) {
        Ok(document) => document,
        Err(error) => {
            findings.push(finding("unreadable", "file", &error.to_string()));
            return findings;
        }
    };
    let pdf = Pdf::new(&document);
    findings.extend(file::trailer(&pdf));
    if document.was_encrypted() || document.is_encrypted() {
        // Nothing behind the encryption can be judged.
        return findings;
    }
    findings.extend(file::objects(&pdf));
    findings.extend(file::catalog(&pdf));
    findings.extend(xmp::check(&pdf));
    let pages = content::read(&pdf);
    findings.extend(content::check(&pages));
    findings.extend(font::check(&pdf, &pages));
    findings.extend(structure::check(&pdf, &pages));
    findings
}

fn finding(rule: &'static str, place: &str, detail: &str) -> Finding {
    Finding { rule, place: place.to_owned(), detail: detail.to_owned() }
}

#[cfg(test)]
mod tests;
