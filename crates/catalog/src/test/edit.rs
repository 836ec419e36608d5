use super::{AddTest, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, TestId};
use regie_db::{Ask, Event, Expect};

/// A test as it should be. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct EditTest {
    pub test: AddTest,
    pub version: i64,
    pub active: bool,
}

pub async fn edit(db: &Db, caller: &Caller, input: EditTest) -> Result<TestId, Error> {
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, Action::EditTests).await?;
    let input = EditTest { test: input.test.checked()?, ..input };
    db.write(allowed.caller(), input, |tx, EditTest { test: it, version, active }| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(it.id)).await?.ok_or(Error::NotFound(TestId::KIND))?;
            let needs = tx.all(store::needs(it.id)).await?.into_iter().map(|(code,)| code).collect();
            tx.queue(
                store::update(
                    it.id,
                    version,
                    &it.code,
                    &it.name,
                    it.minutes,
                    it.kind,
                    it.subject.as_deref(),
                    it.reference_level.as_deref(),
                    it.platform,
                    it.needs_device,
                    it.supplier,
                    active,
                    &it.search(),
                ),
                Expect::one(Error::ChangedMeanwhile)
                    .or_unique(Error::CodeTaken(it.code.clone()))
                    .or_foreign(Error::NotFound("platform")),
            );
            tx.queue(store::remove_needs(it.id), Expect::any());
            for need in &it.needs {
                tx.queue(store::add_need(it.id, need), Expect::any());
            }
            tx.touch(it.id);
            let old = AddTest {
                id: before.id,
                code: before.code,
                name: before.name,
                minutes: before.minutes,
                kind: before.kind,
                subject: before.subject,
                reference_level: before.reference_level,
                platform: before.platform,
                needs_device: before.needs_device,
                supplier: before.supplier,
                needs,
            };
            Ok(tx.done(it.id, Event::new("test.edited", it.id).old(old.shown()).new_value(it.shown())))
        })
    })
    .await
}
