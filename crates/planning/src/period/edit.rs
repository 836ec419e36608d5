use super::add::shown;
use super::{AddPeriod, store};
use crate::Error;
use crate::error::optional;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPeriodId, Id};
use regie_core::period::{Channel, State};
use regie_db::{Ask, Event, Expect};

/// A period as it should be. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct EditPeriod {
    pub period: AddPeriod,
    pub version: i64,
    pub reason: Option<String>,
}

/// Times may move as long as it is not closed: a longer term is a favour everybody gets.
pub async fn edit(db: &Db, caller: &Caller, input: EditPeriod) -> Result<ExamPeriodId, Error> {
    let allowed = regie_access::here(&mut db.reader(caller.institution), caller, Action::EditPeriods).await?;
    let reason = optional("reason", input.reason.as_deref(), 500)?;
    let input = EditPeriod { period: input.period.checked()?, reason, ..input };
    db.write(allowed.caller(), input, |tx, EditPeriod { period, version, reason }| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(period.id)).await?.ok_or(Error::NotFound(ExamPeriodId::KIND))?;
            if !matches!(before.state, State::Draft | State::Open) {
                return Err(Error::PeriodIs(before.state.code()));
            }
            tx.queue(
                store::update(
                    period.id,
                    version,
                    &period.code,
                    &period.name,
                    period.begins,
                    period.ends,
                    period.student.map(|it| it.opens),
                    period.student.map(|it| it.closes),
                    period.teacher.map(|it| it.opens),
                    period.teacher.map(|it| it.closes),
                    period.central.map(|it| it.opens),
                    period.central.map(|it| it.closes),
                ),
                Expect::one(Error::ChangedMeanwhile).or_unique(Error::CodeTaken(period.code.clone())),
            );
            let windows = Channel::ALL.map(|channel| (channel, before.window(channel)));
            let old = shown(&before.code, &before.name, before.begins, before.ends, windows);
            let mut event = Event::new("period.edited", period.id).old(old).new_value(period.shown());
            if let Some(reason) = reason {
                event = event.why(reason);
            }
            Ok(tx.done(period.id, event))
        })
    })
    .await
}
