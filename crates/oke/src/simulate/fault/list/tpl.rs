//! What can be wrong with a test planner, besides what can be wrong with others too.

use serde_json::{Value, json};

use crate::exchange::Role;
use crate::memory::Kind;
use crate::simulate::fault::edit::{accepted, insert, known, refused, remove};
use crate::simulate::fault::{Act, Class, Fault};

const fn fault(name: &'static str, class: Class, found_by: &'static [&'static str], act: Act) -> Fault {
    Fault { name, class, role: Role::Tpl, found_by, act }
}

#[allow(clippy::too_many_lines, reason = "a list of faults, one after another")]
pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault(
            "tpl-strangers-read-documents",
            Class::Tenancy,
            &["ALL-09"],
            Act::Open(|asked, status| status == 404 && asked.is("GET", "/documents/")),
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
                let found = known(memory, Kind::Association, asked.id());
                let is_over = found.is_some_and(|known| known.get("state") == Some(&json!("canceled")));
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
            "tpl-late-reports-refused",
            Class::State,
            &["TPL-4-02"],
            Act::Instead(|asked, memory| {
                let found = known(memory, Kind::Offering, asked.id());
                let is_over = found.is_some_and(|known| {
                    known.pointer("/consumers/0/offeringState") == Some(&json!("canceled"))
                });
                (asked.is("PATCH", "/offerings/") && is_over).then(|| refused(400))
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
    ]
}
