//! Every fault, with the tests that must find it.

mod calling;
mod odd;
mod shared;
mod sis;
mod ta;
mod ta_message;
mod tpl;

use std::sync::LazyLock;

use super::Fault;

/// Every fault of the serving half.
pub static FAULTS: LazyLock<Vec<Fault>> = LazyLock::new(|| {
    [shared::faults(), ta::faults(), ta_message::faults(), tpl::faults(), sis::faults()].concat()
});

/// Every fault of the calling half: what a party sends when it is the one that calls.
pub static CALL_FAULTS: LazyLock<Vec<Fault>> = LazyLock::new(calling::faults);

/// Oddities within the agreement, for each party: no test may fail on them.
pub static ODDITIES: LazyLock<Vec<Fault>> = LazyLock::new(odd::variants);

/// The same of the calling half.
pub static CALL_ODDITIES: LazyLock<Vec<Fault>> = LazyLock::new(odd::callers);

/// Ways to be out of order for a while.
pub static OUTAGES: LazyLock<Vec<Fault>> = LazyLock::new(odd::outages);
