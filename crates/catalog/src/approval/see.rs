use super::{Approval, ApprovalLine, Check, Choice, State, Vote, store};
use crate::{Error, Page, Paging};
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::{ApprovalId, Id, InstrumentVersionId};
use regie_db::Ask;

/// How the votes stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub for_it: i64,
    pub against: i64,
    pub abstained: i64,
    pub recused: i64,
}

impl Tally {
    pub fn of(votes: &[Vote]) -> Self {
        let mut tally = Self::default();
        for vote in votes {
            match vote.vote {
                Choice::For => tally.for_it += 1,
                Choice::Against => tally.against += 1,
                Choice::Abstained => tally.abstained += 1,
                Choice::Recused => tally.recused += 1,
            }
        }
        tally
    }

    /// Towards the quorum: who took part, abstaining included.
    pub const fn counted(&self) -> i64 {
        self.for_it + self.against + self.abstained
    }

    pub const fn majority(&self) -> bool {
        self.for_it > self.against
    }
}

/// A treatment with its list and its votes.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    pub approval: Approval,
    pub checks: Vec<Check>,
    pub votes: Vec<Vote>,
}

impl Whole {
    pub fn tally(&self) -> Tally {
        Tally::of(&self.votes)
    }
}

pub async fn see(db: &Db, caller: &Caller, id: ApprovalId) -> Result<Whole, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeDecisions).await?;
    let approval = reader.opt(store::by_id(id)).await?.ok_or(Error::NotFound(ApprovalId::KIND))?;
    let checks = reader.all(store::checks(id)).await?;
    Ok(Whole { approval, checks, votes: reader.all(store::votes(id)).await? })
}

/// The treatments of one version, newest first.
pub async fn of_version(
    db: &Db,
    caller: &Caller,
    id: InstrumentVersionId,
) -> Result<Vec<ApprovalLine>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeInstruments).await?;
    Ok(reader.all(store::of_version(id)).await?)
}

/// What the committee has before it, or had: by the day of the meeting.
pub async fn list(
    db: &Db,
    caller: &Caller,
    state: Option<State>,
    paging: Paging,
) -> Result<Page<ApprovalLine>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeDecisions).await?;
    let (skip, most) = paging.slice();
    let (total,) = reader.one(store::count(state)).await?;
    Ok(Page::new(reader.all(store::list(state, skip, most)).await?, total))
}
