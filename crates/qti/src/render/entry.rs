//! Typing, sliding, handing in, ending.

use super::text::{Word, with};
use super::{Writer, number};
use crate::item::Kind;
use crate::safe::RECORD_FIELD;
use crate::score::Raw;
use crate::value::{BaseType, Cardinality};
use crate::xml::Element;

impl Writer<'_> {
    fn base(&self, element: &Element) -> Option<BaseType> {
        self.field(element).and_then(|f| f.base)
    }

    pub(super) fn text_entry(&mut self, element: &Element) {
        let prompt = if self.inline { None } else { self.prompt(element) };
        let count = self.count("answer");
        let label = with(self.lang, Word::Answer, &count);
        let response = element.get("response-identifier").unwrap_or_default();
        let given = self.given(response);
        self.raw("<input type=\"text\"");
        self.classes("qti-text-entry", element);
        self.attribute("name", response);
        match &prompt {
            Some(id) => self.attribute("aria-labelledby", id),
            None => self.attribute("aria-label", &label),
        }
        match self.base(element) {
            Some(BaseType::Integer) if element.get("base").is_none() => {
                self.raw(" inputmode=\"numeric\"");
                let hint = self.word(Word::NumberHint);
                self.attribute("data-hint", hint);
            }
            Some(BaseType::Float) => {
                self.raw(" inputmode=\"decimal\"");
                let hint = self.word(Word::NumberHint);
                self.attribute("data-hint", hint);
            }
            _ => {}
        }
        if let Some(length) = number(element, "expected-length").filter(|l| *l > 0) {
            self.attribute("size", &length.min(80).to_string());
        }
        if let Some(placeholder) = element.get("placeholder-text") {
            self.attribute("placeholder", placeholder);
        }
        if let Some(message) = element.get("data-patternmask-message") {
            self.attribute("title", message);
        }
        if let Some(value) = given.first() {
            self.attribute("value", value);
        }
        self.raw(" autocomplete=\"off\" spellcheck=\"false\"");
        self.disabled();
        self.raw(">");
    }

    pub(super) fn extended_text(&mut self, element: &Element) {
        self.raw("<div");
        self.classes("qti-interaction qti-extended-text", element);
        self.raw(">\n");
        let prompt = self.prompt(element);
        let response = element.get("response-identifier").unwrap_or_default();
        let given = self.given(response);
        let several = self
            .field(element)
            .is_some_and(|f| matches!(f.cardinality, Cardinality::Multiple | Cardinality::Ordered));
        let fields = if several {
            let wanted = number(element, "max-strings").or(number(element, "min-strings")).unwrap_or(1);
            wanted.max(given.len()).clamp(1, 50)
        } else {
            1
        };
        let lines = number(element, "expected-lines").unwrap_or(if several { 1 } else { 6 }).clamp(1, 40);
        for at in 0..fields {
            let id = self.id();
            let count = self.count("answer");
            if prompt.is_none() || several {
                let label = with(self.lang, Word::Answer, &count);
                self.raw("<label");
                self.attribute("for", &id);
                self.raw(">");
                self.escaped(&label, false);
                self.raw("</label>\n");
            }
            self.raw("<textarea");
            self.attribute("id", &id);
            self.attribute("name", response);
            self.attribute("rows", &lines.to_string());
            if let (Some(prompt), false) = (&prompt, several) {
                self.attribute("aria-labelledby", prompt);
            }
            if let Some(placeholder) = element.get("placeholder-text") {
                self.attribute("placeholder", placeholder);
            }
            self.attribute("data-count", self.word(Word::Characters));
            if let Some(length) = number(element, "expected-length") {
                self.attribute("data-expected", &length.to_string());
            }
            self.disabled();
            self.raw(">\n");
            if let Some(value) = given.get(at) {
                let value = value.clone();
                self.escaped(&value, false);
            }
            self.raw("</textarea>\n");
        }
        self.raw("</div>\n");
    }

    pub(super) fn slider(&mut self, element: &Element) {
        let (lower, upper) =
            (element.get("lower-bound").unwrap_or("0"), element.get("upper-bound").unwrap_or("100"));
        let range = format!("{lower} – {upper}");
        let hint = with(self.lang, Word::Between, &range);
        self.open_group("qti-slider", element, &hint);
        let count = self.count("slider");
        let label = with(self.lang, Word::Value, &count);
        let response = element.get("response-identifier").unwrap_or_default();
        let step =
            element.get("step").filter(|s| s.trim().parse::<f64>().is_ok_and(|s| s > 0.0)).unwrap_or("1");
        let id = self.id();
        // The scale moves the number; without script the number alone is enough.
        self.raw("<input type=\"range\" hidden class=\"qti-scale\"");
        self.attribute("data-for", &id);
        self.attribute("aria-label", &label);
        for (name, value) in [("min", lower), ("max", upper), ("step", step)] {
            self.attribute(name, value.trim());
        }
        if element.get("reverse") == Some("true") {
            self.raw(" data-reverse=\"true\"");
        }
        if element.get("orientation") == Some("vertical") {
            self.raw(" data-vertical=\"true\"");
        }
        self.raw(">\n<label");
        self.attribute("for", &id);
        self.raw(">");
        self.escaped(&label, false);
        self.raw("</label> <input type=\"number\"");
        self.attribute("id", &id);
        self.attribute("name", response);
        for (name, value) in [("min", lower), ("max", upper), ("step", step)] {
            self.attribute(name, value.trim());
        }
        if let Some(value) = self.given(response).first() {
            self.attribute("value", value);
        }
        self.raw(">\n");
        self.close_group();
    }

    pub(super) fn upload(&mut self, kind: Kind, element: &Element) {
        self.raw("<div");
        self.classes("qti-interaction qti-upload", element);
        self.raw(">\n");
        let prompt = self.prompt(element);
        if kind == Kind::Drawing {
            for child in element.elements().filter(|e| e.name == "object" || e.name == "img") {
                self.figure(child);
            }
            let hint = self.word(Word::DrawHint);
            self.raw("<p class=\"qti-hint\">");
            self.escaped(hint, false);
            self.raw("</p>\n");
        }
        let id = self.id();
        let label_id = self.id();
        self.raw("<label");
        self.attribute("for", &id);
        self.attribute("id", &label_id);
        self.raw(">");
        let label = self.word(Word::Upload);
        self.escaped(label, false);
        self.raw("</label>\n<input type=\"file\"");
        self.attribute("id", &id);
        self.attribute("name", element.get("response-identifier").unwrap_or_default());
        if let Some(prompt) = prompt {
            self.attribute("aria-labelledby", &format!("{label_id} {prompt}"));
        }
        if let Some(kinds) = element.get("type") {
            self.attribute("accept", &kinds.split_whitespace().collect::<Vec<_>>().join(","));
        } else if kind == Kind::Drawing {
            self.attribute("accept", "image/*,application/pdf");
        }
        self.disabled();
        self.raw(">\n</div>\n");
    }

    pub(super) fn end_attempt(&mut self, element: &Element) {
        let title = element.get("title").filter(|t| !t.trim().is_empty());
        let title = title.unwrap_or(self.word(Word::Send)).to_owned();
        self.raw("<button type=\"submit\" value=\"true\"");
        self.classes("qti-end-attempt", element);
        self.attribute("name", element.get("response-identifier").unwrap_or_default());
        self.disabled();
        self.raw(">");
        self.escaped(&title, false);
        self.raw("</button>");
    }

    /// Something private to another system: its content, and a plain field.
    pub(super) fn plain_field(&mut self, element: &Element) {
        self.raw("<div");
        self.classes("qti-interaction qti-custom", element);
        self.raw(">\n");
        self.content(element);
        let prompt = self.prompt(element);
        let response = element.get("response-identifier").unwrap_or_default();
        let count = self.count("answer");
        let label = with(self.lang, Word::Answer, &count);
        self.raw("<input type=\"text\" class=\"qti-text-entry\"");
        self.attribute("name", response);
        match &prompt {
            Some(id) => self.attribute("aria-labelledby", id),
            None => self.attribute("aria-label", &label),
        }
        if let Some(value) = self.given(response).first() {
            self.attribute("value", value);
        }
        self.disabled();
        self.raw(">\n</div>\n");
    }

    /// A portable custom interaction runs in a frame without any rights on our page, or not at all.
    pub(super) fn portable(&mut self, element: &Element) {
        self.raw("<div");
        self.classes("qti-interaction qti-portable", element);
        self.raw(">\n");
        let prompt = self.prompt(element);
        match self.options.portable.clone() {
            Some(host) => self.frame(element, &host, prompt.as_deref()),
            None => {
                let notice = self.word(Word::Portable);
                self.raw("<p class=\"qti-hint\">");
                self.escaped(notice, false);
                self.raw("</p>\n");
                for child in own_markup(element) {
                    self.content(child);
                }
            }
        }
        self.raw("</div>\n");
    }

    /// The frame, its markup for the island to hand over, and the answer so far in hidden fields.
    fn frame(&mut self, element: &Element, host: &str, prompt: Option<&str>) {
        let response = element.get("response-identifier").unwrap_or_default().to_owned();
        let count = self.count("frame");
        let title = with(self.lang, Word::Frame, &count);
        self.raw("<iframe sandbox=\"allow-scripts\" referrerpolicy=\"no-referrer\"");
        self.attribute("title", &title);
        self.attribute("src", host);
        self.attribute("data-response", &response);
        let kind = element.get("custom-interaction-type-identifier").unwrap_or_default();
        self.attribute("data-type", kind);
        if let Some(module) = element.get("module") {
            self.attribute("data-module", module);
        }
        self.attribute("data-modules", &self.modules(element));
        self.attribute("data-templates", &templates(element));
        self.attribute("data-media", &self.options.media);
        if let Some(field) = self.field(element) {
            self.attribute("data-cardinality", field.cardinality.name());
            self.attribute("data-base-type", field.base.map_or("", crate::value::BaseType::name));
        }
        if self.options.closed {
            self.raw(" data-closed");
        }
        for attribute in &element.attributes {
            if let Some(name) = attribute.name.strip_prefix("data-") {
                self.attribute(&format!("data-property-{name}"), &attribute.value);
            }
        }
        if let Some(prompt) = prompt {
            self.attribute("aria-describedby", prompt);
        }
        self.raw("></iframe>\n<template>");
        for child in own_markup(element) {
            self.content(child);
        }
        self.raw("</template>\n");
        let given: Vec<(String, String)> = match self.responses.get(&response) {
            Some(Raw::Record(fields)) => {
                let name = |field: &str| format!("{response}{RECORD_FIELD}{field}");
                fields.iter().map(|(field, value)| (name(field), value.clone())).collect()
            }
            _ => self.given(&response).into_iter().map(|value| (response.clone(), value)).collect(),
        };
        for (name, value) in given {
            self.raw("<input type=\"hidden\"");
            self.attribute("name", &name);
            self.attribute("value", &value);
            self.disabled();
            self.raw(">\n");
        }
    }

    /// The modules of a portable interaction: their names, and where each may be loaded from.
    fn modules(&self, element: &Element) -> String {
        let mut list = Vec::new();
        for module in element.all("qti-interaction-modules").flat_map(|m| m.all("qti-interaction-module")) {
            let places = ["primary-path", "fallback-path"].into_iter().filter_map(|name| module.get(name));
            let places: Vec<String> = places.map(|place| self.address(place)).collect();
            list.push(serde_json::json!({"id": module.get("id").unwrap_or_default(), "places": places}));
        }
        serde_json::Value::from(list).to_string()
    }
}

/// The template variables a portable interaction asks for: type and value by name.
fn templates(element: &Element) -> String {
    let named = element.all("qti-template-variable").map(|variable| {
        let name = variable.get("identifier").unwrap_or_default().to_owned();
        (name, serde_json::json!({"type": variable.get("base-type"), "value": variable.text()}))
    });
    serde_json::Value::from(named.collect::<serde_json::Map<_, _>>()).to_string()
}

/// What a portable interaction starts from: everything but its modules, its variables and its prompt.
fn own_markup(element: &Element) -> impl Iterator<Item = &Element> {
    let aside = ["qti-interaction-modules", "qti-template-variable", "qti-prompt"];
    element.elements().filter(move |e| !aside.contains(&e.name.as_str()))
}
