//! What can be wrong with a student administration, besides what can be wrong with others too.

use serde_json::{Value, json};

use crate::exchange::Role;
use crate::memory::{Kind, Shelf};
use crate::simulate::data::SCHOOL;
use crate::simulate::fault::edit::{accepted, insert, known, ours, refused, remove};
use crate::simulate::fault::{Act, Class, Fault, Given};

const fn fault(name: &'static str, class: Class, found_by: &'static [&'static str], act: Act) -> Fault {
    Fault { name, class, role: Role::Sis, found_by, act }
}

#[allow(clippy::too_many_lines, reason = "a list of faults, one after another")]
pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault(
            "sis-strangers-see-tests",
            Class::Tenancy,
            &["ALL-09"],
            Act::Open(|asked, status| status == 404 && asked.is("GET", "/offerings/")),
        ),
        fault(
            "sis-period-ignored",
            Class::Filter,
            &["SIS-1-05"],
            Act::Request(|asked| {
                asked.drop_parameter("since");
                asked.drop_parameter("until");
            }),
        ),
        fault(
            "sis-until-exclusive",
            Class::Dates,
            &["SIS-1-05"],
            Act::Request(|asked| {
                let until = asked
                    .query
                    .split('&')
                    .find_map(|pair| pair.strip_prefix("until="))
                    .filter(|until| until.len() == 10)
                    .map(str::to_owned);
                if let Some(until) = until {
                    asked.drop_parameter("until");
                    asked.query.push_str(&format!("&until={until}T00:00:00Z"));
                }
            }),
        ),
        fault(
            "sis-only-whole-tests-in-period",
            Class::Dates,
            &["SIS-1-05"],
            Act::Answer(|asked, given| {
                if asked.path == "/offerings" && given.is_fine() {
                    let until = asked
                        .query
                        .split('&')
                        .find_map(|pair| pair.strip_prefix("until="))
                        .unwrap_or("9999")
                        .to_owned();
                    given.edit(|value| {
                        if let Some(items) = value.get_mut("items").and_then(Value::as_array_mut) {
                            items.retain(|item| {
                                item.get("endDateTime")
                                    .and_then(Value::as_str)
                                    .is_some_and(|end| end.get(..10) < until.get(..10))
                            });
                        }
                    });
                }
            }),
        ),
        fault(
            "sis-moments-refused",
            Class::Dates,
            &["SIS-1-06"],
            Act::Instead(|asked, _| {
                (asked.path == "/offerings" && asked.query.contains("T00")).then(|| refused(400))
            }),
        ),
        fault(
            "sis-nonsense-period-taken",
            Class::Filter,
            &["SIS-1-06"],
            Act::Request(|asked| {
                if asked.query.contains("since=gisteren") {
                    asked.drop_parameter("since");
                }
            }),
        ),
        fault(
            "sis-result-expected-as-text",
            Class::Content,
            &["SIS-1-01"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/offerings") && given.is_fine() {
                    given.each(|value| {
                        if value.get("resultExpected").is_some() {
                            insert(value, "resultExpected", json!("true"));
                        }
                    });
                }
            }),
        ),
        fault(
            "sis-list-differs-from-test",
            Class::Content,
            &["SIS-1-07"],
            Act::Answer(|asked, given| {
                if asked.path == "/offerings" && given.is_fine() {
                    given.each(|value| remove(value, "resultValueType"));
                }
            }),
        ),
        fault(
            "sis-unknown-expand-taken",
            Class::Expand,
            &["SIS-1-13"],
            Act::Request(|asked| {
                if asked.query.contains("expand=everything") {
                    asked.drop_parameter("expand");
                }
            }),
        ),
        fault(
            "sis-unknown-is-400",
            Class::Errors,
            &["SIS-1-09"],
            Act::Answer(|asked, given| {
                if given.status == 404 && asked.method == "GET" {
                    given.status = 400;
                }
            }),
        ),
        fault(
            "sis-enrolments-of-other-test",
            Class::Filter,
            &["SIS-1-10"],
            Act::Answer(|asked, given| {
                if asked.path.ends_with("/associations") && asked.is("GET", "/offerings/") && given.is_fine()
                {
                    given.each(|value| {
                        insert(value, "offering", json!(crate::outside::id_of("another test")))
                    });
                }
            }),
        ),
        fault(
            "sis-person-without-mail",
            Class::Content,
            &["SIS-1-14"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/persons/") && given.is_fine() {
                    given.edit(|value| remove(value, "mail"));
                }
            }),
        ),
        fault(
            "sis-organisation-misspelled",
            Class::Content,
            &["SIS-1-15"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/organizations/") && given.is_fine() {
                    given.edit(|value| {
                        if let Some(id) = value.get("organizationId").cloned() {
                            remove(value, "organizationId");
                            insert(value, "organizationID", id);
                        }
                    });
                }
            }),
        ),
        fault(
            "sis-no-attempt",
            Class::Attempts,
            &["SIS-1-17"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/associations/") && given.is_fine() {
                    given.edit(|value| {
                        if let Some(entry) = ours(value) {
                            entry.remove("attempt");
                        }
                    });
                }
            }),
        ),
        fault(
            "sis-result-replaced-whole",
            Class::Patch,
            &["SIS-5-02"],
            Act::Instead(|asked, memory| {
                if !asked.is("PATCH", "/associations/") || asked.json().get("associationType").is_none() {
                    return None;
                }
                let mut value = known(memory, Kind::Association, asked.id())?;
                let result = asked.json().get("result").cloned().unwrap_or_default();
                insert(&mut value, "result", result);
                memory.put(SCHOOL, Shelf::Plan, Kind::Association, asked.id(), &value);
                Some(accepted(200))
            }),
        ),
        fault(
            "sis-result-lost",
            Class::Patch,
            &["SIS-5-01", "SIS-5-03"],
            Act::Instead(|asked, _| {
                (asked.is("PATCH", "/associations/") && asked.json().get("associationType").is_some())
                    .then(|| accepted(200))
            }),
        ),
        fault(
            "sis-late-result-revives",
            Class::State,
            &["SIS-5-05"],
            Act::After(|asked, given, memory| {
                if asked.is("PATCH", "/associations/") && given.is_fine() {
                    memory.patch(
                        SCHOOL,
                        Shelf::Plan,
                        Kind::Association,
                        asked.id(),
                        json!({ "state": "associated" }),
                    );
                }
            }),
        ),
        fault(
            "sis-attempts-refused",
            Class::Attempts,
            &["SIS-5-07"],
            Act::Instead(|asked, _| asked.is("PUT", "/associations/").then(|| refused(400))),
        ),
        fault(
            "sis-attempt-overwrites-first",
            Class::Attempts,
            &["SIS-5-08"],
            Act::After(|asked, given, memory| {
                if asked.is("PUT", "/associations/") && given.is_fine() {
                    let value = asked.json();
                    if let (Some(id), Some(result)) = (
                        value.pointer("/consumers/0/orgAssociationId").and_then(Value::as_str),
                        value.get("result"),
                    ) {
                        memory.patch(SCHOOL, Shelf::Plan, Kind::Association, id, json!({ "result": result }));
                    }
                }
            }),
        ),
        fault(
            "sis-unforeseen-attempts-refused",
            Class::Attempts,
            &["SIS-5-09"],
            Act::Instead(|asked, memory| {
                let value = asked.json();
                let enrolment = value.pointer("/consumers/0/orgAssociationId").and_then(Value::as_str)?;
                let mut known = known(memory, Kind::Association, enrolment)?;
                let left = ours(&mut known).and_then(|entry| entry.get("attemptLeft").cloned());
                (asked.is("PUT", "/associations/") && left == Some(json!(0))).then(|| refused(400))
            }),
        ),
        fault(
            "sis-attempt-of-nobody-taken",
            Class::Attempts,
            &["SIS-5-10"],
            Act::Answer(|asked, given| {
                if asked.is("PUT", "/associations/")
                    && given.status == 400
                    && asked.json().pointer("/consumers/0/orgAssociationId").is_some()
                {
                    *given = accepted(201);
                }
            }),
        ),
        fault(
            "sis-result-changes-role",
            Class::Patch,
            &["SIS-5-11"],
            Act::After(|asked, given, memory| {
                if asked.is("PATCH", "/associations/")
                    && given.is_fine()
                    && let Some(role) = asked.json().get("role").cloned()
                {
                    memory.patch(SCHOOL, Shelf::Plan, Kind::Association, asked.id(), json!({ "role": role }));
                }
            }),
        ),
        fault(
            "sis-any-score-taken",
            Class::Content,
            &["SIS-5-12"],
            Act::Answer(|asked, given| {
                if asked.is("PATCH", "/associations/")
                    && given.status == 400
                    && asked.json().pointer("/result/score") == Some(&json!("geen-score"))
                {
                    *given = accepted(200);
                }
            }),
        ),
        fault(
            "sis-programmes-not-expanded",
            Class::Expand,
            &["SIS-6-01"],
            Act::Request(|asked| {
                if asked.is("GET", "/persons/") {
                    asked.drop_parameter("expand");
                }
            }),
        ),
        fault(
            "sis-flow-6-gives-everything",
            Class::Filter,
            &["SIS-6-01"],
            Act::Instead(|asked, memory| {
                if !(asked.is("GET", "/persons/") && asked.path.ends_with("/associations"))
                    || asked.headers.get("authorization").is_none()
                {
                    return None;
                }
                known(memory, Kind::Person, asked.id())?;
                let all: Vec<Value> = memory.all(SCHOOL, Shelf::Plan, Kind::Association);
                let items: Vec<_> = all
                    .into_iter()
                    .filter(|item| item.get("person").and_then(Value::as_str) == Some(asked.id()))
                    .take(10)
                    .collect();
                Some(Given::new(
                    200,
                    &json!({ "pageSize": 10, "pageNumber": 1, "hasPreviousPage": false, "hasNextPage": false, "items": items }),
                ))
            }),
        ),
        fault(
            "sis-person-embedded-in-flow-6",
            Class::Expand,
            &["SIS-6-02"],
            Act::Answer(|asked, given| {
                if asked.is("GET", "/persons/") && asked.path.ends_with("/associations") && given.is_fine() {
                    given.each(|value| {
                        insert(value, "person", json!({ "personId": crate::outside::id_of("student 0") }))
                    });
                }
            }),
        ),
    ]
}
