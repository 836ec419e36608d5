//! What whoever watches over an installation wants to know of the database.

use crate::reader::Reader;
use crate::{Ask, Backend, Db, Error, system_statements};
use jiff::Timestamp;
use std::time::Duration;

/// How busy the database's edge is, without asking the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measures {
    /// Commands that wait for SQLite's writer; on PostgreSQL nobody waits in a row.
    pub queue: u64,
    /// Connections (on SQLite: readers) that are lent out.
    pub in_use: usize,
    pub size: usize,
}

impl Db {
    pub fn measures(&self) -> Measures {
        let (queue, (in_use, size)) = match &self.0.backend {
            Backend::Sqlite { writer, readers } => (writer.queue(), readers.in_use()),
            Backend::Postgres { pool } => (0, pool.in_use()),
        };
        Measures { queue, in_use, size }
    }

    /// Messages that wait (counted up to 100,000), how long the first due one has waited, and how many are dead.
    pub async fn outbox_measures(&self) -> Result<(i64, Duration, i64), Error> {
        let mut all = Reader::across(self.clone());
        let (waiting, first) = all.one(waiting()).await?;
        let (dead,) = all.one(dead()).await?;
        let late = first.map_or(Duration::ZERO, |first| {
            Duration::try_from(self.now().duration_since(first)).unwrap_or(Duration::ZERO)
        });
        Ok((waiting, late, dead))
    }
}

system_statements! {
    fn waiting() -> (i64, Option<Timestamp>) =
        "SELECT count(*), min(due_at) FROM (SELECT due_at FROM outbox WHERE dead_at IS NULL LIMIT 100000) o";
    fn dead() -> (i64,) = "SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL";
}
