//! QTI 2.x trees into the one 3.0 vocabulary: names, attributes and the few places where structure moved.

use super::vocabulary::{is_html, kebab, upgraded};
use crate::xml::{Element, Node, Space};

/// Rewrites a 2.x document in place.
pub fn upgrade(root: &mut Element) {
    rename(root);
    restructure(root);
}

fn rename(element: &mut Element) {
    // Attributes of HTML stay; `base` and friends of QTI elements move to kebab-case.
    if element.space == Space::Qti {
        if let Some(name) = upgraded(&element.name) {
            // 2.x knows no limit here, and 3.0 takes one association when nothing is said.
            if matches!(element.name.as_str(), "gapMatchInteraction" | "graphicGapMatchInteraction")
                && element.get("maxAssociations").is_none()
            {
                element.set("maxAssociations", "0");
            }
            element.name = name;
        }
        if element.name.starts_with("qti-") || !is_html(&element.name) {
            for attribute in &mut element.attributes {
                if attribute.name.contains(':') || attribute.name.starts_with("data-") {
                    continue;
                }
                attribute.name = match attribute.name.as_str() {
                    "lang" => "xml:lang".to_owned(),
                    name => kebab(name),
                };
            }
            // `mapKey` beside `map-key`: the first counts.
            let mut seen = std::collections::HashSet::new();
            element.attributes.retain(|attribute| seen.insert(attribute.name.clone()));
        }
    }
    for child in &mut element.children {
        if let Node::Element(e) = child {
            rename(e);
        }
    }
}

fn restructure(element: &mut Element) {
    for child in &mut element.children {
        if let Node::Element(e) = child {
            restructure(e);
        }
    }
    if element.space != Space::Qti {
        return;
    }
    match element.name.as_str() {
        "qti-modal-feedback" | "qti-feedback-block" | "qti-rubric-block" | "qti-template-block"
        | "qti-test-feedback" => wrap_body(element),
        "qti-custom-interaction" => adopt_portable(element),
        _ => {}
    }
}

/// 3.0 puts the content of these in a body of its own.
fn wrap_body(element: &mut Element) {
    if element.find("qti-content-body").is_some() {
        return;
    }
    let mut body = Element::new("qti-content-body");
    body.line = element.line;
    let (kept, moved): (Vec<Node>, Vec<Node>) = std::mem::take(&mut element.children)
        .into_iter()
        .partition(|n| matches!(n, Node::Element(e) if e.is("qti-stylesheet") || e.is("qti-catalog-info")));
    element.children = kept;
    body.children = moved;
    element.children.push(Node::Element(body));
}

/// A portable custom interaction inside a custom interaction (2.x) becomes the interaction itself.
fn adopt_portable(element: &mut Element) {
    let portable = element.elements().find(|e| {
        e.name.eq_ignore_ascii_case("portableCustomInteraction")
            || e.name == "qti-portable-custom-interaction"
    });
    let Some(portable) = portable.cloned() else { return };
    element.name = "qti-portable-custom-interaction".to_owned();
    let kind = portable
        .get("customInteractionTypeIdentifier")
        .or(portable.get("custom-interaction-type-identifier"));
    if let Some(kind) = kind {
        element.set("custom-interaction-type-identifier", kind);
    }
    for name in ["hook", "version", "module"] {
        if let Some(value) = portable.get(name) {
            element.set(&format!("data-{name}"), value);
        }
    }
    let mut children = Vec::new();
    for part in portable.elements() {
        match part.name.as_str() {
            "markup" => {
                let mut markup = Element::new("qti-interaction-markup");
                markup.line = part.line;
                markup.children = part.children.clone();
                children.push(Node::Element(markup));
            }
            "resources" => children.push(Node::Element(modules(part))),
            "properties" => properties(part, "data", element),
            _ => {}
        }
    }
    element.children = children;
}

fn modules(resources: &Element) -> Element {
    let mut modules = Element::new("qti-interaction-modules");
    modules.line = resources.line;
    resources.walk(&mut |part| {
        if matches!(part.name.as_str(), "lib" | "file" | "module") {
            let id = part.get("id").or(part.get("name")).unwrap_or_default();
            let mut module = Element::new("qti-interaction-module").with("id", id);
            if let Some(file) = part.get("src").or(part.get("href")) {
                module.set("primary-path", file);
            }
            module.line = part.line;
            modules.children.push(Node::Element(module));
        }
    });
    modules
}

/// Nested properties of 2.x are flat `data-` attributes in 3.0.
fn properties(part: &Element, prefix: &str, target: &mut Element) {
    for entry in part.elements() {
        let key: String = entry
            .get("key")
            .unwrap_or("item")
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
            .collect();
        let name = format!("{prefix}-{key}");
        if entry.elements().next().is_some() {
            properties(entry, &name, target);
        } else {
            target.set(&name, entry.text().trim());
        }
    }
}
