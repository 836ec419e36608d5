//! When a student may begin and must stop: the six ways a session can be timed.

use jiff::{SignedDuration, Timestamp};

use crate::message::{DurationFrom, DurationUntil, Offering, OfferingNote, StartOption};
use crate::wire::{Code, Moment, Span};

/// The ways a session can be timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timing {
    /// Nothing said: everybody sits from start to end.
    Fixed,
    /// The student begins; the window closes for all at the end.
    Window,
    /// The same, and nobody begins after the latest start.
    WindowWithLatestStart,
    /// The student begins and has the full duration, also past the end.
    FullTime,
    /// The student begins, but the clock runs from the start of the session.
    ClockFromStart,
    /// The invigilator releases; from there everybody has the full duration.
    Released,
}

impl Timing {
    /// All six.
    pub const ALL: [Self; 6] = [
        Self::Fixed,
        Self::Window,
        Self::WindowWithLatestStart,
        Self::FullTime,
        Self::ClockFromStart,
        Self::Released,
    ];

    /// The name used in scenarios.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Window => "window",
            Self::WindowWithLatestStart => "window-latest-start",
            Self::FullTime => "full-time",
            Self::ClockFromStart => "clock-from-start",
            Self::Released => "released",
        }
    }

    /// Which of the six a session asks for; nothing if the combination is not described.
    #[must_use]
    pub fn of(note: &OfferingNote) -> Option<Self> {
        let start = note.start_options.get().and_then(Code::known);
        let from = note.duration_from.get().and_then(Code::known);
        let until = note.duration_until.get().and_then(Code::known);
        let has_latest = note.last_possible_start_date_time.is_there();
        match (start, from, until) {
            (None, None, None) => Some(if has_latest { Self::WindowWithLatestStart } else { Self::Fixed }),
            (Some(StartOption::Individual), Some(DurationFrom::Individual), Some(DurationUntil::End)) => {
                Some(if has_latest { Self::WindowWithLatestStart } else { Self::Window })
            }
            (Some(StartOption::Individual), Some(DurationFrom::Individual), Some(DurationUntil::Test)) => {
                Some(Self::FullTime)
            }
            (Some(StartOption::Individual), Some(DurationFrom::Start), None) => Some(Self::ClockFromStart),
            (Some(StartOption::Triggered), Some(DurationFrom::Triggered), Some(DurationUntil::Test)) => {
                Some(Self::Released)
            }
            _ => None,
        }
    }

    /// Writes this way of timing into a session.
    pub fn write(self, note: &mut OfferingNote, latest_start: Option<&str>) {
        let (start, from, until) = match self {
            Self::Fixed => (None, None, None),
            Self::Window | Self::WindowWithLatestStart => {
                (Some(StartOption::Individual), Some(DurationFrom::Individual), Some(DurationUntil::End))
            }
            Self::FullTime => {
                (Some(StartOption::Individual), Some(DurationFrom::Individual), Some(DurationUntil::Test))
            }
            Self::ClockFromStart => (Some(StartOption::Individual), Some(DurationFrom::Start), None),
            Self::Released => {
                (Some(StartOption::Triggered), Some(DurationFrom::Triggered), Some(DurationUntil::Test))
            }
        };
        if let Some(start) = start {
            note.start_options = Code::Known(start).into();
        }
        if let Some(from) = from {
            note.duration_from = Code::Known(from).into();
        }
        if let Some(until) = until {
            note.duration_until = Code::Known(until).into();
        }
        if let (Self::WindowWithLatestStart, Some(latest)) = (self, latest_start) {
            note.last_possible_start_date_time = Moment::from(latest).into();
        }
    }
}

/// The time one student has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sitting {
    /// When the student's test opens.
    pub begins: Timestamp,
    /// When it is taken in; nothing for unlimited time.
    pub ends: Option<Timestamp>,
}

/// Ten thousand minutes or more means no limit.
const UNLIMITED: i64 = 10_000;

/// The time a student has who is ready at `ready`, with extra minutes, in a session released at `released`.
///
/// # Errors
/// The reason why this student cannot sit now, as a sentence.
pub fn sitting(
    session: &Offering,
    ready: Timestamp,
    released: Option<Timestamp>,
    extra_minutes: i64,
) -> Result<Sitting, String> {
    let moment = |moment: Option<&Moment>, name: &str| {
        moment
            .and_then(Moment::instant)
            .ok_or(format!("The session has no readable {name}; ask the planner."))
    };
    let start = moment(session.start_date_time.get(), "startDateTime")?;
    let end = moment(session.end_date_time.get(), "endDateTime")?;
    let empty = OfferingNote::default();
    let note = session.note().unwrap_or(&empty);
    let timing =
        Timing::of(note).ok_or("This combination of start and duration options is not described.")?;
    if ready < start {
        return Err(format!("The session opens at {start}."));
    }
    if timing == Timing::WindowWithLatestStart {
        let latest = moment(note.last_possible_start_date_time.get(), "lastPossibleStartDateTime")?;
        if ready > latest {
            return Err(format!("Nobody begins after {latest}."));
        }
    }
    let length = note.duration.get().and_then(Span::seconds).map(SignedDuration::from_secs);
    let begins = match timing {
        Timing::Released => released.ok_or("The invigilator has not released the test yet.")?.max(ready),
        _ => ready,
    };
    if begins > end && timing != Timing::Released {
        return Err(format!("The session closed at {end}."));
    }
    if extra_minutes >= UNLIMITED {
        return Ok(Sitting { begins, ends: None });
    }
    let extra = SignedDuration::from_mins(extra_minutes.max(0));
    let full = |from: Timestamp| length.map(|length| from.saturating_add(length + extra)).transpose();
    let ends = match timing {
        // Extra time moves the closing of the window for this student.
        Timing::Fixed => end.saturating_add(extra),
        Timing::Window | Timing::WindowWithLatestStart => {
            let closing = end.saturating_add(extra);
            let own = full(begins).map_err(|_| "The duration is out of range.")?;
            closing.map(|closing| own.map_or(closing, |own| own.min(closing)))
        }
        Timing::FullTime => Ok(full(begins).map_err(|_| "The duration is out of range.")?.unwrap_or(end)),
        Timing::ClockFromStart => {
            Ok(full(start).map_err(|_| "The duration is out of range.")?.unwrap_or(end))
        }
        Timing::Released => {
            let from = released.unwrap_or(begins);
            Ok(full(from).map_err(|_| "The duration is out of range.")?.unwrap_or(end))
        }
    };
    let ends = ends.map_err(|_| "The extra time is out of range.")?;
    if ends <= begins {
        return Err(format!("The time was over at {ends}."));
    }
    Ok(Sitting { begins, ends: Some(ends) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Consumers;

    fn session(timing: Timing) -> Offering {
        let mut note = OfferingNote { duration: Span::minutes(60).into(), ..OfferingNote::default() };
        timing.write(&mut note, Some("2026-06-22T09:30:00Z"));
        Offering {
            start_date_time: Moment::from("2026-06-22T09:00:00Z").into(),
            end_date_time: Moment::from("2026-06-22T10:30:00Z").into(),
            consumers: Consumers::ours(note).into(),
            ..Offering::default()
        }
    }

    fn at(clock: &str) -> Timestamp {
        format!("2026-06-22T{clock}:00Z").parse().unwrap()
    }

    fn end(timing: Timing, ready: &str, released: Option<&str>, extra: i64) -> Option<Timestamp> {
        sitting(&session(timing), at(ready), released.map(at), extra).unwrap().ends
    }

    #[test]
    fn each_way_of_timing_is_recognised_as_it_was_written() {
        for timing in Timing::ALL {
            assert_eq!(session(timing).note().and_then(Timing::of), Some(timing));
        }
    }

    #[test]
    fn the_window_closes_for_all() {
        assert_eq!(end(Timing::Window, "09:10", None, 0), Some(at("10:10")));
        assert_eq!(end(Timing::Window, "10:00", None, 0), Some(at("10:30")));
        assert_eq!(end(Timing::Window, "10:00", None, 15), Some(at("10:45")));
    }

    #[test]
    fn nobody_begins_after_the_latest_start() {
        assert!(sitting(&session(Timing::WindowWithLatestStart), at("09:31"), None, 0).is_err());
        assert_eq!(end(Timing::WindowWithLatestStart, "09:30", None, 0), Some(at("10:30")));
    }

    #[test]
    fn everybody_gets_full_time_past_the_end_if_the_session_says_so() {
        assert_eq!(end(Timing::FullTime, "10:20", None, 0), Some(at("11:20")));
    }

    #[test]
    fn the_clock_runs_from_the_start_of_the_session() {
        assert_eq!(end(Timing::ClockFromStart, "09:20", None, 0), Some(at("10:00")));
        assert!(sitting(&session(Timing::ClockFromStart), at("10:05"), None, 0).is_err());
    }

    #[test]
    fn the_invigilator_releases_the_test() {
        assert!(sitting(&session(Timing::Released), at("09:05"), None, 0).is_err());
        assert_eq!(end(Timing::Released, "09:05", Some("09:10"), 0), Some(at("10:10")));
    }

    #[test]
    fn ten_thousand_minutes_are_no_limit() {
        assert_eq!(end(Timing::Window, "09:10", None, 10_000), None);
    }
}
