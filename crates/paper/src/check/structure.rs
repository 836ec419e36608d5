//! The structure tree: whole, linked both ways with the content, and well-formed in its headings, tables, lists and figures.

mod form;

use super::content::Sheet;
use super::pdf::{Pdf, as_dictionary};
use super::{Finding, finding};
use lopdf::{Dictionary, Object, ObjectId};
use std::collections::{BTreeMap, BTreeSet};

const STANDARD: [&str; 49] = [
    "Document",
    "Part",
    "Art",
    "Sect",
    "Div",
    "BlockQuote",
    "Caption",
    "TOC",
    "TOCI",
    "Index",
    "NonStruct",
    "Private",
    "P",
    "H",
    "H1",
    "H2",
    "H3",
    "H4",
    "H5",
    "H6",
    "L",
    "LI",
    "Lbl",
    "LBody",
    "Table",
    "TR",
    "TH",
    "TD",
    "THead",
    "TBody",
    "TFoot",
    "Span",
    "Quote",
    "Note",
    "Reference",
    "BibEntry",
    "Code",
    "Link",
    "Annot",
    "Ruby",
    "RB",
    "RT",
    "RP",
    "Warichu",
    "WT",
    "WP",
    "Figure",
    "Formula",
    "Form",
];

pub(super) struct Element<'a> {
    pub(super) id: ObjectId,
    /// As the role map translates it.
    pub(super) role: String,
    pub(super) parent: Option<usize>,
    pub(super) kids: Vec<Kid>,
    pub(super) dictionary: &'a Dictionary,
}

pub(super) enum Kid {
    Element(usize),
    Content { sheet: ObjectId, number: i64 },
    Object(ObjectId),
}

pub(super) fn check(pdf: &Pdf<'_>, sheets: &[Sheet]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(root) = pdf.dictionary(pdf.catalog(), "StructTreeRoot") else {
        findings.push(finding("structure-missing", "catalog", "no StructTreeRoot"));
        return findings;
    };
    role_map(pdf, root, &mut findings);
    let elements = read(pdf, root, &mut findings);
    if elements.is_empty() {
        findings.push(finding("structure-missing", "structure", "no elements"));
        return findings;
    }
    links(pdf, root, &elements, sheets, &mut findings);
    annotations(pdf, root, &elements, &mut findings);
    form::check(pdf, &elements, sheets, &mut findings);
    findings
}

impl Element<'_> {
    pub(super) fn place(&self) -> String {
        format!("object {}, {}", self.id.0, self.role)
    }
}

fn role_map(pdf: &Pdf<'_>, root: &Dictionary, findings: &mut Vec<Finding>) {
    let Some(map) = pdf.dictionary(root, "RoleMap") else { return };
    for (key, _) in map.iter() {
        let key = String::from_utf8_lossy(key).into_owned();
        if STANDARD.contains(&key.as_str()) && pdf.name(map, &key) != Some(key.as_str()) {
            findings.push(finding("role-standard-remapped", "role map", &key));
        }
        if !STANDARD.contains(&key.as_str()) && translated(pdf, Some(map), &key).is_none() {
            let mut seen = BTreeSet::new();
            let mut role = key.as_str();
            while let (true, Some(next)) = (seen.insert(role), pdf.name(map, role)) {
                role = next;
            }
            let circular = pdf.name(map, role).is_some();
            findings.push(finding(if circular { "role-circular" } else { "role-unknown" }, "role map", &key));
        }
    }
}

/// The standard role a role stands for.
fn translated(pdf: &Pdf<'_>, map: Option<&Dictionary>, role: &str) -> Option<String> {
    const LONGEST: usize = 16;
    let mut role = role.to_owned();
    for _ in 0..LONGEST {
        if STANDARD.contains(&role.as_str()) {
            return Some(role);
        }
        role = pdf.name(map?, &role)?.to_owned();
    }
    None
}

/// All elements in reading order, a parent before its children.
fn read<'a>(pdf: &'a Pdf<'_>, root: &'a Dictionary, findings: &mut Vec<Finding>) -> Vec<Element<'a>> {
    let map = pdf.dictionary(root, "RoleMap");
    let root_id = pdf.catalog().get(b"StructTreeRoot").and_then(Object::as_reference).unwrap_or_default();
    let mut elements: Vec<Element<'a>> = Vec::new();
    let mut seen: BTreeSet<ObjectId> = BTreeSet::new();
    let mut open: Vec<(&'a Object, Option<usize>, Option<ObjectId>)> = Vec::new();
    push_kids(pdf, root, None, None, &mut open);
    while let Some((object, parent, page)) = open.pop() {
        let id = object.as_reference().unwrap_or_default();
        let real = pdf.real(object);
        let kid = match real {
            Object::Integer(number) => page.map(|sheet| Kid::Content { sheet, number: *number }),
            Object::Dictionary(dictionary) if pdf.name(dictionary, "Type") == Some("MCR") => {
                let sheet = reference(dictionary, b"Stm").or_else(|| reference(dictionary, b"Pg")).or(page);
                sheet
                    .zip(pdf.integer(dictionary, "MCID"))
                    .map(|(sheet, number)| Kid::Content { sheet, number })
            }
            Object::Dictionary(dictionary) if pdf.name(dictionary, "Type") == Some("OBJR") => {
                reference(dictionary, b"Obj").map(Kid::Object)
            }
            Object::Dictionary(dictionary) => {
                if id != ObjectId::default() && !seen.insert(id) {
                    findings.push(finding(
                        "parent-link",
                        &format!("object {}", id.0),
                        "an element with two places",
                    ));
                    continue;
                }
                let said = pdf.name(dictionary, "S").unwrap_or_default();
                let role = translated(pdf, map, said).unwrap_or_else(|| {
                    findings.push(finding("role-unknown", &format!("object {}", id.0), said));
                    said.to_owned()
                });
                let above = reference(dictionary, b"P");
                let expected =
                    parent.and_then(|parent| elements.get(parent)).map_or(root_id, |parent| parent.id);
                if above != Some(expected) {
                    findings.push(finding(
                        "parent-link",
                        &format!("object {}", id.0),
                        "P does not name its parent",
                    ));
                }
                let index = elements.len();
                let page = reference(dictionary, b"Pg").or(page);
                elements.push(Element { id, role, parent, kids: Vec::new(), dictionary });
                push_kids(pdf, dictionary, Some(index), page, &mut open);
                Some(Kid::Element(index))
            }
            _ => None,
        };
        match (kid, parent.and_then(|parent| elements.get_mut(parent))) {
            (Some(kid), Some(parent)) => parent.kids.push(kid),
            (None, _) => {
                findings.push(finding("parent-link", &format!("object {}", id.0), "an element that is none"))
            }
            (Some(_), None) => {}
        }
    }
    elements
}

fn push_kids<'a>(
    pdf: &'a Pdf<'_>,
    dictionary: &'a Dictionary,
    parent: Option<usize>,
    page: Option<ObjectId>,
    open: &mut Vec<(&'a Object, Option<usize>, Option<ObjectId>)>,
) {
    let Ok(kids) = dictionary.get(b"K") else { return };
    match pdf.real(kids) {
        Object::Array(kids) => open.extend(kids.iter().rev().map(|kid| (kid, parent, page))),
        _ => open.push((kids, parent, page)),
    }
}

fn reference(dictionary: &Dictionary, key: &[u8]) -> Option<ObjectId> {
    dictionary.get(key).ok()?.as_reference().ok()
}

/// Content and structure must name each other, directly and through the parent tree.
fn links(
    pdf: &Pdf<'_>,
    root: &Dictionary,
    elements: &[Element<'_>],
    sheets: &[Sheet],
    findings: &mut Vec<Finding>,
) {
    let mut owners: BTreeMap<(ObjectId, i64), ObjectId> = BTreeMap::new();
    for element in elements {
        for kid in &element.kids {
            if let Kid::Content { sheet, number } = kid
                && owners.insert((*sheet, *number), element.id).is_some()
            {
                findings.push(finding(
                    "parent-tree",
                    &element.place(),
                    &format!("MCID {number} has two elements"),
                ));
            }
        }
    }
    let tree = number_tree(pdf, pdf.dictionary(root, "ParentTree"));
    for sheet in sheets {
        for number in sheet.marked.keys() {
            let Some(owner) = owners.get(&(sheet.id, *number)) else {
                findings.push(finding("content-not-in-structure", &sheet.place, &format!("MCID {number}")));
                continue;
            };
            let back = sheet
                .struct_parents
                .and_then(|key| tree.get(&key))
                .and_then(|found| pdf.real(found).as_array().ok())
                .zip(usize::try_from(*number).ok())
                .and_then(|(owners, number)| owners.get(number))
                .and_then(|owner| owner.as_reference().ok());
            if back != Some(*owner) {
                findings.push(finding(
                    "parent-tree",
                    &sheet.place,
                    &format!("MCID {number} does not lead back"),
                ));
            }
        }
    }
    for ((id, number), owner) in &owners {
        let there = sheets.iter().any(|sheet| sheet.id == *id && sheet.marked.contains_key(number));
        if !there {
            let place = format!("object {}", owner.0);
            findings.push(finding(
                "structure-without-content",
                &place,
                &format!("MCID {number} is on no page"),
            ));
        }
    }
}

fn number_tree<'a>(pdf: &'a Pdf<'_>, tree: Option<&'a Dictionary>) -> BTreeMap<i64, &'a Object> {
    const MOST: usize = 100_000;
    let mut found = BTreeMap::new();
    let mut open: Vec<&Dictionary> = tree.into_iter().collect();
    let mut looked = 0;
    while let Some(node) = open.pop() {
        looked += 1;
        if looked > MOST {
            break;
        }
        for pair in pdf.array(node, "Nums").chunks_exact(2) {
            if let [key, value] = pair
                && let Ok(key) = pdf.real(key).as_i64()
            {
                found.insert(key, value);
            }
        }
        open.extend(pdf.array(node, "Kids").iter().filter_map(|kid| as_dictionary(pdf.real(kid))));
    }
    found
}

/// What can be clicked or filled in has its place in the structure, a text, and an order.
fn annotations(pdf: &Pdf<'_>, root: &Dictionary, elements: &[Element<'_>], findings: &mut Vec<Finding>) {
    let tree = number_tree(pdf, pdf.dictionary(root, "ParentTree"));
    for (page, _, dictionary) in pdf.pages() {
        let annotations = pdf.array(dictionary, "Annots");
        if !annotations.is_empty() && pdf.name(dictionary, "Tabs") != Some("S") {
            findings.push(finding("tab-order", &page, "Tabs is not S"));
        }
        for object in annotations {
            let Some(annotation) = as_dictionary(pdf.real(object)) else { continue };
            let subtype = pdf.name(annotation, "Subtype").unwrap_or_default();
            if subtype == "Popup" {
                continue;
            }
            let id = object.as_reference().unwrap_or_default();
            let place = format!("{page}, object {}, {subtype}", id.0);
            let owner = elements
                .iter()
                .find(|element| element.kids.iter().any(|kid| matches!(kid, Kid::Object(kid) if *kid == id)));
            let back = pdf
                .integer(annotation, "StructParent")
                .and_then(|key| tree.get(&key))
                .and_then(|owner| owner.as_reference().ok());
            let role = match subtype {
                "Link" => "Link",
                "Widget" => "Form",
                _ => "Annot",
            };
            match owner {
                Some(owner) if owner.role == role && back == Some(owner.id) => {}
                Some(_) => findings.push(finding(
                    "annotation-untagged",
                    &place,
                    &format!("not in a {role} that it leads back to"),
                )),
                None => findings.push(finding("annotation-untagged", &place, "in no element")),
            }
            let said = pdf.text(annotation, if subtype == "Widget" { "TU" } else { "Contents" });
            let alternative = owner.and_then(|owner| pdf.text(owner.dictionary, "Alt"));
            if said.or(alternative).is_none_or(|text| text.trim().is_empty()) {
                findings.push(finding("annotation-without-text", &place, "nothing to read out"));
            }
        }
    }
}
