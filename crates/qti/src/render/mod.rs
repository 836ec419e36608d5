//! Semantic, accessible HTML from the answer-safe copy. Works without script; `assets/island.js` adds comfort.

mod choice;
mod content;
mod entry;
mod graphic;
mod media;
mod page;
mod pair;
mod state;
mod text;

pub use page::{ISLAND, STYLE, page, portable_page};
pub use state::{NeedsState, Prepared, State, prepare};
pub use text::Lang;

use crate::item::Kind;
use crate::safe::{Field, Needs, SafeCopy};
use crate::score::{Raw, Responses};
use crate::value::Cardinality;
use crate::xml::{Element, Node, Space, escape_into};
use std::collections::{HashMap, HashSet};
use text::Word;

/// How a page is to be made.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Language of our own words.
    pub lang: Lang,
    /// Start of every id, so that several items can stand on one page.
    pub prefix: String,
    /// Where media of the package are served from.
    pub media: String,
    /// Answers can no longer be changed.
    pub closed: bool,
    /// Where portable custom interactions run; without it they are not shown.
    pub portable: Option<String>,
    /// Personal needs, as attributes on the item.
    pub needs: Needs,
}

/// Renders an item as one `<article>`.
pub fn render(copy: &SafeCopy, responses: &Responses, options: &Options) -> String {
    let mut writer = Writer::new(copy, responses, options);
    writer.item();
    writer.out
}

/// Renders the words of a test beside its items, a rubric or its feedback; `None` when they are for others.
pub fn render_words(copy: &SafeCopy, is_feedback: bool, options: &Options) -> Option<String> {
    if copy.body.children.is_empty() {
        return None;
    }
    let responses = Responses::new();
    let mut writer = Writer::new(copy, &responses, options);
    if is_feedback {
        let title = copy.title.trim();
        let title = if title.is_empty() { writer.word(Word::Feedback) } else { title };
        writer.raw("<section class=\"qti-test-feedback\" role=\"status\"");
        writer.attribute("aria-label", title);
    } else {
        writer.raw("<section class=\"qti-test-rubric\"");
    }
    if let Some(language) = copy.language.as_deref().filter(|l| is_language(l)) {
        writer.attribute("lang", language);
    }
    writer.raw(">");
    writer.content(&copy.body);
    writer.raw("</section>\n");
    Some(writer.out)
}

/// What is being written.
struct Writer<'r> {
    out: String,
    copy: &'r SafeCopy,
    responses: &'r Responses,
    options: &'r Options,
    lang: Lang,
    /// Ids given out.
    ids: HashSet<String>,
    /// Ids of the source that exist, for references.
    known: HashSet<String>,
    /// Counters for names like “Gap 3”.
    counts: HashMap<&'static str, usize>,
    /// Source levels of the headings above.
    headings: Vec<u8>,
    next: usize,
    /// Inside a gap match: the words, for the gaps.
    bank: Vec<(String, String)>,
    /// Inside a gap match or hottext: its response.
    response: String,
    /// Inside a hottext: choose one only.
    single: bool,
    /// Inside a label or option, where only running text may stand.
    inline: bool,
    /// The text of the choice being written: an image need not say it again.
    said: String,
}

impl<'r> Writer<'r> {
    fn new(copy: &'r SafeCopy, responses: &'r Responses, options: &'r Options) -> Self {
        let mut known = HashSet::new();
        let parts = std::iter::once(&copy.body).chain(&copy.stimuli).chain(&copy.feedback);
        for part in parts {
            part.walk(&mut |e| {
                if let Some(id) = e.get("id") {
                    known.insert(id.to_owned());
                }
            });
        }
        Self {
            out: String::with_capacity(8192),
            copy,
            responses,
            options,
            lang: options.lang,
            ids: HashSet::new(),
            known,
            counts: HashMap::new(),
            headings: Vec::new(),
            next: 0,
            bank: Vec::new(),
            response: String::new(),
            single: false,
            inline: false,
            said: String::new(),
        }
    }

    fn item(&mut self) {
        self.raw("<article class=\"qti-item\"");
        if let Some(language) = self.copy.language.as_deref().filter(|l| is_language(l)) {
            self.attribute("lang", language);
        }
        self.attribute("data-item", &self.copy.identifier);
        let needs = &self.options.needs;
        if let Some(contrast) = &needs.contrast {
            self.attribute("data-contrast", contrast);
        }
        if needs.masking {
            self.attribute("data-masking", "on");
        }
        if needs.spoken {
            self.attribute("data-spoken", "on");
        }
        self.raw(">\n");
        for stimulus in &self.copy.stimuli {
            let body = stimulus.find("qti-stimulus-body").unwrap_or(stimulus);
            let label = self.word(Word::Stimulus);
            self.raw("<section class=\"qti-stimulus\"");
            self.attribute("aria-label", label);
            self.raw(">");
            self.content(body);
            self.raw("</section>\n");
        }
        self.raw("<div class=\"qti-item-body");
        if let Some(class) = self.copy.body.get("class") {
            self.raw(" ");
            self.escaped(class, true);
        }
        self.raw("\"");
        self.language(&self.copy.body);
        self.raw(">");
        self.content(&self.copy.body);
        self.raw("</div>\n");
        for modal in &self.copy.feedback {
            let title =
                modal.get("title").filter(|t| !t.trim().is_empty()).unwrap_or(self.word(Word::Feedback));
            self.raw("<section class=\"qti-modal-feedback\" role=\"status\"");
            self.attribute("aria-label", title);
            self.raw(">");
            self.content(modal.find("qti-content-body").unwrap_or(modal));
            self.raw("</section>\n");
        }
        self.raw("</article>\n");
    }

    /// Writes an interaction.
    fn interaction(&mut self, kind: Kind, element: &Element) {
        match kind {
            Kind::Choice => self.choice(element),
            Kind::TextEntry => self.text_entry(element),
            Kind::ExtendedText => self.extended_text(element),
            Kind::InlineChoice => self.inline_choice(element),
            Kind::Match => self.match_table(element),
            Kind::GapMatch => self.gap_match(element),
            Kind::Order => self.order(element),
            Kind::Hottext => self.hottext_interaction(element),
            Kind::Upload | Kind::Drawing => self.upload(kind, element),
            Kind::Media => self.media(element),
            Kind::Hotspot => self.hotspot(element),
            Kind::Associate => self.associate(element),
            Kind::GraphicGapMatch => self.graphic_gap_match(element),
            Kind::Slider => self.slider(element),
            Kind::GraphicOrder => self.graphic_order(element),
            Kind::GraphicAssociate => self.graphic_associate(element),
            Kind::SelectPoint | Kind::PositionObject => self.points(kind, element),
            Kind::EndAttempt => self.end_attempt(element),
            Kind::Portable => self.portable(element),
            Kind::Custom => self.plain_field(element),
        }
        if kind.is_answered() {
            self.solution(element);
        }
    }

    /// The right answer, where the copy has it.
    fn solution(&mut self, element: &Element) {
        let response = element.get("response-identifier").unwrap_or_default();
        let Some((_, values)) = self.copy.solution.iter().find(|(id, _)| id == response) else { return };
        let shown: Vec<String> = values.iter().map(|v| self.spell(element, v)).collect();
        let tag = if self.inline { "span" } else { "p" };
        let label = self.word(Word::Solution);
        self.raw(&format!("<{tag} class=\"qti-solution\">"));
        self.escaped(label, false);
        self.raw(" ");
        self.escaped(&shown.join("; "), false);
        self.raw(&format!("</{tag}>"));
    }

    /// A value with identifiers spelled as the texts of their choices.
    fn spell(&self, element: &Element, value: &str) -> String {
        let mut texts: HashMap<&str, String> = HashMap::new();
        element.walk(&mut |e| {
            if let Some(identifier) = e.get("identifier") {
                let text = e.text().split_whitespace().collect::<Vec<_>>().join(" ");
                if !text.is_empty() {
                    texts.insert(identifier, text);
                }
            }
        });
        if let Some(text) = texts.get(value) {
            return text.clone();
        }
        let words: Vec<&str> = value.split(' ').map(|w| texts.get(w).map_or(w, String::as_str)).collect();
        if words.len() == 2 { words.join(" – ") } else { words.join(" ") }
    }

    // --- small parts -------------------------------------------------------------------------------------

    fn raw(&mut self, html: &str) {
        self.out.push_str(html);
    }

    fn escaped(&mut self, text: &str, attribute: bool) {
        escape_into(&mut self.out, text, attribute);
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape_into(&mut self.out, value, true);
        self.out.push('"');
    }

    fn word(&self, word: Word) -> &'static str {
        text::word(self.lang, word)
    }

    fn count(&mut self, what: &'static str) -> usize {
        let count = self.counts.entry(what).or_insert(0);
        *count += 1;
        *count
    }

    /// A fresh id.
    fn id(&mut self) -> String {
        self.next += 1;
        format!("{}q{}", self.options.prefix, self.next)
    }

    fn language(&mut self, element: &Element) {
        let language = element.get("xml:lang").or(element.get("lang"));
        if let Some(language) = language.filter(|l| is_language(l)) {
            self.attribute("lang", language);
        }
    }

    /// The classes of the shared vocabulary that the source gives, after our own.
    fn classes(&mut self, own: &str, element: &Element) {
        let mut all = own.to_owned();
        for class in element.get("class").unwrap_or_default().split_whitespace() {
            all.push(' ');
            all.push_str(class);
        }
        self.attribute("class", &all);
    }

    /// Opens a group with its prompt as name, and tells what is asked.
    fn open_group(&mut self, own: &str, element: &Element, hint: &str) {
        let prompt = element.find("qti-prompt").filter(|p| !is_blank(p));
        let hint_id = self.id();
        self.raw("<fieldset");
        self.classes(&format!("qti-interaction {own}"), element);
        self.attribute("data-response", element.get("response-identifier").unwrap_or_default());
        for limit in ["max-choices", "min-choices", "max-associations", "min-associations"] {
            if let Some(value) = element.get(limit) {
                self.attribute(&format!("data-{limit}"), value);
            }
        }
        let prompt_id = self.id();
        if prompt.is_some_and(speaks) {
            self.attribute("aria-labelledby", &prompt_id);
            self.attribute("aria-describedby", &hint_id);
        } else {
            self.attribute("aria-labelledby", &hint_id);
        }
        if self.options.closed {
            self.raw(" disabled");
        }
        self.raw(">\n");
        if let Some(prompt) = prompt {
            self.raw("<div class=\"qti-prompt\"");
            self.attribute("id", &prompt_id);
            self.raw(">");
            self.content(prompt);
            self.raw("</div>\n");
        }
        self.raw("<p class=\"qti-hint\"");
        self.attribute("id", &hint_id);
        self.raw(">");
        self.escaped(hint, false);
        self.raw("</p>\n");
    }

    fn close_group(&mut self) {
        self.raw("</fieldset>\n");
    }

    /// The prompt of an interaction that is not a group; returns its id when it can name a field.
    fn prompt(&mut self, element: &Element) -> Option<String> {
        let prompt = element.find("qti-prompt").filter(|p| !is_blank(p))?;
        let id = self.id();
        self.raw("<div class=\"qti-prompt\"");
        self.attribute("id", &id);
        self.raw(">");
        self.content(prompt);
        self.raw("</div>\n");
        speaks(prompt).then_some(id)
    }

    fn field(&self, element: &Element) -> Option<&'r Field> {
        let copy: &'r SafeCopy = self.copy;
        copy.field(element.get("response-identifier").unwrap_or_default())
    }

    fn is_single(&self, element: &Element) -> bool {
        self.field(element).is_none_or(|f| f.cardinality == Cardinality::Single)
    }

    /// What was answered before, as shown.
    fn given(&self, response: &str) -> Vec<String> {
        let field = self.copy.field(response);
        let shown = |v: &String| field.map_or_else(|| v.clone(), |f| f.value_shown(v));
        match self.responses.get(response) {
            None | Some(Raw::Null) => Vec::new(),
            Some(Raw::One(v)) => vec![shown(v)],
            Some(Raw::Many(list)) => list.iter().map(shown).collect(),
            Some(Raw::Record(fields)) => {
                fields.iter().filter(|(k, _)| k == "stringValue").map(|(_, v)| v.clone()).collect()
            }
        }
    }

    fn disabled(&mut self) {
        if self.options.closed {
            self.raw(" disabled");
        }
    }
}

/// A number attribute.
fn number(element: &Element, name: &str) -> Option<usize> {
    element.get(name).and_then(|v| v.trim().parse().ok())
}

/// Whether a prompt says nothing.
fn is_blank(element: &Element) -> bool {
    let mut silent = true;
    element.walk(&mut |e| {
        if matches!(e.name.as_str(), "img" | "object" | "audio" | "video" | "math" | "picture")
            || Kind::of(&e.name).is_some()
        {
            silent = false;
        }
    });
    silent && element.text().trim().is_empty()
}

/// Whether something can serve as a name: it has text, or images that say what they are. A formula alone is
/// read out where it stands but gives no name to a field.
fn speaks(element: &Element) -> bool {
    element.get("alt").is_some_and(|a| !a.trim().is_empty())
        || element.children.iter().any(|child| match child {
            Node::Text(text) => !text.trim().is_empty(),
            Node::Element(child) => child.space != Space::MathMl && speaks(child),
        })
}

/// Whether a language tag has a form that screen readers know.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}
