//! What can be wrong with what a test delivery system says and keeps.

use bytes::Bytes;
use serde_json::{Value, json};

use super::ta::{fault, insert, ours, remove};
use crate::memory::{Kind, Memory, Shelf};
use crate::simulate::data::SCHOOL;
use crate::simulate::fault::{Act, Class, Fault, Given};

#[allow(clippy::too_many_lines, reason = "a list of faults, one after another")]
pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault(
            "ta-patch-answer-without-message",
            Class::Content,
            &["TA-2-39"],
            Act::Answer(|asked, given| {
                if asked.is("PATCH", "/associations/") && given.is_fine() {
                    given.edit(|value| remove(value, "message"));
                }
            }),
        ),
        fault(
            "ta-unknown-attribute-refused",
            Class::Content,
            &["TA-2-14"],
            Act::Instead(|asked, _| {
                (asked.method == "PUT" && asked.json().get("x-unknown").is_some()).then(|| Given {
                    kind: "application/problem+json".to_owned(),
                    ..Given::new(400, &json!({ "status": "400", "title": "Bad request" }))
                })
            }),
        ),
        fault(
            "ta-cancelled-is-gone",
            Class::State,
            &["TA-2-36"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/associations/") && given.json().get("state") == Some(&json!("canceled"))
                {
                    *given = Given {
                        kind: "application/problem+json".to_owned(),
                        ..Given::new(404, &json!({ "status": "404", "title": "Not found" }))
                    };
                }
            }),
        ),
        fault(
            "ta-cancelled-keeps-person",
            Class::State,
            &["TA-2-37"],
            Act::Instead(|asked, memory| {
                let changes = asked.json();
                if !asked.is("PATCH", "/associations/")
                    || changes.get("state") != Some(&json!("canceled"))
                    || changes.get("associationType").is_none()
                {
                    return None;
                }
                memory.patch(SCHOOL, Shelf::Session, Kind::Association, asked.id(), changes)?;
                Some(Given { status: 200, kind: String::new(), body: Bytes::new() })
            }),
        ),
        fault(
            "ta-cancelled-spelled-british",
            Class::State,
            &["TA-2-36"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/associations/") && given.json().get("state") == Some(&json!("canceled"))
                {
                    given.edit(|value| insert(value, "state", json!("cancelled")));
                }
            }),
        ),
        fault(
            "ta-cancelled-still-starts",
            Class::State,
            &["TA-2-46"],
            Act::Answer(|asked, given| {
                if asked.path.ends_with("/url") && given.status == 404 {
                    *given = Given::new(200, &json!("http://toets.example/begin"));
                }
            }),
        ),
        fault(
            "ta-remote-state-returned",
            Class::State,
            &["TA-2-41"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/associations/") && given.is_fine() && !asked.path.ends_with("/url") {
                    given.edit(|value| insert(value, "remoteState", json!("associated")));
                }
            }),
        ),
        fault(
            "ta-takes-only-three-states",
            Class::State,
            &["TA-2-44"],
            Act::Instead(|asked, _| {
                let state = asked.json().get("state").and_then(Value::as_str).map(str::to_owned);
                (asked.is("PUT", "/associations/")
                    && state.is_some_and(|state| matches!(state.as_str(), "pending" | "denied" | "queued")))
                .then(|| Given {
                    kind: "application/problem+json".to_owned(),
                    ..Given::new(400, &json!({ "status": "400", "title": "Bad request" }))
                })
            }),
        ),
        fault(
            "ta-result-of-planner-taken",
            Class::State,
            &["TA-2-42"],
            Act::After(|asked, given, memory| {
                if asked.is("PUT", "/associations/")
                    && given.is_fine()
                    && let Some(result) = asked.json().get("result").cloned()
                {
                    memory.record_result(SCHOOL, asked.id(), json!({ "result": result }));
                }
            }),
        ),
        fault(
            "ta-put-wipes-result",
            Class::State,
            &["TA-3-05"],
            Act::After(|asked, given, memory| {
                if asked.is("PUT", "/associations/")
                    && given.is_fine()
                    && asked.json().get("result").is_none()
                {
                    memory.record_result(SCHOOL, asked.id(), json!({ "result": null }));
                }
            }),
        ),
        fault(
            "ta-offset-lost",
            Class::Dates,
            &["TA-2-01", "TA-2-02"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/offerings/") && given.is_fine() {
                    given.each(|value| {
                        for name in ["startDateTime", "endDateTime"] {
                            if let Some(text) = value
                                .get(name)
                                .and_then(Value::as_str)
                                .map(|text| text.chars().take(19).collect::<String>())
                            {
                                insert(value, name, json!(text));
                            }
                        }
                    });
                }
            }),
        ),
        fault(
            "ta-local-time-taken-for-utc",
            Class::Dates,
            &["TA-2-02"],
            Act::Request(|asked| {
                if asked.is("PUT", "/offerings/") {
                    let mut value = asked.json();
                    for name in ["startDateTime", "endDateTime"] {
                        if let Some(text) = value
                            .get(name)
                            .and_then(Value::as_str)
                            .filter(|text| text.len() > 19)
                            .map(|text| format!("{}Z", text.chars().take(19).collect::<String>()))
                        {
                            insert(&mut value, name, json!(text));
                        }
                    }
                    asked.set(&value);
                }
            }),
        ),
        fault(
            "ta-end-before-start-taken",
            Class::Dates,
            &["TA-2-18"],
            Act::Request(|asked| {
                if asked.is("PUT", "/offerings/") {
                    let mut value = asked.json();
                    if value
                        .get("endDateTime")
                        .and_then(Value::as_str)
                        .is_some_and(|end| end.starts_with("2020"))
                        && let Some(start) = value.get("startDateTime").cloned()
                    {
                        insert(&mut value, "endDateTime", start);
                    }
                    asked.set(&value);
                }
            }),
        ),
        fault(
            "ta-duration-in-months",
            Class::Dates,
            &["TA-2-01"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/offerings/") && given.is_fine() {
                    given.each(|value| {
                        if let Some(entry) = ours(value)
                            && entry.contains_key("duration")
                        {
                            entry.insert("duration".to_owned(), json!("P60M"));
                        }
                    });
                }
            }),
        ),
        fault(
            "ta-name-as-text",
            Class::Content,
            &["TA-0-01", "TA-2-01"],
            Act::Answer(|asked, given| {
                if asked.method == "GET" && given.is_fine() {
                    given.each(|value| {
                        if let Some(text) = value.pointer("/name/0/value").cloned() {
                            insert(value, "name", text);
                        }
                    });
                }
            }),
        ),
        fault(
            "ta-no-status",
            Class::Content,
            &["TA-0-01"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/components") && given.is_fine() {
                    given.each(|value| {
                        if let Some(entry) = ours(value) {
                            entry.remove("status");
                        }
                    });
                }
            }),
        ),
        fault(
            "ta-weight-missing",
            Class::Content,
            &["TA-3-01"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/associations/") && given.is_fine() {
                    given.edit(|value| {
                        if let Some(result) = value.get_mut("result") {
                            remove(result, "weight");
                        }
                    });
                }
            }),
        ),
        fault(
            "ta-attendance-missing",
            Class::Content,
            &["TA-3-01"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/associations/") && given.is_fine() {
                    given.edit(|value| {
                        if let Some(entry) = value.get_mut("result").and_then(ours) {
                            entry.remove("attendance");
                        }
                    });
                }
            }),
        ),
        fault(
            "ta-extra-time-under-old-name",
            Class::Content,
            &["TA-2-30", "TA-2-43"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/associations/") && given.is_fine() {
                    given.each(|value| {
                        if let Some(entry) = ours(value) {
                            entry.remove("additionalTimeInMin");
                            entry.insert("extraTimeInMin".to_owned(), json!(30));
                        }
                    });
                }
            }),
        ),
        fault(
            "ta-one-start-for-all",
            Class::Content,
            &["TA-2-45"],
            Act::Answer(|asked, given| {
                if asked.path.ends_with("/url") && given.is_fine() {
                    given.set(&json!("http://toets.example/begin"));
                }
            }),
        ),
        fault(
            "ta-start-url-in-object",
            Class::Content,
            &["TA-2-45"],
            Act::Answer(|asked, given| {
                if asked.path.ends_with("/url") && given.is_fine() {
                    given.edit(|value| *value = json!({ "url": value.clone() }));
                }
            }),
        ),
        fault(
            "ta-document-as-pdf-type",
            Class::Documents,
            &["TA-3-02"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/documents/") && given.is_fine() {
                    given.kind = "application/pdf".to_owned();
                }
            }),
        ),
        fault(
            "ta-document-empty",
            Class::Documents,
            &["TA-3-02"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/documents/") && given.is_fine() {
                    given.body = Bytes::new();
                }
            }),
        ),
        fault(
            "ta-odd-document-id-is-500",
            Class::Documents,
            &["TA-3-03"],
            Act::Answer(|asked, given| {
                if asked.path == "/documents/123454" {
                    given.status = 500;
                }
            }),
        ),
        fault(
            "ta-expand-ignored",
            Class::Expand,
            &["TA-2-15", "TA-2-35"],
            Act::Request(|asked| asked.drop_parameter("expand")),
        ),
        fault(
            "ta-always-expanded",
            Class::Expand,
            &["TA-2-15"],
            Act::Request(|asked| {
                if asked.is("GET", "/offerings/")
                    && !asked.path.ends_with("associations")
                    && asked.query.is_empty()
                {
                    asked.query = "expand=component".to_owned();
                }
            }),
        ),
        fault(
            "ta-orphans-taken",
            Class::Ordering,
            &["TA-2-31"],
            Act::Answer(|asked, given| {
                if asked.is("PUT", "/associations/")
                    && given.status == 400
                    && asked.json().get("offering").is_some()
                    && asked.json().get("person").is_some()
                    && asked.json().get("role").is_some()
                    && asked.json().get("state").is_some()
                {
                    *given = Given { status: 201, kind: String::new(), body: Bytes::new() };
                }
            }),
        ),
        fault(
            "ta-missing-parts-taken",
            Class::Content,
            &["TA-2-47"],
            Act::Request(|asked| {
                if asked.is("PUT", "/associations/") && asked.json().is_object() {
                    let mut value = asked.json();
                    if value.get("role").is_none() {
                        insert(&mut value, "role", json!("student"));
                    }
                    if value.get("state").is_none() {
                        insert(&mut value, "state", json!("associated"));
                    }
                    asked.set(&value);
                }
            }),
        ),
        fault(
            "ta-flow-2-needs-component-id",
            Class::Content,
            &["TA-2-19"],
            Act::Instead(|asked, _: &Memory| {
                let embedded = asked.is("PUT", "/offerings/")
                    && asked.json().get("component").is_some_and(Value::is_object);
                embedded.then(|| Given {
                    kind: "application/problem+json".to_owned(),
                    ..Given::new(400, &json!({ "status": "400", "title": "Bad request" }))
                })
            }),
        ),
        fault(
            "ta-past-end-is-404",
            Class::Paging,
            &["TA-0-06"],
            Act::Answer(|asked, given| {
                if asked.query.contains("pageNumber=4000") {
                    *given = Given {
                        kind: "application/problem+json".to_owned(),
                        ..Given::new(404, &json!({ "status": "404", "title": "Not found" }))
                    };
                }
            }),
        ),
    ]
}
