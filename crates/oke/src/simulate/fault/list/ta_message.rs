//! What can be wrong with what a test delivery system says and keeps.

use serde_json::{Value, json};

use super::ta::fault;
use crate::memory::{Kind, Shelf};
use crate::simulate::data::SCHOOL;
use crate::simulate::fault::edit::{accepted, insert, ours, refused, remove};
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
            "ta-cancelled-is-gone",
            Class::State,
            &["TA-2-36"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/associations/") && given.json().get("state") == Some(&json!("canceled"))
                {
                    *given = refused(404);
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
                Some(accepted(200))
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
            "ta-takes-only-three-states",
            Class::State,
            &["TA-2-44"],
            Act::Instead(|asked, _| {
                let state = asked.json().get("state").and_then(Value::as_str).map(str::to_owned);
                (asked.is("PUT", "/associations/")
                    && state.is_some_and(|state| matches!(state.as_str(), "pending" | "denied" | "queued")))
                .then(|| refused(400))
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
            "ta-past-end-is-404",
            Class::Paging,
            &["TA-0-06"],
            Act::Answer(|asked, given| {
                if asked.query.contains("pageNumber=4000") {
                    *given = refused(404);
                }
            }),
        ),
    ]
}
