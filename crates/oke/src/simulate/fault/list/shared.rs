//! What can be wrong with more than one party: told once, with the tests of each party that must find it.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::exchange::Role;
use crate::memory::Kind;
use crate::simulate::data::SCHOOL;
use crate::simulate::fault::edit::{
    accepted, has_type, insert, ours, plain_merge, refused, remove, stored, subject,
};
use crate::simulate::fault::{Act, Class, Fault, Given};

/// The same fault in several parties: `name, class, { party: tests that find it }, what it does`.
macro_rules! shared {
    ( $( $name:literal, $class:ident, { $( $role:ident: [ $($case:literal),+ ] ),+ $(,)? }, $act:expr; )+ ) => {
        vec![ $( $( Fault {
            name: concat!(stringify!($role), "-", $name),
            class: Class::$class,
            role: shared!(@role $role),
            found_by: &[ $($case),+ ],
            act: $act,
        }, )+ )+ ]
    };
    (@role sis) => { Role::Sis };
    (@role tpl) => { Role::Tpl };
    (@role ta) => { Role::Ta };
}

#[allow(clippy::too_many_lines, reason = "a list of faults, one after another")]
pub(super) fn faults() -> Vec<Fault> {
    shared! {
        "no-token-needed", Access, { ta: ["ALL-02"], tpl: ["ALL-02"], sis: ["ALL-02"] },
            Act::Open(|asked, status| status == 401 && !asked.headers.contains_key("authorization"));
        "any-token-will-do", Access, { ta: ["ALL-03"], tpl: ["ALL-03"], sis: ["ALL-03"] },
            Act::Open(|asked, status| status == 401 && asked.headers.contains_key("authorization"));
        "scope-not-checked", Access, { ta: ["ALL-06"], tpl: ["ALL-06"], sis: ["ALL-06"] },
            Act::Open(|_, status| status == 403);
        "wrong-scope-is-401", Access, { ta: ["ALL-06"], tpl: ["ALL-06"], sis: ["ALL-06"] },
            Act::Answer(|_, given| {
                if given.status == 403 {
                    given.status = 401;
                }
            });
        "errors-as-plain-json", Errors,
            { ta: ["ALL-02", "TA-0-10"], tpl: ["ALL-02", "TPL-5-02"], sis: ["ALL-02", "SIS-1-09"] },
            Act::Answer(|_, given| {
                if given.status >= 400 {
                    given.kind = "application/json".to_owned();
                }
            });
        "errors-in-html", Errors, { ta: ["ALL-07", "TA-0-10"], tpl: ["ALL-07", "TPL-5-02"], sis: ["ALL-07", "SIS-1-09"] },
            Act::Answer(|_, given| {
                if given.status >= 400 {
                    given.kind = "text/html".to_owned();
                    given.body = Bytes::from_static(b"<h1>Error</h1>");
                }
            });
        "problem-status-is-a-number", Errors, { ta: ["TA-0-10"], tpl: ["TPL-5-02"], sis: ["SIS-1-09"] },
            Act::Answer(|_, given| {
                if given.status >= 400 {
                    let status = given.status;
                    given.edit(|value| insert(value, "status", json!(status)));
                }
            });
        "errors-without-title", Errors, { ta: ["TA-0-10"], tpl: ["TPL-5-02"], sis: ["SIS-1-09"] },
            Act::Answer(|_, given| {
                if given.status >= 400 {
                    given.edit(|value| remove(value, "title"));
                }
            });
        "unknown-is-500", Errors, { ta: ["TA-0-10", "TA-2-17"], tpl: ["TPL-5-02"], sis: ["SIS-1-09"] },
            Act::Answer(|_, given| {
                if given.status == 404 {
                    given.status = 500;
                }
            });
        "unknown-is-empty-200", Errors, { ta: ["TA-0-10", "TA-2-17"], tpl: ["TPL-5-02"], sis: ["SIS-1-09"] },
            Act::Answer(|asked, given| {
                if given.status == 404 && asked.method == "GET" {
                    *given = Given::new(200, &json!({}));
                }
            });
        "bad-json-is-500", Errors, { ta: ["ALL-10"], tpl: ["ALL-10"], sis: ["ALL-10"] },
            Act::Answer(|asked, given| {
                if given.status == 400 && asked.json().is_null() {
                    given.status = 500;
                }
            });
        "wrong-method-is-500", Errors, { ta: ["ALL-08"], tpl: ["ALL-08"], sis: ["ALL-08"] },
            Act::Answer(|_, given| {
                if given.status == 405 {
                    given.status = 500;
                }
            });
        "metadata-without-consumer", Content, { ta: ["ALL-01"], tpl: ["ALL-01"], sis: ["ALL-01"] },
            Act::Answer(|asked, given| {
                if asked.path == "/" {
                    given.edit(|value| remove(value, "supportedConsumers"));
                }
            });
        "page-size-ignored", Paging, { ta: ["TA-0-02"], sis: ["SIS-1-03"] },
            Act::Request(|asked| asked.drop_parameter("pageSize"));
        "page-number-ignored", Paging, { ta: ["TA-0-03", "TA-2-33"], sis: ["SIS-1-02", "SIS-1-11"] },
            Act::Request(|asked| asked.drop_parameter("pageNumber"));
        "never-a-next-page", Paging, { ta: ["TA-0-03", "TA-2-33"], sis: ["SIS-1-02", "SIS-1-11"] },
            Act::Answer(|_, given| say_next_page(given, false));
        "always-a-next-page", Paging, { ta: ["TA-0-03", "TA-2-33"], sis: ["SIS-1-02", "SIS-1-11"] },
            Act::Answer(|_, given| say_next_page(given, true));
        "last-item-lost", Paging, { ta: ["TA-0-03", "TA-2-33"], sis: ["SIS-1-02"] },
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
            });
        "odd-page-size-taken", Paging, { ta: ["TA-0-05"], sis: ["SIS-1-04"] },
            Act::Request(|asked| {
                if asked.query.contains("pageSize=11") {
                    asked.drop_parameter("pageSize");
                }
            });
        "list-without-size", Paging, { ta: ["TA-0-01"], sis: ["SIS-1-01"] },
            Act::Answer(|asked, given| {
                if matches!(asked.path.as_str(), "/offerings" | "/components") && given.is_fine() {
                    given.edit(|value| remove(value, "pageSize"));
                }
            });
        "bare-list", Paging, { ta: ["TA-0-01"], sis: ["SIS-1-01"] },
            Act::Answer(|asked, given| {
                if matches!(asked.path.as_str(), "/offerings" | "/components") && given.is_fine() {
                    given.edit(|value| {
                        if let Some(items) = value.get_mut("items").map(Value::take) {
                            *value = items;
                        }
                    });
                }
            });
        "search-ignored", Filter, { ta: ["TA-0-07"], sis: ["SIS-1-16"] },
            Act::Request(|asked| asked.drop_parameter("q"));
        "role-ignored", Filter, { ta: ["TA-2-34"], sis: ["SIS-1-12"] },
            Act::Request(|asked| asked.drop_parameter("role"));
        "state-ignored", Filter, { ta: ["TA-2-34"], sis: ["SIS-1-12"] },
            Act::Request(|asked| asked.drop_parameter("state"));
        "new-is-200", Put,
            { ta: ["TA-2-01", "TA-2-30"], tpl: ["TPL-1-01", "TPL-1-20"], sis: ["SIS-5-07"] },
            Act::Answer(|_, given| {
                if given.status == 201 {
                    given.status = 200;
                }
            });
        "repeat-is-conflict", Put,
            { ta: ["TA-2-03", "TA-2-32"], tpl: ["TPL-1-02", "TPL-1-20"], sis: ["SIS-5-07"] },
            Act::Answer(|asked, given| {
                if given.status == 200 && asked.method == "PUT" {
                    *given = refused(409);
                }
            });
        "put-needs-id-in-body", Put, { ta: ["TA-2-05"], tpl: ["TPL-1-03"] },
            Act::Instead(|asked, _| {
                let lacks = asked.is("PUT", "/offerings/")
                    && asked.json().is_object()
                    && asked.json().get("offeringId").is_none();
                lacks.then(|| refused(400))
            });
        "patch-replaces-consumers", Patch, { ta: ["TA-2-07", "TA-2-08"], sis: ["SIS-5-01", "SIS-5-02"] },
            Act::Instead(|asked, memory| {
                let kind = subject(asked).filter(|_| asked.method == "PATCH" && has_type(&asked.json()))?;
                let (shelf, mut value) = stored(memory, kind, asked.id())?;
                plain_merge(&mut value, &asked.json());
                memory.put(SCHOOL, shelf, kind, asked.id(), &value);
                Some(accepted(200))
            });
        "patch-without-type-taken", Patch, {
                ta: ["TA-2-10", "TA-2-38"],
                tpl: ["TPL-1-07", "TPL-1-27", "TPL-3-05", "TPL-4-03"],
                sis: ["SIS-5-06"],
            },
            Act::Request(|asked| {
                if asked.method == "PATCH" {
                    let mut value = asked.json();
                    match subject(asked) {
                        Some(Kind::Offering) => insert(&mut value, "offeringType", json!("component")),
                        _ => insert(&mut value, "associationType", json!("componentOfferingAssociation")),
                    }
                    asked.set(&value);
                }
            });
        "patch-only-merge-type", Patch, { ta: ["TA-2-12"], tpl: ["TPL-1-06"] },
            Act::Instead(|asked, _| {
                let plain = asked.headers.get("content-type").is_some_and(|kind| kind == "application/json");
                (asked.method == "PATCH" && plain).then(|| refused(400))
            });
    "patch-only-plain-type", Patch, { ta: ["TA-2-07"], tpl: ["TPL-1-26"], sis: ["SIS-5-01"] },
            Act::Instead(|asked, _| {
                let kind = asked.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
                (asked.method == "PATCH" && kind.contains("merge-patch")).then(|| refused(400))
            });
                "patch-of-unknown-taken", Patch, {
                ta: ["ALL-13", "TA-2-11"],
                tpl: ["ALL-13", "TPL-1-08", "TPL-3-04"],
                sis: ["ALL-13"],
            },
            Act::Answer(|asked, given| {
                if asked.method == "PATCH" && matches!(given.status, 400 | 404) && has_type(&asked.json()) {
                    *given = accepted(200);
                }
            });
        "remote-state-returned", State, { ta: ["TA-2-41"], sis: ["SIS-1-10", "SIS-5-11"] },
            Act::Answer(|asked, given| {
                let is_url = asked.path.ends_with("/url");
                if asked.method == "GET" && asked.path.contains("associations") && given.is_fine() && !is_url {
                    given.each(|value| insert(value, "remoteState", json!("associated")));
                }
            });
        "late-results-refused", State, { tpl: ["TPL-3-03"], sis: ["SIS-5-05"] },
            Act::Instead(|asked, memory| {
                let (_, known) = stored(memory, Kind::Association, asked.id())?;
                let is_over = known.get("state") == Some(&json!("canceled"));
                let is_result = asked.is("PATCH", "/associations/") && asked.json().get("result").is_some();
                (is_result && is_over).then(|| refused(400))
            });
        "result-once-only", State, { tpl: ["TPL-3-02"], sis: ["SIS-5-03"] },
            Act::Instead(|asked, memory| {
                let (_, known) = stored(memory, Kind::Association, asked.id())?;
                let is_done = known.pointer("/result/state") == Some(&json!("completed"));
                let is_new = asked.json().pointer("/result/state") == Some(&json!("completed"));
                (asked.is("PATCH", "/associations/") && is_done && is_new).then(|| refused(409))
            });
        "end-before-start-taken", Dates, { ta: ["TA-2-18"], tpl: ["TPL-1-12"] },
            Act::Request(|asked| {
                let mut value = asked.json();
                let is_past = |value: &Value| {
                    value.get("endDateTime").and_then(Value::as_str).is_some_and(|end| end.starts_with("2020"))
                };
                if asked.is("PUT", "/offerings/") && is_past(&value) {
                    insert(&mut value, "endDateTime", json!("2040-01-01T00:00:00Z"));
                    asked.set(&value);
                }
            });
        "unknown-attribute-refused", Content, { ta: ["TA-2-14"], tpl: ["TPL-1-09"] },
            Act::Instead(|asked, _| {
                let value = asked.json();
                let is_foreign = value.get("consumers").and_then(Value::as_array).is_some_and(|list| {
                    list.iter().any(|entry| {
                        entry.get("consumerKey").and_then(Value::as_str).is_some_and(|key| key.starts_with("x-"))
                    })
                });
                (asked.method == "PUT" && is_foreign).then(|| refused(400))
            });
        "embedded-test-refused", Content, { ta: ["TA-2-19"], tpl: ["TPL-1-05"] },
            Act::Instead(|asked, _| {
                let is_embedded = asked.json().get("component").is_some_and(Value::is_object);
                (asked.is("PUT", "/offerings/") && is_embedded).then(|| refused(400))
            });
        "orphans-taken", Ordering, { ta: ["TA-2-31"], tpl: ["TPL-1-21"] },
            Act::Answer(|asked, given| {
                if asked.is("PUT", "/associations/")
                    && given.status == 400
                    && String::from_utf8_lossy(&given.body).contains("/offering:")
                {
                    *given = accepted(201);
                }
            });
        "orphans-refused-forever", Ordering, { ta: ["TA-2-30", "TA-2-31"], tpl: ["TPL-1-20", "TPL-1-21"] },
            Act::Instead(|asked, _| asked.is("PUT", "/associations/").then(|| refused(400)));
        "document-as-pdf-type", Documents, { ta: ["TA-3-02"], tpl: ["TPL-5-01"] },
            Act::Answer(|asked, given| {
                if asked.is("GET", "/documents/") && given.is_fine() {
                    given.kind = "application/pdf".to_owned();
                }
            });
        "document-empty", Documents, { ta: ["TA-3-02"], tpl: ["TPL-5-01"] },
            Act::Answer(|asked, given| {
                if asked.is("GET", "/documents/") && given.is_fine() {
                    given.body = Bytes::new();
                }
            });
        "odd-document-id-is-500", Documents, { ta: ["TA-3-03"], tpl: ["TPL-5-02"] },
            Act::Answer(|asked, given| {
                if asked.path == "/documents/123454" {
                    given.status = 500;
                }
            });
        "expand-ignored", Expand,
            { ta: ["TA-2-15", "TA-2-35"], sis: ["SIS-1-08", "SIS-1-13", "SIS-1-15"] },
            Act::Request(|asked| asked.drop_parameter("expand"));
        "always-expanded", Expand, { ta: ["TA-2-15"], sis: ["SIS-1-13"] },
            Act::Request(|asked| {
                let is_one = asked.method == "GET" && asked.path.split('/').count() == 3;
                if is_one && asked.query.is_empty() {
                    match subject(asked) {
                        Some(Kind::Offering) => asked.query = "expand=component".to_owned(),
                        Some(Kind::Association) => asked.query = "expand=person".to_owned(),
                        _ => {}
                    }
                }
            });
        "offering-state-lost", Content, { ta: ["TA-2-01"], sis: ["SIS-1-01"] },
            Act::Answer(|asked, given| {
                if asked.is("GET", "/offerings") && given.is_fine() {
                    given.each(|value| {
                        if let Some(entry) = ours(value) {
                            entry.remove("offeringState");
                        }
                    });
                }
            });
    }
}

fn say_next_page(given: &mut Given, is_there: bool) {
    if given.is_fine() && given.json().get("hasNextPage").is_some() {
        given.edit(|value| insert(value, "hasNextPage", json!(is_there)));
    }
}
