//! Mandates: tasks that who decides lets others do for a while.

use crate::call::{Answer, Call, Reply};
use crate::coded::Coded;
use crate::door::{Door, Op};
use crate::organisation::{All, Made};
use crate::person::PersonPath;
use crate::problem::Problem;
use crate::role::ScopeKind;
use jiff::Timestamp;
use jiff::civil::Date;
use regie_access::Action;
use regie_core::Scope;
use regie_core::id::{Id, MandateId, PersonId};
use regie_people::mandate::{self, GiveMandate, Given};
use regie_signin::client::ApiScope::{RolesRead, RolesWrite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const ALL: &str = "/api/v1/mandates";

pub(crate) fn door() -> Door {
    let withdraw_at = "/api/v1/mandates/{mandate}/withdraw";
    let of_person = "/api/v1/persons/{person}/mandates";
    Door::default()
        .op(Op::get("listMandates", ALL, RolesRead, "Mandates in reach: past, present, to come."), list)
        .op(Op::add("giveMandate", ALL, RolesWrite, "Lets somebody do a task for a while."), give)
        .op(Op::get("listPersonMandates", of_person, RolesRead, "The mandates of one person."), of_one)
        .op(
            Op::act(
                "withdrawMandate",
                withdraw_at,
                RolesWrite,
                "Ends a mandate; what was done under it stays.",
            ),
            withdraw,
        )
}

/// A task somebody may do for somebody else, for a while.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Mandate {
    id: Uuid,
    holder: Uuid,
    holder_name: String,
    /// The task. A later version may know more of them.
    action: String,
    scope_kind: String,
    /// Empty when the scope is the whole institution.
    scope: Option<Uuid>,
    scope_name: Option<String>,
    begins: Date,
    /// The last day it holds.
    ends: Date,
    reason: String,
    withdrawn_at: Option<Timestamp>,
}

fn shown(it: Given) -> Mandate {
    Mandate {
        id: it.id.uuid(),
        holder: it.holder.uuid(),
        holder_name: it.holder_name,
        action: it.action,
        scope_kind: it.scope_kind,
        scope: it.scope,
        scope_name: it.scope_name,
        begins: it.begins,
        ends: it.ends,
        reason: it.reason,
        withdrawn_at: it.withdrawn_at,
    }
}

async fn list(call: Call) -> Answer<All<Mandate>> {
    let found = mandate::list(&call.house.db, &call.caller).await.map_err(call.told())?;
    Ok(Reply::new(All::of(found, shown)))
}

async fn of_one(call: Call<PersonPath>) -> Answer<All<Mandate>> {
    let found =
        mandate::of_person(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    Ok(Reply::new(All::of(found, shown)))
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewMandate {
    holder: Uuid,
    /// A task of the giver's own role.
    action: Coded<Action>,
    scope_kind: ScopeKind,
    /// Empty exactly when the scope is the whole institution.
    scope: Option<Uuid>,
    begins: Date,
    /// The last day it holds: a mandate without an end is no mandate.
    ends: Date,
    #[schemars(length(min = 1, max = 500))]
    reason: String,
}

async fn give(call: Call<(), (), NewMandate>) -> Answer<Made> {
    let body = &call.body;
    let Some(scope) = Scope::from_row(body.scope_kind.code(), body.scope) else {
        return Err(Problem::scope_of_another_kind());
    };
    let input = GiveMandate {
        id: call.house.new_id(),
        holder: PersonId::from_uuid(body.holder),
        action: body.action.0,
        scope,
        begins: body.begins,
        ends: body.ends,
        reason: body.reason.clone(),
    };
    let id = mandate::give(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)))
}

#[derive(Deserialize, JsonSchema)]
struct MandatePath {
    mandate: Uuid,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MandateReason {
    #[schemars(length(min = 1, max = 500))]
    reason: String,
}

async fn withdraw(call: Call<MandatePath, (), MandateReason>) -> Answer<()> {
    let id = MandateId::from_uuid(call.path.mandate);
    mandate::withdraw(&call.house.db, &call.caller, id, &call.body.reason).await.map_err(call.told())?;
    Ok(Reply::new(()))
}
