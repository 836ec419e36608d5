//! A partner that keeps failing is left alone for a while.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// Counts failures in a row.
#[derive(Debug)]
pub struct Breaker {
    inner: Mutex<Inner>,
    most: u32,
    rest: SignedDuration,
}

#[derive(Debug, Default)]
struct Inner {
    failures: u32,
    until: Option<Timestamp>,
    is_trying: bool,
}

/// What the breaker allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum BreakerState {
    /// Calls go through.
    Closed {
        /// Failures in a row so far.
        failures: u32,
    },
    /// Calls are held back until this moment.
    Open {
        /// Until when.
        until: Timestamp,
        /// Failures in a row.
        failures: u32,
    },
    /// One call is tried.
    Trying,
}

impl fmt::Display for BreakerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed { failures: 0 } => f.write_str("The partner answers."),
            Self::Closed { failures } => {
                write!(f, "The partner failed {failures} times in a row; calls go on.")
            }
            Self::Open { until, failures } => {
                write!(f, "The partner failed {failures} times in a row; calls wait until {until}.")
            }
            Self::Trying => f.write_str("The partner rested; one call tries whether it answers again."),
        }
    }
}

impl Breaker {
    /// A breaker that opens after `most` failures in a row, for `rest`.
    #[must_use]
    pub fn new(most: u32, rest: SignedDuration) -> Self {
        Self { inner: Mutex::default(), most: most.max(1), rest }
    }

    /// Whether a call may go out now.
    pub(super) fn enter(&self, now: Timestamp) -> Result<(), BreakerState> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        match inner.until {
            Some(until) if now < until => Err(BreakerState::Open { until, failures: inner.failures }),
            Some(_) => {
                // One call tries. Whoever gave up on it half-way tells nobody, so that after another rest the next
                // one may try.
                inner.until = now.saturating_add(self.rest).ok();
                inner.is_trying = true;
                Ok(())
            }
            None => Ok(()),
        }
    }

    pub(super) fn succeeded(&self) {
        *self.inner.lock().unwrap_or_else(PoisonError::into_inner) = Inner::default();
    }

    pub(super) fn failed(&self, now: Timestamp) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.failures = inner.failures.saturating_add(1);
        inner.is_trying = false;
        if inner.failures >= self.most {
            inner.until = now.saturating_add(self.rest).ok();
        }
    }

    /// What it allows now.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> BreakerState {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        match inner.until {
            Some(until) if inner.is_trying && now < until => BreakerState::Trying,
            Some(until) if now < until => BreakerState::Open { until, failures: inner.failures },
            Some(_) => BreakerState::Trying,
            None => BreakerState::Closed { failures: inner.failures },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_partner_rests_and_is_tried_once() {
        let breaker = Breaker::new(2, SignedDuration::from_secs(30));
        let start: Timestamp = "2026-06-22T09:00:00Z".parse().unwrap();
        let later = |seconds| start.saturating_add(SignedDuration::from_secs(seconds)).unwrap();
        breaker.failed(start);
        assert!(breaker.enter(start).is_ok());
        breaker.failed(start);
        assert!(breaker.enter(later(29)).is_err());
        assert!(breaker.state(later(1)).to_string().contains("calls wait until"));
        assert!(breaker.enter(later(31)).is_ok(), "one call tries");
        assert!(breaker.enter(later(31)).is_err(), "and only one");
        assert_eq!(breaker.state(later(31)), BreakerState::Trying);
        assert!(
            breaker.enter(later(62)).is_ok(),
            "a try nobody heard of again does not close the door for good"
        );
        breaker.succeeded();
        assert_eq!(breaker.state(later(62)), BreakerState::Closed { failures: 0 });
    }
}
