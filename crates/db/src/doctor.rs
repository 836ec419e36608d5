//! What is wrong with the database, and what to do about it, in sentences for whoever runs it.

use crate::sqlite::{Synchronous, open};
use crate::{Ask, Backend, Db, Error, Settings, reader::Reader, system_statements};
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

/// Something that is not well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ailment {
    pub what: String,
    pub way_out: String,
    /// Acknowledged work or the journal is in danger; the rest can wait for office hours.
    pub grave: bool,
}

fn grave(what: impl Into<String>, way_out: &str) -> Ailment {
    Ailment { what: what.into(), way_out: way_out.into(), grave: true }
}

fn mild(what: impl Into<String>, way_out: &str) -> Ailment {
    Ailment { what: what.into(), way_out: way_out.into(), grave: false }
}

/// Less free space than this, or than the database's own size up to ten times this, is too little.
const SPACE: u64 = 512 << 20;

impl Db {
    /// Looks at schema, file, server settings, sealing and outbox. Empty when all is well.
    pub async fn doctor(&self) -> Result<Vec<Ailment>, Error> {
        let mut found = Vec::new();
        match self.pending().await {
            Ok(pending) if pending.is_empty() => {}
            Ok(pending) => {
                found.push(grave(
                    format!("the schema lacks {}", pending.join(", ")),
                    "run `regie migrate` (a backup first)",
                ));
                return Ok(found);
            }
            Err(Error::Migration(why)) => {
                found.push(grave(
                    why,
                    "run the release that made this database, or restore the files of this one",
                ));
                return Ok(found);
            }
            Err(error) => return Err(error),
        }
        match (&self.0.backend, &self.0.settings) {
            (Backend::Sqlite { .. }, Settings::Sqlite { path, synchronous, .. }) => {
                let (path, synchronous) = (path.clone(), *synchronous);
                let looked = tokio::task::spawn_blocking(move || file(&path, synchronous)).await;
                found.extend(looked.map_err(|error| Error::Bug(error.to_string()))??);
            }
            (Backend::Postgres { pool }, _) => {
                let mut line = pool.line().await?;
                found.extend(server(line.client()?).await?);
            }
            _ => return Err(Error::Bug("settings and database differ".into())),
        }
        self.sealing(&mut found).await?;
        self.deliveries(&mut found).await?;
        Ok(found)
    }

    /// Whether what goes over the line to PostgreSQL is encrypted (a local socket and SQLite are not, and need not be).
    pub async fn encrypted(&self) -> Result<bool, Error> {
        let Backend::Postgres { pool } = &self.0.backend else { return Ok(false) };
        let mut line = pool.line().await?;
        let question = "SELECT coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), FALSE)";
        Ok(line.client()?.query_one(question, &[]).await?.try_get(0)?)
    }

    async fn sealing(&self, found: &mut Vec<Ailment>) -> Result<(), Error> {
        let now = self.now();
        let late = |oldest: &Timestamp| now.duration_since(*oldest) > SignedDuration::from_mins(1);
        let schools = self.unsealed_schools().await?.into_iter().filter(|(_, oldest)| late(oldest)).count();
        if schools > 0 {
            found.push(grave(
                format!("the journal of {schools} institutions has not been sealed for over a minute"),
                "see that `regie serve` runs; on PostgreSQL look for a transaction that stays open",
            ));
        }
        Ok(())
    }

    async fn deliveries(&self, found: &mut Vec<Ailment>) -> Result<(), Error> {
        let mut all = Reader::across(self.clone());
        let (dead,) = all.one(dead_letters()).await?;
        if dead > 0 {
            found.push(mild(
                format!("{dead} messages could not be delivered and hold up what comes after them"),
                "open the page Dead letters: repair the cause and retry, or drop them with a reason",
            ));
        }
        let before = self.now().checked_sub(SignedDuration::from_mins(10)).unwrap_or(self.now());
        let (late,) = all.one(overdue(before)).await?;
        if late > 0 {
            found.push(mild(
                format!("{late} messages are more than ten minutes late"),
                "see that `regie serve` runs, and what its log says about deliveries",
            ));
        }
        Ok(())
    }
}

fn file(path: &Path, synchronous: Synchronous) -> Result<Vec<Ailment>, Error> {
    let mut found = Vec::new();
    if synchronous == Synchronous::Off {
        found.push(grave("synchronous is off: a power cut loses acknowledged work", "set it to full"));
    }
    let connection = open(path, false, Synchronous::Full)?;
    let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if said != "ok" {
        found.push(grave(
            format!("the database file is damaged: {said}"),
            "stop Regie and restore the last backup",
        ));
    }
    let loose: i64 =
        connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
    if loose > 0 {
        found.push(grave(
            format!("{loose} rows refer to something that does not exist"),
            "the file was changed from outside: restore the last backup, or ask for help with it",
        ));
    }
    let size = std::fs::metadata(path).map_or(0, |file| file.len());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(space) = rustix::fs::statvfs(folder) {
        let free = space.f_bavail.saturating_mul(space.f_frsize);
        if free < SPACE.max(size.min(SPACE * 10)) {
            found.push(mild(
                format!("only {} MB are free for a database of {} MB", free >> 20, size >> 20),
                "free some space: with none left nothing can be saved, and a backup needs as much again",
            ));
        }
    }
    let log = std::path::PathBuf::from(format!("{}-wal", path.display()));
    let log = std::fs::metadata(log).map_or(0, |file| file.len());
    if log > 512 << 20 {
        found.push(mild(
            format!("the write-ahead log has grown to {} MB", log >> 20),
            "something reads for very long; it shrinks by itself once that ends",
        ));
    }
    Ok(found)
}

async fn server(client: &tokio_postgres::Client) -> Result<Vec<Ailment>, Error> {
    let mut found = Vec::new();
    let row = client
        .query_one(
            "SELECT current_setting('server_version_num')::bigint, current_setting('fsync'),
                current_setting('synchronous_commit'), current_setting('full_page_writes'),
                current_setting('server_encoding'),
                (SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'
                   AND xact_start < now() - interval '1 minute'),
                (SELECT count(*) FROM pg_prepared_xacts)",
            &[],
        )
        .await?;
    if row.try_get::<_, i64>(0)? < 150_000 {
        found.push(grave("this PostgreSQL is older than 15", "upgrade it"));
    }
    for (index, name) in [(1, "fsync"), (2, "synchronous_commit"), (3, "full_page_writes")] {
        if row.try_get::<_, String>(index)? == "off" {
            found.push(grave(
                format!("{name} is off: a crash loses acknowledged work"),
                "turn it on in postgresql.conf and reload",
            ));
        }
    }
    let encoding: String = row.try_get(4)?;
    if encoding != "UTF8" {
        found.push(grave(format!("the database is in {encoding}"), "make one in UTF8 and restore into it"));
    }
    let (idle, prepared): (i64, i64) = (row.try_get(5)?, row.try_get(6)?);
    if idle + prepared > 0 {
        found.push(mild(
            format!("{} transactions stay open; the journal cannot be sealed past them", idle + prepared),
            "end the programs that hold them (see pg_stat_activity and pg_prepared_xacts)",
        ));
    }
    Ok(found)
}

system_statements! {
    fn dead_letters() -> (i64,) = "SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL";
    fn overdue(before: Timestamp) -> (i64,) = "SELECT count(*) FROM outbox WHERE due_at < $1";
}
