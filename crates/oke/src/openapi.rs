//! The OpenAPI document of a party, made of the same table and types that serve it.

use serde_json::{Map, Value, json};

use crate::exchange::{Body, Method, OPERATIONS, Operation, Role, Scope};
use crate::message::{
    Association, AssociationRole, AssociationState, Component, Group, Membership, Offering, OfferingType,
    Organization, Page, PatchAnswer, Person, Problem, ResultState, Service,
};
use crate::wire::{Attributes, Codes, Uri, Wire};

/// The document of a party at a base URL.
#[must_use]
pub fn document(role: Role, url: &str, token_url: &str) -> Value {
    let mut named = Attributes::new();
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS.iter().filter(|operation| operation.server == role) {
        let path = paths.entry(operation.path.to_owned()).or_insert_with(|| json!({}));
        let described = describe(operation, &mut named);
        if let Some(path) = path.as_object_mut() {
            path.insert(operation.method.name().to_lowercase(), described);
        }
    }
    Problem::schema(&mut named);
    let scopes: Map<String, Value> =
        Scope::ALL.iter().map(|scope| (scope.name().to_owned(), "OKE MBO-toetsafname".into())).collect();
    json!({
        "openapi": "3.0.3",
        "info": { "title": format!("OKE MBO-toetsafname 1.0.1: {}", role.name().to_uppercase()), "version": "1.0.1" },
        "servers": [{ "url": url }],
        "paths": paths,
        "components": {
            "schemas": named,
            "securitySchemes": { "oAuthFlows": { "type": "oauth2", "flows": {
                "clientCredentials": { "tokenUrl": token_url, "scopes": scopes } } } },
        },
    })
}

fn describe(operation: &Operation, named: &mut Attributes) -> Value {
    let mut responses: Map<String, Value> = Map::new();
    responses.insert("200".to_owned(), answer(operation.answer, named));
    if operation.method == Method::Put {
        responses.insert("201".to_owned(), json!({ "description": "Created" }));
    }
    for (status, text) in [
        ("400", "Bad request"),
        ("401", "Unauthorized"),
        ("403", "Forbidden"),
        ("404", "Not found"),
        ("405", "Method not allowed"),
        ("429", "Too many requests"),
        ("500", "Internal server error"),
    ] {
        let problem =
            json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
        responses.insert(status.to_owned(), json!({ "description": text, "content": problem }));
    }
    let scopes: Vec<_> =
        operation.uses.iter().map(|used| json!({ "oAuthFlows": [used.scope.name()] })).collect();
    let mut described = json!({
        "operationId": format!("{}-{}-{}", operation.server, operation.method.name().to_lowercase(),
            operation.path.replace(['/', '{', '}'], "-").trim_matches('-')),
        "parameters": parameters(operation),
        "responses": responses,
        "security": scopes,
    });
    if let (Some(schema), Some(described)) = (schema_of(operation.request, named), described.as_object_mut())
    {
        let mut content: Map<String, Value> = Map::new();
        if operation.method == Method::Patch {
            let schema = patch_schema(operation.request, named);
            content.insert("application/merge-patch+json".to_owned(), json!({ "schema": schema }));
            content.insert("application/json".to_owned(), json!({ "schema": schema }));
        } else {
            content.insert("application/json".to_owned(), json!({ "schema": schema }));
        }
        described.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
    }
    described
}

fn answer(body: Body, named: &mut Attributes) -> Value {
    match (body, schema_of(body, named)) {
        (Body::Document, _) => json!({ "description": "The document", "content": {
            "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } } }),
        (_, Some(schema)) => {
            json!({ "description": "OK", "content": { "application/json": { "schema": schema } } })
        }
        (_, None) => json!({ "description": "OK" }),
    }
}

fn schema_of(body: Body, named: &mut Attributes) -> Option<Value> {
    Some(match body {
        Body::Empty | Body::Document => return None,
        Body::Service => Service::schema(named),
        Body::Person => Person::schema(named),
        Body::Association => Association::schema(named),
        Body::Offering => Offering::schema(named),
        Body::Component => Component::schema(named),
        Body::Organization => Organization::schema(named),
        Body::Group => Group::schema(named),
        Body::Membership => Membership::schema(named),
        Body::PatchAnswer => PatchAnswer::schema(named),
        Body::Components => Page::<Component>::schema(named),
        Body::Offerings => Page::<Offering>::schema(named),
        Body::Associations => Page::<Association>::schema(named),
        Body::Groups => Page::<Group>::schema(named),
        Body::Memberships => Page::<Membership>::schema(named),
        Body::Url => Uri::schema(named),
    })
}

/// A patch: the same attributes, of which only the discriminator is required, and everything may be null.
fn patch_schema(body: Body, named: &mut Attributes) -> Value {
    let (name, discriminator) = if body == Body::Offering {
        ("Offering", "offeringType")
    } else {
        ("Association", "associationType")
    };
    schema_of(body, named);
    let mut patch = named.get(name).cloned().unwrap_or_default();
    if let Some(patch) = patch.as_object_mut() {
        patch.insert("required".to_owned(), json!([discriminator]));
    }
    let own = format!("{name}Patch");
    named.insert(own.clone(), patch);
    json!({ "$ref": format!("#/components/schemas/{own}") })
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let mut all = Vec::new();
    for part in operation.path.split('/').filter_map(|part| part.strip_prefix('{')) {
        let name = part.trim_end_matches('}');
        let mut schema = json!({ "type": "string", "format": "uuid" });
        if name == "documentId" {
            schema = json!({ "type": "string", "minLength": 1, "pattern": "^[A-Za-z0-9-]+$" });
        }
        all.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    let mut query =
        |name: &str, schema: Value| all.push(json!({ "name": name, "in": "query", "schema": schema }));
    let is_list = matches!(
        operation.answer,
        Body::Components | Body::Offerings | Body::Associations | Body::Groups | Body::Memberships
    );
    if is_list {
        query("pageSize", json!({ "type": "integer", "enum": [10, 20, 50, 100, 250], "default": 10 }));
        query("pageNumber", json!({ "type": "integer", "minimum": 1, "maximum": 10_000_000, "default": 1 }));
    }
    let text = || json!({ "type": "string" });
    match operation.answer {
        Body::Components => {
            query("componentType", text());
            query("q", text());
            query("primaryCode", text());
            query("licensed", json!({ "type": "boolean" }));
        }
        Body::Offerings => {
            query("offeringType", words::<OfferingType>());
            query("resultExpected", json!({ "type": "boolean" }));
            query("since", json!({ "type": "string", "format": "date" }));
            query("until", json!({ "type": "string", "format": "date" }));
            query("q", text());
        }
        Body::Associations => {
            query(
                "associationType",
                json!({ "type": "string", "enum": [
                "programOfferingAssociation", "courseOfferingAssociation", "componentOfferingAssociation",
                "programOffering", "courseOffering", "componentOffering"] }),
            );
            query("role", words::<AssociationRole>());
            query("state", words::<AssociationState>());
            query("result-state", words::<ResultState>());
        }
        Body::Groups => {
            query("q", text());
            query("primaryCode", text());
        }
        _ => {}
    }
    let expand: &[&str] = match operation.answer {
        Body::Offering if operation.method == Method::Get => &["component", "organization", "program"],
        Body::Association if operation.method == Method::Get => &["person", "offering"],
        Body::Associations => &["person", "offering", "offering.program", "offering.organization"],
        Body::Organization => &["parent", "children"],
        Body::Component => &["course", "organization"],
        _ => &[],
    };
    if !expand.is_empty() {
        all.push(json!({ "name": "expand", "in": "query", "style": "form", "explode": false,
            "schema": { "type": "array", "items": { "type": "string", "enum": expand } } }));
    }
    all
}

fn words<C: Codes>() -> Value {
    json!({ "type": "string", "enum": C::ALL.iter().map(|(word, _)| *word).collect::<Vec<_>>() })
}
