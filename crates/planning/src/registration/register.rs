use super::judge::{Known, judge};
use super::{State, channel, store};
use crate::error::optional;
use crate::{Error, Why, period, ruling};
use jiff::Timestamp;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{EntitlementId, ExamPeriodId, Id, PersonId, RegistrationId, TestId};
use regie_core::period::{Channel, Gate, State as PeriodState, gate};
use regie_core::setting;
use regie_db::{Ask, Event, Expect};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// Students for one test in one period, in one action.
#[derive(Debug, Clone)]
pub struct Register {
    pub period: ExamPeriodId,
    pub test: TestId,
    /// Each with the id its registration gets.
    pub persons: Vec<(RegistrationId, PersonId)>,
    /// Under which of one student's entitlements; else the one whose deadline comes first.
    pub entitlement: Option<EntitlementId>,
    /// Why after closing: the exam office decides then.
    pub reason: Option<String>,
}

/// Who is registered now, and who not and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    pub state: State,
    pub registered: Vec<(RegistrationId, PersonId, String)>,
    pub refused: Vec<Refused>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    pub person: PersonId,
    pub name: String,
    pub why: Why,
}

/// So many at once; more come in parts.
const MOST: usize = 500;

/// One student: refused with the reason itself.
pub async fn register_one(
    db: &Db,
    caller: &Caller,
    input: Register,
) -> Result<(RegistrationId, State), Error> {
    let outcome = register(db, caller, input).await?;
    match (outcome.registered.first(), outcome.refused.into_iter().next()) {
        (Some((id, ..)), _) => Ok((*id, outcome.state)),
        (None, Some(refused)) => Err(Error::Not(refused.why)),
        (None, None) => Err(Error::Nobody),
    }
}

/// All who may, together; the others are listed with the reason. When the period itself says no, nobody is.
pub async fn register(db: &Db, caller: &Caller, input: Register) -> Result<Outcome, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::RegisterStudents).await?;
    let decides = regie_access::list(&mut reader, caller, Action::DecideRegistrations).await.is_ok();
    let reason = optional("reason", input.reason.as_deref(), 500)?;
    // In one order for everybody, each student once.
    let persons: BTreeMap<PersonId, RegistrationId> =
        input.persons.iter().map(|(id, person)| (*person, *id)).collect();
    match persons.len() {
        0 => return Err(Error::Nobody),
        many if many > MOST => return Err(Error::TooMany(MOST)),
        _ => {}
    }
    let input = Register { reason, ..input };
    let input = (input, persons, allowed.what().clone(), channel(caller), caller.clone(), decides);
    db.write(allowed.caller(), input, |tx, (input, persons, reach, channel, caller, decides)| {
        Box::pin(async move {
            let period = tx
                .opt(period::store::by_id(input.period))
                .await?
                .ok_or(Error::NotFound(ExamPeriodId::KIND))?;
            let school = regie_access::settings(tx).await?;
            let rules = period.rules(school);
            let (state, late) = door(&period, channel, caller.occurred_at, decides, &input, || {
                rules.get(&setting::LATE_REGISTRATION) == "refused"
            })?;
            let known = known(tx, &persons, input.test, &reach, caller.today()).await?;
            let mut outcome = Outcome { state, registered: Vec::new(), refused: Vec::new() };
            let now = tx.recorded_at();
            for (person, id) in persons {
                let name = known.people.get(&person).map(|it| it.name.clone()).unwrap_or_default();
                let claim = match judge(&known, person, input.entitlement, channel, caller.today()) {
                    Ok(claim) => claim,
                    Err(why) => {
                        outcome.refused.push(Refused { person, name, why });
                        continue;
                    }
                };
                if tx.run(crate::entitlement::store::hold(claim.id)).await? != 1 {
                    outcome.refused.push(Refused { person, name, why: Why::OtherEntitlement });
                    continue;
                }
                let made = tx.run(store::insert(
                    id,
                    period.id,
                    person,
                    input.test,
                    claim.id,
                    claim.campus,
                    claim.unit,
                    state,
                    channel,
                    caller.person,
                    now,
                    late,
                    input.reason.as_deref(),
                ));
                if made.await? == 0 {
                    // Somebody else was first; the index is what both of them asked.
                    let by = tx.opt(store::made_by(period.id, person, input.test)).await?;
                    let by = by.and_then(|(name,)| name).unwrap_or_else(|| "Regie".into());
                    outcome.refused.push(Refused { person, name, why: Why::Already { by } });
                    continue;
                }
                let new = json!({
                    "registration": id, "period": period.code, "test": input.test, "state": state.code(),
                    "channel": channel.code(), "late": late,
                });
                let mut event = Event::new("registration.made", person).new_value(new);
                if let Some(reason) = &input.reason {
                    event = event.why(reason.clone());
                }
                tx.event(event);
                outcome.registered.push((id, person, name));
            }
            if !outcome.registered.is_empty() {
                let count = i64::try_from(outcome.registered.len()).unwrap_or(i64::MAX);
                let still = period::store::still(period.id, period.state, count);
                tx.hot(still, Expect::one(Error::PeriodIs(PeriodState::Frozen.code())));
                tx.touch(period.id);
            }
            Ok(tx.done(outcome, Event::none("each student has a line of their own")))
        })
    })
    .await
}

/// What the period says to this channel at this moment: the state a registration gets, and whether it is late.
fn door(
    period: &period::Period,
    channel: Channel,
    now: Timestamp,
    decides: bool,
    input: &Register,
    refuses_late: impl Fn() -> bool,
) -> Result<(State, bool), Error> {
    let closed = match period.state {
        PeriodState::Draft => {
            return Err(match period.window(channel) {
                Some(window) => Error::NotOpenYet(window.opens),
                None => Error::ChannelShut(channel.code()),
            });
        }
        PeriodState::Open => match gate(period.window(channel), now) {
            Gate::Shut => return Err(Error::ChannelShut(channel.code())),
            Gate::NotYet(opens) => return Err(Error::NotOpenYet(opens)),
            Gate::Open => return Ok((State::Registered, false)),
            Gate::Late(closes) => closes,
        },
        PeriodState::Frozen | PeriodState::Planned => match period.window(channel) {
            Some(window) => window.closes.min(period.frozen_at.unwrap_or(window.closes)),
            None => return Err(Error::ChannelShut(channel.code())),
        },
        PeriodState::Running | PeriodState::Archived => return Err(Error::PeriodIs(period.state.code())),
    };
    if refuses_late() && !decides {
        return Err(Error::LateRefused(closed));
    }
    if input.reason.is_none() {
        return Err(Error::Late(closed));
    }
    // Who decides about late requests need not ask.
    Ok(match (decides, period.state) {
        (false, _) => (State::Requested, true),
        (true, PeriodState::Open) => (State::Registered, true),
        (true, _) => (State::Frozen, true),
    })
}

async fn known(
    tx: &mut impl Ask,
    persons: &BTreeMap<PersonId, RegistrationId>,
    test: TestId,
    reach: &regie_access::Reach,
    today: jiff::civil::Date,
) -> Result<Known, Error> {
    let ids: Vec<PersonId> = persons.keys().copied().collect();
    let people = tx.all(store::candidates(&ids, reach.kind, reach.me, reach.scope, reach.today)).await?;
    let mut claims: HashMap<PersonId, Vec<_>> = HashMap::new();
    for claim in tx.all(store::claims(&ids, test)).await? {
        claims.entry(claim.person).or_default().push(claim);
    }
    Ok(Known {
        people: people.into_iter().map(|one| (one.id, one)).collect(),
        claims,
        rulings: tx.all(ruling::store::holding(&ids, test, today)).await?,
        needed: tx.all(store::needed(test)).await?,
        achieved: tx.all(ruling::store::achieved(&ids)).await?.into_iter().collect(),
    })
}
