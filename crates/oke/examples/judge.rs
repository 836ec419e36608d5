//! Judges a message and prints what there is to say: `cargo run -p regie-oke --example judge`.

use regie_oke::check::{Context, check};
use regie_oke::exchange::{Method, Operation, Role};

fn main() {
    let message = br#"{ "associationType": "componentOfferingAssociation",
        "result": { "state": "completed", "score": "7,5", "resultDate": "2026-06-23",
            "consumers": [{ "consumerKey": "nl-test-admin", "attendance": "present", "testDate": "2026-06-22" }] } }"#;
    let Some(operation) = Operation::find(Role::Tpl, Method::Patch, "/associations/{associationId}") else {
        return;
    };
    for finding in check(message, &Context::request(operation, 3)).findings {
        println!("{finding}");
    }
}
