//! The life of an institution: what both who runs the platform and who lets people in must know.

/// `preparing → active ↔ suspended → closed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Preparing,
    Active,
    Suspended,
    Closed,
}

impl State {
    pub const ALL: [State; 4] = [State::Preparing, State::Active, State::Suspended, State::Closed];

    pub const fn code(self) -> &'static str {
        match self {
            State::Preparing => "preparing",
            State::Active => "active",
            State::Suspended => "suspended",
            State::Closed => "closed",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// What was never opened may be closed at once.
    pub const fn may_become(self, next: State) -> bool {
        matches!(
            (self, next),
            (State::Preparing, State::Active | State::Closed)
                | (State::Active, State::Suspended)
                | (State::Suspended, State::Active | State::Closed)
        )
    }

    /// Whether its people, programs and guests are let in.
    pub const fn is_open(self) -> bool {
        matches!(self, State::Preparing | State::Active)
    }
}
