use crate::call::{Answer, Call, Reply};
use crate::coded::Coded;
use crate::door::{Door, Op};
use jiff::Timestamp;
use regie_core::Role;
use regie_signin::client::ApiScope;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

pub(crate) fn door() -> Door {
    let at = "/api/v1/client";
    Door::default()
        .op(Op::get("getClient", at, ApiScope::OrganisationRead, "The client this token belongs to."), see)
}

/// A program, as Regie knows it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Client {
    id: Uuid,
    name: String,
    institution: Uuid,
    /// It acts in this role.
    role: Option<Coded<Role>>,
    /// What this token is good for; the client itself may have more.
    scopes: Vec<Coded<ApiScope>>,
    /// When this token ends.
    token_ends_at: Timestamp,
}

async fn see(call: Call) -> Answer<Client> {
    use regie_core::id::Id as _;
    let client = &call.client;
    Ok(Reply::new(Client {
        id: client.id.uuid(),
        name: client.name.clone(),
        institution: call.caller.institution.uuid(),
        role: call.caller.role.map(Coded),
        scopes: client.scopes.iter().copied().map(Coded).collect(),
        token_ends_at: client.ends_at,
    }))
}
