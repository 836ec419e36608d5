//! One institution out of the database: its rows as text that either database can take, its erasures, and the blobs that
//! its rows name. The keys stay: they sign for every institution of this installation.

use super::catalogue::{Table, of_postgres, of_sqlite};
use super::cell::written;
use super::save::{pack, scratch};
use super::travel::travels;
use super::{ERASURES, Folders, Manifest, Tenant, trouble};
use crate::sqlite::{Synchronous, open};
use crate::value::Value;
use crate::{Backend, Db, Error, Ledger, Settings};
use futures_util::TryStreamExt as _;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::pin::pin;
use uuid::Uuid;

/// What is taken of a table, in the order in which it can be put back.
struct Part {
    table: Table,
    condition: String,
}

fn parts(tables: Vec<Table>) -> Vec<Part> {
    let travels = travels();
    let condition = |table: &Table| {
        if table.of_institution() {
            return Some("institution = $1".to_owned());
        }
        travels.get(table.name.as_str()).map(|travel| travel.rows.to_owned())
    };
    tables.into_iter().filter_map(|table| Some(Part { condition: condition(&table)?, table })).collect()
}

impl Part {
    fn question(&self) -> String {
        let columns = self.table.travelling().join(", ");
        format!("SELECT {columns} FROM {} WHERE {}{}", self.table.name, self.condition, self.table.order())
    }
}

/// One file of rows, and the blobs that were seen named in it.
struct Rows<'a> {
    file: BufWriter<File>,
    path: PathBuf,
    blobs: &'a mut BTreeSet<String>,
}

impl<'a> Rows<'a> {
    fn begin(folder: &Path, part: &Part, blobs: &'a mut BTreeSet<String>) -> Result<Self, Error> {
        let path = folder.join(format!("{}.jsonl", part.table.name));
        let mut file = BufWriter::new(File::create(&path).map_err(trouble(path.display()))?);
        let columns = serde_json::json!(part.table.travelling());
        writeln!(file, "{columns}").map_err(trouble(path.display()))?;
        Ok(Self { file, path, blobs })
    }

    fn add(&mut self, cells: Vec<Value>) -> Result<(), Error> {
        for cell in &cells {
            match cell {
                Value::Bytes(bytes) if bytes.len() == 32 => drop(self.blobs.insert(hex::encode(bytes))),
                Value::Text(text) => names_in(text, self.blobs),
                Value::Json(json) => names_in(&json.to_string(), self.blobs),
                _ => {}
            }
        }
        let row: Vec<Json> = cells.into_iter().map(written).collect();
        writeln!(self.file, "{}", Json::Array(row)).map_err(trouble(self.path.display()))
    }

    fn end(mut self) -> Result<(), Error> {
        self.file.flush().map_err(trouble(self.path.display()))
    }
}

/// Every 64 small hexadecimal digits on their own: that is what a blob is called.
fn names_in(text: &str, found: &mut BTreeSet<String>) {
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        if word.len() == 64 && word.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            found.insert(word.to_owned());
        }
    }
}

impl Db {
    /// Writes an archive of one institution, as it is at one moment, while everybody works on. It can be restored beside
    /// others, on either kind of database.
    pub async fn backup_one(&self, to: &Path, folders: &Folders, tenant: Tenant) -> Result<Manifest, Error> {
        let scratch = scratch(to)?;
        let outcome = self.take(to, &scratch, folders, tenant).await;
        let _ = std::fs::remove_dir_all(&scratch);
        outcome
    }

    async fn take(
        &self,
        to: &Path,
        scratch: &Path,
        folders: &Folders,
        tenant: Tenant,
    ) -> Result<Manifest, Error> {
        let folder = scratch.join("rows");
        std::fs::create_dir_all(&folder).map_err(trouble(folder.display()))?;
        let mut blobs = BTreeSet::new();
        let names = match (&self.0.backend, &self.0.settings) {
            (Backend::Postgres { .. }, _) => self.take_postgres(&folder, tenant.id, &mut blobs).await?,
            (Backend::Sqlite { .. }, Settings::Sqlite { path, .. }) => {
                let (path, folder, id) = (path.clone(), folder.clone(), tenant.id);
                let taken = tokio::task::spawn_blocking(move || {
                    let mut blobs = BTreeSet::new();
                    take_sqlite(&path, &folder, id, &mut blobs).map(|names| (names, blobs))
                });
                let (names, seen) = taken.await.map_err(|error| Error::Bug(error.to_string()))??;
                blobs = seen;
                names
            }
            _ => return Err(Error::Bug("settings and database differ".into())),
        };
        let mut files: Vec<(String, PathBuf)> = names
            .into_iter()
            .map(|name| (format!("rows/{name}.jsonl"), folder.join(format!("{name}.jsonl"))))
            .collect();
        if let Some(path) = folders.keys.get(ERASURES) {
            let mine = scratch.join(ERASURES);
            for line in Ledger::new(path).read()?.iter().filter(|line| line.institution == tenant.id) {
                Ledger::new(&mine).append(line)?;
            }
            if mine.exists() {
                files.push((format!("keys/{ERASURES}"), mine));
            }
        }
        if let Some(folder) = &folders.blobs {
            let mut all = Vec::new();
            super::save::gather(folder, "blobs", &mut all)?;
            // A blob's path spells its hash, in one piece or several.
            let spelt = |name: &str| name.trim_start_matches("blobs/").replace('/', "");
            files.extend(all.into_iter().filter(|(name, _)| blobs.contains(&spelt(name))));
        }
        pack(to, scratch, "rows", Some(tenant), self.now(), self.is_postgres(), &files)
    }

    async fn take_postgres(
        &self,
        folder: &Path,
        institution: Uuid,
        blobs: &mut BTreeSet<String>,
    ) -> Result<Vec<String>, Error> {
        let Backend::Postgres { pool } = &self.0.backend else { return Err(Error::Bug("no pool".into())) };
        let mut line = pool.line().await?;
        line.aside();
        let client = line.client()?;
        client
            .batch_execute(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0;
                 SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL regie.institution = 'system'",
            )
            .await?;
        let mut names = Vec::new();
        for part in parts(of_postgres(client).await?) {
            let mut rows = Rows::begin(folder, &part, blobs)?;
            let mut stream = pin!(client.query_raw(&part.question(), [&institution]).await?);
            while let Some(row) = stream.try_next().await? {
                rows.add(crate::postgres::cells(&row)?)?;
            }
            rows.end()?;
            names.push(part.table.name);
        }
        client.batch_execute("COMMIT").await?;
        Ok(names)
    }
}

fn take_sqlite(
    path: &Path,
    folder: &Path,
    institution: Uuid,
    blobs: &mut BTreeSet<String>,
) -> Result<Vec<String>, Error> {
    let connection = open(path, false, Synchronous::Full)?;
    // One reading transaction: everything as it is at one moment.
    connection.execute_batch("BEGIN")?;
    let mut names = Vec::new();
    for part in parts(of_sqlite(&connection)?) {
        let mut rows = Rows::begin(folder, &part, blobs)?;
        let mut asked = connection.prepare(&part.question().replace('$', "?"))?;
        let width = asked.column_count();
        let mut found = asked.query([institution.as_bytes().as_slice()])?;
        while let Some(row) = found.next()? {
            let cells = (0..width).map(|n| Ok(crate::sqlite::cell(row.get_ref(n)?)));
            rows.add(cells.collect::<Result<_, rusqlite::Error>>()?)?;
        }
        rows.end()?;
        names.push(part.table.name);
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_is_known_by_its_name_wherever_it_stands() {
        let hash = "0123456789abcdef".repeat(4);
        let mut found = BTreeSet::new();
        names_in(&format!("{{\"scan\":\"{hash}\",\"not\":\"{hash}0\"}}"), &mut found);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [hash]);
    }
}
