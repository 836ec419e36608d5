use super::store;
use crate::Error;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::id::{PersonId, RoleAssignmentId};
use regie_core::setting::AUDITOR_DAYS;
use regie_core::{Caller, Role, Scope};
use regie_db::{Event, Expect, Outgoing, Query};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct AssignRole {
    pub id: RoleAssignmentId,
    pub person: PersonId,
    pub role: Role,
    pub scope: Scope,
    pub begins: Date,
    /// The last day it holds.
    pub ends: Option<Date>,
    pub reason: Option<String>,
}

impl AssignRole {
    pub(crate) fn insert(&self) -> Query<()> {
        let (kind, scope) = (self.scope.kind(), self.scope.id());
        store::insert(self.id, self.person, self.role, kind, scope, self.begins, self.ends)
    }

    pub(crate) fn shown(&self) -> serde_json::Value {
        json!({
            "role": self.role.code(), "scope": { "kind": self.scope.kind(), "id": self.scope.id() },
            "begins": self.begins, "ends": self.ends,
        })
    }
}

pub async fn assign(db: &Db, caller: &Caller, input: AssignRole) -> Result<RoleAssignmentId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::AssignRoles, input.person).await?;
    if input.ends.is_some_and(|ends| ends < input.begins) {
        return Err(Error::EndBeforeBegin);
    }
    if input.role == Role::SuperAdministrator {
        // The platform's own role is never a school's to give.
        regie_access::platform(&mut reader, allowed.caller()).await?;
    }
    if input.role == Role::Auditor {
        let days = regie_access::setting(&mut reader, &AUDITOR_DAYS).await?;
        let last = input.begins.checked_add(jiff::Span::new().days(days - 1)).unwrap_or(input.begins);
        if input.ends.is_none_or(|ends| ends > last) {
            return Err(Error::AuditorTooLong(days));
        }
    }
    db.write(allowed.caller(), input, |tx, input| {
        Box::pin(async move {
            tx.queue(input.insert(), Expect::any().or_foreign(Error::NotFound("person")));
            // The assignment has a line of its own, and the person's history shows it too.
            let new = input.shown();
            let mut event = Event::new("role.assigned", input.person).new_value(new);
            if let Some(reason) = input.reason {
                event = event.why(reason);
            }
            let told = json!({
                "people": [input.person], "code": "role-assigned",
                "arguments": { "role": input.role.code(), "begins": input.begins.to_string() },
            });
            tx.send(Outgoing::new("notice.tell", 1, input.person, told));
            tx.touch(input.id);
            Ok(tx.done(input.id, event))
        })
    })
    .await
}
