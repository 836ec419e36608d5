use super::{State, store, whole};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{DocumentId, FormVariantId, Id, InstrumentVersionId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;
use uuid::Uuid;

/// A next version that begins with what another says. The other stays what it is.
#[derive(Debug, Clone)]
pub struct Correct {
    pub from: InstrumentVersionId,
    pub id: InstrumentVersionId,
}

pub async fn correct(db: &Db, caller: &Caller, input: Correct) -> Result<InstrumentVersionId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::here(&mut reader, caller, Action::EditInstruments).await?;
    let person = allowed.caller().person;
    db.write(allowed.caller(), input, move |tx, it| {
        Box::pin(async move {
            let missing = Error::NotFound(InstrumentVersionId::KIND);
            let found = tx.opt(store::by_id(it.from)).await?.ok_or(missing)?;
            let newest = tx.opt(store::newest(found.instrument)).await?;
            let number = newest.map_or(0, |(number, _)| number) + 1;
            if newest.is_some_and(|(_, state)| state == State::Draft) {
                return Err(Error::DraftExists);
            }
            let from = whole(tx, found).await?;
            let instrument = from.version.instrument;
            let now = tx.recorded_at();
            tx.queue(
                store::insert(
                    it.id,
                    instrument,
                    number,
                    &from.version.content,
                    from.content.minutes,
                    Some(it.from),
                    person,
                    now,
                ),
                Expect::unique(Error::DraftExists),
            );
            // The same row copied to the same version has one id, however often the transaction runs.
            let mixed = |id: Uuid| Uuid::from_u128(id.as_u128() ^ it.id.uuid().as_u128().rotate_left(64));
            for (kind, condition) in &from.conditions {
                tx.queue(store::put_condition(it.id, *kind, condition), Expect::any());
            }
            for (position, aid) in (1_i64..).zip(&from.aids) {
                tx.queue(store::put_aid(it.id, position, aid), Expect::any());
            }
            for row in &from.conversion {
                tx.queue(store::put_conversion(it.id, &row.variant, row.score, row.grade), Expect::any());
            }
            // A form that leaked does not come back.
            for one in from.variants.iter().filter(|variant| variant.withdrawn_at.is_none()) {
                let id = FormVariantId::from_uuid(mixed(one.id.uuid()));
                tx.queue(store::put_variant(id, it.id, &one.code, &one.name), Expect::any());
            }
            for one in &from.documents {
                tx.queue(
                    store::put_document(
                        DocumentId::from_uuid(mixed(one.id.uuid())),
                        it.id,
                        &one.variant_code,
                        &one.name,
                        one.purpose,
                        one.audience,
                        one.release_moment,
                        one.release_days,
                        &one.file,
                        &one.media_type,
                        one.size,
                    ),
                    Expect::any(),
                );
            }
            tx.touch(instrument);
            let new = json!({ "number": number, "corrects": it.from });
            Ok(tx.done(it.id, Event::new("instrument.drafted", it.id).new_value(new)))
        })
    })
    .await
}
