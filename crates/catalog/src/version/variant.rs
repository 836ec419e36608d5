use super::write::draft;
use super::{State, release, store};
use crate::Error;
use crate::error::filled;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{FormVariantId, Id, InstrumentVersionId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// A parallel form of a draft, new or as it should be.
#[derive(Debug, Clone)]
pub struct PutVariant {
    pub id: InstrumentVersionId,
    pub version: i64,
    pub variant: FormVariantId,
    pub code: String,
    pub name: String,
}

pub async fn put_variant(db: &Db, caller: &Caller, input: PutVariant) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditInstruments).await?;
    let input = PutVariant {
        code: filled("code", &input.code, 20)?,
        name: filled("name", &input.name, 120)?,
        ..input
    };
    db.write(allowed.caller(), input, |tx, it| {
        Box::pin(async move {
            draft(tx, it.id, it.version).await?;
            tx.queue(
                store::put_variant(it.variant, it.id, &it.code, &it.name),
                Expect::unique(Error::CodeTaken(it.code.clone())),
            );
            let new = json!({ "variant": it.code, "name": it.name });
            Ok(tx.done((), Event::new("instrument.edited", it.id).new_value(new)))
        })
    })
    .await
}

pub async fn remove_variant(
    db: &Db,
    caller: &Caller,
    id: InstrumentVersionId,
    version: i64,
    variant: FormVariantId,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditInstruments).await?;
    db.write(allowed.caller(), (), move |tx, ()| {
        Box::pin(async move {
            draft(tx, id, version).await?;
            let missing = Error::NotFound(FormVariantId::KIND);
            tx.queue(store::remove_variant(id, variant), Expect::one(missing));
            let event = Event::new("instrument.edited", id).old(json!({ "variant": variant }));
            Ok(tx.done((), event))
        })
    })
    .await
}

/// A form that leaked is not used any more; the others stay usable. Running sessions hear of it.
pub async fn withdraw_variant(
    db: &Db,
    caller: &Caller,
    id: InstrumentVersionId,
    variant: FormVariantId,
    why: String,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::ReleaseInstruments).await?;
    let why = filled("why", &why, 1_000)?;
    db.write(allowed.caller(), why, move |tx, why| {
        Box::pin(async move {
            let found = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(InstrumentVersionId::KIND))?;
            if !matches!(found.state, State::Approved | State::Active | State::Suspended) {
                return Err(Error::NotNow(found.state.code()));
            }
            let now = tx.recorded_at();
            tx.queue(
                store::withdraw_variant(id, variant, now, &why),
                Expect::one(Error::NotFound(FormVariantId::KIND)),
            );
            release::warn(tx, &found, Some(variant), &why);
            let new = json!({ "variant": variant, "why": why });
            Ok(tx.done((), Event::new("instrument.variantWithdrawn", id).new_value(new)))
        })
    })
    .await
}
