//! A test session as a value.

use super::{Control, Stop, Test};
use crate::score::{Engine, Random, Responses, Session};
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// The state of an item session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Not yet seen.
    #[default]
    Initial,
    /// Open before the candidate.
    Interacting,
    /// Left for now, can go on.
    Suspended,
    /// Closed.
    Closed,
    /// Passed over by a pre-condition or branch.
    Skipped,
}

/// One item in a test session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemState {
    /// Where it stands.
    pub status: Status,
    /// Whether the candidate has seen it.
    pub presented: bool,
    /// What was drawn and what attempts left.
    pub session: Session,
    /// The answers, as given last.
    pub responses: Responses,
    /// The answers of the last attempt, typed.
    pub answered: Vec<(u16, Value)>,
    /// The outcomes of the last attempt, by name.
    pub outcomes: Vec<(String, Value)>,
    /// Outcomes that wait for a person; they have no value until then.
    #[serde(default)]
    pub to_be_marked: Vec<String>,
    /// Why scoring failed; a person must look.
    pub scoring_error: Option<String>,
    /// Remarks on answers.
    pub flags: Vec<String>,
    /// The candidate's comment.
    pub comment: Option<String>,
    /// Whether an answer came late.
    pub late: bool,
}

/// A test session: everything needed to go on elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestSession {
    /// Where it all started.
    pub seed: u64,
    /// Factor on every time limit, for personal needs.
    pub extra_time: f64,
    /// The route.
    pub route: Vec<Stop>,
    /// The items, as on the route.
    pub items: Vec<ItemState>,
    /// The stop the candidate is at; none when the test is over.
    pub position: Option<usize>,
    /// Whether the whole session is suspended.
    pub suspended: bool,
    /// The clock at the last event, in seconds from the start.
    pub clock: f64,
    /// Seconds in the test, in each part, and in each section.
    pub spent: Vec<(String, f64)>,
    /// The test's outcomes.
    pub outcomes: Vec<(u16, Value)>,
    /// Why outcome processing failed; a person must look.
    pub scoring_error: Option<String>,
    /// Remarks for the invigilator and the maker.
    pub warnings: Vec<String>,
}

/// Why something cannot be done now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The test is over.
    #[error("the test is over")]
    Over,
    /// Suspended.
    #[error("the test is suspended; resume it first")]
    Suspended,
    /// No such item here.
    #[error("{0} cannot be reached from here")]
    Unreachable(String),
    /// No going back.
    #[error("in a linear part there is no way back")]
    Linear,
    /// The item is closed.
    #[error("{0} takes no more answers")]
    Closed(String),
    /// Skipping is not allowed.
    #[error("{0} must be answered first")]
    Skipping(String),
    /// The answer is not complete.
    #[error("the answer is not complete: {0}")]
    Invalid(String),
    /// Too early.
    #[error("{0} must be looked at a little longer")]
    TooEarly(String),
    /// Too late.
    #[error("the time for {0} is over")]
    TooLate(String),
    /// Comments are not allowed.
    #[error("comments are not allowed here")]
    Comment,
    /// The step itself is wrong.
    #[error("{0}")]
    Wrong(String),
}

impl TestSession {
    /// Starts a test: draws the route and opens the first item.
    pub fn start(engine: &Engine, test: &Test, seed: u64, extra_time: f64) -> Self {
        let mut random = Random::new(seed);
        let route = super::build_route(test, &mut random);
        let mut session = Self {
            seed,
            extra_time: if extra_time.is_finite() && extra_time >= 1.0 { extra_time } else { 1.0 },
            items: vec![ItemState::default(); route.len()],
            route,
            position: None,
            suspended: false,
            clock: 0.0,
            spent: Vec::new(),
            outcomes: Vec::new(),
            scoring_error: None,
            warnings: Vec::new(),
        };
        session.default_outcomes(engine, test);
        session.enter_first(engine, test, &mut random);
        session
    }

    /// The stop the candidate is at.
    pub fn current(&self) -> Option<&Stop> {
        self.route.get(self.position?)
    }

    /// The session control that counts for a stop.
    pub fn control(&self, test: &Test, at: usize) -> Control {
        let Some(stop) = self.route.get(at) else { return Control::default() };
        let mut control = test.parts.get(stop.part).map(|p| p.control).unwrap_or_default();
        for section in &stop.sections {
            if let Some(section) = test.section(section) {
                control = section.head.control.within(control);
            }
        }
        test.reference(&stop.reference).map_or(control, |item| item.head.control.within(control))
    }

    /// The index of a stop by its key, or by its reference when it has one instance.
    pub fn index_of(&self, key: &str) -> Option<usize> {
        self.route
            .iter()
            .position(|s| s.key == key)
            .or_else(|| self.route.iter().position(|s| s.reference == key))
    }

    pub(super) fn item_mut(&mut self, at: usize) -> Option<&mut ItemState> {
        self.items.get_mut(at)
    }
}
