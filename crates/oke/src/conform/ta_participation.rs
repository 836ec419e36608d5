//! The participations and results of a test delivery system: flows 2 and 3.

use serde_json::{Value, json};

use super::case::{Case, Stop, case};
use super::probe::{Probe, consumer, equal, expect, items, reference};
use super::sample;
use super::ta::{session, walk};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            "TA-2-30",
            Some(2),
            Positive,
            "OKE 1.0.1, flow 2",
            "Een nieuwe deelname met persoon: 201, en zij komt zo terug.",
            "A new participation with its person: 201, and it comes back as sent.",
            |p| {
                let (path, sent) = participation(p).await?;
                let back = p.get(&path).await?.valid()?;
                for name in ["associationType", "role", "state"] {
                    expect(back.get(name) == sent.get(name), &format!("{name} came back differently."))?;
                }
                for name in ["additionalTimeInMin", "personalNeeds"] {
                    expect(
                        consumer(&back, name) == consumer(&sent, name),
                        &format!("{name} came back differently."),
                    )?;
                }
                let same = reference(back.get("offering").unwrap_or(&Value::Null), "offeringId")
                    == reference(sent.get("offering").unwrap_or(&Value::Null), "offeringId");
                expect(same, "The participation belongs to another session.")?;
                let person = reference(back.get("person").unwrap_or(&Value::Null), "personId");
                expect(
                    person
                        == sent
                            .pointer("/person/personId")
                            .and_then(Value::as_str)
                            .map(str::to_ascii_lowercase),
                    "The participation is of another person.",
                )?;
            }
        ),
        case!(
            "TA-2-31",
            Some(2),
            Ordering,
            "OKE 1.0.1, flow 2",
            "Een deelname voor een onbekende sessie wordt geweigerd, en na de sessie aanvaard.",
            "A participation for an unknown session is refused, and accepted after the session.",
            |p| {
                let component = super::ta::component(p)?;
                let (session, id, person, now) = (p.id(), p.id(), p.id(), p.outside.now());
                let path = format!("/associations/{id}");
                let body = sample::participation(&id, &session, &person);
                p.put(&path, &body).await?.problem(&[400, 404])?;
                p.put(&format!("/offerings/{session}"), &sample::offering(&session, &component, now))
                    .await?
                    .status_in(&[201])?;
                p.put(&path, &body).await?.status_in(&[201])?;
            }
        ),
        case!(
            "TA-2-32",
            Some(2),
            Idempotency,
            "OKE 1.0.1, PUT",
            "Dezelfde deelname nog eens: 200, en er is er één.",
            "The same participation again: 200, and there is one.",
            |p| {
                let (path, sent) = participation(p).await?;
                let before = p.get(&path).await?.valid()?;
                p.put(&path, &sent).await?.status_in(&[200])?;
                expect(
                    p.get(&path).await?.valid()? == before,
                    "Repeating the PUT changed the participation.",
                )?;
                let session = sent.get("offering").and_then(Value::as_str).unwrap_or_default().to_owned();
                let ids = walk(p, &format!("/offerings/{session}/associations?pageSize=10"), "associationId")
                    .await?;
                expect(ids.len() == 1, "Repeating the PUT made a second participation.")?;
            }
        ),
        case!(
            "TA-2-33",
            Some(2),
            Lists,
            "OKE 1.0.1, lists",
            "Twaalf deelnames staan op twee pagina's van tien.",
            "Twelve participations stand on two pages of ten.",
            |p| {
                let session = twelve(p).await?;
                let path = format!("/offerings/{session}/associations");
                let first = p.get(&format!("{path}?pageSize=10")).await?.valid()?;
                expect(items(&first).len() == 10, "The first page does not hold ten of twelve.")?;
                equal(&first, "/hasNextPage", &json!(true))?;
                let second = p.get(&format!("{path}?pageSize=10&pageNumber=2")).await?.valid()?;
                expect(items(&second).len() == 2, "The second page does not hold the other two.")?;
                equal(&second, "/hasNextPage", &json!(false))?;
                equal(&second, "/hasPreviousPage", &json!(true))?;
            }
        ),
        case!(
            "TA-2-34",
            Some(2),
            Lists,
            "OKE 1.0.1, lists",
            "role, state en associationType filteren de lijst.",
            "role, state and associationType filter the list.",
            |p| {
                let (first, sent) = participation(p).await?;
                let session = sent.get("offering").and_then(Value::as_str).unwrap_or_default().to_owned();
                let (staff, person) = (p.id(), p.id());
                let mut body = sample::participation(&staff, &session, &person);
                if let Some(object) = body.as_object_mut() {
                    object.insert("role".to_owned(), json!("invigilator"));
                    object.remove("consumers");
                }
                if let Some(person) = body.get_mut("person").and_then(Value::as_object_mut) {
                    person.insert("affiliations".to_owned(), json!(["employee"]));
                    person.remove("consumers");
                }
                p.put(&format!("/associations/{staff}"), &body).await?.status_in(&[201])?;
                let student = first.rsplit('/').next().unwrap_or_default().to_owned();
                let path = format!("/offerings/{session}/associations?pageSize=10");
                expect(
                    walk(p, &path, "associationId").await?.len() == 2,
                    "The list does not hold student and invigilator.",
                )?;
                let students = walk(p, &format!("{path}&role=student"), "associationId").await?;
                expect(students == [student.clone()], "role=student does not give the student alone.")?;
                let staff_only = walk(p, &format!("{path}&role=invigilator"), "associationId").await?;
                expect(
                    staff_only == [staff.clone()],
                    "role=invigilator does not give the invigilator alone.",
                )?;
                p.patch(&format!("/associations/{student}"), &sample::cancel()).await?.status_in(&[200])?;
                let live = walk(p, &format!("{path}&state=associated"), "associationId").await?;
                expect(live == [staff], "state=associated still gives a cancelled participation.")?;
                let typed =
                    walk(p, &format!("{path}&associationType=componentOfferingAssociation"), "associationId")
                        .await?;
                expect(
                    typed.len() == 2,
                    "associationType=componentOfferingAssociation leaves participations out.",
                )?;
                p.get(&format!("{path}&state=deleted")).await?.problem(&[400])?;
            }
        ),
        case!(
            "TA-2-35",
            Some(2),
            Expand,
            "OKE 1.0.1, expand",
            "expand=person,offering voegt beide in.",
            "expand=person,offering embeds both.",
            |p| {
                let (path, _) = participation(p).await?;
                let whole = p.get(&format!("{path}?expand=person,offering")).await?.valid()?;
                expect(
                    whole.pointer("/offering/offeringId").is_some(),
                    "expand=offering does not embed the session.",
                )?;
                expect(
                    whole.pointer("/person/personId").is_some(),
                    "expand=person does not embed the person.",
                )?;
                p.get(&format!("{path}?expand=everything")).await?.problem(&[400])?;
            }
        ),
        case!(
            "TA-2-36",
            Some(2),
            Tombstone,
            "OKE 1.0.1, states",
            "Een afgezegde deelname blijft te zien als canceled.",
            "A cancelled participation stays visible as canceled.",
            |p| {
                let (path, _) = participation(p).await?;
                p.patch(&path, &sample::cancel()).await?.status_in(&[200])?;
                let back = p.get(&path).await?.valid()?;
                equal(&back, "/state", &json!("canceled"))?;
                expect(back.get("offering").is_some(), "A cancelled participation lost its session.")?;
            }
        ),
        case!(
            "TA-2-37",
            Some(2),
            Tombstone,
            "OKE 1.0.1, states",
            "Na afzegging zijn de persoonsgegevens weg.",
            "After cancelling the personal data are gone.",
            |p| {
                let (path, _) = participation(p).await?;
                p.patch(&path, &sample::cancel()).await?.status_in(&[200])?;
                let back = p.get(&format!("{path}?expand=person")).await?.valid()?;
                let text = back.to_string();
                for secret in ["Proef", "proef.persoon@", "9900001"] {
                    expect(!text.contains(secret), "A cancelled participation still shows personal data.")?;
                }
            }
        ),
        case!(
            "TA-2-38",
            Some(2),
            Patch,
            "OKE 1.0.1, PATCH",
            "Een PATCH zonder associationType: 400, en niets verandert.",
            "A PATCH without associationType: 400, and nothing changes.",
            |p| {
                let (path, _) = participation(p).await?;
                p.patch(&path, &json!({ "state": "canceled" })).await?.problem(&[400])?;
                let back = p.get(&path).await?.valid()?;
                equal(&back, "/state", &json!("associated"))?;
            }
        ),
        case!(
            "TA-2-39",
            Some(2),
            Patch,
            "OKE 1.0.1, PATCH",
            "Het antwoord op een PATCH van een deelname is geldig of leeg.",
            "The answer to a PATCH of a participation is valid or empty.",
            |p| {
                let (path, _) = participation(p).await?;
                let got = p.patch(&path, &sample::cancel()).await?.status_in(&[200])?;
                if !got.body.is_empty() {
                    let answer = got.valid()?;
                    equal(&answer, "/state", &json!("canceled"))?;
                }
            }
        ),
        case!(
            "TA-2-40",
            Some(2),
            Patch,
            "OKE 1.0.1, PATCH",
            "Een PATCH van voorzieningen vervangt de lijst en laat extra tijd staan.",
            "A PATCH of needs replaces the list and leaves extra time alone.",
            |p| {
                let (path, _) = participation(p).await?;
                let patch = json!({ "associationType": "componentOfferingAssociation",
                "consumers": [{ "consumerKey": "nl-test-admin", "personalNeeds": ["spoken"] }] });
                p.patch(&path, &patch).await?.status_in(&[200])?;
                let back = p.get(&path).await?.valid()?;
                expect(
                    consumer(&back, "personalNeeds") == &json!(["spoken"]),
                    "personalNeeds was not replaced as a whole.",
                )?;
                expect(
                    consumer(&back, "additionalTimeInMin") == &json!(30),
                    "additionalTimeInMin was lost.",
                )?;
            }
        ),
        case!(
            "TA-2-41",
            Some(2),
            Positive,
            "OKE 1.0.1, states",
            "remoteState wordt aanvaard en nooit teruggegeven.",
            "remoteState is accepted and never returned.",
            |p| {
                let (path, mut sent) = participation(p).await?;
                if let Some(object) = sent.as_object_mut() {
                    object.insert("remoteState".to_owned(), json!("associated"));
                }
                p.put(&path, &sent).await?.status_in(&[200])?;
                let back = p.get(&path).await?.valid()?;
                expect(back.get("remoteState").is_none(), "remoteState came back.")?;
            }
        ),
        case!(
            "TA-2-42",
            Some(2),
            Positive,
            "OKE 1.0.1, flow 2",
            "Een resultaat in flow 2 wordt genegeerd.",
            "A result in flow 2 is ignored.",
            |p| {
                let (path, mut sent) = participation(p).await?;
                let result = sample::result("10").get("result").cloned().unwrap_or_default();
                if let Some(object) = sent.as_object_mut() {
                    object.insert("result".to_owned(), result);
                }
                p.put(&path, &sent).await?.status_in(&[200])?;
                let back = p.get(&path).await?.valid()?;
                expect(back.pointer("/result/score").is_none(), "A planner could hand in a result.")?;
            }
        ),
        case!(
            "TA-2-43",
            Some(2),
            Positive,
            "OKE 1.0.1, needs",
            "extraTimeInMin uit oude voorbeelden stoort niet en komt niet terug.",
            "extraTimeInMin of old examples does no harm and does not come back.",
            |p| {
                let (path, mut sent) = participation(p).await?;
                if let Some(entry) = sent.pointer_mut("/consumers/0").and_then(Value::as_object_mut) {
                    entry.remove("additionalTimeInMin");
                    entry.insert("extraTimeInMin".to_owned(), json!(30));
                }
                p.put(&path, &sent).await?.status_in(&[200])?;
                let back = p.get(&path).await?.status_in(&[200])?.value()?;
                expect(consumer(&back, "extraTimeInMin").is_null(), "extraTimeInMin was written.")?;
            }
        ),
        case!(
            "TA-2-44",
            Some(2),
            Positive,
            "OKE 1.0.1, states",
            "Alle toestanden van het schema worden aanvaard.",
            "Every state of the schema is accepted.",
            |p| {
                let (path, mut sent) = participation(p).await?;
                for state in ["pending", "denied", "queued", "finished", "associated"] {
                    if let Some(object) = sent.as_object_mut() {
                        object.insert("state".to_owned(), json!(state));
                    }
                    p.put(&path, &sent).await?.status_in(&[200])?;
                }
            }
        ),
        case!(
            "TA-2-45",
            Some(2),
            Positive,
            "OKE 1.0.1, flow 2",
            "De start-URL van een deelname is een volledig webadres.",
            "The start URL of a participation is a full web address.",
            |p| {
                let (path, _) = participation(p).await?;
                let url = p.get(&format!("{path}/url")).await?.valid()?;
                let text = url.as_str().unwrap_or_default();
                expect(
                    text.starts_with("https://") || text.starts_with("http://"),
                    "The start URL is no web address.",
                )?;
                let (other, _) = participation(p).await?;
                let second = p.get(&format!("{other}/url")).await?.valid()?;
                expect(url != second, "Two participations begin at the same address.")?;
            }
        ),
        case!(
            "TA-2-46",
            Some(2),
            Tombstone,
            "OKE 1.0.1, states",
            "Een afgezegde deelname heeft geen start-URL meer.",
            "A cancelled participation has no start URL any more.",
            |p| {
                let (path, _) = participation(p).await?;
                p.patch(&path, &sample::cancel()).await?.status_in(&[200])?;
                p.get(&format!("{path}/url")).await?.problem(&[400, 403, 404])?;
            }
        ),
        case!(
            "TA-2-47",
            Some(2),
            Negative,
            "OKE 1.0.1, flow 2",
            "Een deelname zonder rol, toestand, persoon of sessie: 400.",
            "A participation without role, state, person or session: 400.",
            |p| {
                let (_, sent) = participation(p).await?;
                for name in ["role", "state", "person", "offering"] {
                    let mut body = sent.clone();
                    let id = p.id();
                    if let Some(object) = body.as_object_mut() {
                        object.insert("associationId".to_owned(), json!(id));
                        object.remove(name);
                    }
                    p.put(&format!("/associations/{id}"), &body).await?.problem(&[400])?;
                }
            }
        ),
        case!(
            "TA-2-48",
            Some(2),
            Tombstone,
            "OKE 1.0.1, PUT",
            "Een nieuwe PUT brengt een afgezegde deelname terug.",
            "A new PUT brings a cancelled participation back.",
            |p| {
                let (path, sent) = participation(p).await?;
                p.patch(&path, &sample::cancel()).await?.status_in(&[200])?;
                p.put(&path, &sent).await?.status_in(&[200, 201])?;
                let back = p.get(&path).await?.valid()?;
                equal(&back, "/state", &json!("associated"))?;
            }
        ),
        case!(
            "TA-3-01",
            Some(3),
            Positive,
            "OKE 1.0.1, flow 3",
            "Een deelname met resultaat is volledig terug te lezen.",
            "A participation with a result can be read back whole.",
            |p| {
                let id = p.prepared(|prepared| prepared.participation.clone(), "participation")?;
                let back = p.get(&format!("/associations/{id}")).await?.valid()?;
                for pointer in ["/result/state", "/result/resultDate", "/result/weight"] {
                    expect(back.pointer(pointer).is_some(), &format!("{pointer} is missing."))?;
                }
                equal(&back, "/result/weight", &json!(100))?;
                let note = back.get("result").unwrap_or(&Value::Null);
                expect(!consumer(note, "attendance").is_null(), "The result has no attendance.")?;
            }
        ),
        case!(
            "TA-3-02",
            Some(3),
            Documents,
            "OKE 1.0.1, documents",
            "Een document komt als bytes.",
            "A document comes as bytes.",
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
            "TA-3-03",
            Some(3),
            Documents,
            "OKE 1.0.1, documents",
            "Een onbekend document: 404, ook als het id geen UUID is.",
            "An unknown document: 404, also if the id is no UUID.",
            |p| {
                let id = p.id();
                p.get(&format!("/documents/{id}")).await?.problem(&[404])?;
                p.get("/documents/123454").await?.problem(&[404])?;
            }
        ),
        case!(
            "TA-3-04",
            Some(3),
            Lists,
            "OKE 1.0.1, lists",
            "result-state filtert op de toestand van het resultaat.",
            "result-state filters by the state of the result.",
            |p| {
                let id = p.prepared(|prepared| prepared.participation.clone(), "participation")?;
                let session = p.prepared(|prepared| prepared.session.clone(), "session")?;
                let path = format!("/offerings/{session}/associations?pageSize=10");
                let done = walk(p, &format!("{path}&result-state=completed"), "associationId").await?;
                expect(
                    done.contains(&id.to_ascii_lowercase()),
                    "result-state=completed leaves a completed result out.",
                )?;
                let put_off = walk(p, &format!("{path}&result-state=postponed"), "associationId").await?;
                expect(
                    !put_off.contains(&id.to_ascii_lowercase()),
                    "result-state=postponed gives a completed result.",
                )?;
            }
        ),
        case!(
            "TA-3-05",
            Some(3),
            Positive,
            "OKE 1.0.1, flow 2",
            "Een nieuwe PUT van de planner wist het resultaat niet.",
            "A new PUT of the planner does not wipe the result.",
            |p| {
                let id = p.prepared(|prepared| prepared.participation.clone(), "participation")?;
                let path = format!("/associations/{id}");
                let before = p.get(&format!("{path}?expand=person")).await?.valid()?;
                let mut again = before.clone();
                if let Some(object) = again.as_object_mut() {
                    object.remove("result");
                }
                p.put(&path, &again).await?.status_in(&[200])?;
                // It was there before us: it is not ours to cancel.
                p.made.retain(|made| *made != path);
                let after = p.get(&path).await?.valid()?;
                expect(
                    after.get("result") == before.get("result"),
                    "The result was lost by a PUT of the planner.",
                )?;
            }
        ),
    ]
}

/// A new participation in a new session: its path and what was sent.
async fn participation(p: &mut Probe) -> Result<(String, Value), Stop> {
    let (session, _) = session(p).await?;
    let session = session.rsplit('/').next().unwrap_or_default().to_owned();
    let (id, person) = (p.id(), p.id());
    let path = format!("/associations/{id}");
    let body = sample::participation(&id, &session, &person);
    p.put(&path, &body).await?.status_in(&[201])?;
    Ok((path, body))
}

/// A session with twelve participations.
async fn twelve(p: &mut Probe) -> Result<String, Stop> {
    let (session, _) = session(p).await?;
    let session = session.rsplit('/').next().unwrap_or_default().to_owned();
    for _ in 0..12 {
        let (id, person) = (p.id(), p.id());
        p.put(&format!("/associations/{id}"), &sample::participation(&id, &session, &person))
            .await?
            .status_in(&[201])?;
    }
    Ok(session)
}
