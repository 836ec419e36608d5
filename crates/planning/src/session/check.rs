//! The hard rules of a sitting, each with its reason in words.

use super::{AddSession, Part, store};
use crate::{Error, period};
use jiff::civil::Time;
use regie_core::day::{holds, in_school_time, school_day};
use regie_core::id::{CampusId, ExamPeriodId, Id as _, PersonId, RoomId, TestId};
use regie_core::need::{Extra, Ground, personal_minutes};
use regie_core::period::State as PeriodState;
use regie_core::seat::{last_end, supervisors, usable};
use regie_core::setting::{self, Setting, Settings};
use regie_db::{Ask, Tx};
use std::collections::{BTreeMap, BTreeSet};

/// What a sitting that passed is made of.
pub(super) struct Fit {
    pub campus: CampusId,
    pub campus_name: String,
    pub room_code: String,
    pub minutes: u32,
}

/// Takes the rows of all persons and the room, in the one order everybody keeps.
pub(crate) async fn take(
    tx: &mut Tx<Error>,
    persons: impl IntoIterator<Item = PersonId>,
    room: Option<RoomId>,
) -> Result<(), Error> {
    let persons: BTreeSet<PersonId> = persons.into_iter().collect();
    for person in persons {
        tx.run(store::take(person.uuid())).await?;
    }
    if let Some(room) = room {
        tx.run(store::take(room.uuid())).await?;
    }
    Ok(())
}

pub(super) async fn check(tx: &mut Tx<Error>, input: &AddSession) -> Result<Fit, Error> {
    let period =
        tx.opt(period::store::by_id(input.period)).await?.ok_or(Error::NotFound(ExamPeriodId::KIND))?;
    if matches!(period.state, PeriodState::Draft | PeriodState::Archived) {
        return Err(Error::PeriodIs(period.state.code()));
    }
    let day = school_day(input.starts);
    if input.ends <= input.starts {
        return Err(Error::EndBeforeBegin);
    }
    if !holds(period.begins, Some(period.ends), day) || school_day(input.ends) != day {
        return Err(Error::OutsidePeriod(period.begins, period.ends));
    }
    let rules = period.rules(regie_access::settings(tx).await?);
    let test = tx.opt(store::test(input.test)).await?.ok_or(Error::NotFound(TestId::KIND))?;
    if let Some(version) = input.version {
        let known = tx.opt(store::version(version, input.test)).await?.ok_or(Error::VersionUnknown)?;
        let valid = known.valid_from.is_none_or(|from| from <= day)
            && known.valid_until.is_none_or(|until| day <= until);
        if !known.is_plannable() || !valid {
            return Err(Error::VersionNotApproved { number: known.number, state: known.state });
        }
    }
    let room = tx.opt(store::room(input.room)).await?.filter(|room| room.active);
    let room = room.ok_or(Error::NotFound(RoomId::KIND))?;
    seats(&rules, input, if test.needs_device { room.device_seats } else { room.seats })?;
    let (from, until) = (in_school_time(input.starts).time(), in_school_time(input.ends).time());
    let clock = |text: &str| text.parse::<Time>().ok();
    if clock(&room.opens).is_some_and(|opens| from < opens)
        || clock(&room.closes).is_some_and(|it| it < until)
    {
        return Err(Error::RoomClosed { room: room.code, opens: room.opens, closes: room.closes });
    }
    let longest = match input.base_time_only {
        true => 0,
        false => longest_extra(tx, input, test.minutes, test.subject.as_deref(), room.campus).await?,
    };
    let needed = last_end(input.starts, test.minutes, longest);
    if needed > input.ends {
        return Err(Error::TooShort { until: needed, extra: longest });
    }
    let persons: Vec<PersonId> = input.staff.iter().map(|(person, _)| *person).collect();
    let known = tx.all(store::staff_known(&persons)).await?;
    if persons.iter().any(|person| !known.contains(&(*person,))) {
        return Err(Error::NotFound(PersonId::KIND));
    }
    take(tx, persons.iter().copied(), Some(input.room)).await?;
    if let Some(other) = tx.opt(store::in_room(input.room, input.id, input.starts, input.ends)).await? {
        return Err(Error::RoomBusy { room: room.code, test: other.test_name, at: other.starts_at });
    }
    for person in persons {
        if let Some(other) = tx.opt(store::of_staff(person, input.id, input.starts, input.ends)).await? {
            return Err(Error::StaffBusy {
                name: other.person_name.into(),
                test: other.test_name.into(),
                room: other.room_code,
                at: other.starts_at,
                wanted: test.name.into(),
                wanted_at: input.starts,
            });
        }
    }
    Ok(Fit {
        campus: room.campus,
        campus_name: room.campus_name,
        room_code: room.code,
        minutes: test.minutes,
    })
}

fn number(rules: &Settings, setting: &Setting<i64>) -> u32 {
    u32::try_from(rules.get(setting)).unwrap_or_default()
}

fn seats(rules: &Settings, input: &AddSession, capacity: u32) -> Result<(), Error> {
    if input.seats == 0 {
        return Err(Error::Missing("seats"));
    }
    let reserve = number(rules, &setting::SEAT_RESERVE);
    let most = usable(capacity, reserve);
    if input.seats > most {
        return Err(Error::TooManySeats { wanted: input.seats, most, capacity, reserve });
    }
    Ok(())
}

/// The most extra time among those who wait for a seat in this test on this campus, as far as more time is what they need.
async fn longest_extra(
    tx: &mut Tx<Error>,
    input: &AddSession,
    minutes: u32,
    subject: Option<&str>,
    campus: CampusId,
) -> Result<u32, Error> {
    let day = school_day(input.starts);
    let mut grounds: BTreeMap<PersonId, Vec<Ground>> = BTreeMap::new();
    for need in tx.all(store::waiting_needs(input.period, input.test, campus)).await? {
        grounds.entry(need.person).or_default().extend(need.ground());
    }
    let extras = grounds.values().map(|grounds| personal_minutes(grounds, minutes, subject, day));
    Ok(extras.filter(|extra| *extra < Extra::UNLIMITED).max().unwrap_or_default())
}

/// Whether enough people stand beside so many candidates, and one of them leads.
pub(super) fn staffed(rules: &Settings, seats: u32, parts: &[Part]) -> Result<(), Error> {
    let needed = supervisors(
        seats,
        number(rules, &setting::PER_INVIGILATOR),
        number(rules, &setting::LEAST_INVIGILATORS),
    );
    let there = parts.iter().filter(|part| matches!(part, Part::Leader | Part::Invigilator)).count();
    let there = u32::try_from(there).unwrap_or(u32::MAX);
    if there < needed {
        return Err(Error::TooFewStaff { there, needed, seats });
    }
    if !parts.contains(&Part::Leader) {
        return Err(Error::NoLeader);
    }
    Ok(())
}
