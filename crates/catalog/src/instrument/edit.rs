use super::{AddInstrument, Route, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ConsentId, Id, InstrumentId, SupplierId};
use regie_core::name::folded;
use regie_db::{Ask, Event, Expect};

/// What stands around the versions. `version` is the one of the instrument that was shown.
#[derive(Debug, Clone)]
pub struct EditInstrument {
    pub id: InstrumentId,
    pub version: i64,
    pub code: String,
    pub name: String,
    pub route: Route,
    pub supplier: Option<SupplierId>,
    pub consent: Option<ConsentId>,
    pub active: bool,
}

/// Once a version was handed in, the route stays: it is part of what is judged.
pub async fn edit(db: &Db, caller: &Caller, input: EditInstrument) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditInstruments).await?;
    db.write(allowed.caller(), input, |tx, it| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(it.id)).await?.ok_or(Error::NotFound(InstrumentId::KIND))?;
            let input = |code, name, route, supplier, consent| AddInstrument {
                id: before.id,
                version: regie_core::id::InstrumentVersionId::NIL,
                test: before.test,
                code,
                name,
                route,
                supplier,
                consent,
            };
            let new = input(it.code, it.name, it.route, it.supplier, it.consent).checked()?;
            let (handed_in,) = tx.one(store::handed_in(before.id)).await?;
            let judged = (before.route, before.supplier, before.consent);
            if handed_in > 0 && judged != (new.route, new.supplier, new.consent) {
                return Err(Error::Fixed(InstrumentId::KIND));
            }
            if (before.test_kind == crate::test::Kind::Central) != (new.route == Route::Central) {
                return Err(Error::RouteOfTest);
            }
            tx.queue(
                store::update(
                    it.id,
                    it.version,
                    &new.code,
                    &new.name,
                    new.route,
                    new.supplier,
                    new.consent,
                    it.active,
                    &folded(&format!("{} {}", new.name, new.code)),
                ),
                Expect::one(Error::ChangedMeanwhile)
                    .or_unique(Error::CodeTaken(new.code.clone()))
                    .or_foreign(Error::NotFound("supplier")),
            );
            tx.touch(it.id);
            let (route, supplier, consent) = judged;
            let old = input(before.code.clone(), before.name.clone(), route, supplier, consent);
            let event = Event::new("instrument.described", it.id).old(old.shown()).new_value(new.shown());
            Ok(tx.done((), event))
        })
    })
    .await
}
