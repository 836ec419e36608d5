//! The trial of a statement: prepared and run with sample values on one database, its columns held against the row
//! type. For tests only; whatever it does is rolled back.

use crate::row::ColumnSpec;
use crate::statement::Only;
use crate::value::{Kind, Value};
use crate::{Backend, Db, Error, Settings, Statement, sqlite};
use tokio_postgres::types::{ToSql, Type};

impl Db {
    /// What is wrong with a statement on this database, in sentences; empty when it may stay.
    #[doc(hidden)]
    pub async fn trial(&self, statement: &'static Statement) -> Result<Vec<String>, Error> {
        match (&self.0.backend, &self.0.settings) {
            (Backend::Postgres { pool }, _) if statement.only != Some(Only::Sqlite) => {
                let mut line = pool.line().await?;
                let client = line.client()?;
                client.batch_execute("BEGIN; SET LOCAL regie.institution = 'system'").await?;
                let outcome = on_postgres(client, statement).await;
                client.batch_execute("ROLLBACK").await?;
                outcome
            }
            (Backend::Sqlite { .. }, Settings::Sqlite { path, synchronous, .. })
                if statement.only != Some(Only::Postgres) =>
            {
                let connection = sqlite::open(path, true, *synchronous)?;
                connection.execute_batch("BEGIN IMMEDIATE")?;
                let outcome = on_sqlite(&connection, statement);
                connection.execute_batch("ROLLBACK")?;
                outcome
            }
            _ => Ok(Vec::new()),
        }
    }
}

/// Constraints may refuse made-up values; everything else that goes wrong is a mistake.
fn tolerable(error: &Error) -> bool {
    matches!(error, Error::Unique(_) | Error::Foreign(_) | Error::Check(_))
}

fn names(specs: &[ColumnSpec], found: &[String], problems: &mut Vec<String>) {
    if specs.len() != found.len() {
        problems.push(format!("gives {} columns, its row type has {}", found.len(), specs.len()));
    }
    for (spec, found) in specs.iter().zip(found) {
        if !spec.name.is_empty() && spec.name.trim_start_matches("r#") != found {
            problems.push(format!("its column {found} stands where the row type has {}", spec.name));
        }
    }
}

fn decoded(statement: &'static Statement, rows: Vec<Vec<Value>>, problems: &mut Vec<String>) {
    for row in rows {
        if let Err(error) = (statement.decode)(row, statement.name) {
            problems.push(error.to_string());
        }
    }
}

fn on_sqlite(connection: &rusqlite::Connection, statement: &'static Statement) -> Result<Vec<String>, Error> {
    let mut problems = Vec::new();
    let specs = (statement.columns)();
    let samples = statement.sample();
    let prepared = match connection.prepare(statement.sqlite()) {
        Ok(prepared) => prepared,
        Err(error) => return Ok(vec![format!("SQLite cannot prepare it: {error}")]),
    };
    if prepared.parameter_count() != samples.len() {
        problems.push(format!("has {} parameters and {} values", prepared.parameter_count(), samples.len()));
    }
    let columns: Vec<(String, Option<String>)> =
        prepared.columns().map(|c| (c.name().to_owned(), c.decl_type().map(str::to_owned))).collect();
    drop(prepared);
    names(&specs, &columns.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), &mut problems);
    for (spec, (name, declared)) in specs.iter().zip(&columns) {
        let fits = match declared.as_deref() {
            // An expression has no declared type; its rows are decoded below.
            None => true,
            Some("INTEGER") => matches!(spec.kind, Kind::Int | Kind::Bool | Kind::Time),
            Some("TEXT") => matches!(spec.kind, Kind::Text | Kind::Date | Kind::Json),
            Some("BLOB") => matches!(spec.kind, Kind::Uuid | Kind::Bytes),
            Some("REAL") => spec.kind == Kind::Float,
            Some(_) => false,
        };
        if !fits {
            problems.push(format!("column {name} is {declared:?}, the row type reads {:?}", spec.kind));
        }
    }
    if problems.is_empty() {
        match sqlite::run(connection, statement, &samples) {
            Ok((rows, _)) => decoded(statement, rows, &mut problems),
            Err(error) if tolerable(&error) => {}
            Err(error) => problems.push(format!("SQLite cannot run it: {error}")),
        }
    }
    Ok(problems)
}

async fn on_postgres(
    client: &tokio_postgres::Client,
    statement: &'static Statement,
) -> Result<Vec<String>, Error> {
    let mut problems = Vec::new();
    let specs = (statement.columns)();
    let samples = statement.sample();
    let types = crate::postgres::types(statement);
    let prepared = match client.prepare_typed(statement.postgres(), &types).await {
        Ok(prepared) => prepared,
        Err(error) => return Ok(vec![format!("PostgreSQL cannot prepare it: {}", said(&error))]),
    };
    if prepared.params().len() != samples.len() {
        problems.push(format!("has {} parameters and {} values", prepared.params().len(), samples.len()));
    }
    let found: Vec<String> = prepared.columns().iter().map(|c| c.name().to_owned()).collect();
    names(&specs, &found, &mut problems);
    for (spec, column) in specs.iter().zip(prepared.columns()) {
        if !fits(column.type_(), spec.kind) {
            let (name, ty) = (column.name(), column.type_());
            problems.push(format!("column {name} is {ty}, the row type reads {:?}", spec.kind));
        }
        if !spec.nullable && may_be_null(client, column, statement.sql).await? {
            problems.push(format!(
                "column {} may be NULL: read an Option, or use coalesce or IS NOT NULL",
                column.name()
            ));
        }
    }
    if !problems.is_empty() {
        return Ok(problems);
    }
    let values: Vec<&(dyn ToSql + Sync)> = samples.iter().map(|value| value as _).collect();
    client.batch_execute("SAVEPOINT run").await?;
    match client.query(&prepared, &values).await {
        Ok(rows) => {
            let rows = rows.iter().map(crate::postgres::cells).collect::<Result<_, _>>()?;
            decoded(statement, rows, &mut problems);
        }
        Err(error) => {
            client.batch_execute("ROLLBACK TO run").await?;
            let text = said(&error);
            if !tolerable(&Error::from(error)) {
                problems.push(format!("PostgreSQL cannot run it: {text}"));
            }
        }
    }
    let changes =
        ["INSERT", "UPDATE", "DELETE"].iter().any(|verb| statement.sql.trim_start().starts_with(verb));
    if changes
        && specs.is_empty()
        && let Err(error) = client.prepare_typed(statement.guarded(), &types).await
    {
        problems.push(format!("PostgreSQL cannot guard it: {}", said(&error)));
    }
    Ok(problems)
}

fn said(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |db| db.message().to_owned())
}

/// True when the value comes straight from a column without NOT NULL, and no condition excludes it.
async fn may_be_null(
    client: &tokio_postgres::Client,
    column: &tokio_postgres::Column,
    sql: &str,
) -> Result<bool, Error> {
    let (Some(table), Some(number)) = (column.table_oid(), column.column_id()) else { return Ok(false) };
    let row = client
        .query_opt(
            "SELECT a.attname::text, a.attnotnull OR c.relkind <> 'r'
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attrelid = $1 AND a.attnum = $2",
            &[&table, &number],
        )
        .await?;
    let Some(row) = row else { return Ok(false) };
    let (name, never): (String, bool) = (row.try_get(0)?, row.try_get(1)?);
    Ok(!never && !sql.contains(&format!("{name} IS NOT NULL")))
}

fn fits(ty: &Type, kind: Kind) -> bool {
    match kind {
        Kind::Bool => *ty == Type::BOOL,
        Kind::Int => matches!(*ty, Type::INT2 | Type::INT4 | Type::INT8),
        Kind::Float => matches!(*ty, Type::FLOAT4 | Type::FLOAT8),
        Kind::Text => matches!(*ty, Type::TEXT | Type::VARCHAR | Type::NAME | Type::BPCHAR),
        Kind::Uuid => *ty == Type::UUID,
        Kind::Time => *ty == Type::TIMESTAMPTZ,
        Kind::Date => *ty == Type::DATE,
        Kind::Json => matches!(*ty, Type::JSON | Type::JSONB),
        Kind::Bytes => *ty == Type::BYTEA,
        Kind::Uuids => *ty == Type::UUID_ARRAY,
        Kind::Texts => matches!(*ty, Type::TEXT_ARRAY | Type::VARCHAR_ARRAY),
    }
}
