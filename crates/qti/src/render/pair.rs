//! Connecting: tables, gaps and pairs.

use super::text::{Word, with};
use super::{Writer, number};
use crate::xml::{Element, Node};

impl Writer<'_> {
    pub(super) fn match_table(&mut self, element: &Element) {
        let hint = self.word(Word::MatchHint);
        self.open_group("qti-match", element, hint);
        let response = element.get("response-identifier").unwrap_or_default().to_owned();
        let given = self.given(&response);
        let mut sets = element.all("qti-simple-match-set");
        let empty = Element::new("qti-simple-match-set");
        let rows: Vec<&Element> = sets.next().unwrap_or(&empty).all("qti-simple-associable-choice").collect();
        let columns: Vec<&Element> =
            sets.next().unwrap_or(&empty).all("qti-simple-associable-choice").collect();
        let column_ids: Vec<String> = columns.iter().map(|_| self.id()).collect();
        let corner = element.get("data-first-column-header").unwrap_or(self.word(Word::Row)).to_owned();
        self.raw(
            "<div class=\"qti-scroll\"><table>\n<thead><tr><th scope=\"col\"><span class=\"qti-unseen\">",
        );
        self.escaped(&corner, false);
        self.raw("</span></th>");
        for (column, id) in columns.iter().zip(&column_ids) {
            self.raw("<th scope=\"col\"");
            self.attribute("id", id);
            self.raw(">");
            self.named(column, Word::Choice, "choice");
            self.raw("</th>");
        }
        self.raw("</tr></thead>\n<tbody>\n");
        let names: Vec<String> = columns.iter().map(|c| self.label_text(c, Word::Choice)).collect();
        for row in rows {
            let row_id = self.id();
            self.raw("<tr><th scope=\"row\"");
            self.attribute("id", &row_id);
            self.raw(">");
            self.named(row, Word::Choice, "choice");
            self.raw("</th>");
            let from = row.get("identifier").unwrap_or_default();
            // One answer per row is a set of radio buttons; more are checkboxes.
            let single = number(row, "match-max").unwrap_or(1) == 1;
            for ((column, id), said) in columns.iter().zip(&column_ids).zip(&names) {
                let value = format!("{from} {}", column.get("identifier").unwrap_or_default());
                self.raw("<td");
                self.attribute("data-column", said);
                self.raw("><input");
                self.attribute("type", if single { "radio" } else { "checkbox" });
                let name = if single { format!("{response}~{from}") } else { response.clone() };
                self.attribute("name", &name);
                self.attribute("value", &value);
                self.attribute("aria-labelledby", &format!("{row_id} {id}"));
                if given.contains(&value) {
                    self.raw(" checked");
                }
                self.raw("></td>");
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody>\n</table></div>\n");
        self.close_group();
    }

    pub(super) fn gap_match(&mut self, element: &Element) {
        let hint = self.word(Word::Bank);
        self.open_group("qti-gap-match", element, hint);
        let mut bank = Vec::new();
        self.raw("<ul class=\"qti-bank\">\n");
        for word in element.elements().filter(|e| matches!(e.name.as_str(), "qti-gap-text" | "qti-gap-img")) {
            let text = self.label_text(word, Word::Choice);
            self.raw("<li>");
            let start = self.out.len();
            self.running(word);
            if self.out.get(start..).unwrap_or_default().trim().is_empty() {
                self.escaped(&text, false);
            }
            self.raw("</li>\n");
            bank.push((word.get("identifier").unwrap_or_default().to_owned(), text));
        }
        self.raw("</ul>\n");
        let before = (
            std::mem::replace(
                &mut self.response,
                element.get("response-identifier").unwrap_or_default().to_owned(),
            ),
            std::mem::replace(&mut self.bank, bank),
        );
        for child in &element.children {
            match child {
                Node::Element(e)
                    if matches!(e.name.as_str(), "qti-gap-text" | "qti-gap-img" | "qti-prompt") => {}
                Node::Element(e) => {
                    let mut holder = Element::new("div");
                    holder.children.push(Node::Element(e.clone()));
                    self.content(&holder);
                }
                Node::Text(text) => self.escaped(text, false),
            }
        }
        (self.response, self.bank) = before;
        self.close_group();
    }

    pub(super) fn gap(&mut self, element: &Element) {
        let count = self.count("gap");
        let label = with(self.lang, Word::Gap, &count);
        let response = self.response.clone();
        let bank = self.bank.clone();
        self.list_for(&response, element.get("identifier").unwrap_or_default(), &label, &bank);
    }

    /// A list whose value pairs a word with a place.
    fn list_for(&mut self, response: &str, place: &str, label: &str, bank: &[(String, String)]) {
        let given = self.given(response);
        self.raw("<select class=\"qti-gap\"");
        self.attribute("name", response);
        self.attribute("aria-label", label);
        self.raw(">");
        let blank = self.word(Word::Nothing);
        self.option("", blank, false);
        for (word, text) in bank {
            let value = format!("{word} {place}");
            let selected = given.contains(&value);
            self.option(&value, text, selected);
        }
        self.raw("</select>");
    }

    pub(super) fn associate(&mut self, element: &Element) {
        let hint = self.pair_hint(element);
        self.open_group("qti-associate", element, &hint);
        let mut choices = Vec::new();
        self.raw("<ul class=\"qti-bank\">\n");
        for choice in element.all("qti-simple-associable-choice") {
            self.raw("<li>");
            self.named(choice, Word::Choice, "choice");
            self.raw("</li>\n");
            let text = self.label_text(choice, Word::Choice);
            choices.push((choice.get("identifier").unwrap_or_default().to_owned(), text));
        }
        self.raw("</ul>\n");
        self.pairs(element, &choices);
        self.close_group();
    }

    pub(super) fn pair_hint(&self, element: &Element) -> String {
        match number(element, "max-associations").unwrap_or(1) {
            0 => self.word(Word::PairsMany).to_owned(),
            1 => self.word(Word::PairsOne).to_owned(),
            most => with(self.lang, Word::PairsMost, &most),
        }
    }

    /// Pairs as two lists each.
    pub(super) fn pairs(&mut self, element: &Element, choices: &[(String, String)]) {
        let response = element.get("response-identifier").unwrap_or_default().to_owned();
        let given = self.given(&response);
        let most = match number(element, "max-associations").unwrap_or(1) {
            0 => choices.len().saturating_sub(1),
            most => most,
        };
        let pairs = most.max(given.len()).clamp(1, 50);
        let blank = self.word(Word::Nothing);
        self.raw("<ol class=\"qti-pairs\">\n");
        for pair in 0..pairs {
            let chosen = given.get(pair).and_then(|g| g.split_once(' '));
            let name = with(self.lang, Word::Pair, &(pair + 1));
            self.raw("<li>");
            self.escaped(&name, false);
            for (side, which) in [("a", Word::First), ("b", Word::Second)] {
                self.raw(" <select");
                self.attribute("name", &format!("{response}:{}:{side}", pair + 1));
                let label = format!("{name}, {}", self.word(which));
                self.attribute("aria-label", &label);
                self.raw(">");
                self.option("", blank, false);
                for (value, text) in choices {
                    let at = chosen.map(|(a, b)| if side == "a" { a } else { b });
                    self.option(value, text, at == Some(value.as_str()));
                }
                self.raw("</select>");
            }
            self.raw("</li>\n");
        }
        self.raw("</ol>\n");
    }

    pub(super) fn graphic_gap_match(&mut self, element: &Element) {
        let hint = self.word(Word::Bank);
        self.open_group("qti-graphic-gap-match", element, hint);
        let response = element.get("response-identifier").unwrap_or_default().to_owned();
        let mut bank = Vec::new();
        self.raw("<ul class=\"qti-bank\">\n");
        for word in element.elements().filter(|e| matches!(e.name.as_str(), "qti-gap-text" | "qti-gap-img")) {
            let text = self.label_text(word, Word::Choice);
            self.raw("<li>");
            let picture = word.elements().find(|e| matches!(e.name.as_str(), "img" | "object"));
            match picture {
                Some(picture) => {
                    self.figure(picture);
                    self.raw(" ");
                    self.escaped(&text, false);
                }
                None => self.escaped(&text, false),
            }
            self.raw("</li>\n");
            bank.push((word.get("identifier").unwrap_or_default().to_owned(), text));
        }
        self.raw("</ul>\n");
        let areas = self.map(element, "qti-associable-hotspot");
        self.raw("<ol class=\"qti-areas\">\n");
        for (identifier, name) in areas {
            self.raw("<li>");
            self.escaped(&name, false);
            self.raw(" ");
            self.list_for(&response, &identifier, &name, &bank);
            self.raw("</li>\n");
        }
        self.raw("</ol>\n");
        self.close_group();
    }
}
