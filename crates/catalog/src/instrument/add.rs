use super::{Route, store};
use crate::Error;
use crate::error::filled;
use crate::test::Kind;
use crate::version::{self, Content};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ConsentId, Id, InstrumentId, InstrumentVersionId, SupplierId, TestId};
use regie_core::name::folded;
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// An instrument with its first version, a draft.
#[derive(Debug, Clone)]
pub struct AddInstrument {
    pub id: InstrumentId,
    pub version: InstrumentVersionId,
    pub test: TestId,
    pub code: String,
    pub name: String,
    pub route: Route,
    pub supplier: Option<SupplierId>,
    pub consent: Option<ConsentId>,
}

impl AddInstrument {
    pub(super) fn checked(self) -> Result<Self, Error> {
        Ok(Self { code: filled("code", &self.code, 40)?, name: filled("name", &self.name, 160)?, ..self })
    }

    pub(super) fn shown(&self) -> serde_json::Value {
        json!({
            "test": self.test, "code": self.code, "name": self.name, "route": self.route.code(),
            "supplier": self.supplier, "consent": self.consent,
        })
    }
}

pub async fn add(db: &Db, caller: &Caller, input: AddInstrument) -> Result<InstrumentId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditInstruments).await?;
    let input = input.checked()?;
    let person = allowed.caller().person;
    db.write(allowed.caller(), input, move |tx, it| {
        Box::pin(async move {
            let test = tx.opt(store::test(it.test)).await?.ok_or(Error::NotFound(TestId::KIND))?;
            let (minutes, kind) = test;
            // What the state sets is nobody else's to make, and the other way round.
            if (kind == Kind::Central) != (it.route == Route::Central) {
                return Err(Error::RouteOfTest);
            }
            tx.queue(
                store::insert(
                    it.id,
                    it.test,
                    &it.code,
                    &it.name,
                    it.route,
                    it.supplier,
                    it.consent,
                    &folded(&format!("{} {}", it.name, it.code)),
                ),
                Expect::unique(Error::CodeTaken(it.code.clone())).or_foreign(Error::NotFound("supplier")),
            );
            let now = tx.recorded_at();
            let content = Content { minutes, ..Content::default() };
            tx.queue(version::first(it.version, it.id, &content, person, now), Expect::any());
            tx.event(Event::new("instrument.drafted", it.version).new_value(json!({ "number": 1 })));
            tx.touch(it.id);
            Ok(tx.done(it.id, Event::new("instrument.added", it.id).new_value(it.shown())))
        })
    })
    .await
}
