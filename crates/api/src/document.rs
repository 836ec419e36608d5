//! The OpenAPI 3.1 document, computed from the operations and their types.

use crate::door::{Described, Operation};
use crate::problem::Words;
use regie_signin::client::ApiScope;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

pub(crate) fn of(operations: &[Operation]) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut read = settings.clone().for_deserialize().into_generator();
    let mut written = settings.for_serialize().into_generator();
    written.subschema_for::<Words>();
    let mut paths = Map::new();
    for operation in operations {
        let entry = paths.entry(operation.pattern).or_insert_with(|| json!({}));
        if let Value::Object(entry) = entry {
            entry.insert(
                operation.method.as_str().to_lowercase(),
                described(operation, &mut read, &mut written),
            );
        }
    }
    let mut schemas = read.take_definitions(true);
    schemas.extend(written.take_definitions(true));
    let scopes: Map<String, Value> =
        ApiScope::ALL.iter().map(|scope| (scope.code().to_owned(), scope.meaning().trim().into())).collect();
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Regie",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "client": {
                    "type": "oauth2",
                    "description": "A client is made by an administrator; its token lasts an hour.",
                    "flows": { "clientCredentials": { "tokenUrl": crate::TOKEN, "scopes": scopes } },
                },
            },
        },
    })
}

const ABOUT: &str = "What people do on the pages of Regie, programs do here: the same use cases, rules and journal.\n\n\
    **Signing in.** An administrator makes a client, which acts in one role. It trades its id and secret at \
    `/oauth/token` (grant `client_credentials`) for a token of an hour.\n\n\
    **Errors** are `application/problem+json`: `code` names the rule and is stable, `detail` says it to people in the \
    language of `Accept-Language` (`nl` or `en`), `pointer` is the place in the message, `liftedBy` the roles that can \
    lift it.\n\n\
    **Repeating.** A write with an `Idempotency-Key` may be sent again after a broken connection: it is done once and \
    answered the same. The same key with another message is refused with `request-reused`.\n\n\
    **Versions.** What carries an `ETag` is changed with `If-Match`; who comes second gets 412 and overwrites nothing.";

fn described(operation: &Operation, read: &mut SchemaGenerator, written: &mut SchemaGenerator) -> Value {
    let Described { path, query, body, answer } = (operation.describe)(read, written);
    let writes = !operation.method.is_safe();
    let (has_path, has_body) = (path.is_some(), body.is_some());
    let mut parameters = Vec::new();
    parameters.extend(path.iter().flat_map(|schema| members(schema, "path")));
    parameters.extend(query.iter().flat_map(|schema| members(schema, "query")));
    if writes {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The same key is the same request: it is done once and answered the same.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
        }));
    }
    if operation.versioned {
        parameters.push(json!({
            "name": "If-Match", "in": "header", "required": true,
            "description": "The ETag of the version that was changed.",
            "schema": { "type": "string", "pattern": "^\"[0-9]{1,18}\"$" },
        }));
    }
    let mut responses = Map::new();
    let mut good = json!({ "description": "As asked." });
    if let Value::Object(good) = &mut good {
        if let Some(answer) = answer {
            good.insert("content".into(), json!({ "application/json": { "schema": answer } }));
        }
        let mut headers = Map::new();
        if operation.etag {
            headers.insert("ETag".into(), json!({ "required": true, "schema": { "type": "string" } }));
        }
        if !headers.is_empty() {
            good.insert("headers".into(), Value::Object(headers));
        }
    }
    responses.insert(operation.status.as_str().to_owned(), good);
    let mut refusal = |status: &str, description: &str| {
        responses.insert(
            status.into(),
            json!({
                "description": description,
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            }),
        );
    };
    refusal("400", "The address, a header or the JSON cannot be read.");
    refusal("401", "There is no good token.");
    refusal("403", "The token lacks the scope, or a rule forbids it to this role.");
    if has_path || has_body {
        refusal("404", "There is nothing with this id.");
    }
    if writes {
        refusal(
            "409",
            "It clashes with how things stand now, or the Idempotency-Key was used for something else.",
        );
        refusal("413", "The body is too large.");
    }
    if has_body {
        refusal("415", "The body is not application/json.");
        refusal("422", "A value is not right; `pointer` says which.");
    }
    if operation.versioned {
        refusal("412", "Somebody else changed it meanwhile.");
        refusal("428", "If-Match is missing.");
    }
    refusal("429", "Too much at once; Retry-After says when to come back.");
    refusal("503", "The data cannot be reached for a moment; nothing was done.");
    if operation.etag && !writes {
        responses
            .insert("304".into(), json!({ "description": "Not changed since the ETag in If-None-Match." }));
    }
    let mut whole = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.scope.code().split(':').next().unwrap_or_default()],
        "security": [{ "client": [operation.scope.code()] }],
        "parameters": parameters,
        "responses": responses,
    });
    if let (Value::Object(whole), Some(body)) = (&mut whole, body) {
        let content = json!({ "application/json": { "schema": body } });
        whole.insert("requestBody".into(), json!({ "required": true, "content": content }));
    }
    whole
}

/// The members of an object's schema as parameters.
fn members(schema: &Schema, place: &str) -> Vec<Value> {
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return Vec::new() };
    properties
        .iter()
        .map(|(name, schema)| {
            let mut schema = schema.clone();
            let told = schema.as_object_mut().and_then(|schema| schema.remove("description"));
            json!({
                "name": name, "in": place,
                "required": place == "path" || required.contains(&name.as_str()),
                "description": told.unwrap_or_else(|| "".into()),
                "schema": given(schema),
            })
        })
        .collect()
}

/// In an address a parameter is there or not; it is never `null`.
fn given(mut schema: Value) -> Value {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            if let Value::Object(members) = &mut schema {
                members.insert("type".into(), one);
            }
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
        if let [one] = choices.as_slice() {
            return one.clone();
        }
    }
    if let Value::Object(members) = &mut schema {
        members.remove("default");
        if let Some(Value::Array(values)) = members.get_mut("enum") {
            values.retain(|value| !value.is_null());
        }
    }
    schema
}
