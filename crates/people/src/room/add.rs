use super::store;
use crate::Error;
use crate::error::{filled, optional};
use jiff::civil::Time;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{CampusId, RoomId};
use regie_db::{Event, Expect};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct AddRoom {
    pub id: RoomId,
    pub campus: CampusId,
    pub code: String,
    pub name: Option<String>,
    pub seats: u32,
    /// Seats with a device; the others are for paper.
    pub device_seats: u32,
    pub secure: bool,
    pub accessible: bool,
    pub opens: Time,
    pub closes: Time,
}

pub async fn add(db: &Db, caller: &Caller, input: AddRoom) -> Result<RoomId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditOrganisation).await?;
    let code = filled("code", &input.code, 20)?;
    let name = optional("name", input.name.as_deref(), 120)?;
    if input.device_seats > input.seats {
        return Err(Error::DeviceSeats);
    }
    if input.closes <= input.opens {
        return Err(Error::OpeningHours);
    }
    let input = AddRoom { code, name, ..input };
    db.write(allowed.caller(), input, |tx, room| {
        Box::pin(async move {
            let (opens, closes) =
                (room.opens.strftime("%H:%M").to_string(), room.closes.strftime("%H:%M").to_string());
            tx.queue(
                store::insert(
                    room.id,
                    room.campus,
                    &room.code,
                    room.name.as_deref(),
                    room.seats,
                    room.device_seats,
                    room.secure,
                    room.accessible,
                    &opens,
                    &closes,
                ),
                Expect::unique(Error::CodeTaken(room.code.clone())).or_foreign(Error::NotFound("campus")),
            );
            let new = json!({
                "campus": room.campus, "code": room.code, "name": room.name, "seats": room.seats,
                "deviceSeats": room.device_seats, "secure": room.secure, "accessible": room.accessible,
                "opens": opens, "closes": closes,
            });
            Ok(tx.done(room.id, Event::new("room.added", room.id).new_value(new)))
        })
    })
    .await
}
