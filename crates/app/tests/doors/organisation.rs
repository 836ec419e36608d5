//! Places, companies and mandates.

use crate::expected::{Expected, TO_SIGN_IN, get, post};

const ADVANCE: &str = "/institutions/{person}/advance/suspended";
const APPOINT: &str = "/institutions/{person}/administrator";

pub fn expected() -> Vec<Expected> {
    vec![
        get("/companies", "/companies", [TO_SIGN_IN, 200, 200, 200]),
        get("/companies/new", "/companies/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/companies/new", "/companies/new", [403, 403, 422, 422]),
        get("/companies/{id}", "/companies/{company}", [TO_SIGN_IN, 200, 200, 404]),
        get("/companies/{id}/edit", "/companies/{company}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/companies/{id}/edit", "/companies/{company}/edit?version=1", [403, 403, 422, 404]),
        // The office sees mandates; only the chair of the committee gives them.
        get("/mandates", "/mandates", [TO_SIGN_IN, 403, 200, 200]),
        get("/mandates/new", "/mandates/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/mandates/new", "/mandates/new", [403, 403, 403, 403]),
        get("/mandates/{id}/withdraw", "/mandates/{person}/withdraw", [TO_SIGN_IN, 403, 403, 403]),
        post("/mandates/{id}/withdraw", "/mandates/{person}/withdraw", [403, 403, 403, 403]),
        // Everybody inside may find their way around the house, and take the list along.
        get("/rooms", "/rooms?q=a&state=inactive", [TO_SIGN_IN, 200, 200, 200]),
        get("/rooms/export", "/rooms/export?format=csv", [TO_SIGN_IN, 200, 200, 200]),
        get("/rooms/new", "/rooms/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/rooms/new", "/rooms/new", [403, 403, 422, 422]),
        get("/rooms/{id}", "/rooms/{room}", [TO_SIGN_IN, 200, 200, 404]),
        get("/rooms/{id}/edit", "/rooms/{room}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/rooms/{id}/edit", "/rooms/{room}/edit?version=1", [403, 403, 422, 404]),
        get("/campuses", "/campuses?q=a&state=inactive", [TO_SIGN_IN, 200, 200, 200]),
        get("/campuses/export", "/campuses/export?format=csv", [TO_SIGN_IN, 200, 200, 200]),
        get("/campuses/new", "/campuses/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/campuses/new", "/campuses/new", [403, 403, 422, 422]),
        get("/campuses/{id}", "/campuses/{campus}", [TO_SIGN_IN, 200, 200, 404]),
        get("/campuses/{id}/edit", "/campuses/{campus}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/campuses/{id}/edit", "/campuses/{campus}/edit?version=1", [403, 403, 422, 404]),
        get("/units", "/units?q=a&state=inactive", [TO_SIGN_IN, 200, 200, 200]),
        get("/units/export", "/units/export?format=csv", [TO_SIGN_IN, 200, 200, 200]),
        get("/units/new", "/units/new", [TO_SIGN_IN, 403, 200, 200]),
        post("/units/new", "/units/new", [403, 403, 422, 422]),
        get("/units/{id}", "/units/{unit}", [TO_SIGN_IN, 200, 200, 404]),
        get("/units/{id}/edit", "/units/{unit}/edit", [TO_SIGN_IN, 403, 200, 404]),
        post("/units/{id}/edit", "/units/{unit}/edit?version=1", [403, 403, 422, 404]),
        get("/companies/export", "/companies/export", [TO_SIGN_IN, 200, 200, 200]),
        get("/mandates/export", "/mandates/export", [TO_SIGN_IN, 403, 200, 200]),
        // Who may come in from outside and which modules are on is the administrator's; the office sees the modules.
        get("/grants", "/grants", [TO_SIGN_IN, 403, 403, 403]),
        get("/grants/export", "/grants/export", [TO_SIGN_IN, 403, 403, 403]),
        get("/grants/new", "/grants/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/grants/new", "/grants/new", [403, 403, 403, 403]),
        get("/grants/{id}/revoke", "/grants/{person}/revoke", [TO_SIGN_IN, 403, 403, 403]),
        post("/grants/{id}/revoke", "/grants/{person}/revoke", [403, 403, 403, 403]),
        get("/modules", "/modules", [TO_SIGN_IN, 200, 200, 200]),
        get("/modules/on", "/modules/on", [TO_SIGN_IN, 403, 403, 403]),
        post("/modules/on", "/modules/on", [403, 403, 403, 403]),
        get("/modules/{module}/{unit}/off", "/modules/planning/{unit}/off", [TO_SIGN_IN, 403, 403, 403]),
        post("/modules/{module}/{unit}/off", "/modules/planning/{unit}/off", [403, 403, 403, 403]),
        // Above schools: no school decides about itself or sees the others.
        get("/institutions", "/institutions", [TO_SIGN_IN, 403, 403, 403]),
        get("/institutions/export", "/institutions/export", [TO_SIGN_IN, 403, 403, 403]),
        get("/institutions/new", "/institutions/new", [TO_SIGN_IN, 403, 403, 403]),
        post("/institutions/new", "/institutions/new", [403, 403, 403, 403]),
        get("/institutions/{id}", "/institutions/{person}", [TO_SIGN_IN, 403, 403, 403]),
        get("/institutions/{id}/edit", "/institutions/{person}/edit", [TO_SIGN_IN, 403, 403, 403]),
        post("/institutions/{id}/edit", "/institutions/{person}/edit?version=1", [403, 403, 403, 403]),
        get("/institutions/{id}/advance/{state}", ADVANCE, [TO_SIGN_IN, 403, 403, 403]),
        post("/institutions/{id}/advance/{state}", ADVANCE, [403, 403, 403, 403]),
        get("/institutions/{id}/administrator", APPOINT, [TO_SIGN_IN, 403, 403, 403]),
        post("/institutions/{id}/administrator", APPOINT, [403, 403, 403, 403]),
    ]
}
