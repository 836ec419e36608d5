//! What a test planner sends: pulls, sessions, student results.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Outage, clean, comes_again, found, partner, puts, wait};
use crate::conform::case::{Case, Stop, case};
use crate::conform::probe::{Probe, Who, consumer, expect, reference};
use crate::conform::{sample, sis_result};
use crate::exchange::Role;
use crate::simulate::Seen;
use crate::simulate::data::{SCHOOL, pdf};

#[allow(clippy::too_many_lines, reason = "a list of tests, one after another")]
pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            "CALL-TPL-1",
            Some(1),
            Calling,
            "OKE 1.0.1, lists",
            "Wie in te plannen toetsen ophaalt, stuurt altijd since mee en vraagt een bestaande pageSize.",
            "Whoever pulls plannable tests always sends since, and asks a pageSize that exists.",
            |p| {
                let seen = found(p, Role::Sis, "a pull of /offerings", |seen| {
                    seen.method == "GET" && seen.path.starts_with("/offerings?") && seen.status != 401
                })
                .await?;
                expect(
                    parameter(&seen.path, "since").is_some(),
                    "since is missing: the default of the bundle is today.",
                )?;
                expect(
                    parameter(&seen.path, "pageSize")
                        .is_none_or(|size| ["10", "20", "50", "100", "250"].contains(&size)),
                    "pageSize must be 10, 20, 50, 100 or 250.",
                )?;
                expect(seen.status < 300, &format!("The pull had to be refused with {}.", seen.status))?;
            }
        ),
        case!(
            "CALL-TPL-2",
            Some(2),
            Calling,
            "OKE 1.0.1, flow 2",
            "De sessie komt voor haar deelnames, beide geldig.",
            "The session comes before its participations, both valid.",
            |p| {
                let participation =
                    found(p, Role::Ta, "a participation", |seen| puts(seen, "/associations/")).await?;
                let request = participation.request.clone().unwrap_or_default();
                expect(request.pointer("/person/surname").is_some(), "The person is not embedded.")?;
                expect(request.get("result").is_none(), "Flow 2 carries no result.")?;
                expect(
                    !request.to_string().contains("assignedNeeds"),
                    "assignedNeeds never goes to test delivery.",
                )?;
                clean(&participation)?;
                let offering = session_of(p, &participation).await?;
                clean(&offering)?;
                expect(offering.number < participation.number, "The participation came before its session.")?;
            }
        ),
        case!(
            "CALL-TPL-3",
            Some(5),
            Calling,
            "OKE 1.0.1, flow 5",
            "Een resultaat van toetsafname komt bij de deelnemerregistratie, volledig, geldig en onveranderd.",
            "A result of test delivery reaches the student administration, complete, valid and unchanged.",
            |p| {
                let told = participation(p, 0).await?;
                let score = fitting(p, &told).await?;
                report(p, &told, &sample::result(&score)).await?;
                let seen = found(p, Role::Sis, "a result (flow 5)", is_score).await?;
                let request = seen.request.clone().unwrap_or_default();
                let result = request.get("result").cloned().unwrap_or_default();
                expect(
                    consumer(&result, "executedOfferingName").is_string(),
                    "executedOfferingName is missing.",
                )?;
                let enrolment = consumer(&request, "orgAssociationId").as_str().map(str::to_ascii_lowercase);
                expect(
                    consumer(&request, "attempt").is_i64() && enrolment.is_some(),
                    "attempt or orgAssociationId is missing.",
                )?;
                let id = seen.path.trim_start_matches("/associations/").to_ascii_lowercase();
                expect(
                    seen.method == "PUT" || Some(id) == enrolment,
                    "A first result is a PATCH of the enrolment itself, named by orgAssociationId.",
                )?;
                clean(&seen)?;
                expect(
                    result.get("score").and_then(Value::as_str) == Some(score.as_str()),
                    &format!("Test delivery reported {score}; another score arrived."),
                )?;
            }
        ),
        case!(
            "CALL-TPL-4",
            Some(5),
            Calling,
            "OKE 1.0.1, documents",
            "Documenten van een resultaat zijn bij de planner op te halen, nooit bij toetsafname.",
            "Documents of a result are fetched at the planner, never at test delivery.",
            |p| {
                let told = participation(p, 1).await?;
                let score = fitting(p, &told).await?;
                let (document, bytes) = (p.id(), pdf("Conformiteit"));
                partner(p, Role::Ta)?.memory.put_document(SCHOOL, &document, bytes.clone());
                let mut result = sample::result(&score);
                if let Some(entry) = result.pointer_mut("/result/consumers/0").and_then(Value::as_object_mut)
                {
                    entry.insert(
                        "documents".to_owned(),
                        json!([{ "documentId": document,
                        "documentType": "assessmentForm", "documentName": "formulier.pdf" }]),
                    );
                }
                report(p, &told, &result).await?;
                let seen = found(p, Role::Sis, "a result with a document (flow 5)", |seen| {
                    is_score(seen) && document_of(seen).is_some()
                })
                .await?;
                let id = document_of(&seen).unwrap_or_default();
                let got = p.get(&format!("/documents/{id}")).await?.status_in(&[200])?;
                expect(same(&got.body, &bytes), "The planner serves other bytes than test delivery did.")?;
            }
        ),
        case!(
            "CALL-TPL-5",
            Some(5),
            Calling,
            "OKE 1.0.1, errors",
            "Wat met 503 werd geweigerd, wordt opnieuw gestuurd.",
            "What was refused with 503 is sent again.",
            |p| {
                let told = participation(p, 2).await?;
                let score = fitting(p, &told).await?;
                let outage = Outage::of(p, Role::Sis)?;
                report(p, &told, &sample::result(&score)).await?;
                let lost =
                    found(p, Role::Sis, "a result (flow 5)", |seen| is_score(seen) && seen.status == 503)
                        .await?;
                drop(outage);
                let path = lost.path.clone();
                comes_again(p, Role::Sis, &lost, move |seen| is_score(seen) && seen.path == path).await?;
            }
        ),
        case!(
            "CALL-TPL-6",
            Some(1),
            Calling,
            "OKE 1.0.1, lists",
            "Een lijst wordt gelezen zolang hasNextPage dat zegt.",
            "A list is read as long as hasNextPage says so.",
            |p| {
                let is_list = |seen: &Seen| seen.method == "GET" && next_page(seen).is_some();
                let Some(first) = wait(p, Role::Ta, is_list).await.or(wait(p, Role::Sis, is_list).await)
                else {
                    return Err(Stop::Skipped("No list was asked for.".to_owned()));
                };
                // Every page with a next one must have been followed by it.
                if next_page(&first) == Some(true) {
                    let number =
                        parameter(&first.path, "pageNumber").and_then(|text| text.parse().ok()).unwrap_or(1);
                    let path = first.path.split('?').next().unwrap_or_default().to_owned();
                    let wanted = (number + 1).to_string();
                    found(p, first.server, &format!("page {wanted} of {path}"), move |seen: &Seen| {
                        seen.path.split('?').next() == Some(path.as_str())
                            && parameter(&seen.path, "pageNumber") == Some(wanted.as_str())
                    })
                    .await?;
                }
            }
        ),
    ]
}

/// A participation the tested planner told us about, as the delivery system we are: the n-th, for a test of its own.
async fn participation(p: &mut Probe, place: usize) -> Result<Seen, Stop> {
    let first = found(p, Role::Ta, "a participation", |seen| puts(seen, "/associations/")).await?;
    let all = partner(p, Role::Ta)?.traffic.since(0);
    let mut paths: Vec<&str> = Vec::new();
    for seen in all.iter().filter(|seen| puts(seen, "/associations/") && seen.status < 300) {
        if !paths.contains(&seen.path.as_str()) {
            paths.push(&seen.path);
        }
    }
    let path = paths.get(place).or(paths.last()).map(|path| (*path).to_owned());
    let chosen = all.iter().find(|seen| Some(&seen.path) == path.as_ref() && puts(seen, "/associations/"));
    Ok(chosen.cloned().unwrap_or(first))
}

/// The session a participation is for.
async fn session_of(p: &mut Probe, participation: &Seen) -> Result<Seen, Stop> {
    let request = participation.request.clone().unwrap_or_default();
    let session =
        reference(request.get("offering").unwrap_or(&Value::Null), "offeringId").unwrap_or_default();
    let path = format!("/offerings/{session}");
    found(p, Role::Ta, "the session of a participation", |seen| {
        puts(seen, "/offerings/") && seen.path.eq_ignore_ascii_case(&path)
    })
    .await
}

/// A score in the form the session of a participation asks for.
async fn fitting(p: &mut Probe, participation: &Seen) -> Result<String, Stop> {
    let session = session_of(p, participation).await?;
    let kind = session.request.as_ref().and_then(|request| request.get("resultValueType")).cloned();
    Ok(sis_result::fitting(kind.unwrap_or_default().as_str()).to_owned())
}

/// We are the delivery system: what the planner asked for is reported, and must go on from there.
async fn report(p: &mut Probe, participation: &Seen, result: &Value) -> Result<(), Stop> {
    p.patch_as(Who::Second, &participation.path, result).await?.status_in(&[200]).map(|_| ())
}

fn is_score(seen: &Seen) -> bool {
    seen.path.starts_with("/associations/")
        && matches!(seen.method.as_str(), "PATCH" | "PUT")
        && seen.status != 401
        && seen.request.as_ref().is_some_and(|request| request.pointer("/result/score").is_some())
}

fn document_of(seen: &Seen) -> Option<String> {
    let result = seen.request.as_ref()?.get("result")?;
    Some(consumer(result, "documents").get(0)?.get("documentId")?.as_str()?.to_owned())
}

/// What an answer says about a next page, if it is a page.
fn next_page(seen: &Seen) -> Option<bool> {
    seen.answer.as_ref()?.get("hasNextPage")?.as_bool()
}

fn parameter<'s>(path: &'s str, name: &str) -> Option<&'s str> {
    let (_, query) = path.split_once('?')?;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn same(one: &Bytes, other: &Bytes) -> bool {
    one == other
}
