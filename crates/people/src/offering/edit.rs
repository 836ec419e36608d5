use super::{AddOffering, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, ProgramOfferingId};
use regie_db::{Ask, Event, Expect};

/// An offering as it should be; its programme stays. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct EditOffering {
    pub offering: AddOffering,
    pub version: i64,
    /// An inactive offering takes no new students.
    pub active: bool,
}

pub async fn edit(db: &Db, caller: &Caller, input: EditOffering) -> Result<ProgramOfferingId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditPrograms).await?;
    let input = EditOffering { offering: input.offering.checked()?, ..input };
    db.write(allowed.caller(), input, |tx, EditOffering { offering, version, active }| {
        Box::pin(async move {
            let missing = Error::NotFound(ProgramOfferingId::KIND);
            let before = tx.opt(store::by_id(offering.id)).await?.ok_or(missing)?;
            let offering = AddOffering { program: before.program, ..offering };
            tx.queue(
                store::update(
                    offering.id,
                    version,
                    &offering.code,
                    offering.cohort,
                    offering.path,
                    offering.campus,
                    offering.unit,
                    active,
                    &offering.search(),
                ),
                Expect::one(Error::ChangedMeanwhile)
                    .or_unique(Error::CodeTaken(offering.code.clone()))
                    .or_foreign(Error::NotFound("unit")),
            );
            let old = AddOffering {
                id: before.id,
                program: before.program,
                code: before.code,
                cohort: before.cohort,
                path: before.path,
                campus: before.campus,
                unit: before.unit,
            };
            let event = Event::new("programOffering.edited", offering.id)
                .old(crate::shown::with_active(old.shown(), before.active))
                .new_value(crate::shown::with_active(offering.shown(), active));
            Ok(tx.done(offering.id, event))
        })
    })
    .await
}
