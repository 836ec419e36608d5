//! Signing in, and what belongs to an account.

use crate::expected::{Expected, OPEN, TO_SIGN_IN, get, post};

const UNKNOWN_PROVIDER: &str = "/sign-in/with/00000000-0000-7000-8000-000000000001";
const UNKNOWN_SIGN_IN: &str = "/account/sign-ins/00000000-0000-7000-8000-000000000001/end";

pub fn expected() -> Vec<Expected> {
    vec![
        get("/sign-in", "/sign-in", [OPEN, 303, 303, 303]),
        post("/sign-in", "/sign-in", [403, 422, 422, 422]),
        post("/sign-in/code", "/sign-in/code?half=x", [403, 422, 422, 422]),
        post("/role", "/role", [403, 422, 422, 422]),
        get("/password/forgot", "/password/forgot", [OPEN, 200, 200, 200]),
        post("/password/forgot", "/password/forgot", [403, 422, 422, 422]),
        get("/password/reset/{token}", "/password/reset/x", [OPEN, 200, 200, 200]),
        post("/password/reset/{token}", "/password/reset/x", [403, 422, 422, 422]),
        get("/invitation/{token}", "/invitation/x", [404, 404, 404, 404]),
        post("/invitation/{token}", "/invitation/x", [403, 422, 422, 422]),
        get("/account", "/account", [TO_SIGN_IN, 200, 200, 200]),
        get("/account/second-factor", "/account/second-factor", [TO_SIGN_IN, 200, 200, 200]),
        post("/account/second-factor", "/account/second-factor", [403, 422, 422, 422]),
        get("/account/password", "/account/password", [TO_SIGN_IN, 200, 200, 200]),
        post("/account/password", "/account/password", [403, 422, 422, 422]),
        post("/account/sign-ins/{id}/end", UNKNOWN_SIGN_IN, [403, 422, 422, 422]),
        get("/account/passkeys", "/account/passkeys", [TO_SIGN_IN, 200, 200, 200]),
        post("/account/passkeys", "/account/passkeys", [403, 422, 422, 422]),
        post("/account/passkeys/{id}/remove", "/account/passkeys/AAAA/remove", [403, 422, 422, 422]),
        post("/sign-in/passkey", "/sign-in/passkey?half=x", [403, 422, 422, 422]),
        get("/people/{id}/second-factor", "/people/{person}/second-factor", [TO_SIGN_IN, 403, 403, 403]),
        post("/people/{id}/second-factor", "/people/{person}/second-factor", [403, 403, 403, 403]),
        get("/people/{id}/identity", "/people/{person}/identity", [TO_SIGN_IN, 403, 403, 403]),
        post("/people/{id}/identity", "/people/{person}/identity", [403, 403, 403, 403]),
        post(
            "/people/{id}/identity/{provider}/end",
            "/people/{person}/identity/{person}/end",
            [403, 403, 403, 403],
        ),
        // The way to a provider and back is for who is not known yet; a provider that does not exist says so.
        get("/sign-in/with/{provider}", UNKNOWN_PROVIDER, [422, 422, 422, 422]),
        get(
            "/sign-in/with/{provider}/return",
            "/sign-in/with/00000000-0000-7000-8000-000000000001/return",
            [422, 422, 422, 422],
        ),
        get("/sign-out/{provider}", "/sign-out/00000000-0000-7000-8000-000000000001", [422, 422, 422, 422]),
        get("/providers", "/providers", [TO_SIGN_IN, 403, 403, 403]),
        get("/providers/new", "/providers/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/providers/new", "/providers/new", [403, 403, 403, 403]),
        post(
            "/providers/{id}/end",
            "/providers/00000000-0000-7000-8000-000000000001/end",
            [403, 403, 403, 403],
        ),
    ]
}
