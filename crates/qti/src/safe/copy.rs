//! Making the copy.

use super::name::{is_telling, neutral_file};
use super::{Field, SafeCopy};
use crate::item::{Item, Kind, Role};
use crate::score::{Random, Session};
use crate::value::{Atom, Value};
use crate::xml::{Element, Node, Space};
use std::collections::BTreeMap;

/// Personal needs and preferences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Catalogue supports in use, as `spoken`, `glossary-on-screen`, `keyword-translation`.
    pub supports: Vec<String>,
    /// A contrast theme, as `high` or `yellow-on-blue`.
    pub contrast: Option<String>,
    /// Whether parts of the page can be covered.
    pub masking: bool,
    /// Whether the page offers reading aloud.
    pub spoken: bool,
}

/// What the copy is made for.
#[derive(Clone, Copy)]
pub struct View<'v> {
    /// The session.
    pub session: &'v Session,
    /// Outcomes the candidate may see feedback of: empty before the first attempt or where feedback is off.
    pub outcomes: &'v [(String, Value)],
    /// Personal needs.
    pub needs: &'v Needs,
    /// Stimuli the item refers to, by identifier.
    pub stimuli: &'v [(String, Element)],
    /// Whether the right answers are shown.
    pub solution: bool,
}

struct Maker<'v> {
    item: &'v Item,
    view: View<'v>,
    assets: BTreeMap<String, String>,
    orders: BTreeMap<String, Vec<String>>,
    fields: Vec<Field>,
    shuffles: u32,
}

/// Makes the answer-safe copy of an item for one candidate.
pub fn copy(item: &Item, view: View<'_>) -> SafeCopy {
    let mut maker = Maker {
        item,
        view,
        assets: BTreeMap::new(),
        orders: BTreeMap::new(),
        fields: fields(item),
        shuffles: 0,
    };
    let mut body =
        item.document.find("qti-item-body").cloned().unwrap_or_else(|| Element::new("qti-item-body"));
    maker.element(&mut body, None);
    let mut feedback = Vec::new();
    for modal in item.document.all("qti-modal-feedback") {
        if maker.is_shown(modal) {
            let mut modal = modal.clone();
            maker.element(&mut modal, None);
            feedback.push(modal);
        }
    }
    let mut stimuli = Vec::new();
    for reference in item.document.all("qti-assessment-stimulus-ref") {
        let wanted = reference.get("identifier").unwrap_or_default();
        if let Some((_, stimulus)) = view.stimuli.iter().find(|(id, _)| id == wanted) {
            let mut stimulus = stimulus.clone();
            maker.element(&mut stimulus, None);
            stimuli.push(stimulus);
        }
    }
    let solution = if view.solution { maker.solution() } else { Vec::new() };
    SafeCopy {
        identifier: if is_telling(&item.identifier) { "item".to_owned() } else { item.identifier.clone() },
        title: item.title.clone(),
        language: item.language.clone(),
        body,
        stimuli,
        feedback,
        catalog: catalog(&item.document, view.needs),
        fields: maker.fields,
        assets: maker.assets,
        orders: maker.orders,
        solution,
    }
}

fn fields(item: &Item) -> Vec<Field> {
    let responses = item.variables.list.iter().filter(|v| v.role == Role::Response);
    responses
        .map(|v| {
            let own = item.interactions.iter().filter(|i| i.identifier == v.identifier);
            let names: Vec<&str> = own.flat_map(|i| &i.choices).map(|c| c.identifier.as_str()).collect();
            let aliases = if names.iter().any(|n| is_telling(n)) {
                names.iter().enumerate().map(|(i, n)| (format!("k{}", i + 1), (*n).to_owned())).collect()
            } else {
                Vec::new()
            };
            Field { identifier: v.identifier.clone(), cardinality: v.cardinality, base: v.base, aliases }
        })
        .collect()
}

fn catalog(document: &Element, needs: &Needs) -> Vec<(String, String, Option<String>, String)> {
    let mut entries = Vec::new();
    if needs.supports.is_empty() {
        return entries;
    }
    document.walk(&mut |element| {
        if element.name != "qti-catalog" {
            return;
        }
        let id = element.get("id").unwrap_or_default();
        for card in element.all("qti-card") {
            let support = card.get("support").unwrap_or_default();
            if !needs.supports.iter().any(|s| s == support) {
                continue;
            }
            let mut add = |holder: &Element, language: Option<&str>| {
                if let Some(content) = holder.find("qti-html-content") {
                    let text = content.text().split_whitespace().collect::<Vec<_>>().join(" ");
                    entries.push((id.to_owned(), support.to_owned(), language.map(str::to_owned), text));
                }
            };
            add(card, card.get("xml:lang"));
            for entry in card.all("qti-card-entry") {
                add(entry, entry.get("xml:lang"));
            }
        }
    });
    entries
}

/// Elements of QTI that a page is made of, beside interactions. Anything else that strayed into content, a key
/// or a mapping, stays behind.
fn is_content(name: &str) -> bool {
    matches!(
        name,
        "qti-prompt"
            | "qti-content-body"
            | "qti-stimulus-body"
            | "qti-simple-match-set"
            | "qti-position-object-stage"
            | "qti-interaction-markup"
            | "qti-interaction-modules"
            | "qti-interaction-module"
            | "qti-printed-variable"
    )
}

/// Attributes of QTI elements a page needs.
fn is_public(name: &str) -> bool {
    matches!(
        name,
        "response-identifier"
            | "identifier"
            | "max-choices"
            | "min-choices"
            | "max-associations"
            | "min-associations"
            | "match-max"
            | "match-min"
            | "orientation"
            | "class"
            | "id"
            | "shape"
            | "coords"
            | "hotspot-label"
            | "label"
            | "step"
            | "step-label"
            | "lower-bound"
            | "upper-bound"
            | "reverse"
            | "expected-length"
            | "expected-lines"
            | "placeholder-text"
            | "format"
            | "base"
            | "max-strings"
            | "min-strings"
            | "title"
            | "count-attempt"
            | "type"
            | "min-plays"
            | "max-plays"
            | "loop"
            | "xml:lang"
            | "dir"
            | "required"
            | "center-point"
            | "object-label"
            | "use"
            | "custom-interaction-type-identifier"
            | "module"
            | "primary-path"
            | "fallback-path"
    )
}

/// The `data-` attributes of the shared vocabulary; others are private to the maker and may hold answers.
fn is_shared_data(name: &str) -> bool {
    matches!(
        name,
        "data-catalog-idref"
            | "data-stimulus-idref"
            | "data-max-selections-message"
            | "data-min-selections-message"
            | "data-patternmask-message"
            | "data-choices-container-width"
            | "data-first-column-header"
            | "data-prompt"
    ) || name.starts_with("data-ssml")
}

impl Maker<'_> {
    /// Cleans one element and everything in it.
    fn element(&mut self, element: &mut Element, field: Option<usize>) {
        let qti = element.space == Space::Qti && element.name.starts_with("qti-");
        let portable = element.name == "qti-portable-custom-interaction";
        let html = element.space == Space::Qti && !qti;
        element.attributes.retain(|a| {
            if a.name.starts_with("data-") {
                is_shared_data(&a.name) || (portable && !is_telling(&a.name))
            } else if qti {
                is_public(&a.name)
            } else {
                !(html && matches!(a.name.as_str(), "title" | "longdesc") && is_telling(&a.value))
            }
        });
        let field = match Kind::of(&element.name) {
            Some(_) => {
                let response = element.get("response-identifier").unwrap_or_default();
                self.fields.iter().position(|f| f.identifier == response)
            }
            None => field,
        };
        self.rename(element, field);
        self.children(element, field);
        self.substitute(element);
    }

    fn rename(&mut self, element: &mut Element, field: Option<usize>) {
        for name in ["src", "data", "poster", "srcset", "href", "primary-path", "fallback-path"] {
            let Some(value) = element.get(name) else { continue };
            if is_telling(value) && !value.starts_with("data:") {
                let neutral = neutral_file(value);
                self.assets.insert(neutral.clone(), value.to_owned());
                element.set(name, neutral);
            }
        }
        let is_choice = matches!(
            element.name.as_str(),
            "qti-simple-choice"
                | "qti-inline-choice"
                | "qti-hottext"
                | "qti-hotspot-choice"
                | "qti-gap-text"
                | "qti-simple-associable-choice"
                | "qti-gap-img"
                | "qti-gap"
                | "qti-associable-hotspot"
        );
        if let (true, Some(field), Some(identifier)) =
            (is_choice, field.and_then(|f| self.fields.get(f)), element.get("identifier"))
        {
            let shown = field.shown(identifier.trim()).to_owned();
            element.set("identifier", shown);
        }
        if element.get("id").is_some_and(is_telling) {
            element.unset("id");
        }
        if let Some(class) = element.get("class") {
            let kept: Vec<&str> = class.split_whitespace().filter(|c| !is_telling(c)).collect();
            let kept = kept.join(" ");
            if kept.is_empty() { element.unset("class") } else { element.set("class", kept) }
        }
    }

    fn children(&mut self, element: &mut Element, field: Option<usize>) {
        let shuffle = self.wants_shuffle(element);
        let portable = element.name == "qti-portable-custom-interaction";
        let mut kept = Vec::with_capacity(element.children.len());
        for child in std::mem::take(&mut element.children) {
            let Node::Element(mut child) = child else {
                kept.push(child);
                continue;
            };
            // What a portable interaction may know of the template, settled here.
            if portable && child.is("qti-template-variable") {
                if let Some(settled) = self.settled(&child) {
                    kept.push(Node::Element(settled));
                }
                continue;
            }
            if child.space == Space::Qti && !self.may_stay(&child) {
                continue;
            }
            if child.is("qti-printed-variable") {
                kept.push(Node::Text(self.printed(&child)));
                continue;
            }
            self.element(&mut child, field);
            kept.push(Node::Element(child));
        }
        element.children = kept;
        if shuffle {
            self.shuffle(element);
        }
    }

    fn may_stay(&self, element: &Element) -> bool {
        match element.name.as_str() {
            "qti-feedback-block" | "qti-feedback-inline" | "qti-modal-feedback" => self.is_shown(element),
            "qti-template-block" | "qti-template-inline" => self.template_shown(element),
            "qti-rubric-block" => {
                element.get("view").is_none_or(|v| v.split_whitespace().any(|w| w == "candidate"))
            }
            "qti-catalog-info" | "qti-stylesheet" | "qti-companion-materials-info" => false,
            // Choices of a template appear or disappear with its value.
            "qti-simple-choice"
            | "qti-inline-choice"
            | "qti-gap-text"
            | "qti-gap-img"
            | "qti-hottext"
            | "qti-simple-associable-choice"
            | "qti-hotspot-choice"
            | "qti-gap"
            | "qti-associable-hotspot" => {
                element.get("template-identifier").is_none() || self.template_shown(element)
            }
            name => !name.starts_with("qti-") || is_content(name) || Kind::of(name).is_some(),
        }
    }

    /// Feedback shows when its outcome has (or has not) its identifier among its values.
    fn is_shown(&self, element: &Element) -> bool {
        let outcome = element.get("outcome-identifier").unwrap_or_default();
        let identifier = element.get("identifier").unwrap_or_default();
        let value = self.view.outcomes.iter().find(|(name, _)| name == outcome).map(|(_, v)| v);
        let has = value.is_some_and(|v| v.atoms().iter().any(|a| a.scalar().text() == Some(identifier)));
        // Before there are outcomes nothing is earned, whichever way round it is written.
        value.is_some() && has != (element.get("show-hide") == Some("hide"))
    }

    fn template_shown(&self, element: &Element) -> bool {
        let name = element.get("template-identifier").unwrap_or_default();
        let identifier = element.get("identifier").unwrap_or_default();
        let Some((slot, _)) = self.item.variables.named(name) else { return false };
        let value = self.view.session.template(self.item, slot);
        let has = value.atoms().iter().any(|a| a.scalar().text() == Some(identifier));
        has != (element.get("show-hide") == Some("hide"))
    }

    fn variable(&self, name: &str) -> Option<Value> {
        let (slot, variable) = self.item.variables.named(name)?;
        match variable.role {
            Role::Template => Some(self.view.session.template(self.item, slot).clone()),
            Role::Outcome => self.view.outcomes.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()),
            Role::Response => None,
        }
    }

    /// A template variable with its type and the value it was drawn.
    fn settled(&self, element: &Element) -> Option<Element> {
        let name = element.get("template-identifier").or(element.get("identifier"))?.trim();
        let (slot, variable) = self.item.variables.named(name)?;
        if variable.role != Role::Template {
            return None;
        }
        let values: Vec<String> =
            self.view.session.template(self.item, slot).atoms().iter().map(|a| print(a, "")).collect();
        let mut settled = Element::new("qti-template-variable").with("identifier", name);
        settled.set("base-type", variable.base.map_or("", crate::value::BaseType::name));
        settled.children.push(Node::Text(values.join(" ")));
        Some(settled)
    }

    fn printed(&self, element: &Element) -> String {
        let name = element.get("identifier").unwrap_or_default();
        let Some(value) = self.variable(name) else { return String::new() };
        let delimiter = element.get("delimiter").unwrap_or(";");
        let format = element.get("format").unwrap_or_default();
        let index = element.get("index").and_then(|i| i.trim().parse::<usize>().ok());
        match (&value, element.get("field"), index) {
            (Value::Record(fields), Some(field), _) => {
                fields.iter().find(|(k, _)| k == field).map(|(_, a)| print(a, format)).unwrap_or_default()
            }
            (Value::List(list), _, Some(i)) => {
                i.checked_sub(1).and_then(|i| list.get(i)).map(|a| print(a, format)).unwrap_or_default()
            }
            (Value::Record(fields), None, _) => {
                let indicator = element.get("mapping-indicator").unwrap_or("=");
                let all = fields.iter().map(|(k, a)| format!("{k}{indicator}{}", print(a, format)));
                all.collect::<Vec<_>>().join(delimiter)
            }
            _ => value.atoms().iter().map(|a| print(a, format)).collect::<Vec<_>>().join(delimiter),
        }
    }

    /// Inside MathML, identifiers that are template variables become their values.
    fn substitute(&self, element: &mut Element) {
        if element.space != Space::MathMl || !matches!(element.name.as_str(), "mi" | "ci") {
            return;
        }
        let name = element.text();
        let Some((slot, variable)) = self.item.variables.named(name.trim()) else { return };
        if variable.role != Role::Template || !variable.math_variable {
            return;
        }
        let value = self.view.session.template(self.item, slot);
        let text = value.atoms().iter().map(|a| print(a, "")).collect::<Vec<_>>().join(" ");
        if value.atoms().iter().any(|a| a.scalar().number().is_some()) {
            element.name = if element.name == "mi" { "mn".to_owned() } else { "cn".to_owned() };
        }
        element.children = vec![Node::Text(text)];
    }

    fn wants_shuffle(&self, element: &Element) -> bool {
        // The shuffle attribute is not public, so it is read from the original of the same response.
        let interaction = match element.name.as_str() {
            "qti-simple-match-set" => return false,
            name => Kind::of(name),
        };
        interaction.is_some() && {
            let wanted = element.get("response-identifier");
            let mut shuffled = false;
            self.item.document.walk(&mut |e| {
                if e.name == element.name && e.get("response-identifier") == wanted {
                    shuffled |= e.get("shuffle").is_some_and(|s| matches!(s.trim(), "true" | "1"));
                }
            });
            shuffled
        }
    }

    fn shuffle(&mut self, element: &mut Element) {
        let response = element.get("response-identifier").unwrap_or_default().to_owned();
        let kind = Kind::of(&element.name);
        if kind == Some(Kind::Match) {
            let mut set = 0;
            for child in &mut element.children {
                if let Node::Element(e) = child
                    && e.name == "qti-simple-match-set"
                {
                    set += 1;
                    self.mix(e, &format!("{response}.{set}"));
                }
            }
        } else {
            self.mix(element, &response);
        }
    }

    /// Mixes the choices among the places of those that are not fixed.
    fn mix(&mut self, holder: &mut Element, name: &str) {
        self.shuffles = self.shuffles.wrapping_add(1);
        let seed = self.view.session.seed ^ (u64::from(self.shuffles) << 32) ^ 0x5DEE_CE66;
        let mut random = Random::new(seed);
        let is_choice = |e: &Element| {
            matches!(
                e.name.as_str(),
                "qti-simple-choice"
                    | "qti-inline-choice"
                    | "qti-simple-associable-choice"
                    | "qti-gap-text"
                    | "qti-gap-img"
            )
        };
        let fixed: Vec<String> = self.fixed_choices();
        let free =
            |e: &Element| is_choice(e) && !fixed.iter().any(|f| Some(f.as_str()) == e.get("identifier"));
        let mut loose: Vec<Element> = holder.elements().filter(|e| free(e)).cloned().collect();
        random.shuffle(&mut loose);
        let mut next = loose.into_iter();
        for child in &mut holder.children {
            if let Node::Element(e) = child
                && free(e)
                && let Some(choice) = next.next()
            {
                *e = choice;
            }
        }
        let order = holder.elements().filter(|e| is_choice(e)).filter_map(|e| e.get("identifier"));
        self.orders.insert(name.to_owned(), order.map(str::to_owned).collect());
    }

    fn fixed_choices(&self) -> Vec<String> {
        let mut fixed = Vec::new();
        self.item.document.walk(&mut |e| {
            if e.get("fixed").is_some_and(|f| matches!(f.trim(), "true" | "1"))
                && let Some(identifier) = e.get("identifier")
            {
                let shown = self.fields.iter().map(|f| f.shown(identifier)).find(|s| *s != identifier);
                fixed.push(shown.unwrap_or(identifier).to_owned());
            }
        });
        fixed
    }

    fn solution(&self) -> Vec<(String, Vec<String>)> {
        let answered = self.item.interactions.iter().filter(|i| i.kind.is_answered());
        answered
            .filter_map(|i| {
                let slot = i.slot?;
                let values = self.view.session.correct(self.item, slot);
                let field = self.fields.iter().find(|f| f.identifier == i.identifier)?;
                let texts: Vec<String> =
                    values.atoms().iter().map(|a| field.value_shown(&print(a, ""))).collect();
                (!texts.is_empty()).then(|| (i.identifier.clone(), texts))
            })
            .collect()
    }
}

/// A value for reading: no needless decimals, or as its format asks.
fn print(atom: &Atom, format: &str) -> String {
    match atom {
        Atom::Float(f) | Atom::Duration(f) => {
            let places = format
                .strip_prefix("%.")
                .and_then(|f| f.strip_suffix('f'))
                .and_then(|n| n.parse::<usize>().ok());
            match places {
                Some(places) if places <= 15 => format!("{f:.places$}"),
                _ => format!("{f}"),
            }
        }
        Atom::Int(i) => i.to_string(),
        Atom::Bool(b) => b.to_string(),
        Atom::Point(x, y) => format!("{x} {y}"),
        Atom::Pair(a, b) | Atom::Directed(a, b) => format!("{a} {b}"),
        Atom::Id(s) | Atom::Str(s) | Atom::Uri(s) | Atom::File(s) => s.clone(),
    }
}
