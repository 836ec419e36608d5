//! Merge patches as the agreement means them.
//!
//! RFC 7396 would replace the whole list of consumers, yet messages carry only the changed attributes of one entry.
//! So `consumers` is merged by `consumerKey`, at any depth (also inside `result`), and then inside the entry; every
//! other list is replaced as a whole. Null removes a value, an empty list removes a list.

use serde_json::{Map, Value};

/// Applies a patch to a document.
pub fn merge(target: &mut Value, patch: Value) {
    let Value::Object(changes) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(object) = target.as_object_mut() else { return };
    for (name, change) in changes {
        match change {
            Value::Null => {
                object.remove(&name);
            }
            Value::Array(list) if list.is_empty() => {
                object.remove(&name);
            }
            Value::Array(list) if name == "consumers" => {
                let consumers = object.entry(name).or_insert_with(|| Value::Array(Vec::new()));
                merge_consumers(consumers, list);
            }
            Value::Object(_) => {
                let inside = object.entry(name).or_insert(Value::Null);
                merge(inside, change);
            }
            other => {
                object.insert(name, other);
            }
        }
    }
}

/// The smallest patch that makes `after` of `before`; `keep` names what every patch of this object must carry.
///
/// A consumer that disappeared cannot be expressed by the agreement and stays.
#[must_use]
pub fn difference(before: &Value, after: &Value, keep: &str) -> Value {
    let mut patch = change(before, after);
    if let (Some(patch), Some(kept)) = (patch.as_object_mut(), after.get(keep)) {
        patch.insert(keep.to_owned(), kept.clone());
    }
    patch
}

fn change(before: &Value, after: &Value) -> Value {
    let (Some(old), Some(new)) = (before.as_object(), after.as_object()) else { return after.clone() };
    let mut patch = Map::new();
    for (name, value) in new {
        match old.get(name) {
            Some(known) if known == value => {}
            Some(Value::Array(known)) if name == "consumers" => {
                let entries = value.as_array().map(|list| changed_consumers(known, list)).unwrap_or_default();
                if !entries.is_empty() {
                    patch.insert(name.clone(), Value::Array(entries));
                }
            }
            Some(known) if known.is_object() && value.is_object() => {
                patch.insert(name.clone(), change(known, value));
            }
            _ => {
                patch.insert(name.clone(), value.clone());
            }
        }
    }
    for (name, value) in old {
        if !new.contains_key(name) {
            let gone = if value.is_array() { Value::Array(Vec::new()) } else { Value::Null };
            patch.insert(name.clone(), gone);
        }
    }
    Value::Object(patch)
}

fn changed_consumers(before: &[Value], after: &[Value]) -> Vec<Value> {
    let mut changed = Vec::new();
    for entry in after {
        let key = entry.get("consumerKey");
        match before.iter().find(|known| key.is_some() && known.get("consumerKey") == key) {
            Some(known) if known == entry => {}
            Some(known) => {
                let mut patch = change(known, entry);
                if let (Some(patch), Some(key)) = (patch.as_object_mut(), key) {
                    patch.insert("consumerKey".to_owned(), key.clone());
                }
                changed.push(patch);
            }
            None => changed.push(entry.clone()),
        }
    }
    changed
}

fn merge_consumers(target: &mut Value, changes: Vec<Value>) {
    if !target.is_array() {
        *target = Value::Array(Vec::new());
    }
    let Some(entries) = target.as_array_mut() else { return };
    for change in changes {
        let key = change.get("consumerKey").and_then(Value::as_str);
        let place = entries
            .iter()
            .position(|entry| key.is_some() && entry.get("consumerKey").and_then(Value::as_str) == key);
        if let Some(entry) = place.and_then(|place| entries.get_mut(place)) {
            merge(entry, change);
        } else if change.is_object() {
            // A new consumer, or one without a key: nobody can say which that means, but the same twice is once.
            let mut entry = Value::Object(Map::new());
            merge(&mut entry, change);
            if !entries.contains(&entry) {
                entries.push(entry);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_cancelled_session_keeps_its_room_and_the_consumers_of_others() {
        let mut session = json!({ "consumers": [
            { "consumerKey": "nl-test-admin", "offeringState": "active", "locationCode": "A-22", "safety": ["surveillance"] },
            { "consumerKey": "rio", "code": 7 },
        ]});
        merge(
            &mut session,
            json!({ "offeringType": "component", "consumers": [
            { "consumerKey": "nl-test-admin", "offeringState": "canceled" } ]}),
        );
        assert_eq!(
            session,
            json!({ "offeringType": "component", "consumers": [
                { "consumerKey": "nl-test-admin", "offeringState": "canceled", "locationCode": "A-22", "safety": ["surveillance"] },
                { "consumerKey": "rio", "code": 7 },
            ]})
        );
    }

    #[test]
    fn null_removes_a_value_and_an_empty_list_a_list() {
        let mut session = json!({ "consumers": [{ "consumerKey": "nl-test-admin", "locationCode": "A", "safety": ["surveillance"] }] });
        merge(
            &mut session,
            json!({ "consumers": [{ "consumerKey": "nl-test-admin", "locationCode": null, "safety": [] }] }),
        );
        assert_eq!(session, json!({ "consumers": [{ "consumerKey": "nl-test-admin" }] }));
    }

    #[test]
    fn the_consumers_of_a_result_are_merged_by_key_too() {
        let mut participation = json!({ "result": { "state": "in progress", "consumers": [
            { "consumerKey": "nl-test-admin", "attendance": "present" } ] } });
        merge(
            &mut participation,
            json!({ "result": { "state": "completed", "score": "7", "consumers": [
            { "consumerKey": "nl-test-admin", "rawScore": 65 } ] } }),
        );
        assert_eq!(
            participation,
            json!({ "result": { "state": "completed", "score": "7", "consumers": [
                { "consumerKey": "nl-test-admin", "attendance": "present", "rawScore": 65 } ] } })
        );
    }

    #[test]
    fn a_list_inside_an_entry_is_replaced_as_a_whole() {
        let mut participation = json!({ "consumers": [{ "consumerKey": "nl-test-admin", "personalNeeds": ["extraTime", "spoken"] }] });
        merge(
            &mut participation,
            json!({ "consumers": [{ "consumerKey": "nl-test-admin", "personalNeeds": ["spoken"] }] }),
        );
        assert_eq!(
            participation,
            json!({ "consumers": [{ "consumerKey": "nl-test-admin", "personalNeeds": ["spoken"] }] })
        );
    }
}
