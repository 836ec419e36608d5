//! Programmes, groups and needs.

use crate::expected::{Expected, TO_SIGN_IN, get, post};

pub fn expected() -> Vec<Expected> {
    vec![
        get("/needs", "/needs?state=expiring", [TO_SIGN_IN, 200, 200, 200]),
        // Everybody inside may find their way around what is taught.
        get("/programs", "/programs?q=a", [TO_SIGN_IN, 200, 200, 200]),
        get("/programs/new", "/programs/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/programs/new", "/programs/new", [403, 403, 422, 422]),
        get("/programs/{id}", "/programs/{program}", [TO_SIGN_IN, 200, 200, 404]),
        get("/programs/{id}/edit", "/programs/{program}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/programs/{id}/edit", "/programs/{program}/edit?version=1", [403, 403, 422, 404]),
        get("/offerings", "/offerings?path=BBL", [TO_SIGN_IN, 200, 200, 200]),
        get("/offerings/new", "/offerings/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/offerings/new", "/offerings/new", [403, 403, 422, 422]),
        get("/offerings/{id}", "/offerings/{offering}", [TO_SIGN_IN, 200, 200, 404]),
        get("/offerings/{id}/edit", "/offerings/{offering}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/offerings/{id}/edit", "/offerings/{offering}/edit?version=1", [403, 403, 422, 404]),
        // A group the student is not in.
        get("/groups", "/groups", [TO_SIGN_IN, 200, 200, 200]),
        get("/groups/new", "/groups/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/groups/new", "/groups/new", [403, 403, 422, 422]),
        get("/groups/{id}", "/groups/{group}", [TO_SIGN_IN, 403, 200, 404]),
        get("/groups/{id}/edit", "/groups/{group}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/groups/{id}/edit", "/groups/{group}/edit?version=1", [403, 403, 422, 404]),
        get("/groups/{id}/members", "/groups/{group}/members?part=teacher", [TO_SIGN_IN, 403, 200, 404]),
        post("/groups/{id}/members", "/groups/{group}/members", [403, 403, 422, 404]),
        get(
            "/groups/{id}/members/{person}/leave",
            "/groups/{group}/members/{person}/leave",
            [TO_SIGN_IN, 403, 200, 404],
        ),
        post(
            "/groups/{id}/members/{person}/leave",
            "/groups/{group}/members/{person}/leave",
            [403, 403, 422, 404],
        ),
        // A list as a file holds what the list on the screen holds: a student's own needs and groups.
        get("/needs/export", "/needs/export", [TO_SIGN_IN, 200, 200, 200]),
        get("/programs/export", "/programs/export?q=a", [TO_SIGN_IN, 200, 200, 200]),
        get("/offerings/export", "/offerings/export?format=csv", [TO_SIGN_IN, 200, 200, 200]),
        get("/groups/export", "/groups/export", [TO_SIGN_IN, 200, 200, 200]),
    ]
}
