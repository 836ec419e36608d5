use super::{News, Seat, State, overlap, store, tell};
use crate::registration::{State as Registered, channel};
use crate::session::{State as SessionState, take};
use crate::{Error, period, registration, session};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::day::{school_day, working_days_before};
use regie_core::id::{BookingId, ExamPeriodId, Id, PersonId, SessionId};
use regie_core::need::{Extra, Ground, personal_minutes};
use regie_core::period::Channel;
use regie_core::seat::{Span, last_end};
use regie_core::setting;
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// One student takes a seat; or moves to it from another sitting of the same test.
#[derive(Debug, Clone)]
pub struct Book {
    pub id: BookingId,
    pub session: SessionId,
    pub person: PersonId,
    /// The booking that is given up for it.
    pub instead_of: Option<BookingId>,
}

/// The needs for which somebody sits apart.
const APART: [&str; 3] = ["spoken", "separateRoom", "writer"];

/// The new seat is taken before the old one is given up, in one step: when the new one is gone, the old one stays.
pub async fn book(db: &Db, caller: &Caller, input: Book) -> Result<BookingId, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::person(&mut reader, caller, Action::BookStudents, input.person).await?;
    let (session, institution) = (input.session, caller.institution);
    let input = (input, channel(caller), caller.clone());
    let done = db.write(allowed.caller(), input, |tx, (input, channel, caller)| {
        Box::pin(async move {
            let session = tx
                .opt(session::store::by_id(input.session))
                .await?
                .ok_or(Error::NotFound(SessionId::KIND))?;
            if session.state == SessionState::Concept {
                return Err(Error::NotFound(SessionId::KIND));
            }
            if session.state == SessionState::Canceled {
                return Err(Error::SessionIs(session.state.code()));
            }
            let period = tx
                .opt(period::store::by_id(session.period))
                .await?
                .ok_or(Error::NotFound(ExamPeriodId::KIND))?;
            let rules = period.rules(regie_access::settings(tx).await?);
            if channel == Channel::Student && !rules.get(&setting::BOOKING_STUDENT) {
                return Err(Error::StudentsDoNotBook);
            }
            let days = u32::try_from(rules.get(&setting::BOOKING_CLOSE_DAYS)).unwrap_or_default();
            let closes = match channel {
                Channel::Central => session.starts_at,
                _ => working_days_before(session.starts_at, days, &[]),
            };
            if caller.occurred_at >= closes {
                return Err(Error::BookingClosed(closes));
            }
            take(tx, [input.person], None).await?;
            let wish = tx.opt(store::registered(session.period, input.person, session.test)).await?;
            let wish = wish.ok_or(Error::NotRegistered)?;
            let old = match input.instead_of {
                None if wish.state == Registered::Booked => return Err(Error::BookedAlready),
                None => None,
                Some(old) => {
                    let old = tx.opt(store::by_id(old)).await?;
                    let old = old.filter(|it| it.registration == wish.id && it.state == State::Confirmed);
                    Some(old.ok_or(Error::NotFound(BookingId::KIND))?)
                }
            };
            if old.as_ref().is_some_and(|old| old.session == session.id) {
                return Err(Error::BookedAlready);
            }
            if let Some(old) = &old {
                super::cancel::in_time(&rules, channel, old.starts_at, caller.occurred_at)?;
            }
            let needs = tx.all(session::store::needs_of(input.person)).await?;
            let day = school_day(session.starts_at);
            let subject = session.subject.as_deref();
            let counting: Vec<(&str, Ground)> = needs
                .iter()
                .filter_map(|need| Some((need.code.as_str(), need.ground()?)))
                .filter(|(_, ground)| ground.counts(subject, day))
                .collect();
            let grounds: Vec<Ground> = counting.iter().map(|(_, ground)| ground.clone()).collect();
            let extra = personal_minutes(&grounds, session.minutes, subject, day);
            let apart = extra >= Extra::UNLIMITED || counting.iter().any(|(code, _)| APART.contains(code));
            if apart && !session.own_room {
                return Err(Error::NeedsOwnRoom);
            }
            // Without a limit one sits as long as the room is booked.
            let ends = match extra >= Extra::UNLIMITED {
                true => session.ends_at,
                false => last_end(session.starts_at, session.minutes, extra),
            };
            if ends > session.ends_at {
                return Err(Error::TooShort { until: ends, extra });
            }
            let own = Span { starts: session.starts_at, ends };
            if let Some(other) = overlap(tx, input.person, own, input.instead_of).await? {
                return Err(Error::BusyYourself { test: other.test_name, at: other.starts_at });
            }
            if let Some(old) = &old {
                tx.queue(
                    store::end(old.id, old.version, State::Moved, ""),
                    Expect::one(Error::ChangedMeanwhile),
                );
            }
            let now = tx.recorded_at();
            tx.queue(
                store::insert(
                    input.id,
                    session.id,
                    wish.id,
                    input.person,
                    caller.person,
                    now,
                    session.starts_at,
                    ends,
                    extra,
                ),
                Expect::unique(Error::BookedAlready),
            );
            if old.is_none() {
                tx.queue(registration::store::booked(wish.id), Expect::one(Error::BookedAlready));
            }
            // The rows that many wait for: last, and in one order for everybody.
            let full = || Expect::one(Error::Full);
            match &old {
                Some(old) if old.session < session.id => {
                    tx.hot(session::store::release(old.session), Expect::any());
                    tx.hot(session::store::claim(session.id, session.sequence), full());
                }
                Some(old) => {
                    tx.hot(session::store::claim(session.id, session.sequence), full());
                    tx.hot(session::store::release(old.session), Expect::any());
                }
                None => tx.hot(session::store::claim(session.id, session.sequence), full()),
            }
            let seat = Seat { person: input.person, registration: wish.id, ends };
            tell(tx, seat, &session, News::Confirmed).await?;
            tx.touch(session.id);
            let shown =
                |it: &str, room: &str| json!({ "test": it, "room": room, "startsAt": session.starts_at });
            let mut event = Event::new("booking.confirmed", input.person)
                .new_value(shown(&session.test_name, &session.room_code));
            if let Some(old) = &old {
                event = event.old(json!({ "room": old.room_code, "startsAt": old.starts_at }));
                tx.touch(old.session);
            }
            Ok(tx.done(input.id, event))
        })
    });
    match done.await {
        // The seat was not to be had: mostly it was the last one, sometimes the sitting moved at that moment.
        Err(Error::Full) => match db.reader(institution).opt(session::store::by_id(session)).await? {
            Some(now) if now.state == SessionState::Canceled => Err(Error::SessionIs(now.state.code())),
            Some(now) if now.taken < now.seats => Err(Error::ChangedMeanwhile),
            _ => Err(Error::Full),
        },
        done => done,
    }
}
