//! From bytes to the model: safe reading, one vocabulary, an allow-list, and a report of everything that
//! could not be taken as written.

mod attribute;
mod clean;
mod upgrade;
mod vocabulary;

pub(crate) use clean::clean;
pub use vocabulary::{is_html, is_html_attribute, is_safe_address};

use crate::item::Item;
use crate::report::{Report, Severity};
use crate::xml::{Element, Limits, Path, ReadError, Space, read_bytes};

/// Where the files of a package come from; nothing outside it can be reached.
pub trait Files {
    /// The bytes of a file, by its normalised path inside the package.
    fn open(&self, path: &str) -> Option<Vec<u8>>;

    /// Whether this is a package, rather than files that happen to lie together. Rules at a location are taken
    /// from packages only.
    fn is_package(&self) -> bool {
        true
    }

    /// Whether the file is there; cheaper than opening it where the source knows.
    fn has(&self, path: &str) -> bool {
        self.open(path).is_some()
    }
}

/// What an import carries along: its report and the package.
pub struct Source<'f> {
    /// Findings so far.
    pub report: Report,
    /// The package, when there is one.
    pub files: Option<&'f dyn Files>,
    /// The path of the document inside it.
    pub base: String,
    /// Files and bytes opened by reference so far.
    opened: (usize, usize),
}

/// Files, and bytes in them, that one document may bring along.
const MOST_OPENED: (usize, usize) = (500, 64 << 20);

impl<'f> Source<'f> {
    /// A document on its own.
    pub fn alone(file: &str) -> Self {
        Self { report: Report::new(file), files: None, base: file.to_owned(), opened: (0, 0) }
    }

    /// A document of a package.
    pub fn within(file: &str, files: &'f dyn Files) -> Self {
        Self { report: Report::new(file), files: Some(files), base: file.to_owned(), opened: (0, 0) }
    }

    /// Reads another document of the package, in the 3.0 vocabulary.
    ///
    /// # Errors
    /// A sentence when the address leaves the package, or the file is missing or unreadable.
    pub fn open_tree(&mut self, href: &str) -> Result<Element, String> {
        let files =
            self.files.ok_or("only files of the same package can be used, and there is no package")?;
        let path = resolve(&self.base, href).ok_or("the address leads out of the package")?;
        let bytes = files.open(&path).ok_or_else(|| format!("{path} is not in the package"))?;
        self.opened = (self.opened.0 + 1, self.opened.1.saturating_add(bytes.len()));
        if self.opened.0 > MOST_OPENED.0 || self.opened.1 > MOST_OPENED.1 {
            return Err("the document refers to too many or too large files".to_owned());
        }
        let mut tree = read_bytes(&bytes, &Limits::default()).map_err(|e| e.to_string())?;
        upgrade::upgrade(&mut tree);
        let mut report = Report::new(&path);
        clean::clean(&mut tree, &mut report);
        self.report.absorb(report);
        Ok(tree)
    }
}

/// The path of `href` as seen from the file `base`; `None` when it leads out of the package.
pub fn resolve(base: &str, href: &str) -> Option<String> {
    let href = href.split(['?', '#']).next().unwrap_or_default();
    let href = percent_decode(href)?;
    if href.is_empty()
        || href.starts_with('/')
        || href.contains('\\')
        || href.contains(':')
        || href.contains('\0')
    {
        return None;
    }
    let mut parts: Vec<&str> = base.split('/').collect();
    parts.pop();
    for part in href.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn percent_decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// A document by what it is.
#[derive(Debug, Clone)]
pub enum Document {
    /// An assessment item.
    Item(Box<Item>),
    /// An assessment test; its plan is read by [`crate::test`].
    Test(Element),
    /// A section on its own.
    Section(Element),
    /// A shared stimulus.
    Stimulus(Element),
    /// Rules on their own.
    Rules(Element),
    /// Results of a session; recognised, not read.
    Results(Element),
    /// A package manifest.
    Manifest(Element),
}

/// Reads a document and reports on it.
///
/// # Errors
/// When the bytes are not a safe XML document, or not a document of QTI.
pub fn import(bytes: &[u8], source: &mut Source<'_>) -> Result<Document, ReadError> {
    let mut tree = read_bytes(bytes, &Limits::default())?;
    let root_space = tree.space.clone();
    let line = tree.line;
    if let Space::Other(uri) = &root_space {
        return Err(ReadError {
            line,
            code: "not-qti",
            reason: format!("<{}> in {uri} is not a document of QTI", tree.name),
        });
    }
    let three = tree.name.starts_with("qti-");
    upgrade::upgrade(&mut tree);
    let name = tree.name.clone();
    match name.as_str() {
        "qti-assessment-item"
        | "qti-assessment-test"
        | "qti-assessment-section"
        | "qti-assessment-stimulus" => {
            if !three {
                source.report.add(
                    Severity::Info,
                    "converted",
                    line,
                    Path::root(&name).to_string(),
                    "QTI 2.x; read as 3.0",
                );
            }
            clean::clean(&mut tree, &mut source.report);
            Ok(match name.as_str() {
                "qti-assessment-item" => Document::Item(Box::new(Item::read(tree, source))),
                "qti-assessment-test" => Document::Test(tree),
                "qti-assessment-section" => Document::Section(tree),
                _ => Document::Stimulus(tree),
            })
        }
        "qti-response-processing" | "qti-response-processing-fragment" | "qti-outcome-processing" => {
            Ok(Document::Rules(tree))
        }
        "assessmentResult" | "qti-assessment-result" => Ok(Document::Results(tree)),
        "manifest" => Ok(Document::Manifest(tree)),
        other => Err(ReadError {
            line,
            code: "not-qti",
            reason: format!("<{other}> is not a document of QTI; an item starts with qti-assessment-item"),
        }),
    }
}

/// Reads an item on its own.
///
/// # Errors
/// As [`import`], and when the document is something else.
pub fn import_item(bytes: &[u8], file: &str) -> Result<(Item, Report), ReadError> {
    let mut source = Source::alone(file);
    match import(bytes, &mut source)? {
        Document::Item(item) => Ok((*item, source.report)),
        _ => Err(ReadError {
            line: 1,
            code: "not-an-item",
            reason: "this is a document of QTI but not an item".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stay_inside_the_package() {
        assert_eq!(resolve("items/a.xml", "img/b.png").as_deref(), Some("items/img/b.png"));
        assert_eq!(resolve("items/a.xml", "../b.png").as_deref(), Some("b.png"));
        assert_eq!(resolve("items/a.xml", "my%20pic.png").as_deref(), Some("items/my pic.png"));
        for bad in ["../../b.png", "/etc/passwd", "file:///x", "..%2f..%2fx", "a\\b", "%zz", ""] {
            assert_eq!(resolve("items/a.xml", bad), None, "{bad}");
        }
    }
}
