//! Rooms and what they are fit for.

use crate::call::{Answer, Call, Reply};
use crate::coded::Clock;
use crate::door::{Door, Op};
use crate::organisation::{All, Made};
use regie_core::id::{CampusId, Id, RoomId};
use regie_people::room::{self, AddRoom, EditRoom};
use regie_signin::client::ApiScope::{OrganisationRead, OrganisationWrite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const ROOMS: &str = "/api/v1/rooms";
const ROOM: &str = "/api/v1/rooms/{room}";

pub(crate) fn door() -> Door {
    Door::default()
        .op(Op::get("listRooms", ROOMS, OrganisationRead, "All rooms, or those of one campus."), rooms)
        .op(Op::add("addRoom", ROOMS, OrganisationWrite, "Adds a room to a campus."), add)
        .op(Op::get("getRoom", ROOM, OrganisationRead, "One room.").with_etag(), one)
        .op(Op::put("putRoom", ROOM, OrganisationWrite, "Replaces a room's record."), put)
}

/// A room and what it is fit for. Its version is the `ETag`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Room {
    id: Uuid,
    campus: Uuid,
    campus_name: String,
    code: String,
    name: Option<String>,
    seats: u32,
    /// Seats with a device; the others are for paper.
    device_seats: u32,
    secure: bool,
    accessible: bool,
    /// `08:00`
    opens: String,
    closes: String,
    active: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RoomQuery {
    /// Only the rooms of this campus.
    campus: Option<Uuid>,
}

fn of(found: room::Room) -> Room {
    Room {
        id: found.id.uuid(),
        campus: found.campus.uuid(),
        campus_name: found.campus_name,
        code: found.code,
        name: found.name,
        seats: found.seats,
        device_seats: found.device_seats,
        secure: found.secure,
        accessible: found.accessible,
        opens: found.opens,
        closes: found.closes,
        active: found.active,
    }
}

async fn rooms(call: Call<(), RoomQuery>) -> Answer<All<Room>> {
    let campus = call.query.campus.map(CampusId::from_uuid);
    let found = room::list(&call.house.db, &call.caller, campus).await.map_err(call.told())?;
    Ok(Reply::new(All::of(found, of)))
}

#[derive(Deserialize, JsonSchema)]
struct RoomPath {
    room: Uuid,
}

async fn see(call: &Call<RoomPath, (), impl Sized>, id: RoomId) -> Answer<Room> {
    let found = room::see(&call.house.db, &call.caller, id).await.map_err(call.told())?;
    let version = found.version;
    Ok(Reply::new(of(found)).version(version))
}

async fn one(call: Call<RoomPath>) -> Answer<Room> {
    see(&call, RoomId::from_uuid(call.path.room)).await
}

/// The two messages share their fields; neither takes a field it does not know.
macro_rules! said {
    ($($(#[$doc:meta])* $name:ident { $($(#[$own:meta])* $extra:ident : $type:ty),* })+) => { $(
        $(#[$doc])*
        #[derive(Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct $name {
            $($(#[$own])* $extra: $type,)*
            campus: Uuid,
            /// Unique on its campus.
            #[schemars(length(min = 1, max = 20))]
            code: String,
            #[schemars(length(max = 120))]
            name: Option<String>,
            #[schemars(range(max = 100_000))]
            seats: u32,
            /// At most as many as there are seats.
            #[schemars(range(max = 100_000))]
            device_seats: u32,
            #[serde(default)]
            secure: bool,
            #[serde(default)]
            accessible: bool,
            opens: Clock,
            /// Later than `opens`.
            closes: Clock,
        }

        impl $name {
            fn of(&self, id: RoomId) -> AddRoom {
                AddRoom {
                    id,
                    campus: CampusId::from_uuid(self.campus),
                    code: self.code.clone(),
                    name: self.name.clone(),
                    seats: self.seats,
                    device_seats: self.device_seats,
                    secure: self.secure,
                    accessible: self.accessible,
                    opens: self.opens.0,
                    closes: self.closes.0,
                }
            }
        }
    )+ };
}

said! {
    /// A room to add.
    NewRoom {}
    /// A room as it should be.
    ChangedRoom {
        /// An inactive room takes no new sessions.
        active: bool
    }
}

async fn add(call: Call<(), (), NewRoom>) -> Answer<Made> {
    let input = call.body.of(call.house.new_id());
    let id = room::add(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    Ok(Reply::new(Made::new(id)).at(format!("{ROOMS}/{id}")))
}

async fn put(call: Call<RoomPath, (), ChangedRoom>) -> Answer<Room> {
    let id = RoomId::from_uuid(call.path.room);
    let input = EditRoom { room: call.body.of(id), version: call.version, active: call.body.active };
    room::edit(&call.house.db, &call.caller, input).await.map_err(call.told())?;
    see(&call, id).await
}
