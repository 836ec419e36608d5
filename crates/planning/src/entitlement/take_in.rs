use super::store;
use crate::Error;
use crate::error::filled;
use jiff::civil::Date;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{EntitlementId, Id, PersonId, ProgramEnrolmentId, TestId};
use regie_db::{Ask, Event, Expect};
use serde_json::json;
use std::collections::BTreeSet;

/// One entitlement as the student system tells it.
#[derive(Debug, Clone)]
pub struct Given {
    pub id: EntitlementId,
    pub person: PersonId,
    pub enrolment: ProgramEnrolmentId,
    pub test: TestId,
    /// Which system gives it, and its name there: the same name again is the same entitlement, with its newest values.
    pub source: String,
    pub code: String,
    pub attempts_used: u32,
    /// Beyond the first; empty is no limit.
    pub attempts_left: Option<u32>,
    pub due: Option<Date>,
}

/// So many in one message.
const MOST: usize = 1_000;

/// Takes in a batch: all of it, or nothing.
pub async fn take_in(db: &Db, caller: &Caller, given: Vec<Given>) -> Result<u64, Error> {
    let mut reader = db.reader(caller.institution);
    let allowed = regie_access::list(&mut reader, caller, Action::EditEntitlements).await?;
    if given.is_empty() {
        return Err(Error::Missing("items"));
    }
    if given.len() > MOST {
        return Err(Error::TooMany(MOST));
    }
    let given: Vec<Given> = given
        .into_iter()
        .map(|one| {
            Ok(Given {
                source: filled("source", &one.source, 40)?,
                code: filled("code", &one.code, 80)?,
                ..one
            })
        })
        .collect::<Result<_, Error>>()?;
    if !allowed.what().is_all() {
        for person in given.iter().map(|one| one.person).collect::<BTreeSet<_>>() {
            regie_access::person(&mut reader, caller, Action::EditEntitlements, person).await?;
        }
    }
    db.write(allowed.caller(), given, |tx, given| {
        Box::pin(async move {
            let enrolments: BTreeSet<ProgramEnrolmentId> = given.iter().map(|one| one.enrolment).collect();
            let enrolments: Vec<ProgramEnrolmentId> = enrolments.into_iter().collect();
            let whose = tx.all(store::enrolled(&enrolments)).await?;
            let tests: BTreeSet<TestId> = given.iter().map(|one| one.test).collect();
            let wanted = tests.len();
            let tests: Vec<TestId> = tests.into_iter().collect();
            let (known,) = tx.one(store::tests_known(&tests)).await?;
            if usize::try_from(known).ok() != Some(wanted) {
                return Err(Error::NotFound(TestId::KIND));
            }
            let count = given.len() as u64;
            let mut last = None;
            for one in given {
                // An enrolment is of one person: nobody is entitled under somebody else's.
                if !whose.contains(&(one.enrolment, one.person)) {
                    return Err(Error::NotFound(ProgramEnrolmentId::KIND));
                }
                let new = json!({
                    "person": one.person, "test": one.test, "source": one.source, "code": one.code,
                    "attemptsUsed": one.attempts_used, "attemptsLeft": one.attempts_left, "due": one.due,
                });
                tx.queue(
                    store::put(
                        one.id,
                        one.person,
                        one.enrolment,
                        one.test,
                        &one.source,
                        &one.code,
                        one.attempts_used,
                        one.attempts_left,
                        one.due,
                    ),
                    Expect::unique(Error::EntitledAlready(one.code.clone())),
                );
                if let Some(event) =
                    last.replace(Event::new("entitlement.takenIn", one.person).new_value(new))
                {
                    tx.event(event);
                }
            }
            let last = last.unwrap_or_else(|| Event::none("nothing was given"));
            Ok(tx.done(count, last))
        })
    })
    .await
}
