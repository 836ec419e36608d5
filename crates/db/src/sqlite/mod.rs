//! SQLite: one file, one writer thread, many readers.

mod readers;
mod writer;

pub(crate) use readers::Readers;
pub(crate) use writer::{Job, Ran, Writer};

use crate::value::Value;
use crate::{Error, Statement};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};
use std::path::Path;

pub(crate) type Rows = (Vec<Vec<Value>>, u64);

/// How safely a commit is kept. Anything but `Full` exists so that crash tests can show what would be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    Full,
    Off,
}

pub(crate) fn open(path: &Path, writer: bool, synchronous: Synchronous) -> Result<Connection, Error> {
    let connection = Connection::open(path)?;
    connection.set_prepared_statement_cache_capacity(1024);
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let sync = if synchronous == Synchronous::Full { "FULL" } else { "OFF" };
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {sync}; PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000; PRAGMA mmap_size = 268435456;
         PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000;"
    ))?;
    if !writer {
        connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8000;")?;
    }
    Ok(connection)
}

/// Runs a script on a SQLite file, for tests and tools that look from outside.
#[doc(hidden)]
pub fn script(path: &Path, text: &str) -> Result<(), Error> {
    Ok(open(path, true, Synchronous::Full)?.execute_batch(text)?)
}

/// Runs one statement and reads all its rows; the number says how many rows it changed.
pub(crate) fn run(
    connection: &Connection,
    statement: &'static Statement,
    values: &[Value],
) -> Result<Rows, Error> {
    run_text(connection, statement.sqlite(), values)
}

pub(crate) fn run_text(connection: &Connection, text: &str, values: &[Value]) -> Result<Rows, Error> {
    let mut prepared = connection.prepare_cached(text)?;
    for (index, value) in values.iter().enumerate() {
        prepared.raw_bind_parameter(index + 1, value)?;
    }
    let columns = prepared.column_count();
    if columns == 0 {
        let changed = prepared.raw_execute()?;
        return Ok((Vec::new(), changed as u64));
    }
    let mut rows = prepared.raw_query();
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let mut cells = Vec::with_capacity(columns);
        for column in 0..columns {
            cells.push(cell(row.get_ref(column)?));
        }
        out.push(cells);
    }
    let changed = out.len() as u64;
    Ok((out, changed))
}

pub(crate) fn cell(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(x) => Value::Float(x),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::Value as Owned;
        Ok(match self {
            Value::Null => ToSqlOutput::Owned(Owned::Null),
            Value::Bool(b) => ToSqlOutput::Owned(Owned::Integer(i64::from(*b))),
            Value::Int(n) => ToSqlOutput::Owned(Owned::Integer(*n)),
            Value::Float(x) => ToSqlOutput::Owned(Owned::Real(*x)),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Uuid(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
            Value::Time(time) => ToSqlOutput::Owned(Owned::Integer(time.as_microsecond())),
            Value::Date(date) => ToSqlOutput::Owned(Owned::Text(date.to_string())),
            Value::Json(json) => ToSqlOutput::Owned(Owned::Text(json.to_string())),
            Value::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Value::Uuids(ids) => {
                let texts: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
                ToSqlOutput::Owned(Owned::Text(serde_json::json!(texts).to_string()))
            }
            Value::Texts(texts) => ToSqlOutput::Owned(Owned::Text(serde_json::json!(texts).to_string())),
        })
    }
}
