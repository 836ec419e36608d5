//! The shape of headings, tables, lists and figures.

use super::{Element, Kid};
use crate::check::content::Sheet;
use crate::check::pdf::{Pdf, as_dictionary};
use crate::check::{Finding, finding};
use lopdf::{Dictionary, Object};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(pdf: &Pdf<'_>, elements: &[Element<'_>], sheets: &[Sheet], findings: &mut Vec<Finding>) {
    headings(elements, findings);
    large_text(elements, sheets, findings);
    for element in elements {
        let mut add = |rule, detail: &str| findings.push(finding(rule, &element.place(), detail));
        let has_text =
            |key: &str| pdf.text(element.dictionary, key).is_some_and(|text| !text.trim().is_empty());
        match element.role.as_str() {
            "Figure" | "Formula" if !has_text("Alt") && !has_text("ActualText") => {
                add("figure-without-alt", "no Alt and no ActualText");
            }
            "Note" if !has_text("ID") => add("note-without-id", "no ID"),
            "Table" => table(pdf, element, elements, &mut add),
            "L" | "LI" => list(element, elements, &mut add),
            _ => {}
        }
        let parent =
            element.parent.and_then(|parent| elements.get(parent)).map_or("", |parent| parent.role.as_str());
        let (rule, allowed): (_, &[&str]) = match element.role.as_str() {
            "TR" => ("table-nesting", &["Table", "THead", "TBody", "TFoot"]),
            "TH" | "TD" => ("table-nesting", &["TR"]),
            "THead" | "TBody" | "TFoot" => ("table-nesting", &["Table"]),
            "LI" => ("list-nesting", &["L"]),
            "LBody" => ("list-nesting", &["LI"]),
            "TOCI" => ("list-nesting", &["TOC"]),
            _ => continue,
        };
        if !allowed.contains(&parent) {
            findings.push(finding(rule, &element.place(), &format!("it stands in {parent:?}")));
        }
    }
}

fn level(role: &str) -> Option<u32> {
    role.strip_prefix('H')?.parse().ok()
}

fn headings(elements: &[Element<'_>], findings: &mut Vec<Finding>) {
    let mut before = 0;
    for element in elements {
        let Some(level) = level(&element.role) else { continue };
        if before == 0 && level != 1 {
            findings.push(finding("heading-first", &element.place(), "the first heading is not of level 1"));
        } else if level > before + 1 {
            findings.push(finding(
                "heading-skipped",
                &element.place(),
                &format!("level {level} after level {before}"),
            ));
        }
        before = level;
    }
    let plain = elements.iter().find(|element| element.role == "H");
    if let (Some(plain), true) = (plain, before > 0) {
        findings.push(finding("heading-mixed", &plain.place(), "H beside H1 to H6"));
    }
    if before == 0 && plain.is_none() {
        findings.push(finding("heading-missing", "structure", "no heading at all"));
    }
}

/// What is set larger than the text around it looks like a heading, and then must be one.
fn large_text(elements: &[Element<'_>], sheets: &[Sheet], findings: &mut Vec<Finding>) {
    const LARGER: f64 = 1.15;
    let mut sizes: BTreeMap<i64, usize> = BTreeMap::new();
    for marked in sheets.iter().flat_map(|sheet| sheet.marked.values()) {
        for (size, letters) in &marked.sizes {
            *sizes.entry(*size).or_default() += letters;
        }
    }
    let Some((common, _)) = sizes.into_iter().max_by_key(|(_, letters)| *letters) else { return };
    let common = common as f64 / 10.0;
    for element in elements {
        let mut above = Some(element);
        let mut is_heading = false;
        while let Some(found) = above {
            is_heading |= found.role == "H" || level(&found.role).is_some() || found.role == "Figure";
            above = found.parent.and_then(|parent| elements.get(parent));
        }
        if is_heading {
            continue;
        }
        for kid in &element.kids {
            let Kid::Content { sheet, number } = kid else { continue };
            let marked =
                sheets.iter().find(|found| found.id == *sheet).and_then(|sheet| sheet.marked.get(number));
            if let Some(marked) = marked
                && marked.size > common * LARGER
            {
                let detail = format!("text of {:.1} points among {common:.1}, and no heading", marked.size);
                findings.push(finding("heading-untagged", &element.place(), &detail));
            }
        }
    }
}

fn kids<'a, 'b>(
    element: &'b Element<'a>,
    elements: &'b [Element<'a>],
) -> impl Iterator<Item = &'b Element<'a>> {
    element.kids.iter().filter_map(|kid| match kid {
        Kid::Element(index) => elements.get(*index),
        _ => None,
    })
}

fn table(
    pdf: &Pdf<'_>,
    table: &Element<'_>,
    elements: &[Element<'_>],
    add: &mut dyn FnMut(&'static str, &str),
) {
    let mut rows = Vec::new();
    for kid in kids(table, elements) {
        match kid.role.as_str() {
            "TR" => rows.push(kid),
            "THead" | "TBody" | "TFoot" => rows.extend(kids(kid, elements).filter(|row| row.role == "TR")),
            "Caption" => {}
            other => add("table-nesting", other),
        }
    }
    let cells: Vec<&Element<'_>> = rows.iter().flat_map(|row| kids(row, elements)).collect();
    let headers: Vec<&&Element<'_>> = cells.iter().filter(|cell| cell.role == "TH").collect();
    if headers.is_empty() {
        add("table-without-headers", "no TH");
    }
    for header in &headers {
        if attribute(pdf, header.dictionary, "Scope").is_none() {
            add("header-without-scope", &header.place());
        }
    }
    let known: BTreeSet<Vec<u8>> = headers
        .iter()
        .filter_map(|header| pdf.get(header.dictionary, "ID")?.as_str().ok().map(<[u8]>::to_vec))
        .collect();
    for cell in &cells {
        let named = attribute(pdf, cell.dictionary, "Headers").and_then(|found| found.as_array().ok());
        for name in named.into_iter().flatten() {
            if !pdf.real(name).as_str().is_ok_and(|name| known.contains(name)) {
                add("header-without-scope", "a cell names a header that is not there");
            }
        }
    }
    regular(pdf, &rows, elements, add);
}

/// Every row as wide as the others, spans counted.
fn regular(
    pdf: &Pdf<'_>,
    rows: &[&Element<'_>],
    elements: &[Element<'_>],
    add: &mut dyn FnMut(&'static str, &str),
) {
    let span = |cell: &Element<'_>, key: &str| {
        let span = attribute(pdf, cell.dictionary, key).and_then(|span| span.as_i64().ok()).unwrap_or(1);
        usize::try_from(span.clamp(1, 1_000)).unwrap_or(1)
    };
    // What cells of earlier rows still reach down into the rows below.
    let mut reaching: Vec<usize> = Vec::new();
    let mut widths = BTreeSet::new();
    for row in rows {
        let mut width: usize = reaching.iter().filter(|left| **left > 0).count();
        for left in &mut reaching {
            *left = left.saturating_sub(1);
        }
        for cell in kids(row, elements) {
            let columns = span(cell, "ColSpan");
            width += columns;
            let down = span(cell, "RowSpan") - 1;
            if down > 0 {
                reaching.extend(std::iter::repeat_n(down, columns));
            }
        }
        reaching.retain(|left| *left > 0);
        widths.insert(width);
    }
    if widths.len() > 1 {
        add("table-irregular", &format!("rows of different widths: {widths:?}"));
    }
}

/// A layout or table attribute of an element.
fn attribute<'a>(pdf: &'a Pdf<'_>, dictionary: &'a Dictionary, key: &str) -> Option<&'a Object> {
    match pdf.get(dictionary, "A")? {
        Object::Array(all) => all
            .iter()
            .filter_map(|found| as_dictionary(pdf.real(found)))
            .find_map(|found| pdf.get(found, key)),
        one => as_dictionary(one).and_then(|found| pdf.get(found, key)),
    }
}

fn list(element: &Element<'_>, elements: &[Element<'_>], add: &mut dyn FnMut(&'static str, &str)) {
    let allowed: &[&str] = match element.role.as_str() {
        "L" => &["LI", "L", "Caption"],
        _ => &["Lbl", "LBody", "Caption"],
    };
    for kid in kids(element, elements) {
        if !allowed.contains(&kid.role.as_str()) {
            add("list-nesting", &format!("it holds {}", kid.role));
        }
    }
}
