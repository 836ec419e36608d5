//! The OpenAPI document as programs were generated from it: nothing in it changes without somebody looking.

#[test]
fn the_document_is_as_it_was() {
    let text = serde_json::to_string_pretty(&regie_api::document()).unwrap_or_default();
    insta::assert_snapshot!("openapi", text);
}
