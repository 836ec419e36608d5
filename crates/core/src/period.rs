//! Exam periods: who may register when, and whether an attempt is left.

use jiff::Timestamp;

/// By which way somebody registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    Student,
    /// Teachers and team leaders.
    Teacher,
    /// The exam office.
    Central,
}

impl Channel {
    pub const ALL: [Channel; 3] = [Channel::Student, Channel::Teacher, Channel::Central];

    pub const fn code(self) -> &'static str {
        match self {
            Channel::Student => "student",
            Channel::Teacher => "teacher",
            Channel::Central => "central",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

/// From when to when a channel is open; the moment of closing is late already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub opens: Timestamp,
    pub closes: Timestamp,
}

/// How a channel stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// This period does not know the channel.
    Shut,
    NotYet(Timestamp),
    Open,
    Late(Timestamp),
}

/// Whether a channel with this window lets in at a moment.
pub fn gate(window: Option<Window>, now: Timestamp) -> Gate {
    match window {
        None => Gate::Shut,
        Some(window) if now < window.opens => Gate::NotYet(window.opens),
        Some(window) if now < window.closes => Gate::Open,
        Some(window) => Gate::Late(window.closes),
    }
}

/// Where a period is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Draft,
    Open,
    /// Closed: what was registered counts as demand.
    Frozen,
    Planned,
    Running,
    Archived,
}

impl State {
    pub const ALL: [State; 6] =
        [State::Draft, State::Open, State::Frozen, State::Planned, State::Running, State::Archived];

    pub const fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Open => "open",
            State::Frozen => "frozen",
            State::Planned => "planned",
            State::Running => "running",
            State::Archived => "archived",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The step a period takes next; it never goes back.
    pub const fn next(self) -> Option<State> {
        match self {
            State::Draft => Some(State::Open),
            State::Open => Some(State::Frozen),
            State::Frozen => Some(State::Planned),
            State::Planned => Some(State::Running),
            State::Running => Some(State::Archived),
            State::Archived => None,
        }
    }
}

/// Whether somebody may sit a test once more. `left` counts attempts beyond the first: none, so many, or no limit.
pub fn attempt_is_left(used: u32, left: Option<u32>) -> bool {
    used == 0 || left.is_none_or(|left| left > 0)
}

/// What is left after one more attempt was counted.
pub fn after_attempt(used: u32, left: Option<u32>) -> (u32, Option<u32>) {
    let extra = if used == 0 { 0 } else { 1 };
    (used.saturating_add(1), left.map(|left| left.saturating_sub(extra)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_moment_of_closing_is_late() {
        let window = Window { opens: at("2026-11-02T08:00:00Z"), closes: at("2026-11-20T16:00:00Z") };
        assert_eq!(gate(Some(window), at("2026-11-02T07:59:59Z")), Gate::NotYet(window.opens));
        assert_eq!(gate(Some(window), window.opens), Gate::Open);
        assert_eq!(gate(Some(window), at("2026-11-20T15:59:59Z")), Gate::Open);
        assert_eq!(gate(Some(window), window.closes), Gate::Late(window.closes));
        assert_eq!(gate(None, window.opens), Gate::Shut);
    }

    #[test]
    fn the_first_attempt_is_always_there_and_extra_ones_run_out() {
        assert!(attempt_is_left(0, Some(0)));
        assert!(!attempt_is_left(1, Some(0)));
        assert!(attempt_is_left(7, None));
        assert_eq!(after_attempt(0, Some(1)), (1, Some(1)));
        assert_eq!(after_attempt(1, Some(1)), (2, Some(0)));
        assert_eq!(after_attempt(3, None), (4, None));
    }

    proptest! {
        #[test]
        fn nobody_sits_more_often_than_promised(left in 0u32..20) {
            let mut now = (0, Some(left));
            let mut sat = 0;
            while attempt_is_left(now.0, now.1) && sat < 100 {
                now = after_attempt(now.0, now.1);
                sat += 1;
            }
            prop_assert_eq!(sat, left + 1);
        }

        #[test]
        fn a_window_lets_in_exactly_between_its_moments(opens in 0i64..1_000, length in 1i64..1_000, now in 0i64..3_000) {
            let second = |n| Timestamp::from_second(n).unwrap();
            let window = Window { opens: second(opens), closes: second(opens + length) };
            let open = gate(Some(window), second(now)) == Gate::Open;
            prop_assert_eq!(open, (opens..opens + length).contains(&now));
        }
    }
}
