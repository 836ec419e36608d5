//! One institution into a database, beside those that are there: all of it or nothing.

use super::catalogue::{Table, of_postgres, of_sqlite};
use super::cell::{for_postgres, for_sqlite};
use super::restore::{beside, unpack};
use super::travel::{Known, travels};
use super::{ERASURES, Folders, Manifest, Tenant, trouble};
use crate::sqlite::{Synchronous, open};
use crate::value::Value;
use crate::{Backend, Db, Error, Ledger, Settings};
use rusqlite::Connection;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::pin::pin;
use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};

/// Below every number a transaction can have: the first of the restored lines.
const BEFORE_ALL: i64 = -4_000_000_000_000_000_000;

/// What a restore of one institution did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    pub tenant: Tenant,
    pub rows: u64,
    /// Rows that refer to something above institutions that is not here, by table.
    pub left_out: BTreeMap<String, u64>,
    /// Accounts that were here already and now also stand in this institution.
    pub known_accounts: u64,
}

/// The rows of one table as they were archived.
struct Archived {
    table: Table,
    columns: Vec<String>,
    path: PathBuf,
}

impl Archived {
    fn rows(&self) -> Result<impl Iterator<Item = Result<Vec<Json>, Error>> + '_, Error> {
        let file = File::open(&self.path).map_err(trouble(self.path.display()))?;
        Ok(BufReader::new(file).lines().skip(1).map(|line| {
            let line = line.map_err(trouble(self.path.display()))?;
            serde_json::from_str(&line)
                .ok()
                .filter(|row: &Vec<Json>| row.len() == self.columns.len())
                .ok_or_else(|| self.unreadable())
        }))
    }

    fn unreadable(&self) -> Error {
        Error::Refused(format!("the archive's rows of {} cannot be read", self.table.name))
    }

    fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c == column)
    }

    fn numbers(&self) -> Option<&str> {
        // Only PostgreSQL's transaction numbers need to be given; what a sequence numbers, it numbers anew.
        self.table.numbered.as_deref().filter(|column| *column == "stamp")
    }
}

/// Holds what was archived against the tables that are here, in the order in which rows can be added.
fn archived(tables: Vec<Table>, scratch: &Path) -> Result<Vec<Archived>, Error> {
    let folder = scratch.join("rows");
    let read = std::fs::read_dir(&folder).map_err(trouble(folder.display()))?;
    let mut names: BTreeSet<String> = read
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".jsonl")?.to_owned()))
        .collect();
    let older = |what: String| {
        Error::Refused(format!(
            "{what} is in the archive and no longer in this Regie: restore it with the release that made it, upgrade \
             there, and make a new archive"
        ))
    };
    let mut found = Vec::new();
    for table in tables {
        if !names.remove(&table.name) {
            continue;
        }
        let path = folder.join(format!("{}.jsonl", table.name));
        let file = File::open(&path).map_err(trouble(path.display()))?;
        let mut first = String::new();
        BufReader::new(file).read_line(&mut first).map_err(trouble(path.display()))?;
        let columns: Vec<String> = serde_json::from_str(&first)
            .map_err(|_| Error::Refused(format!("the archive's rows of {} cannot be read", table.name)))?;
        if let Some(gone) = columns.iter().find(|column| !table.columns.contains(column)) {
            return Err(older(format!("{}.{gone}", table.name)));
        }
        found.push(Archived { table, columns, path });
    }
    match names.pop_first() {
        Some(gone) => Err(older(gone)),
        None => Ok(found),
    }
}

/// What adding rows needs of a database; the two differ in little else.
trait Target {
    /// The row of a table above institutions in which the column holds this, by its key; `None` when it is not there.
    async fn find(
        &mut self,
        table: &str,
        column: &str,
        cell: &Json,
        key: &str,
    ) -> Result<Option<Json>, Error>;
    /// Adds a row unless its key is taken; tells whether it did.
    async fn add_above(&mut self, table: &Archived, row: &[Json]) -> Result<bool, Error>;
    /// Adds the rows of an institution.
    async fn add_all(
        &mut self,
        table: &Archived,
        rows: &mut dyn Iterator<Item = Result<Vec<Json>, Error>>,
    ) -> Result<u64, Error>;
}

/// Who stands for whom above institutions, as far as was asked.
#[derive(Default)]
struct Above {
    /// Rows of `Same` tables that were here: ours and theirs, by their keys.
    same: HashMap<(String, String), Json>,
    /// Whether something above institutions is here.
    there: HashMap<(String, String, String), bool>,
}

async fn bring(target: &mut impl Target, tables: &[Archived], tenant: &Tenant) -> Result<Brought, Error> {
    let travels = travels();
    let mut above = Above::default();
    let mut brought =
        Brought { tenant: tenant.clone(), rows: 0, left_out: BTreeMap::new(), known_accounts: 0 };
    // What stands above institutions refers to nothing inside one, and decides whether anything may come at all.
    let (inside, above_all): (Vec<&Archived>, Vec<&Archived>) =
        tables.iter().partition(|archived| archived.table.of_institution());
    for archived in above_all.into_iter().chain(inside) {
        let known = travels.get(archived.table.name.as_str()).map(|travel| travel.known);
        let mut kept: Vec<Vec<Json>> = Vec::new();
        let mut left_out = 0;
        // Links to what stands above institutions; few tables have one.
        let links: Vec<(usize, &str, &str)> = archived
            .table
            .links
            .iter()
            .filter(|link| link.columns.len() == 1)
            .filter_map(|link| {
                Some((archived.place(link.columns.first()?)?, &*link.to, &**link.to_columns.first()?))
            })
            .collect();
        if known.is_none() && links.is_empty() {
            brought.rows += target.add_all(archived, &mut archived.rows()?).await?;
            continue;
        }
        for row in archived.rows()? {
            let mut row = row?;
            let mut whole = true;
            for (place, to, column) in &links {
                let Some(cell) = row.get_mut(*place).filter(|cell| !cell.is_null()) else { continue };
                if let Some(same) = above.same.get(&((*to).to_owned(), cell.to_string())) {
                    *cell = same.clone();
                }
                let key = ((*to).to_owned(), (*column).to_owned(), cell.to_string());
                whole &= match above.there.get(&key) {
                    Some(there) => *there,
                    None => {
                        let there = target.find(to, column, cell, column).await?.is_some();
                        above.there.insert(key, there);
                        there
                    }
                };
            }
            match known {
                _ if !whole => left_out += 1,
                None => kept.push(row),
                Some(Known::Same(column)) => {
                    if !target.add_above(archived, &row).await? {
                        brought.known_accounts += 1;
                        remember(target, archived, column, &row, &mut above).await?;
                    } else {
                        brought.rows += 1;
                    }
                }
                Some(Known::Refuse) => {
                    if !target.add_above(archived, &row).await? {
                        return Err(Error::Refused(format!(
                            "{} ({}) is in this database already. A restore writes over nothing: restore it into \
                             another database, or close and remove the one that is here first",
                            tenant.name, tenant.slug
                        )));
                    }
                    brought.rows += 1;
                }
                Some(Known::Keep) => {
                    brought.rows += u64::from(target.add_above(archived, &row).await?);
                }
            }
        }
        if !kept.is_empty() {
            brought.rows += target.add_all(archived, &mut kept.into_iter().map(Ok)).await?;
        }
        if left_out > 0 {
            brought.left_out.insert(archived.table.name.clone(), left_out);
        }
    }
    Ok(brought)
}

/// The row was known: by its key, or by the column in which it must be the same. From here on that one is meant.
async fn remember(
    target: &mut impl Target,
    archived: &Archived,
    column: &str,
    row: &[Json],
    above: &mut Above,
) -> Result<(), Error> {
    let table = &archived.table.name;
    let cell = |column: &str| {
        archived.place(column).and_then(|place| row.get(place)).cloned().ok_or_else(|| archived.unreadable())
    };
    let (id, value) = (cell("id")?, cell(column)?);
    let theirs = match target.find(table, "id", &id, "id").await? {
        Some(theirs) => theirs,
        None => target
            .find(table, column, &value, "id")
            .await?
            .ok_or_else(|| Error::Bug(format!("a row of {table} is neither new nor known")))?,
    };
    above.same.insert((table.clone(), id.to_string()), theirs);
    Ok(())
}

fn insert(archived: &Archived, more: &[&str], keep: bool) -> String {
    let columns: Vec<&str> =
        archived.columns.iter().map(String::as_str).chain(more.iter().copied()).collect();
    let values: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
    let end = if keep { " ON CONFLICT DO NOTHING" } else { "" };
    format!(
        "INSERT INTO {} ({}) VALUES ({}){end}",
        archived.table.name,
        columns.join(", "),
        values.join(", ")
    )
}

struct InSqlite<'a>(&'a Connection);

impl InSqlite<'_> {
    fn add(&self, archived: &Archived, row: &[Json], keep: bool) -> Result<bool, Error> {
        let mut statement = self.0.prepare_cached(&insert(archived, &[], keep).replace('$', "?"))?;
        for (index, cell) in row.iter().enumerate() {
            let value = for_sqlite(cell).ok_or_else(|| archived.unreadable())?;
            statement.raw_bind_parameter(index + 1, value)?;
        }
        Ok(statement.raw_execute()? == 1)
    }
}

impl Target for InSqlite<'_> {
    async fn find(
        &mut self,
        table: &str,
        column: &str,
        cell: &Json,
        key: &str,
    ) -> Result<Option<Json>, Error> {
        let value = for_sqlite(cell).unwrap_or(Value::Null);
        let text = format!("SELECT {key} FROM {table} WHERE {column} = ?1");
        let mut statement = self.0.prepare_cached(&text)?;
        let mut rows = statement.query([value])?;
        Ok(match rows.next()? {
            Some(row) => Some(super::cell::written(crate::sqlite::cell(row.get_ref(0)?))),
            None => None,
        })
    }

    async fn add_above(&mut self, archived: &Archived, row: &[Json]) -> Result<bool, Error> {
        self.add(archived, row, true)
    }

    async fn add_all(
        &mut self,
        archived: &Archived,
        rows: &mut dyn Iterator<Item = Result<Vec<Json>, Error>>,
    ) -> Result<u64, Error> {
        let mut count = 0;
        for row in rows {
            self.add(archived, &row?, false)?;
            count += 1;
        }
        Ok(count)
    }
}

struct InPostgres<'a>(&'a Client);

impl InPostgres<'_> {
    /// The types of columns, as the server names them.
    async fn types(&self, table: &str, columns: &[&str]) -> Result<Vec<Type>, Error> {
        let text = format!("SELECT {} FROM {table}", columns.join(", "));
        Ok(self.0.prepare(&text).await?.columns().iter().map(|column| column.type_().clone()).collect())
    }
}

impl Target for InPostgres<'_> {
    async fn find(
        &mut self,
        table: &str,
        column: &str,
        cell: &Json,
        key: &str,
    ) -> Result<Option<Json>, Error> {
        let statement = self.0.prepare(&format!("SELECT {key} FROM {table} WHERE {column} = $1")).await?;
        let kind = statement.params().first().cloned().unwrap_or(Type::TEXT);
        let value = for_postgres(cell, &kind).unwrap_or(Value::Null);
        let row = self.0.query_opt(&statement, &[&value]).await?;
        let cells = row.map(|row| crate::postgres::cells(&row)).transpose()?;
        Ok(cells.and_then(|cells| cells.into_iter().next()).map(super::cell::written))
    }

    async fn add_above(&mut self, archived: &Archived, row: &[Json]) -> Result<bool, Error> {
        let statement = self.0.prepare(&insert(archived, &[], true)).await?;
        let values: Option<Vec<Value>> =
            row.iter().zip(statement.params()).map(|(cell, kind)| for_postgres(cell, kind)).collect();
        let values = values.ok_or_else(|| archived.unreadable())?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        Ok(self.0.execute(&statement, &values).await? == 1)
    }

    async fn add_all(
        &mut self,
        archived: &Archived,
        rows: &mut dyn Iterator<Item = Result<Vec<Json>, Error>>,
    ) -> Result<u64, Error> {
        let columns: Vec<&str> =
            archived.columns.iter().map(String::as_str).chain(archived.numbers()).collect();
        let types = self.types(&archived.table.name, &columns).await?;
        let text = format!("COPY {} ({}) FROM STDIN BINARY", archived.table.name, columns.join(", "));
        let sink = self.0.copy_in(&text).await?;
        let mut writer = pin!(tokio_postgres::binary_copy::BinaryCopyInWriter::new(sink, &types));
        let mut number = BEFORE_ALL;
        for row in rows {
            let values: Option<Vec<Value>> =
                row?.iter().zip(&types).map(|(cell, kind)| for_postgres(cell, kind)).collect();
            let mut values = values.ok_or_else(|| archived.unreadable())?;
            if archived.numbers().is_some() {
                number += 1;
                values.push(Value::Int(number));
            }
            let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
            writer.as_mut().write(&values).await?;
        }
        Ok(writer.finish().await?)
    }
}

/// The head points at its line by stamp, and lines were numbered anew.
const HEAD: &str = "UPDATE journal_head SET stamp = (SELECT j.stamp FROM journal j
    WHERE j.institution = journal_head.institution AND j.id = journal_head.entry) WHERE institution = $1";

impl Db {
    /// Restores an archive of one institution beside the others; the others are not touched. Nothing is written when it
    /// is here already, or when any part of it cannot be.
    pub async fn bring_in(&self, from: &Path, folders: &Folders) -> Result<Brought, Error> {
        let scratch = from.with_extension("restoring");
        std::fs::create_dir_all(&scratch).map_err(trouble(scratch.display()))?;
        let outcome = self.unpack_and_bring(from, &scratch, folders).await;
        let _ = std::fs::remove_dir_all(&scratch);
        outcome
    }

    async fn unpack_and_bring(
        &self,
        from: &Path,
        scratch: &Path,
        folders: &Folders,
    ) -> Result<Brought, Error> {
        let manifest: Manifest = unpack(from, scratch)?;
        let Some(tenant) = manifest.institution.clone() else {
            return Err(Error::Refused(format!("{} is no archive of one institution", from.display())));
        };
        let brought = match (&self.0.backend, &self.0.settings) {
            (Backend::Postgres { pool }, _) => {
                let mut line = pool.line().await?;
                line.aside();
                let client = line.client()?;
                client
                    .batch_execute(
                        "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL regie.institution = 'system';
                         SET LOCAL idle_in_transaction_session_timeout = 0",
                    )
                    .await?;
                let tables = archived(of_postgres(client).await?, scratch)?;
                let brought = bring(&mut InPostgres(client), &tables, &tenant).await?;
                client.execute(HEAD, &[&tenant.id]).await?;
                client.batch_execute("COMMIT").await?;
                brought
            }
            (Backend::Sqlite { .. }, Settings::Sqlite { path, .. }) => {
                let connection = open(path, true, Synchronous::Full)?;
                connection.busy_timeout(std::time::Duration::from_secs(60))?;
                connection.execute_batch("BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON")?;
                let tables = archived(of_sqlite(&connection)?, scratch)?;
                // Dropping the connection on an error takes everything back.
                let brought = in_place(bring(&mut InSqlite(&connection), &tables, &tenant))?;
                connection.execute(&HEAD.replace('$', "?"), [tenant.id.as_bytes().as_slice()])?;
                connection.execute_batch("COMMIT")?;
                brought
            }
            _ => return Err(Error::Bug("settings and database differ".into())),
        };
        beside(&manifest, scratch, folders)?;
        if let Some(path) = folders.keys.get(ERASURES) {
            let (ours, theirs) = (Ledger::new(path), Ledger::new(scratch.join("keys").join(ERASURES)));
            let known = ours.read()?;
            for line in theirs.read()?.iter().filter(|line| !known.contains(line)) {
                ours.append(line)?;
            }
            self.erase_again(&ours).await?;
        }
        Ok(brought)
    }
}

/// SQLite answers at once, so nothing is ever waited for.
fn in_place<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    match pin!(work).poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(outcome) => outcome,
        std::task::Poll::Pending => {
            Err(Error::Bug("a restore waited for something else than the database".into()))
        }
    }
}
