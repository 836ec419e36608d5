//! Choosing: lists, words in a text, lists in a sentence, and orders.

use super::text::{Word, with};
use super::{Writer, number};
use crate::xml::Element;

impl Writer<'_> {
    fn hint(&self, element: &Element, single: bool) -> String {
        if single {
            return self.word(Word::ChooseOne).to_owned();
        }
        let most = number(element, "max-choices").unwrap_or(0);
        let least = number(element, "min-choices").unwrap_or(0);
        let mut hint = if most > 0 {
            with(self.lang, Word::ChooseMost, &most)
        } else {
            self.word(Word::ChooseMany).to_owned()
        };
        if least > 0 && (most == 0 || least <= most) {
            hint.push(' ');
            hint.push_str(&with(self.lang, Word::ChooseLeast, &least));
        }
        hint
    }

    pub(super) fn choice(&mut self, element: &Element) {
        let single = self.is_single(element);
        let hint = self.hint(element, single);
        let own = if element.get("orientation") == Some("horizontal") {
            "qti-choice qti-horizontal"
        } else {
            "qti-choice"
        };
        self.open_group(own, element, &hint);
        let response = element.get("response-identifier").unwrap_or_default().to_owned();
        let given = self.given(&response);
        for choice in element.all("qti-simple-choice") {
            self.option_row(&response, choice, single, &given);
        }
        self.close_group();
    }

    /// One radio button or checkbox with its text.
    fn option_row(&mut self, name: &str, choice: &Element, single: bool, given: &[String]) {
        let id = self.id();
        let value = choice.get("identifier").unwrap_or_default();
        self.raw("<div class=\"qti-option\"><input");
        self.attribute("type", if single { "radio" } else { "checkbox" });
        self.attribute("id", &id);
        self.attribute("name", name);
        self.attribute("value", value);
        if given.iter().any(|g| g == value) {
            self.raw(" checked");
        }
        self.raw("><label");
        self.attribute("for", &id);
        self.language(choice);
        self.raw(">");
        self.named(choice, Word::Choice, "choice");
        self.raw("</label></div>\n");
    }

    /// The content of something that needs a name, and a number where it has none.
    pub(super) fn named(&mut self, element: &Element, fallback: Word, counter: &'static str) {
        let start = self.out.len();
        let said = element.text().split_whitespace().collect::<Vec<_>>().join(" ");
        let before = std::mem::replace(&mut self.said, said);
        self.running(element);
        self.said = before;
        let written = self.out.get(start..).unwrap_or_default();
        if !has_name(written) {
            let number = self.count(counter);
            let name = with(self.lang, fallback, &number);
            self.escaped(&name, false);
        }
    }

    pub(super) fn inline_choice(&mut self, element: &Element) {
        let count = self.count("inline");
        let label = with(self.lang, Word::Choice, &count);
        let response = element.get("response-identifier").unwrap_or_default();
        let given = self.given(response);
        self.raw("<select");
        self.classes("qti-inline-choice", element);
        self.attribute("name", response);
        self.attribute("aria-label", &label);
        self.disabled();
        self.raw(">");
        let blank = self.word(Word::Nothing);
        self.option("", blank, false);
        for choice in element.all("qti-inline-choice") {
            let value = choice.get("identifier").unwrap_or_default();
            let text = self.label_text(choice, Word::Choice);
            self.option(value, &text, given.iter().any(|g| g == value));
        }
        self.raw("</select>");
    }

    pub(super) fn option(&mut self, value: &str, text: &str, selected: bool) {
        self.raw("<option");
        self.attribute("value", value);
        if selected {
            self.raw(" selected");
        }
        self.raw(">");
        self.escaped(text, false);
        self.raw("</option>");
    }

    /// The words of something for an option: its text, or what its images are called.
    pub(super) fn label_text(&mut self, element: &Element, fallback: Word) -> String {
        let mut text = element.text();
        element.walk(&mut |e| {
            let said = match e.name.as_str() {
                "img" => e.get("alt"),
                "object" => e.get("aria-label").or(e.get("label")),
                _ => None,
            };
            if let Some(said) = said {
                text.push(' ');
                text.push_str(said);
            }
        });
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let named = element.get("object-label").or(element.get("hotspot-label")).or(element.get("label"));
        match (text.is_empty(), named.map(str::trim).filter(|n| !n.is_empty())) {
            (false, _) => text,
            (true, Some(name)) => name.to_owned(),
            (true, None) => {
                let number = self.count("nameless");
                with(self.lang, fallback, &number)
            }
        }
    }

    pub(super) fn hottext_interaction(&mut self, element: &Element) {
        let single = self.is_single(element);
        let hint = self.hint(element, single);
        self.open_group("qti-hottext-interaction", element, &hint);
        let before = (
            std::mem::replace(
                &mut self.response,
                element.get("response-identifier").unwrap_or_default().to_owned(),
            ),
            std::mem::replace(&mut self.single, single),
        );
        self.content(element);
        (self.response, self.single) = before;
        self.close_group();
    }

    pub(super) fn hottext(&mut self, element: &Element) {
        let id = self.id();
        let value = element.get("identifier").unwrap_or_default();
        let (response, single) = (self.response.clone(), self.single);
        let given = self.given(&response);
        self.raw("<span class=\"qti-hottext\"><input");
        self.attribute("type", if single { "radio" } else { "checkbox" });
        self.attribute("id", &id);
        self.attribute("name", &response);
        self.attribute("value", value);
        if given.iter().any(|g| g == value) {
            self.raw(" checked");
        }
        self.raw("><label");
        self.attribute("for", &id);
        self.raw(">");
        self.named(element, Word::Choice, "choice");
        self.raw("</label></span>");
    }

    pub(super) fn order(&mut self, element: &Element) {
        let hint = self.word(Word::OrderHint);
        self.open_group("qti-order", element, hint);
        let response = element.get("response-identifier").unwrap_or_default().to_owned();
        let mut choices = Vec::new();
        self.raw("<ul class=\"qti-bank\">\n");
        for choice in element.all("qti-simple-choice") {
            self.raw("<li>");
            self.named(choice, Word::Choice, "choice");
            self.raw("</li>\n");
            let text = self.label_text(choice, Word::Choice);
            choices.push((choice.get("identifier").unwrap_or_default().to_owned(), text));
        }
        self.raw("</ul>\n");
        let most =
            number(element, "max-choices").filter(|n| *n > 0).unwrap_or(choices.len()).min(choices.len());
        self.places(&response, &choices, most);
        self.close_group();
    }

    /// One list per place, in order: works without script; the island makes buttons of it.
    pub(super) fn places(&mut self, response: &str, choices: &[(String, String)], places: usize) {
        let given = self.given(response);
        let blank = self.word(Word::Nothing);
        self.raw("<ol class=\"qti-places\"");
        self.attribute("data-up", self.word(Word::Up));
        self.attribute("data-down", self.word(Word::Down));
        self.attribute("data-keep", self.word(Word::Keep));
        self.attribute("data-open", self.word(Word::Unordered));
        self.raw(">\n");
        for place in 0..places {
            let id = self.id();
            let label = with(self.lang, Word::Position, &(place + 1));
            self.raw("<li><label");
            self.attribute("for", &id);
            self.raw(">");
            self.escaped(&label, false);
            self.raw("</label> <select");
            self.attribute("id", &id);
            self.attribute("name", response);
            self.raw(">");
            self.option("", blank, false);
            for (value, text) in choices {
                self.option(value, text, given.get(place) == Some(value));
            }
            self.raw("</select></li>\n");
        }
        self.raw("</ol>\n");
    }
}

/// Whether written HTML says something to a screen reader.
fn has_name(html: &str) -> bool {
    let mut inside = false;
    let visible = html.chars().any(|c| {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside && !c.is_whitespace() => return true,
            _ => {}
        }
        false
    });
    visible || html.split("alt=\"").skip(1).any(|rest| !rest.starts_with('"'))
}
