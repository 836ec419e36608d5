//! Migrations: numbered, forward only, one text for both databases, checksummed. Views are dropped before and made
//! anew after, so that an area may change its tables freely behind them.

use crate::sqlite::{Synchronous, open};
use crate::{Backend, Db, Error, Settings};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../migrations");

/// Held while migrating, so that two nodes starting together do it once.
const LOCK: i64 = 0x7265_6769;

/// How often a migration that met others in the middle begins again.
const MIGRATION_TURNS: u64 = 20;

/// One numbered file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    pub number: u32,
    pub name: &'static str,
    pub text: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Sqlite,
    Postgres,
}

/// All migrations in order. `0042_name.sqlite.sql` and `0042_name.postgres.sql` stand for one whose text must differ.
pub fn migrations(postgres: bool) -> Vec<Migration> {
    let mine = if postgres { ".postgres" } else { ".sqlite" };
    let mut found: Vec<Migration> = FILES
        .files()
        .filter_map(|file| {
            let name = file.path().file_name()?.to_str()?.strip_suffix(".sql")?;
            let (number, _) = name.split_once('_')?;
            let other = name.ends_with(".postgres") || name.ends_with(".sqlite");
            if other && !name.ends_with(mine) {
                return None;
            }
            Some(Migration { number: number.parse().ok()?, name, text: file.contents_utf8()? })
        })
        .collect();
    found.sort_by_key(|migration| migration.number);
    found
}

/// The areas' published views, in order of their file names.
pub fn views() -> Vec<(&'static str, &'static str)> {
    let mut found: Vec<_> = FILES
        .get_dir("views")
        .map(|dir| {
            dir.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?))).collect()
        })
        .unwrap_or_default();
    found.sort();
    found
}

/// DDL with its `{token}`s filled in for one database, for tests that bring tables of their own.
#[doc(hidden)]
pub fn ddl(text: &str, postgres: bool) -> String {
    fill(text, if postgres { Dialect::Postgres } else { Dialect::Sqlite })
}

/// The `{token}`s of DDL, filled in for one database.
fn fill(text: &str, dialect: Dialect) -> String {
    let pairs: [(&str, &str, &str); 13] = [
        ("{uuid}", "BLOB", "UUID"),
        ("{int}", "INTEGER", "BIGINT"),
        ("{float}", "REAL", "DOUBLE PRECISION"),
        ("{bool}", "INTEGER", "BOOLEAN"),
        ("{time}", "INTEGER", "TIMESTAMPTZ"),
        ("{date}", "TEXT", "DATE"),
        ("{json}", "TEXT", "JSONB"),
        ("{bytes}", "BLOB", "BYTEA"),
        // Bytewise order on both, whatever the cluster's language.
        ("{text}", "TEXT", "TEXT COLLATE \"C\""),
        ("{strict}", " STRICT", ""),
        ("{true}", "1", "TRUE"),
        ("{false}", "0", "FALSE"),
        ("{serial}", "INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
    ];
    let stamp = match dialect {
        // The order of commits.
        Dialect::Sqlite => "INTEGER PRIMARY KEY AUTOINCREMENT",
        // The transaction: all rows below the oldest open one are there to stay.
        Dialect::Postgres => "BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)",
    };
    let mut text = text.replace("{stamp}", stamp);
    for (token, sqlite, postgres) in pairs {
        text = text.replace(token, if dialect == Dialect::Sqlite { sqlite } else { postgres });
    }
    text
}

fn checksum(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS migration (
    number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)";

/// What must still run, after holding the ledger against the files.
fn missing(
    applied: &BTreeMap<u32, (String, String)>,
    postgres: bool,
    more: &[Migration],
) -> Result<Vec<Migration>, Error> {
    let mut missing = Vec::new();
    for migration in migrations(postgres).into_iter().chain(more.iter().copied()) {
        match applied.get(&migration.number) {
            Some((_, sum)) if *sum == checksum(migration.text) => {}
            Some((name, _)) => {
                return Err(Error::Migration(format!(
                    "{} was applied as {name} with another text. A migration never changes once released: \
                     restore the file and add a new number",
                    migration.name
                )));
            }
            None if applied.keys().next_back().is_some_and(|last| *last > migration.number) => {
                return Err(Error::Migration(format!(
                    "{} comes before migrations that were already applied; give it the next number",
                    migration.name
                )));
            }
            None => missing.push(migration),
        }
    }
    // Numbers we do not know belong to a newer release: expand-then-contract lets this one run on them.
    Ok(missing)
}

impl Db {
    /// Brings the schema up to date and says what was applied. Safe to call from several nodes at once.
    pub async fn migrate(&self) -> Result<Vec<&'static str>, Error> {
        self.migrate_with(&[]).await
    }

    /// As `migrate`, with what a next release would add: a test of rolling upgrades plays that release.
    #[doc(hidden)]
    pub async fn migrate_with(&self, more: &[Migration]) -> Result<Vec<&'static str>, Error> {
        match (&self.0.backend, &self.0.settings) {
            (Backend::Postgres { pool }, _) => {
                let mut line = pool.line().await?;
                let client = line.client()?;
                // Large tables take their time.
                client.batch_execute("SET statement_timeout = 0").await?;
                client.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
                let mut outcome = on_postgres(client, more).await;
                // Views go one after another, and a node that answers meanwhile may hold the next and want the last:
                // PostgreSQL then sends one of the two away. Nothing was done, so it is begun again.
                for turn in 1..=MIGRATION_TURNS {
                    let Err(Error::Again(why)) = &outcome else { break };
                    tracing::warn!(%why, turn, "the migration met others and begins again");
                    tokio::time::sleep(std::time::Duration::from_millis(50 * turn)).await;
                    outcome = on_postgres(client, more).await;
                }
                client
                    .batch_execute(&format!(
                        "SELECT pg_advisory_unlock({LOCK}); SET statement_timeout = '10s'"
                    ))
                    .await?;
                outcome
            }
            (Backend::Sqlite { .. }, Settings::Sqlite { path, synchronous, .. }) => {
                on_sqlite(path, *synchronous, more)
            }
            _ => Err(Error::Bug("settings and database differ".into())),
        }
    }

    /// Names of migrations that are in this binary but not in the database.
    pub async fn pending(&self) -> Result<Vec<&'static str>, Error> {
        let postgres = self.is_postgres();
        let applied = match (&self.0.backend, &self.0.settings) {
            (Backend::Postgres { pool }, _) => {
                let mut line = pool.line().await?;
                let client = line.client()?;
                let there = client.query_one("SELECT to_regclass('migration') IS NOT NULL", &[]).await?;
                if there.try_get(0)? { ledger_of_postgres(client).await? } else { BTreeMap::new() }
            }
            (Backend::Sqlite { .. }, Settings::Sqlite { path, synchronous, .. }) => {
                let connection = open(path, true, *synchronous)?;
                connection.execute_batch(LEDGER)?;
                ledger_of_sqlite(&connection)?
            }
            _ => return Err(Error::Bug("settings and database differ".into())),
        };
        Ok(missing(&applied, postgres, &[])?.into_iter().map(|migration| migration.name).collect())
    }
}

async fn ledger_of_postgres(
    client: &tokio_postgres::Client,
) -> Result<BTreeMap<u32, (String, String)>, Error> {
    let rows = client.query("SELECT number, name, checksum FROM migration", &[]).await?;
    rows.iter()
        .map(|row| {
            let number: i64 = row.try_get(0)?;
            Ok((u32::try_from(number).unwrap_or(u32::MAX), (row.try_get(1)?, row.try_get(2)?)))
        })
        .collect()
}

fn ledger_of_sqlite(connection: &rusqlite::Connection) -> Result<BTreeMap<u32, (String, String)>, Error> {
    let mut statement = connection.prepare("SELECT number, name, checksum FROM migration")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

async fn on_postgres(
    client: &tokio_postgres::Client,
    more: &[Migration],
) -> Result<Vec<&'static str>, Error> {
    client.batch_execute(LEDGER).await?;
    let todo = missing(&ledger_of_postgres(client).await?, true, more)?;
    if todo.is_empty() {
        return Ok(Vec::new());
    }
    let failed = |name: &str, error: tokio_postgres::Error| {
        if error.code() == Some(&tokio_postgres::error::SqlState::T_R_DEADLOCK_DETECTED) {
            return Error::from(error);
        }
        let detail = error.as_db_error().map_or_else(|| error.to_string(), |db| db.message().to_owned());
        Error::Migration(format!("{name}: {detail}"))
    };
    // One transaction for all of it: a half-migrated school does not exist.
    client.batch_execute("BEGIN").await?;
    let work = async {
        drop_views(client).await?;
        for migration in &todo {
            client
                .batch_execute(&fill(migration.text, Dialect::Postgres))
                .await
                .map_err(|error| failed(migration.name, error))?;
            client
                .execute(
                    "INSERT INTO migration (number, name, checksum) VALUES ($1, $2, $3)",
                    &[&i64::from(migration.number), &migration.name, &checksum(migration.text)],
                )
                .await?;
        }
        for (name, text) in views() {
            client
                .batch_execute(&fill(text, Dialect::Postgres))
                .await
                .map_err(|error| failed(name, error))?;
        }
        Ok(())
    };
    match work.await {
        Ok(()) => client.batch_execute("COMMIT").await?,
        Err(error) => {
            client.batch_execute("ROLLBACK").await?;
            return Err(error);
        }
    }
    Ok(todo.into_iter().map(|migration| migration.name).collect())
}

async fn drop_views(client: &tokio_postgres::Client) -> Result<(), Error> {
    let rows = client
        .query("SELECT quote_ident(viewname) FROM pg_views WHERE schemaname = current_schema()", &[])
        .await?;
    for row in rows {
        let name: String = row.try_get(0)?;
        client.batch_execute(&format!("DROP VIEW IF EXISTS {name} CASCADE")).await?;
    }
    Ok(())
}

fn on_sqlite(
    path: &std::path::Path,
    synchronous: Synchronous,
    more: &[Migration],
) -> Result<Vec<&'static str>, Error> {
    let connection = open(path, true, synchronous)?;
    // Waits for another starting process; the busy timeout bounds it.
    connection.execute_batch("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")?;
    let work = || {
        connection.execute_batch(LEDGER)?;
        let todo = missing(&ledger_of_sqlite(&connection)?, false, more)?;
        if todo.is_empty() {
            return Ok(Vec::new());
        }
        let names: Vec<String> = {
            let mut statement = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'")?;
            statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        for name in names {
            connection.execute_batch(&format!("DROP VIEW \"{name}\""))?;
        }
        for migration in &todo {
            connection
                .execute_batch(&fill(migration.text, Dialect::Sqlite))
                .map_err(|error| Error::Migration(format!("{}: {error}", migration.name)))?;
            connection.execute(
                "INSERT INTO migration (number, name, checksum) VALUES (?1, ?2, ?3)",
                (migration.number, migration.name, checksum(migration.text)),
            )?;
        }
        for (name, text) in views() {
            connection
                .execute_batch(&fill(text, Dialect::Sqlite))
                .map_err(|error| Error::Migration(format!("{name}: {error}")))?;
        }
        Ok(todo.into_iter().map(|migration| migration.name).collect())
    };
    match work() {
        Ok(applied) => {
            connection.execute_batch("COMMIT")?;
            Ok(applied)
        }
        Err(error) => {
            connection.execute_batch("ROLLBACK")?;
            Err(error)
        }
    }
}
