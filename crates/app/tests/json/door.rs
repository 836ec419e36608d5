//! Every operation of the JSON door, asked without a token, with a worthless one, without the scope, in the wrong role
//! and by another school. The operations come from the router itself; what must happen is written by hand.

use crate::program::{client, stage, token_without};
use axum::http::Method;
use regie_core::Role;
use regie_testkit::both;
use serde_json::{Value, json};

struct Expected {
    id: &'static str,
    /// `{person}`, `{unit}`, `{campus}` are those of our school.
    path: &'static str,
    body: Value,
    /// An exam office, an auditor, and the administration of another school; all with every scope.
    answers: [u16; 3],
}

fn read(id: &'static str, path: &'static str, answers: [u16; 3]) -> Expected {
    Expected { id, path, body: Value::Null, answers }
}

fn write(id: &'static str, path: &'static str, body: Value, answers: [u16; 3]) -> Expected {
    Expected { id, path, body, answers }
}

/// Written by hand. An operation that is not here fails the test, and so does a line without an operation.
fn expected() -> Vec<Expected> {
    let person = json!({ "kind": "staff", "givenName": "Ada", "familyName": "Bos", "idCheck": "secret" });
    let changed = json!({ "active": true, "givenName": "Ada", "familyName": "Bos", "idCheck": "secret" });
    let role = json!({ "role": "teacher", "scopeKind": "institution", "begins": "2026-08-01" });
    let room = json!({
        "campus": "{campus}", "code": "Z9", "seats": 3, "deviceSeats": 0, "opens": "08:00", "closes": "18:00",
    });
    vec![
        read("getClient", "/api/v1/client", [200, 200, 200]),
        // Lists hold one's own school alone: the other school finds its own, empty.
        read("getInstitution", "/api/v1/institution", [200, 200, 200]),
        read("listUnits", "/api/v1/units", [200, 200, 200]),
        write("addUnit", "/api/v1/units", json!({ "code": "Z", "name": "Zet" }), [201, 403, 201]),
        read("getUnit", "/api/v1/units/{unit}", [200, 200, 404]),
        read("listCampuses", "/api/v1/campuses", [200, 200, 200]),
        write("addCampus", "/api/v1/campuses", json!({ "code": "Z", "name": "Zuid" }), [201, 403, 201]),
        read("listRooms", "/api/v1/rooms", [200, 200, 200]),
        write("addRoom", "/api/v1/rooms", room, [201, 403, 422]),
        read("listPersons", "/api/v1/persons", [200, 200, 200]),
        write("addPerson", "/api/v1/persons", person, [201, 403, 201]),
        read("getPerson", "/api/v1/persons/{person}", [200, 200, 404]),
        write("putPerson", "/api/v1/persons/{person}", changed, [200, 403, 404]),
        read("getPersonHistory", "/api/v1/persons/{person}/history", [200, 200, 404]),
        read("listPersonRoles", "/api/v1/persons/{person}/roles", [200, 200, 404]),
        write("assignRole", "/api/v1/persons/{person}/roles", role, [403, 403, 404]),
        write(
            "withdrawRole",
            "/api/v1/roles/00000000-0000-7000-8000-000000000001/withdraw",
            json!({ "reason": "x" }),
            [404, 404, 404],
        ),
        read("listJournal", "/api/v1/journal", [403, 200, 200]),
    ]
}

both! {
    async fn every_operation_answers_each_as_it_must(world: World) {
        let stage = stage(&world).await;
        let ours = client(&world, stage.school, None, Role::ExamOffice).await;
        let auditor = client(&world, stage.school, None, Role::Auditor).await;
        let theirs = client(&world, world.twin, None, Role::Administrator).await;
        let callers = [
            ("office", token_without(&world, &ours, &[]).await),
            ("auditor", token_without(&world, &auditor, &[]).await),
            ("other school", token_without(&world, &theirs, &[]).await),
        ];
        let list = expected();
        let door = regie_api::door();
        let mut wrong = Vec::new();
        for operation in door.operations() {
            let Some(must) = list.iter().find(|line| line.id == operation.id) else {
                wrong.push(format!("{} is not in the list: say who may ask it", operation.id));
                continue;
            };
            let fill = |text: &str| {
                text.replace("{person}", &stage.person.to_string())
                    .replace("{unit}", &stage.unit)
                    .replace("{campus}", &stage.campus)
            };
            let path = fill(must.path);
            let body: Value = serde_json::from_str(&fill(&must.body.to_string())).unwrap();
            let body = (operation.method != Method::GET).then_some(&body);
            let match_first = [("if-match", "\"1\"")];
            let headers: &[(&str, &str)] = if operation.method == Method::PUT { &match_first } else { &[] };
            let nobody = stage.ask(operation.method.clone(), &path, None, headers, body).await;
            let made_up = "A".repeat(43);
            let stray = stage.ask(operation.method.clone(), &path, Some(&made_up), headers, body).await;
            let narrow = token_without(&world, &ours, &[operation.scope]).await;
            let narrow = stage.ask(operation.method.clone(), &path, Some(&narrow), headers, body).await;
            if (nobody.status, stray.status, narrow.status) != (401, 401, 403) {
                wrong.push(format!("{}: {} {} {}", operation.id, nobody.status, stray.status, narrow.status));
            }
            assert_eq!(narrow.body["code"], "scope-needed", "{}", operation.id);
            for ((who, token), answer) in callers.iter().zip(must.answers) {
                let told = stage.ask(operation.method.clone(), &path, Some(token), headers, body).await;
                if told.status != answer {
                    wrong.push(format!("{} as {who}: {}, must be {answer}: {}", operation.id, told.status, told.body));
                }
            }
        }
        for line in &list {
            let there = door.operations().iter().any(|operation| operation.id == line.id);
            if !there {
                wrong.push(format!("{} is in the list but not in the house", line.id));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn operation_ids_are_stable_and_unique() {
    let door = regie_api::door();
    let mut ids: Vec<&str> = door.operations().iter().map(|operation| operation.id).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
    let places: std::collections::BTreeSet<_> =
        door.operations().iter().map(|operation| (operation.method.as_str(), operation.pattern)).collect();
    assert_eq!(places.len(), all);
}
