//! Every fault, with the tests that must find it.

mod odd;
mod sis;
mod ta;
mod ta_message;
mod tpl;

use std::sync::LazyLock;

use super::Fault;

/// Every fault.
pub static FAULTS: LazyLock<Vec<Fault>> =
    LazyLock::new(|| [ta::faults(), ta_message::faults(), tpl::faults(), sis::faults()].concat());

/// Oddities within the agreement, for each party: no test may fail on them.
pub static ODDITIES: LazyLock<Vec<Fault>> = LazyLock::new(odd::variants);

/// Ways to be out of order for a while.
pub static OUTAGES: LazyLock<Vec<Fault>> = LazyLock::new(odd::outages);
