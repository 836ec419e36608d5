use super::{Body, Outcome, store};
use crate::Error;
use jiff::civil::Date;
use regie_core::Caller;
use regie_core::id::{DecisionId, Id};
use regie_db::{Ask as _, Expect, Tx};

/// A line of the register, still without its number.
pub(crate) struct NewDecision {
    pub id: DecisionId,
    pub body: Body,
    pub kind: &'static str,
    pub outcome: Outcome,
    pub title: String,
    pub grounds: Option<String>,
    pub decided_on: Date,
}

/// Gives the next number of the year and writes the line, in the transaction that carries the decision out. Numbers
/// have no holes: the counter is part of the same transaction.
pub(crate) async fn record<I: Id>(
    tx: &mut Tx<Error>,
    by: &Caller,
    subject: I,
    new: NewDecision,
) -> Result<i64, Error> {
    let year = i64::from(new.decided_on.year());
    tx.run(store::next(year)).await?;
    let (number,) = tx.one(store::last(year)).await?;
    tx.queue(
        store::insert(
            new.id,
            year,
            number,
            new.body,
            new.kind,
            new.outcome,
            I::KIND,
            subject.uuid(),
            &new.title,
            new.grounds.as_deref(),
            new.decided_on,
            by.person,
        ),
        Expect::any(),
    );
    tx.touch(new.id);
    Ok(number)
}
