//! Modules: which parts of Regie are on for which units, so that a school may start with two teams.

mod store;
mod switch;

pub use store::Activation;
pub use switch::{Switch, switch};

use crate::Error;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::UnitId;
use regie_db::Ask;

/// A part of Regie that can be on or off. People and organisation always are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Module {
    Catalog,
    Planning,
    Delivery,
    Marking,
    Practicals,
    Results,
    Portfolio,
    Insight,
}

impl Module {
    pub const ALL: [Module; 8] = [
        Module::Catalog,
        Module::Planning,
        Module::Delivery,
        Module::Marking,
        Module::Practicals,
        Module::Results,
        Module::Portfolio,
        Module::Insight,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Module::Catalog => "catalog",
            Module::Planning => "planning",
            Module::Delivery => "delivery",
            Module::Marking => "marking",
            Module::Practicals => "practicals",
            Module::Results => "results",
            Module::Portfolio => "portfolio",
            Module::Insight => "insight",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|module| module.code() == code)
    }
}

regie_db::coded!(Module = Module::Catalog);

/// Where each module is on, or will be.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Activation>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeOrganisation).await?;
    Ok(reader.all(store::list()).await?)
}

/// Whether a unit works with a module today: it or a unit above it was switched on.
pub async fn is_on(db: &Db, caller: &Caller, module: Module, unit: UnitId) -> Result<bool, Error> {
    let mut reader = db.reader(caller.institution);
    let (count,) = reader.one(store::on(module, unit, caller.today())).await?;
    Ok(count > 0)
}
