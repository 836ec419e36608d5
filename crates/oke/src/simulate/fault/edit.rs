//! Small changes to messages that faults are made of.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{Asked, Given};
use crate::memory::{Kind, Memory, Shelf};
use crate::simulate::data::SCHOOL;
use crate::wire::CONSUMER_KEY;

/// Our own entry of the consumers.
pub(super) fn ours(value: &mut Value) -> Option<&mut Map<String, Value>> {
    value
        .get_mut("consumers")?
        .as_array_mut()?
        .iter_mut()
        .find(|entry| entry.get("consumerKey").is_some_and(|key| key == CONSUMER_KEY))?
        .as_object_mut()
}

pub(super) fn remove(value: &mut Value, name: &str) {
    if let Some(object) = value.as_object_mut() {
        object.remove(name);
    }
}

pub(super) fn insert(value: &mut Value, name: &str, new: Value) {
    if let Some(object) = value.as_object_mut() {
        object.insert(name.to_owned(), new);
    }
}

/// What a party of our own school has under this id, and on which shelf: plans first, as their ids came first.
pub(super) fn stored(memory: &Memory, kind: Kind, id: &str) -> Option<(Shelf, Value)> {
    [Shelf::Plan, Shelf::Session]
        .into_iter()
        .find_map(|shelf| memory.get(SCHOOL, shelf, kind, id).map(|value| (shelf, value)))
}

/// Applies a patch as plain RFC 7396 would: lists are replaced.
pub(super) fn plain_merge(target: &mut Value, patch: &Value) {
    let Some(changes) = patch.as_object() else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    if let Some(object) = target.as_object_mut() {
        for (name, change) in changes {
            if change.is_null() {
                object.remove(name);
            } else {
                plain_merge(object.entry(name.clone()).or_insert(Value::Null), change);
            }
        }
    }
}

/// A problem as the agreement writes one.
pub(super) fn refused(status: u16) -> Given {
    let problem = json!({ "status": status.to_string(), "title": "Refused" });
    Given { kind: "application/problem+json".to_owned(), ..Given::new(status, &problem) }
}

/// An answer without a body.
pub(super) const fn accepted(status: u16) -> Given {
    Given { status, kind: String::new(), body: Bytes::new() }
}

/// The offering or association a request is about.
pub(super) fn subject(asked: &Asked) -> Option<Kind> {
    match asked.path.split('/').nth(1)? {
        "offerings" => Some(Kind::Offering),
        "associations" => Some(Kind::Association),
        _ => None,
    }
}

/// Whether a patch says what kind of thing it is about.
pub(super) fn has_type(value: &Value) -> bool {
    value.get("offeringType").is_some() || value.get("associationType").is_some()
}

/// The same without the shelf.
pub(super) fn known(memory: &Memory, kind: Kind, id: &str) -> Option<Value> {
    stored(memory, kind, id).map(|(_, value)| value)
}
