//! A test session from a script: for trying tests out and for checking them.

use super::session::{Refusal, TestSession};
use super::{Status, Test};
use crate::render::{Lang, Options, render_words};
use crate::score::{Engine, Responses};
use crate::value::{Atom, Value};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

/// What happens in a session.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Script {
    /// The seed of the session.
    pub seed: u64,
    /// Factor on every time limit.
    pub extra_time: Option<f64>,
    /// Language of the words added to what the test says.
    pub language: String,
    /// Where the media of the package are served from.
    pub media: String,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Step {
    /// `answer`, `save`, `next`, `previous`, `go`, `skip`, `suspend`, `resume`, `endPart`, `end`, `mark`,
    /// `comment`, `wait`, or `reload` (store and read back).
    #[serde(rename = "do")]
    pub act: String,
    /// Seconds since the start.
    pub at: Option<f64>,
    /// The item meant.
    pub item: Option<String>,
    /// The answers.
    pub responses: Json,
    /// The outcome to mark.
    pub outcome: Option<String>,
    /// Its value.
    pub value: Json,
    /// A comment.
    pub text: Option<String>,
}

/// Runs a script and tells what happened.
pub fn run(engine: &Engine, test: &Test, script: &Script) -> Json {
    let mut session = TestSession::start(engine, test, script.seed, script.extra_time.unwrap_or(1.0));
    let options =
        Options { lang: Lang::from_tag(&script.language), media: script.media.clone(), ..Options::default() };
    let mut log = vec![entry("start", &session, test, None, &options)];
    for step in &script.steps {
        if let Some(at) = step.at {
            session.tick(test, at);
        }
        let refusal = perform(engine, test, &mut session, step).err();
        log.push(entry(&step.act, &session, test, refusal.as_ref(), &options));
    }
    json!({
        "test": test.identifier,
        "seed": script.seed,
        "route": session.route.iter().map(|s| s.key.clone()).collect::<Vec<_>>(),
        "steps": log,
        "items": items(&session),
        "outcomes": outcomes(&session, test),
        "feedback": feedback(&session, test),
        "toBeMarked": to_be_marked(&session),
        "scoringError": session.scoring_error,
        "warnings": session.warnings,
        "session": serde_json::to_value(&session).unwrap_or_default(),
    })
}

fn perform(engine: &Engine, test: &Test, session: &mut TestSession, step: &Step) -> Result<(), Refusal> {
    let wrong = |what: &str| Refusal::Wrong(format!("the step {} needs {what}", step.act));
    if let (Some(item), "answer" | "save" | "comment" | "next" | "skip") = (&step.item, step.act.as_str()) {
        let here = session.current().is_some_and(|s| s.key == *item || s.reference == *item);
        if !here {
            session.go(engine, test, item)?;
        }
    }
    let responses = || match &step.responses {
        Json::Null => Ok(Responses::new()),
        json => Responses::from_json(json).map_err(Refusal::Wrong),
    };
    match step.act.as_str() {
        "answer" => session.answer(engine, test, responses()?),
        "save" => session.save(test, responses()?),
        "next" | "skip" => session.next(engine, test),
        "previous" => session.previous(engine, test),
        "go" => session.go(engine, test, step.item.as_deref().ok_or_else(|| wrong("an item"))?),
        "suspend" => {
            session.suspended = true;
            Ok(())
        }
        "resume" => {
            session.suspended = false;
            Ok(())
        }
        "endPart" => session.end_part(engine, test),
        "end" => {
            session.end(engine, test);
            Ok(())
        }
        "comment" => session.comment(test, step.text.as_deref().unwrap_or_default()),
        "mark" => {
            let item = step.item.as_deref().ok_or_else(|| wrong("an item"))?;
            let outcome = step.outcome.as_deref().unwrap_or("SCORE");
            session.mark(engine, test, item, outcome, value(&step.value).ok_or_else(|| wrong("a value"))?)
        }
        "wait" => Ok(()),
        "reload" => {
            let stored = serde_json::to_string(session).map_err(|e| Refusal::Wrong(e.to_string()))?;
            *session = serde_json::from_str(&stored).map_err(|e| Refusal::Wrong(e.to_string()))?;
            Ok(())
        }
        other => Err(Refusal::Wrong(format!("there is no step {other}"))),
    }
}

fn value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::One(Atom::Bool(*b)),
        Json::Number(n) => Value::One(Atom::Float(n.as_f64()?)),
        Json::String(s) => Value::One(Atom::Id(s.clone())),
        Json::Array(_) | Json::Object(_) => return None,
    })
}

fn entry(
    act: &str,
    session: &TestSession,
    test: &Test,
    refusal: Option<&Refusal>,
    options: &Options,
) -> Json {
    let mut out = Map::new();
    out.insert("do".to_owned(), act.into());
    if let Some(refusal) = refusal {
        out.insert("refused".to_owned(), refusal.to_string().into());
    }
    match (session.current(), session.position) {
        (Some(stop), Some(at)) => {
            out.insert("current".to_owned(), stop.key.clone().into());
            out.insert("part".to_owned(), test.parts.get(stop.part).map(|p| p.identifier.clone()).into());
            let status = session.items.get(at).map(|i| i.status).unwrap_or_default();
            out.insert(
                "status".to_owned(),
                json!(if session.suspended { Status::Suspended } else { status }),
            );
            if let Some(left) = session.left(test, at) {
                out.insert("secondsLeft".to_owned(), json!(left));
            }
        }
        _ => {
            out.insert("current".to_owned(), Json::Null);
            out.insert("status".to_owned(), "over".into());
        }
    }
    out.insert("outcomes".to_owned(), outcomes(session, test));
    let shown = shown(session, test, options);
    if !shown.is_empty() {
        out.insert("shown".to_owned(), shown.into());
    }
    out.into()
}

/// What stands around the item on the page: rubrics, and feedback that is due.
fn shown(session: &TestSession, test: &Test, options: &Options) -> Vec<String> {
    let rubrics = session.rubrics(test).into_iter();
    let all = rubrics.chain(session.due_feedback(test)).enumerate().filter_map(|(number, words)| {
        let copy = session.words(test, words, &options.needs);
        let options = Options { prefix: format!("{}t{number}-", options.prefix), ..options.clone() };
        render_words(&copy, words.is("qti-test-feedback"), &options)
    });
    all.collect()
}

fn outcomes(session: &TestSession, test: &Test) -> Json {
    let named = session
        .outcomes
        .iter()
        .filter_map(|(slot, value)| Some((test.variables.get(*slot)?.identifier.clone(), value.json())));
    named.collect::<Map<_, _>>().into()
}

fn items(session: &TestSession) -> Json {
    let all = session.route.iter().zip(&session.items).map(|(stop, state)| {
        let outcomes: Map<_, _> = state.outcomes.iter().map(|(n, v)| (n.clone(), v.json())).collect();
        let described = json!({
            "status": state.status,
            "presented": state.presented,
            "attempts": state.session.attempts,
            "duration": state.session.duration,
            "responses": state.responses.json(),
            "outcomes": outcomes,
            "toBeMarked": state.to_be_marked,
            "flags": state.flags,
            "late": state.late,
            "scoringError": state.scoring_error,
            "comment": state.comment,
        });
        (stop.key.clone(), described)
    });
    all.collect::<Map<_, _>>().into()
}

/// The items that wait for a person.
fn to_be_marked(session: &TestSession) -> Json {
    let all = session.route.iter().zip(&session.items);
    all.filter(|(_, state)| !state.to_be_marked.is_empty()).map(|(stop, _)| stop.key.clone()).collect()
}

fn feedback(session: &TestSession, test: &Test) -> Json {
    session.due_feedback(test).into_iter().filter_map(|f| f.get("identifier")).collect()
}
