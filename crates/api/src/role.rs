//! Roles: who acts as what, for which part of the school, from when to when.

use crate::call::{Answer, Call, Reply};
use crate::coded::Coded;
use crate::door::{Door, Op};
use crate::organisation::{All, Made};
use crate::person::PersonPath;
use crate::problem::Problem;
use jiff::Timestamp;
use jiff::civil::Date;
use regie_core::id::{Id, RoleAssignmentId};
use regie_core::{Role, Scope};
use regie_people::role;
use regie_signin::client::ApiScope::{RolesRead, RolesWrite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) fn door() -> Door {
    let of_person = "/api/v1/persons/{person}/roles";
    let withdraw_at = "/api/v1/roles/{assignment}/withdraw";
    Door::default()
        .op(
            Op::get(
                "listPersonRoles",
                of_person,
                RolesRead,
                "The roles of a person: past, present, to come.",
            ),
            list,
        )
        .op(Op::add("assignRole", of_person, RolesWrite, "Lets a person act in a role."), assign)
        .op(
            Op::act("withdrawRole", withdraw_at, RolesWrite, "Ends a role now; what was done in it stays."),
            withdraw,
        )
}

/// For which part of the institution a role is.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ScopeKind {
    Institution,
    Unit,
    Program,
    Session,
    ProficiencyTest,
}

impl ScopeKind {
    const ALL: [ScopeKind; 5] = [
        ScopeKind::Institution,
        ScopeKind::Unit,
        ScopeKind::Program,
        ScopeKind::Session,
        ScopeKind::ProficiencyTest,
    ];

    pub(crate) const fn code(self) -> &'static str {
        match self {
            ScopeKind::Institution => "institution",
            ScopeKind::Unit => "unit",
            ScopeKind::Program => "program",
            ScopeKind::Session => "session",
            ScopeKind::ProficiencyTest => "proficiencyTest",
        }
    }
}

/// A dated role of one person.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RoleAssignment {
    id: Uuid,
    person: Uuid,
    role: Coded<Role>,
    scope_kind: ScopeKind,
    /// Empty when the scope is the whole institution.
    scope: Option<Uuid>,
    scope_name: Option<String>,
    begins: Date,
    /// The last day it holds.
    ends: Option<Date>,
    withdrawn_at: Option<Timestamp>,
}

async fn list(call: Call<PersonPath>) -> Answer<All<RoleAssignment>> {
    let found = role::of_person(&call.house.db, &call.caller, call.path.id()).await.map_err(call.told())?;
    Ok(Reply::new(All {
        items: found
            .into_iter()
            .filter_map(|held| {
                Some(RoleAssignment {
                    scope_kind: ScopeKind::ALL.into_iter().find(|kind| kind.code() == held.scope_kind)?,
                    id: held.id.uuid(),
                    person: held.person.uuid(),
                    role: Coded(held.role),
                    scope: held.scope,
                    scope_name: held.scope_name,
                    begins: held.begins,
                    ends: held.ends,
                    withdrawn_at: held.withdrawn_at,
                })
            })
            .collect(),
    }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewRole {
    role: Coded<Role>,
    scope_kind: ScopeKind,
    /// Empty exactly when the scope is the whole institution.
    scope: Option<Uuid>,
    begins: Date,
    /// The last day it holds.
    ends: Option<Date>,
    #[schemars(length(max = 500))]
    reason: Option<String>,
}

async fn assign(call: Call<PersonPath, (), NewRole>) -> Answer<Made> {
    let body = &call.body;
    let Some(scope) = Scope::from_row(body.scope_kind.code(), body.scope) else {
        return Err(Problem::scope_of_another_kind());
    };
    let input = role::AssignRole {
        id: call.house.new_id(),
        person: call.path.id(),
        role: body.role.0,
        scope,
        begins: body.begins,
        ends: body.ends,
        reason: body.reason.clone(),
    };
    let id = role::assign(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)))
}

#[derive(Deserialize, JsonSchema)]
struct AssignmentPath {
    assignment: Uuid,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RoleReason {
    #[schemars(length(min = 1, max = 500))]
    reason: String,
}

async fn withdraw(call: Call<AssignmentPath, (), RoleReason>) -> Answer<()> {
    let id = RoleAssignmentId::from_uuid(call.path.assignment);
    role::withdraw(&call.house.db, &call.caller, id, &call.body.reason).await.map_err(call.told())?;
    Ok(Reply::new(()))
}
