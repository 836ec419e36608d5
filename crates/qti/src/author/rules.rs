//! Declarations and rules of made questions.

use crate::xml::Element;

/// A question as built: how its answer is declared and what it earns.
pub(super) struct Built {
    /// Its declarations.
    pub(super) responses: Vec<Element>,
    /// Its interaction, or the text around several.
    pub(super) body: Vec<Element>,
    /// What it earns; none when a person marks it.
    pub(super) score: Option<Element>,
}

pub(super) fn base(kind: &str, text: impl Into<String>) -> Element {
    Element::new("qti-base-value").with("base-type", kind).text_child(text)
}

pub(super) fn number(value: f64) -> Element {
    base("float", format!("{value}"))
}

pub(super) fn named(element: &str, identifier: &str) -> Element {
    Element::new(element).with("identifier", identifier)
}

pub(super) fn op(name: &str, operands: impl IntoIterator<Item = Element>) -> Element {
    Element::new(name).children_from(operands)
}

/// A response declaration with its key and, for partial credit, its mapping.
pub(super) fn declare(
    identifier: &str,
    cardinality: &str,
    kind: &str,
    key: &[String],
    mapping: Option<Element>,
) -> Element {
    let mut declaration = named("qti-response-declaration", identifier)
        .with("cardinality", cardinality)
        .with("base-type", kind);
    if !key.is_empty() {
        let values = key.iter().map(|k| Element::new("qti-value").text_child(k.clone()));
        declaration = declaration.child(Element::new("qti-correct-response").children_from(values));
    }
    declaration.children_from(mapping)
}

/// Each right answer earns its share; wrong ones cost as much, but never below 0.
pub(super) fn share(key: &[String], wrong: &[String], points: f64) -> Element {
    let each = points / key.len().max(1) as f64;
    let entry = |k: &String, value: f64| {
        Element::new("qti-map-entry").with("map-key", k.clone()).with("mapped-value", format!("{value}"))
    };
    Element::new("qti-mapping")
        .with("lower-bound", "0")
        .with("upper-bound", format!("{points}"))
        .with("default-value", "0")
        .children_from(key.iter().map(|k| entry(k, each)))
        .children_from(wrong.iter().map(|k| entry(k, -each)))
}

/// A rule that sets `outcome` to `points` when `test` holds, else to 0.
pub(super) fn when(outcome: &str, test: Element, points: f64) -> Element {
    let set = |value: Element| named("qti-set-outcome-value", outcome).child(value);
    Element::new("qti-response-condition")
        .child(Element::new("qti-response-if").child(test).child(set(number(points))))
        .child(Element::new("qti-response-else").child(set(number(0.0))))
}

/// The answer is the key.
pub(super) fn is_right(identifier: &str) -> Element {
    op("qti-match", [named("qti-variable", identifier), named("qti-correct", identifier)])
}

/// Puts elements at the places `[[n]]` of a text.
pub(super) fn fill(element: &mut Element, parts: &[Element]) {
    use crate::xml::Node;
    let mut children = Vec::with_capacity(element.children.len());
    for child in std::mem::take(&mut element.children) {
        match child {
            Node::Element(mut e) => {
                fill(&mut e, parts);
                children.push(Node::Element(e));
            }
            Node::Text(text) => {
                let mut rest = text.as_str();
                while let Some(at) = rest.find("[[") {
                    let after = rest.get(at + 2..).unwrap_or_default();
                    let Some(end) = after.find("]]") else { break };
                    let part = after.get(..end).and_then(|n| n.parse::<usize>().ok());
                    let part = part.and_then(|n| parts.get(n.checked_sub(1)?));
                    children.push(Node::Text(rest.get(..at).unwrap_or_default().to_owned()));
                    if let Some(part) = part {
                        children.push(Node::Element(part.clone()));
                    }
                    rest = after.get(end + 2..).unwrap_or_default();
                }
                children.push(Node::Text(rest.to_owned()));
            }
        }
    }
    children.retain(|n| !matches!(n, Node::Text(t) if t.is_empty()));
    element.children = children;
}
