//! What the file says about itself, twice: in its metadata and in its information dictionary.

use super::pdf::{Pdf, stream_bytes};
use super::{Finding, finding};
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use std::collections::BTreeMap;

const PDFA: &str = "http://www.aiim.org/pdfa/ns/id/";
const PDFUA: &str = "http://www.aiim.org/pdfua/ns/id/";
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";

pub(super) fn check(pdf: &Pdf<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |rule, detail: &str| findings.push(finding(rule, "metadata", detail));
    let metadata = pdf.get(pdf.catalog(), "Metadata");
    let Some(values) = metadata.and_then(stream_bytes).and_then(|bytes| read(&bytes)) else {
        add("metadata-missing", "the catalog has no readable XMP metadata");
        return findings;
    };
    let value =
        |space: &str, name: &str| values.get(&(space.to_owned(), name.to_owned())).map(String::as_str);
    if (value(PDFA, "part"), value(PDFA, "conformance")) != (Some("2"), Some("A")) {
        add("pdfa-identification", "it does not say part 2, conformance A");
    }
    if value(PDFUA, "part") != Some("1") {
        add("pdfua-identification", "it does not say part 1");
    }
    if value(DUBLIN_CORE, "title").is_none_or(|title| title.trim().is_empty()) {
        add("title-missing", "no dc:title");
    }
    if let Some(info) = pdf.dictionary(&pdf.document.trailer, "Info") {
        for (key, space, name) in [
            ("Title", DUBLIN_CORE, "title"),
            ("Author", DUBLIN_CORE, "creator"),
            ("Subject", DUBLIN_CORE, "description"),
            ("Creator", XMP, "CreatorTool"),
        ] {
            if let Some(said) = pdf.text(info, key)
                && value(space, name) != Some(said.as_str())
            {
                add("metadata-differs", key);
            }
        }
        for (key, name) in [("CreationDate", "CreateDate"), ("ModDate", "ModifyDate")] {
            let Some(said) = pdf.text(info, key) else { continue };
            if value(XMP, name).and_then(digits) != digits(&said) {
                add("metadata-differs", key);
            }
        }
    }
    findings
}

/// `D:20261120081500Z` and `2026-11-20T08:15:00+00:00` to the second.
fn digits(date: &str) -> Option<String> {
    let digits: String = date.chars().filter(char::is_ascii_digit).take(14).collect();
    (digits.len() == 14).then_some(digits)
}

/// Texts and attributes by namespace and name, with the parts of lists joined.
fn read(bytes: &[u8]) -> Option<BTreeMap<(String, String), String>> {
    const LIST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = NsReader::from_str(text);
    let mut open: Vec<(String, String)> = Vec::new();
    let mut values: BTreeMap<(String, String), String> = BTreeMap::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let name = named(reader.resolver().resolve_element(start.name()));
                attributes(&reader, &start, &mut values)?;
                open.push(name);
            }
            Event::Empty(start) => attributes(&reader, &start, &mut values)?,
            Event::End(_) => {
                open.pop()?;
            }
            Event::Text(said) => {
                // The innermost element that is not part of a list.
                if let Some(name) = open.iter().rev().find(|(space, _)| space != LIST)
                    && !said.trim().is_empty()
                {
                    values.entry(name.clone()).or_default().push_str(&said);
                }
            }
            Event::GeneralRef(sign) => {
                let sign = quick_xml::escape::unescape(&format!("&{};", &*sign)).ok()?.into_owned();
                if let Some(name) = open.iter().rev().find(|(space, _)| space != LIST) {
                    values.entry(name.clone()).or_default().push_str(&sign);
                }
            }
            Event::Eof => return open.is_empty().then_some(values),
            _ => {}
        }
    }
}

fn attributes(
    reader: &NsReader<&[u8]>,
    start: &quick_xml::events::BytesStart<'_>,
    values: &mut BTreeMap<(String, String), String>,
) -> Option<()> {
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let name = named(reader.resolver().resolve_attribute(attribute.key));
        let value = quick_xml::escape::unescape(&attribute.value).ok()?.into_owned();
        values.insert(name, value);
    }
    Some(())
}

fn named((space, name): (ResolveResult<'_>, quick_xml::name::LocalName<'_>)) -> (String, String) {
    let space = match space {
        ResolveResult::Bound(space) => space.as_ref().to_owned(),
        _ => String::new(),
    };
    (space, name.as_ref().to_owned())
}
