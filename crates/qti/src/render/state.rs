//! The state an item is rendered in, as JSON.

use super::{Lang, Options};
use crate::item::Item;
use crate::safe::{Needs, SafeCopy, View, copy};
use crate::score::{Engine, Responses, Scratch, Session, StartFlag};
use crate::value::Value;
use crate::xml::Element;
use serde::Deserialize;

/// What the caller knows of a session; every part may be left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// The answers so far, in the form of scoring.
    pub responses: serde_json::Value,
    /// The seed of the session: template values and shuffled orders follow from it.
    pub seed: u64,
    /// Whether the candidate may see the feedback these answers earn.
    pub feedback: bool,
    /// Whether answers can no longer be changed.
    pub closed: bool,
    /// Whether the right answers are shown.
    pub solution: bool,
    /// Personal needs.
    pub needs: NeedsState,
    /// Where media of the package are served from, as `media/`.
    pub media: String,
    /// The address of the frame that runs portable custom interactions.
    pub portable: Option<String>,
    /// Start of every id.
    pub prefix: String,
}

/// Personal needs and preferences.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NeedsState {
    /// Catalogue supports in use.
    pub supports: Vec<String>,
    /// Contrast theme.
    pub contrast: Option<String>,
    /// Masking.
    pub masking: bool,
    /// Reading aloud.
    pub spoken: bool,
}

/// An item prepared for rendering.
pub struct Prepared {
    /// The answer-safe copy.
    pub copy: SafeCopy,
    /// The answers so far.
    pub responses: Responses,
    /// How to render.
    pub options: Options,
}

/// Prepares an item in a state.
///
/// # Errors
/// A sentence when the answers have the wrong shape, or the feedback cannot be known because scoring failed.
pub fn prepare(
    engine: &Engine,
    item: &Item,
    stimuli: &[(String, Element)],
    state: &State,
    lang: Lang,
) -> Result<Prepared, String> {
    let responses =
        if state.responses.is_null() { Responses::new() } else { Responses::from_json(&state.responses)? };
    let (mut session, flag) = Session::start(engine, item, state.seed, &[]);
    session.attempts = 1;
    if let Some(StartFlag::Failed(error)) = flag {
        return Err(format!("the template of the item cannot be worked out: {error}"));
    }
    let mut outcomes: Vec<(String, Value)> = Vec::new();
    if state.feedback {
        let mut scratch = Scratch::new();
        let scored = engine.score(item, &session, &responses, &mut scratch).map_err(|e| e.to_string())?;
        outcomes = scored.outcomes().map(|(name, val)| (name.to_owned(), Value::from(val))).collect();
    }
    let needs = Needs {
        supports: state.needs.supports.clone(),
        contrast: state.needs.contrast.clone(),
        masking: state.needs.masking,
        spoken: state.needs.spoken,
    };
    let view =
        View { session: &session, outcomes: &outcomes, needs: &needs, stimuli, solution: state.solution };
    let safe = copy(item, view);
    let options = Options {
        lang,
        prefix: state.prefix.clone(),
        media: state.media.clone(),
        closed: state.closed,
        portable: state.portable.clone(),
        needs,
    };
    Ok(Prepared { copy: safe, responses, options })
}
