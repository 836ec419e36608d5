//! The tables as the database itself describes them, in an order in which each comes after those it refers to.

use crate::Error;
use std::collections::{BTreeMap, BTreeSet};

/// One table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    /// The column that the database numbers itself, in the order of arrival; it is numbered anew elsewhere.
    pub(super) numbered: Option<String>,
    pub(super) links: Vec<Link>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) columns: Vec<String>,
    pub(super) to: String,
    pub(super) to_columns: Vec<String>,
}

impl Table {
    pub(super) fn of_institution(&self) -> bool {
        self.columns.iter().any(|column| column == "institution")
    }

    /// All but the numbered one.
    pub(super) fn travelling(&self) -> Vec<&str> {
        self.columns.iter().filter(|c| Some(*c) != self.numbered.as_ref()).map(String::as_str).collect()
    }

    /// In which order its rows must arrive.
    pub(super) fn order(&self) -> String {
        let id = self.columns.iter().any(|column| column == "id").then_some("id");
        let by: Vec<&str> = self.numbered.as_deref().into_iter().chain(id).collect();
        if by.is_empty() { String::new() } else { format!(" ORDER BY {}", by.join(", ")) }
    }
}

pub(super) fn of_sqlite(connection: &rusqlite::Connection) -> Result<Vec<Table>, Error> {
    let names: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut tables = Vec::with_capacity(names.len());
    for name in names {
        let described: Vec<(String, String, i64)> = connection
            .prepare("SELECT name, type, pk FROM pragma_table_info(?1) ORDER BY cid")?
            .query_map([&name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        let keys = described.iter().filter(|(_, _, key)| *key > 0).count();
        let numbered = described
            .iter()
            .find(|(_, kind, key)| keys == 1 && *key == 1 && kind == "INTEGER")
            .map(|(column, _, _)| column.clone());
        let mut links: BTreeMap<i64, Link> = BTreeMap::new();
        let mut asked = connection.prepare(
            "SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?1) ORDER BY id, seq",
        )?;
        let mut rows = asked.query([&name])?;
        while let Some(row) = rows.next()? {
            let (id, to): (i64, String) = (row.get(0)?, row.get(1)?);
            let link = links.entry(id).or_insert_with(|| Link { columns: vec![], to, to_columns: vec![] });
            link.columns.push(row.get(2)?);
            link.to_columns.push(row.get::<_, Option<String>>(3)?.unwrap_or_else(|| "id".into()));
        }
        drop(rows);
        drop(asked);
        let columns = described.into_iter().map(|(column, _, _)| column).collect();
        tables.push(Table { name, columns, numbered, links: links.into_values().collect() });
    }
    in_order(tables)
}

const COLUMNS: &str = "SELECT c.relname::text, a.attname::text,
        a.attidentity <> '' OR coalesce(strpos(pg_get_expr(d.adbin, d.adrelid), 'pg_current_xact_id') > 0, FALSE)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname, a.attnum";

const LINKS: &str = "SELECT c.relname::text, r.relname::text,
        array(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS n (number, place)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.number ORDER BY n.place),
        array(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS n (number, place)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n.number ORDER BY n.place)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
    WHERE k.contype = 'f' AND c.relnamespace = current_schema()::regnamespace ORDER BY k.conname";

pub(super) async fn of_postgres(client: &tokio_postgres::Client) -> Result<Vec<Table>, Error> {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for row in client.query(COLUMNS, &[]).await? {
        let (name, column): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let table = tables.entry(name.clone()).or_insert_with(|| Table { name, ..Table::default() });
        if row.try_get(2)? {
            table.numbered = Some(column.clone());
        }
        table.columns.push(column);
    }
    for row in client.query(LINKS, &[]).await? {
        if let Some(table) = tables.get_mut(row.try_get::<_, &str>(0)?) {
            let link = Link { to: row.try_get(1)?, columns: row.try_get(2)?, to_columns: row.try_get(3)? };
            table.links.push(link);
        }
    }
    in_order(tables.into_values().collect())
}

/// Each after those it refers to; by name where that leaves a choice, so that two databases agree.
fn in_order(tables: Vec<Table>) -> Result<Vec<Table>, Error> {
    let mut waiting: BTreeMap<String, Table> =
        tables.into_iter().map(|table| (table.name.clone(), table)).collect();
    let (mut done, mut placed) = (Vec::with_capacity(waiting.len()), BTreeSet::new());
    while !waiting.is_empty() {
        let ready =
            |table: &Table| table.links.iter().all(|link| link.to == table.name || placed.contains(&link.to));
        let Some(name) = waiting.values().find(|table| ready(table)).map(|table| table.name.clone()) else {
            let names: Vec<&str> = waiting.keys().map(String::as_str).collect();
            return Err(Error::Bug(format!(
                "these tables refer to each other in a ring: {}",
                names.join(", ")
            )));
        };
        done.extend(waiting.remove(&name));
        placed.insert(name);
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, to: &[&str]) -> Table {
        let links =
            to.iter().map(|to| Link { columns: vec![], to: (*to).into(), to_columns: vec![] }).collect();
        Table { name: name.into(), links, ..Table::default() }
    }

    #[test]
    fn a_table_comes_after_those_it_refers_to_and_a_ring_is_named() {
        let ordered = in_order(vec![table("room", &["campus"]), table("campus", &["campus"])]).unwrap();
        assert_eq!(ordered.iter().map(|t| &*t.name).collect::<Vec<_>>(), ["campus", "room"]);
        let ring = in_order(vec![table("a", &["b"]), table("b", &["a"])]).unwrap_err().to_string();
        assert!(ring.contains("a, b"), "{ring}");
    }
}
