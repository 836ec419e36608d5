//! What a test says beside its items: rubrics around them, and the feedback that is due.

use super::{Test, TestSession};
use crate::import::Source;
use crate::item::{Item, Kind};
use crate::safe::{Needs, SafeCopy, View, copy};
use crate::score::Session;
use crate::value::{Atom, Value};
use crate::xml::{Element, Node};

impl TestSession {
    /// The rubrics that stand around the present item, outermost first: of the test, its part and its sections.
    pub fn rubrics<'t>(&self, test: &'t Test) -> Vec<&'t Element> {
        let Some(stop) = self.current() else { return Vec::new() };
        let part = test.parts.get(stop.part).into_iter().flat_map(|part| &part.rubrics);
        let sections = stop.sections.iter().filter_map(|id| test.section(id)).flat_map(|s| &s.rubrics);
        test.rubrics.iter().chain(part).chain(sections).collect()
    }

    /// The feedback that is due now, of the test and of its parts.
    pub fn due_feedback<'t>(&self, test: &'t Test) -> Vec<&'t Element> {
        let of_test = test.feedback.iter().map(|feedback| (feedback, self.position.is_none()));
        let of_parts = test.parts.iter().enumerate().flat_map(|(number, part)| {
            // A part is over once the candidate stands in a later one.
            let over = self.current().is_none_or(|stop| stop.part > number);
            part.feedback.iter().map(move |feedback| (feedback, over))
        });
        of_test
            .chain(of_parts)
            .filter(|(feedback, over)| *over || feedback.get("access") == Some("during"))
            .filter(|(feedback, _)| self.is_earned(test, feedback))
            .map(|(feedback, _)| feedback)
            .collect()
    }

    /// Whether the outcome of feedback holds its identifier, or does not hold it where that is asked.
    fn is_earned(&self, test: &Test, feedback: &Element) -> bool {
        let name = feedback.get("outcome-identifier").unwrap_or_default();
        let wanted = feedback.get("identifier").unwrap_or_default();
        let slot = test.variables.named(name).map(|(slot, _)| slot);
        let value = slot.and_then(|s| self.outcomes.iter().find(|(o, _)| *o == s)).map(|(_, v)| v);
        let has = value.is_some_and(|v| {
            v.atoms().iter().any(|a| matches!(a, Atom::Id(s) | Atom::Str(s) if s == wanted))
        });
        has != (feedback.get("show-hide") == Some("hide"))
    }

    /// The answer-safe copy of a rubric or feedback of the test, with its outcomes filled in. It is made the way
    /// items are: as an item of these words that asks nothing.
    pub fn words(&self, test: &Test, words: &Element, needs: &Needs) -> SafeCopy {
        let mut document = Element::new("qti-assessment-item").with("identifier", &test.identifier);
        document.set("title", words.get("title").unwrap_or(&test.title));
        if let Some(language) = test.document.get("xml:lang") {
            document.set("xml:lang", language);
        }
        document.children.extend(test.document.all("qti-outcome-declaration").cloned().map(Node::Element));
        let mut body = Element::new("qti-item-body");
        body.children.push(Node::Element(words.clone()));
        if words.is("qti-test-feedback") {
            body.children.clone_from(&words.find("qti-content-body").unwrap_or(words).children);
        }
        remove_questions(&mut body);
        document.children.push(Node::Element(body));
        let item = Item::read(document, &mut Source::alone(&test.identifier));
        let named = |(slot, value): &(u16, Value)| {
            Some((test.variables.get(*slot)?.identifier.clone(), value.clone()))
        };
        let outcomes: Vec<(String, Value)> = self.outcomes.iter().filter_map(named).collect();
        let session = Session::default();
        copy(&item, View { session: &session, outcomes: &outcomes, needs, stimuli: &[], solution: false })
    }
}

/// Questions have no place beside items: nothing would take their answers.
fn remove_questions(element: &mut Element) {
    element.children.retain(|child| !matches!(child, Node::Element(e) if Kind::of(&e.name).is_some()));
    for child in &mut element.children {
        if let Node::Element(child) = child {
            remove_questions(child);
        }
    }
}
