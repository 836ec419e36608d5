use super::store;
use crate::Error;
use crate::error::{filled, optional};
use jiff::civil::Time;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{CampusId, RoomId};
use regie_db::{Event, Expect, Query};
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

impl AddRoom {
    pub(crate) fn checked(self) -> Result<Self, Error> {
        let code = filled("code", &self.code, 20)?;
        let name = optional("name", self.name.as_deref(), 120)?;
        if self.device_seats > self.seats {
            return Err(Error::DeviceSeats);
        }
        if self.closes <= self.opens {
            return Err(Error::OpeningHours);
        }
        Ok(Self { code, name, ..self })
    }

    /// As `08:00`.
    pub(super) fn hours(&self) -> (String, String) {
        (self.opens.strftime("%H:%M").to_string(), self.closes.strftime("%H:%M").to_string())
    }

    pub(crate) fn shown(&self) -> serde_json::Value {
        let (opens, closes) = self.hours();
        json!({
            "campus": self.campus, "code": self.code, "name": self.name, "seats": self.seats,
            "deviceSeats": self.device_seats, "secure": self.secure, "accessible": self.accessible,
            "opens": opens, "closes": closes,
        })
    }

    pub(crate) fn insert(&self) -> Query<()> {
        let (opens, closes) = self.hours();
        store::insert(
            self.id,
            self.campus,
            &self.code,
            self.name.as_deref(),
            self.seats,
            self.device_seats,
            self.secure,
            self.accessible,
            &opens,
            &closes,
        )
    }

    /// Over the version that was shown.
    pub(crate) fn update(&self, version: i64, active: bool) -> Query<()> {
        let (opens, closes) = self.hours();
        store::update(
            self.id,
            version,
            self.campus,
            &self.code,
            self.name.as_deref(),
            self.seats,
            self.device_seats,
            self.secure,
            self.accessible,
            &opens,
            &closes,
            active,
        )
    }
}

pub async fn add(db: &Db, caller: &Caller, input: AddRoom) -> Result<RoomId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::EditOrganisation).await?;
    let input = input.checked()?;
    db.write(allowed.caller(), input, |tx, room| {
        Box::pin(async move {
            let taken = Error::CodeTaken(room.code.clone());
            tx.queue(room.insert(), Expect::unique(taken).or_foreign(Error::NotFound("campus")));
            Ok(tx.done(room.id, Event::new("room.added", room.id).new_value(room.shown())))
        })
    })
    .await
}
