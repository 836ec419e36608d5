use super::{Point, Said, State, Tally, may, store};
use crate::decision::{self, Body, NewDecision, Outcome};
use crate::error::optional;
use crate::{Error, telling, version};
use jiff::civil::Date;
use regie_access::Db;
use regie_core::Caller;
use regie_core::id::{ApprovalId, DecisionId, Id, InstrumentVersionId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;

/// The outcome of the meeting.
#[derive(Debug, Clone)]
pub struct Decide {
    pub id: ApprovalId,
    pub version: i64,
    pub approved: bool,
    /// What is wrong, when it is not approved; a remark otherwise.
    pub findings: Option<String>,
    pub valid_from: Date,
    /// The last day.
    pub valid_until: Option<Date>,
    pub decision: DecisionId,
}

/// Approves or rejects: with a quorum, a majority and, to approve, a list without a no. Gives the decision's number.
pub async fn decide(db: &Db, caller: &Caller, input: Decide) -> Result<i64, Error> {
    let mut reader = db.reader(caller.institution);
    let approval = reader.opt(store::by_id(input.id)).await?.ok_or(Error::NotFound(ApprovalId::KIND))?;
    let allowed = may(&mut reader, caller, approval.instrument_version).await?;
    let findings = optional("findings", input.findings.as_deref(), 8_000)?;
    if !input.approved && findings.is_none() {
        return Err(Error::Missing("findings"));
    }
    if input.valid_until.is_some_and(|until| until < input.valid_from) {
        return Err(Error::EndBeforeBegin);
    }
    let by = allowed.caller().clone();
    let input = Decide { findings, ..input };
    db.write(allowed.caller(), (input, by), |tx, (it, by)| {
        Box::pin(async move {
            let found = tx.opt(store::by_id(it.id)).await?.ok_or(Error::NotFound(ApprovalId::KIND))?;
            if found.state != State::Open {
                return Err(Error::NotNow(found.state.code()));
            }
            // Held first: a vote that comes now waits, and is then too late.
            tx.queue(store::touch(it.id, it.version), Expect::one(Error::ChangedMeanwhile));
            tx.flight().await?;
            let tally = Tally::of(&tx.all(store::votes(it.id)).await?);
            if tally.counted() < found.quorum {
                return Err(Error::Quorum { have: tally.counted(), need: found.quorum });
            }
            if it.approved != tally.majority() {
                return Err(Error::NoMajority);
            }
            if it.approved {
                let list = tx.all(store::checks(it.id)).await?;
                for point in Point::ALL {
                    match list.iter().find(|check| check.code == *point).map(|check| check.answer) {
                        None => return Err(Error::Unchecked(point.code())),
                        Some(Said::No) => return Err(Error::CheckedNo(point.code())),
                        Some(Said::Yes | Said::NotApplicable) => {}
                    }
                }
            }
            let id = found.instrument_version;
            let missing = Error::NotFound(InstrumentVersionId::KIND);
            let judged = tx.opt(version::by_id(id)).await?.ok_or(missing)?;
            let judged = version::whole(tx, judged).await?;
            // What is approved is what was judged: the rows still say what their hash says.
            if judged.hash() != found.hash {
                return Err(Error::ChangedMeanwhile);
            }
            let (state, outcome) = match it.approved {
                true => (State::Approved, Outcome::Granted),
                false => (State::Rejected, Outcome::Refused),
            };
            let step = match it.approved {
                true => version::approve(id, &found.hash, it.valid_from, it.valid_until),
                false => version::reject(id, &found.hash),
            };
            tx.queue(step, Expect::one(Error::ChangedMeanwhile));
            let decision = NewDecision {
                id: it.decision,
                body: Body::Committee,
                kind: "instrument",
                outcome,
                title: format!("{} v{}", judged.version.instrument_name, judged.version.number),
                grounds: it.findings.clone(),
                decided_on: found.meeting,
            };
            let number = decision::record(tx, &by, id, decision).await?;
            let now = tx.recorded_at();
            tx.queue(
                store::close(it.id, state, by.person, now, it.findings.as_deref(), it.decision),
                Expect::any(),
            );
            if let Some(person) = judged.version.submitted_by {
                let words = json!({
                    "name": judged.version.instrument_name, "number": judged.version.number.to_string(),
                    "state": state.code(),
                });
                let place = format!("/versions/{id}");
                tx.send(telling::to_person(person, "instrument-decided", words, &place, id));
            }
            tx.touch(id);
            tx.touch(it.id);
            let new = json!({
                "state": state.code(), "decision": number, "hash": found.hash, "meeting": found.meeting,
                "votes": { "for": tally.for_it, "against": tally.against, "abstained": tally.abstained },
                "validFrom": it.valid_from, "validUntil": it.valid_until, "findings": it.findings,
            });
            tx.event(Event::new("instrument.decided", id).new_value(new.clone()));
            Ok(tx.done(number, Event::new("approval.decided", it.id).new_value(new)))
        })
    })
    .await
}
