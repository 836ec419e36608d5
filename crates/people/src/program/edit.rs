use super::{AddProgram, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, ProgramId};
use regie_db::{Ask, Event, Expect};

/// A programme as it should be. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct EditProgram {
    pub program: AddProgram,
    pub version: i64,
    /// An inactive programme takes no new offerings.
    pub active: bool,
}

pub async fn edit(db: &Db, caller: &Caller, input: EditProgram) -> Result<ProgramId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditPrograms).await?;
    let input = EditProgram { program: input.program.checked()?, ..input };
    db.write(allowed.caller(), input, |tx, EditProgram { program, version, active }| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(program.id)).await?.ok_or(Error::NotFound(ProgramId::KIND))?;
            let (crebo, search) = (program.crebo.as_deref(), program.search());
            tx.queue(
                store::update(
                    program.id,
                    version,
                    &program.code,
                    crebo,
                    &program.name,
                    program.level,
                    active,
                    &search,
                ),
                Expect::one(Error::ChangedMeanwhile).or_unique(Error::CodeTaken(program.code.clone())),
            );
            let old = AddProgram {
                id: before.id,
                code: before.code,
                crebo: before.crebo,
                name: before.name,
                level: before.level,
            };
            let event = Event::new("program.edited", program.id)
                .old(crate::shown::with_active(old.shown(), before.active))
                .new_value(crate::shown::with_active(program.shown(), active));
            Ok(tx.done(program.id, event))
        })
    })
    .await
}
