//! The allow-list: what may stay in content. Everything taken out is reported.

use super::attribute::is_qti_attribute;
use super::vocabulary::{is_html, is_html_attribute, is_mathml, is_old, is_qti, is_safe_address, is_ssml};
use crate::report::{Report, Severity};
use crate::xml::{Element, Node, Path, Space};

/// Cleans a tree in the 3.0 vocabulary.
pub fn clean(root: &mut Element, report: &mut Report) {
    let name = root.name.clone();
    attributes(root, &Path::root(&name), report);
    children(root, &Path::root(&name), report);
}

enum Verdict {
    Keep,
    /// Out, content and all.
    Drop(Severity, &'static str, String),
    /// Out, but its content stays.
    Unwrap(Severity, &'static str, String),
}

fn children(element: &mut Element, path: &Path<'_>, report: &mut Report) {
    let in_processing = is_processing(&element.name);
    let mut kept = Vec::with_capacity(element.children.len());
    let mut count = 0;
    for child in std::mem::take(&mut element.children) {
        let Node::Element(mut child) = child else {
            kept.push(child);
            continue;
        };
        count += 1;
        let name = child.name.clone();
        let here = path.at(&name, count);
        match judge(&mut child, in_processing) {
            Verdict::Keep => {
                attributes(&mut child, &here, report);
                children(&mut child, &here, report);
                kept.push(Node::Element(child));
            }
            Verdict::Drop(severity, code, message) => {
                report.add(severity, code, child.line, here.to_string(), message);
            }
            Verdict::Unwrap(severity, code, message) => {
                report.add(severity, code, child.line, here.to_string(), message);
                children(&mut child, &here, report);
                kept.append(&mut child.children);
            }
        }
    }
    element.children = kept;
}

/// Inside processing an unknown name must stay, so that scoring stops there instead of skipping it.
fn is_processing(name: &str) -> bool {
    name.strip_prefix("qti-").is_some_and(|n| {
        n.ends_with("-processing")
            || n.ends_with("-fragment")
            || n == "template-constraint"
            || n.ends_with("-condition")
            || n.ends_with("-if")
            || n.ends_with("-else")
            || n.starts_with("set-")
            || n == "lookup-outcome-value"
            || n == "branch-rule"
            || n == "template-default"
            || crate::program::is_expression(name)
    })
}

fn judge(element: &mut Element, in_processing: bool) -> Verdict {
    let name = element.name.as_str();
    if in_processing {
        return Verdict::Keep;
    }
    match &element.space {
        Space::Qti if is_qti(name) => Verdict::Keep,
        Space::Qti | Space::Html => html(element),
        Space::MathMl if is_mathml(name) => Verdict::Keep,
        Space::Ssml if is_ssml(name) => Verdict::Keep,
        Space::MathMl | Space::Ssml => Verdict::Unwrap(
            Severity::Warning,
            "unknown-element",
            format!("<{name}> is not an element of its vocabulary; only its content was kept"),
        ),
        Space::Svg => Verdict::Drop(
            Severity::Warning,
            "inline-svg",
            "drawings inside the text are not kept, for they can carry scripts; use an image file".to_owned(),
        ),
        Space::Other(uri) if uri.contains("apip") => Verdict::Drop(
            Severity::Warning,
            "apip",
            "accessibility data of APIP is not read; put it in a QTI 3.0 catalogue".to_owned(),
        ),
        Space::Other(uri) => Verdict::Drop(
            Severity::Warning,
            "foreign-element",
            format!("<{name}> of {uri} is not understood and was left out"),
        ),
    }
}

fn html(element: &mut Element) -> Verdict {
    let lower = element.name.to_ascii_lowercase();
    if is_html(&lower) {
        element.name = lower;
        element.space = Space::Qti;
        return Verdict::Keep;
    }
    let name = element.name.as_str();
    match lower.as_str() {
        "script" | "style" | "iframe" | "embed" | "applet" | "frame" | "frameset" | "form" | "link"
        | "meta" | "base" | "noscript" | "template" | "portal" => Verdict::Drop(
            Severity::Warning,
            "unsafe-element",
            format!("<{name}> is not allowed in item content and was left out"),
        ),
        "input" | "button" | "select" | "textarea" | "option" => Verdict::Drop(
            Severity::Warning,
            "unsafe-element",
            format!(
                "<{name}> of HTML is not allowed, for answers come from interactions only; it was left out"
            ),
        ),
        "mathml" => Verdict::Unwrap(Severity::Warning, "unknown-element", format!("<{name}> is not known")),
        _ if is_old(name) => Verdict::Unwrap(
            Severity::Warning,
            "removed-in-3.0",
            format!("<{name}> does not exist in QTI 3.0; its content is shown openly"),
        ),
        _ if name.starts_with("qti-") => Verdict::Drop(
            Severity::Error,
            "unknown-element",
            format!("<{name}> is not an element of QTI 3.0; correct its name or remove it"),
        ),
        _ => Verdict::Unwrap(
            Severity::Warning,
            "unknown-element",
            format!("<{name}> is not an element of QTI or of its HTML; only its content was kept"),
        ),
    }
}

fn attributes(element: &mut Element, path: &Path<'_>, report: &mut Report) {
    let qti = element.space == Space::Qti && element.name.starts_with("qti-");
    let html = element.space == Space::Qti && !qti;
    let line = element.line;
    let name = element.name.clone();
    element.attributes.retain(|attribute| {
        let key = attribute.name.to_ascii_lowercase();
        let mut out = |severity, code, message: String| {
            report.add(severity, code, line, path.to_string(), message);
            false
        };
        if key.starts_with("on") && (html || key != "on") {
            return out(Severity::Warning, "unsafe-attribute", format!("the script in {key} was left out"));
        }
        if matches!(
            key.as_str(),
            "href"
                | "src"
                | "data"
                | "poster"
                | "srcset"
                | "longdesc"
                | "cite"
                | "primary-path"
                | "fallback-path"
                | "template-location"
        ) && !is_safe_address(&name, &attribute.value)
        {
            return out(
                Severity::Warning,
                "unsafe-address",
                format!(
                    "the address in {key} is not allowed and was left out; use a file in the package or https"
                ),
            );
        }
        if html && key == "style" {
            return out(
                Severity::Info,
                "inline-style",
                "style rules in the text are not kept; use a class of the shared vocabulary".to_owned(),
            );
        }
        if html && !is_html_attribute(&name, &key) {
            return out(Severity::Info, "attribute", format!("the attribute {key} on <{name}> was left out"));
        }
        if qti && !is_qti_attribute(&name, &attribute.name) {
            let message = format!(
                "{} is no attribute of <{name}> in QTI 3.0; it is kept and does nothing",
                attribute.name
            );
            report.add(Severity::Info, "attribute", line, path.to_string(), message);
            return true;
        }
        if !html
            && !qti
            && (key == "href" || key == "style" || key.starts_with("xlink") || key == "actiontype")
        {
            return out(Severity::Info, "attribute", format!("the attribute {key} on <{name}> was left out"));
        }
        true
    });
}
