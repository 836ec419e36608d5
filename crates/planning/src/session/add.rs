use super::check::check;
use super::{Part, store};
use crate::Error;
use jiff::Timestamp;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPeriodId, InstrumentVersionId, PersonId, RoomId, SessionId, TestId};
use regie_db::{Event, Expect};
use serde_json::json;

/// A sitting planned by hand.
#[derive(Debug, Clone)]
pub struct AddSession {
    pub id: SessionId,
    pub period: ExamPeriodId,
    pub test: TestId,
    /// The approved version that is taken; nothing for what others deliver.
    pub version: Option<InstrumentVersionId>,
    pub room: RoomId,
    pub starts: Timestamp,
    /// Until when the room is booked.
    pub ends: Timestamp,
    pub seats: u32,
    /// For who needs a room apart.
    pub own_room: bool,
    /// Who has extra time sits elsewhere: then the base time is long enough.
    pub base_time_only: bool,
    pub staff: Vec<(PersonId, Part)>,
}

impl AddSession {
    pub(super) fn shown(&self, room: &str) -> serde_json::Value {
        json!({
            "test": self.test, "room": room, "startsAt": self.starts, "endsAt": self.ends, "seats": self.seats,
            "ownRoom": self.own_room, "staff": self.staff.len(), "instrumentVersion": self.version,
        })
    }
}

pub async fn add(db: &Db, caller: &Caller, input: AddSession) -> Result<SessionId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::PlanSessions).await?;
    db.write(allowed.caller(), input, |tx, input| {
        Box::pin(async move {
            let fit = check(tx, &input).await?;
            tx.queue(
                store::insert(
                    input.id,
                    input.period,
                    input.test,
                    input.version,
                    fit.campus,
                    input.room,
                    input.starts,
                    input.ends,
                    fit.minutes,
                    input.own_room,
                    input.seats,
                ),
                Expect::any(),
            );
            for (person, part) in &input.staff {
                tx.queue(store::insert_staff(input.id, *person, *part), Expect::unique(Error::StaffTwice));
            }
            tx.touch(input.period);
            let new = input.shown(&fit.room_code);
            Ok(tx.done(input.id, Event::new("session.added", input.id).new_value(new)))
        })
    })
    .await
}
