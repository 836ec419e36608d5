//! What can be wrong with what a party sends when it is the one that calls.

use serde_json::{Value, json};

use crate::client::Call;
use crate::exchange::{Method, Role};
use crate::outside::id_of;
use crate::simulate::fault::edit::{insert, ours, remove};
use crate::simulate::fault::{Act, Class, Fault};

const fn fault(
    name: &'static str,
    role: Role,
    class: Class,
    found_by: &'static [&'static str],
    act: Act,
) -> Fault {
    Fault { name, class, role, found_by, act }
}

pub(super) fn faults() -> Vec<Fault> {
    [delivery(), planner(), administration()].concat()
}

/// Whether a call is this one.
fn is(call: &Call, method: Method, kind: &str) -> bool {
    call.method == method && call.path.starts_with(kind)
}

/// The call with its body changed.
fn edited(mut call: Call, change: impl FnOnce(&mut Value)) -> Option<Call> {
    if let Some(body) = &mut call.body {
        change(body);
    }
    Some(call)
}

/// The call with its result changed, if it reports one.
fn with_result(call: Call, change: impl FnOnce(&mut Value)) -> Option<Call> {
    edited(call, |body| {
        if let Some(result) = body.get_mut("result") {
            change(result);
        }
    })
}

fn has_score(call: &Call) -> bool {
    call.body.as_ref().is_some_and(|body| body.pointer("/result/score").is_some())
}

fn is_result(call: &Call) -> bool {
    call.path.starts_with("/associations/")
        && call.body.as_ref().is_some_and(|body| body.get("result").is_some())
}

fn is_report(call: &Call) -> bool {
    is(call, Method::Patch, "/offerings/")
        && call.body.as_ref().is_some_and(|body| body.pointer("/consumers/0/irregularities").is_some())
}

/// Moments as they stand on the wall, without offset.
fn without_offset(body: &mut Value) {
    for name in ["startDateTime", "endDateTime"] {
        let text =
            body.get(name).and_then(Value::as_str).map(|text| text.chars().take(19).collect::<String>());
        if let Some(text) = text {
            insert(body, name, json!(text));
        }
    }
}

#[allow(clippy::too_many_lines, reason = "a list of faults, one after another")]
fn delivery() -> Vec<Fault> {
    let fault = |name, class, found_by, act| fault(name, Role::Ta, class, found_by, act);
    vec![
        fault(
            "ta-keeps-results",
            Class::State,
            &["CALL-TA-1"],
            Act::Send(|call| (!is_result(&call)).then_some(call)),
        ),
        fault(
            "ta-sends-attendance-in-dutch",
            Class::Content,
            &["CALL-TA-1"],
            Act::Send(|call| {
                with_result(call, |result| {
                    if let Some(entry) = ours(result) {
                        entry.insert("attendance".to_owned(), json!("aanwezig"));
                    }
                })
            }),
        ),
        fault(
            "ta-sends-no-attendance",
            Class::Content,
            &["CALL-TA-1"],
            Act::Send(|call| {
                with_result(call, |result| {
                    if let Some(entry) = ours(result) {
                        entry.remove("attendance");
                    }
                })
            }),
        ),
        fault(
            "ta-sends-weight-one",
            Class::Content,
            &["CALL-TA-1", "CALL-TA-4"],
            Act::Send(|call| with_result(call, |result| insert(result, "weight", json!(1)))),
        ),
        fault(
            "ta-sends-id-in-patch",
            Class::Patch,
            &["CALL-TA-1"],
            Act::Send(|call| {
                let id = call.path.rsplit('/').next().unwrap_or_default().to_owned();
                let is_result = is_result(&call);
                edited(call, |body| {
                    if is_result {
                        insert(body, "associationId", json!(id));
                    }
                })
            }),
        ),
        fault(
            "ta-sends-results-without-type",
            Class::Patch,
            &["CALL-TA-1"],
            Act::Send(|call| edited(call, |body| remove(body, "associationType"))),
        ),
        fault(
            "ta-sends-days-the-dutch-way",
            Class::Dates,
            &["CALL-TA-1", "CALL-TA-4"],
            Act::Send(|call| with_result(call, |result| insert(result, "resultDate", json!("22-06-2026")))),
        ),
        fault(
            "ta-keeps-reports",
            Class::State,
            &["CALL-TA-2"],
            Act::Send(|call| (!is_report(&call)).then_some(call)),
        ),
        fault(
            "ta-sends-reports-without-irregularities",
            Class::Content,
            &["CALL-TA-2"],
            Act::Send(|call| {
                let is_report = is_report(&call);
                edited(call, |body| {
                    if let Some(entry) = ours(body).filter(|_| is_report) {
                        entry.remove("irregularities");
                    }
                })
            }),
        ),
        fault(
            "ta-cancels-in-reports",
            Class::State,
            &["CALL-TA-2"],
            Act::Send(|call| {
                let is_report = is_report(&call);
                edited(call, |body| {
                    if let Some(entry) = ours(body).filter(|_| is_report) {
                        entry.insert("offeringState".to_owned(), json!("canceled"));
                    }
                })
            }),
        ),
        fault(
            "ta-sends-reports-as-associations",
            Class::Patch,
            &["CALL-TA-2"],
            Act::Send(|call| {
                let is_report = is_report(&call);
                edited(call, |body| {
                    if is_report {
                        remove(body, "offeringType");
                        insert(body, "associationType", json!("componentOfferingAssociation"));
                    }
                })
            }),
        ),
        fault(
            "ta-names-documents-it-has-not",
            Class::Documents,
            &["CALL-TA-3"],
            Act::Send(|call| {
                with_result(call, |result| {
                    let entry = ours(result).and_then(|entry| entry.get_mut("documents"));
                    if let Some(document) = entry.and_then(|list| list.get_mut(0)) {
                        insert(document, "documentId", json!(id_of("a document nobody has")));
                    }
                })
            }),
        ),
        fault(
            "ta-sends-scores-in-words",
            Class::Content,
            &["CALL-TA-4"],
            Act::Send(|call| {
                let has_score = has_score(&call);
                with_result(call, |result| {
                    if has_score {
                        insert(result, "score", json!("ruim voldoende"));
                    }
                })
            }),
        ),
        fault(
            "ta-sends-scores-in-progress",
            Class::State,
            &["CALL-TA-4"],
            Act::Send(|call| {
                let has_score = has_score(&call);
                with_result(call, |result| {
                    if has_score {
                        insert(result, "state", json!("in progress"));
                    }
                })
            }),
        ),
        fault("ta-gives-up-after-an-outage", Class::Errors, &["CALL-TA-5"], Act::GiveUp),
    ]
}

#[allow(clippy::too_many_lines, reason = "a list of faults, one after another")]
fn planner() -> Vec<Fault> {
    let fault = |name, class, found_by, act| fault(name, Role::Tpl, class, found_by, act);
    vec![
        fault(
            "tpl-pulls-without-since",
            Class::Filter,
            &["CALL-TPL-1"],
            Act::Send(|mut call| {
                call.query.retain(|(name, _)| name != "since");
                Some(call)
            }),
        ),
        fault(
            "tpl-asks-odd-pages",
            Class::Paging,
            &["CALL-TPL-1"],
            Act::Send(|mut call| {
                for (_, value) in call.query.iter_mut().filter(|(name, _)| name == "pageSize") {
                    *value = "25".to_owned();
                }
                Some(call)
            }),
        ),
        fault(
            "tpl-reads-first-page-only",
            Class::Paging,
            &["CALL-TPL-6"],
            Act::Send(|mut call| {
                for (_, value) in call.query.iter_mut().filter(|(name, _)| name == "pageSize") {
                    *value = "10".to_owned();
                }
                let is_first = !call.query.iter().any(|(name, value)| name == "pageNumber" && value != "1");
                is_first.then_some(call)
            }),
        ),
        fault(
            "tpl-sends-participations-without-session",
            Class::Ordering,
            &["CALL-TPL-2"],
            Act::Send(|call| (!is(&call, Method::Put, "/offerings/")).then_some(call)),
        ),
        fault(
            "tpl-sends-persons-as-ids",
            Class::Content,
            &["CALL-TPL-2"],
            Act::Send(|call| {
                edited(call, |body| {
                    if let Some(id) = body.pointer("/person/personId").cloned() {
                        insert(body, "person", id);
                    }
                })
            }),
        ),
        fault(
            "tpl-sends-participations-without-person",
            Class::Content,
            &["CALL-TPL-2"],
            Act::Send(|call| edited(call, |body| remove(body, "person"))),
        ),
        fault(
            "tpl-sends-results-in-flow-2",
            Class::Content,
            &["CALL-TPL-2"],
            Act::Send(|call| {
                let is_participation = is(&call, Method::Put, "/associations/");
                edited(call, |body| {
                    if is_participation && body.get("result").is_none() {
                        let result =
                            json!({ "state": "in progress", "resultDate": "2026-06-22", "weight": 100 });
                        insert(body, "result", result);
                    }
                })
            }),
        ),
        fault(
            "tpl-passes-assigned-needs-on",
            Class::Content,
            &["CALL-TPL-2"],
            Act::Send(|call| {
                edited(call, |body| {
                    if let Some(entry) = body.get_mut("person").and_then(ours) {
                        let need = json!([{ "code": "extraTijd25", "startDate": "2026-08-01", "endDate": "2027-07-31" }]);
                        entry.insert("assignedNeeds".to_owned(), need);
                    }
                })
            }),
        ),
        fault(
            "tpl-sends-sessions-without-test",
            Class::Content,
            &["CALL-TPL-2"],
            Act::Send(|call| edited(call, |body| remove(body, "component"))),
        ),
        fault(
            "tpl-sends-times-without-offset",
            Class::Dates,
            &["CALL-TPL-2"],
            Act::Send(|call| edited(call, without_offset)),
        ),
        fault(
            "tpl-sends-durations-in-months",
            Class::Dates,
            &["CALL-TPL-2"],
            Act::Send(|call| {
                edited(call, |body| {
                    if let Some(entry) = ours(body).filter(|entry| entry.contains_key("duration")) {
                        entry.insert("duration".to_owned(), json!("P60M"));
                    }
                })
            }),
        ),
        fault(
            "tpl-sends-another-id-in-body",
            Class::Put,
            &["CALL-TPL-2"],
            Act::Send(|call| {
                let is_session = is(&call, Method::Put, "/offerings/");
                edited(call, |body| {
                    if is_session {
                        insert(body, "offeringId", json!(id_of("another session")));
                    }
                })
            }),
        ),
        fault(
            "tpl-keeps-results",
            Class::State,
            &["CALL-TPL-3"],
            Act::Send(|call| (!is_result(&call)).then_some(call)),
        ),
        fault(
            "tpl-sends-results-without-test-name",
            Class::Content,
            &["CALL-TPL-3"],
            Act::Send(|call| {
                with_result(call, |result| {
                    if let Some(entry) = ours(result) {
                        entry.remove("executedOfferingName");
                    }
                })
            }),
        ),
        fault(
            "tpl-sends-results-without-attempt",
            Class::Attempts,
            &["CALL-TPL-3"],
            Act::Send(|call| {
                let is_result = is_result(&call);
                edited(call, |body| {
                    if let Some(entry) = ours(body).filter(|_| is_result) {
                        entry.remove("attempt");
                    }
                })
            }),
        ),
        fault(
            "tpl-sends-results-without-enrolment",
            Class::Attempts,
            &["CALL-TPL-3"],
            Act::Send(|call| {
                let is_result = is_result(&call);
                edited(call, |body| {
                    if let Some(entry) = ours(body).filter(|_| is_result) {
                        entry.remove("orgAssociationId");
                    }
                })
            }),
        ),
        fault(
            "tpl-changes-scores",
            Class::Content,
            &["CALL-TPL-3"],
            Act::Send(|call| {
                let has_score = has_score(&call);
                with_result(call, |result| {
                    if has_score {
                        insert(result, "score", json!("1"));
                    }
                })
            }),
        ),
        fault(
            "tpl-sends-results-to-participations",
            Class::Put,
            &["CALL-TPL-3"],
            Act::Send(|mut call| {
                if is_result(&call) && call.method == Method::Patch {
                    call.path = format!("/associations/{}", id_of(&call.path));
                }
                Some(call)
            }),
        ),
        fault(
            "tpl-points-at-delivery-for-documents",
            Class::Documents,
            &["CALL-TPL-4"],
            Act::Send(|call| {
                with_result(call, |result| {
                    let entry = ours(result).and_then(|entry| entry.get_mut("documents"));
                    if let Some(document) = entry.and_then(|list| list.get_mut(0)) {
                        insert(document, "documentId", json!(id_of("a document of the delivery system")));
                    }
                })
            }),
        ),
        fault("tpl-gives-up-after-an-outage", Class::Errors, &["CALL-TPL-5"], Act::GiveUp),
    ]
}

fn administration() -> Vec<Fault> {
    let fault = |name, class, found_by, act| fault(name, Role::Sis, class, found_by, act);
    vec![
        fault(
            "sis-sends-enrolments-without-test",
            Class::Ordering,
            &["CALL-SIS-1"],
            Act::Send(|call| (!is(&call, Method::Put, "/offerings/")).then_some(call)),
        ),
        fault(
            "sis-sends-times-without-offset",
            Class::Dates,
            &["CALL-SIS-1"],
            Act::Send(|call| edited(call, without_offset)),
        ),
        fault(
            "sis-sends-tests-without-end",
            Class::Content,
            &["CALL-SIS-1"],
            Act::Send(|call| edited(call, |body| remove(body, "endDateTime"))),
        ),
        fault(
            "sis-sends-names-as-text",
            Class::Content,
            &["CALL-SIS-1"],
            Act::Send(|call| {
                edited(call, |body| {
                    if let Some(text) = body.pointer("/name/0/value").cloned() {
                        insert(body, "name", text);
                    }
                })
            }),
        ),
        fault(
            "sis-sends-roles-in-dutch",
            Class::State,
            &["CALL-SIS-1"],
            Act::Send(|call| {
                edited(call, |body| {
                    if body.get("role").is_some() {
                        insert(body, "role", json!("deelnemer"));
                    }
                })
            }),
        ),
        fault(
            "sis-sends-another-id-in-body",
            Class::Put,
            &["CALL-SIS-1"],
            Act::Send(|call| {
                let is_enrolment = is(&call, Method::Put, "/associations/");
                edited(call, |body| {
                    if is_enrolment {
                        insert(body, "associationId", json!(id_of("another enrolment")));
                    }
                })
            }),
        ),
        fault(
            "sis-plans-attempt-zero",
            Class::Attempts,
            &["CALL-SIS-1"],
            Act::Send(|call| {
                edited(call, |body| {
                    if let Some(entry) = ours(body).filter(|entry| entry.contains_key("attempt")) {
                        entry.insert("attempt".to_owned(), json!(0));
                    }
                })
            }),
        ),
        fault(
            "sis-plans-no-attempt",
            Class::Attempts,
            &["CALL-SIS-4"],
            Act::Send(|call| {
                edited(call, |body| {
                    if let Some(entry) = ours(body) {
                        entry.remove("attempt");
                    }
                })
            }),
        ),
        fault(
            "sis-enrols-nobody",
            Class::Content,
            &["CALL-SIS-2"],
            Act::Send(|call| {
                let is_enrolment = is(&call, Method::Put, "/associations/");
                edited(call, |body| {
                    if is_enrolment {
                        insert(body, "person", json!(id_of("nobody at all")));
                    }
                })
            }),
        ),
    ]
}
