//! Notices: what somebody should know. A use case sends `notice.tell` with its change; who it concerns finds it behind
//! the bell. A notice is a code and arguments (`notice-<code>` in the texts), so each reader has it in their language.

mod read;
mod store;
mod tell;

pub use read::{read, read_all};
pub use store::Notice;
pub use tell::{Telling, tell};

use crate::Error;
use regie_access::Db;
use regie_core::Caller;
use regie_db::Ask;

impl Notice {
    /// What the text fills in.
    pub fn values(&self) -> serde_json::Map<String, serde_json::Value> {
        serde_json::from_str(&self.arguments).unwrap_or_default()
    }
}

/// The caller's own, newest first. One's notices are one's own: no role sees those of others.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<Notice>, Error> {
    let Some(person) = caller.person else { return Ok(Vec::new()) };
    Ok(db.reader(caller.institution).all(store::latest(person, 100)).await?)
}

/// How many the caller has not read.
pub async fn unread(db: &Db, caller: &Caller) -> Result<u32, Error> {
    let Some(person) = caller.person else { return Ok(0) };
    let (count,) = db.reader(caller.institution).one(store::unread(person)).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
