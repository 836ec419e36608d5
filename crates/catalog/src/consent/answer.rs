use super::{State, store};
use crate::decision::{self, Body, NewDecision, Outcome};
use crate::error::filled;
use crate::{Error, telling};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ConsentId, DecisionId, Id};
use regie_db::{Ask as _, Event, Expect};
use serde_json::json;

/// The board's answer. A consent that was given can be taken back; a refused one is asked again.
#[derive(Debug, Clone)]
pub struct Answer {
    pub id: ConsentId,
    pub version: i64,
    pub state: State,
    pub answer: String,
    pub decision: DecisionId,
}

pub async fn answer(db: &Db, caller: &Caller, input: Answer) -> Result<i64, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::about(&mut reader, caller, Action::ConsentConstruction, input.id).await?;
    let input = Answer { answer: filled("answer", &input.answer, 4_000)?, ..input };
    let by = allowed.caller().clone();
    db.write(allowed.caller(), (input, by), |tx, (it, by)| {
        Box::pin(async move {
            let before = tx.opt(store::by_id(it.id)).await?.ok_or(Error::NotFound(ConsentId::KIND))?;
            let outcome = match (before.state, it.state) {
                (State::Asked, State::Given) => Outcome::Granted,
                (State::Asked, State::Refused) => Outcome::Refused,
                (State::Given, State::Withdrawn) => Outcome::Withdrawn,
                (state, _) => return Err(Error::NotNow(state.code())),
            };
            let decision = NewDecision {
                id: it.decision,
                body: Body::Board,
                kind: "construction",
                outcome,
                title: before.title.clone(),
                grounds: Some(it.answer.clone()),
                decided_on: by.today(),
            };
            let number = decision::record(tx, &by, it.id, decision).await?;
            let now = tx.recorded_at();
            tx.queue(
                store::answer(it.id, it.version, it.state, by.person, now, &it.answer, it.decision),
                Expect::one(Error::ChangedMeanwhile),
            );
            if let Some(person) = before.asked_by {
                let words = json!({ "title": before.title, "state": it.state.code() });
                tx.send(telling::to_person(person, "construction-answered", words, "/construction", it.id));
            }
            tx.touch(it.id);
            let event = Event::new("construction.answered", it.id)
                .old(json!({ "state": before.state.code() }))
                .new_value(json!({ "state": it.state.code(), "answer": it.answer, "decision": number }));
            Ok(tx.done(number, event))
        })
    })
    .await
}
