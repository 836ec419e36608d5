//! Tests of a test planner: what the student administration pushes (flow 1).

use serde_json::{Value, json};

use super::case::{Case, Stop, case};
use super::probe::{Probe, Who, equal};
use super::sample;

#[allow(clippy::too_many_lines, reason = "a list of tests, one after another")]
pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            "TPL-1-01",
            Some(1),
            Positive,
            "OKE 1.0.1, flow 1",
            "Een nieuwe in te plannen toets: 201.",
            "A new plannable test: 201.",
            |p| {
                plannable(p).await?;
            }
        ),
        case!(
            "TPL-1-02",
            Some(1),
            Idempotency,
            "OKE 1.0.1, PUT",
            "Dezelfde PUT nog eens: 200.",
            "The same PUT again: 200.",
            |p| {
                let (path, body) = plannable(p).await?;
                p.put(&path, &body).await?.status_in(&[200])?;
                p.put(&path, &body).await?.status_in(&[200])?;
            }
        ),
        case!(
            "TPL-1-03",
            Some(1),
            Positive,
            "OKE 1.0.1, PUT",
            "Een body zonder id wordt aanvaard.",
            "A body without id is accepted.",
            |p| {
                let (id, component, now) = (p.id(), p.id(), p.outside.now());
                let mut body = sample::plannable(&id, &component, now);
                if let Some(object) = body.as_object_mut() {
                    object.remove("offeringId");
                }
                p.put(&format!("/offerings/{id}"), &body).await?.status_in(&[201])?;
            }
        ),
        case!(
            "TPL-1-04",
            Some(1),
            Negative,
            "OKE 1.0.1, PUT",
            "Een ander id in de body dan in het pad: 400.",
            "Another id in the body than in the path: 400.",
            |p| {
                let (id, other, component, now) = (p.id(), p.id(), p.id(), p.outside.now());
                p.put(&format!("/offerings/{id}"), &sample::plannable(&other, &component, now))
                    .await?
                    .problem(&[400])?;
            }
        ),
        case!(
            "TPL-1-05",
            Some(1),
            Positive,
            "OKE 1.0.1, flow 1",
            "De toets en de organisatie mogen als object meekomen.",
            "Test and organisation may come along as objects.",
            |p| {
                let (id, now) = (p.id(), p.outside.now());
                let mut body = sample::plannable(&id, &p.id(), now);
                let (component, organization) = (p.id(), p.id());
                if let Some(object) = body.as_object_mut() {
                    object.insert("component".to_owned(), json!({
                    "componentId": component, "componentType": "test", "abbreviation": "CONF", "teachingLanguage": "nld",
                    "primaryCode": { "codeType": "componentCode", "code": "CONF" },
                    "name": [{ "language": "nl-NL", "value": "Conformiteitstoets" }] }));
                    object.insert(
                        "organization".to_owned(),
                        json!({
                    "organizationId": organization, "organizationType": "department", "shortName": "CONF",
                    "primaryCode": { "codeType": "identifier", "code": "CONF" },
                    "name": [{ "language": "nl-NL", "value": "Conformiteit" }] }),
                    );
                }
                p.put(&format!("/offerings/{id}"), &body).await?.status_in(&[201])?;
            }
        ),
        case!(
            "TPL-1-06",
            Some(1),
            Patch,
            "OKE 1.0.1, PATCH",
            "Een wijziging van een in te plannen toets: 200.",
            "A change to a plannable test: 200.",
            |p| {
                let (path, _) = plannable(p).await?;
                let patch = json!({ "offeringType": "component", "consumers": [{ "consumerKey": "nl-test-admin", "finalResultsAllowed": false }] });
                p.patch(&path, &patch).await?.status_in(&[200])?;
                p.send(Who::Main, "PATCH", &path, Some(("application/json", patch.to_string())))
                    .await?
                    .status_in(&[200])?;
            }
        ),
        case!(
            "TPL-1-07",
            Some(1),
            Patch,
            "OKE 1.0.1, PATCH",
            "Een PATCH zonder offeringType: 400.",
            "A PATCH without offeringType: 400.",
            |p| {
                let (path, _) = plannable(p).await?;
                p.patch(&path, &json!({ "name": [{ "language": "nl-NL", "value": "Anders" }] }))
                    .await?
                    .problem(&[400])?;
            }
        ),
        case!(
            "TPL-1-08",
            Some(1),
            Patch,
            "OKE 1.0.1, PATCH",
            "PATCH van een onbekende toets: 404.",
            "PATCH of an unknown test: 404.",
            |p| {
                let id = p.id();
                p.patch(&format!("/offerings/{id}"), &sample::cancel_offering())
                    .await?
                    .problem(&[404, 400])?;
            }
        ),
        case!(
            "TPL-1-09",
            Some(1),
            Positive,
            "OKE 1.0.1, consumers",
            "Onbekende consumers en attributen worden nooit geweigerd.",
            "Unknown consumers and attributes are never refused.",
            |p| {
                let (path, mut body) = plannable(p).await?;
                if let Some(object) = body.as_object_mut() {
                    object.insert("x-own".to_owned(), json!([1]));
                }
                if let Some(list) = body.get_mut("consumers").and_then(Value::as_array_mut) {
                    list.push(json!({ "consumerKey": "x-conform", "a": null }));
                }
                p.put(&path, &body).await?.status_in(&[200])?;
            }
        ),
        case!(
            "TPL-1-10",
            Some(1),
            Positive,
            "OKE 1.0.1, scores and dates",
            "finalResultAllowed, zoals de bundel het spelt, wordt aanvaard.",
            "finalResultAllowed, as the bundle spells it, is accepted.",
            |p| {
                let (path, mut body) = plannable(p).await?;
                if let Some(entry) = body.pointer_mut("/consumers/0").and_then(Value::as_object_mut) {
                    entry.remove("finalResultsAllowed");
                    entry.insert("finalResultAllowed".to_owned(), json!(true));
                }
                p.put(&path, &body).await?.status_in(&[200])?;
            }
        ),
        case!(
            "TPL-1-11",
            Some(1),
            Negative,
            "OKE 1.0.1, flow 1",
            "Een toets zonder begin, einde of offeringType: 400.",
            "A test without start, end or offeringType: 400.",
            |p| {
                for name in ["startDateTime", "endDateTime", "offeringType"] {
                    let (id, component, now) = (p.id(), p.id(), p.outside.now());
                    let mut body = sample::plannable(&id, &component, now);
                    if let Some(object) = body.as_object_mut() {
                        object.remove(name);
                    }
                    p.put(&format!("/offerings/{id}"), &body).await?.problem(&[400])?;
                }
            }
        ),
        case!(
            "TPL-1-12",
            Some(1),
            Dates,
            "OKE 1.0.1, dates",
            "Een einde voor het begin: 400.",
            "An end before the start: 400.",
            |p| {
                let (id, component, now) = (p.id(), p.id(), p.outside.now());
                let mut body = sample::plannable(&id, &component, now);
                if let Some(object) = body.as_object_mut() {
                    object.insert("endDateTime".to_owned(), json!("2020-01-01T00:00:00+01:00"));
                }
                p.put(&format!("/offerings/{id}"), &body).await?.problem(&[400])?;
            }
        ),
        case!(
            "TPL-1-20",
            Some(1),
            Positive,
            "OKE 1.0.1, flow 1",
            "Een nieuwe inschrijving: 201; nog eens: 200.",
            "A new enrolment: 201; again: 200.",
            |p| {
                let (path, body) = enrolment(p).await?;
                p.put(&path, &body).await?.status_in(&[200])?;
            }
        ),
        case!(
            "TPL-1-21",
            Some(1),
            Ordering,
            "OKE 1.0.1, flow 1",
            "Een inschrijving voor een onbekende toets wordt geweigerd, en na de toets aanvaard.",
            "An enrolment for an unknown test is refused, and accepted after the test.",
            |p| {
                let (offering, id, person, component, now) =
                    (p.id(), p.id(), p.id(), p.id(), p.outside.now());
                let body = sample::enrolment(&id, &offering, &person);
                let path = format!("/associations/{id}");
                p.put(&path, &body).await?.problem(&[400, 404])?;
                p.put(&format!("/offerings/{offering}"), &sample::plannable(&offering, &component, now))
                    .await?
                    .status_in(&[201])?;
                p.put(&path, &body).await?.status_in(&[201])?;
            }
        ),
        case!(
            "TPL-1-22",
            Some(1),
            Attempts,
            "OKE 1.0.1, attempts",
            "attemptLeft mag een getal, null of afwezig zijn.",
            "attemptLeft may be a number, null or absent.",
            |p| {
                let (path, mut body) = enrolment(p).await?;
                for left in [Some(json!(0)), Some(json!(2)), Some(Value::Null), None] {
                    if let Some(entry) = body.pointer_mut("/consumers/0").and_then(Value::as_object_mut) {
                        match left {
                            Some(left) => entry.insert("attemptLeft".to_owned(), left),
                            None => entry.remove("attemptLeft"),
                        };
                    }
                    p.put(&path, &body).await?.status_in(&[200])?;
                }
            }
        ),
        case!(
            "TPL-1-23",
            Some(1),
            Attempts,
            "OKE 1.0.1, attempts",
            "Poging nul of min één: 400.",
            "Attempt zero or minus one: 400.",
            |p| {
                let (_, body) = enrolment(p).await?;
                for attempt in [0, -1] {
                    let id = p.id();
                    let mut body = body.clone();
                    if let Some(object) = body.as_object_mut() {
                        object.insert("associationId".to_owned(), json!(id));
                    }
                    if let Some(entry) = body.pointer_mut("/consumers/0").and_then(Value::as_object_mut) {
                        entry.insert("attempt".to_owned(), json!(attempt));
                    }
                    p.put(&format!("/associations/{id}"), &body).await?.problem(&[400])?;
                }
            }
        ),
        case!(
            "TPL-1-24",
            Some(1),
            Positive,
            "OKE 1.0.1, flow 1",
            "Persoon en toets mogen als object meekomen.",
            "Person and test may come along as objects.",
            |p| {
                let (offering, id, person, component, now) =
                    (p.id(), p.id(), p.id(), p.id(), p.outside.now());
                let mut body = sample::enrolment(&id, &offering, &person);
                if let Some(object) = body.as_object_mut() {
                    object.insert("person".to_owned(), sample::person(&person));
                    object.insert("offering".to_owned(), sample::plannable(&offering, &component, now));
                }
                p.put(&format!("/associations/{id}"), &body).await?.status_in(&[201])?;
            }
        ),
        case!(
            "TPL-1-25",
            Some(1),
            Positive,
            "OKE 1.0.1, flow 1",
            "Een opleidingsinschrijving wordt ook aanvaard.",
            "A programme enrolment is accepted too.",
            |p| {
                let (id, person, offering, program) = (p.id(), p.id(), p.id(), p.id());
                let body = json!({
                "associationId": id, "associationType": "programOfferingAssociation", "role": "student", "state": "associated",
                "person": person,
                "consumers": [{ "consumerKey": "nl-test-admin", "startDate": "2026-08-01", "expectedEndDate": "2030-07-31", "finalEndDate": null, "sequenceCode": "1.1" }],
                "offering": { "offeringId": offering, "offeringType": "program", "primaryCode": { "codeType": "offeringCode", "code": "25190BOL" },
                    "name": [{ "language": "nl-NL", "value": "Beheerder" }], "description": [{ "language": "nl-NL", "value": "Beheerder" }],
                    "teachingLanguage": "nld", "resultExpected": false, "startDate": "2026-08-01", "endDate": "2030-07-31",
                    "consumers": [{ "consumerKey": "nl-test-admin", "cohort": "2026" }],
                    "program": { "programId": program, "primaryCode": { "codeType": "programCode", "code": "25190" } } } });
                p.put(&format!("/associations/{id}"), &body).await?.status_in(&[201])?;
            }
        ),
        case!(
            "TPL-1-26",
            Some(1),
            Patch,
            "OKE 1.0.1, states",
            "Een inschrijving afzeggen: 200, en nog eens: 200.",
            "Cancelling an enrolment: 200, and again: 200.",
            |p| {
                let (path, _) = enrolment(p).await?;
                let got = p.patch(&path, &sample::cancel()).await?.status_in(&[200])?;
                if !got.body.is_empty() {
                    equal(&got.valid()?, "/state", &json!("canceled"))?;
                }
                p.patch(&path, &sample::cancel()).await?.status_in(&[200])?;
            }
        ),
        case!(
            "TPL-1-27",
            Some(1),
            Patch,
            "OKE 1.0.1, PATCH",
            "Een PATCH zonder associationType: 400.",
            "A PATCH without associationType: 400.",
            |p| {
                let (path, _) = enrolment(p).await?;
                p.patch(&path, &json!({ "state": "canceled" })).await?.problem(&[400])?;
            }
        ),
        case!(
            "TPL-1-28",
            Some(1),
            Positive,
            "OKE 1.0.1, roles",
            "Medewerkers zonder consumer-gegevens worden aanvaard.",
            "Staff without consumer data are accepted.",
            |p| {
                let (_, student) = enrolment(p).await?;
                for role in ["coordinator", "invigilator", "assessor", "teaching assistant"] {
                    let id = p.id();
                    let mut body = student.clone();
                    if let Some(object) = body.as_object_mut() {
                        object.insert("associationId".to_owned(), json!(id));
                        object.insert("role".to_owned(), json!(role));
                        object.remove("consumers");
                    }
                    p.put(&format!("/associations/{id}"), &body).await?.status_in(&[201])?;
                }
            }
        ),
        case!(
            "TPL-1-29",
            Some(1),
            Negative,
            "OKE 1.0.1, flow 1",
            "Een inschrijving zonder rol, toestand, persoon of toets: 400.",
            "An enrolment without role, state, person or test: 400.",
            |p| {
                let (_, sent) = enrolment(p).await?;
                for name in ["role", "state", "person", "offering"] {
                    let (id, mut body) = (p.id(), sent.clone());
                    if let Some(object) = body.as_object_mut() {
                        object.insert("associationId".to_owned(), json!(id));
                        object.remove(name);
                    }
                    p.put(&format!("/associations/{id}"), &body).await?.problem(&[400])?;
                }
            }
        ),
        case!(
            "TPL-1-30",
            Some(1),
            Positive,
            "OKE 1.0.1, flow 1",
            "Een persoon: 201, nog eens: 200; behoeften als object storen niet.",
            "A person: 201, again: 200; needs as an object do no harm.",
            |p| {
                let id = p.id();
                let path = format!("/persons/{id}");
                let mut body = sample::person(&id);
                p.put(&path, &body).await?.status_in(&[201])?;
                p.put(&path, &body).await?.status_in(&[200])?;
                if let Some(entry) = body.pointer_mut("/consumers/0").and_then(Value::as_object_mut) {
                    entry.insert(
                        "assignedNeeds".to_owned(),
                        json!({ "code": "extra", "startDate": "2026-08-01" }),
                    );
                }
                p.put(&path, &body).await?.status_in(&[200])?;
            }
        ),
        case!(
            "TPL-1-31",
            Some(1),
            Negative,
            "OKE 1.0.1, flow 1",
            "Een persoon zonder achternaam: 400; een ander id in de body: 400.",
            "A person without surname: 400; another id in the body: 400.",
            |p| {
                let (id, other) = (p.id(), p.id());
                let mut body = sample::person(&id);
                if let Some(object) = body.as_object_mut() {
                    object.remove("surname");
                }
                p.put(&format!("/persons/{id}"), &body).await?.problem(&[400])?;
                p.put(&format!("/persons/{id}"), &sample::person(&other)).await?.problem(&[400])?;
            }
        ),
        case!(
            "TPL-1-40",
            Some(1),
            Positive,
            "OKE 1.0.1, flow 1 (optional)",
            "Een groep en haar leden worden aanvaard, op het pad met personId.",
            "A group and its members are accepted, at the path with personId.",
            |p| {
                let (group, person) = (p.id(), p.id());
                let body = json!({ "groupId": group, "groupType": "learning group",
                "primaryCode": { "codeType": "groupCode", "code": "CONF" }, "name": [{ "language": "nl-NL", "value": "Conform" }] });
                let got = p.put(&format!("/groups/{group}"), &body).await?;
                if matches!(got.status, 404 | 405) {
                    return Err(Stop::Skipped(
                        "Groups are optional, and this party does not take them.".to_owned(),
                    ));
                }
                got.status_in(&[201])?;
                let member = json!({ "personId": person, "startDateTime": "2026-08-01T00:00:00+02:00", "role": "student" });
                p.put(&format!("/groups/{group}/members/{person}"), &member).await?.status_in(&[201])?;
                p.put(&format!("/groups/{group}/members/{person}"), &member).await?.status_in(&[200])?;
            }
        ),
    ]
}

async fn plannable(p: &mut Probe) -> Result<(String, Value), Stop> {
    let (id, component, now) = (p.id(), p.id(), p.outside.now());
    let path = format!("/offerings/{id}");
    let body = sample::plannable(&id, &component, now);
    p.put(&path, &body).await?.status_in(&[201])?;
    Ok((path, body))
}

async fn enrolment(p: &mut Probe) -> Result<(String, Value), Stop> {
    let (offering, _) = plannable(p).await?;
    let offering = offering.rsplit('/').next().unwrap_or_default().to_owned();
    let (id, person) = (p.id(), p.id());
    p.put(&format!("/persons/{person}"), &sample::person(&person)).await?.status_in(&[201])?;
    let path = format!("/associations/{id}");
    let body = sample::enrolment(&id, &offering, &person);
    p.put(&path, &body).await?.status_in(&[201])?;
    Ok((path, body))
}
