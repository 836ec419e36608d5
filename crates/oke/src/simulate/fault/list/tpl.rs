//! What can be wrong with a test planner.

use bytes::Bytes;
use serde_json::{Value, json};

use super::ta::{insert, remove};
use crate::exchange::Role;
use crate::simulate::fault::{Act, Class, Fault, Given};

const fn fault(name: &'static str, class: Class, found_by: &'static [&'static str], act: Act) -> Fault {
    Fault { name, class, role: Role::Tpl, found_by, act }
}

pub(super) fn refused(status: u16) -> Given {
    let problem = json!({ "status": status.to_string(), "title": "Refused" });
    Given { kind: "application/problem+json".to_owned(), ..Given::new(status, &problem) }
}

pub(super) fn accepted(status: u16) -> Given {
    Given { status, kind: String::new(), body: Bytes::new() }
}

#[allow(clippy::too_many_lines, reason = "a list of faults, one after another")]
pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault(
            "tpl-any-token-will-do",
            Class::Access,
            &["ALL-03"],
            Act::Answer(|asked, given| {
                let is_forged = asked
                    .headers
                    .get("authorization")
                    .is_some_and(|value| value == "Bearer a-token-nobody-gave");
                if is_forged && given.status == 401 {
                    *given = refused(404);
                }
            }),
        ),
        fault(
            "tpl-scope-not-checked",
            Class::Access,
            &["ALL-06"],
            Act::Answer(|_, given| {
                if given.status == 403 {
                    *given = refused(400);
                }
            }),
        ),
        fault(
            "tpl-strangers-read-documents",
            Class::Tenancy,
            &["ALL-09"],
            Act::Open(|asked, status| status == 404 && asked.is("GET", "/documents/")),
        ),
        fault(
            "tpl-new-is-200",
            Class::Put,
            &["TPL-1-01", "TPL-1-20"],
            Act::Answer(|_, given| {
                if given.status == 201 {
                    given.status = 200;
                }
            }),
        ),
        fault(
            "tpl-repeat-is-conflict",
            Class::Put,
            &["TPL-1-02", "TPL-1-20"],
            Act::Answer(|asked, given| {
                if given.status == 200 && asked.method == "PUT" {
                    *given = refused(409);
                }
            }),
        ),
        fault(
            "tpl-put-needs-id-in-body",
            Class::Put,
            &["TPL-1-03"],
            Act::Instead(|asked, _| {
                (asked.is("PUT", "/offerings/")
                    && asked.json().is_object()
                    && asked.json().get("offeringId").is_none())
                .then(|| refused(400))
            }),
        ),
        fault(
            "tpl-body-id-not-compared",
            Class::Put,
            &["TPL-1-04", "TPL-1-31"],
            Act::Request(|asked| {
                if asked.method == "PUT" {
                    let mut value = asked.json();
                    for name in ["offeringId", "associationId", "personId"] {
                        if !asked.path.contains("/members/") {
                            remove(&mut value, name);
                        }
                    }
                    if value.is_object() {
                        asked.set(&value);
                    }
                }
            }),
        ),
        fault(
            "tpl-embedded-refused",
            Class::Content,
            &["TPL-1-05", "TPL-1-24"],
            Act::Instead(|asked, _| {
                let value = asked.json();
                let is_embedded = ["component", "organization", "person"]
                    .iter()
                    .any(|name| value.get(name).is_some_and(Value::is_object));
                (asked.method == "PUT" && is_embedded).then(|| refused(400))
            }),
        ),
        fault(
            "tpl-patch-only-merge-type",
            Class::Patch,
            &["TPL-1-06"],
            Act::Instead(|asked, _| {
                let plain = asked.headers.get("content-type").is_some_and(|kind| kind == "application/json");
                (asked.method == "PATCH" && plain).then(|| refused(400))
            }),
        ),
        fault(
            "tpl-patch-without-type-taken",
            Class::Patch,
            &["TPL-1-07", "TPL-1-27", "TPL-3-05", "TPL-4-03"],
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
            "tpl-patch-of-unknown-taken",
            Class::Patch,
            &["TPL-1-08", "TPL-3-04", "ALL-13"],
            Act::Answer(|asked, given| {
                let value = asked.json();
                let has_type = value.get("offeringType").is_some() || value.get("associationType").is_some();
                if asked.method == "PATCH" && matches!(given.status, 400 | 404) && has_type {
                    *given = accepted(200);
                }
            }),
        ),
        fault(
            "tpl-unknown-consumer-refused",
            Class::Content,
            &["TPL-1-09"],
            Act::Instead(|asked, _| {
                let is_foreign =
                    asked.json().get("consumers").and_then(Value::as_array).is_some_and(|list| {
                        list.iter()
                            .any(|entry| entry.get("consumerKey").is_some_and(|key| key != "nl-test-admin"))
                    });
                is_foreign.then(|| refused(400))
            }),
        ),
        fault(
            "tpl-spelling-of-bundle-refused",
            Class::Content,
            &["TPL-1-10"],
            Act::Instead(|asked, _| {
                asked.json().pointer("/consumers/0/finalResultAllowed").is_some().then(|| refused(400))
            }),
        ),
        fault(
            "tpl-missing-dates-taken",
            Class::Content,
            &["TPL-1-11"],
            Act::Request(|asked| {
                if asked.is("PUT", "/offerings/") && asked.json().is_object() {
                    let mut value = asked.json();
                    for (name, filler) in
                        [("startDateTime", "2020-01-01T00:00:00Z"), ("endDateTime", "2040-01-01T00:00:00Z")]
                    {
                        if value.get(name).is_none() {
                            insert(&mut value, name, json!(filler));
                        }
                    }
                    asked.set(&value);
                }
            }),
        ),
        fault(
            "tpl-end-before-start-taken",
            Class::Dates,
            &["TPL-1-12"],
            Act::Request(|asked| {
                if asked.is("PUT", "/offerings/") {
                    let mut value = asked.json();
                    if value
                        .get("endDateTime")
                        .and_then(Value::as_str)
                        .is_some_and(|end| end.starts_with("2020"))
                    {
                        insert(&mut value, "endDateTime", json!("2040-01-01T00:00:00Z"));
                    }
                    if value.is_object() {
                        asked.set(&value);
                    }
                }
            }),
        ),
        fault(
            "tpl-orphans-taken",
            Class::Ordering,
            &["TPL-1-21"],
            Act::Answer(|asked, given| {
                if asked.is("PUT", "/associations/")
                    && given.status == 400
                    && String::from_utf8_lossy(&given.body).contains("/offering:")
                {
                    *given = accepted(201);
                }
            }),
        ),
        fault(
            "tpl-orphans-refused-forever",
            Class::Ordering,
            &["TPL-1-21", "TPL-1-20"],
            Act::Instead(|asked, _| asked.is("PUT", "/associations/").then(|| refused(400))),
        ),
        fault(
            "tpl-unlimited-attempts-refused",
            Class::Attempts,
            &["TPL-1-22"],
            Act::Instead(|asked, _| {
                asked
                    .json()
                    .pointer("/consumers/0/attemptLeft")
                    .is_some_and(Value::is_null)
                    .then(|| refused(400))
            }),
        ),
        fault(
            "tpl-attempt-zero-taken",
            Class::Attempts,
            &["TPL-1-23"],
            Act::Request(|asked| {
                if asked.is("PUT", "/associations/") {
                    let mut value = asked.json();
                    if let Some(attempt) = value.pointer_mut("/consumers/0/attempt") {
                        *attempt = json!(1);
                    }
                    if value.is_object() {
                        asked.set(&value);
                    }
                }
            }),
        ),
        fault(
            "tpl-programmes-refused",
            Class::Content,
            &["TPL-1-25"],
            Act::Instead(|asked, _| {
                (asked.json().get("associationType") == Some(&json!("programOfferingAssociation")))
                    .then(|| refused(400))
            }),
        ),
        fault(
            "tpl-cancelling-twice-refused",
            Class::State,
            &["TPL-1-26"],
            Act::Instead(|asked, memory| {
                use crate::memory::{Kind, Shelf};
                let known: Option<Value> =
                    memory.get(crate::simulate::data::SCHOOL, Shelf::Plan, Kind::Association, asked.id());
                let is_over = known.is_some_and(|known| known.get("state") == Some(&json!("canceled")));
                (asked.is("PATCH", "/associations/") && is_over && asked.json().get("state").is_some())
                    .then(|| refused(409))
            }),
        ),
        fault(
            "tpl-answer-says-old-state",
            Class::State,
            &["TPL-1-26"],
            Act::Answer(|asked, given| {
                if asked.is("PATCH", "/associations/") && given.is_fine() && !given.body.is_empty() {
                    given.edit(|value| insert(value, "state", json!("associated")));
                }
            }),
        ),
        fault(
            "tpl-staff-refused",
            Class::Content,
            &["TPL-1-28"],
            Act::Instead(|asked, _| {
                asked
                    .json()
                    .get("role")
                    .and_then(Value::as_str)
                    .is_some_and(|role| role != "student")
                    .then(|| refused(400))
            }),
        ),
        fault(
            "tpl-needs-must-be-list",
            Class::Content,
            &["TPL-1-30"],
            Act::Instead(|asked, _| {
                asked
                    .json()
                    .pointer("/consumers/0/assignedNeeds")
                    .is_some_and(Value::is_object)
                    .then(|| refused(400))
            }),
        ),
        fault(
            "tpl-surname-not-needed",
            Class::Content,
            &["TPL-1-31"],
            Act::Request(|asked| {
                if asked.is("PUT", "/persons/") {
                    let mut value = asked.json();
                    if value.is_object() && value.get("surname").is_none() {
                        insert(&mut value, "surname", json!("Onbekend"));
                    }
                    asked.set(&value);
                }
            }),
        ),
        fault(
            "tpl-late-results-refused",
            Class::State,
            &["TPL-3-03"],
            Act::Instead(|asked, memory| {
                use crate::memory::{Kind, Shelf};
                let known: Option<Value> =
                    memory.get(crate::simulate::data::SCHOOL, Shelf::Session, Kind::Association, asked.id());
                let is_over = known.is_some_and(|known| known.get("state") == Some(&json!("canceled")));
                (asked.is("PATCH", "/associations/") && asked.json().get("result").is_some() && is_over)
                    .then(|| refused(400))
            }),
        ),
        fault(
            "tpl-late-reports-refused",
            Class::State,
            &["TPL-4-02"],
            Act::Instead(|asked, memory| {
                use crate::memory::{Kind, Shelf};
                let known: Option<Value> =
                    memory.get(crate::simulate::data::SCHOOL, Shelf::Session, Kind::Offering, asked.id());
                let is_over = known.is_some_and(|known| {
                    known.pointer("/consumers/0/offeringState") == Some(&json!("canceled"))
                });
                (asked.is("PATCH", "/offerings/") && is_over).then(|| refused(400))
            }),
        ),
        fault(
            "tpl-result-once-only",
            Class::State,
            &["TPL-3-02"],
            Act::Instead(|asked, memory| {
                use crate::memory::{Kind, Shelf};
                let known: Option<Value> =
                    memory.get(crate::simulate::data::SCHOOL, Shelf::Session, Kind::Association, asked.id());
                let is_done =
                    known.is_some_and(|known| known.pointer("/result/state") == Some(&json!("completed")));
                (asked.is("PATCH", "/associations/")
                    && asked.json().pointer("/result/state") == Some(&json!("completed"))
                    && is_done)
                    .then(|| refused(409))
            }),
        ),
        fault(
            "tpl-attendance-without-score-refused",
            Class::Content,
            &["TPL-3-01"],
            Act::Instead(|asked, _| {
                (asked.is("PATCH", "/associations/")
                    && asked.json().get("result").is_some_and(|result| result.get("score").is_none()))
                .then(|| refused(400))
            }),
        ),
        fault(
            "tpl-weight-required",
            Class::Content,
            &["TPL-3-06"],
            Act::Instead(|asked, _| {
                (asked.is("PATCH", "/associations/")
                    && asked.json().get("result").is_some_and(|result| result.get("weight").is_none()))
                .then(|| refused(400))
            }),
        ),
        fault(
            "tpl-day-as-test-date-refused",
            Class::Dates,
            &["TPL-3-06"],
            Act::Instead(|asked, _| {
                asked
                    .json()
                    .pointer("/result/consumers/0/testDate")
                    .and_then(Value::as_str)
                    .is_some_and(|text| text.len() == 10)
                    .then(|| refused(400))
            }),
        ),
        fault(
            "tpl-odd-document-id-refused",
            Class::Documents,
            &["TPL-3-09"],
            Act::Instead(|asked, _| {
                asked.json().pointer("/result/consumers/0/documents").is_some().then(|| refused(400))
            }),
        ),
        fault(
            "tpl-report-needs-documents",
            Class::Documents,
            &["TPL-4-01"],
            Act::Instead(|asked, _| {
                (asked.is("PATCH", "/offerings/")
                    && asked.json().pointer("/consumers/0/irregularities").is_some()
                    && asked.json().pointer("/consumers/0/documents").is_none())
                .then(|| refused(400))
            }),
        ),
        fault(
            "tpl-document-as-pdf-type",
            Class::Documents,
            &["TPL-5-01"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/documents/") && given.is_fine() {
                    given.kind = "application/pdf".to_owned();
                }
            }),
        ),
        fault(
            "tpl-unknown-document-is-500",
            Class::Documents,
            &["TPL-5-02"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/documents/") && given.status == 404 {
                    given.status = 500;
                }
            }),
        ),
        fault(
            "tpl-members-at-bundle-path",
            Class::Content,
            &["TPL-1-40"],
            Act::Instead(|asked, _| asked.path.contains("/members/").then(|| refused(404))),
        ),
        fault(
            "tpl-empty-report-taken",
            Class::Content,
            &["TPL-3-07"],
            Act::Answer(|asked, given| {
                if asked.is("PATCH", "/associations/")
                    && given.status == 400
                    && asked
                        .json()
                        .as_object()
                        .is_some_and(|object| object.len() == 1 && object.contains_key("associationType"))
                {
                    *given = accepted(200);
                }
            }),
        ),
        fault(
            "tpl-wrong-method-is-500",
            Class::Errors,
            &["ALL-08"],
            Act::Answer(|_, given| {
                if given.status == 405 {
                    given.status = 500;
                }
            }),
        ),
        fault(
            "tpl-errors-in-html",
            Class::Errors,
            &["TPL-5-02", "ALL-07"],
            Act::Answer(|_, given| {
                if given.status >= 400 {
                    given.kind = "text/html".to_owned();
                    given.body = Bytes::from_static(b"<h1>Error</h1>");
                }
            }),
        ),
    ]
}
