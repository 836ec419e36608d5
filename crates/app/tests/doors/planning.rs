//! Exam periods, registering, and the exams of one student.

use crate::expected::{Expected, TO_SIGN_IN, get, post};

const SEATS: &str = "/registrations/00000000-0000-7000-8000-000000000001/seats";
const GIVE_BACK: &str = "/bookings/00000000-0000-7000-8000-000000000001/cancel";
const SITTING: &str = "/sessions/00000000-0000-7000-8000-000000000001";
const CHANGE_SITTING: &str = "/sessions/00000000-0000-7000-8000-000000000001/change";
const PUBLISH_SITTING: &str = "/sessions/00000000-0000-7000-8000-000000000001/publish";
const CANCEL_SITTING: &str = "/sessions/00000000-0000-7000-8000-000000000001/cancel";
const RULING: &str = "/people/{person}/rulings/00000000-0000-7000-8000-000000000001/withdraw";
const DECIDE: &str = "/registrations/00000000-0000-7000-8000-000000000001/decide";
const WITHDRAW: &str = "/registrations/00000000-0000-7000-8000-000000000001/withdraw";

pub fn expected() -> Vec<Expected> {
    vec![
        get("/people/{id}/exams", "/people/{person}/exams", [TO_SIGN_IN, 403, 200, 404]),
        // What the committee decides about a student.
        get("/people/{id}/rulings/new", "/people/{person}/rulings/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/people/{id}/rulings/new", "/people/{person}/rulings/new", [403, 403, 403, 403]),
        get("/people/{id}/rulings/{ruling}/withdraw", RULING, [TO_SIGN_IN, 403, 403, 403]),
        post("/people/{id}/rulings/{ruling}/withdraw", RULING, [403, 403, 403, 403]),
        // A draft: only who makes periods knows of it.
        get("/periods", "/periods", [TO_SIGN_IN, 200, 200, 200]),
        get("/periods/new", "/periods/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/periods/new", "/periods/new", [403, 403, 422, 422]),
        get("/periods/{id}", "/periods/{period}", [TO_SIGN_IN, 404, 200, 404]),
        get("/periods/{id}/edit", "/periods/{period}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/periods/{id}/edit", "/periods/{period}/edit?version=1", [403, 403, 422, 404]),
        get("/periods/{id}/advance", "/periods/{period}/advance", [TO_SIGN_IN, 403, 200, 404]),
        // Without any time to register it cannot open.
        post("/periods/{id}/advance", "/periods/{period}/advance?version=1&to=open", [403, 403, 422, 404]),
        get("/periods/{id}/registrations", "/periods/{period}/registrations", [TO_SIGN_IN, 404, 200, 404]),
        get("/periods/{id}/register", "/periods/{period}/register", [TO_SIGN_IN, 404, 200, 404]),
        post("/periods/{id}/register", "/periods/{period}/register", [403, 404, 422, 404]),
        get("/registrations/{id}/decide", DECIDE, [TO_SIGN_IN, 403, 404, 404]),
        post("/registrations/{id}/decide", DECIDE, [403, 403, 404, 404]),
        get("/registrations/{id}/withdraw", WITHDRAW, [TO_SIGN_IN, 404, 404, 404]),
        post("/registrations/{id}/withdraw", WITHDRAW, [403, 404, 404, 404]),
        get("/registrations/{id}/seats", SEATS, [TO_SIGN_IN, 404, 404, 404]),
        post("/registrations/{id}/seats", SEATS, [403, 404, 404, 404]),
        get("/bookings/{id}/cancel", GIVE_BACK, [TO_SIGN_IN, 404, 404, 404]),
        post("/bookings/{id}/cancel", GIVE_BACK, [403, 404, 404, 404]),
        // Sittings are for who works on them; students see theirs with their exams.
        get("/periods/{id}/sessions", "/periods/{period}/sessions", [TO_SIGN_IN, 403, 200, 404]),
        get("/periods/{id}/sessions/new", "/periods/{period}/sessions/new", [TO_SIGN_IN, 403, 200, 404]),
        post("/periods/{id}/sessions/new", "/periods/{period}/sessions/new", [403, 403, 422, 404]),
        get("/sessions/{id}", SITTING, [TO_SIGN_IN, 403, 404, 404]),
        get("/sessions/{id}/change", CHANGE_SITTING, [TO_SIGN_IN, 403, 404, 404]),
        post("/sessions/{id}/change", CHANGE_SITTING, [403, 403, 404, 404]),
        get("/sessions/{id}/publish", PUBLISH_SITTING, [TO_SIGN_IN, 403, 404, 404]),
        post("/sessions/{id}/publish", PUBLISH_SITTING, [403, 403, 404, 404]),
        get("/sessions/{id}/cancel", CANCEL_SITTING, [TO_SIGN_IN, 403, 404, 404]),
        post("/sessions/{id}/cancel", CANCEL_SITTING, [403, 403, 404, 404]),
        get("/exams", "/exams", [TO_SIGN_IN, 200, 200, 200]),
        get("/exams/register", "/exams/register?entitlement=x&period=x", [TO_SIGN_IN, 404, 404, 404]),
        post("/exams/register", "/exams/register?entitlement=x&period=x", [403, 404, 404, 404]),
    ]
}
