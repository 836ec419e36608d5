//! What can be wrong with the way a test delivery system is served, besides what can be wrong with others too.

use serde_json::{Value, json};

use crate::exchange::Role;
use crate::memory::{Kind, Shelf};
use crate::simulate::data::SCHOOL;
use crate::simulate::fault::edit::{accepted, insert, known, ours};
use crate::simulate::fault::{Act, Class, Fault, Given};

pub(super) const fn fault(
    name: &'static str,
    class: Class,
    found_by: &'static [&'static str],
    act: Act,
) -> Fault {
    Fault { name, class, role: Role::Ta, found_by, act }
}

#[allow(clippy::too_many_lines, reason = "a list of faults, one after another")]
pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault(
            "ta-strangers-see-all",
            Class::Tenancy,
            &["ALL-09"],
            Act::Instead(|asked, memory| {
                let id = asked.id();
                (asked.is("GET", "/offerings/") && asked.path.split('/').count() == 3)
                    .then(|| known(memory, Kind::Offering, id))
                    .flatten()
                    .map(|value| Given::new(200, &value))
            }),
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
            "ta-result-state-ignored",
            Class::Filter,
            &["TA-3-04"],
            Act::Request(|asked| asked.drop_parameter("result-state")),
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
                known(memory, Kind::Offering, &id)?;
                memory.patch(SCHOOL, Shelf::Session, Kind::Offering, &id, new);
                Some(accepted(200))
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
                Some(accepted(201))
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
                let before = known(memory, kind, asked.id())?;
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
                Some(accepted(200))
            }),
        ),
    ]
}
