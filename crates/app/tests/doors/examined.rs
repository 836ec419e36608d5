//! What is examined and with what: plans, tests, instruments, and the committee's treatment of them.

use crate::expected::{Expected, TO_SIGN_IN, get, post};
use regie_core::Caller;
use regie_testkit::World;

pub fn expected() -> Vec<Expected> {
    vec![
        // What is examined: plans are for everybody inside, tests and instruments for who works with them.
        get("/exam-plans", "/exam-plans?cohort=2026", [TO_SIGN_IN, 200, 200, 200]),
        get("/exam-plans/new", "/exam-plans/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/exam-plans/new", "/exam-plans/new", [403, 403, 422, 422]),
        get("/exam-plans/{id}", "/exam-plans/{plan}", [TO_SIGN_IN, 200, 200, 404]),
        get("/exam-plans/{id}/unit", "/exam-plans/{draft}/unit", [TO_SIGN_IN, 403, 200, 404]),
        post("/exam-plans/{id}/unit", "/exam-plans/{draft}/unit?version=1", [403, 403, 422, 404]),
        get("/exam-plans/{id}/test", "/exam-plans/{draft}/test?unit={unit}", [TO_SIGN_IN, 403, 200, 404]),
        post("/exam-plans/{id}/test", "/exam-plans/{draft}/test?unit={unit}", [403, 403, 422, 404]),
        get("/exam-plans/{id}/needs", "/exam-plans/{draft}/needs", [TO_SIGN_IN, 403, 200, 404]),
        post("/exam-plans/{id}/needs", "/exam-plans/{draft}/needs?version=1", [403, 403, 422, 404]),
        // Without the version that was on screen nothing is thrown away.
        post("/exam-plans/{id}/acts/{act}", "/exam-plans/{draft}/acts/discard", [403, 403, 409, 404]),
        get("/exam-plans/{id}/sheet", "/exam-plans/{draft}/sheet", [TO_SIGN_IN, 403, 200, 404]),
        post("/exam-plans/{id}/sheet", "/exam-plans/{draft}/sheet", [403, 403, 422, 404]),
        get(
            "/exam-plans/{id}/sheet/template",
            "/exam-plans/{draft}/sheet/template",
            [TO_SIGN_IN, 403, 200, 404],
        ),
        get(
            "/exam-plans/{id}/sheet/preview",
            "/exam-plans/{draft}/sheet/preview",
            [TO_SIGN_IN, 403, 404, 404],
        ),
        post("/exam-plans/{id}/sheet/carry-out", "/exam-plans/{draft}/sheet/carry-out", [403, 403, 404, 404]),
        get("/tests", "/tests?kind=central", [TO_SIGN_IN, 403, 200, 200]),
        get("/tests/new", "/tests/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/tests/new", "/tests/new", [403, 403, 422, 422]),
        get("/tests/{id}", "/tests/{test}", [TO_SIGN_IN, 403, 200, 404]),
        get("/tests/{id}/edit", "/tests/{test}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/tests/{id}/edit", "/tests/{test}/edit?version=1", [403, 403, 422, 404]),
        get("/tests/{id}/windows/new", "/tests/{test}/windows/new", [TO_SIGN_IN, 403, 200, 404]),
        post("/tests/{id}/windows/new", "/tests/{test}/windows/new", [403, 403, 422, 404]),
        // The office plans with instruments; it neither makes nor approves nor opens them.
        get("/instruments", "/instruments?stage=draft", [TO_SIGN_IN, 403, 200, 200]),
        get("/instruments/new", "/instruments/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/instruments/new", "/instruments/new", [403, 403, 403, 403]),
        get("/instruments/{id}", "/instruments/{instrument}", [TO_SIGN_IN, 403, 200, 404]),
        get("/versions/{id}", "/versions/{version}", [TO_SIGN_IN, 403, 200, 404]),
        get("/versions/{id}/edit", "/versions/{version}/edit", [TO_SIGN_IN, 403, 403, 403]),
        post("/versions/{id}/edit", "/versions/{version}/edit?version=1", [403, 403, 403, 403]),
        get("/versions/{id}/steps/{step}", "/versions/{version}/steps/submit", [TO_SIGN_IN, 403, 409, 404]),
        post("/versions/{id}/steps/{step}", "/versions/{version}/steps/submit", [403, 403, 409, 404]),
        get("/versions/{id}/documents/new", "/versions/{version}/documents/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/versions/{id}/documents/new", "/versions/{version}/documents/new", [403, 403, 403, 403]),
        get(
            "/versions/{id}/documents/{document}",
            "/versions/{version}/documents/{version}",
            [TO_SIGN_IN, 403, 403, 403],
        ),
        get("/approvals", "/approvals?state=open", [TO_SIGN_IN, 403, 200, 200]),
        get("/approvals/{id}", "/approvals/{approval}", [TO_SIGN_IN, 403, 200, 404]),
        get("/approvals/{id}/vote", "/approvals/{approval}/vote", [TO_SIGN_IN, 403, 403, 403]),
        post("/approvals/{id}/vote", "/approvals/{approval}/vote", [403, 403, 403, 403]),
        get("/approvals/{id}/check", "/approvals/{approval}/check", [TO_SIGN_IN, 403, 403, 403]),
        post("/approvals/{id}/check", "/approvals/{approval}/check", [403, 403, 403, 403]),
        get("/approvals/{id}/decide", "/approvals/{approval}/decide", [TO_SIGN_IN, 403, 403, 403]),
        post("/approvals/{id}/decide", "/approvals/{approval}/decide", [403, 403, 403, 403]),
        get("/suppliers", "/suppliers?q=a", [TO_SIGN_IN, 403, 200, 200]),
        get("/suppliers/new", "/suppliers/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/suppliers/new", "/suppliers/new", [403, 403, 422, 422]),
        get("/suppliers/{id}/edit", "/suppliers/{supplier}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/suppliers/{id}/edit", "/suppliers/{supplier}/edit?version=1", [403, 403, 422, 404]),
        get("/platforms", "/platforms", [TO_SIGN_IN, 403, 200, 200]),
        get("/platforms/new", "/platforms/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/platforms/new", "/platforms/new", [403, 403, 422, 422]),
        // Permitting is the committee's, consenting the board's.
        get("/platforms/{id}/permit", "/platforms/{platform}/permit", [TO_SIGN_IN, 403, 403, 403]),
        post("/platforms/{id}/permit", "/platforms/{platform}/permit?version=1", [403, 403, 403, 403]),
        get("/construction", "/construction", [TO_SIGN_IN, 403, 200, 200]),
        get("/construction/new", "/construction/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/construction/new", "/construction/new", [403, 403, 403, 403]),
        get("/construction/{id}/answer", "/construction/{consent}/answer", [TO_SIGN_IN, 403, 403, 403]),
        post("/construction/{id}/answer", "/construction/{consent}/answer", [403, 403, 403, 403]),
        get("/decisions", "/decisions?year=2026", [TO_SIGN_IN, 403, 200, 200]),
    ]
}

/// One of everything that is examined with.
pub async fn things(world: &World, system: &Caller) -> Vec<(&'static str, String)> {
    use regie_catalog::{Paging, approval, consent, instrument, plan, platform, supplier, test};
    let db = &world.db;
    let plans =
        plan::list(db, system, &plan::Filter { paging: Paging::ALL, ..Default::default() }).await.unwrap();
    let frozen = plans.lines.iter().find(|it| it.state == plan::State::Frozen).unwrap().id;
    let draft = plans.lines.iter().find(|it| it.state == plan::State::Draft).unwrap().id;
    let unit = plan::see(db, system, draft).await.unwrap().units[0].id;
    let tests = test::list(db, system, &test::Filter::default()).await.unwrap().lines;
    let instruments = instrument::list(db, system, &instrument::Filter::default()).await.unwrap().lines;
    let approvals = approval::list(db, system, None, Paging::ALL).await.unwrap().lines;
    vec![
        ("plan", frozen.to_string()),
        ("draft", draft.to_string()),
        ("unit", unit.to_string()),
        ("test", tests[0].id.to_string()),
        ("instrument", instruments[0].id.to_string()),
        ("version", instruments[0].newest.unwrap().to_string()),
        ("approval", approvals[0].id.to_string()),
        ("supplier", supplier::list(db, system, "", Paging::ALL).await.unwrap().lines[0].id.to_string()),
        ("platform", platform::list(db, system).await.unwrap()[0].id.to_string()),
        ("consent", consent::list(db, system).await.unwrap()[0].id.to_string()),
    ]
}
