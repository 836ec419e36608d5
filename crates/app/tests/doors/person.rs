//! Everything about one person.

use crate::expected::{Expected, TO_SIGN_IN, get, post};

const ENROLMENT: &str = "/people/{person}/enrolments/{enrolment}/edit";
const NEED: &str = "/people/{needy}/needs/{need}/withdraw";

pub fn expected() -> Vec<Expected> {
    vec![
        // A student's list holds the student alone; nobody else is there to be seen or changed.
        get("/people", "/people", [TO_SIGN_IN, 200, 200, 200]),
        get("/people/new", "/people/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/people/new", "/people/new", [403, 422, 422, 422]),
        get("/people/{id}", "/people/{person}", [TO_SIGN_IN, 403, 200, 404]),
        get("/people/{id}/edit", "/people/{person}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/people/{id}/edit", "/people/{person}/edit?version=1", [403, 403, 422, 404]),
        // What is known of one person: the student asks about somebody else.
        get("/people/{id}/enrolments", "/people/{person}/enrolments", [TO_SIGN_IN, 403, 200, 404]),
        get("/people/{id}/groups", "/people/{person}/groups", [TO_SIGN_IN, 403, 200, 404]),
        get("/people/{id}/needs", "/people/{person}/needs", [TO_SIGN_IN, 403, 200, 404]),
        get("/people/{id}/roles", "/people/{person}/roles", [TO_SIGN_IN, 403, 200, 404]),
        get("/people/{id}/history", "/people/{person}/history", [TO_SIGN_IN, 403, 200, 404]),
        get("/people/{id}/enrolments/new", "/people/{person}/enrolments/new", [TO_SIGN_IN, 403, 200, 404]),
        post("/people/{id}/enrolments/new", "/people/{person}/enrolments/new", [403, 403, 422, 404]),
        get("/people/{id}/enrolments/{enrolment}/edit", ENROLMENT, [TO_SIGN_IN, 403, 200, 404]),
        post("/people/{id}/enrolments/{enrolment}/edit", ENROLMENT, [403, 403, 422, 404]),
        // Needs are the committee's, roles the administrator's: whoever the person is.
        get("/people/{id}/needs/new", "/people/{person}/needs/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/people/{id}/needs/new", "/people/{person}/needs/new", [403, 403, 403, 403]),
        get("/people/{id}/needs/{need}/withdraw", NEED, [TO_SIGN_IN, 403, 403, 403]),
        post("/people/{id}/needs/{need}/withdraw", NEED, [403, 403, 403, 404]),
        get("/people/{id}/roles/new", "/people/{person}/roles/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/people/{id}/roles/new", "/people/{person}/roles/new", [403, 403, 403, 403]),
        get(
            "/people/{id}/roles/{role}/withdraw",
            "/people/{person}/roles/{person}/withdraw",
            [TO_SIGN_IN, 403, 403, 403],
        ),
        post(
            "/people/{id}/roles/{role}/withdraw",
            "/people/{person}/roles/{person}/withdraw",
            [403, 403, 403, 403],
        ),
        get("/people/export", "/people/export", [TO_SIGN_IN, 403, 200, 200]),
        get("/people/{id}/merge", "/people/{person}/merge", [TO_SIGN_IN, 403, 200, 404]),
        post("/people/{id}/merge", "/people/{person}/merge?other={person}", [403, 403, 422, 404]),
        // Removing personal data is the administrator's.
        get("/people/{id}/erase", "/people/{person}/erase", [TO_SIGN_IN, 403, 403, 403]),
        post("/people/{id}/erase", "/people/{person}/erase?version=1", [403, 403, 403, 403]),
    ]
}
