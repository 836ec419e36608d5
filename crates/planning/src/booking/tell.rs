//! One message to one student about their seat: a mail with a calendar entry, or, without an address, a notice.

use super::store;
use crate::session::{self, Session};
use crate::{Error, period};
use jiff::Timestamp;
use regie_core::day::working_days_before;
use regie_core::id::{Id as _, PersonId, RegistrationId};
use regie_core::setting::{self, Settings};
use regie_db::{Ask, Outgoing, Tx};
use serde_json::json;

/// Whose seat it is, and until when they themselves sit.
pub(crate) struct Seat {
    pub person: PersonId,
    pub registration: RegistrationId,
    pub ends: Timestamp,
}

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News<'a> {
    Confirmed,
    Changed(&'a str),
    Canceled(&'a str),
    /// The sitting itself does not take place.
    SessionCanceled(&'a str),
}

impl News<'_> {
    const fn code(self) -> &'static str {
        match self {
            News::Confirmed => "booking-confirmed",
            News::Changed(_) => "booking-session-changed",
            News::Canceled(_) => "booking-canceled",
            News::SessionCanceled(_) => "booking-session-canceled",
        }
    }
}

/// Until when the student can change it.
fn deadline(rules: &Settings, starts: Timestamp) -> Timestamp {
    let days = u32::try_from(rules.get(&setting::CANCEL_DAYS)).unwrap_or_default();
    working_days_before(starts, days, &[])
}

pub(crate) async fn tell(
    tx: &mut Tx<Error>,
    seat: Seat,
    session: &Session,
    news: News<'_>,
) -> Result<(), Error> {
    let reason = match news {
        News::Confirmed => "",
        News::Changed(reason) | News::Canceled(reason) | News::SessionCanceled(reason) => reason,
    };
    let (address,) = tx.opt(store::address(seat.person)).await?.unwrap_or_default();
    let Some(address) = address else {
        tx.send(session::tell(seat.person, news.code(), session, Some(reason)));
        return Ok(());
    };
    let rules = match tx.opt(period::store::by_id(session.period)).await? {
        Some(period) => period.rules(regie_access::settings(tx).await?),
        None => Settings::default(),
    };
    let stands = matches!(news, News::Confirmed | News::Changed(_));
    // One entry in the calendar for one registration, whichever seat it has; what was written later counts.
    let sequence = tx.recorded_at().as_second().saturating_sub(1_750_000_000).max(0);
    let payload = json!({
        "template": if stands { "session-booked" } else { "seat-canceled" },
        "to": address,
        "data": {
            "test": session.test_name, "start": session.starts_at, "end": seat.ends, "room": session.room_code,
            "campus": session.campus_name, "deadline": deadline(&rules, session.starts_at), "reason": reason,
        },
        "appointment": {
            "uid": format!("registration-{}@regie", seat.registration.uuid()), "sequence": sequence,
            "method": if stands { "request" } else { "cancel" }, "start": session.starts_at, "end": seat.ends,
            "summary": session.test_name, "location": format!("{}, {}", session.room_code, session.campus_name),
        },
    });
    tx.send(Outgoing::new("mail.send", 1, seat.person, payload));
    Ok(())
}
