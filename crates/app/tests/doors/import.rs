//! Sheets on their way in.

use crate::expected::{Expected, TO_SIGN_IN, get, post};

pub fn expected() -> Vec<Expected> {
    vec![
        get("/imports", "/imports", [TO_SIGN_IN, 403, 200, 200]),
        get("/imports/new", "/imports/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/imports/new", "/imports/new", [403, 403, 422, 422]),
        get("/imports/template", "/imports/template?kind=students", [TO_SIGN_IN, 404, 200, 200]),
        // A file the exam office handed in, whose columns are still to be chosen.
        get("/imports/{id}", "/imports/{import}", [TO_SIGN_IN, 403, 303, 404]),
        get("/imports/{id}/columns", "/imports/{import}/columns", [TO_SIGN_IN, 403, 200, 404]),
        post("/imports/{id}/columns", "/imports/{import}/columns", [403, 403, 422, 404]),
        post("/imports/{id}/carry-out", "/imports/{import}/carry-out", [403, 403, 409, 404]),
        get("/imports/{id}/export", "/imports/{import}/export", [TO_SIGN_IN, 403, 200, 404]),
        post("/imports/{id}/cancel", "/imports/{import}/cancel", [403, 403, 303, 404]),
    ]
}
