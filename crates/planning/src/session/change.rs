use super::check::{check, staffed, take};
use super::{AddSession, Part, Session, State, store, tell};
use crate::booking::{News, Seat};
use crate::error::optional;
use crate::{Error, booking, period};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ExamPeriodId, Id, PersonId, SessionId};
use regie_core::seat::{Span, last_end};
use regie_db::{Ask, Event, Expect};
use serde_json::json;
use std::collections::BTreeSet;

/// A sitting as it should be. `version` is the one that was shown.
#[derive(Debug, Clone)]
pub struct ChangeSession {
    pub session: AddSession,
    pub version: i64,
    /// Needed once it was published.
    pub reason: Option<String>,
}

/// Moves a sitting to another room, time or staff. Who was told of it hears of the change once; what it was before stays
/// in its history.
pub async fn change(db: &Db, caller: &Caller, input: ChangeSession) -> Result<SessionId, Error> {
    let allowed =
        regie_access::here(&mut db.reader(caller.institution), caller, Action::PlanSessions).await?;
    let input = ChangeSession { reason: optional("reason", input.reason.as_deref(), 500)?, ..input };
    db.write(allowed.caller(), input, |tx, ChangeSession { session: wanted, version, reason }| {
        Box::pin(async move {
            let id = wanted.id;
            let before = tx.opt(store::by_id(id)).await?.ok_or(Error::NotFound(SessionId::KIND))?;
            if before.state == State::Canceled {
                return Err(Error::SessionIs(before.state.code()));
            }
            // A sitting stays one of its test and period.
            let wanted = AddSession { test: before.test, period: before.period, ..wanted };
            let published = before.state == State::Published;
            if published && reason.is_none() {
                return Err(Error::Missing("reason"));
            }
            // The sitting first: nobody books while it moves.
            if tx.run(store::hold(id, version)).await? != 1 {
                return Err(Error::ChangedMeanwhile);
            }
            let booked = tx.all(booking::store::confirmed(id)).await?;
            let staff = tx.all(store::staff_of(id)).await?;
            let everybody = booked.iter().map(|one| one.person).chain(wanted.staff.iter().map(|it| it.0));
            take(tx, everybody, None).await?;
            let fit = check(tx, &wanted).await?;
            if published {
                let period = tx.opt(period::store::by_id(before.period)).await?;
                let period = period.ok_or(Error::NotFound(ExamPeriodId::KIND))?;
                let rules = period.rules(regie_access::settings(tx).await?);
                let parts: Vec<Part> = wanted.staff.iter().map(|(_, part)| *part).collect();
                staffed(&rules, wanted.seats, &parts)?;
            }
            for one in &booked {
                let ends = last_end(wanted.starts, fit.minutes, one.extra_minutes);
                if ends > wanted.ends {
                    return Err(Error::TooShort { until: ends, extra: one.extra_minutes });
                }
                let own = Span { starts: wanted.starts, ends };
                if let Some(other) = booking::overlap(tx, one.person, own, Some(one.id)).await? {
                    return Err(Error::StudentBusy {
                        name: one.person_name.clone(),
                        test: other.test_name,
                        at: other.starts_at,
                    });
                }
                tx.queue(
                    booking::store::at_time(one.id, one.version, wanted.starts, ends),
                    Expect::one(Error::ChangedMeanwhile),
                );
            }
            tx.queue(store::clear_staff(id), Expect::any());
            for (person, part) in &wanted.staff {
                tx.queue(store::insert_staff(id, *person, *part), Expect::unique(Error::StaffTwice));
            }
            tx.queue(
                store::update(
                    id,
                    wanted.version,
                    fit.campus,
                    wanted.room,
                    wanted.starts,
                    wanted.ends,
                    wanted.own_room,
                    wanted.seats,
                ),
                Expect::one(Error::ChangedMeanwhile).or_check(Error::SeatsTaken(before.taken)),
            );
            if published {
                let now = Session {
                    campus: fit.campus,
                    campus_name: fit.campus_name.clone(),
                    room_code: fit.room_code.clone(),
                    starts_at: wanted.starts,
                    ends_at: wanted.ends,
                    ..before.clone()
                };
                // One message each, whatever their parts are.
                let old = staff.iter().map(|one| one.person);
                let told: BTreeSet<PersonId> =
                    old.chain(wanted.staff.iter().map(|(person, _)| *person)).collect();
                for person in told {
                    tx.send(tell(person, "session-changed", &now, reason.as_deref()));
                }
                let why = reason.clone().unwrap_or_default();
                for one in &booked {
                    let ends = last_end(wanted.starts, fit.minutes, one.extra_minutes);
                    let seat = Seat { person: one.person, registration: one.registration, ends };
                    booking::tell(tx, seat, &now, News::Changed(&why)).await?;
                }
            }
            tx.touch(id);
            tx.touch(before.period);
            let old = json!({
                "test": before.test, "room": before.room_code, "startsAt": before.starts_at,
                "endsAt": before.ends_at, "seats": before.seats, "ownRoom": before.own_room,
                "staff": staff.len(), "instrumentVersion": before.instrument_version,
            });
            let mut event =
                Event::new("session.changed", id).old(old).new_value(wanted.shown(&fit.room_code));
            if let Some(reason) = reason {
                event = event.why(reason);
            }
            Ok(tx.done(id, event))
        })
    })
    .await
}
