//! What a school sets, writes and looks like.

use crate::expected::{Expected, TO_SIGN_IN, get, post};

const TEXT: &str = "/texts/password-reset/nl?version=0";
const PREVIEW: &str = "/texts/password-reset/nl/preview";
const EDIT_REGULATION: &str = "/regulation/00000000-0000-7000-8000-000000000001/edit?version=1";
const PUBLISH: &str = "/regulation/00000000-0000-7000-8000-000000000001/publish?version=1";
const ARTICLE: &str = "/regulation/00000000-0000-7000-8000-000000000001/articles/new?version=1";
const REMOVE_ARTICLE: &str = "/regulation/00000000-0000-7000-8000-000000000001/articles/new/remove";

pub fn expected() -> Vec<Expected> {
    vec![
        // Configuration is for who runs the school's exams; changing it is the administrator's or the committee's.
        get("/settings", "/settings", [TO_SIGN_IN, 403, 200, 200]),
        get("/settings/{key}", "/settings/sign-in-lock", [TO_SIGN_IN, 403, 200, 200]),
        post("/settings/{key}", "/settings/sign-in-lock?version=0", [403, 403, 403, 403]),
        get("/texts", "/texts", [TO_SIGN_IN, 403, 403, 403]),
        get("/texts/{name}/{language}", TEXT, [TO_SIGN_IN, 403, 403, 403]),
        post("/texts/{name}/{language}", TEXT, [403, 403, 403, 403]),
        get("/texts/{name}/{language}/preview", PREVIEW, [TO_SIGN_IN, 403, 403, 403]),
        post("/texts/{name}/{language}/preview", PREVIEW, [403, 403, 403, 403]),
        post("/texts/{name}/{language}/remove", "/texts/password-reset/nl/remove", [403, 422, 422, 422]),
        get("/brand", "/brand", [TO_SIGN_IN, 403, 200, 200]),
        post("/brand", "/brand", [403, 403, 403, 403]),
        // Everybody inside sees the school's colours; there is no mark to see.
        get("/brand/style.css", "/brand/style.css", [TO_SIGN_IN, 200, 200, 200]),
        get("/brand/logo", "/brand/logo", [TO_SIGN_IN, 404, 404, 404]),
        post("/brand/logo", "/brand/logo", [403, 400, 400, 400]),
        post("/brand/logo/remove", "/brand/logo/remove", [403, 403, 403, 403]),
        // The regulation is for everybody; writing it is the committee's.
        get("/regulation", "/regulation", [TO_SIGN_IN, 200, 200, 200]),
        get("/regulation/compare", "/regulation/compare", [TO_SIGN_IN, 404, 404, 404]),
        post("/regulation/draft", "/regulation/draft", [403, 403, 403, 403]),
        get(
            "/regulation/{id}",
            "/regulation/00000000-0000-7000-8000-000000000001",
            [TO_SIGN_IN, 404, 404, 404],
        ),
        get("/regulation/{id}/edit", EDIT_REGULATION, [TO_SIGN_IN, 403, 403, 403]),
        post("/regulation/{id}/edit", EDIT_REGULATION, [403, 422, 422, 422]),
        get("/regulation/{id}/publish", PUBLISH, [TO_SIGN_IN, 403, 403, 403]),
        post("/regulation/{id}/publish", PUBLISH, [403, 403, 403, 403]),
        get("/regulation/{id}/articles/{article}", ARTICLE, [TO_SIGN_IN, 403, 403, 403]),
        post("/regulation/{id}/articles/{article}", ARTICLE, [403, 403, 403, 403]),
        post("/regulation/{id}/articles/{article}/remove", REMOVE_ARTICLE, [403, 422, 422, 422]),
    ]
}
