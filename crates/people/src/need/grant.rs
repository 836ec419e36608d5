use super::{Kind, store};
use crate::Error;
use crate::error::optional;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{AssignedNeedId, PersonId};
use regie_core::need::Extra;
use regie_db::{Event, Expect, Query};
use serde_json::json;

/// What the committee grants. The expert's statement stays outside: only the decision is kept.
#[derive(Debug, Clone)]
pub struct GrantNeed {
    pub id: AssignedNeedId,
    pub person: PersonId,
    pub kind: Kind,
    /// What it means for who prepares the exam.
    pub description: Option<String>,
    pub extra: Extra,
    /// Only for this kind of test, such as numeracy; for all when empty.
    pub only_for: Option<String>,
    pub begins: Date,
    /// The last day.
    pub ends: Option<Date>,
    pub reason: Option<String>,
}

impl GrantNeed {
    pub(crate) fn checked(self) -> Result<Self, Error> {
        if self.ends.is_some_and(|ends| ends < self.begins) {
            return Err(Error::EndBeforeBegin);
        }
        let sound = match self.extra {
            Extra::None => self.kind != Kind::ExtraTime,
            _ if self.kind != Kind::ExtraTime => false,
            Extra::Minutes(minutes) => (1..=600).contains(&minutes),
            Extra::Percent(percent) => (1..=200).contains(&percent),
            Extra::Unlimited => true,
        };
        if !sound {
            return Err(Error::ExtraTime);
        }
        let description = optional("description", self.description.as_deref(), 500)?;
        if self.kind == Kind::Other && description.is_none() {
            return Err(Error::Missing("description"));
        }
        Ok(Self {
            description,
            only_for: optional("only_for", self.only_for.as_deref(), 80)?,
            reason: optional("reason", self.reason.as_deref(), 500)?,
            ..self
        })
    }

    pub(crate) fn insert(&self) -> Query<()> {
        store::insert(
            self.id,
            self.person,
            self.kind,
            self.description.as_deref().unwrap_or_default(),
            self.extra.kind(),
            self.extra.amount(),
            self.only_for.as_deref(),
            self.begins,
            self.ends,
        )
    }

    pub(crate) fn shown(&self) -> serde_json::Value {
        json!({
            "need": self.id, "needKind": self.kind.code(), "description": self.description,
            "extra": self.extra.kind(), "amount": self.extra.amount(), "onlyFor": self.only_for,
            "begins": self.begins, "ends": self.ends,
        })
    }
}

pub async fn grant(db: &Db, caller: &Caller, input: GrantNeed) -> Result<AssignedNeedId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::GrantNeeds, input.person).await?;
    let input = input.checked()?;
    db.write(allowed.caller(), input, |tx, need| {
        Box::pin(async move {
            tx.queue(store::hold_student(need.person), Expect::one(Error::OnlyStudents));
            tx.queue(need.insert(), Expect::any());
            tx.touch(need.id);
            let mut event = Event::new("assignedNeed.granted", need.person).new_value(need.shown());
            if let Some(reason) = need.reason {
                event = event.why(reason);
            }
            Ok(tx.done(need.id, event))
        })
    })
    .await
}
