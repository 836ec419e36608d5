//! The fonts the pages use: all there, and every glyph with a meaning.

use super::content::Sheet;
use super::pdf::{Pdf, as_dictionary, stream_bytes};
use super::{Finding, finding};
use lopdf::Dictionary;
use std::collections::BTreeSet;

pub(super) fn check(pdf: &Pdf<'_>, sheets: &[Sheet]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let used: BTreeSet<_> = sheets.iter().flat_map(|sheet| sheet.fonts.iter().copied()).collect();
    for id in used {
        match pdf.document.get_dictionary(id) {
            Ok(font) => font_of(pdf, font, &format!("object {}", id.0), &mut findings),
            Err(_) => {
                findings.push(finding(
                    "font-not-embedded",
                    &format!("object {}", id.0),
                    "the font is not there",
                ));
            }
        }
    }
    for sheet in sheets {
        for font in &sheet.inline_fonts {
            font_of(pdf, font, &sheet.place, &mut findings);
        }
    }
    findings
}

fn font_of(pdf: &Pdf<'_>, font: &Dictionary, place: &str, findings: &mut Vec<Finding>) {
    let name = pdf.name(font, "BaseFont").unwrap_or("a font without a name").to_owned();
    let mut add = |rule, detail: &str| findings.push(finding(rule, place, &format!("{name}: {detail}")));
    let subtype = pdf.name(font, "Subtype").unwrap_or_default();
    if subtype == "Type3" {
        if pdf.get(font, "CharProcs").is_none() {
            add("font-incomplete", "no glyphs");
        }
    } else {
        let descendant = match subtype {
            "Type0" => {
                pdf.array(font, "DescendantFonts").first().and_then(|object| as_dictionary(pdf.real(object)))
            }
            _ => Some(font),
        };
        let Some(descendant) = descendant else {
            add("font-incomplete", "no descendant font");
            return;
        };
        let descriptor = pdf.dictionary(descendant, "FontDescriptor");
        let program = descriptor.and_then(|descriptor| {
            ["FontFile", "FontFile2", "FontFile3"].iter().find_map(|key| pdf.get(descriptor, key))
        });
        match program.and_then(stream_bytes) {
            Some(bytes) if !bytes.is_empty() => {}
            _ => add("font-not-embedded", "no font program in the file"),
        }
        if subtype == "Type0" {
            composite(pdf, font, descendant, &mut add);
        }
    }
    // Without it a reader hears nothing, whatever the eye sees.
    match pdf.get(font, "ToUnicode").and_then(stream_bytes) {
        Some(bytes) if maps_something(&bytes) => {}
        Some(_) => add("font-without-unicode", "an empty ToUnicode"),
        None if subtype == "Type0" || subtype == "Type3" || !has_known_encoding(pdf, font) => {
            add("font-without-unicode", "no ToUnicode");
        }
        None => {}
    }
}

fn composite(
    pdf: &Pdf<'_>,
    font: &Dictionary,
    descendant: &Dictionary,
    add: &mut dyn FnMut(&'static str, &str),
) {
    if pdf.get(font, "Encoding").is_none() {
        add("font-incomplete", "no Encoding");
    }
    if pdf.dictionary(descendant, "CIDSystemInfo").is_none() {
        add("font-incomplete", "no CIDSystemInfo");
    }
    if pdf.name(descendant, "Subtype") == Some("CIDFontType2") && pdf.get(descendant, "CIDToGIDMap").is_none()
    {
        add("font-incomplete", "no CIDToGIDMap");
    }
}

fn maps_something(cmap: &[u8]) -> bool {
    let has = |word: &[u8]| cmap.windows(word.len()).any(|window| window == word);
    has(b"beginbfchar") || has(b"beginbfrange")
}

fn has_known_encoding(pdf: &Pdf<'_>, font: &Dictionary) -> bool {
    matches!(pdf.name(font, "Encoding"), Some("WinAnsiEncoding" | "MacRomanEncoding" | "MacExpertEncoding"))
}
