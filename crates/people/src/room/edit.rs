use super::{AddRoom, store};
use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{Id, RoomId};
use regie_db::{Ask, Event, Expect};

/// A room as it should be. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct EditRoom {
    pub room: AddRoom,
    pub version: i64,
    pub active: bool,
}

pub async fn edit(db: &Db, caller: &Caller, input: EditRoom) -> Result<RoomId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditOrganisation).await?;
    let input = EditRoom { room: input.room.checked()?, ..input };
    db.write(allowed.caller(), input, |tx, EditRoom { room, version, active }| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(room.id)).await?.ok_or(Error::NotFound(RoomId::KIND))?;
            tx.queue(
                room.update(version, active),
                Expect::one(Error::ChangedMeanwhile)
                    .or_unique(Error::CodeTaken(room.code.clone()))
                    .or_foreign(Error::NotFound("campus")),
            );
            let old = serde_json::json!({
                "campus": before.campus, "code": before.code, "name": before.name, "seats": before.seats,
                "deviceSeats": before.device_seats, "secure": before.secure, "accessible": before.accessible,
                "opens": before.opens, "closes": before.closes,
            });
            let event = Event::new("room.edited", room.id)
                .old(crate::shown::with_active(old, before.active))
                .new_value(crate::shown::with_active(room.shown(), active));
            Ok(tx.done(room.id, event))
        })
    })
    .await
}
