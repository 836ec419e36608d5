//! Bookings: a seat in a sitting for somebody who is registered. First come, first served, and never one too many.

mod book;
mod cancel;
mod list;
pub(crate) mod store;
mod tell;

pub use book::{Book, book};
pub use cancel::cancel;
pub use list::{of_person, of_session, possible, see};
pub use store::Booking;
pub(crate) use tell::{News, Seat, tell};

use crate::Error;
use regie_core::id::{BookingId, PersonId};
use regie_core::seat::Span;
use regie_db::{Ask, Tx};

/// Where a booking is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Confirmed,
    Canceled,
    /// Given up for a seat elsewhere.
    Moved,
}

impl State {
    pub const ALL: [State; 3] = [State::Confirmed, State::Canceled, State::Moved];

    pub const fn code(self) -> &'static str {
        match self {
            State::Confirmed => "confirmed",
            State::Canceled => "canceled",
            State::Moved => "moved",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}
regie_db::coded!(State = State::Confirmed);

/// Another sitting of this student at that time. Only true after the student's row was taken.
pub(crate) async fn overlap(
    tx: &mut Tx<Error>,
    person: PersonId,
    span: Span,
    but: Option<BookingId>,
) -> Result<Option<store::Booking>, Error> {
    Ok(tx.opt(store::overlapping(person, span.starts, span.ends, but.unwrap_or(BookingId::NIL))).await?)
}
