//! What the tested party sends when it is the one that calls: judged at the partners that listen.

use serde_json::{Value, json};

use super::case::{Case, Stop, case};
use super::probe::{Probe, consumer, expect};
use super::sample;
use crate::exchange::Role;
use crate::finding::{Level, Severity};
use crate::message::Attendance;
use crate::simulate::Seen;
use crate::wire::Codes;

pub(super) fn cases(role: Role) -> Vec<Case> {
    match role {
        Role::Ta => delivery(),
        Role::Tpl => planner(),
        Role::Sis => administration(),
    }
}

fn delivery() -> Vec<Case> {
    vec![
        case!(
            "CALL-TA-1",
            Some(3),
            Calling,
            "OKE 1.0.1, flow 3",
            "Na een sessie meldt toetsafname van elke deelnemer de aanwezigheid, geldig.",
            "After a session delivery reports everybody's attendance, in valid messages.",
            |p| {
                let sitting = held_session(p).await?;
                for id in &sitting.participations {
                    let seen = call(p, Role::Tpl, "PATCH", &format!("/associations/{id}")).await?;
                    clean(&seen)?;
                    let request = seen.request.clone().unwrap_or_default();
                    let result = request.get("result").cloned().unwrap_or_default();
                    let word = consumer(&result, "attendance").as_str().unwrap_or_default().to_owned();
                    expect(
                        Attendance::ALL.iter().any(|(known, _)| *known == word),
                        "The report has no attendance.",
                    )?;
                    expect(result.get("weight") == Some(&json!(100)), "weight is not 100.")?;
                    expect(request.get("associationId").is_none(), "A PATCH body never carries the id.")?;
                }
            }
        ),
        case!(
            "CALL-TA-2",
            Some(4),
            Calling,
            "OKE 1.0.1, flow 4",
            "Na een sessie komt het verslag, met irregularities.",
            "After a session its report comes, with irregularities.",
            |p| {
                let sitting = held_session(p).await?;
                let seen = call(p, Role::Tpl, "PATCH", &format!("/offerings/{}", sitting.session)).await?;
                clean(&seen)?;
                let request = seen.request.clone().unwrap_or_default();
                expect(
                    consumer(&request, "irregularities").is_string(),
                    "The report has no irregularities.",
                )?;
                expect(
                    consumer(&request, "offeringState").is_null(),
                    "A report does not change the state of a session.",
                )?;
            }
        ),
        case!(
            "CALL-TA-3",
            Some(3),
            Calling,
            "OKE 1.0.1, documents",
            "Documenten waarnaar een resultaat verwijst, zijn op te halen.",
            "Documents a result refers to can be fetched.",
            |p| {
                let sitting = held_session(p).await?;
                let mut found = 0;
                for id in &sitting.participations {
                    let path = format!("/associations/{id}");
                    let with_score = wait(p, Role::Tpl, |seen| {
                        seen.method == "PATCH"
                            && seen.path == path
                            && seen
                                .request
                                .as_ref()
                                .is_some_and(|request| request.pointer("/result/score").is_some())
                    })
                    .await;
                    let Some(seen) = with_score else { continue };
                    let result = seen
                        .request
                        .as_ref()
                        .and_then(|request| request.get("result"))
                        .cloned()
                        .unwrap_or_default();
                    for document in consumer(&result, "documents").as_array().into_iter().flatten() {
                        let id =
                            document.get("documentId").and_then(Value::as_str).unwrap_or_default().to_owned();
                        p.get(&format!("/documents/{id}")).await?.status_in(&[200])?;
                        found += 1;
                    }
                }
                if found == 0 {
                    return Err(Stop::Skipped("No result came with a document.".to_owned()));
                }
            }
        ),
    ]
}

fn planner() -> Vec<Case> {
    vec![
        case!(
            "CALL-TPL-1",
            Some(1),
            Calling,
            "OKE 1.0.1, lists",
            "Wie in te plannen toetsen ophaalt, stuurt altijd since mee.",
            "Whoever pulls plannable tests always sends since.",
            |p| {
                let seen = found(p, Role::Sis, "a pull of /offerings", |seen| {
                    seen.method == "GET" && seen.path.starts_with("/offerings?")
                })
                .await?;
                expect(
                    seen.path.contains("since="),
                    "since is missing: the default of the bundle is today.",
                )?;
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
                let put = |seen: &Seen, kind: &str| {
                    seen.method == "PUT" && seen.path.starts_with(kind) && seen.status < 300
                };
                let participation =
                    found(p, Role::Ta, "a participation", |seen| put(seen, "/associations/")).await?;
                clean(&participation)?;
                let request = participation.request.clone().unwrap_or_default();
                let session = request.get("offering").and_then(Value::as_str).unwrap_or_default().to_owned();
                let path = format!("/offerings/{session}");
                let offering =
                    found(p, Role::Ta, "the session of a participation", |seen| put(seen, &path)).await?;
                clean(&offering)?;
                expect(offering.number < participation.number, "The participation came before its session.")?;
                expect(request.pointer("/person/surname").is_some(), "The person is not embedded.")?;
                expect(request.get("result").is_none(), "Flow 2 carries no result.")?;
                expect(
                    !request.to_string().contains("assignedNeeds"),
                    "assignedNeeds never goes to test delivery.",
                )?;
            }
        ),
        case!(
            "CALL-TPL-3",
            Some(5),
            Calling,
            "OKE 1.0.1, flow 5",
            "Een resultaat van toetsafname komt bij de deelnemerregistratie, volledig en geldig.",
            "A result of test delivery reaches the student administration, complete and valid.",
            |p| {
                // We are the delivery system: what the planner asked for is reported, and must go on from there.
                let told = found(p, Role::Ta, "a participation", |seen| {
                    seen.method == "PUT" && seen.path.starts_with("/associations/") && seen.status < 300
                })
                .await?;
                let session = told.request.as_ref().and_then(|request| request.get("offering")).cloned();
                let session =
                    super::probe::reference(&session.unwrap_or_default(), "offeringId").unwrap_or_default();
                let path = format!("/offerings/{session}");
                let is_session = |seen: &Seen| seen.method == "PUT" && seen.path == path;
                let offering = found(p, Role::Ta, "the session of a participation", is_session).await?;
                let kind =
                    offering.request.as_ref().and_then(|request| request.get("resultValueType")).cloned();
                let report = sample::result(super::sis_result::fitting(kind.unwrap_or_default().as_str()));
                p.patch_as(super::probe::Who::Second, &told.path, &report).await?.status_in(&[200])?;
                let seen = found(p, Role::Sis, "a result (flow 5)", |seen| {
                    seen.path.starts_with("/associations/")
                        && matches!(seen.method.as_str(), "PATCH" | "PUT")
                        && seen.request.as_ref().is_some_and(|request| request.get("result").is_some())
                })
                .await?;
                clean(&seen)?;
                let request = seen.request.clone().unwrap_or_default();
                let result = request.get("result").cloned().unwrap_or_default();
                expect(
                    consumer(&result, "executedOfferingName").is_string(),
                    "executedOfferingName is missing.",
                )?;
                expect(
                    consumer(&request, "attempt").is_i64()
                        && consumer(&request, "orgAssociationId").is_string(),
                    "attempt or orgAssociationId is missing.",
                )?;
                expect(
                    seen.status < 300,
                    &format!("The student administration had to refuse it with {}.", seen.status),
                )?;
            }
        ),
    ]
}

fn administration() -> Vec<Case> {
    vec![case!(
        "CALL-SIS-1",
        Some(1),
        Calling,
        "OKE 1.0.1, flow 1",
        "Een in te plannen toets komt voor zijn inschrijvingen, beide geldig.",
        "A plannable test comes before its enrolments, both valid.",
        |p| {
            let put = |seen: &Seen, kind: &str| {
                seen.method == "PUT" && seen.path.starts_with(kind) && seen.status < 300
            };
            let enrolment = found(p, Role::Tpl, "an enrolment", |seen| put(seen, "/associations/")).await?;
            clean(&enrolment)?;
            let request = enrolment.request.clone().unwrap_or_default();
            let offering = request
                .get("offering")
                .map(|offering| super::probe::reference(offering, "offeringId").unwrap_or_default())
                .unwrap_or_default();
            let path = format!("/offerings/{offering}");
            let test = found(p, Role::Tpl, "the test of an enrolment", |seen| put(seen, &path)).await?;
            clean(&test)?;
            expect(test.number < enrolment.number, "The enrolment came before its test.")?;
        }
    )]
}

struct Sitting {
    session: String,
    participations: Vec<String>,
}

/// A session that is held now, with two participants: the tested party should report on it.
async fn held_session(p: &mut Probe) -> Result<Sitting, Stop> {
    let component = super::ta::component(p)?;
    let (session, now) = (p.id(), p.outside.now());
    let mut body = sample::offering(&session, &component, now);
    if let Some(object) = body.as_object_mut() {
        object.insert("startDateTime".to_owned(), json!(sample::moment(now, 0, -90)));
        object.insert("endDateTime".to_owned(), json!(sample::moment(now, 0, -1)));
    }
    let listening = p.listening.clone().ok_or_else(|| Stop::Skipped("Nobody listens.".to_owned()))?;
    let mut participations = Vec::new();
    // The partner must know what it will be told about, before it can be told.
    let partner =
        listening.stand(Role::Tpl).ok_or_else(|| Stop::Skipped("No planner listens.".to_owned()))?;
    let here = |kind, id: &str, value: &Value| {
        use crate::memory::Shelf;
        partner.memory.put(crate::simulate::data::SCHOOL, Shelf::Session, kind, id, value);
    };
    here(crate::memory::Kind::Offering, &session, &body);
    let mut bodies = Vec::new();
    for _ in 0..2 {
        let (id, person) = (p.id(), p.id());
        let message = sample::participation(&id, &session, &person);
        here(crate::memory::Kind::Association, &id, &message);
        bodies.push((id, message));
    }
    p.put(&format!("/offerings/{session}"), &body).await?.status_in(&[201])?;
    for (id, message) in bodies {
        p.put(&format!("/associations/{id}"), &message).await?.status_in(&[201])?;
        participations.push(id);
    }
    Ok(Sitting { session, participations })
}

async fn wait(p: &Probe, role: Role, wanted: impl Fn(&Seen) -> bool) -> Option<Seen> {
    let listening = p.listening.clone()?;
    listening.wait(role, 0, p.target.patience, wanted).await
}

async fn found(p: &Probe, role: Role, what: &str, wanted: impl Fn(&Seen) -> bool) -> Result<Seen, Stop> {
    wait(p, role, wanted).await.ok_or_else(|| {
        let seconds = p.target.patience.as_secs();
        Stop::Failed(format!(
            "Within {seconds} seconds the {role} that listens saw no {what}; let the tested party call it."
        ))
    })
}

async fn call(p: &Probe, role: Role, method: &str, path: &str) -> Result<Seen, Stop> {
    let what = format!("{method} {path}");
    found(p, role, &what, |seen| seen.method == method && seen.path == path).await
}

/// A message without errors and warnings of schema and agreement, that was accepted.
fn clean(seen: &Seen) -> Result<(), Stop> {
    let serious = seen
        .request_findings
        .iter()
        .find(|finding| finding.severity > Severity::Note && finding.level != Level::Advice);
    match serious {
        Some(finding) => Err(Stop::Failed(format!("{} {}: {finding}", seen.method, seen.path))),
        None => expect(
            seen.status < 300,
            &format!("{} {} had to be refused with {}.", seen.method, seen.path, seen.status),
        ),
    }
}
