//! The messages the suite sends: ordinary ones, with ids of its own.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// A moment some days from now, in whole seconds and with a Dutch offset.
pub(super) fn moment(now: Timestamp, days: i64, minutes: i64) -> String {
    let at = now
        .saturating_add(SignedDuration::from_hours(24 * days) + SignedDuration::from_mins(minutes))
        .unwrap_or(now);
    let seconds = at.as_second();
    Timestamp::from_second(seconds - seconds % 60).unwrap_or(at).to_string()
}

/// A plannable test (flow 1) or session (flow 2).
pub(super) fn offering(id: &str, component: &str, now: Timestamp) -> Value {
    json!({
        "offeringId": id,
        "primaryCode": { "codeType": "offeringCode", "code": "CONFORM-1" },
        "offeringType": "component",
        "name": [{ "language": "nl-NL", "value": "Conformiteitstoets" }],
        "description": [{ "language": "nl-NL", "value": "Sessie van de conformiteitssuite" }],
        "teachingLanguage": "nld",
        "resultExpected": true,
        "resultValueType": "0-100",
        "startDateTime": moment(now, 14, 0),
        "endDateTime": moment(now, 14, 90),
        "component": component,
        "consumers": [{
            "consumerKey": "nl-test-admin",
            "offeringState": "active",
            "duration": "PT60M",
            "startOptions": "individualStart",
            "durationFrom": "individualStartDateTime",
            "durationUntil": "endDateTime",
            "safety": ["fixedLocation", "surveillance"],
            "locationCode": "A-22",
        }],
    })
}

/// A plannable test as a SIS pushes it.
pub(super) fn plannable(id: &str, component: &str, now: Timestamp) -> Value {
    let mut offering = offering(id, component, now);
    if let Some(object) = offering.as_object_mut() {
        object.insert(
            "consumers".to_owned(),
            json!([{
                "consumerKey": "nl-test-admin",
                "offeringState": "active",
                "finalResultsAllowed": true,
                "testsToBeUsed": [{ "testProvider": "Conform", "componentId": component }],
            }]),
        );
    }
    offering
}

/// A student, invented.
pub(super) fn person(id: &str) -> Value {
    json!({
        "personId": id,
        "primaryCode": { "codeType": "studentNumber", "code": "9900001" },
        "givenName": "Proef",
        "surname": "Persoon",
        "displayName": "Persoon, Proef",
        "activeEnrollment": true,
        "affiliations": ["student"],
        "mail": "proef.persoon@student.roc.example",
        "otherCodes": [{ "codeType": "userName", "code": "9900001" }],
        "consumers": [{ "consumerKey": "nl-test-admin", "preferredName": "Proef", "idCheckName": "Persoon, Proef" }],
    })
}

/// A participation with its person embedded (flow 2).
pub(super) fn participation(id: &str, session: &str, person_id: &str) -> Value {
    json!({
        "associationId": id,
        "associationType": "componentOfferingAssociation",
        "role": "student",
        "state": "associated",
        "person": person(person_id),
        "offering": session,
        "consumers": [{
            "consumerKey": "nl-test-admin",
            "additionalTimeInMin": 30,
            "personalNeeds": ["extraTime", "spoken"],
        }],
    })
}

/// An enrolment with references (flow 1).
pub(super) fn enrolment(id: &str, offering: &str, person: &str) -> Value {
    json!({
        "associationId": id,
        "associationType": "componentOfferingAssociation",
        "role": "student",
        "state": "associated",
        "person": person,
        "offering": offering,
        "consumers": [{ "consumerKey": "nl-test-admin", "attempt": 1, "attemptLeft": 1 }],
    })
}

/// Attendance without a score (flow 3 and 5).
pub(super) fn attendance(word: &str) -> Value {
    json!({
        "associationType": "componentOfferingAssociation",
        "result": {
            "state": "in progress", "resultDate": "2026-06-22", "weight": 100,
            "consumers": [{ "consumerKey": "nl-test-admin", "attendance": word }],
        },
    })
}

/// A completed result (flow 3 and 5).
pub(super) fn result(score: &str) -> Value {
    json!({
        "associationType": "componentOfferingAssociation",
        "result": {
            "state": "completed", "pass": "unknown", "score": score, "resultDate": "2026-06-23", "weight": 100,
            "consumers": [{
                "consumerKey": "nl-test-admin", "attendance": "present", "assessorCode": "CONF",
                "irregularities": "geen", "final": false, "rawScore": 30, "maxRawScore": 40,
                "testDate": "2026-06-22T09:00:00+02:00",
            }],
        },
    })
}

/// The same for the student administration (flow 5).
pub(super) fn student_result(score: &str, enrolment: &str, attempt: u32) -> Value {
    let mut patch = result(score);
    if let Some(object) = patch.as_object_mut() {
        object.insert(
            "consumers".to_owned(),
            json!([{ "consumerKey": "nl-test-admin", "orgAssociationId": enrolment, "attempt": attempt }]),
        );
    }
    if let Some(entry) = patch.pointer_mut("/result/consumers/0").and_then(Value::as_object_mut) {
        entry.insert("executedOfferingName".to_owned(), "Conformiteitstoets".into());
    }
    patch
}

/// An extra attempt under an id of its own (flow 5).
pub(super) fn attempt(
    id: &str,
    enrolment: &str,
    offering: &str,
    person: &str,
    score: &str,
    number: u32,
) -> Value {
    let mut put = student_result(score, enrolment, number);
    if let Some(object) = put.as_object_mut() {
        for (name, value) in [
            ("associationId", id),
            ("role", "student"),
            ("state", "associated"),
            ("person", person),
            ("offering", offering),
        ] {
            object.insert(name.to_owned(), value.into());
        }
    }
    put
}

/// The patch that cancels an association.
pub(super) fn cancel() -> Value {
    json!({ "associationType": "componentOfferingAssociation", "state": "canceled" })
}

/// The patch that cancels an offering.
pub(super) fn cancel_offering() -> Value {
    json!({ "offeringType": "component", "consumers": [{ "consumerKey": "nl-test-admin", "offeringState": "canceled" }] })
}
