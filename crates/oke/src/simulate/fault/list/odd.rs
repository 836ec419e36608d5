//! Parties that are odd and yet keep the agreement: no test may fail on them.

use serde_json::{Value, json};

use crate::client::Call;
use crate::exchange::Role;
use crate::simulate::fault::edit::{accepted, insert, refused, remove};
use crate::simulate::fault::{Act, Asked, Class, Fault, Given};

fn variant(name: &'static str, role: Role, act: Act) -> Fault {
    let class =
        if matches!(name, "outage" | "read-only" | "too-busy") { Class::Outage } else { Class::Oddity };
    Fault { name, class, role, found_by: &[], act }
}

/// Every role is odd in each of these ways.
pub(super) fn variants() -> Vec<Fault> {
    Role::ALL
        .into_iter()
        .flat_map(|role| {
            [
                variant("odd-chatty", role, Act::Answer(chatty)),
                variant("odd-terse", role, Act::Answer(terse)),
                variant("odd-strict", role, Act::Answer(strict)),
                variant("odd-closed-metadata", role, Act::Instead(closed_metadata)),
                variant("odd-without-options", role, Act::Instead(without_options)),
            ]
        })
        .collect()
}

/// Callers that say more than they must, which nobody may mind.
pub(super) fn callers() -> Vec<Fault> {
    [
        (Role::Sis, "sis-odd-chatty-caller"),
        (Role::Tpl, "tpl-odd-chatty-caller"),
        (Role::Ta, "ta-odd-chatty-caller"),
    ]
    .into_iter()
    .map(|(role, name)| variant(name, role, Act::Send(chatty_call)))
    .collect()
}

fn chatty_call(mut call: Call) -> Option<Call> {
    if let Some(body) = &mut call.body {
        insert(body, "x-supplier", json!({ "version": [1, 2, 3], "since": null }));
        if let Some(list) = body.get_mut("consumers").and_then(Value::as_array_mut) {
            list.push(json!({ "consumerKey": "x-supplier", "offeringState": 7, "attempt": "veel" }));
        }
    }
    Some(call)
}

/// Outages: nothing is served, or nothing is taken in.
pub(super) fn outages() -> Vec<Fault> {
    Role::ALL
        .into_iter()
        .flat_map(|role| {
            [
                variant("outage", role, Act::Instead(|_, _| Some(refused(503)))),
                variant(
                    "read-only",
                    role,
                    Act::Instead(|asked, _| (asked.method != "GET").then(|| refused(503))),
                ),
                variant("too-busy", role, Act::Instead(|_, _| Some(refused(429)))),
            ]
        })
        .collect()
}

/// Says more than asked: unknown attributes, other consumers, a count of pages, a charset.
fn chatty(asked: &Asked, given: &mut Given) {
    if !given.is_fine() || given.body.is_empty() || !given.kind.starts_with("application/json") {
        return;
    }
    given.kind = "application/json; charset=utf-8".to_owned();
    if asked.method != "GET" || asked.path == "/" || asked.path.ends_with("/url") {
        return;
    }
    given.each(|value| {
        insert(value, "x-supplier", json!({ "version": [1, 2, 3], "since": null }));
        if let Some(list) = value.get_mut("consumers").and_then(Value::as_array_mut) {
            list.insert(0, json!({ "consumerKey": "x-supplier", "offeringState": 7, "attempt": "veel" }));
        }
    });
}

/// Says no more than it must: no body with a PATCH, no detail in a problem.
fn terse(asked: &Asked, given: &mut Given) {
    if asked.method == "PATCH" && given.is_fine() {
        *given = accepted(200);
    }
    if given.status >= 400 {
        given.edit(|value| remove(value, "detail"));
    }
}

/// Refuses with the other status where two are allowed.
fn strict(asked: &Asked, given: &mut Given) {
    match given.status {
        404 if asked.method == "PATCH" => *given = refused(400),
        400 if asked.is("PATCH", "/associations/")
            && given.json().get("detail").is_some_and(|detail| {
                detail.as_str().is_some_and(|text| text.contains("There is no association"))
            }) =>
        {
            *given = refused(404);
        }
        405 => *given = refused(404),
        _ => {}
    }
}

/// Wants a token for its metadata too.
fn closed_metadata(asked: &Asked, _: &crate::memory::Memory) -> Option<Given> {
    (asked.path == "/" && !asked.headers.contains_key("authorization")).then(|| refused(401))
}

/// Serves nothing that is optional.
fn without_options(asked: &Asked, _: &crate::memory::Memory) -> Option<Given> {
    let is_flow_6 = asked.is("GET", "/persons/") && asked.path.ends_with("/associations");
    let is_groups = asked.method == "PUT" && asked.path.starts_with("/groups/");
    (is_flow_6 || is_groups).then(|| refused(404))
}
