//! What a test delivery system sends: attendance, scores, session reports.

use serde_json::{Value, json};

use super::{Outage, call, clean, comes_again, found, partner, wait};
use crate::conform::case::{Case, Stop, case};
use crate::conform::probe::{Probe, consumer, expect};
use crate::conform::{sample, ta};
use crate::exchange::Role;
use crate::memory::{Kind, Shelf};
use crate::message::{Attendance, ResultValueType};
use crate::score;
use crate::simulate::Seen;
use crate::simulate::data::SCHOOL;
use crate::wire::Codes;

#[allow(clippy::too_many_lines, reason = "a list of tests, one after another")]
pub(super) fn cases() -> Vec<Case> {
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
                let mut count = 0;
                for id in &sitting.participations {
                    let Some(seen) = score_of(p, id).await else { continue };
                    let result = seen.request.as_ref().and_then(|request| request.get("result"));
                    let documents = result.map(|result| consumer(result, "documents").clone());
                    for document in documents.as_ref().and_then(Value::as_array).into_iter().flatten() {
                        let id =
                            document.get("documentId").and_then(Value::as_str).unwrap_or_default().to_owned();
                        p.get(&format!("/documents/{id}")).await?.status_in(&[200])?;
                        count += 1;
                    }
                }
                if count == 0 {
                    return Err(Stop::Skipped("No result came with a document.".to_owned()));
                }
            }
        ),
        case!(
            "CALL-TA-4",
            Some(3),
            Calling,
            "OKE 1.0.1, scores",
            "Een uitslag is af: completed, met een score in de vorm die de sessie vraagt.",
            "A score is complete: completed, in the form the session asks for.",
            |p| {
                let sitting = held_session(p).await?;
                let mut count = 0;
                for id in &sitting.participations {
                    let Some(seen) = score_of(p, id).await else { continue };
                    clean(&seen)?;
                    let result = seen.request.as_ref().and_then(|request| request.get("result"));
                    let result = result.cloned().unwrap_or_default();
                    let text = result.get("score").and_then(Value::as_str).unwrap_or_default();
                    // The sessions of the suite are scored 0-100.
                    expect(
                        score::fits(ResultValueType::Hundred, text),
                        &format!("The score {text} does not fit 0-100."),
                    )?;
                    expect(
                        result.get("state") == Some(&json!("completed")),
                        "A result with a score has state completed.",
                    )?;
                    expect(result.get("weight") == Some(&json!(100)), "weight is not 100.")?;
                    count += 1;
                }
                if count == 0 {
                    return Err(Stop::Skipped(
                        "No score came in time; scores may take longer, give them longer with --patience."
                            .to_owned(),
                    ));
                }
            }
        ),
        case!(
            "CALL-TA-5",
            Some(3),
            Calling,
            "OKE 1.0.1, errors",
            "Wat met 503 werd geweigerd, wordt opnieuw gemeld.",
            "What was refused with 503 is reported again.",
            |p| {
                let sitting = session(p, 2)?;
                let ids = sitting.participations.clone();
                let is_ours = move |seen: &Seen| {
                    let id = seen.path.strip_prefix("/associations/");
                    seen.method == "PATCH" && id.is_some_and(|id| ids.iter().any(|own| own == id))
                };
                // The planner is out of order before the session is known, so that the first report meets it.
                let outage = Outage::of(p, Role::Tpl)?;
                tell(p, &sitting).await?;
                let lost =
                    found(p, Role::Tpl, "report of attendance", |seen| is_ours(seen) && seen.status == 503)
                        .await?;
                drop(outage);
                let path = lost.path.clone();
                comes_again(p, Role::Tpl, &lost, move |seen| seen.method == "PATCH" && seen.path == path)
                    .await?;
            }
        ),
    ]
}

struct Sitting {
    session: String,
    body: Value,
    participations: Vec<String>,
    bodies: Vec<Value>,
}

/// A session that is held now, with two participants: the tested party should report on it.
async fn held_session(p: &mut Probe) -> Result<Sitting, Stop> {
    let sitting = session(p, 2)?;
    tell(p, &sitting).await?;
    Ok(sitting)
}

/// A session that ended a minute ago, known to the planner that listens.
fn session(p: &mut Probe, seats: usize) -> Result<Sitting, Stop> {
    let component = ta::component(p)?;
    let (session, now) = (p.id(), p.outside.now());
    let mut body = sample::offering(&session, &component, now);
    if let Some(object) = body.as_object_mut() {
        object.insert("startDateTime".to_owned(), json!(sample::moment(now, 0, -90)));
        object.insert("endDateTime".to_owned(), json!(sample::moment(now, 0, -1)));
    }
    let mut sitting = Sitting { session, body, participations: Vec::new(), bodies: Vec::new() };
    for _ in 0..seats {
        let (id, person) = (p.id(), p.id());
        sitting.bodies.push(sample::participation(&id, &sitting.session, &person));
        sitting.participations.push(id);
    }
    // The partner must know what it will be told about, before it can be told.
    let planner = partner(p, Role::Tpl)?;
    let here = |kind, id: &str, value: &Value| planner.memory.put(SCHOOL, Shelf::Session, kind, id, value);
    here(Kind::Offering, &sitting.session, &sitting.body);
    for (id, body) in sitting.participations.iter().zip(&sitting.bodies) {
        here(Kind::Association, id, body);
    }
    Ok(sitting)
}

/// Tells the tested party about the session.
async fn tell(p: &mut Probe, sitting: &Sitting) -> Result<(), Stop> {
    p.put(&format!("/offerings/{}", sitting.session), &sitting.body).await?.status_in(&[201])?;
    for (id, body) in sitting.participations.iter().zip(&sitting.bodies) {
        p.put(&format!("/associations/{id}"), body).await?.status_in(&[201])?;
    }
    Ok(())
}

/// The report of a score of this participation.
async fn score_of(p: &mut Probe, id: &str) -> Option<Seen> {
    let path = format!("/associations/{id}");
    wait(p, Role::Tpl, |seen| {
        seen.method == "PATCH"
            && seen.path == path
            && seen.request.as_ref().is_some_and(|request| request.pointer("/result/score").is_some())
    })
    .await
}
