//! A program at work: tokens, versions, repeated requests, mistakes in messages. On both databases; every answer is
//! held against the document.

use crate::program::{Stage, client, stage, token_without};
use axum::body::Body;
use axum::http::{Method, Request, header};
use base64::Engine as _;
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use regie_core::{Caller, Role};
use regie_signin::client::{revoke, rotate};
use regie_testkit::both;
use serde_json::{Value, json};
use tower::ServiceExt as _;

async fn oauth(stage: &Stage, basic: Option<(&str, &str)>, form: &str) -> (u16, Value) {
    let mut request =
        Request::post("/oauth/token").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some((id, secret)) = basic {
        let both = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}"));
        request = request.header(header::AUTHORIZATION, format!("Basic {both}"));
    }
    let answer = stage.app.clone().oneshot(request.body(Body::from(form.to_owned())).unwrap()).await.unwrap();
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap())
}

both! {
    async fn a_client_trades_its_secret_for_a_token_until_it_is_revoked(world: World) {
        let stage = stage(&world).await;
        let (id, secret) = client(&world, stage.school, None, Role::ExamOffice).await;
        let client_id = id.to_string();
        let grant = "grant_type=client_credentials";
        let (status, told) = oauth(&stage, Some((&client_id, &secret)), &format!("{grant}&scope=people:read")).await;
        assert_eq!((status, &told["scope"], &told["expires_in"]), (200, &json!("people:read"), &json!(3600)));
        let token = told["access_token"].as_str().unwrap().to_owned();
        assert_eq!(stage.ask(Method::GET, "/api/v1/persons", Some(&token), &[], None).await.status, 200);
        assert_eq!(stage.ask(Method::GET, "/api/v1/rooms", Some(&token), &[], None).await.body["code"], "scope-needed");

        let form = format!("{grant}&client_id={client_id}&client_secret={secret}");
        assert_eq!(oauth(&stage, None, &form).await.0, 200);
        for (form, error) in [
            (form.clone() + "&scope=everything", "invalid_scope"),
            (form.clone() + "&grant_type=x", "invalid_request"),
            (form.replace("client_credentials", "password"), "unsupported_grant_type"),
            (form.replace(grant, "x=y"), "invalid_request"),
        ] {
            assert_eq!(oauth(&stage, None, &form).await, (400, oauth(&stage, None, &form).await.1), "{form}");
            assert_eq!(oauth(&stage, None, &form).await.1["error"], error);
        }
        for (id, secret) in [(client_id.as_str(), "x"), ("x", secret.as_str()), (client_id.as_str(), &"A".repeat(43))] {
            let (status, told) = oauth(&stage, Some((id, secret)), grant).await;
            assert_eq!((status, &told["error"]), (401, &json!("invalid_client")));
        }
        assert_eq!(oauth(&stage, Some((&client_id, &secret)), &form).await.0, 400, "one secret, shown once");

        // A new secret; the old one holds on for a day.
        let system = Caller::system(stage.school, world.db.now());
        let fresh = rotate(&world.db, &system, &*world.random, id).await.unwrap().secret();
        assert_eq!(oauth(&stage, Some((&client_id, &fresh)), grant).await.0, 200);
        assert_eq!(oauth(&stage, Some((&client_id, &secret)), grant).await.0, 200);
        world.clock.forward(SignedDuration::from_hours(25));
        assert_eq!(oauth(&stage, Some((&client_id, &secret)), grant).await.0, 401);
        let told = stage.ask(Method::GET, "/api/v1/persons", Some(&token), &[], None).await;
        assert_eq!((told.status, &told.body["code"]), (401, &json!("token-invalid")), "a token lives an hour");

        let token = token_without(&world, &(id, fresh.clone()), &[]).await;
        assert_eq!(stage.ask(Method::GET, "/api/v1/client", Some(&token), &[], None).await.status, 200);
        // Another school's administrator cannot end it; its own can, at once.
        let stranger = Caller::system(world.twin, world.db.now());
        assert!(revoke(&world.db, &stranger, id).await.is_err());
        revoke(&world.db, &Caller::system(stage.school, world.db.now()), id).await.unwrap();
        assert_eq!(stage.ask(Method::GET, "/api/v1/client", Some(&token), &[], None).await.status, 401);
        assert_eq!(oauth(&stage, Some((&client_id, &fresh)), grant).await.0, 401);
    }

    async fn a_write_that_is_sent_again_is_done_once(world: World) {
        let stage = stage(&world).await;
        let ours = client(&world, stage.school, None, Role::ExamOffice).await;
        let token = token_without(&world, &ours, &[]).await;
        let other = client(&world, stage.school, None, Role::ExamOffice).await;
        let other = token_without(&world, &other, &[]).await;
        let body = json!({ "code": "NIEUW", "name": "Nieuw team" });
        let key = [("idempotency-key", "5c3b7a9e-first")];
        let send = async |token: &str, body: &Value| {
            stage.ask(Method::POST, "/api/v1/units", Some(token), &key, Some(body)).await
        };
        let first = send(&token, &body).await;
        let again = send(&token, &body).await;
        assert_eq!((first.status, again.status, &first.body), (201, 201, &again.body));
        assert_eq!(first.headers[header::LOCATION], again.headers[header::LOCATION]);
        let elsewhere = send(&token, &json!({ "code": "ANDERS", "name": "Nieuw team" })).await;
        assert_eq!((elsewhere.status, &elsewhere.body["code"]), (409, &json!("request-reused")));
        let clash = send(&other, &body).await;
        assert_eq!((clash.status, &clash.body["code"]), (409, &json!("code-taken")), "another client, another request");
        assert_eq!(clash.body["pointer"], "/code");
    }

    async fn who_comes_second_overwrites_nothing(world: World) {
        let stage = stage(&world).await;
        let ours = client(&world, stage.school, None, Role::ExamOffice).await;
        let token = token_without(&world, &ours, &[]).await;
        let path = format!("/api/v1/persons/{}", stage.person);
        let seen = stage.ask(Method::GET, &path, Some(&token), &[], None).await;
        let etag = seen.headers[header::ETAG].to_str().unwrap().to_owned();
        let known = stage.ask(Method::GET, &path, Some(&token), &[("if-none-match", &etag)], None).await;
        assert_eq!(known.status, 304);
        let body = json!({ "active": true, "givenName": "Renée", "familyName": "Bos", "idCheck": "secret" });
        let put = async |headers: &[(&str, &str)]| {
            stage.ask(Method::PUT, &path, Some(&token), headers, Some(&body)).await
        };
        assert_eq!(put(&[]).await.body["code"], "version-needed");
        assert_eq!(put(&[("if-match", "*")]).await.status, 412);
        let changed = put(&[("if-match", &etag)]).await;
        assert_eq!((changed.status, &changed.body["displayName"]), (200, &json!("Renée Bos")));
        assert_ne!(changed.headers[header::ETAG], etag.as_str());
        let late = put(&[("if-match", &etag), ("accept-language", "nl")]).await;
        assert_eq!((late.status, &late.body["code"]), (412, &json!("changed-meanwhile")));
        assert!(late.body["detail"].as_str().unwrap().starts_with("Iemand anders"), "{}", late.body);
        let history = stage.ask(Method::GET, &format!("{path}/history"), Some(&token), &[], None).await;
        // Lines of one moment stand in any order.
        let edited: Vec<&Value> =
            history.body["items"].as_array().unwrap().iter().filter(|line| line["action"] == "person.edited").collect();
        assert_eq!(edited.len(), 1);
        assert_eq!(edited[0]["client"], json!(ours.0), "the journal names the program");
    }

    async fn a_mistake_is_told_with_its_place(world: World) {
        let stage = stage(&world).await;
        let ours = client(&world, stage.school, None, Role::ExamOffice).await;
        let token = token_without(&world, &ours, &[]).await;
        let person = |change: &str, value: Value| {
            let mut body = json!({ "kind": "staff", "givenName": "Ada", "familyName": "Bos", "idCheck": "secret" });
            body[change] = value;
            body
        };
        let nobody = "00000000-0000-7000-8000-000000000001";
        for (body, status, code, pointer) in [
            (person("givenName", json!("")), 422, "missing", "/givenName"),
            (person("givenName", json!(7)), 422, "value-invalid", "/givenName"),
            (person("givenName", json!("a\u{0}b")), 422, "value-invalid", "/givenName"),
            (person("kind", json!("robot")), 422, "value-invalid", "/kind"),
            (person("born", json!("2026-02-30")), 422, "value-invalid", "/born"),
            (person("mail", json!("geen adres")), 422, "mail-invalid", "/mail"),
            (person("unit", json!(nobody)), 422, "not-found", "/unit"),
            (person("surname", json!("x")), 422, "value-invalid", "/surname"),
            (person("idCheck", json!("name")), 422, "id-check-name", "/idCheckName"),
        ] {
            let told = stage.ask(Method::POST, "/api/v1/persons", Some(&token), &[], Some(&body)).await;
            assert_eq!(
                (told.status, told.body["code"].as_str(), told.body["pointer"].as_str()),
                (status, Some(code), Some(pointer)),
                "{body}: {}", told.body
            );
        }
        for (path, code, parameter) in [
            ("/api/v1/persons?pageSize=0", "parameter-invalid", "pageSize"),
            ("/api/v1/persons?pageSize=many", "parameter-invalid", "pageSize"),
            ("/api/v1/persons?kind=robot", "parameter-invalid", "kind"),
            ("/api/v1/units?x=1", "parameter-invalid", "x"),
        ] {
            let told = stage.ask(Method::GET, path, Some(&token), &[], None).await;
            assert_eq!((told.status, &told.body["code"], &told.body["parameter"]), (400, &json!(code), &json!(parameter)), "{path}: {}", told.body);
        }
        let odd = stage.ask(Method::GET, "/api/v1/persons/x", Some(&token), &[], None).await;
        assert_eq!(odd.status, 404);
        assert_eq!(stage.ask(Method::GET, "/api/v1/nothing", Some(&token), &[], None).await.body["code"], "no-such-operation");
        assert_eq!(stage.ask(Method::DELETE, "/api/v1/units", Some(&token), &[], None).await.status, 405);
        let request = |kind: &str, body: &'static str| {
            Request::post("/api/v1/units")
                .header(header::AUTHORIZATION, format!("Bearer {token}"))
                .header(header::CONTENT_TYPE, kind)
                .body(Body::from(body))
                .unwrap()
        };
        for (kind, body, status) in
            [("text/plain", "{}", 415), ("application/json", "{", 400), ("application/json", "[]", 422)]
        {
            let answer = stage.app.clone().oneshot(request(kind, body)).await.unwrap();
            assert_eq!(answer.status().as_u16(), status, "{kind} {body}");
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
        }
    }

    async fn the_journal_is_read_to_its_beginning_page_by_page(world: World) {
        let stage = stage(&world).await;
        let ours = client(&world, stage.school, None, Role::Administrator).await;
        let token = token_without(&world, &ours, &[]).await;
        let page = async |query: String| {
            stage.ask(Method::GET, &format!("/api/v1/journal?{query}"), Some(&token), &[], None).await
        };
        let (mut seen, mut next) = (Vec::new(), String::new());
        loop {
            let told = page(format!("pageSize=200{next}")).await;
            let items = told.body["items"].as_array().unwrap();
            assert!(items.len() <= 200);
            seen.extend(items.iter().map(|line| line["id"].as_str().unwrap().to_owned()));
            // What is written meanwhile shifts nothing.
            let unit = json!({ "code": format!("N{}", seen.len()), "name": "Nieuw" });
            assert_eq!(stage.ask(Method::POST, "/api/v1/units", Some(&token), &[], Some(&unit)).await.status, 201);
            match told.body["next"].as_str() {
                Some(last) => next = format!("&before={last}"),
                None => break,
            }
        }
        let all = seen.len();
        assert!(all > 200, "{all}");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), all, "no line twice");
        let whole = page(String::new()).await;
        assert_eq!(whole.body["items"].as_array().unwrap().len(), 100);
        assert_eq!(page("pageSize=0".into()).await.body["parameter"], "pageSize");
        let unknown = page("before=00000000-0000-7000-8000-000000000001".into()).await;
        assert_eq!((unknown.status, unknown.body["items"].as_array().map(Vec::len)), (200, Some(0)));
    }

    async fn a_group_is_made_filled_and_left(world: World) {
        let stage = stage(&world).await;
        let ours = client(&world, stage.school, None, Role::Administrator).await;
        let token = token_without(&world, &ours, &[]).await;
        let unit = &stage.things.iter().find(|(name, _)| *name == "unit").unwrap().1;
        let post = async |path: &str, body: Value| {
            stage.ask(Method::POST, path, Some(&token), &[], Some(&body)).await
        };
        let made = post("/api/v1/groups", json!({ "code": "NW1", "name": "Nieuw", "unit": unit, "begins": "2026-08-01" })).await;
        let group = made.headers[header::LOCATION].to_str().unwrap().to_owned();
        let joined = post(&format!("{group}/members"), json!({ "persons": [stage.person], "part": "student", "begins": "2026-09-01" })).await;
        assert_eq!((joined.status, &joined.body), (201, &json!({ "joined": 1 })));
        let left = post(&format!("{group}/members/{}/leave", stage.person), json!({ "lastDay": "2026-11-01" })).await;
        assert_eq!(left.status, 204);
        let members = stage.ask(Method::GET, &format!("{group}/members"), Some(&token), &[], None).await;
        assert_eq!((&members.body["items"][0]["ends"], &members.body["items"][0]["part"]), (&json!("2026-11-01"), &json!("student")));
        // The rule's own code, and where in the message.
        let backwards = post("/api/v1/groups", json!({ "code": "NW2", "name": "N", "unit": unit, "begins": "2026-08-01", "ends": "2026-07-01" })).await;
        assert_eq!((backwards.status, &backwards.body["code"]), (422, &json!("end-before-begin")), "{}", backwards.body);
        let level = post("/api/v1/programs", json!({ "code": "NW", "name": "N", "level": 9 })).await;
        assert_eq!((level.status, &level.body["pointer"]), (422, &json!("/level")), "{}", level.body);
        let amount = post(
            &format!("/api/v1/persons/{}/needs", stage.person),
            json!({ "kind": "extraTime", "extra": "minutes", "begins": "2026-08-01" }),
        ).await;
        assert_eq!((amount.status, &amount.body["pointer"]), (422, &json!("/amount")), "{}", amount.body);
    }

    async fn a_page_says_whether_there_is_more(world: World) {
        let stage = stage(&world).await;
        let ours = client(&world, stage.school, None, Role::ExamOffice).await;
        let token = token_without(&world, &ours, &[]).await;
        let mut names = Vec::new();
        for page in 1.. {
            let path = format!("/api/v1/persons?kind=student&pageSize=15&pageNumber={page}");
            let told = stage.ask(Method::GET, &path, Some(&token), &[], None).await;
            names.extend(told.body["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()));
            assert_eq!(told.body["totalItems"], 41);
            if told.body["hasNextPage"] == json!(false) {
                break;
            }
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 41);
    }

    async fn nobody_gives_roles_to_themselves_through_a_program(world: World) {
        let stage = stage(&world).await;
        let system = Caller::system(stage.school, world.db.now());
        let filter = regie_people::person::Filter { text: "administrator".into(), ..Default::default() };
        let admin = regie_people::person::list(&world.db, &system, &filter).await.unwrap().lines[0].id;
        let ours = client(&world, stage.school, Some(admin), Role::Administrator).await;
        let token = token_without(&world, &ours, &[]).await;
        let role = json!({ "role": "committeeChair", "scopeKind": "institution", "begins": "2026-08-01" });
        let assign = async |person: String| {
            let path = format!("/api/v1/persons/{person}/roles");
            stage.ask(Method::POST, &path, Some(&token), &[], Some(&role)).await
        };
        let told = assign(admin.to_string()).await;
        assert_eq!((told.status, &told.body["code"]), (403, &json!("not-your-own-roles")));
        assert_eq!(assign(stage.person.to_string()).await.status, 201);
        let lines = stage.ask(Method::GET, "/api/v1/journal", Some(&token), &[], None).await;
        let refused = lines.body["items"].as_array().unwrap().iter().any(|line| {
            line["action"] == "access.refused" && line["new"]["rule"] == "not-your-own-roles"
        });
        assert!(refused, "the attempt is in the journal");
    }
}
