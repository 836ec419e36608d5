//! The home, what is found and heard, and what operates the house.

use crate::expected::{Expected, OPEN, TO_SIGN_IN, get, post};

const UNKNOWN_DELIVERY: &str = "/deliveries/00000000-0000-7000-8000-000000000001";
const UNKNOWN_RETRY: &str = "/deliveries/00000000-0000-7000-8000-000000000001/retry";
const UNKNOWN_DROP: &str = "/deliveries/00000000-0000-7000-8000-000000000001/drop";
const UNKNOWN_MAIL: &str = "/mail/00000000-0000-7000-8000-000000000001";
const UNKNOWN_MAIL_BODY: &str = "/mail/00000000-0000-7000-8000-000000000001/body";
const UNKNOWN_MAIL_CALENDAR: &str = "/mail/00000000-0000-7000-8000-000000000001/invite.ics";
const UNKNOWN_NOTICE: &str = "/notices/00000000-0000-7000-8000-000000000001/read";

pub fn expected() -> Vec<Expected> {
    vec![
        get("/", "/", [TO_SIGN_IN, 200, 200, 200]),
        get("/search", "/search?q=a", [TO_SIGN_IN, 200, 200, 200]),
        get("/notices", "/notices", [TO_SIGN_IN, 200, 200, 200]),
        get("/journal", "/journal", [TO_SIGN_IN, 403, 403, 403]),
        get("/journal/export", "/journal/export", [TO_SIGN_IN, 403, 403, 403]),
        get("/connections", "/connections", [TO_SIGN_IN, 403, 403, 403]),
        get("/connections/new", "/connections/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/connections/new", "/connections/new", [403, 403, 403, 403]),
        post(
            "/connections/{id}/rotate",
            "/connections/00000000-0000-7000-8000-000000000001/rotate",
            [403, 403, 403, 403],
        ),
        post(
            "/connections/{id}/revoke",
            "/connections/00000000-0000-7000-8000-000000000001/revoke",
            [403, 403, 403, 403],
        ),
        get("/api", "/api", [OPEN, 200, 200, 200]),
        get("/deliveries", "/deliveries", [TO_SIGN_IN, 403, 200, 200]),
        get("/deliveries/{id}", UNKNOWN_DELIVERY, [TO_SIGN_IN, 403, 404, 404]),
        post("/deliveries/{id}/retry", UNKNOWN_RETRY, [403, 403, 409, 409]),
        get("/deliveries/{id}/drop", UNKNOWN_DROP, [TO_SIGN_IN, 403, 404, 404]),
        post("/deliveries/{id}/drop", UNKNOWN_DROP, [403, 422, 422, 422]),
        // What was mailed to whom is for the administrator alone.
        get("/mail", "/mail", [TO_SIGN_IN, 403, 403, 403]),
        get("/mail/{id}", UNKNOWN_MAIL, [TO_SIGN_IN, 403, 403, 403]),
        get("/mail/{id}/body", UNKNOWN_MAIL_BODY, [TO_SIGN_IN, 403, 403, 403]),
        get("/mail/{id}/invite.ics", UNKNOWN_MAIL_CALENDAR, [TO_SIGN_IN, 403, 403, 403]),
        get("/notices/bell", "/notices/bell", [TO_SIGN_IN, 200, 200, 200]),
        post("/notices/read", "/notices/read", [403, 303, 303, 303]),
        post("/notices/{id}/read", UNKNOWN_NOTICE, [403, 404, 404, 404]),
        get("/live", "/live", [TO_SIGN_IN, 200, 200, 200]),
    ]
}
