use super::{Enrol, store};
use crate::Error;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::id::{Id, ProgramEnrolmentId};
use regie_core::{Caller, Weekdays};
use regie_db::{Ask, Event, Expect};

/// An enrolment as it should be; student and offering stay. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct EditEnrolment {
    pub id: ProgramEnrolmentId,
    pub version: i64,
    pub begins: Date,
    pub ends: Option<Date>,
    pub school_days: Weekdays,
    pub exam_only: bool,
    pub reason: Option<String>,
}

pub async fn edit(db: &Db, caller: &Caller, input: EditEnrolment) -> Result<ProgramEnrolmentId, Error> {
    let mut reader = db.reader(caller.institution);
    let missing = Error::NotFound(ProgramEnrolmentId::KIND);
    let before = reader.opt(store::by_id(input.id)).await?.ok_or(missing)?;
    let allowed = regie_access::person(&mut reader, caller, Action::EditPeople, before.person).await?;
    let wanted = Enrol {
        id: input.id,
        person: before.person,
        offering: before.offering,
        begins: input.begins,
        ends: input.ends,
        school_days: input.school_days,
        exam_only: input.exam_only,
    };
    let wanted = wanted.checked(before.path)?;
    let reason = crate::error::optional("reason", input.reason.as_deref(), 500)?;
    db.write(
        allowed.caller(),
        (wanted, before, input.version, reason),
        |tx, (one, before, version, reason)| {
            Box::pin(async move {
                tx.run(store::hold_students(&[one.person])).await?;
                tx.queue(
                    one.update(version),
                    Expect::one(Error::ChangedMeanwhile).or_unique(Error::EnrolledAlready),
                );
                let (twice,) = tx.one(store::overlapping(&[one.person])).await?;
                if twice > 0 {
                    return Err(Error::EnrolledAlready);
                }
                let school_days = before.days();
                let old = Enrol {
                    id: before.id,
                    person: before.person,
                    offering: before.offering,
                    begins: before.begins,
                    ends: before.ends,
                    school_days,
                    exam_only: before.exam_only,
                };
                let mut event =
                    Event::new("programEnrolment.edited", one.person).old(old.shown()).new_value(one.shown());
                if let Some(reason) = reason {
                    event = event.why(reason);
                }
                tx.touch(one.id);
                Ok(tx.done(one.id, event))
            })
        },
    )
    .await
}
