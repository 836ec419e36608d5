//! A small XML tree with namespaces resolved: all that QTI documents need.

mod read;
mod write;

pub use read::{Limits, ReadError, read, read_bytes};
pub use write::{escape_into, write_document, write_fragment};

/// The vocabulary an element belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Space {
    /// QTI itself, and the HTML names inside it, which share its namespace.
    Qti,
    /// XHTML by its own namespace.
    Html,
    /// MathML.
    MathMl,
    /// Speech synthesis markup.
    Ssml,
    /// Scalable vector graphics.
    Svg,
    /// Any other namespace, by its name.
    Other(String),
}

/// An attribute: local name, with `xml:` kept as prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Name without other prefixes.
    pub name: String,
    /// Value with references resolved.
    pub value: String,
}

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Local name.
    pub name: String,
    /// Vocabulary.
    pub space: Space,
    /// Attributes in source order.
    pub attributes: Vec<Attribute>,
    /// Content.
    pub children: Vec<Node>,
    /// Line in the source; 0 for elements made in memory.
    pub line: u32,
}

/// Content of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A child element.
    Element(Element),
    /// Text with references resolved.
    Text(String),
}

impl Element {
    /// A new QTI element.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), space: Space::Qti, attributes: vec![], children: vec![], line: 0 }
    }

    /// Adds an attribute.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// Adds a child element.
    #[must_use]
    pub fn child(mut self, child: Element) -> Self {
        self.children.push(Node::Element(child));
        self
    }

    /// Adds child elements.
    #[must_use]
    pub fn children_from(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children.into_iter().map(Node::Element));
        self
    }

    /// Adds text.
    #[must_use]
    pub fn text_child(mut self, text: impl Into<String>) -> Self {
        self.children.push(Node::Text(text.into()));
        self
    }

    /// An attribute's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.name == name).map(|a| a.value.as_str())
    }

    /// Sets or replaces an attribute.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.attributes.iter_mut().find(|a| a.name == name) {
            Some(a) => a.value = value,
            None => self.attributes.push(Attribute { name: name.to_owned(), value }),
        }
    }

    /// Removes an attribute.
    pub fn unset(&mut self, name: &str) {
        self.attributes.retain(|a| a.name != name);
    }

    /// Child elements.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|n| match n {
            Node::Element(e) => Some(e),
            Node::Text(_) => None,
        })
    }

    /// The first child element with this name.
    pub fn find(&self, name: &str) -> Option<&Element> {
        self.elements().find(|e| e.name == name)
    }

    /// Child elements with this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements().filter(move |e| e.name == name)
    }

    /// Whether this is the QTI element `name`.
    pub fn is(&self, name: &str) -> bool {
        self.space == Space::Qti && self.name == name
    }

    /// All text inside, in document order.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.walk_text(&mut |t| out.push_str(t));
        out
    }

    /// Visits every text inside.
    pub fn walk_text(&self, visit: &mut dyn FnMut(&str)) {
        for child in &self.children {
            match child {
                Node::Text(t) => visit(t),
                Node::Element(e) => e.walk_text(visit),
            }
        }
    }

    /// Visits this element and every element inside.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Element)) {
        visit(self);
        for child in self.elements() {
            child.walk(visit);
        }
    }

    /// Visits this element and every element inside, for change.
    pub fn walk_mut(&mut self, visit: &mut dyn FnMut(&mut Element)) {
        visit(self);
        for child in &mut self.children {
            if let Node::Element(e) = child {
                e.walk_mut(visit);
            }
        }
    }

    /// The same tree without line numbers, for comparing meaning: runs of text are joined.
    #[must_use]
    pub fn without_lines(mut self) -> Self {
        self.line = 0;
        let mut children: Vec<Node> = Vec::with_capacity(self.children.len());
        for child in self.children {
            match (child, children.last_mut()) {
                (Node::Text(t), Some(Node::Text(before))) => before.push_str(&t),
                (Node::Text(t), _) if t.is_empty() => {}
                (Node::Element(e), _) => children.push(Node::Element(e.without_lines())),
                (text, _) => children.push(text),
            }
        }
        self.children = children;
        self
    }
}

/// The way from the root to an element; written out only when a finding needs it.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    name: &'a str,
    index: usize,
}

impl<'a> Path<'a> {
    /// The root.
    pub fn root(name: &'a str) -> Self {
        Self { parent: None, name, index: 0 }
    }

    /// A child; `index` counts all child elements from 1.
    pub fn at(&'a self, name: &'a str, index: usize) -> Path<'a> {
        Path { parent: Some(self), name, index }
    }
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
            write!(f, "/{}[{}]", self.name, self.index)
        } else {
            write!(f, "/{}", self.name)
        }
    }
}
