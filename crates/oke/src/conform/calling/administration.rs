//! What a student administration sends: plannable tests and enrolments; what it fetches.

use serde_json::{Value, json};

use super::{clean, found, partner, puts, wait};
use crate::conform::case::{Case, Stop, case};
use crate::conform::probe::{consumer, expect, reference};
use crate::conform::sample;
use crate::exchange::Role;
use crate::simulate::data::{SCHOOL, pdf};

#[allow(clippy::too_many_lines, reason = "a list of tests, one after another")]
pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            "CALL-SIS-1",
            Some(1),
            Calling,
            "OKE 1.0.1, flow 1",
            "Een in te plannen toets komt voor zijn inschrijvingen, beide geldig.",
            "A plannable test comes before its enrolments, both valid.",
            |p| {
                let enrolment =
                    found(p, Role::Tpl, "an enrolment", |seen| puts(seen, "/associations/")).await?;
                clean(&enrolment)?;
                let request = enrolment.request.clone().unwrap_or_default();
                let offering = request.get("offering").and_then(|offering| reference(offering, "offeringId"));
                let path = format!("/offerings/{}", offering.unwrap_or_default());
                let is_embedded = request.get("offering").is_some_and(Value::is_object);
                if !is_embedded {
                    let test = found(p, Role::Tpl, "the test of an enrolment", |seen| {
                        puts(seen, "/offerings/") && seen.path.eq_ignore_ascii_case(&path)
                    })
                    .await?;
                    clean(&test)?;
                    expect(test.number < enrolment.number, "The enrolment came before its test.")?;
                }
            }
        ),
        case!(
            "CALL-SIS-2",
            Some(1),
            Calling,
            "OKE 1.0.1, flow 1",
            "De persoon van een inschrijving is te kennen: meegestuurd, gestuurd of op te halen.",
            "The person of an enrolment can be known: sent along, sent, or to be fetched.",
            |p| {
                let enrolment =
                    found(p, Role::Tpl, "an enrolment", |seen| puts(seen, "/associations/")).await?;
                let request = enrolment.request.clone().unwrap_or_default();
                let person = request.get("person").cloned().unwrap_or_default();
                if !person.is_object() {
                    let id = person.as_str().unwrap_or_default().to_ascii_lowercase();
                    expect(!id.is_empty(), "The enrolment has no person.")?;
                    let path = format!("/persons/{id}");
                    let was_sent = partner(p, Role::Tpl)?
                        .traffic
                        .since(0)
                        .into_iter()
                        .any(|seen| puts(&seen, "/persons/") && seen.path.eq_ignore_ascii_case(&path));
                    if !was_sent {
                        p.get(&path).await?.status_in(&[200])?;
                    }
                }
            }
        ),
        case!(
            "CALL-SIS-3",
            Some(5),
            Calling,
            "OKE 1.0.1, documents",
            "Een document bij een resultaat haalt de deelnemerregistratie op bij de planner.",
            "The student administration fetches the document of a result at the planner.",
            |p| {
                let enrolment = p.prepared(|prepared| prepared.enrolment.clone(), "enrolment")?;
                let score = p.prepared(|prepared| prepared.scores.first().cloned(), "scores")?;
                let id = p.id();
                partner(p, Role::Tpl)?.memory.put_document(SCHOOL, &id, pdf("Conformiteit"));
                let mut result = sample::student_result(&score, &enrolment, 1);
                if let Some(entry) = result.pointer_mut("/result/consumers/0").and_then(Value::as_object_mut)
                {
                    entry.insert(
                        "documents".to_owned(),
                        json!([{ "documentId": id,
                        "documentType": "assessmentForm", "documentName": "formulier.pdf" }]),
                    );
                }
                p.patch(&format!("/associations/{enrolment}"), &result).await?.status_in(&[200])?;
                let path = format!("/documents/{id}");
                let seen = wait(p, Role::Tpl, |seen| {
                    seen.method == "GET" && seen.path.eq_ignore_ascii_case(&path) && seen.status != 401
                })
                .await;
                let Some(seen) = seen else {
                    return Err(Stop::Skipped(
                        "The document was not fetched in time; the agreement leaves the choice to the administration."
                            .to_owned(),
                    ));
                };
                expect(
                    seen.status == 200,
                    &format!("The document was asked for in a way that gave {}.", seen.status),
                )?;
            }
        ),
        case!(
            "CALL-SIS-4",
            Some(1),
            Calling,
            "OKE 1.0.1, attempts",
            "Een inschrijving zegt welke poging wordt ingepland.",
            "An enrolment says which attempt is being planned.",
            |p| {
                let enrolment = found(p, Role::Tpl, "an enrolment of a student", |seen| {
                    puts(seen, "/associations/")
                        && seen.request.as_ref().is_some_and(|request| {
                            request.get("role") == Some(&json!("student"))
                                && request.get("associationType")
                                    == Some(&json!("componentOfferingAssociation"))
                        })
                })
                .await?;
                let request = enrolment.request.clone().unwrap_or_default();
                expect(
                    consumer(&request, "attempt").as_i64().is_some_and(|attempt| attempt >= 1),
                    "attempt is missing: which attempt is this?",
                )?;
            }
        ),
    ]
}
