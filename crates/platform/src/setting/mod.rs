//! Settings: what holds at this school, what the default is, who changed it when and why.

mod change;
mod store;

pub use change::{Change, change};

use crate::Error;
use jiff::Timestamp;
use regie_access::{Action, Db};
use regie_core::Caller;
use regie_core::id::Id;
use regie_core::setting::{ALL, Owner, Settings, Spec, by_key};
use regie_db::Ask;
use regie_db::journal::Entry;
use std::collections::HashMap;

/// Who may change it.
pub const fn action(spec: &Spec) -> Action {
    match spec.owner {
        Owner::Configuration => Action::EditSettings,
        Owner::Examining => Action::EditExamRules,
    }
}

/// One setting as it stands.
#[derive(Debug, Clone)]
pub struct Line {
    pub spec: &'static Spec,
    /// What holds.
    pub value: String,
    /// The version a change must name; 0 when the school never set it.
    pub version: i64,
    pub changed_at: Option<Timestamp>,
}

impl Line {
    /// Whether the school decided otherwise than the default.
    pub fn differs(&self) -> bool {
        self.value != self.spec.fallback
    }
}

/// All of them, in the order of their groups.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Line>, Error> {
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeSettings).await?;
    let rows: HashMap<String, store::Stored> =
        reader.all(store::all()).await?.into_iter().map(|row| (row.key.clone(), row)).collect();
    let mut lines: Vec<Line> = ALL.iter().map(|spec| line(spec, rows.get(spec.key))).collect();
    lines.sort_by_key(|line| line.spec.group);
    Ok(lines)
}

/// One of them, and who changed it before, newest first.
pub async fn see(db: &Db, caller: &Caller, key: &str) -> Result<(Line, Vec<(Entry, Option<String>)>), Error> {
    let spec = by_key(key).ok_or(Error::NotFound("setting"))?;
    let mut reader = db.reader(caller.institution);
    regie_access::here(&mut reader, caller, Action::SeeSettings).await?;
    let row = reader.opt(store::one(spec.key)).await?;
    let history = reader.all(regie_db::journal::history(spec.id().uuid(), 100)).await?;
    Ok((line(spec, row.as_ref()), crate::journal::named(&mut reader, history).await?))
}

fn line(spec: &'static Spec, row: Option<&store::Stored>) -> Line {
    let set = row.map(|row| (row.key.clone(), row.value.clone()));
    Line {
        spec,
        value: Settings::new(set).shown(spec),
        version: row.map_or(0, |row| row.version),
        changed_at: row.map(|row| row.changed_at),
    }
}
