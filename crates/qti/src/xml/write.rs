//! Trees back to text.

use super::{Element, Node, Space};

const QTI: &str = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0";

/// Writes a whole document with its declaration; `namespace` is that of the root.
pub fn write_document(root: &Element, namespace: &str) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    write(root, &mut out, None, namespace);
    out.push('\n');
    out
}

/// Writes an element as part of a QTI document.
pub fn write_fragment(element: &Element) -> String {
    let mut out = String::new();
    write(element, &mut out, None, QTI);
    out
}

fn namespace<'a>(element: &'a Element, qti: &'a str) -> &'a str {
    match &element.space {
        Space::Qti => qti,
        Space::Html => "http://www.w3.org/1999/xhtml",
        Space::MathMl => "http://www.w3.org/1998/Math/MathML",
        Space::Ssml => "http://www.w3.org/2001/10/synthesis",
        Space::Svg => "http://www.w3.org/2000/svg",
        Space::Other(uri) => uri,
    }
}

fn write(element: &Element, out: &mut String, inherited: Option<&str>, qti: &str) {
    let own = namespace(element, qti);
    out.push('<');
    out.push_str(&element.name);
    if inherited != Some(own) {
        out.push_str(" xmlns=\"");
        escape_into(out, own, true);
        out.push('"');
    }
    for attribute in &element.attributes {
        out.push(' ');
        out.push_str(&attribute.name);
        out.push_str("=\"");
        escape_into(out, &attribute.value, true);
        out.push('"');
    }
    if element.children.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    for child in &element.children {
        match child {
            Node::Element(e) => write(e, out, Some(own), qti),
            Node::Text(t) => escape_into(out, t, false),
        }
    }
    out.push_str("</");
    out.push_str(&element.name);
    out.push('>');
}

/// Escapes text for XML and HTML; in attributes also quotes and layout characters.
pub fn escape_into(out: &mut String, text: &str, attribute: bool) {
    let mut from = 0;
    for (i, byte) in text.bytes().enumerate() {
        let replacement = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' if attribute => "&quot;",
            b'\n' if attribute => "&#10;",
            b'\t' if attribute => "&#9;",
            b'\r' => "&#13;",
            _ => continue,
        };
        out.push_str(text.get(from..i).unwrap_or_default());
        out.push_str(replacement);
        from = i + 1;
    }
    out.push_str(text.get(from..).unwrap_or_default());
}
