//! Every operation of the JSON door, asked without a token, with a worthless one, without the scope, in the wrong role
//! and by another school. The operations come from the router itself; what must happen is written by hand.

use crate::program::{client, stage, token_without};
use axum::http::Method;
use regie_core::Role;
use regie_testkit::both;
use serde_json::{Value, json};

struct Expected {
    id: &'static str,
    /// `{person}`, `{unit}` and what else stands in braces are those of our school.
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

/// A message with other or more fields.
fn with(mut message: Value, fields: &[(&str, Value)]) -> Value {
    for (name, value) in fields {
        message[*name] = value.clone();
    }
    message
}
const SITTINGS: &str = "/api/v1/periods/00000000-0000-7000-8000-000000000001/sessions";
const SITTING: &str = "/api/v1/sessions/00000000-0000-7000-8000-000000000001";
const BOOKINGS: &str = "/api/v1/sessions/00000000-0000-7000-8000-000000000001/bookings";
const PERIOD: &str = "/api/v1/periods/00000000-0000-7000-8000-000000000001";
const REGISTRATIONS: &str = "/api/v1/periods/00000000-0000-7000-8000-000000000001/registrations";

/// Written by hand. An operation that is not here fails the test, and so does a line without an operation.
fn expected() -> Vec<Expected> {
    let person = json!({ "kind": "staff", "givenName": "Ada", "familyName": "Bos", "idCheck": "secret" });
    let changed = json!({ "active": true, "givenName": "Ada", "familyName": "Bos", "idCheck": "secret" });
    let role = json!({ "role": "teacher", "scopeKind": "institution", "begins": "2026-08-01" });
    let room = json!({
        "campus": "{campus}", "code": "Z9", "seats": 3, "deviceSeats": 0, "opens": "08:00", "closes": "18:00",
    });
    let program = json!({ "code": "Z", "name": "Zeevaart", "level": 3, "crebo": "25001" });
    let offering = json!({ "code": "Z-26", "cohort": 2026, "path": "BOL", "unit": "{unit}" });
    let group = json!({ "code": "Z1", "name": "Zet een", "unit": "{unit}", "begins": "2026-08-01" });
    let need = json!({ "kind": "separateRoom", "begins": "2026-08-01" });
    let mandate = json!({
        "holder": "{person}", "action": "grant-needs", "scopeKind": "institution", "begins": "2026-11-01",
        "ends": "2026-12-01", "reason": "vakantie",
    });
    let none = "00000000-0000-7000-8000-000000000001";
    let period = json!({ "code": "P9", "name": "Periode 9", "begins": "2027-06-01", "ends": "2027-06-11" });
    let register = json!({ "test": none, "persons": ["{person}"] });
    let right = json!({
        "person": "{person}", "enrolment": none, "test": none, "source": "sis", "code": "1", "attemptsUsed": 0,
    });
    let sitting = json!({
        "test": none, "room": none, "startsAt": "2027-01-20T08:00:00Z", "endsAt": "2027-01-20T10:00:00Z", "seats": 1,
    });
    let passed = json!({ "what": "test", "subject": none, "passed": true, "source": "sis" });
    vec![
        read("listSessions", SITTINGS, [404, 404, 404]),
        write("addSession", SITTINGS, sitting.clone(), [404, 403, 403]),
        read("getSession", SITTING, [404, 404, 404]),
        write("putSession", SITTING, json!({ "wanted": sitting }), [404, 404, 404]),
        write(
            "publishSession",
            "/api/v1/sessions/00000000-0000-7000-8000-000000000001/publish",
            Value::Null,
            [404, 404, 404],
        ),
        write(
            "cancelSession",
            "/api/v1/sessions/00000000-0000-7000-8000-000000000001/cancel",
            json!({ "reason": "x" }),
            [404, 404, 404],
        ),
        read("listBookings", BOOKINGS, [404, 404, 404]),
        write("addBooking", BOOKINGS, json!({ "person": "{person}" }), [404, 403, 403]),
        write(
            "cancelBooking",
            "/api/v1/bookings/00000000-0000-7000-8000-000000000001/cancel",
            json!({}),
            [404, 404, 404],
        ),
        read("listPeriods", "/api/v1/periods", [200, 200, 200]),
        write("addPeriod", "/api/v1/periods", period.clone(), [201, 403, 403]),
        read("getPeriod", PERIOD, [404, 404, 404]),
        write("putPeriod", PERIOD, period, [404, 403, 403]),
        write(
            "advancePeriod",
            "/api/v1/periods/00000000-0000-7000-8000-000000000001/advance",
            json!({ "to": "open" }),
            [404, 404, 404],
        ),
        read("listDemand", "/api/v1/periods/00000000-0000-7000-8000-000000000001/demand", [404, 404, 404]),
        read("listRegistrations", REGISTRATIONS, [404, 404, 404]),
        write("registerStudents", REGISTRATIONS, register, [404, 403, 403]),
        write(
            "withdrawRegistration",
            "/api/v1/registrations/00000000-0000-7000-8000-000000000001/withdraw",
            json!({}),
            [404, 404, 404],
        ),
        write(
            "decideRegistration",
            "/api/v1/registrations/00000000-0000-7000-8000-000000000001/decide",
            json!({ "decision": "approve" }),
            [404, 404, 404],
        ),
        write("takeInEntitlements", "/api/v1/entitlements", json!({ "items": [right] }), [404, 403, 403]),
        read("listPersonEntitlements", "/api/v1/persons/{person}/entitlements", [200, 200, 404]),
        write(
            "cancelEntitlement",
            "/api/v1/entitlements/00000000-0000-7000-8000-000000000001/cancel",
            json!({ "reason": "x" }),
            [404, 404, 404],
        ),
        write(
            "countAttempt",
            "/api/v1/entitlements/00000000-0000-7000-8000-000000000001/attempts",
            Value::Null,
            [404, 404, 404],
        ),
        write("noteAchievement", "/api/v1/persons/{person}/achievements", passed, [204, 403, 403]),
        read("getClient", "/api/v1/client", [200, 200, 200]),
        // Lists hold one's own school alone: the other school finds its own, empty.
        read("getInstitution", "/api/v1/institution", [200, 200, 200]),
        read("listUnits", "/api/v1/units", [200, 200, 200]),
        write("addUnit", "/api/v1/units", json!({ "code": "Z", "name": "Zet" }), [201, 403, 201]),
        read("getUnit", "/api/v1/units/{unit}", [200, 200, 404]),
        read("listCampuses", "/api/v1/campuses", [200, 200, 200]),
        write("addCampus", "/api/v1/campuses", json!({ "code": "Z", "name": "Zuid" }), [201, 403, 201]),
        read("listRooms", "/api/v1/rooms", [200, 200, 200]),
        write("addRoom", "/api/v1/rooms", room.clone(), [201, 403, 422]),
        read("getRoom", "/api/v1/rooms/{room}", [200, 200, 404]),
        write(
            "putRoom",
            "/api/v1/rooms/{room}",
            with(room, &[("active", json!(true)), ("code", json!("Z8"))]),
            [200, 403, 404],
        ),
        read("listCompanies", "/api/v1/companies", [200, 200, 200]),
        write("addCompany", "/api/v1/companies", json!({ "name": "Bakkerij Zet" }), [201, 403, 201]),
        read("getCompany", "/api/v1/companies/{company}", [200, 200, 404]),
        write(
            "putCompany",
            "/api/v1/companies/{company}",
            json!({ "name": "Bakkerij Zet", "active": true }),
            [200, 403, 404],
        ),
        read("listPrograms", "/api/v1/programs", [200, 200, 200]),
        write("addProgram", "/api/v1/programs", program.clone(), [201, 403, 201]),
        read("getProgram", "/api/v1/programs/{program}", [200, 200, 404]),
        write(
            "putProgram",
            "/api/v1/programs/{program}",
            with(program, &[("active", json!(true)), ("code", json!("Z2"))]),
            [200, 403, 404],
        ),
        read("listProgramOfferings", "/api/v1/programOfferings?path=BOL", [200, 200, 200]),
        // The other school names a programme that does not exist for it.
        write(
            "addProgramOffering",
            "/api/v1/programOfferings",
            with(offering.clone(), &[("program", json!("{program}"))]),
            [201, 403, 422],
        ),
        read("getProgramOffering", "/api/v1/programOfferings/{offering}", [200, 200, 404]),
        write(
            "putProgramOffering",
            "/api/v1/programOfferings/{offering}",
            with(offering, &[("active", json!(true)), ("code", json!("Z2"))]),
            [200, 403, 404],
        ),
        read("listGroups", "/api/v1/groups?on=2026-11-20", [200, 200, 200]),
        write("addGroup", "/api/v1/groups", group.clone(), [201, 403, 422]),
        read("getGroup", "/api/v1/groups/{group}", [200, 200, 404]),
        write("putGroup", "/api/v1/groups/{group}", with(group, &[("code", json!("Z2"))]), [200, 403, 404]),
        read("listMembers", "/api/v1/groups/{group}/members", [200, 200, 404]),
        write(
            "joinGroup",
            "/api/v1/groups/{group}/members",
            json!({ "persons": ["{person}"], "part": "student", "begins": "2026-08-01" }),
            [409, 403, 404],
        ),
        write(
            "leaveGroup",
            "/api/v1/groups/{group}/members/{person}/leave",
            json!({ "lastDay": "2026-12-01" }),
            [204, 403, 404],
        ),
        // Needs are the committee's to grant; the office sees them, an administrator does not.
        read("listNeeds", "/api/v1/needs?state=valid", [200, 403, 403]),
        read("listPersonNeeds", "/api/v1/persons/{person}/needs", [200, 403, 403]),
        write("grantNeed", "/api/v1/persons/{person}/needs", need, [403, 403, 403]),
        write(
            "withdrawNeed",
            "/api/v1/needs/00000000-0000-7000-8000-000000000001/withdraw",
            json!({ "reason": "x" }),
            [404, 404, 404],
        ),
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
        read("listMandates", "/api/v1/mandates", [200, 200, 200]),
        write("giveMandate", "/api/v1/mandates", mandate, [403, 403, 403]),
        read("listPersonMandates", "/api/v1/persons/{person}/mandates", [200, 200, 404]),
        write(
            "withdrawMandate",
            "/api/v1/mandates/00000000-0000-7000-8000-000000000001/withdraw",
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
                stage.things.iter().fold(text.to_owned(), |text, (name, id)| text.replace(&format!("{{{name}}}"), id))
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
