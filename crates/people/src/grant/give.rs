use super::store;
use crate::error::filled;
use crate::institution::Kind;
use crate::{Error, institution};
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::id::{GrantId, InstitutionId};
use regie_core::{Caller, Role, Scope};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct GiveGrant {
    pub id: GrantId,
    pub to: InstitutionId,
    pub role: Role,
    pub scope: Scope,
    pub begins: Date,
    /// The last day: a grant always ends by itself.
    pub ends: Date,
    pub reason: String,
}

/// The longest a grant lasts without being given anew.
const DAYS: i32 = 366;

/// Who is enrolled here, decides here or runs the platform is nobody from outside.
const INSIDE: [Role; 7] = [
    Role::Student,
    Role::Parent,
    Role::CommitteeChair,
    Role::CommitteeSecretary,
    Role::CompetentAuthority,
    Role::SuperAdministrator,
    Role::Administrator,
];

/// The roles in which somebody of another organisation may act here.
pub fn possible() -> impl Iterator<Item = Role> {
    Role::ALL.iter().copied().filter(|role| !INSIDE.contains(role))
}

pub async fn give(db: &Db, caller: &Caller, input: GiveGrant) -> Result<GrantId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::GrantAccess).await?;
    let to = institution::see(db, input.to).await?;
    if input.to == caller.institution || to.kind == Kind::Platform {
        return Err(Error::GrantTo);
    }
    if !possible().any(|role| role == input.role) {
        return Err(Error::GrantRole(input.role.code()));
    }
    if let Scope::Unit(unit) = input.scope {
        regie_access::unit(&mut reader, allowed.caller(), Action::GrantAccess, unit).await?;
    }
    if input.ends < input.begins {
        return Err(Error::EndBeforeBegin);
    }
    if (input.ends - input.begins).get_days() >= DAYS {
        return Err(Error::GrantTooLong);
    }
    let input = GiveGrant { reason: filled("reason", &input.reason, 500)?, ..input };
    db.write(allowed.caller(), (input, to.name), |tx, (grant, name)| {
        Box::pin(async move {
            let (kind, scope) = (grant.scope.kind(), grant.scope.id());
            tx.queue(
                store::insert(
                    grant.id,
                    grant.to,
                    grant.role,
                    kind,
                    scope,
                    grant.begins,
                    grant.ends,
                    &grant.reason,
                ),
                Expect::any().or_foreign(Error::NotFound("institution")),
            );
            let at = tx.institution();
            tx.queue(store::place(grant.id, grant.to, at), Expect::any());
            let new = json!({
                "to": name, "role": grant.role.code(), "scope": { "kind": kind, "id": scope },
                "begins": grant.begins, "ends": grant.ends,
            });
            Ok(tx.done(grant.id, Event::new("grant.given", grant.id).new_value(new).why(grant.reason)))
        })
    })
    .await
}

/// Ends it at once.
pub async fn revoke(db: &Db, caller: &Caller, id: GrantId, reason: &str) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::GrantAccess).await?;
    let grant = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound("grant"))?;
    let reason = filled("reason", reason, 500)?;
    db.write(allowed.caller(), (grant, reason), |tx, (grant, reason)| {
        Box::pin(async move {
            let now = tx.recorded_at();
            tx.queue(store::revoke(grant.id, now), Expect::one(Error::ChangedMeanwhile));
            let old = json!({ "to": grant.to_name, "role": grant.role.code(), "ends": grant.ends });
            Ok(tx.done((), Event::new("grant.revoked", grant.id).old(old).why(reason)))
        })
    })
    .await
}
