use super::check::staffed;
use super::{Part, Session, Staff, State, store};
use crate::error::moment;
use crate::{Error, period};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::day::{holds, school_day};
use regie_core::id::{ExamPeriodId, Id, PersonId, SessionId};
use regie_db::{Ask, Event, Expect, Outgoing};
use serde_json::json;

/// Who will be told of it when it is published.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    pub staff: Vec<Staff>,
    /// Students who wait for a seat in this test on this campus.
    pub waiting: i64,
    /// Why it cannot be published yet.
    pub hindrance: Option<Error>,
}

pub async fn preview(db: &Db, caller: &Caller, id: SessionId) -> Result<Preview, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::PlanSessions).await?;
    let session = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(SessionId::KIND))?;
    let staff = reader.all(store::staff_of(id)).await?;
    let (waiting,) = reader.one(store::waiting(session.period, session.test, session.campus)).await?;
    let hindrance = may_publish(&mut reader, &session, &staff).await.err();
    Ok(Preview { staff, waiting, hindrance })
}

async fn may_publish(q: &mut impl Ask, session: &Session, staff: &[Staff]) -> Result<(), Error> {
    let period =
        q.opt(period::store::by_id(session.period)).await?.ok_or(Error::NotFound(ExamPeriodId::KIND))?;
    let rules = period.rules(regie_access::settings(q).await?);
    let parts: Vec<Part> = staff.iter().map(|one| one.part).collect();
    staffed(&rules, session.seats, &parts)?;
    let day = school_day(session.starts_at);
    let windows = q.all(store::windows(session.test)).await?;
    if !windows.iter().any(|(opens, closes)| holds(*opens, Some(*closes), day))
        && let Some((opens, closes)) = windows.first()
    {
        return Err(Error::OutsideWindow(*opens, *closes));
    }
    if let Some(version) = session.instrument_version {
        let known = q.opt(store::version(version, session.test)).await?.ok_or(Error::VersionUnknown)?;
        if !known.is_plannable() {
            return Err(Error::VersionNotApproved { number: known.number, state: known.state });
        }
        if known.delivered_hash.is_some() && known.delivered_hash != known.hash {
            return Err(Error::OtherBytes(known.number));
        }
    }
    Ok(())
}

pub async fn publish(db: &Db, caller: &Caller, id: SessionId, version: i64) -> Result<(), Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::PlanSessions).await?;
    db.write(allowed.caller(), (id, version), |tx, (id, version)| {
        Box::pin(async move {
            let session = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(SessionId::KIND))?;
            if session.state != State::Concept {
                return Err(Error::SessionIs(session.state.code()));
            }
            let staff = tx.all(store::staff_of(id)).await?;
            may_publish(tx, &session, &staff).await?;
            let now = tx.recorded_at();
            tx.queue(store::publish(id, version, now), Expect::one(Error::ChangedMeanwhile));
            for one in &staff {
                tx.send(tell(one.person, "session-published", &session, None));
            }
            tx.touch(id);
            tx.touch(session.period);
            let old = json!({ "state": session.state.code() });
            let new = json!({ "state": State::Published.code() });
            Ok(tx.done((), Event::new("session.published", id).old(old).new_value(new)))
        })
    })
    .await
}

/// One message to one person about a sitting: staff look at the sitting, students at their exams.
pub(crate) fn tell(person: PersonId, code: &str, session: &Session, reason: Option<&str>) -> Outgoing {
    let place = match code.starts_with("session") {
        true => format!("/sessions/{}", session.id),
        false => "/exams".to_owned(),
    };
    let telling = json!({
        "people": [person], "code": code, "place": place,
        "arguments": {
            "test": session.test_name, "room": session.room_code, "moment": moment(session.starts_at),
            "reason": reason.unwrap_or_default(),
        },
    });
    Outgoing::new("notice.tell", 1, person, telling)
}
