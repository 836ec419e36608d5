//! Tests of a student administration: what a planner pulls (flow 1).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::case::{Case, Stop, case};
use super::probe::{Probe, consumer, equal, expect, items, moment, reference};
use super::ta::{encoded, walk};

#[allow(clippy::too_many_lines, reason = "a list of tests, one after another")]
pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            "SIS-1-01",
            Some(1),
            Positive,
            "OKE 1.0.1, flow 1",
            "De in te plannen toetsen van een periode zijn een geldige pagina.",
            "The plannable tests of a period are a valid page.",
            |p| {
                let page = p.get(&period(p)?).await?.valid()?;
                expect(!items(&page).is_empty(), "The prepared period holds no plannable test.")?;
                for item in items(&page) {
                    equal(&item, "/offeringType", &json!("component"))?;
                    equal(&item, "/resultExpected", &json!(true))?;
                    expect(
                        !consumer(&item, "offeringState").is_null(),
                        "A plannable test has no offeringState.",
                    )?;
                }
            }
        ),
        case!(
            "SIS-1-02",
            Some(1),
            Lists,
            "OKE 1.0.1, lists",
            "Doorbladeren op hasNextPage levert elke toets één keer.",
            "Following hasNextPage gives every test once.",
            |p| {
                let path = period(p)?;
                let small = walk(p, &format!("{path}&pageSize=10"), "offeringId").await?;
                let large = walk(p, &format!("{path}&pageSize=250"), "offeringId").await?;
                let unique: BTreeSet<_> = small.iter().collect();
                expect(unique.len() == small.len(), "The same test is on two pages.")?;
                expect(
                    unique == large.iter().collect(),
                    "Small pages give other tests than one large page.",
                )?;
                let wanted = p.prepared(|prepared| prepared.offering.clone(), "offering")?;
                expect(
                    small.contains(&wanted.to_ascii_lowercase()),
                    "The prepared test is not in its period.",
                )?;
            }
        ),
        case!(
            "SIS-1-03",
            Some(1),
            Lists,
            "OKE 1.0.1, lists",
            "Elke toegestane pageSize wordt gevolgd; zonder is hij 10.",
            "Every allowed pageSize is followed; without it is 10.",
            |p| {
                let path = period(p)?;
                equal(&p.get(&path).await?.valid()?, "/pageSize", &json!(10))?;
                for size in [20, 50, 100, 250] {
                    equal(
                        &p.get(&format!("{path}&pageSize={size}")).await?.valid()?,
                        "/pageSize",
                        &json!(size),
                    )?;
                }
            }
        ),
        case!(
            "SIS-1-04",
            Some(1),
            Lists,
            "OKE 1.0.1, lists",
            "Een verkeerde pageSize of pageNumber: 400.",
            "A wrong pageSize or pageNumber: 400.",
            |p| {
                let path = period(p)?;
                for query in ["pageSize=11", "pageSize=x", "pageNumber=0"] {
                    p.get(&format!("{path}&{query}")).await?.problem(&[400])?;
                }
            }
        ),
        case!(
            "SIS-1-05",
            Some(1),
            Dates,
            "OKE 1.0.1, lists",
            "Elke overlap met de periode telt, en niets daarbuiten.",
            "Any overlap with the period counts, and nothing outside it.",
            |p| {
                let id = p.prepared(|prepared| prepared.offering.clone(), "offering")?.to_ascii_lowercase();
                let one = p.get(&format!("/offerings/{id}")).await?.valid()?;
                let start = one
                    .get("startDateTime")
                    .and_then(moment)
                    .ok_or_else(|| Stop::Failed("startDateTime is no moment.".to_owned()))?;
                let end = one
                    .get("endDateTime")
                    .and_then(moment)
                    .ok_or_else(|| Stop::Failed("endDateTime is no moment.".to_owned()))?;
                let day = |at: jiff::Timestamp, days: i64| {
                    let at = at.saturating_add(jiff::SignedDuration::from_hours(24 * days)).unwrap_or(at);
                    at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
                };
                let list = |since: String, until: String| {
                    format!("/offerings?offeringType=component&since={since}&until={until}&pageSize=250")
                };
                let whole = walk(p, &list(day(start, -3), day(end, 3)), "offeringId").await?;
                expect(whole.contains(&id), "A test within the period is left out.")?;
                let last = walk(p, &list(day(start, -3), day(start, 0)), "offeringId").await?;
                expect(
                    last.contains(&id),
                    "A test that begins on the last day is left out: the end is inclusive.",
                )?;
                let after = walk(p, &list(day(end, 3), day(end, 9)), "offeringId").await?;
                expect(!after.contains(&id), "A test that ended before the period is given.")?;
                let before = walk(p, &list(day(start, -9), day(start, -3)), "offeringId").await?;
                expect(!before.contains(&id), "A test that begins after the period is given.")?;
            }
        ),
        case!(
            "SIS-1-06",
            Some(1),
            Dates,
            "OKE 1.0.1, lists",
            "since en until mogen dagen of momenten zijn; onzin is 400.",
            "since and until may be days or moments; nonsense is 400.",
            |p| {
                p.get("/offerings?since=2026-06-22T00:00:00%2B02:00&until=2036-06-22T00:00:00Z")
                    .await?
                    .valid()?;
                p.get("/offerings?since=2026-06-22&until=2036-06-22").await?.valid()?;
                p.get("/offerings?since=gisteren").await?.problem(&[400])?;
            }
        ),
        case!(
            "SIS-1-07",
            Some(1),
            Positive,
            "OKE 1.0.1, flow 1",
            "Eén toets is dezelfde als in de lijst.",
            "One test is the same as in the list.",
            |p| {
                let id = p.prepared(|prepared| prepared.offering.clone(), "offering")?;
                let one = p.get(&format!("/offerings/{id}")).await?.valid()?;
                let path = period(p)?;
                let page = p.get(&format!("{path}&pageSize=250")).await?.valid()?;
                let listed = items(&page).into_iter().find(|item| {
                    item.get("offeringId")
                        .and_then(Value::as_str)
                        .is_some_and(|known| known.eq_ignore_ascii_case(&id))
                });
                for name in
                    ["primaryCode", "name", "startDateTime", "endDateTime", "consumers", "resultValueType"]
                {
                    expect(
                        listed.as_ref().and_then(|listed| listed.get(name)) == one.get(name),
                        &format!("{name} differs between the list and the test itself."),
                    )?;
                }
            }
        ),
        case!(
            "SIS-1-08",
            Some(1),
            Expand,
            "OKE 1.0.1, expand",
            "expand=component,organization voegt beide in; zonder zijn het ids.",
            "expand=component,organization embeds both; without they are ids.",
            |p| {
                let id = p.prepared(|prepared| prepared.offering.clone(), "offering")?;
                let plain = p.get(&format!("/offerings/{id}")).await?.valid()?;
                expect(
                    plain.get("component").is_none_or(Value::is_string),
                    "Without expand component must be an id.",
                )?;
                let whole =
                    p.get(&format!("/offerings/{id}?expand=component,organization")).await?.valid()?;
                if plain.get("organization").is_some() {
                    expect(
                        whole.pointer("/organization/organizationId").is_some(),
                        "expand=organization does not embed the organisation.",
                    )?;
                }
                expect(
                    whole.pointer("/component/componentId").is_some() || plain.get("component").is_none(),
                    "expand=component does not embed the test.",
                )?;
            }
        ),
        case!(
            "SIS-1-09",
            Some(1),
            Negative,
            "OKE 1.0.1, errors",
            "Onbekende ids: 404.",
            "Unknown ids: 404.",
            |p| {
                for kind in ["offerings", "associations", "persons"] {
                    let path = format!("/{kind}/{}", p.id());
                    p.get(&path).await?.problem(&[404])?;
                }
                let path = format!("/offerings/{}/associations", p.id());
                p.get(&path).await?.problem(&[404])?;
            }
        ),
        case!(
            "SIS-1-10",
            Some(1),
            Positive,
            "OKE 1.0.1, flow 1",
            "De inschrijvingen van een toets zijn geldig en verwijzen naar die toets.",
            "The enrolments of a test are valid and refer to that test.",
            |p| {
                let id = p.prepared(|prepared| prepared.offering.clone(), "offering")?;
                let page = p.get(&format!("/offerings/{id}/associations?pageSize=50")).await?.valid()?;
                expect(!items(&page).is_empty(), "The prepared test has no enrolments.")?;
                for item in items(&page) {
                    let offering = reference(item.get("offering").unwrap_or(&Value::Null), "offeringId");
                    expect(
                        offering == Some(id.to_ascii_lowercase()),
                        "An enrolment belongs to another test.",
                    )?;
                    expect(item.get("person").is_some(), "An enrolment has no person.")?;
                    expect(item.get("remoteState").is_none(), "remoteState is never returned.")?;
                }
            }
        ),
        case!(
            "SIS-1-11",
            Some(1),
            Lists,
            "OKE 1.0.1, lists",
            "Alle inschrijvingen komen één keer, in kleine en grote pagina's.",
            "Every enrolment comes once, in small and large pages.",
            |p| {
                let id = p.prepared(|prepared| prepared.offering.clone(), "offering")?;
                let small =
                    walk(p, &format!("/offerings/{id}/associations?pageSize=10"), "associationId").await?;
                let large =
                    walk(p, &format!("/offerings/{id}/associations?pageSize=250"), "associationId").await?;
                let unique: BTreeSet<_> = small.iter().collect();
                expect(unique.len() == small.len(), "The same enrolment is on two pages.")?;
                expect(
                    unique == large.iter().collect(),
                    "Small pages give other enrolments than one large page.",
                )?;
            }
        ),
        case!(
            "SIS-1-12",
            Some(1),
            Lists,
            "OKE 1.0.1, lists",
            "role en state filteren; een onbekende state is 400.",
            "role and state filter; an unknown state is 400.",
            |p| {
                let id = p.prepared(|prepared| prepared.offering.clone(), "offering")?;
                let path = format!("/offerings/{id}/associations");
                for (name, value) in [
                    ("role", "student"),
                    ("state", "associated"),
                    ("state", "canceled"),
                    ("role", "invigilator"),
                ] {
                    let page = p.get(&format!("{path}?pageSize=250&{name}={value}")).await?.valid()?;
                    for item in items(&page) {
                        equal(&item, &format!("/{name}"), &json!(value))?;
                    }
                }
                let all = walk(p, &format!("{path}?pageSize=250"), "associationId").await?;
                let students = walk(p, &format!("{path}?pageSize=250&role=student"), "associationId").await?;
                expect(!students.is_empty() && students.len() <= all.len(), "role=student gives nobody.")?;
                p.get(&format!("{path}?state=deleted")).await?.problem(&[400])?;
            }
        ),
        case!(
            "SIS-1-13",
            Some(1),
            Expand,
            "OKE 1.0.1, expand",
            "Een inschrijving geeft ids, en met expand persoon en toets.",
            "An enrolment gives ids, and with expand person and test.",
            |p| {
                let id = p.prepared(|prepared| prepared.enrolment.clone(), "enrolment")?;
                let plain = p.get(&format!("/associations/{id}")).await?.valid()?;
                expect(
                    plain.get("person").is_some_and(Value::is_string),
                    "Without expand person must be an id.",
                )?;
                let whole = p.get(&format!("/associations/{id}?expand=person,offering")).await?.valid()?;
                expect(
                    whole.pointer("/person/personId") == plain.get("person"),
                    "expand=person does not embed the person.",
                )?;
                expect(
                    whole.pointer("/offering/offeringId") == plain.get("offering"),
                    "expand=offering does not embed the test.",
                )?;
                p.get(&format!("/associations/{id}?expand=everything")).await?.problem(&[400])?;
            }
        ),
        case!(
            "SIS-1-14",
            Some(1),
            Positive,
            "OKE 1.0.1, flow 1",
            "Een persoon is geldig en heeft zijn nummer en namen.",
            "A person is valid and has number and names.",
            |p| {
                let id = p.prepared(|prepared| prepared.person.clone(), "person")?;
                let person = p.get(&format!("/persons/{id}")).await?.valid()?;
                for name in [
                    "primaryCode",
                    "givenName",
                    "surname",
                    "displayName",
                    "activeEnrollment",
                    "mail",
                    "affiliations",
                ] {
                    expect(person.get(name).is_some(), &format!("{name} is missing."))?;
                }
            }
        ),
        case!(
            "SIS-1-15",
            Some(1),
            Expand,
            "OKE 1.0.1, expand",
            "Een organisatie met expand=parent voegt de bovenliggende in.",
            "An organisation with expand=parent embeds the one above.",
            |p| {
                let id = p.prepared(|prepared| prepared.organization.clone(), "organization")?;
                p.get(&format!("/organizations/{id}")).await?.valid()?;
                let whole = p.get(&format!("/organizations/{id}?expand=parent")).await?.valid()?;
                expect(
                    whole.pointer("/parent/organizationId").is_some(),
                    "expand=parent does not embed the parent.",
                )?;
            }
        ),
        case!(
            "SIS-1-16",
            Some(1),
            Lists,
            "OKE 1.0.1, flow 1 (optional)",
            "Groepen zijn te vinden op naam, met hun leden.",
            "Groups are found by name, with their members.",
            |p| {
                let id = p.prepared(|prepared| prepared.group.clone(), "group")?;
                let word = p.prepared(|prepared| prepared.group_search.clone(), "groupSearch")?;
                let found = walk(p, &format!("/groups?q={}", encoded(&word)), "groupId").await?;
                expect(found.contains(&id.to_ascii_lowercase()), "q does not find the prepared group.")?;
                expect(
                    walk(p, "/groups?q=zzz-bestaat-niet-zzz", "groupId").await?.is_empty(),
                    "q finds what is not there.",
                )?;
                p.get(&format!("/groups/{id}")).await?.valid()?;
                let members = p.get(&format!("/groups/{id}/members")).await?.valid()?;
                expect(
                    items(&members).iter().all(|member| member.get("personId").is_some()),
                    "A member has no personId.",
                )?;
                expect(!items(&members).is_empty(), "The prepared group has no members.")?;
            }
        ),
        case!(
            "SIS-1-17",
            Some(1),
            Attempts,
            "OKE 1.0.1, attempts",
            "Een inschrijving zegt welke poging gepland wordt.",
            "An enrolment says which attempt is being planned.",
            |p| {
                let id = p.prepared(|prepared| prepared.enrolment.clone(), "enrolment")?;
                let value = p.get(&format!("/associations/{id}")).await?.valid()?;
                expect(
                    consumer(&value, "attempt").as_i64().is_some_and(|attempt| attempt >= 1),
                    "attempt is missing or below 1.",
                )?;
            }
        ),
    ]
}

fn period(p: &Probe) -> Result<String, Stop> {
    let since = p.prepared(|prepared| prepared.since.clone(), "since")?;
    let until = p.target.prepared.until.clone().map_or_else(String::new, |until| format!("&until={until}"));
    Ok(format!("/offerings?offeringType=component&component.componentType=test&since={since}{until}"))
}
