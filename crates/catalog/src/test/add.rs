use super::{Kind, store};
use crate::Error;
use crate::error::{filled, optional, within};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{PlatformId, SupplierId, TestId};
use regie_core::name::folded;
use regie_db::{Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct AddTest {
    pub id: TestId,
    pub code: String,
    pub name: String,
    pub minutes: u32,
    pub kind: Kind,
    /// The word a need uses that is granted for one subject alone.
    pub subject: Option<String>,
    /// 2F, 3F, B1 …
    pub reference_level: Option<String>,
    pub platform: Option<PlatformId>,
    pub needs_device: bool,
    pub supplier: Option<SupplierId>,
    /// Codes of the needs it can be taken with.
    pub needs: Vec<String>,
}

impl AddTest {
    pub(super) fn checked(mut self) -> Result<Self, Error> {
        within("minutes", self.minutes.into(), 1, 6_000)?;
        self.needs.sort();
        self.needs.dedup();
        for need in &self.needs {
            filled("needs", need, 40)?;
        }
        within("needs", i64::try_from(self.needs.len()).unwrap_or(i64::MAX), 0, 20)?;
        Ok(Self {
            code: filled("code", &self.code, 40)?,
            name: filled("name", &self.name, 160)?,
            subject: optional("subject", self.subject.as_deref(), 80)?,
            reference_level: optional("reference_level", self.reference_level.as_deref(), 10)?,
            ..self
        })
    }

    pub(super) fn search(&self) -> String {
        let subject = self.subject.as_deref().unwrap_or_default();
        folded(&format!("{} {} {subject}", self.name, self.code))
    }

    pub(super) fn shown(&self) -> serde_json::Value {
        json!({
            "code": self.code, "name": self.name, "minutes": self.minutes, "kind": self.kind.code(),
            "subject": self.subject, "referenceLevel": self.reference_level, "platform": self.platform,
            "needsDevice": self.needs_device, "supplier": self.supplier, "needs": self.needs,
        })
    }
}

pub async fn add(db: &Db, caller: &Caller, input: AddTest) -> Result<TestId, Error> {
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, Action::EditTests).await?;
    let input = input.checked()?;
    db.write(allowed.caller(), input, |tx, it| {
        Box::pin(async move {
            tx.queue(
                store::insert(
                    it.id,
                    &it.code,
                    &it.name,
                    it.minutes,
                    it.kind,
                    it.subject.as_deref(),
                    it.reference_level.as_deref(),
                    it.platform,
                    it.needs_device,
                    it.supplier,
                    &it.search(),
                ),
                Expect::unique(Error::CodeTaken(it.code.clone())).or_foreign(Error::NotFound("platform")),
            );
            for need in &it.needs {
                tx.queue(store::add_need(it.id, need), Expect::any());
            }
            tx.touch(it.id);
            Ok(tx.done(it.id, Event::new("test.added", it.id).new_value(it.shown())))
        })
    })
    .await
}
