//! Two schools, and programs of both that ask through the JSON door. Every answer is held against the document.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use regie_app::demo::{self, Size};
use regie_app::serve::router;
use regie_core::id::{ApiClientId, InstitutionId, PersonId};
use regie_core::{Caller, Role};
use regie_people::institution::{Found, Kind as InstitutionKind, found};
use regie_people::person::{Filter, Kind, list};
use regie_signin::client::{AddClient, ApiScope, add, token, written};
use regie_signin::{Passwords, Policy};
use regie_testkit::World;
use regie_web::House;
use regie_web::csrf::Key;
use regie_web::front::Front;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use tower::ServiceExt as _;

pub struct Stage {
    pub app: axum::Router,
    pub school: InstitutionId,
    /// A student of our school.
    pub person: PersonId,
    /// What stands in braces in a path, and what it is in our school.
    pub things: Vec<(&'static str, String)>,
    pub document: Value,
    /// Operation and status of every answer that was held against the document.
    pub seen: Mutex<BTreeSet<(String, u16)>>,
}

pub struct Told {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

pub async fn stage(world: &World) -> Stage {
    demo::fill(&world.db, Size::Tiny, 7).await.unwrap();
    let clock: Arc<dyn regie_core::Clock> = world.clock.clone();
    let random: Arc<dyn regie_core::Random> = world.random.clone();
    let house = House {
        db: world.db.clone(),
        clock: clock.clone(),
        random: random.clone(),
        passwords: Passwords::light(&*random).unwrap(),
        policy: Policy::default(),
        files: regie_files::Files::on_disk(&world.dir.path().join("imports")).unwrap(),
        secure: false,
        demo: Arc::new([]),
    };
    let system = Caller::system(world.twin, world.db.now());
    let allowed = regie_access::platform(&mut world.db.reader(world.twin), &system).await.unwrap();
    let other = Found {
        id: world.twin,
        slug: "other".into(),
        name: "Other".into(),
        kind: InstitutionKind::School,
        brin: None,
        home_organization: None,
    };
    found(&world.db, &allowed, other).await.unwrap();
    let school = regie_people::institution::by_slug(&world.db, demo::SLUG).await.unwrap().unwrap().id;
    let system = Caller::system(school, world.db.now());
    let filter = Filter { kind: Some(Kind::Student), text: "4000".into(), ..Filter::default() };
    let person = list(&world.db, &system, &filter).await.unwrap().lines[0].id;
    let things = things(world, &system, person).await;
    let front = Front { clock, random, key: Key::new([7; 32]), secure: false, body_limit: 1 << 20 };
    Stage {
        app: router(world.db.clone(), house, front),
        school,
        person,
        things,
        document: regie_api::document(),
        seen: Mutex::default(),
    }
}

/// One of everything, all of our school.
async fn things(world: &World, system: &Caller, person: PersonId) -> Vec<(&'static str, String)> {
    use regie_people::{campus, company, enrolment, group, room, unit};
    let db = &world.db;
    let enrolled = enrolment::of_person(db, system, person).await.unwrap().remove(0);
    let group = group::of_person(db, system, person).await.unwrap().remove(0).id;
    let companies = company::list(db, system, &company::Filter::default()).await.unwrap();
    vec![
        ("person", person.to_string()),
        ("campus", campus::list(db, system).await.unwrap()[0].id.to_string()),
        ("unit", unit::list(db, system).await.unwrap()[0].id.to_string()),
        ("room", room::list(db, system, None).await.unwrap()[0].id.to_string()),
        ("company", companies.lines[0].id.to_string()),
        ("program", enrolled.program.to_string()),
        ("offering", enrolled.offering.to_string()),
        ("group", group.to_string()),
    ]
}

/// A new client of a school, made by a person of it (or by Regie), and its secret.
pub async fn client(
    world: &World,
    school: InstitutionId,
    owner: Option<PersonId>,
    role: Role,
) -> (ApiClientId, String) {
    let maker = match owner {
        None => Caller::system(school, world.db.now()),
        Some(_) => Caller {
            person: owner,
            role: Some(Role::Administrator),
            ..Caller::system(school, world.db.now())
        },
    };
    let input = AddClient { id: world.id(), name: "Koppeling".into(), role, scopes: ApiScope::ALL.to_vec() };
    let (id, secret) = add(&world.db, &maker, &*world.random, input).await.unwrap();
    (id, secret.secret())
}

/// A token for all scopes but these.
pub async fn token_without(world: &World, client: &(ApiClientId, String), without: &[ApiScope]) -> String {
    let scopes: Vec<ApiScope> =
        ApiScope::ALL.iter().copied().filter(|scope| !without.contains(scope)).collect();
    let given =
        token(&world.db, &*world.clock, &*world.random, client.0, &client.1, Some(&written(&scopes))).await;
    given.unwrap().token.secret()
}

impl Stage {
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Told {
        let mut request = Request::builder().method(method.clone()).uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = match body {
            Some(body) => {
                request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()))
            }
            None => request.body(Body::empty()),
        };
        let answer = self.app.clone().oneshot(request.unwrap()).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        self.held_against_the_document(&method, path, status, &headers, &body, bytes.is_empty());
        Told { status: status.as_u16(), headers, body }
    }

    fn held_against_the_document(
        &self,
        method: &Method,
        path: &str,
        status: StatusCode,
        headers: &HeaderMap,
        body: &Value,
        empty: bool,
    ) {
        let path = path.split('?').next().unwrap();
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |pattern: &str| {
            let wanted: Vec<&str> = pattern.split('/').collect();
            wanted.len() == parts.len()
                && wanted.iter().zip(&parts).all(|(want, part)| want.starts_with('{') || want == part)
        };
        let Some((_, operations)) =
            self.document["paths"].as_object().unwrap().iter().find(|(pattern, _)| fits(pattern))
        else {
            return;
        };
        let operation = &operations[method.as_str().to_lowercase()];
        let Some(id) = operation["operationId"].as_str() else { return };
        let answer = &operation["responses"][status.as_str()];
        assert!(answer.is_object(), "{id} answered {status}, which the document does not know: {body}");
        self.seen.lock().unwrap().insert((id.to_owned(), status.as_u16()));
        let Some((kind, content)) = answer["content"].as_object().and_then(|content| content.iter().next())
        else {
            assert!(empty, "{id} answered {status} with a body");
            return;
        };
        assert_eq!(headers[header::CONTENT_TYPE], kind.as_str(), "{id} {status}");
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [content["schema"]], "components": self.document["components"],
        });
        let validator = jsonschema::validator_for(&schema).unwrap();
        let wrong: Vec<String> =
            validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{id} {status}: {wrong:#?} in {body}");
        for name in answer["headers"].as_object().into_iter().flat_map(|names| names.keys()) {
            assert!(headers.contains_key(name.as_str()), "{id} {status} lacks {name}");
        }
    }
}
