//! Safe reading: no DTD, no entities beyond the five of XML, no network, hard caps.

use super::{Attribute, Element, Node, Space};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;

/// Caps on what is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one document.
    pub bytes: usize,
    /// Nesting.
    pub depth: usize,
    /// Elements in one document.
    pub elements: usize,
    /// Attributes on one element.
    pub attributes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 10 * 1024 * 1024, depth: 200, elements: 500_000, attributes: 200 }
    }
}

/// Why a document was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct ReadError {
    /// Line in the source.
    pub line: u32,
    /// A short stable name for programs.
    pub code: &'static str,
    /// A sentence: what is wrong and what to do.
    pub reason: String,
}

/// Reads bytes: UTF-8 (with or without byte order mark), UTF-16 with one, or declared Latin-1.
///
/// # Errors
/// When the text is in another encoding, and as [`read`].
pub fn read_bytes(bytes: &[u8], limits: &Limits) -> Result<Element, ReadError> {
    if bytes.len() > limits.bytes {
        return Err(too_large(bytes.len(), limits));
    }
    let utf16 = |little: bool| {
        let units = bytes.get(2..).unwrap_or_default().chunks_exact(2).map(|pair| match pair {
            [a, b] if little => u16::from_le_bytes([*a, *b]),
            [a, b] => u16::from_be_bytes([*a, *b]),
            _ => 0,
        });
        char::decode_utf16(units).collect::<Result<String, _>>().map_err(|_| not_text())
    };
    match bytes {
        [0xFF, 0xFE, ..] => read(&utf16(true)?, limits),
        [0xFE, 0xFF, ..] => read(&utf16(false)?, limits),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => read(text, limits),
            Err(_) => {
                let head = String::from_utf8_lossy(bytes.get(..200.min(bytes.len())).unwrap_or_default());
                let head = head.to_ascii_lowercase();
                if head.contains("iso-8859-1") || head.contains("windows-1252") {
                    let text: String = bytes.iter().map(|b| latin(*b)).collect();
                    read(&text, limits)
                } else {
                    Err(not_text())
                }
            }
        },
    }
}

/// Windows-1252 is what files that call themselves Latin-1 contain.
fn latin(byte: u8) -> char {
    const UPPER: &[char; 32] = &[
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => UPPER.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{FFFD}'),
        _ => char::from(byte),
    }
}

fn not_text() -> ReadError {
    ReadError {
        line: 0,
        code: "encoding",
        reason: "the file is not UTF-8 text; save it as UTF-8 and try again".to_owned(),
    }
}

fn too_large(size: usize, limits: &Limits) -> ReadError {
    ReadError {
        line: 0,
        code: "too-large",
        reason: format!("the document has {size} bytes; at most {} are accepted", limits.bytes),
    }
}

/// Reads a document.
///
/// # Errors
/// When the text is not well-formed, carries a document type definition, or passes a limit.
pub fn read(text: &str, limits: &Limits) -> Result<Element, ReadError> {
    if text.len() > limits.bytes {
        return Err(too_large(text.len(), limits));
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut builder = Builder {
        limits,
        lines: Lines { text: text.as_bytes(), at: 0, line: 1 },
        scopes: vec![("xml".to_owned(), "http://www.w3.org/XML/1998/namespace".to_owned())],
        open: Vec::new(),
        elements: 0,
        root: None,
    };
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    reader.config_mut().expand_empty_elements = false;
    loop {
        let before = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_event();
        let line = builder.lines.upto(before);
        match event {
            Ok(Event::Eof) => break,
            Ok(event) => builder.take(event, line)?,
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(before);
                let line = builder.lines.upto(at);
                return Err(malformed(line, &error.to_string()));
            }
        }
    }
    let line = builder.lines.line;
    if let Some(open) = builder.open.last() {
        return Err(malformed(line, &format!("<{}> is never closed", open.element.name)));
    }
    builder.root.ok_or_else(|| malformed(line, "there is no root element"))
}

fn malformed(line: u32, reason: &str) -> ReadError {
    ReadError { line, code: "not-well-formed", reason: format!("this is not well-formed XML: {reason}") }
}

struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn upto(&mut self, position: usize) -> u32 {
        let position = position.min(self.text.len());
        if position > self.at {
            let passed = self.text.get(self.at..position).unwrap_or_default();
            let breaks = passed.iter().filter(|b| **b == b'\n').count();
            self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
            self.at = position;
        }
        self.line
    }
}

struct Open {
    element: Element,
    scopes: usize,
}

struct Builder<'a> {
    limits: &'a Limits,
    lines: Lines<'a>,
    /// Namespace declarations in force, innermost last; the empty prefix is the default.
    scopes: Vec<(String, String)>,
    open: Vec<Open>,
    elements: usize,
    root: Option<Element>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, line: u32) -> Result<(), ReadError> {
        match event {
            Event::Start(start) => self.start(&start, line),
            Event::Empty(start) => {
                self.start(&start, line)?;
                self.end(line)
            }
            Event::End(_) => self.end(line),
            Event::Text(text) => self.text(&text.xml10_content(), line),
            Event::CData(text) => self.text(&text.xml10_content(), line),
            Event::GeneralRef(reference) => {
                if let Some(c) = reference.resolve_char_ref().map_err(|e| malformed(line, &e.to_string()))? {
                    let mut buffer = [0; 4];
                    return self.text(legal(c, line)?.encode_utf8(&mut buffer), line);
                }
                let name = reference.into_inner();
                let text = quick_xml::escape::resolve_predefined_entity(&name).ok_or_else(|| ReadError {
                    line,
                    code: "entity",
                    reason: format!(
                        "the entity &{name}; is not part of XML; write the character itself or its number"
                    ),
                })?;
                self.text(text, line)
            }
            Event::DocType(doctype) => {
                let content = doctype.into_inner();
                let mut words = content.split_whitespace();
                words.next();
                if words.next().is_some() || content.contains('[') {
                    return Err(ReadError {
                        line,
                        code: "doctype",
                        reason: "document type definitions are refused, because they can carry entities and \
                                 fetch other files; remove the <!DOCTYPE …> line"
                            .to_owned(),
                    });
                }
                Ok(())
            }
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, line: u32) -> Result<(), ReadError> {
        self.elements += 1;
        if self.elements > self.limits.elements {
            return Err(self.over(line, "elements", self.limits.elements));
        }
        if self.open.len() >= self.limits.depth {
            return Err(self.over(line, "nested levels", self.limits.depth));
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(malformed(line, "there is a second root element"));
        }
        let scopes = self.scopes.len();
        let mut attributes: Vec<(String, String)> = Vec::new();
        for (count, attribute) in start.attributes().with_checks(false).enumerate() {
            let attribute = attribute.map_err(|e| malformed(line, &e.to_string()))?;
            if count >= self.limits.attributes {
                return Err(self.over(line, "attributes on one element", self.limits.attributes));
            }
            let name: &str = attribute.key.as_ref();
            if !is_qualified(name) {
                return Err(malformed(
                    line,
                    &format!("\u{201c}{}\u{201d} is no name of an attribute", short(name)),
                ));
            }
            let value = attribute_value(&attribute.value, line)?;
            match name.strip_prefix("xmlns") {
                Some("") => self.scopes.push((String::new(), value)),
                Some(rest) if rest.starts_with(':') => {
                    self.scopes.push((rest.get(1..).unwrap_or_default().to_owned(), value));
                }
                _ => attributes.push((name.to_owned(), value)),
            }
        }
        let mut seen = HashSet::with_capacity(attributes.len());
        if let Some((double, _)) = attributes.iter().find(|(name, _)| !seen.insert(name.as_str())) {
            return Err(malformed(line, &format!("the attribute {double} stands twice")));
        }
        let full: &str = start.name().0;
        if !is_qualified(full) {
            return Err(malformed(
                line,
                &format!("\u{201c}{}\u{201d} is no name of an element", short(full)),
            ));
        }
        let (prefix, local) = full.split_once(':').unwrap_or(("", full));
        let uri = self.lookup(prefix);
        if uri.is_none() && !prefix.is_empty() {
            return Err(malformed(line, &format!("the prefix {prefix} is not declared")));
        }
        let space = space_of(uri.unwrap_or_default());
        let mut kept: Vec<Attribute> = Vec::with_capacity(attributes.len());
        for (name, value) in attributes {
            let name = match name.split_once(':') {
                None | Some(("xml", _)) => name,
                // Schema locations say nothing about meaning.
                Some(("xsi", _)) => continue,
                Some((_, local)) => local.to_owned(),
            };
            if !kept.iter().any(|a| a.name == name) {
                kept.push(Attribute { name, value });
            }
        }
        let attributes = kept;
        let element = Element { name: local.to_owned(), space, attributes, children: Vec::new(), line };
        self.open.push(Open { element, scopes });
        Ok(())
    }

    fn end(&mut self, line: u32) -> Result<(), ReadError> {
        let Some(done) = self.open.pop() else {
            return Err(malformed(line, "an end tag has no start tag"));
        };
        self.scopes.truncate(done.scopes);
        match self.open.last_mut() {
            Some(parent) => parent.element.children.push(Node::Element(done.element)),
            None => self.root = Some(done.element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str, line: u32) -> Result<(), ReadError> {
        if let Some(bad) = text.chars().find(|c| !is_legal(*c)) {
            return Err(malformed(line, &format!("the character U+{:04X} is not allowed", u32::from(bad))));
        }
        let Some(parent) = self.open.last_mut() else {
            return if text.trim().is_empty() {
                Ok(())
            } else {
                Err(malformed(line, "there is text outside the root element"))
            };
        };
        match parent.element.children.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ => parent.element.children.push(Node::Text(text.to_owned())),
        }
        Ok(())
    }

    fn lookup(&self, prefix: &str) -> Option<&str> {
        self.scopes.iter().rev().find(|(p, _)| p == prefix).map(|(_, uri)| uri.as_str())
    }

    fn over(&self, line: u32, what: &str, limit: usize) -> ReadError {
        ReadError { line, code: "too-large", reason: format!("there are more than {limit} {what}") }
    }
}

/// A name of XML, with a prefix or without.
fn is_qualified(name: &str) -> bool {
    let is_plain = |part: &str| {
        let mut chars = part.chars();
        chars.next().is_some_and(|c| c == '_' || c.is_ascii_alphabetic() || !c.is_ascii())
            && chars.all(|c| matches!(c, '_' | '-' | '.') || c.is_ascii_alphanumeric() || !c.is_ascii())
    };
    match name.split_once(':') {
        Some((prefix, local)) => is_plain(prefix) && is_plain(local),
        None => is_plain(name),
    }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn attribute_value(raw: &str, line: u32) -> Result<String, ReadError> {
    if raw.contains('<') {
        return Err(malformed(line, "an attribute value contains <"));
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\n', '\t', '\r']) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        if !after.starts_with('&') {
            out.push(' ');
            rest = after.get(1..).unwrap_or_default();
            continue;
        }
        let end = after.find(';').ok_or_else(|| malformed(line, "a reference has no ;"))?;
        let name = after.get(1..end).unwrap_or_default();
        if let Some(number) = name.strip_prefix('#') {
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            let c = code.ok().and_then(char::from_u32);
            out.push(legal(c.ok_or_else(|| malformed(line, "a character number is wrong"))?, line)?);
        } else {
            out.push_str(quick_xml::escape::resolve_predefined_entity(name).ok_or_else(|| ReadError {
                line,
                code: "entity",
                reason: format!(
                    "the entity &{name}; is not part of XML; write the character itself or its number"
                ),
            })?);
        }
        rest = after.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    if let Some(bad) = out.chars().find(|c| !is_legal(*c)) {
        return Err(malformed(line, &format!("the character U+{:04X} is not allowed", u32::from(bad))));
    }
    Ok(out)
}

fn legal(c: char, line: u32) -> Result<char, ReadError> {
    if is_legal(c) {
        Ok(c)
    } else {
        Err(malformed(line, &format!("the character U+{:04X} is not allowed", u32::from(c))))
    }
}

fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn space_of(uri: &str) -> Space {
    let lower = uri.to_ascii_lowercase();
    if lower.contains("html5") {
        return Space::Html;
    }
    if lower.is_empty() || lower.contains("imsqti") || lower.contains("/imscp") || lower.contains("qti_v2p") {
        if lower.contains("imsqti_ext") || lower.contains("metadata") {
            return Space::Other(uri.to_owned());
        }
        return Space::Qti;
    }
    match lower.as_str() {
        "http://www.w3.org/1998/math/mathml" => Space::MathMl,
        "http://www.w3.org/1999/xhtml" => Space::Html,
        "http://www.w3.org/2001/10/synthesis" => Space::Ssml,
        "http://www.w3.org/2000/svg" => Space::Svg,
        _ => Space::Other(uri.to_owned()),
    }
}
