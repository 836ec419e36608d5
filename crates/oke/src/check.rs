//! Judging a message: by the schema, by the written agreement, and by what practice teaches.

mod agreement;
mod repair;

pub use repair::repair;

use serde_json::Value;

use crate::exchange::{Body, Method, Operation};
use crate::finding::{Finding, Level, Place, Severity};
use crate::message::{
    Association, Component, Group, Membership, Offering, Organization, Page, PatchAnswer, Person, Problem,
    ResultValueType, Service,
};
use crate::rule::Rule;
use crate::wire::{Dialect, Direction, Reader, Uri, Wire};

/// Where a message was seen, as far as that is known.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The operation it belongs to.
    pub operation: Option<&'static Operation>,
    /// The flow: one operation can serve two.
    pub flow: Option<u8>,
    /// Whether it is an answer.
    pub is_answer: bool,
    /// Which dialect is spoken.
    pub dialect: Dialect,
    /// The id in the path of the request.
    pub path_id: Option<String>,
    /// How the score of this enrolment must be written.
    pub value_type: Option<ResultValueType>,
    /// Whether final results are allowed for this enrolment.
    pub may_be_final: Option<bool>,
}

impl Context {
    /// A request body of an operation.
    #[must_use]
    pub fn request(operation: &'static Operation, flow: u8) -> Self {
        Self { operation: Some(operation), flow: Some(flow), ..Self::default() }
    }

    /// An answer to an operation.
    #[must_use]
    pub fn answer(operation: &'static Operation, flow: u8) -> Self {
        Self { operation: Some(operation), flow: Some(flow), is_answer: true, ..Self::default() }
    }

    /// What the body should hold.
    #[must_use]
    pub fn body(&self) -> Option<Body> {
        self.operation.map(|operation| if self.is_answer { operation.answer } else { operation.request })
    }

    /// Whether the body is a merge patch.
    #[must_use]
    pub fn is_patch(&self) -> bool {
        !self.is_answer && self.operation.is_some_and(|operation| operation.method == Method::Patch)
    }

    fn is_put(&self) -> bool {
        !self.is_answer && self.operation.is_some_and(|operation| operation.method == Method::Put)
    }

    fn reader(&self) -> Reader {
        let direction = if self.is_answer { Direction::Response } else { Direction::Request };
        Reader::new(direction, self.is_patch(), self.dialect)
    }
}

/// A message that was understood.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the names are the message types")]
pub enum Message {
    Service(Service),
    Person(Person),
    Association(Box<Association>),
    Offering(Box<Offering>),
    Component(Box<Component>),
    Organization(Organization),
    Group(Group),
    Membership(Membership),
    PatchAnswer(PatchAnswer),
    Components(Page<Component>),
    Offerings(Page<Offering>),
    Associations(Page<Association>),
    Groups(Page<Group>),
    Memberships(Page<Membership>),
    Url(Uri),
    Problem(Problem),
}

/// What a check found, and the message if there was any.
#[derive(Debug, Clone)]
pub struct Checked {
    /// In order of reading.
    pub findings: Vec<Finding>,
    /// What could be read.
    pub message: Option<Message>,
}

impl Checked {
    /// Whether the message can be used: nothing found is an error.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.message.is_some() && !self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Whether the published bundle accepts it to the letter.
    #[must_use]
    pub fn fits_schema(&self) -> bool {
        !self.findings.iter().any(|finding| finding.level == Level::Schema)
    }
}

/// Checks the bytes of a message.
#[must_use]
pub fn check(bytes: &[u8], context: &Context) -> Checked {
    match serde_json::from_slice(bytes) {
        Ok(value) => check_value(value, context),
        Err(error) => Checked { findings: vec![not_json(&error)], message: None },
    }
}

/// The finding for bytes that are no JSON.
#[must_use]
pub fn not_json(error: &serde_json::Error) -> Finding {
    Finding {
        pointer: String::new(),
        rule: Rule::NotJson,
        level: Level::Schema,
        severity: Severity::Error,
        detail: error.to_string(),
    }
}

/// Checks a message that is JSON already.
#[must_use]
pub fn check_value(value: Value, context: &Context) -> Checked {
    let mut reader = context.reader();
    let body = context.body().or_else(|| guess(&value));
    let root = Place::root();
    let message = match body {
        Some(body) => read(body, value, &root, &mut reader),
        None => {
            let _: Result<(), Value> = reader.refuse(value, &root, "a message of the agreement");
            None
        }
    };
    if let Some(message) = &message {
        agreement::judge(message, context, &mut reader);
    }
    Checked { findings: reader.findings, message }
}

fn read(body: Body, value: Value, at: &Place<'_>, reader: &mut Reader) -> Option<Message> {
    fn page<T: Wire>(value: Value, at: &Place<'_>, reader: &mut Reader) -> Option<Page<T>> {
        Page::read(value, at, reader).ok()
    }
    Some(match body {
        Body::Empty | Body::Document => return None,
        Body::Service => Message::Service(Service::read(value, at, reader).ok()?),
        Body::Person => Message::Person(Person::read(value, at, reader).ok()?),
        Body::Association => Message::Association(Box::new(Association::read(value, at, reader).ok()?)),
        Body::Offering => Message::Offering(Box::new(Offering::read(value, at, reader).ok()?)),
        Body::Component => Message::Component(Box::new(Component::read(value, at, reader).ok()?)),
        Body::Organization => Message::Organization(Organization::read(value, at, reader).ok()?),
        Body::Group => Message::Group(Group::read(value, at, reader).ok()?),
        Body::Membership => Message::Membership(Membership::read(value, at, reader).ok()?),
        Body::PatchAnswer => Message::PatchAnswer(PatchAnswer::read(value, at, reader).ok()?),
        Body::Components => Message::Components(page(value, at, reader)?),
        Body::Offerings => Message::Offerings(page(value, at, reader)?),
        Body::Associations => Message::Associations(page(value, at, reader)?),
        Body::Groups => Message::Groups(page(value, at, reader)?),
        Body::Memberships => Message::Memberships(page(value, at, reader)?),
        Body::Url => Message::Url(Uri::read(value, at, reader).ok()?),
    })
}

/// What a message seems to be when nobody says where it was seen.
fn guess(value: &Value) -> Option<Body> {
    let is_list = value.get("items").is_some() || value.is_array();
    let one = match value {
        Value::Array(items) => items.first()?,
        Value::String(_) => return Some(Body::Url),
        _ => value.get("items").and_then(|items| items.get(0)).unwrap_or(value),
    };
    let has = |name: &str| one.get(name).is_some();
    let body = if has("associationType") || has("associationId") {
        Body::Association
    } else if has("offeringType") || has("offeringId") {
        Body::Offering
    } else if has("componentType") {
        Body::Component
    } else if has("givenName") || has("surname") {
        Body::Person
    } else if has("organizationType") {
        Body::Organization
    } else if has("groupType") {
        Body::Group
    } else if has("personId") {
        Body::Membership
    } else if has("supportedVersions") || has("contactEmail") {
        Body::Service
    } else {
        return None;
    };
    Some(match (body, is_list) {
        (Body::Association, true) => Body::Associations,
        (Body::Offering, true) => Body::Offerings,
        (Body::Component, true) => Body::Components,
        (Body::Group, true) => Body::Groups,
        (Body::Membership, true) => Body::Memberships,
        (one, _) => one,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Role;

    fn judged(text: &str, role: Role, method: Method, path: &str, flow: u8) -> Vec<&'static str> {
        let operation = Operation::find(role, method, path).unwrap();
        let checked = check(text.as_bytes(), &Context::request(operation, flow));
        checked.findings.iter().filter(|f| f.severity > Severity::Note).map(|f| f.rule.id()).collect()
    }

    const ATTENDANCE: &str = r#"{ "associationType": "componentOfferingAssociation", "result": {
        "state": "in progress", "resultDate": "2026-06-22", "weight": 100,
        "consumers": [{ "consumerKey": "nl-test-admin", "attendance": "present" }] } }"#;

    #[test]
    fn attendance_right_after_the_session_is_in_order() {
        assert!(judged(ATTENDANCE, Role::Tpl, Method::Patch, "/associations/x", 3).is_empty());
    }

    #[test]
    fn a_patch_without_discriminator_is_refused() {
        let text = ATTENDANCE.replace(r#""associationType": "componentOfferingAssociation","#, "");
        assert!(judged(&text, Role::Tpl, Method::Patch, "/associations/x", 3).contains(&"discriminator"));
    }

    #[test]
    fn flow_2_carries_no_result_and_the_whole_person() {
        let text = r#"{ "associationId": "123e4567-e89b-12d3-a456-426614174000",
            "associationType": "componentOfferingAssociation", "role": "student", "state": "associated",
            "person": "123e4567-e89b-12d3-a456-426614174001", "offering": "123e4567-e89b-12d3-a456-426614174002",
            "result": { "state": "in progress", "resultDate": "2026-06-22", "weight": 100 } }"#;
        let found = judged(text, Role::Ta, Method::Put, "/associations/x", 2);
        assert!(found.contains(&"result-in-flow-2") && found.contains(&"person-embedded"), "{found:?}");
    }

    #[test]
    fn text_that_is_no_json_says_where() {
        let checked = check(b"{ \"a\": }", &Context::default());
        assert_eq!(checked.findings.first().map(|f| f.rule), Some(Rule::NotJson));
        assert!(checked.findings.first().is_some_and(|f| f.en().contains("line 1")));
    }
}
