//! What can be wrong with the way a test delivery system is served.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::exchange::Role;
use crate::memory::{Kind, Memory, Shelf};
use crate::simulate::data::SCHOOL;
use crate::simulate::fault::{Act, Class, Fault, Given};

pub(super) const fn fault(
    name: &'static str,
    class: Class,
    found_by: &'static [&'static str],
    act: Act,
) -> Fault {
    Fault { name, class, role: Role::Ta, found_by, act }
}

/// Our own entry of the consumers.
pub(super) fn ours(value: &mut Value) -> Option<&mut serde_json::Map<String, Value>> {
    value
        .get_mut("consumers")?
        .as_array_mut()?
        .iter_mut()
        .find(|entry| entry.get("consumerKey").is_some_and(|key| key == "nl-test-admin"))?
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

pub(super) fn stored(memory: &Memory, kind: Kind, id: &str) -> Option<Value> {
    memory.get(SCHOOL, Shelf::Session, kind, id)
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

#[allow(clippy::too_many_lines, reason = "a list of faults, one after another")]
pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault(
            "ta-no-token-needed",
            Class::Access,
            &["ALL-02"],
            Act::Open(|asked, status| status == 401 && !asked.headers.contains_key("authorization")),
        ),
        fault(
            "ta-any-token-will-do",
            Class::Access,
            &["ALL-03"],
            Act::Open(|asked, status| status == 401 && asked.headers.contains_key("authorization")),
        ),
        fault("ta-scope-not-checked", Class::Access, &["ALL-06"], Act::Open(|_, status| status == 403)),
        fault(
            "ta-wrong-scope-is-401",
            Class::Access,
            &["ALL-06"],
            Act::Answer(|_, given| {
                if given.status == 403 {
                    given.status = 401;
                }
            }),
        ),
        fault(
            "ta-strangers-see-all",
            Class::Tenancy,
            &["ALL-09"],
            Act::Instead(|asked, memory| {
                let id = asked.id();
                (asked.is("GET", "/offerings/") && asked.path.split('/').count() == 3)
                    .then(|| stored(memory, Kind::Offering, id))
                    .flatten()
                    .map(|value| Given::new(200, &value))
            }),
        ),
        fault(
            "ta-errors-as-plain-json",
            Class::Errors,
            &["ALL-02", "TA-0-10"],
            Act::Answer(|_, given| {
                if given.status >= 400 {
                    given.kind = "application/json".to_owned();
                }
            }),
        ),
        fault(
            "ta-problem-status-is-a-number",
            Class::Errors,
            &["TA-0-10"],
            Act::Answer(|_, given| {
                if given.status >= 400 {
                    let status = given.status;
                    given.edit(|value| insert(value, "status", json!(status)));
                }
            }),
        ),
        fault(
            "ta-errors-without-title",
            Class::Errors,
            &["TA-0-10"],
            Act::Answer(|_, given| {
                if given.status >= 400 {
                    given.edit(|value| remove(value, "title"));
                }
            }),
        ),
        fault(
            "ta-unknown-is-500",
            Class::Errors,
            &["TA-0-10", "TA-2-17"],
            Act::Answer(|_, given| {
                if given.status == 404 {
                    given.status = 500;
                }
            }),
        ),
        fault(
            "ta-unknown-is-empty-200",
            Class::Errors,
            &["TA-0-10", "TA-2-17"],
            Act::Answer(|asked, given| {
                if given.status == 404 && asked.method == "GET" {
                    *given = Given::new(200, &json!({}));
                }
            }),
        ),
        fault(
            "ta-bad-json-is-500",
            Class::Errors,
            &["ALL-10"],
            Act::Answer(|asked, given| {
                if given.status == 400 && asked.json().is_null() {
                    given.status = 500;
                }
            }),
        ),
        fault(
            "ta-metadata-without-consumer",
            Class::Content,
            &["ALL-01"],
            Act::Answer(|asked, given| {
                if asked.path == "/" {
                    given.edit(|value| remove(value, "supportedConsumers"));
                }
            }),
        ),
        fault(
            "ta-bare-list",
            Class::Paging,
            &["TA-0-01"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/components") && given.is_fine() {
                    given.edit(|value| {
                        if let Some(items) = value.get_mut("items").map(Value::take) {
                            *value = items;
                        }
                    });
                }
            }),
        ),
        fault(
            "ta-page-size-ignored",
            Class::Paging,
            &["TA-0-02"],
            Act::Request(|asked| asked.drop_parameter("pageSize")),
        ),
        fault(
            "ta-page-number-ignored",
            Class::Paging,
            &["TA-0-03", "TA-2-33"],
            Act::Request(|asked| asked.drop_parameter("pageNumber")),
        ),
        fault(
            "ta-never-a-next-page",
            Class::Paging,
            &["TA-0-03", "TA-2-33"],
            Act::Answer(|_, given| {
                if given.is_fine() {
                    given.edit(|value| {
                        if value.get("hasNextPage").is_some() {
                            insert(value, "hasNextPage", json!(false));
                        }
                    });
                }
            }),
        ),
        fault(
            "ta-always-a-next-page",
            Class::Paging,
            &["TA-0-03", "TA-2-33"],
            Act::Answer(|_, given| {
                if given.is_fine() {
                    given.edit(|value| {
                        if value.get("hasNextPage").is_some() {
                            insert(value, "hasNextPage", json!(true));
                        }
                    });
                }
            }),
        ),
        fault(
            "ta-last-item-lost",
            Class::Paging,
            &["TA-0-03", "TA-2-33"],
            Act::Answer(|_, given| {
                if given.is_fine() {
                    given.edit(|value| {
                        if value.get("hasNextPage") == Some(&json!(true))
                            && let Some(items) = value.get_mut("items").and_then(Value::as_array_mut)
                        {
                            items.pop();
                        }
                    });
                }
            }),
        ),
        fault(
            "ta-odd-page-size-taken",
            Class::Paging,
            &["TA-0-05"],
            Act::Request(|asked| {
                if asked.query.contains("pageSize=11") {
                    asked.drop_parameter("pageSize");
                }
            }),
        ),
        fault(
            "ta-search-ignored",
            Class::Filter,
            &["TA-0-07"],
            Act::Request(|asked| asked.drop_parameter("q")),
        ),
        fault(
            "ta-search-minds-case",
            Class::Filter,
            &["TA-0-07"],
            Act::Answer(|asked, given| {
                if given.is_fine()
                    && asked
                        .query
                        .split('&')
                        .filter_map(|pair| pair.strip_prefix("q="))
                        .any(|word| !word.bytes().any(|b| b.is_ascii_lowercase()))
                {
                    given.edit(|value| insert(value, "items", json!([])));
                }
            }),
        ),
        fault(
            "ta-licensed-ignored",
            Class::Filter,
            &["TA-0-08"],
            Act::Request(|asked| asked.drop_parameter("licensed")),
        ),
        fault(
            "ta-role-ignored",
            Class::Filter,
            &["TA-2-34"],
            Act::Request(|asked| asked.drop_parameter("role")),
        ),
        fault(
            "ta-state-ignored",
            Class::Filter,
            &["TA-2-34"],
            Act::Request(|asked| asked.drop_parameter("state")),
        ),
        fault(
            "ta-result-state-ignored",
            Class::Filter,
            &["TA-3-04"],
            Act::Request(|asked| asked.drop_parameter("result-state")),
        ),
        fault(
            "ta-new-is-200",
            Class::Put,
            &["TA-2-01", "TA-2-30"],
            Act::Answer(|_, given| {
                if given.status == 201 {
                    given.status = 200;
                }
            }),
        ),
        fault(
            "ta-put-merges",
            Class::Put,
            &["TA-2-04"],
            Act::Instead(|asked, memory| {
                let (id, new) = (asked.id().to_owned(), asked.json());
                if !asked.is("PUT", "/offerings/") || new.get("offeringType").is_none() {
                    return None;
                }
                stored(memory, Kind::Offering, &id)?;
                memory.patch(SCHOOL, Shelf::Session, Kind::Offering, &id, new);
                Some(Given { status: 200, kind: String::new(), body: Bytes::new() })
            }),
        ),
        fault(
            "ta-put-needs-id-in-body",
            Class::Put,
            &["TA-2-05"],
            Act::Instead(|asked, _| {
                let lacks = asked.is("PUT", "/offerings/")
                    && asked.json().is_object()
                    && asked.json().get("offeringId").is_none();
                lacks.then(|| Given {
                    kind: "application/problem+json".to_owned(),
                    ..Given::new(400, &json!({ "status": "400", "title": "Bad request" }))
                })
            }),
        ),
        fault(
            "ta-body-id-wins",
            Class::Put,
            &["TA-2-06"],
            Act::Instead(|asked, memory| {
                let value = asked.json();
                let id = value.get("offeringId").and_then(Value::as_str).filter(|id| *id != asked.id())?;
                if !asked.is("PUT", "/offerings/") {
                    return None;
                }
                memory.put(SCHOOL, Shelf::Session, Kind::Offering, id, &value);
                Some(Given { status: 201, kind: String::new(), body: Bytes::new() })
            }),
        ),
        fault(
            "ta-put-twice-makes-two",
            Class::Put,
            &["TA-2-32"],
            Act::After(|asked, given, memory| {
                if asked.is("PUT", "/associations/") && given.status == 200 {
                    let mut copy = asked.json();
                    let id = crate::outside::id_of(&format!("copy of {}", asked.id()));
                    insert(&mut copy, "associationId", json!(id));
                    memory.put(SCHOOL, Shelf::Session, Kind::Association, &id, &copy);
                }
            }),
        ),
        fault(
            "ta-patch-replaces-consumers",
            Class::Patch,
            &["TA-2-07", "TA-2-08"],
            Act::Instead(|asked, memory| {
                if !asked.is("PATCH", "/offerings/") || asked.json().get("offeringType").is_none() {
                    return None;
                }
                let mut value = stored(memory, Kind::Offering, asked.id())?;
                plain_merge(&mut value, &asked.json());
                memory.put(SCHOOL, Shelf::Session, Kind::Offering, asked.id(), &value);
                Some(Given { status: 200, kind: String::new(), body: Bytes::new() })
            }),
        ),
        fault(
            "ta-null-keeps",
            Class::Patch,
            &["TA-2-08"],
            Act::Request(|asked| {
                if asked.is("PATCH", "/offerings/") {
                    let mut value = asked.json();
                    if let Some(entry) = ours(&mut value) {
                        entry.retain(|_, value| !value.is_null());
                    }
                    asked.set(&value);
                }
            }),
        ),
        fault(
            "ta-empty-list-keeps",
            Class::Patch,
            &["TA-2-08"],
            Act::Request(|asked| {
                if asked.is("PATCH", "/offerings/") {
                    let mut value = asked.json();
                    if let Some(entry) = ours(&mut value) {
                        entry.retain(|_, value| !value.as_array().is_some_and(Vec::is_empty));
                    }
                    asked.set(&value);
                }
            }),
        ),
        fault(
            "ta-lists-are-joined",
            Class::Patch,
            &["TA-2-09", "TA-2-40"],
            Act::Instead(|asked, memory| {
                let sent = asked.json();
                if asked.method != "PATCH"
                    || (sent.get("offeringType").is_none() && sent.get("associationType").is_none())
                {
                    return None;
                }
                let kind =
                    if asked.path.starts_with("/offerings") { Kind::Offering } else { Kind::Association };
                let before = stored(memory, kind, asked.id())?;
                let mut changes = asked.json();
                let known: Vec<_> = ["safety", "personalNeeds"]
                    .into_iter()
                    .filter_map(|name| {
                        let mut before = before.clone();
                        ours(&mut before).and_then(|entry| entry.get(name).cloned()).map(|list| (name, list))
                    })
                    .collect();
                if let Some(entry) = ours(&mut changes) {
                    for (name, list) in known {
                        if let (Some(Value::Array(new)), Value::Array(old)) = (entry.get_mut(name), list) {
                            new.extend(old);
                        }
                    }
                }
                memory.patch(SCHOOL, Shelf::Session, kind, asked.id(), changes);
                Some(Given { status: 200, kind: String::new(), body: Bytes::new() })
            }),
        ),
        fault(
            "ta-patch-without-type-taken",
            Class::Patch,
            &["TA-2-10", "TA-2-38"],
            Act::Request(|asked| {
                if asked.method == "PATCH" {
                    let mut value = asked.json();
                    if asked.path.starts_with("/offerings") {
                        insert(&mut value, "offeringType", json!("component"));
                    } else {
                        insert(&mut value, "associationType", json!("componentOfferingAssociation"));
                    }
                    asked.set(&value);
                }
            }),
        ),
        fault(
            "ta-patch-makes-new",
            Class::Patch,
            &["TA-2-11", "ALL-13"],
            Act::Answer(|asked, given| {
                if asked.method == "PATCH"
                    && matches!(given.status, 400 | 404)
                    && (asked.json().get("consumers").is_some() || asked.json().get("state").is_some())
                {
                    *given = Given { status: 200, kind: String::new(), body: Bytes::new() };
                }
            }),
        ),
        fault(
            "ta-patch-only-merge-type",
            Class::Patch,
            &["TA-2-12"],
            Act::Instead(|asked, _| {
                let plain = asked.headers.get("content-type").is_some_and(|kind| kind == "application/json");
                (asked.method == "PATCH" && plain).then(|| Given {
                    kind: "application/problem+json".to_owned(),
                    ..Given::new(400, &json!({ "status": "400", "title": "Bad request" }))
                })
            }),
        ),
    ]
}
