//! Mandates: a task of the committee done by somebody else, within its dates and scope.

use crate::{Action, Refusal};
use jiff::civil::Date;
use regie_core::id::{MandateId, PersonId};
use regie_core::{Caller, Scope};
use regie_db::{Ask, row, statements};
use uuid::Uuid;

row! {
    struct Held {
        id: MandateId,
        scope_kind: String,
        scope: Option<Uuid>,
    }
}

statements! {
    fn held(holder: PersonId, action: Action, today: Date) -> Held =
        "SELECT id, scope_kind, scope FROM pub_mandate
         WHERE institution = $1 AND holder = $2 AND action = $3 AND withdrawn_at IS NULL
           AND begins <= $4 AND ends >= $4
         ORDER BY scope_kind, ends DESC, id";
}

pub(crate) async fn find(
    q: &mut impl Ask,
    caller: &Caller,
    action: Action,
) -> Result<Option<(MandateId, Scope)>, Refusal> {
    let Some(person) = caller.person else { return Ok(None) };
    let found = q.all(held(person, action, caller.today())).await?;
    Ok(found.into_iter().find_map(|held| Some((held.id, Scope::from_row(&held.scope_kind, held.scope)?))))
}
