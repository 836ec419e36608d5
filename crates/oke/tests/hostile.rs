//! Whatever a client sends: no server error, no answer the OpenAPI document does not know, nothing of another institution.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use proptest::prelude::*;
use regie_oke::exchange::{Method, Operation, Role};
use regie_oke::memory::{Kind, Memory, Shelf};
use regie_oke::openapi::document;
use regie_oke::outside::{Outside, id_of};
use regie_oke::server::{App, Authority, Client, Limits, service, sis, ta, tpl};
use regie_oke::simulate::data::{OTHER_SCHOOL, SCHOOL, School, participation, person_id, student};
use regie_oke::simulate::scopes_of;
use regie_oke::timing::Timing;
use regie_oke::wire::Wire;
use serde_json::{Value, json};
use tower::ServiceExt;

struct Party {
    role: Role,
    router: Router,
    memory: Arc<Memory>,
    /// A token of each caller of our own school, and of the other one.
    own: Vec<String>,
    foreign: Vec<String>,
}

fn party(role: Role) -> Party {
    let outside = Outside::fixed("2026-11-23T08:00:00Z".parse().unwrap(), 2);
    let callers: Vec<_> = Role::ALL.into_iter().filter(|caller| *caller != role).collect();
    let mut clients = Vec::new();
    for school in [SCHOOL, OTHER_SCHOOL] {
        for caller in &callers {
            let id = format!("{caller}-{school}");
            clients.push(Client::new(&id, "secret", *caller, school, &scopes_of(*caller, role)));
        }
    }
    let authority = Arc::new(Authority::new(clients, outside.clone()));
    let memory = Arc::new(Memory::new("http://toets.example/begin"));
    let school = School::small("2026-11-23T08:00:00Z".parse().unwrap());
    school.fill(&memory, role);
    if role != Role::Sis {
        let session = id_of("plannable 0");
        let offering = school.session(&session, 0, school.start, Timing::Window);
        for shelf in [Shelf::Plan, Shelf::Session] {
            memory.put(SCHOOL, shelf, Kind::Offering, &session, &offering);
            for seat in 0..3 {
                let id = id_of(&format!("enrolment 0 {seat}"));
                memory.put(
                    SCHOOL,
                    shelf,
                    Kind::Association,
                    &id,
                    &participation(&id, &session, student(seat)),
                );
            }
        }
    }
    memory.put_document(SCHOOL, "form", bytes::Bytes::from_static(b"%PDF-1.4 Bakker"));
    let about = service("beheer@roc.example", "https://example.org", "https://example.org/docs");
    let app = App::new(Arc::clone(&memory), Arc::clone(&authority), about, Limits::default(), outside);
    let router = match role {
        Role::Sis => sis(app),
        Role::Tpl => tpl(app),
        Role::Ta => ta(app),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let token = |school: &str, caller: Role| {
        let form = format!("grant_type=client_credentials&client_id={caller}-{school}&client_secret=secret");
        let request = Request::post("/token").body(Body::from(form)).unwrap();
        let answer = runtime.block_on(authority.router().oneshot(request)).unwrap();
        let bytes = runtime.block_on(to_bytes(answer.into_body(), 10_000)).unwrap();
        let body: Value = serde_json::from_slice(&bytes).unwrap();
        body["access_token"].as_str().unwrap().to_owned()
    };
    let own = callers.iter().map(|caller| token(SCHOOL, *caller)).collect();
    let foreign = callers.iter().map(|caller| token(OTHER_SCHOOL, *caller)).collect();
    Party { role, router, memory, own, foreign }
}

/// A request as anybody could make one: a path that is nearly right, any query, any body.
#[derive(Debug, Clone)]
struct Wild {
    method: &'static str,
    path: String,
    kind: &'static str,
    body: Vec<u8>,
    caller: usize,
}

fn known_id() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(vec![
            id_of("plannable 0"), id_of("plannable 1"), id_of("enrolment 0 0"), id_of("enrolment 0 1"),
            id_of("enrolment 0 2"), person_id(0), id_of("group 1"), id_of("organization 2"), id_of("component 0"),
            "form".to_owned(),
        ]),
        1 => Just(id_of("plannable 0").to_uppercase()),
        2 => "[a-zA-Z0-9%._~-]{1,40}",
        1 => Just("%2e%2e%2f%00".to_owned()),
        1 => Just("%ff%fe".to_owned()),
    ]
}

fn path() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(vec![
        "offerings",
        "associations",
        "persons",
        "components",
        "groups",
        "organizations",
        "documents",
    ]);
    let tail = prop::sample::select(vec!["", "", "", "/associations", "/members", "/url", "/x", "/"]);
    let query = prop::collection::vec(
        (
            prop::sample::select(vec![
                "pageSize",
                "pageNumber",
                "since",
                "until",
                "expand",
                "role",
                "state",
                "result-state",
                "q",
                "associationType",
                "offeringType",
                "licensed",
                "x",
            ]),
            prop_oneof![
                prop::sample::select(vec![
                    "10",
                    "250",
                    "1",
                    "99999999999999999999",
                    "-1",
                    "2026-11-23",
                    "2026-11-23T00:00:00+01:00",
                    "9999-12-31",
                    "person,offering",
                    "offering.program.organization.parent",
                    "student",
                    "canceled",
                    "component",
                    "true",
                    "%00",
                    "%F0%9F%92%A3",
                    "",
                ])
                .prop_map(str::to_owned),
                "[a-zA-Z0-9%+.-]{0,12}",
            ],
        ),
        0..4,
    );
    (kind, prop::option::weighted(0.85, known_id()), tail, query).prop_map(|(kind, id, tail, query)| {
        let id = id.map_or_else(String::new, |id| format!("/{id}"));
        let query: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let glue = if query.is_empty() { "" } else { "?" };
        format!("/{kind}{id}{tail}{glue}{}", query.join("&"))
    })
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[[{ "a": [null] }]]])),
    ]
}

/// A message that is right but for one or two places.
fn message() -> impl Strategy<Value = Value> {
    let school = School::small("2026-11-23T08:00:00Z".parse().unwrap());
    let right = vec![
        school.plannable(0).write(),
        school.session(&id_of("plannable 0"), 0, school.start, Timing::Fixed).write(),
        school.enrolment(0, 0).write(),
        participation(&id_of("enrolment 0 0"), &id_of("plannable 0"), student(0)).write(),
        student(0).write(),
        json!({ "associationType": "componentOfferingAssociation", "state": "canceled" }),
        json!({ "offeringType": "component", "consumers": [{ "consumerKey": "nl-test-admin", "irregularities": "x" }] }),
        json!({ "associationType": "componentOfferingAssociation",
            "consumers": [{ "consumerKey": "nl-test-admin", "orgAssociationId": id_of("enrolment 0 0"), "attempt": 2 }],
            "role": "student", "state": "associated", "person": person_id(0), "offering": id_of("plannable 0"),
            "result": { "state": "completed", "score": "70", "resultDate": "2026-11-24", "weight": 100,
                "consumers": [{ "consumerKey": "nl-test-admin", "attendance": "present" }] } }),
        json!({ "personId": person_id(0), "startDateTime": "2026-08-01T00:00:00Z", "role": "student" }),
    ];
    (prop::sample::select(right), prop::collection::vec((any::<prop::sample::Index>(), leaf()), 0..3))
        .prop_map(|(mut message, changes)| {
            for (place, new) in changes {
                let mut places = Vec::new();
                pointers(&message, String::new(), &mut places);
                if let Some(value) = message.pointer_mut(place.get(places.as_slice()).as_str()) {
                    *value = new;
                }
            }
            message
        })
}

fn pointers(value: &Value, at: String, into: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            object.iter().for_each(|(name, value)| pointers(value, format!("{at}/{name}"), into));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, value)| pointers(value, format!("{at}/{index}"), into));
        }
        _ => {}
    }
    into.push(at);
}

fn wild() -> impl Strategy<Value = Wild> {
    let body = prop_oneof![
        6 => message().prop_map(|value| value.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..60),
        1 => Just(b"{".to_vec()),
        1 => (1..4000_usize).prop_map(|deep| "[".repeat(deep).into_bytes()),
        1 => Just(vec![b' '; 1_100_000]),
    ];
    (
        prop::sample::select(vec![
            "GET", "GET", "PUT", "PUT", "PATCH", "PATCH", "DELETE", "POST", "HEAD", "OPTIONS", "BREW",
        ]),
        path(),
        prop::sample::select(vec![
            "application/json",
            "application/json",
            "application/json; charset=utf-8",
            "application/merge-patch+json",
            "text/plain",
            "",
        ]),
        body,
        0..4_usize,
    )
        .prop_map(|(method, path, kind, body, caller)| Wild { method, path, kind, body, caller })
}

/// The status and the body of the answer; nothing if the request is none.
fn answered(party: &Party, wild: &Wild, tokens: &[String]) -> Option<(u16, String, Vec<u8>)> {
    let mut request = Request::builder().method(wild.method).uri(&wild.path);
    if !wild.kind.is_empty() {
        request = request.header(header::CONTENT_TYPE, wild.kind);
    }
    // The last two of four: no token, and one nobody gave.
    match tokens.get(wild.caller) {
        Some(token) => request = request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        None if wild.caller == 3 => request = request.header(header::AUTHORIZATION, "Bearer x"),
        None => {}
    }
    let request = request.body(Body::from(wild.body.clone())).ok()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let answer = runtime.block_on(party.router.clone().oneshot(request)).unwrap();
    let status = answer.status().as_u16();
    let kind =
        answer.headers().get(header::CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap()).to_owned();
    let body = runtime.block_on(to_bytes(answer.into_body(), usize::MAX)).unwrap().to_vec();
    Some((status, kind, body))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_is_one_the_document_knows(requests in prop::collection::vec(wild(), 3)) {
        for role in Role::ALL {
            let party = party_of(role);
            for wild in &requests {
                let Some((status, kind, body)) = answered(party, wild, &party.own) else { continue };
                prop_assert!([200, 201, 400, 401, 403, 404, 405].contains(&status), "{role}: {wild:?} gave {status}");
                if status >= 400 && wild.method != "HEAD" {
                    prop_assert_eq!(&kind, "application/problem+json");
                    let problem: Value = serde_json::from_slice(&body).unwrap();
                    prop_assert_eq!(&problem["status"], &json!(status.to_string()));
                    prop_assert!(problem["title"].is_string() && body.len() < 8000);
                }
                let template = template_of(role, wild);
                if let Some(statuses) = template {
                    prop_assert!(statuses.contains(&status), "{role}: {} {} gave {status}", wild.method, wild.path);
                }
            }
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn nothing_of_another_institution_is_read_or_changed(requests in prop::collection::vec(wild(), 30)) {
        for role in Role::ALL {
            let party = party(role);
            let before = party.memory.changes_since(0).len();
            for wild in &requests {
                // What a stranger puts here itself it may read again: that says other things than ours.
                let body = OURS.iter().fold(String::from_utf8_lossy(&wild.body).into_owned(), |body, ours| body.replace(ours, "van een ander"));
                let wild = Wild { body: body.into_bytes(), ..wild.clone() };
                let Some((_, _, body)) = answered(&party, &wild, &party.foreign) else { continue };
                let said = String::from_utf8_lossy(&body);
                for ours in OURS {
                    prop_assert!(!said.contains(ours), "{role}: {} {} told {ours}", wild.method, wild.path);
                }
            }
            let touched = party.memory.changes_since(u64::try_from(before).unwrap());
            prop_assert!(touched.iter().all(|change| change.institution == OTHER_SCHOOL), "{role}: {touched:?}");
        }
    }
}

/// What only our own school says.
const OURS: &[&str] = &["Bakker", "Rekenen 3F", "student.roc.example", "Campus Noord", "ICT 3A"];

/// The parties of the first test, made once: what one request leaves behind the next one meets.
fn party_of(role: Role) -> &'static Party {
    static PARTIES: LazyLock<Vec<Party>> = LazyLock::new(|| Role::ALL.into_iter().map(party).collect());
    PARTIES.iter().find(|party| party.role == role).unwrap()
}

/// The statuses the document of a party lists for a request, if it knows the path and method.
fn template_of(role: Role, wild: &Wild) -> Option<Vec<u16>> {
    static DOCUMENTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
        Role::ALL
            .into_iter()
            .map(|role| document(role, "https://example.org", "https://example.org/token"))
            .collect()
    });
    let method: Method = wild.method.parse().ok()?;
    let path = wild.path.split('?').next().unwrap();
    let operation = Operation::find(role, method, path)?;
    let place = Role::ALL.iter().position(|known| *known == role).unwrap();
    let responses = &DOCUMENTS[place]["paths"][operation.path][method.name().to_lowercase()]["responses"];
    Some(responses.as_object().unwrap().keys().map(|status| status.parse().unwrap()).collect())
}
