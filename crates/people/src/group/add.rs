use super::store;
use crate::Error;
use crate::error::filled;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{GroupId, UnitId};
use regie_core::name::folded;
use regie_db::{Event, Expect, Query};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct AddGroup {
    pub id: GroupId,
    pub code: String,
    pub name: String,
    pub unit: UnitId,
    pub begins: Date,
    /// The last day.
    pub ends: Option<Date>,
}

impl AddGroup {
    pub(crate) fn checked(self) -> Result<Self, Error> {
        if self.ends.is_some_and(|ends| ends < self.begins) {
            return Err(Error::EndBeforeBegin);
        }
        Ok(Self { code: filled("code", &self.code, 30)?, name: filled("name", &self.name, 120)?, ..self })
    }

    pub(crate) fn search(&self) -> String {
        folded(&format!("{} {}", self.code, self.name))
    }

    pub(crate) fn insert(&self) -> Query<()> {
        store::insert(self.id, &self.code, &self.name, self.unit, self.begins, self.ends, &self.search())
    }

    /// Over the version that was shown.
    pub(crate) fn update(&self, version: i64) -> Query<()> {
        let search = self.search();
        store::update(self.id, version, &self.code, &self.name, self.unit, self.begins, self.ends, &search)
    }

    pub(crate) fn shown(&self) -> serde_json::Value {
        json!({
            "code": self.code, "name": self.name, "unit": self.unit, "begins": self.begins, "ends": self.ends,
        })
    }
}

pub async fn add(db: &Db, caller: &Caller, input: AddGroup) -> Result<GroupId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::unit(&mut reader, caller, Action::EditPeople, input.unit).await?;
    let input = input.checked()?;
    db.write(allowed.caller(), input, |tx, group| {
        Box::pin(async move {
            tx.queue(
                group.insert(),
                Expect::unique(Error::CodeTaken(group.code.clone())).or_foreign(Error::NotFound("unit")),
            );
            Ok(tx.done(group.id, Event::new("group.added", group.id).new_value(group.shown())))
        })
    })
    .await
}
