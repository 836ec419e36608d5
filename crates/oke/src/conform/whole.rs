//! Tests that concern every flow: metadata, tokens, scopes, errors.

use serde_json::{Value, json};

use super::case::{Case, case};
use super::probe::{Probe, Who, expect};
use super::{case::Stop, sample};
use crate::exchange::{Role, Scope};
use crate::simulate::Credentials;

pub(super) fn cases(role: Role) -> Vec<Case> {
    let mut all = vec![
        case!(
            "ALL-01",
            None,
            Positive,
            "OKE 1.0.1, service metadata",
            "GET / noemt versie v5 en nl-test-admin 1.0.",
            "GET / names version v5 and nl-test-admin 1.0.",
            |p| {
                let value = p.send_with(None, Who::Nobody, "GET", "/", None).await?;
                // Metadata may be open or want a token.
                let value = if value.status == 401 { p.get("/").await? } else { value };
                let value = value.valid()?;
                let has = |pointer: &str, wanted: Value| {
                    value.get(pointer).and_then(Value::as_array).is_some_and(|list| {
                        list.iter().any(|entry| {
                            wanted.as_object().map_or(entry == &wanted, |wanted| {
                                wanted.iter().all(|(name, value)| entry.get(name) == Some(value))
                            })
                        })
                    })
                };
                expect(has("supportedVersions", json!("v5")), "supportedVersions does not hold v5.")?;
                let consumer = json!({ "consumerKey": "nl-test-admin", "version": "1.0" });
                expect(
                    has("supportedConsumers", consumer),
                    "supportedConsumers does not hold nl-test-admin 1.0.",
                )?;
            }
        ),
        case!(
            "ALL-02",
            None,
            Access,
            "OKE 1.0.1, security",
            "Zonder token: 401 met problem+json.",
            "Without token: 401 with problem+json.",
            |p| {
                let path = readable(p)?;
                p.get_as(Who::Nobody, &path).await?.problem(&[401])?;
            }
        ),
        case!(
            "ALL-03",
            None,
            Access,
            "OKE 1.0.1, security",
            "Een verzonnen token: 401.",
            "An invented token: 401.",
            |p| {
                let path = readable(p)?;
                p.get_as(Who::Forger, &path).await?.problem(&[401])?;
            }
        ),
        case!(
            "ALL-04",
            None,
            Access,
            "RFC 6749, client credentials",
            "Een verkeerd geheim geeft geen token.",
            "A wrong secret gets no token.",
            |p| {
                let wrong = Credentials { secret: "zeker-niet-dit".to_owned(), ..p.target.caller.clone() };
                let (status, body) = p.ask_token(&wrong, None).await?;
                expect(
                    matches!(status, 400 | 401),
                    &format!("The token endpoint answered {status} to a wrong secret."),
                )?;
                expect(
                    body.get("access_token").is_none(),
                    "The token endpoint gave a token for a wrong secret.",
                )?;
            }
        ),
        case!(
            "ALL-05",
            None,
            Access,
            "OKE 1.0.1, scopes",
            "Een scope die de client niet heeft, wordt niet verleend.",
            "A scope the client does not have is not granted.",
            |p| {
                let foreign = match p.target.role {
                    Role::Sis => Scope::Flow2To4,
                    Role::Tpl => Scope::Flow0,
                    Role::Ta => Scope::Flow6,
                };
                let caller = p.target.caller.clone();
                let (status, body) = p.ask_token(&caller, Some(foreign.name())).await?;
                let granted = body.get("scope").and_then(Value::as_str).unwrap_or_default();
                let is_refused = !(200..300).contains(&status);
                expect(
                    is_refused || !granted.split(' ').any(|scope| scope == foreign.name()),
                    &format!("{} was granted.", foreign.name()),
                )?;
            }
        ),
        case!(
            "ALL-06",
            None,
            Access,
            "OKE 1.0.1, scopes",
            "Een token voor de verkeerde scope: 403.",
            "A token for the wrong scope: 403.",
            |p| {
                let path = forbidden_to_second(p)?;
                let got = match p.target.role {
                    Role::Tpl => p.ask(Who::Second, "PUT", &path, Some(&json!({}))).await?,
                    _ => p.get_as(Who::Second, &path).await?,
                };
                got.problem(&[403])?;
            }
        ),
        case!(
            "ALL-07",
            None,
            Negative,
            "OKE 1.0.1, errors",
            "Een onbekend pad: 404.",
            "An unknown path: 404.",
            |p| {
                p.get("/planets/1").await?.problem(&[404])?;
            }
        ),
        case!(
            "ALL-08",
            None,
            Negative,
            "OKE 1.0.1, errors",
            "Een methode die er niet is: 405.",
            "A method that is not there: 405.",
            |p| {
                let path = readable(p)?;
                p.ask(Who::Main, "DELETE", &path, None).await?.problem(&[405, 404])?;
            }
        ),
        case!(
            "ALL-09",
            None,
            Access,
            "OKE 1.0.1, security",
            "Een andere instelling ziet onze gegevens niet: 403 of 404.",
            "Another institution does not see our data: 403 or 404.",
            |p| {
                let path = object_of_ours(p).await?;
                p.get_as(Who::Stranger, &path).await?.problem(&[403, 404])?;
            }
        ),
        case!(
            "ALL-10",
            None,
            Negative,
            "OKE 1.0.1, errors",
            "Geen geldige JSON: 400.",
            "No valid JSON: 400.",
            |p| {
                let path = format!("/associations/{}", p.id());
                p.send(
                    Who::Main,
                    "PUT",
                    &path,
                    Some(("application/json", "{ \"associationId\": ".to_owned())),
                )
                .await?
                .problem(&[400])?;
            }
        ),
        case!(
            "ALL-11",
            None,
            Negative,
            "OKE 1.0.1, errors",
            "Diep geneste of grote onzin wordt geweigerd, zonder serverfout.",
            "Deeply nested or large nonsense is refused without a server error.",
            |p| {
                let path = format!("/associations/{}", p.id());
                let deep = format!("{}{}", "[".repeat(3000), "]".repeat(3000));
                let got = p.send(Who::Main, "PUT", &path, Some(("application/json", deep))).await?;
                expect((400..500).contains(&got.status), "Three thousand nested lists were taken in.")?;
                let large = format!("{{\"associationType\": \"{}\"}}", "x".repeat(3 * 1024 * 1024));
                // Whoever hangs up on three megabytes has refused them; it must be there for the next one.
                match p.send(Who::Main, "PUT", &path, Some(("application/json", large))).await {
                    Ok(got) => {
                        expect(
                            (400..500).contains(&got.status),
                            "Three megabytes of nonsense were taken in.",
                        )?;
                    }
                    Err(_) if p.exchanges.last().is_some_and(|exchange| exchange.status.is_none()) => {
                        let path = readable(p)?;
                        p.get(&path).await?;
                    }
                    Err(stop) => return Err(stop),
                }
            }
        ),
        case!(
            "ALL-12",
            None,
            Negative,
            "OKE 1.0.1, errors",
            "Een body die geen object is: 400.",
            "A body that is no object: 400.",
            |p| {
                let path = format!("/associations/{}", p.id());
                for text in ["[]", "null", "\"text\"", "42"] {
                    p.send(Who::Main, "PUT", &path, Some(("application/json", text.to_owned())))
                        .await?
                        .problem(&[400])?;
                }
            }
        ),
        case!(
            "ALL-13",
            None,
            Negative,
            "OKE 1.0.1, PATCH",
            "PATCH van een onbekende deelname of inschrijving: 400 of 404.",
            "PATCH of an unknown association: 400 or 404.",
            |p| {
                let path = format!("/associations/{}", p.id());
                let body = if p.target.role == Role::Sis {
                    sample::student_result("7", &p.id(), 1)
                } else {
                    sample::cancel()
                };
                p.patch(&path, &body).await?.problem(&[400, 404])?;
            }
        ),
        case!(
            "ALL-14",
            None,
            Positive,
            "OKE 1.0.1, errors",
            "Een onbekende queryparameter stoort niet.",
            "An unknown query parameter does no harm.",
            |p| {
                let path = readable(p)?;
                let glue = if path.contains('?') { '&' } else { '?' };
                let plain = p.get(&path).await?.status;
                let got = p.get(&format!("{path}{glue}x-conform=1")).await?;
                expect(got.status == plain, "An unknown query parameter changed the answer's status.")?;
            }
        ),
    ];
    if role == Role::Tpl {
        // A planner has nothing another institution could read by an id of the suite, but its documents.
        all.retain(|case| case.id != "ALL-14");
    }
    all
}

/// A path the ordinary caller may read.
fn readable(p: &Probe) -> Result<String, Stop> {
    Ok(match p.target.role {
        Role::Sis => "/offerings?since=2020-01-01".to_owned(),
        Role::Ta => "/components".to_owned(),
        Role::Tpl => format!("/documents/{}", p.id()),
    })
}

/// A path the other caller may not use with its own scope.
fn forbidden_to_second(p: &Probe) -> Result<String, Stop> {
    Ok(match p.target.role {
        Role::Sis => "/offerings?since=2020-01-01".to_owned(),
        Role::Ta => format!("/offerings/{}", p.id()),
        Role::Tpl => format!("/offerings/{}", p.id()),
    })
}

/// Something of ours that a stranger must not see.
async fn object_of_ours(p: &mut Probe) -> Result<String, Stop> {
    match p.target.role {
        Role::Sis => {
            let id = p.prepared(|prepared| prepared.offering.clone(), "offering")?;
            p.get(&format!("/offerings/{id}")).await?.status_in(&[200])?;
            Ok(format!("/offerings/{id}"))
        }
        Role::Tpl => {
            let id = p.prepared(|prepared| prepared.document.clone(), "document")?;
            p.get(&format!("/documents/{id}")).await?.status_in(&[200])?;
            Ok(format!("/documents/{id}"))
        }
        Role::Ta => {
            let component = p.prepared(|prepared| prepared.component.clone(), "component")?;
            let id = p.id();
            let path = format!("/offerings/{id}");
            let now = p.outside.now();
            p.put(&path, &sample::offering(&id, &component, now)).await?.status_in(&[200, 201])?;
            Ok(path)
        }
    }
}
