//! Approval: the committee's treatment of one version that was handed in. It checks, votes and decides; whose hands
//! were in the instrument has no voice in it.

mod check;
mod decide;
mod open;
mod see;
mod store;
mod vote;

pub use check::{CheckItem, answer};
pub use decide::{Decide, decide};
pub use open::{Open, open};
pub use see::{Tally, Whole, list, of_version, see};
pub use store::{Approval, ApprovalLine, Check, Vote};
pub use vote::cast;

use crate::{Error, version};
use regie_access::{Action, Allowed, Refusal};
use regie_core::Caller;
use regie_core::id::InstrumentVersionId;
use regie_db::Ask;

codes! {
    pub enum State { Open = "open", Approved = "approved", Rejected = "rejected" }

    pub enum Choice {
        For = "for",
        Against = "against",
        Abstained = "abstained",
        /// Has an interest in it: counts for nothing, the quorum included.
        Recused = "recused",
    }

    pub enum Said { Yes = "yes", No = "no", NotApplicable = "not-applicable" }

    /// What the committee looks at (validity norm): in this order.
    pub enum Point {
        Coverage = "coverage",
        Blueprint = "blueprint",
        Conditions = "conditions",
        Scheme = "scheme",
        CutScore = "cut-score",
        Form = "form",
    }
}

/// The caller may approve, and none of the instrument's versions, this one included, passed through their hands.
async fn may(
    q: &mut impl Ask,
    caller: &Caller,
    id: InstrumentVersionId,
) -> Result<Allowed<InstrumentVersionId>, Error> {
    let allowed = regie_access::about(q, caller, Action::ApproveInstruments, id).await?;
    let person = caller.person.or(caller.owner);
    let found = q.opt(version::by_id(id)).await?;
    if let (Some(person), Some(found)) = (person, found) {
        let actions = ["instrument.drafted", "instrument.edited", "instrument.submitted"].map(str::to_owned);
        if q.one(version::handed_in_by(found.instrument, person, &actions)).await?.0 > 0 {
            let (action, rule) = (Action::ApproveInstruments, "author-not-approver");
            return Err(Refusal::Duty { action, rule }.into());
        }
    }
    Ok(allowed)
}
