//! The catalogue of a test delivery system: flow 0.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::case::{Case, Stop, case};
use super::probe::{consumer, equal, expect, items};
use super::ta::{encoded, walk};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            "TA-0-01",
            Some(0),
            Positive,
            "OKE 1.0.1, flow 0",
            "De catalogus is een geldige pagina met toetsen.",
            "The catalogue is a valid page of tests.",
            |p| {
                let page = p.get("/components?componentType=test").await?.valid()?;
                expect(!items(&page).is_empty(), "The catalogue is empty.")?;
                for item in items(&page) {
                    equal(&item, "/componentType", &json!("test"))?;
                    expect(!consumer(&item, "status").is_null(), "A component has no status.")?;
                }
            }
        ),
        case!(
            "TA-0-02",
            Some(0),
            Lists,
            "OKE 1.0.1, lists",
            "Elke toegestane pageSize wordt gevolgd.",
            "Every allowed pageSize is followed.",
            |p| {
                for size in [10, 20, 50, 100, 250] {
                    let page = p.get(&format!("/components?pageSize={size}")).await?.valid()?;
                    equal(&page, "/pageSize", &json!(size))?;
                    equal(&page, "/pageNumber", &json!(1))?;
                    expect(items(&page).len() <= size, "A page holds more than its size.")?;
                }
            }
        ),
        case!(
            "TA-0-03",
            Some(0),
            Lists,
            "OKE 1.0.1, lists",
            "Doorbladeren op hasNextPage levert elke toets één keer.",
            "Following hasNextPage gives every test once.",
            |p| {
                let ids = walk(p, "/components?pageSize=10", "componentId").await?;
                let all = walk(p, "/components?pageSize=250", "componentId").await?;
                let unique: BTreeSet<_> = ids.iter().collect();
                expect(unique.len() == ids.len(), "The same component is on two pages.")?;
                expect(
                    unique == all.iter().collect(),
                    "Small pages give other components than one large page.",
                )?;
            }
        ),
        case!(
            "TA-0-04",
            Some(0),
            Lists,
            "OKE 1.0.1, lists",
            "Zonder pageSize is een pagina 10 groot.",
            "Without pageSize a page is 10 large.",
            |p| {
                let page = p.get("/components").await?.valid()?;
                equal(&page, "/pageSize", &json!(10))?;
                equal(&page, "/hasPreviousPage", &json!(false))?;
            }
        ),
        case!(
            "TA-0-05",
            Some(0),
            Lists,
            "OKE 1.0.1, lists",
            "Een verkeerde pageSize of pageNumber: 400.",
            "A wrong pageSize or pageNumber: 400.",
            |p| {
                for query in ["pageSize=11", "pageSize=0", "pageSize=x", "pageNumber=0"] {
                    p.get(&format!("/components?{query}")).await?.problem(&[400])?;
                }
            }
        ),
        case!(
            "TA-0-06",
            Some(0),
            Lists,
            "OKE 1.0.1, lists",
            "Een pagina voorbij het einde is leeg.",
            "A page beyond the end is empty.",
            |p| {
                let page = p.get("/components?pageSize=250&pageNumber=4000").await?.valid()?;
                expect(items(&page).is_empty(), "A page far beyond the end holds items.")?;
                equal(&page, "/hasNextPage", &json!(false))?;
            }
        ),
        case!(
            "TA-0-07",
            Some(0),
            Lists,
            "OKE 1.0.1, flow 0",
            "q zoekt in naam, afkorting en omschrijving, ongeacht hoofdletters.",
            "q searches name, abbreviation and description in any case.",
            |p| {
                let word = p.prepared(|prepared| prepared.component_search.clone(), "componentSearch")?;
                let id = p.prepared(|prepared| prepared.component.clone(), "component")?;
                let all = walk(p, "/components?pageSize=250", "componentId").await?;
                for word in [word.clone(), word.to_uppercase()] {
                    let found =
                        walk(p, &format!("/components?pageSize=250&q={}", encoded(&word)), "componentId")
                            .await?;
                    expect(
                        found.contains(&id.to_ascii_lowercase()),
                        "q does not find the prepared component.",
                    )?;
                    expect(found.len() < all.len(), "q leaves nothing out.")?;
                }
                let none = walk(p, "/components?q=zzz-bestaat-niet-zzz", "componentId").await?;
                expect(none.is_empty(), "q finds what is not there.")?;
            }
        ),
        case!(
            "TA-0-08",
            Some(0),
            Lists,
            "OKE 1.0.1, flow 0",
            "licensed geeft alleen toetsen met (of zonder) licentie.",
            "licensed gives only tests with (or without) a licence.",
            |p| {
                for wanted in [true, false] {
                    let page =
                        p.get(&format!("/components?pageSize=250&licensed={wanted}")).await?.valid()?;
                    for item in items(&page) {
                        expect(
                            consumer(&item, "licensed") == &json!(wanted),
                            "licensed gives another licence.",
                        )?;
                    }
                }
            }
        ),
        case!(
            "TA-0-09",
            Some(0),
            Positive,
            "OKE 1.0.1, flow 0",
            "Eén toets is dezelfde als in de lijst.",
            "One test is the same as in the list.",
            |p| {
                let page = p.get("/components?pageSize=10").await?.valid()?;
                let first = items(&page)
                    .into_iter()
                    .next()
                    .ok_or_else(|| Stop::Skipped("The catalogue is empty.".to_owned()))?;
                let id = first.get("componentId").and_then(Value::as_str).unwrap_or_default().to_owned();
                let one = p.get(&format!("/components/{id}")).await?.valid()?;
                for name in ["componentId", "primaryCode", "name", "abbreviation", "consumers"] {
                    expect(
                        one.get(name) == first.get(name),
                        &format!("{name} differs between the list and the test itself."),
                    )?;
                }
            }
        ),
        case!(
            "TA-0-10",
            Some(0),
            Negative,
            "OKE 1.0.1, errors",
            "Een onbekende toets: 404.",
            "An unknown test: 404.",
            |p| {
                let id = p.id();
                p.get(&format!("/components/{id}")).await?.problem(&[404])?;
            }
        ),
    ]
}
