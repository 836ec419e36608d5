use super::{Kind, store};
use crate::Error;
use crate::error::filled;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{PersonId, RulingId, TestId};
use regie_db::{Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct GiveRuling {
    pub id: RulingId,
    pub person: PersonId,
    pub kind: Kind,
    /// Only an exclusion may be for every test.
    pub test: Option<TestId>,
    pub begins: Date,
    /// The last day; an exclusion always has one.
    pub ends: Option<Date>,
    pub reason: String,
}

pub async fn give(db: &Db, caller: &Caller, input: GiveRuling) -> Result<RulingId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::RuleOnStudents, input.person).await?;
    let reason = filled("reason", &input.reason, 500)?;
    if input.ends.is_some_and(|ends| ends < input.begins) {
        return Err(Error::EndBeforeBegin);
    }
    match input.kind {
        Kind::Exemption if input.test.is_none() => return Err(Error::Missing("test")),
        Kind::Exclusion => {
            let ends = input.ends.ok_or(Error::Missing("ends"))?;
            let year = input.begins.checked_add(jiff::Span::new().years(1)).unwrap_or(Date::MAX);
            if ends >= year {
                return Err(Error::ExclusionTooLong);
            }
        }
        Kind::Exemption => {}
    }
    db.write(allowed.caller(), GiveRuling { reason, ..input }, |tx, ruling| {
        Box::pin(async move {
            let GiveRuling { id, person, kind, test, begins, ends, reason } = ruling;
            tx.queue(store::insert(id, person, kind, test, begins, ends, &reason), Expect::any());
            let new = json!({ "ruling": kind.code(), "test": test, "begins": begins, "ends": ends });
            Ok(tx.done(id, Event::new("ruling.given", person).new_value(new).why(reason)))
        })
    })
    .await
}
