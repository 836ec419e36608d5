//! The conformance suite: black-box tests of one party, flow by flow.
//!
//! Every test names the rule it proves and its place in the agreement, and keeps what was sent and received. It works
//! with ids of its own and cancels what it made; what only the tested party can set up comes from a prepared file.

mod calling;
mod case;
mod catalogue;
mod listen;
mod probe;
mod report;
mod run;
mod sample;
mod sis;
mod sis_result;
mod ta;
mod ta_participation;
mod tpl;
mod tpl_report;
mod whole;

pub use case::{Case, Kind, Outcome, Verdict};
pub use listen::Listening;
pub use probe::{Exchange, Prepared, Target};
pub use report::{html, json, junit};
pub use run::{Report, run, run_with};

use crate::exchange::Role;

/// The tests of a party, in the order of the flows.
#[must_use]
pub fn cases(role: Role) -> Vec<Case> {
    let mut all = whole::cases(role);
    match role {
        Role::Sis => {
            all.extend(sis::cases());
            all.extend(sis_result::cases());
        }
        Role::Tpl => {
            all.extend(tpl::cases());
            all.extend(tpl_report::cases());
        }
        Role::Ta => {
            all.extend(catalogue::cases());
            all.extend(ta::cases());
            all.extend(ta_participation::cases());
        }
    }
    all.extend(calling::cases(role));
    all
}
