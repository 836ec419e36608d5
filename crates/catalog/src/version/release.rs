use super::{State, Version, store};
use crate::error::filled;
use crate::{Error, telling};
use regie_access::{Action, Db};
use regie_core::id::{FormVariantId, Id, InstrumentVersionId};
use regie_core::{Caller, Role};
use regie_db::{Ask, Event, Expect, Outgoing, Tx};
use serde_json::json;

/// Takes an approved version into use; the one before it retires.
pub async fn activate(db: &Db, caller: &Caller, id: InstrumentVersionId, version: i64) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::ReleaseInstruments).await?;
    db.write(allowed.caller(), (), move |tx, ()| {
        Box::pin(async move {
            let found = at(tx, id, &[State::Approved]).await?;
            tx.queue(store::retire_active(found.instrument), Expect::any());
            step(tx, &found, version, State::Active, None);
            Ok(tx.done((), Event::new("instrument.activated", id)))
        })
    })
    .await
}

/// Stops new sessions at once and warns those that use it: a suspected leak, an error in a task.
pub async fn suspend(
    db: &Db,
    caller: &Caller,
    id: InstrumentVersionId,
    version: i64,
    why: String,
) -> Result<(), Error> {
    withdrawn(db, caller, id, version, why, State::Suspended).await
}

/// Takes it out of use for good.
pub async fn retire(
    db: &Db,
    caller: &Caller,
    id: InstrumentVersionId,
    version: i64,
    why: String,
) -> Result<(), Error> {
    withdrawn(db, caller, id, version, why, State::Retired).await
}

/// What was suspended turned out to be sound.
pub async fn resume(
    db: &Db,
    caller: &Caller,
    id: InstrumentVersionId,
    version: i64,
    why: String,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::ReleaseInstruments).await?;
    let why = filled("why", &why, 1_000)?;
    db.write(allowed.caller(), why, move |tx, why| {
        Box::pin(async move {
            let found = at(tx, id, &[State::Suspended]).await?;
            // Another version may have come into use meanwhile; this one then waits as an approved one does.
            step(tx, &found, version, State::Approved, None);
            Ok(tx.done((), Event::new("instrument.resumed", id).new_value(json!({ "why": why }))))
        })
    })
    .await
}

async fn withdrawn(
    db: &Db,
    caller: &Caller,
    id: InstrumentVersionId,
    version: i64,
    why: String,
    to: State,
) -> Result<(), Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::ReleaseInstruments).await?;
    let why = filled("why", &why, 1_000)?;
    db.write(allowed.caller(), why, move |tx, why| {
        Box::pin(async move {
            let mut from = vec![State::Approved, State::Active];
            if to == State::Retired {
                from.push(State::Suspended);
            }
            let found = at(tx, id, &from).await?;
            step(tx, &found, version, to, Some(&why));
            warn(tx, &found, None, &why);
            let event = match to {
                State::Suspended => Event::new("instrument.suspended", id),
                _ => Event::new("instrument.retired", id),
            };
            Ok(tx
                .done((), event.old(json!({ "state": found.state.code() })).new_value(json!({ "why": why }))))
        })
    })
    .await
}

async fn at(tx: &mut Tx<Error>, id: InstrumentVersionId, from: &[State]) -> Result<Version, Error> {
    let found = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(InstrumentVersionId::KIND))?;
    match from.contains(&found.state) {
        true => Ok(found),
        false => Err(Error::NotNow(found.state.code())),
    }
}

fn step(tx: &mut Tx<Error>, found: &Version, version: i64, to: State, why: Option<&str>) {
    tx.queue(store::step(found.id, version, found.state, to, why), Expect::one(Error::ChangedMeanwhile));
    tx.touch(found.id);
    tx.touch(found.instrument);
}

/// Sessions that use it are another area's: they follow this event. The office hears of it behind its bell.
pub(super) fn warn(tx: &mut Tx<Error>, found: &Version, variant: Option<FormVariantId>, why: &str) {
    let payload = json!({
        "version": found.id, "instrument": found.instrument, "test": found.test, "variant": variant, "why": why,
    });
    tx.send(Outgoing::new("instrument.withdrawn", 1, found.id, payload));
    let words = json!({ "name": found.instrument_name, "number": found.number.to_string() });
    let place = format!("/versions/{}", found.id);
    tx.send(telling::to_role(Role::ExamOffice, "instrument-withdrawn", words, &place, found.id));
}
