//! How objects stand in memory: by institution, shelf, kind and id, as compact JSON.

use serde_json::Value;

use crate::message::{AssociationRole, AssociationState, AssociationType, ResultState};
use crate::server::AssociationQuery;
use crate::wire::Codes;

/// Whose ids an object goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shelf {
    /// The student administration's: plannable tests, enrolments, persons, groups.
    Plan,
    /// The planner's: sessions and participations; and the catalogue.
    Session,
}

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A test.
    Component,
    /// A plannable test, session, programme offering.
    Offering,
    /// An enrolment or participation.
    Association,
    /// A person.
    Person,
    /// An organisational unit.
    Organization,
    /// A group.
    Group,
}

/// Something that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub institution: String,
    /// On which shelf.
    pub shelf: Shelf,
    /// What.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// The flow that wrote it; 0 for the party itself.
    pub flow: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) institution: String,
    pub(super) shelf: Shelf,
    pub(super) kind: Kind,
    pub(super) id: String,
}

impl Key {
    pub(super) fn new(institution: &str, shelf: Shelf, kind: Kind, id: &str) -> Self {
        Self { institution: institution.to_owned(), shelf, kind, id: id.to_ascii_lowercase() }
    }

    pub(super) fn first(institution: &str, shelf: Shelf, kind: Kind) -> Self {
        Self::new(institution, shelf, kind, "")
    }

    pub(super) fn is_of(&self, institution: &str, shelf: Shelf, kind: Kind) -> bool {
        self.institution == institution && self.shelf == shelf && self.kind == kind
    }
}

#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) json: Box<str>,
    pub(super) offering: Option<String>,
    pub(super) person: Option<String>,
    pub(super) facets: Facets,
}

/// What lists of associations are filtered by; kept with the id, so that a page far down a long list is found without
/// looking at the objects before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facets {
    association_type: Option<AssociationType>,
    role: Option<AssociationRole>,
    state: Option<AssociationState>,
    result_state: Option<ResultState>,
}

impl Stored {
    pub(super) fn of(value: &Value) -> Self {
        let reference = |name: &str, id: &str| {
            let value = value.get(name)?;
            value.as_str().or_else(|| value.get(id).and_then(Value::as_str)).map(str::to_ascii_lowercase)
        };
        Self {
            json: value.to_string().into_boxed_str(),
            offering: reference("offering", "offeringId"),
            person: reference("person", "personId"),
            facets: Facets {
                association_type: code(value.get("associationType")),
                role: code(value.get("role")),
                state: code(value.get("state")),
                result_state: code(value.get("result").and_then(|result| result.get("state"))),
            },
        }
    }

    pub(super) fn value(&self) -> Option<Value> {
        serde_json::from_str(&self.json).ok()
    }

    /// Whether an association was withdrawn or has ended.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.facets.state, Some(AssociationState::Canceled | AssociationState::Finished))
    }
}

impl Facets {
    pub(super) fn match_query(self, query: &AssociationQuery) -> bool {
        fn is<C: PartialEq>(wanted: Option<C>, known: Option<C>) -> bool {
            wanted.is_none() || wanted == known
        }
        is(query.association_type, self.association_type)
            && is(query.role, self.role)
            && is(query.state, self.state)
            && is(query.result_state, self.result_state)
    }
}

/// The code a word stands for, if it is a known one.
fn code<C: Codes>(value: Option<&Value>) -> Option<C> {
    let word = value?.as_str()?;
    C::ALL.iter().find(|(known, _)| *known == word).map(|(_, code)| *code)
}
