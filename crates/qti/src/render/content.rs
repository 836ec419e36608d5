//! Flowing content: HTML, MathML, speech markup, feedback, templates and rubrics.

use super::text::{Word, with};
use super::{Writer, is_blank};
use crate::import::is_html_attribute;
use crate::item::Kind;
use crate::xml::{Element, Node, Space};

impl Writer<'_> {
    /// Writes all content of an element.
    pub(super) fn content(&mut self, element: &Element) {
        for child in &element.children {
            match child {
                Node::Text(text) => self.escaped(text, false),
                Node::Element(child) => self.element(child),
            }
        }
    }

    /// Writes content where only running text may stand: blocks become spans.
    pub(super) fn running(&mut self, element: &Element) {
        let before = std::mem::replace(&mut self.inline, true);
        self.content(element);
        self.inline = before;
    }

    fn element(&mut self, element: &Element) {
        match element.space {
            Space::MathMl => self.math(element),
            Space::Ssml => self.speech(element),
            Space::Qti if element.name.starts_with("qti-") => self.qti(element),
            Space::Qti | Space::Html => self.html(element),
            Space::Svg | Space::Other(_) => self.content(element),
        }
    }

    fn qti(&mut self, element: &Element) {
        if let Some(kind) = Kind::of(&element.name) {
            self.interaction(kind, element);
            return;
        }
        match element.name.as_str() {
            // A prompt outside its interaction is written by the interaction.
            "qti-prompt" => {}
            "qti-feedback-inline" | "qti-template-inline" => {
                self.raw("<span");
                self.classes(element.name.as_str(), element);
                if element.name == "qti-feedback-inline" {
                    self.raw(" role=\"status\"");
                }
                self.raw(">");
                self.running(element);
                self.raw("</span>");
            }
            "qti-feedback-block" => {
                let tag = if self.inline { "span" } else { "div" };
                self.raw(&format!("<{tag}"));
                self.classes("qti-feedback-block", element);
                self.raw(" role=\"status\">");
                self.content(element.find("qti-content-body").unwrap_or(element));
                self.raw(&format!("</{tag}>"));
            }
            "qti-rubric-block" => {
                let label = self.word(Word::Note);
                self.raw("<div role=\"note\"");
                self.classes("qti-rubric-block", element);
                self.attribute("aria-label", label);
                self.raw(">");
                self.content(element.find("qti-content-body").unwrap_or(element));
                self.raw("</div>");
            }
            "qti-template-block" => {
                self.raw("<div");
                self.classes("qti-template-block", element);
                self.raw(">");
                self.content(element.find("qti-content-body").unwrap_or(element));
                self.raw("</div>");
            }
            // The image of a stage is drawn by the interaction on it.
            "qti-position-object-stage" => {
                for child in element.elements().filter(|e| Kind::of(&e.name).is_some()) {
                    self.element(child);
                }
            }
            "qti-gap" => self.gap(element),
            "qti-hottext" => self.hottext(element),
            _ => self.content(element),
        }
    }

    fn html(&mut self, element: &Element) {
        let name = element.name.as_str();
        match name {
            "object" => return self.object(element),
            "audio" | "video" => return self.player(element),
            "img" => return self.image(element),
            "a" => return self.link(element),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => return self.heading(element),
            "picture" => {
                // Sources differ in size only; the image itself is enough.
                if let Some(image) = element.find("img") {
                    self.image(image);
                }
                return;
            }
            "param" | "source" | "track" => return,
            _ => {}
        }
        let tag = if self.inline { running_tag(name) } else { current_tag(name) };
        self.raw("<");
        self.raw(tag);
        let block = self.inline && tag == "span" && !matches!(name, "span" | "label" | "time" | "big");
        self.attributes(element, tag, block);
        if matches!(tag, "br" | "hr" | "col" | "wbr") {
            self.raw(">");
            self.supports(element);
            return;
        }
        self.raw(">");
        self.content(element);
        self.supports(element);
        self.raw("</");
        self.raw(tag);
        self.raw(">");
    }

    fn attributes(&mut self, element: &Element, tag: &str, block: bool) {
        let mut class = if block { "qti-block".to_owned() } else { String::new() };
        for attribute in &element.attributes {
            let name = attribute.name.as_str();
            let value = attribute.value.as_str();
            match name {
                "class" => {
                    if !class.is_empty() {
                        class.push(' ');
                    }
                    class.push_str(value);
                }
                "id" if !value.contains(char::is_whitespace) && self.ids.insert(value.to_owned()) => {
                    let id = format!("{}s-{value}", self.options.prefix);
                    self.attribute("id", &id);
                }
                "lang" | "xml:lang" => self.language(element),
                "headers" => {
                    let known: Vec<String> = value
                        .split_whitespace()
                        .filter(|v| self.known.contains(*v))
                        .map(|v| format!("{}s-{v}", self.options.prefix))
                        .collect();
                    if !known.is_empty() {
                        self.attribute("headers", &known.join(" "));
                    }
                }
                "dir" if !matches!(value, "ltr" | "rtl" | "auto") => {}
                // Roles and states of foreign pages mean nothing here and mislead screen readers.
                "role" | "title" | "label" | "xml:space" => {}
                _ if name.starts_with("aria-") => {}
                "data-catalog-idref" => self.attribute(name, value),
                _ if name.starts_with("data-ssml") => self.attribute(name, value),
                _ if name.starts_with("data-") => {}
                "align" | "valign" | "summary" => {}
                _ if is_html_attribute(tag, name) => self.attribute(name, value),
                _ => {}
            }
        }
        if !class.trim().is_empty() {
            let class = class.trim().to_owned();
            self.attribute("class", &class);
        }
    }

    /// Catalogue entries in use: spoken text as attribute on a mark, others as text to read.
    fn supports(&mut self, element: &Element) {
        let Some(reference) = element.get("data-catalog-idref") else { return };
        let copy = self.copy;
        for (id, support, language, text) in &copy.catalog {
            if id != reference.trim_start_matches('#') || text.is_empty() {
                continue;
            }
            if support == "spoken" {
                self.raw("<span hidden class=\"qti-spoken\"");
                self.attribute("data-say", text);
                self.raw("></span>");
                continue;
            }
            self.raw("<span class=\"qti-support\"");
            self.attribute("data-support", support);
            if let Some(language) = language.as_deref().filter(|l| super::is_language(l)) {
                self.attribute("lang", language);
            }
            self.raw("> (");
            self.escaped(text, false);
            self.raw(")</span>");
        }
    }

    fn image(&mut self, element: &Element) {
        let source = element.get("src").unwrap_or_default();
        if source.is_empty() {
            return;
        }
        let address = self.address(source);
        self.raw("<img");
        self.attribute("src", &address);
        let alternative = element.get("alt").unwrap_or_default().trim();
        let alternative =
            if alternative.eq_ignore_ascii_case(&self.said) { "" } else { alternative }.to_owned();
        self.attribute("alt", &alternative);
        for size in ["width", "height"] {
            if let Some(value) = element.get(size).and_then(pixels) {
                self.attribute(size, &value.to_string());
            }
        }
        if let Some(class) = element.get("class") {
            self.attribute("class", class);
        }
        self.raw(">");
        self.supports(element);
    }

    fn link(&mut self, element: &Element) {
        let Some(address) = element.get("href").filter(|h| !h.trim().is_empty()) else {
            self.content(element);
            return;
        };
        if is_blank(element) {
            return;
        }
        if let Some(target) = address.strip_prefix('#') {
            if !self.known.contains(target) {
                self.content(element);
                return;
            }
            let address = format!("#{}s-{target}", self.options.prefix);
            self.raw("<a");
            self.attribute("href", &address);
        } else {
            let address = self.address(address);
            self.raw("<a rel=\"noopener noreferrer\"");
            self.attribute("href", &address);
        }
        self.raw(">");
        self.content(element);
        self.raw("</a>");
    }

    /// Headings go down one step at a time below the title of the page, whatever levels the source uses.
    fn heading(&mut self, element: &Element) {
        if is_blank(element) {
            return;
        }
        if self.inline {
            self.raw("<strong class=\"qti-block\">");
            self.content(element);
            self.raw("</strong>");
            return;
        }
        let level = element.name.as_bytes().get(1).copied().unwrap_or(b'1') - b'0';
        while self.headings.last().is_some_and(|above| *above >= level) {
            self.headings.pop();
        }
        self.headings.push(level);
        let shown = (self.headings.len() + 1).min(6);
        self.raw(&format!("<h{shown}"));
        self.attributes(element, "h2", false);
        self.raw(">");
        let before = std::mem::replace(&mut self.inline, true);
        self.content(element);
        self.inline = before;
        self.raw(&format!("</h{shown}>"));
    }

    fn math(&mut self, element: &Element) {
        self.raw("<");
        self.raw(&element.name);
        if element.name == "math" {
            self.raw(" xmlns=\"http://www.w3.org/1998/Math/MathML\"");
        }
        for attribute in &element.attributes {
            if !matches!(attribute.name.as_str(), "id" | "xref" | "alttext") {
                self.attribute(&attribute.name, &attribute.value);
            }
        }
        self.raw(">");
        self.content(element);
        self.raw("</");
        self.raw(&element.name);
        self.raw(">");
    }

    fn speech(&mut self, element: &Element) {
        self.raw("<span");
        self.attribute("data-ssml", &element.name);
        for name in ["alias", "interpret-as", "ph", "time", "level", "rate"] {
            if let Some(value) = element.get(name) {
                self.attribute(&format!("data-ssml-{name}"), value);
            }
        }
        self.raw(">");
        self.content(element);
        self.raw("</span>");
    }

    /// An address of the package under the place media are served from; web addresses stay.
    pub(super) fn address(&self, source: &str) -> String {
        let source = source.trim();
        if self.options.media.is_empty() || source.contains(':') || source.starts_with('/') {
            source.to_owned()
        } else {
            format!("{}{source}", self.options.media)
        }
    }

    /// A file that is neither image nor player.
    pub(super) fn file_link(&mut self, source: &str, text: &str) {
        let number = self.count("file");
        let fallback = with(self.lang, Word::File, &number);
        let label = if text.is_empty() { fallback.as_str() } else { text };
        let address = self.address(source);
        self.raw("<a rel=\"noopener noreferrer\"");
        self.attribute("href", &address);
        self.raw(">");
        self.escaped(label, false);
        self.raw("</a>");
    }
}

/// Pixels of a width or height; percentages say nothing about the image.
pub(super) fn pixels(text: &str) -> Option<u32> {
    let number = text.trim().trim_end_matches("px");
    number.parse::<f64>().ok().filter(|n| *n >= 1.0 && *n < 20_000.0).map(|n| n.round() as u32)
}

/// Obsolete names in today's HTML.
fn current_tag(name: &str) -> &str {
    match name {
        "acronym" => "abbr",
        "big" | "label" => "span",
        "tt" => "code",
        "strike" => "s",
        "center" => "div",
        // Landmarks inside an item would compete with those of the page.
        "header" | "footer" | "nav" | "aside" | "section" | "article" => "div",
        _ => name,
    }
}

/// What stands for a block where only running text may stand.
fn running_tag(name: &str) -> &str {
    match name {
        "p" | "div" | "blockquote" | "pre" | "address" | "figure" | "figcaption" | "ul" | "ol" | "li"
        | "dl" | "dt" | "dd" | "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" | "caption"
        | "section" | "article" | "header" | "footer" | "aside" | "nav" | "center" | "details"
        | "summary" | "colgroup" => "span",
        "hr" | "col" => "br",
        other => current_tag(other),
    }
}
