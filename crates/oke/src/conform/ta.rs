//! The sessions of a test delivery system: flow 2.

use serde_json::{Value, json};

use super::case::{Case, Stop, case};
use super::probe::{Probe, consumer, equal, expect, items, moment};
use super::sample;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            "TA-2-01",
            Some(2),
            Positive,
            "OKE 1.0.1, flow 2",
            "Een nieuwe sessie: 201, en zij komt zo terug.",
            "A new session: 201, and it comes back as sent.",
            |p| {
                let (path, sent) = session(p).await?;
                let back = p.get(&path).await?.valid()?;
                equal(&back, "/offeringType", &json!("component"))?;
                for name in [
                    "duration",
                    "offeringState",
                    "locationCode",
                    "safety",
                    "startOptions",
                    "durationFrom",
                    "durationUntil",
                ] {
                    expect(
                        consumer(&back, name) == consumer(&sent, name),
                        &format!("{name} came back differently."),
                    )?;
                }
                expect(back.get("name") == sent.get("name"), "The name came back differently.")?;
            }
        ),
        case!(
            "TA-2-02",
            Some(2),
            Dates,
            "OKE 1.0.1, dates",
            "Begin en einde blijven hetzelfde moment, met offset.",
            "Start and end stay the same moment, with an offset.",
            |p| {
                let (path, mut sent) = session(p).await?;
                let object = sent.as_object_mut().ok_or_else(|| Stop::Failed("no object".to_owned()))?;
                object.insert("startDateTime".to_owned(), json!("2027-06-22T09:00:00+02:00"));
                object.insert("endDateTime".to_owned(), json!("2027-06-22T14:00:00+05:30"));
                p.put(&path, &sent).await?.status_in(&[200, 201])?;
                let back = p.get(&path).await?.valid()?;
                for name in ["startDateTime", "endDateTime"] {
                    let same = back.get(name).and_then(moment).is_some()
                        && back.get(name).and_then(moment) == sent.get(name).and_then(moment);
                    expect(same, &format!("{name} is another moment, or has no offset."))?;
                }
            }
        ),
        case!(
            "TA-2-03",
            Some(2),
            Idempotency,
            "OKE 1.0.1, PUT",
            "Dezelfde PUT nog eens: 200 en geen verschil.",
            "The same PUT again: 200 and no difference.",
            |p| {
                let (path, sent) = session(p).await?;
                let before = p.get(&path).await?.valid()?;
                p.put(&path, &sent).await?.status_in(&[200])?;
                expect(p.get(&path).await?.valid()? == before, "Repeating the PUT changed the session.")?;
            }
        ),
        case!(
            "TA-2-04",
            Some(2),
            Positive,
            "OKE 1.0.1, PUT",
            "Een PUT vervangt alles: wat weggelaten is, is weg.",
            "A PUT replaces everything: what is left out is gone.",
            |p| {
                let (path, mut sent) = session(p).await?;
                if let Some(entry) = sent.pointer_mut("/consumers/0").and_then(Value::as_object_mut) {
                    entry.remove("locationCode");
                    entry.insert("duration".to_owned(), json!("PT75M"));
                }
                p.put(&path, &sent).await?.status_in(&[200])?;
                let back = p.get(&path).await?.valid()?;
                expect(
                    consumer(&back, "locationCode").is_null(),
                    "locationCode was left out of the PUT and is still there.",
                )?;
                expect(consumer(&back, "duration") == &json!("PT75M"), "The new duration did not arrive.")?;
            }
        ),
        case!(
            "TA-2-05",
            Some(2),
            Positive,
            "OKE 1.0.1, PUT",
            "Een body zonder id wordt aanvaard; het pad heeft het id.",
            "A body without id is accepted; the path has the id.",
            |p| {
                let component = component(p)?;
                let (id, now) = (p.id(), p.outside.now());
                let mut body = sample::offering(&id, &component, now);
                if let Some(object) = body.as_object_mut() {
                    object.remove("offeringId");
                }
                let path = format!("/offerings/{id}");
                p.put(&path, &body).await?.status_in(&[200, 201])?;
                let back = p.get(&path).await?.valid()?;
                equal(&back, "/offeringId", &json!(id))?;
            }
        ),
        case!(
            "TA-2-06",
            Some(2),
            Negative,
            "OKE 1.0.1, PUT",
            "Een ander id in de body dan in het pad: 400, en niets ontstaat.",
            "Another id in the body than in the path: 400, and nothing comes to be.",
            |p| {
                let component = component(p)?;
                let (id, other, now) = (p.id(), p.id(), p.outside.now());
                p.put(&format!("/offerings/{id}"), &sample::offering(&other, &component, now))
                    .await?
                    .problem(&[400])?;
                p.get(&format!("/offerings/{other}")).await?.problem(&[404])?;
            }
        ),
        case!(
            "TA-2-07",
            Some(2),
            Patch,
            "OKE 1.0.1, PATCH",
            "Afzeggen van een sessie verandert alleen offeringState.",
            "Cancelling a session changes offeringState only.",
            |p| {
                let (path, sent) = session(p).await?;
                p.patch(&path, &sample::cancel_offering()).await?.status_in(&[200])?;
                let back = p.get(&path).await?.valid()?;
                expect(
                    consumer(&back, "offeringState") == &json!("canceled"),
                    "The session was not cancelled.",
                )?;
                for name in ["locationCode", "duration", "safety"] {
                    expect(
                        consumer(&back, name) == consumer(&sent, name),
                        &format!("{name} was lost by a PATCH that does not name it."),
                    )?;
                }
                expect(
                    back.get("name") == sent.get("name"),
                    "The name was lost by a PATCH that does not name it.",
                )?;
            }
        ),
        case!(
            "TA-2-08",
            Some(2),
            Patch,
            "OKE 1.0.1, PATCH",
            "Null verwijdert een waarde, een lege lijst een lijst.",
            "Null removes a value, an empty list a list.",
            |p| {
                let (path, _) = session(p).await?;
                let patch = json!({ "offeringType": "component", "consumers": [{ "consumerKey": "nl-test-admin", "locationCode": null, "safety": [] }] });
                p.patch(&path, &patch).await?.status_in(&[200])?;
                let back = p.get(&path).await?.valid()?;
                expect(consumer(&back, "locationCode").is_null(), "locationCode: null did not remove it.")?;
                expect(
                    consumer(&back, "safety").as_array().is_none_or(Vec::is_empty),
                    "safety: [] did not remove it.",
                )?;
                expect(
                    consumer(&back, "duration") == &json!("PT60M"),
                    "duration was lost by a PATCH that does not name it.",
                )?;
            }
        ),
        case!(
            "TA-2-09",
            Some(2),
            Patch,
            "OKE 1.0.1, PATCH",
            "Een lijst in een PATCH vervangt de hele lijst.",
            "A list in a PATCH replaces the whole list.",
            |p| {
                let (path, _) = session(p).await?;
                let patch = json!({ "offeringType": "component", "consumers": [{ "consumerKey": "nl-test-admin", "safety": ["securedComputer"] }] });
                p.patch(&path, &patch).await?.status_in(&[200])?;
                let back = p.get(&path).await?.valid()?;
                expect(
                    consumer(&back, "safety") == &json!(["securedComputer"]),
                    "safety was not replaced as a whole.",
                )?;
            }
        ),
        case!(
            "TA-2-10",
            Some(2),
            Patch,
            "OKE 1.0.1, PATCH",
            "Een PATCH zonder offeringType: 400.",
            "A PATCH without offeringType: 400.",
            |p| {
                let (path, _) = session(p).await?;
                let patch =
                    json!({ "consumers": [{ "consumerKey": "nl-test-admin", "locationCode": "B-1" }] });
                p.patch(&path, &patch).await?.problem(&[400])?;
                let back = p.get(&path).await?.valid()?;
                expect(
                    consumer(&back, "locationCode") == &json!("A-22"),
                    "A refused PATCH was carried out all the same.",
                )?;
            }
        ),
        case!(
            "TA-2-11",
            Some(2),
            Patch,
            "OKE 1.0.1, PATCH",
            "PATCH van een onbekende sessie: 404.",
            "PATCH of an unknown session: 404.",
            |p| {
                let id = p.id();
                p.patch(&format!("/offerings/{id}"), &sample::cancel_offering())
                    .await?
                    .problem(&[404, 400])?;
                p.get(&format!("/offerings/{id}")).await?.problem(&[404])?;
            }
        ),
        case!(
            "TA-2-12",
            Some(2),
            Patch,
            "OKE 1.0.1, PATCH",
            "Een PATCH mag ook als application/json komen.",
            "A PATCH may also come as application/json.",
            |p| {
                let (path, _) = session(p).await?;
                let patch = json!({ "offeringType": "component", "consumers": [{ "consumerKey": "nl-test-admin", "locationCode": "B-7" }] });
                p.send(
                    super::probe::Who::Main,
                    "PATCH",
                    &path,
                    Some(("application/json", patch.to_string())),
                )
                .await?
                .status_in(&[200])?;
                let back = p.get(&path).await?.valid()?;
                expect(consumer(&back, "locationCode") == &json!("B-7"), "The change did not arrive.")?;
            }
        ),
        case!(
            "TA-2-13",
            Some(2),
            Idempotency,
            "OKE 1.0.1, PATCH",
            "Dezelfde PATCH nog eens: geen verschil.",
            "The same PATCH again: no difference.",
            |p| {
                let (path, _) = session(p).await?;
                let patch = json!({ "offeringType": "component", "consumers": [{ "consumerKey": "nl-test-admin", "locationCode": "C-3" }] });
                p.patch(&path, &patch).await?.status_in(&[200])?;
                let once = p.get(&path).await?.valid()?;
                p.patch(&path, &patch).await?.status_in(&[200])?;
                expect(p.get(&path).await?.valid()? == once, "Repeating the PATCH changed the session.")?;
            }
        ),
        case!(
            "TA-2-14",
            Some(2),
            Positive,
            "OKE 1.0.1, consumers",
            "Onbekende consumers en attributen worden nooit geweigerd.",
            "Unknown consumers and attributes are never refused.",
            |p| {
                let (path, mut sent) = session(p).await?;
                if let Some(object) = sent.as_object_mut() {
                    object.insert("x-unknown".to_owned(), json!({ "a": [1, 2] }));
                    object
                        .insert("academicSession".to_owned(), json!("123e4567-e89b-12d3-a456-426614174000"));
                }
                if let Some(list) = sent.pointer_mut("/consumers").and_then(Value::as_array_mut) {
                    list.push(json!({ "consumerKey": "x-conform", "anything": { "deep": true } }));
                }
                if let Some(entry) = sent.pointer_mut("/consumers/0").and_then(Value::as_object_mut) {
                    entry.insert("ownAttribute".to_owned(), json!(7));
                }
                p.put(&path, &sent).await?.status_in(&[200])?;
                let back = p.get(&path).await?.valid()?;
                expect(
                    consumer(&back, "duration") == &json!("PT60M"),
                    "Our own consumer was lost beside an unknown one.",
                )?;
            }
        ),
        case!(
            "TA-2-15",
            Some(2),
            Expand,
            "OKE 1.0.1, expand",
            "Zonder expand is component een id, met expand de toets zelf.",
            "Without expand component is an id, with expand the test itself.",
            |p| {
                let (path, sent) = session(p).await?;
                let plain = p.get(&path).await?.valid()?;
                expect(
                    plain.get("component").is_some_and(Value::is_string),
                    "Without expand component must be an id.",
                )?;
                let whole = p.get(&format!("{path}?expand=component")).await?.valid()?;
                expect(
                    whole.pointer("/component/componentId") == sent.get("component"),
                    "expand=component does not embed the test.",
                )?;
            }
        ),
        case!(
            "TA-2-16",
            Some(2),
            Negative,
            "OKE 1.0.1, flow 2",
            "Een sessie zonder begin- of eindtijd of offeringType: 400.",
            "A session without start, end or offeringType: 400.",
            |p| {
                let component = component(p)?;
                for name in ["startDateTime", "endDateTime", "offeringType"] {
                    let (id, now) = (p.id(), p.outside.now());
                    let mut body = sample::offering(&id, &component, now);
                    if let Some(object) = body.as_object_mut() {
                        object.remove(name);
                    }
                    p.put(&format!("/offerings/{id}"), &body).await?.problem(&[400])?;
                }
            }
        ),
        case!(
            "TA-2-17",
            Some(2),
            Negative,
            "OKE 1.0.1, errors",
            "Een onbekende sessie: 404, ook haar lijst van deelnames.",
            "An unknown session: 404, and so is its list of participations.",
            |p| {
                let id = p.id();
                p.get(&format!("/offerings/{id}")).await?.problem(&[404])?;
                p.get(&format!("/offerings/{id}/associations")).await?.problem(&[404])?;
            }
        ),
        case!(
            "TA-2-18",
            Some(2),
            Dates,
            "OKE 1.0.1, dates",
            "Een einde voor het begin: 400.",
            "An end before the start: 400.",
            |p| {
                let component = component(p)?;
                let (id, now) = (p.id(), p.outside.now());
                let mut body = sample::offering(&id, &component, now);
                if let Some(object) = body.as_object_mut() {
                    object.insert("endDateTime".to_owned(), json!("2020-01-01T00:00:00Z"));
                }
                p.put(&format!("/offerings/{id}"), &body).await?.problem(&[400])?;
            }
        ),
        case!(
            "TA-2-19",
            Some(2),
            Positive,
            "OKE 1.0.1, flow 2",
            "Een toets die de ontvanger niet kan ophalen, mag als object meekomen.",
            "A test the receiver cannot fetch may come along as an object.",
            |p| {
                let component = component(p)?;
                let whole = p.get(&format!("/components/{component}")).await?.valid()?;
                let (id, now) = (p.id(), p.outside.now());
                let mut body = sample::offering(&id, &component, now);
                if let Some(object) = body.as_object_mut() {
                    object.insert("component".to_owned(), whole);
                }
                p.put(&format!("/offerings/{id}"), &body).await?.status_in(&[201, 200])?;
            }
        ),
    ]
}

pub(super) fn component(p: &Probe) -> Result<String, Stop> {
    p.prepared(|prepared| prepared.component.clone(), "component")
}

/// A new session of the suite's own: its path and what was sent.
pub(super) async fn session(p: &mut Probe) -> Result<(String, Value), Stop> {
    let component = component(p)?;
    let id = p.id();
    let path = format!("/offerings/{id}");
    let now = p.outside.now();
    let body = sample::offering(&id, &component, now);
    p.put(&path, &body).await?.status_in(&[201])?;
    Ok((path, body))
}

/// The ids of a list, read to its end.
pub(super) async fn walk(p: &mut Probe, path: &str, id: &str) -> Result<Vec<String>, Stop> {
    let mut ids = Vec::new();
    let glue = if path.contains('?') { '&' } else { '?' };
    for number in 1..=200 {
        let page = p.get(&format!("{path}{glue}pageNumber={number}")).await?.valid()?;
        equal(&page, "/pageNumber", &json!(number))?;
        equal(&page, "/hasPreviousPage", &json!(number > 1))?;
        ids.extend(
            items(&page)
                .iter()
                .filter_map(|item| item.get(id).and_then(Value::as_str).map(str::to_ascii_lowercase)),
        );
        if page.get("hasNextPage") != Some(&json!(true)) {
            return Ok(ids);
        }
        expect(!items(&page).is_empty(), "An empty page says there is a next one.")?;
    }
    Err(Stop::Failed(format!("{path} has more than 200 pages: hasNextPage never becomes false.")))
}

/// A word as part of a query.
pub(super) fn encoded(word: &str) -> String {
    word.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
