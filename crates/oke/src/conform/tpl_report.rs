//! Tests of a test planner: what test delivery reports (flows 3 and 4), and the documents of flow 5.

use serde_json::{Value, json};

use super::case::{Case, Stop, case};
use super::probe::{Probe, Who, expect};
use super::sample;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            "TPL-3-01",
            Some(3),
            Positive,
            "OKE 1.0.1, flow 3",
            "Aanwezigheid zonder score wordt aanvaard, elk woord.",
            "Attendance without a score is accepted, every word.",
            |p| {
                let path = participation(p)?;
                for word in ["notKnown", "notPresent", "notStarted", "notFinished", "present"] {
                    let got =
                        p.patch_as(Who::Second, &path, &sample::attendance(word)).await?.status_in(&[200])?;
                    if !got.body.is_empty() {
                        got.valid()?;
                    }
                }
            }
        ),
        case!(
            "TPL-3-02",
            Some(3),
            Positive,
            "OKE 1.0.1, flow 3",
            "Een resultaat wordt aanvaard, en een ander afgerond resultaat erna ook.",
            "A result is accepted, and so is another completed one after it.",
            |p| {
                let path = participation(p)?;
                for score in ["60", "65", "65"] {
                    p.patch_as(Who::Second, &path, &sample::result(score)).await?.status_in(&[200])?;
                }
            }
        ),
        case!(
            "TPL-3-03",
            Some(3),
            Tombstone,
            "OKE 1.0.1, states",
            "Een resultaat van een afgezegde deelname: 200.",
            "A result of a cancelled participation: 200.",
            |p| {
                let id =
                    p.prepared(|prepared| prepared.canceled_participation.clone(), "canceledParticipation")?;
                p.patch_as(Who::Second, &format!("/associations/{id}"), &sample::result("60"))
                    .await?
                    .status_in(&[200])?;
            }
        ),
        case!(
            "TPL-3-04",
            Some(3),
            Negative,
            "OKE 1.0.1, flow 3",
            "Een onbekende deelname: 400 of 404.",
            "An unknown participation: 400 or 404.",
            |p| {
                let path = format!("/associations/{}", p.id());
                p.patch_as(Who::Second, &path, &sample::result("60")).await?.problem(&[400, 404])?;
            }
        ),
        case!(
            "TPL-3-05",
            Some(3),
            Negative,
            "OKE 1.0.1, PATCH",
            "Een resultaat zonder associationType: 400.",
            "A result without associationType: 400.",
            |p| {
                let path = participation(p)?;
                let mut body = sample::result("60");
                if let Some(object) = body.as_object_mut() {
                    object.remove("associationType");
                }
                p.patch_as(Who::Second, &path, &body).await?.problem(&[400])?;
            }
        ),
        case!(
            "TPL-3-06",
            Some(3),
            Positive,
            "OKE 1.0.1, flow 3",
            "weight mag ontbreken en testDate mag een dag zijn.",
            "weight may be missing and testDate may be a day.",
            |p| {
                let path = participation(p)?;
                let mut body = sample::result("60");
                if let Some(result) = body.get_mut("result").and_then(Value::as_object_mut) {
                    result.remove("weight");
                }
                if let Some(entry) = body.pointer_mut("/result/consumers/0").and_then(Value::as_object_mut) {
                    entry.insert("testDate".to_owned(), json!("2026-06-22"));
                }
                p.patch_as(Who::Second, &path, &body).await?.status_in(&[200])?;
            }
        ),
        case!(
            "TPL-3-07",
            Some(3),
            Negative,
            "OKE 1.0.1, flow 3",
            "Een melding zonder resultaat: 400.",
            "A report without a result: 400.",
            |p| {
                let path = participation(p)?;
                let empty = json!({ "associationType": "componentOfferingAssociation" });
                let got = p.patch_as(Who::Second, &path, &empty).await?;
                // The 1.1 candidate knows messages without a result, but never without anything.
                expect(got.status == 400, "An empty report was taken in.")?;
                got.problem(&[400])?;
            }
        ),
        case!(
            "TPL-3-08",
            Some(3),
            Access,
            "OKE 1.0.1, scopes",
            "De deelnemerregistratie kan geen resultaat van een deelname melden.",
            "The student administration cannot report the result of a participation.",
            |p| {
                let path = participation(p)?;
                p.patch(&path, &sample::result("60")).await?.problem(&[400, 403, 404])?;
            }
        ),
        case!(
            "TPL-3-09",
            Some(3),
            Documents,
            "OKE 1.0.1, documents",
            "Documenten bij een resultaat worden aanvaard, ook met een id dat geen UUID is.",
            "Documents with a result are accepted, also with an id that is no UUID.",
            |p| {
                let path = participation(p)?;
                let mut body = sample::result("60");
                if let Some(entry) = body.pointer_mut("/result/consumers/0").and_then(Value::as_object_mut) {
                    entry.insert("documents".to_owned(), json!([{ "documentId": "123454", "documentType": "assessmentForm", "documentName": "form.pdf" }]));
                }
                p.patch_as(Who::Second, &path, &body).await?.status_in(&[200])?;
            }
        ),
        case!(
            "TPL-3-10",
            Some(3),
            Positive,
            "OKE 1.0.1, consumers",
            "Onbekende attributen bij een resultaat storen niet.",
            "Unknown attributes with a result do no harm.",
            |p| {
                let path = participation(p)?;
                let mut body = sample::result("60");
                if let Some(entry) = body.pointer_mut("/result/consumers/0").and_then(Value::as_object_mut) {
                    entry.insert("ownAttribute".to_owned(), json!({}));
                }
                if let Some(object) = body.as_object_mut() {
                    object.insert("remoteState".to_owned(), json!("finished"));
                }
                p.patch_as(Who::Second, &path, &body).await?.status_in(&[200])?;
            }
        ),
        case!(
            "TPL-4-01",
            Some(4),
            Positive,
            "OKE 1.0.1, flow 4",
            "Een sessieverslag wordt aanvaard, met en zonder documenten, en nog eens.",
            "A session report is accepted, with and without documents, and again.",
            |p| {
                let id = p.prepared(|prepared| prepared.session.clone(), "session")?;
                let path = format!("/offerings/{id}");
                let mut body = json!({ "offeringType": "component", "consumers": [{ "consumerKey": "nl-test-admin", "irregularities": "geen" }] });
                p.patch_as(Who::Second, &path, &body).await?.status_in(&[200])?;
                if let Some(entry) = body.pointer_mut("/consumers/0").and_then(Value::as_object_mut) {
                    entry.insert("documents".to_owned(), json!([{ "documentId": "454566464665355545", "documentType": "sessionReport", "documentName": "verslag.pdf" }]));
                }
                p.patch_as(Who::Second, &path, &body).await?.status_in(&[200])?;
                p.patch_as(Who::Second, &path, &body).await?.status_in(&[200])?;
            }
        ),
        case!(
            "TPL-4-02",
            Some(4),
            Tombstone,
            "OKE 1.0.1, states",
            "Een verslag van een afgezegde sessie: 200.",
            "A report of a cancelled session: 200.",
            |p| {
                let id = p.prepared(|prepared| prepared.canceled_session.clone(), "canceledSession")?;
                let body = json!({ "offeringType": "component", "consumers": [{ "consumerKey": "nl-test-admin", "irregularities": "Brandalarm" }] });
                p.patch_as(Who::Second, &format!("/offerings/{id}"), &body).await?.status_in(&[200])?;
            }
        ),
        case!(
            "TPL-4-03",
            Some(4),
            Negative,
            "OKE 1.0.1, flow 4",
            "Een verslag van een onbekende sessie: 404; zonder offeringType: 400.",
            "A report of an unknown session: 404; without offeringType: 400.",
            |p| {
                let body = json!({ "offeringType": "component", "consumers": [{ "consumerKey": "nl-test-admin", "irregularities": "geen" }] });
                let path = format!("/offerings/{}", p.id());
                p.patch_as(Who::Second, &path, &body).await?.problem(&[404, 400])?;
                let id = p.prepared(|prepared| prepared.session.clone(), "session")?;
                let body =
                    json!({ "consumers": [{ "consumerKey": "nl-test-admin", "irregularities": "geen" }] });
                p.patch_as(Who::Second, &format!("/offerings/{id}"), &body).await?.problem(&[400])?;
            }
        ),
        case!(
            "TPL-5-01",
            Some(5),
            Documents,
            "OKE 1.0.1, documents",
            "De deelnemerregistratie haalt een document op als bytes.",
            "The student administration fetches a document as bytes.",
            |p| {
                let id = p.prepared(|prepared| prepared.document.clone(), "document")?;
                let got = p.get(&format!("/documents/{id}")).await?.status_in(&[200])?;
                expect(
                    got.media_type.starts_with("application/octet-stream"),
                    "The media type is not application/octet-stream.",
                )?;
                expect(!got.body.is_empty(), "The document is empty.")?;
            }
        ),
        case!(
            "TPL-5-02",
            Some(5),
            Documents,
            "OKE 1.0.1, documents",
            "Een onbekend document: 404, ook als het id geen UUID is.",
            "An unknown document: 404, also if the id is no UUID.",
            |p| {
                let path = format!("/documents/{}", p.id());
                p.get(&path).await?.problem(&[404])?;
                p.get("/documents/123454").await?.problem(&[404])?;
            }
        ),
    ]
}

fn participation(p: &Probe) -> Result<String, Stop> {
    let id = p.prepared(|prepared| prepared.participation.clone(), "participation")?;
    Ok(format!("/associations/{id}"))
}
