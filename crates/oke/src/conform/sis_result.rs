//! Tests of a student administration: results and attempts (flow 5), and programmes for test delivery (flow 6).

use serde_json::{Value, json};

use super::case::{Case, Stop, case};
use super::probe::{Probe, Who, consumer, equal, expect, items, reference};
use super::sample;

#[allow(clippy::too_many_lines, reason = "a list of tests, one after another")]
pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            "SIS-5-01",
            Some(5),
            Patch,
            "OKE 1.0.1, flow 5",
            "Aanwezigheid komt aan en laat de inschrijving verder zoals zij was.",
            "Attendance arrives and leaves the enrolment otherwise as it was.",
            |p| {
                let (id, path) = enrolment(p)?;
                let before = p.get(&path).await?.valid()?;
                let mut body = sample::attendance("present");
                complete(&mut body, &id);
                let got = p.patch(&path, &body).await?.status_in(&[200])?;
                if !got.body.is_empty() {
                    got.valid()?;
                }
                let after = p.get(&path).await?.valid()?;
                let note = after.get("result").unwrap_or(&Value::Null);
                expect(consumer(note, "attendance") == &json!("present"), "The attendance did not arrive.")?;
                for name in ["role", "state", "person", "offering"] {
                    expect(
                        after.get(name) == before.get(name),
                        &format!("{name} changed by a PATCH that does not name it."),
                    )?;
                }
                expect(
                    consumer(&after, "attemptLeft") == consumer(&before, "attemptLeft"),
                    "attemptLeft was lost by a PATCH that does not name it.",
                )?;
            }
        ),
        case!(
            "SIS-5-02",
            Some(5),
            Patch,
            "OKE 1.0.1, PATCH",
            "Een score na de aanwezigheid laat de aanwezigheid staan.",
            "A score after the attendance leaves the attendance alone.",
            |p| {
                let (id, path) = enrolment(p)?;
                let mut body = sample::attendance("present");
                complete(&mut body, &id);
                p.patch(&path, &body).await?.status_in(&[200])?;
                let score = score(p, 0)?;
                let mut later = sample::student_result(&score, &id, 1);
                if let Some(entry) = later.pointer_mut("/result/consumers/0").and_then(Value::as_object_mut) {
                    entry.remove("attendance");
                    entry.insert("attendance".to_owned(), json!("present"));
                    entry.remove("irregularities");
                }
                p.patch(&path, &later).await?.status_in(&[200])?;
                let only_raw = json!({ "associationType": "componentOfferingAssociation", "result": { "state": "completed", "resultDate": "2026-06-23", "weight": 100,
                "consumers": [{ "consumerKey": "nl-test-admin", "attendance": "present", "executedOfferingName": "Conformiteitstoets", "rawScore": 31 }] },
                "consumers": [{ "consumerKey": "nl-test-admin", "orgAssociationId": id, "attempt": 1 }] });
                p.patch(&path, &only_raw).await?.status_in(&[200])?;
                let after = p.get(&path).await?.valid()?;
                equal(&after, "/result/score", &json!(score))?;
                let note = after.get("result").unwrap_or(&Value::Null);
                expect(consumer(note, "rawScore") == &json!(31), "rawScore did not arrive.")?;
                expect(
                    consumer(note, "maxRawScore") == &json!(40),
                    "maxRawScore was lost by a PATCH that does not name it.",
                )?;
            }
        ),
        case!(
            "SIS-5-03",
            Some(5),
            Positive,
            "OKE 1.0.1, states",
            "Een afgerond resultaat mag door een ander vervangen worden.",
            "A completed result may be replaced by another.",
            |p| {
                let (id, path) = enrolment(p)?;
                for index in [0, 1] {
                    let score = score(p, index)?;
                    p.patch(&path, &sample::student_result(&score, &id, 1)).await?.status_in(&[200])?;
                    equal(&p.get(&path).await?.valid()?, "/result/score", &json!(score))?;
                }
            }
        ),
        case!(
            "SIS-5-04",
            Some(5),
            Idempotency,
            "OKE 1.0.1, PATCH",
            "Hetzelfde resultaat nog eens: geen verschil.",
            "The same result again: no difference.",
            |p| {
                let (id, path) = enrolment(p)?;
                let body = sample::student_result(&score(p, 0)?, &id, 1);
                p.patch(&path, &body).await?.status_in(&[200])?;
                let once = p.get(&path).await?.valid()?;
                p.patch(&path, &body).await?.status_in(&[200])?;
                expect(p.get(&path).await?.valid()? == once, "Repeating the PATCH changed the enrolment.")?;
            }
        ),
        case!(
            "SIS-5-05",
            Some(5),
            Tombstone,
            "OKE 1.0.1, states",
            "Een resultaat van een afgezegde inschrijving: 200.",
            "A result of a cancelled enrolment: 200.",
            |p| {
                let id = p.prepared(|prepared| prepared.canceled_enrolment.clone(), "canceledEnrolment")?;
                let score = score(p, 0)?;
                p.patch(&format!("/associations/{id}"), &sample::student_result(&score, &id, 1))
                    .await?
                    .status_in(&[200])?;
                let after = p.get(&format!("/associations/{id}")).await?.valid()?;
                equal(&after, "/state", &json!("canceled"))?;
            }
        ),
        case!(
            "SIS-5-06",
            Some(5),
            Negative,
            "OKE 1.0.1, PATCH",
            "Een resultaat zonder associationType: 400.",
            "A result without associationType: 400.",
            |p| {
                let (id, path) = enrolment(p)?;
                let mut body = sample::student_result(&score(p, 0)?, &id, 1);
                if let Some(object) = body.as_object_mut() {
                    object.remove("associationType");
                }
                p.patch(&path, &body).await?.problem(&[400])?;
            }
        ),
        case!(
            "SIS-5-07",
            Some(5),
            Attempts,
            "OKE 1.0.1, attempts",
            "Een extra poging onder een eigen id: 201, nog eens: 200.",
            "An extra attempt under an id of its own: 201, again: 200.",
            |p| {
                let (path, body) = attempt(p, 2).await?;
                p.put(&path, &body).await?.status_in(&[201])?;
                p.put(&path, &body).await?.status_in(&[200])?;
                let back = p.get(&path).await?.valid()?;
                expect(consumer(&back, "attempt") == &json!(2), "The attempt number did not arrive.")?;
                expect(
                    back.pointer("/result/score") == body.pointer("/result/score"),
                    "The score of the attempt did not arrive.",
                )?;
            }
        ),
        case!(
            "SIS-5-08",
            Some(5),
            Attempts,
            "OKE 1.0.1, attempts",
            "Een extra poging laat het eerste resultaat staan.",
            "An extra attempt leaves the first result alone.",
            |p| {
                let (id, first) = enrolment(p)?;
                let score_one = score(p, 0)?;
                p.patch(&first, &sample::student_result(&score_one, &id, 1)).await?.status_in(&[200])?;
                let before = p.get(&first).await?.valid()?;
                let (path, body) = attempt(p, 2).await?;
                p.put(&path, &body).await?.status_in(&[201])?;
                expect(
                    p.get(&first).await?.valid()? == before,
                    "The enrolment changed by the result of another attempt.",
                )?;
            }
        ),
        case!(
            "SIS-5-09",
            Some(5),
            Attempts,
            "OKE 1.0.1, attempts",
            "Een onvoorziene poging wordt aanvaard.",
            "An unforeseen attempt is accepted.",
            |p| {
                let id =
                    p.prepared(|prepared| prepared.last_attempt_enrolment.clone(), "lastAttemptEnrolment")?;
                let known = p.get(&format!("/associations/{id}")).await?.valid()?;
                let offering = reference(known.get("offering").unwrap_or(&Value::Null), "offeringId")
                    .unwrap_or_default();
                let person =
                    reference(known.get("person").unwrap_or(&Value::Null), "personId").unwrap_or_default();
                let page = p.get(&format!("/offerings/{offering}")).await?.valid()?;
                let score = fitting(page.get("resultValueType").and_then(Value::as_str));
                let own = p.id();
                p.put(
                    &format!("/associations/{own}"),
                    &sample::attempt(&own, &id, &offering, &person, score, 7),
                )
                .await?
                .status_in(&[201])?;
            }
        ),
        case!(
            "SIS-5-10",
            Some(5),
            Negative,
            "OKE 1.0.1, attempts",
            "Een poging bij een onbekende inschrijving, of op het id van de inschrijving zelf: 400.",
            "An attempt for an unknown enrolment, or on the id of the enrolment itself: 400.",
            |p| {
                let (_, body) = attempt(p, 2).await?;
                let (own, unknown) = (p.id(), p.id());
                let mut lost = body.clone();
                if let Some(object) = lost.as_object_mut() {
                    object.insert("associationId".to_owned(), json!(own));
                }
                if let Some(entry) = lost.pointer_mut("/consumers/0").and_then(Value::as_object_mut) {
                    entry.insert("orgAssociationId".to_owned(), json!(unknown));
                }
                p.put(&format!("/associations/{own}"), &lost).await?.problem(&[400, 404])?;
                let (id, path) = enrolment(p)?;
                let mut same = body;
                if let Some(object) = same.as_object_mut() {
                    object.insert("associationId".to_owned(), json!(id));
                }
                p.put(&path, &same).await?.problem(&[400])?;
            }
        ),
        case!(
            "SIS-5-11",
            Some(5),
            Positive,
            "OKE 1.0.1, states",
            "remoteState en een andere state in een resultaat worden genegeerd.",
            "remoteState and another state in a result are ignored.",
            |p| {
                let (id, path) = enrolment(p)?;
                let before = p.get(&path).await?.valid()?;
                let mut body = sample::student_result(&score(p, 0)?, &id, 1);
                if let Some(object) = body.as_object_mut() {
                    object.insert("remoteState".to_owned(), json!("finished"));
                    object.insert("role".to_owned(), json!("guest"));
                }
                p.patch(&path, &body).await?.status_in(&[200])?;
                let after = p.get(&path).await?.valid()?;
                expect(after.get("remoteState").is_none(), "remoteState came back.")?;
                expect(after.get("role") == before.get("role"), "A result changed the role.")?;
            }
        ),
        case!(
            "SIS-5-12",
            Some(5),
            Negative,
            "OKE 1.0.1, scores",
            "Een score die niet bij het resultaattype past: 400.",
            "A score that does not fit the result type: 400.",
            |p| {
                let (id, path) = enrolment(p)?;
                let before = p.get(&path).await?.valid()?;
                p.patch(&path, &sample::student_result("geen-score", &id, 1)).await?.problem(&[400])?;
                expect(
                    p.get(&path).await?.valid()?.get("result") == before.get("result"),
                    "A refused score was stored.",
                )?;
            }
        ),
        case!(
            "SIS-6-01",
            Some(6),
            Positive,
            "OKE 1.0.1, flow 6 (optional)",
            "Een toetsafnamesysteem leest de opleidingen van een student.",
            "A delivery system reads the programmes of a student.",
            |p| {
                let person = p.prepared(|prepared| prepared.person.clone(), "person")?;
                let path = format!(
                    "/persons/{person}/associations?associationType=programOffering&expand=offering,offering.program,offering.organization"
                );
                let page = p.get_as(Who::Second, &path).await?;
                if matches!(page.status, 404 | 405) {
                    return Err(Stop::Skipped(
                        "Flow 6 is optional, and this party does not serve it.".to_owned(),
                    ));
                }
                let page = page.valid()?;
                expect(!items(&page).is_empty(), "The prepared student has no programme.")?;
                for item in items(&page) {
                    equal(&item, "/associationType", &json!("programOfferingAssociation"))?;
                    expect(
                        item.pointer("/offering/program/programId").is_some(),
                        "offering.program is not embedded.",
                    )?;
                    expect(
                        item.pointer("/offering/organization/organizationId").is_some(),
                        "offering.organization is not embedded.",
                    )?;
                }
            }
        ),
        case!(
            "SIS-6-02",
            Some(6),
            Expand,
            "OKE 1.0.1, flow 6 (optional)",
            "De persoon wordt in flow 6 nooit ingevoegd.",
            "The person is never embedded in flow 6.",
            |p| {
                let person = p.prepared(|prepared| prepared.person.clone(), "person")?;
                let path = format!(
                    "/persons/{person}/associations?associationType=programOffering&expand=person,offering"
                );
                let page = p.get_as(Who::Second, &path).await?;
                if !page.is_fine() {
                    return Ok(());
                }
                for item in items(&page.value()?) {
                    expect(!item.get("person").is_some_and(Value::is_object), "The person was embedded.")?;
                }
            }
        ),
        case!(
            "SIS-6-03",
            Some(6),
            Negative,
            "OKE 1.0.1, errors",
            "Een onbekende student: 404.",
            "An unknown student: 404.",
            |p| {
                let path = format!("/persons/{}/associations?associationType=programOffering", p.id());
                p.get_as(Who::Second, &path).await?.problem(&[404])?;
            }
        ),
    ]
}

fn enrolment(p: &Probe) -> Result<(String, String), Stop> {
    let id = p.prepared(|prepared| prepared.enrolment.clone(), "enrolment")?;
    let path = format!("/associations/{id}");
    Ok((id, path))
}

fn score(p: &Probe, index: usize) -> Result<String, Stop> {
    p.prepared(|prepared| prepared.scores.get(index).cloned(), "two scores")
}

/// Adds what flow 5 asks of every message.
fn complete(body: &mut Value, enrolment: &str) {
    if let Some(object) = body.as_object_mut() {
        object.insert(
            "consumers".to_owned(),
            json!([{ "consumerKey": "nl-test-admin", "orgAssociationId": enrolment, "attempt": 1 }]),
        );
    }
    if let Some(entry) = body.pointer_mut("/result/consumers/0").and_then(Value::as_object_mut) {
        entry.insert("executedOfferingName".to_owned(), json!("Conformiteitstoets"));
    }
}

/// An extra attempt for the prepared enrolment, not sent yet.
async fn attempt(p: &mut Probe, number: u32) -> Result<(String, Value), Stop> {
    let (id, path) = enrolment(p)?;
    let known = p.get(&path).await?.valid()?;
    let offering = reference(known.get("offering").unwrap_or(&Value::Null), "offeringId").unwrap_or_default();
    let person = reference(known.get("person").unwrap_or(&Value::Null), "personId").unwrap_or_default();
    let own = p.id();
    let score = score(p, 1)?;
    let body = sample::attempt(&own, &id, &offering, &person, &score, number);
    Ok((format!("/associations/{own}"), body))
}

/// A score that fits a result type.
pub(super) fn fitting(kind: Option<&str>) -> &'static str {
    match kind {
        Some("pass-or-fail") => "passed",
        Some("insufficient-satisfactory-good") => "good",
        Some("US letter" | "UK letter") => "B",
        Some("referenceLevelRKTR") => "3F",
        Some("referenceLevelERK") => "B1",
        _ => "6",
    }
}
