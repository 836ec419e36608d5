//! Putting an archive back: first everything is read and held against the manifest, then it is moved in place. It never
//! writes over a database that holds something.

use super::{Folders, MANIFEST, Manifest, POSTGRES, SQLITE, hash_of_file, run, trouble};
use crate::{Backend, Db, Error, Ledger, PostgresSettings, Settings};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Restores an archive into an empty place. Open the database afterwards and call [`Db::restored`].
pub async fn restore(settings: &Settings, from: &Path, folders: &Folders) -> Result<Manifest, Error> {
    match settings {
        Settings::Sqlite { path, .. } if std::fs::metadata(path).is_ok_and(|file| file.len() > 0) => {
            return Err(Error::Refused(format!(
                "{} exists. A restore writes over nothing: move it (with its -wal and -shm) away first",
                path.display()
            )));
        }
        Settings::Postgres(settings) => empty(settings).await?,
        Settings::Sqlite { .. } => {}
    }
    let scratch = from.with_extension("restoring");
    std::fs::create_dir_all(&scratch).map_err(trouble(scratch.display()))?;
    let outcome = put_back(settings, from, &scratch, folders).await;
    let _ = std::fs::remove_dir_all(&scratch);
    outcome
}

async fn put_back(
    settings: &Settings,
    from: &Path,
    scratch: &Path,
    folders: &Folders,
) -> Result<Manifest, Error> {
    let manifest = unpack(from, scratch)?;
    match settings {
        Settings::Sqlite { path, .. } => {
            let copy = scratch.join(SQLITE);
            if !copy.exists() {
                return Err(Error::Refused("this archive is of a PostgreSQL database".into()));
            }
            move_file(&copy, path)?;
        }
        Settings::Postgres(settings) => {
            let dump = scratch.join(POSTGRES);
            if !dump.exists() {
                return Err(Error::Refused("this archive is of an SQLite database".into()));
            }
            // Without a name it would only print; the address itself is in the environment.
            let config: tokio_postgres::Config =
                settings.url.parse().map_err(|error| Error::Refused(format!("database address: {error}")))?;
            let name = config.get_dbname().or(config.get_user()).unwrap_or("postgres");
            let mut arguments =
                ["--no-owner", "--exit-on-error", "--single-transaction"].map(str::to_owned).to_vec();
            arguments.extend([format!("--dbname={name}"), dump.display().to_string()]);
            run("pg_restore", settings, arguments).await?;
        }
    }
    beside(&manifest, scratch, folders)?;
    Ok(manifest)
}

/// Keys and blobs go where they belong, unless something stands there.
pub(super) fn beside(manifest: &Manifest, scratch: &Path, folders: &Folders) -> Result<(), Error> {
    for name in manifest.entries.keys() {
        if let Some(key) = name.strip_prefix("keys/")
            && let Some(place) = folders.keys.get(key)
            && !place.exists()
        {
            move_file(&scratch.join(name), place)?;
        } else if let (Some(blob), Some(blobs)) = (name.strip_prefix("blobs/"), &folders.blobs) {
            let place = blobs.join(blob);
            if !place.exists() {
                move_file(&scratch.join(name), &place)?;
            }
        }
    }
    Ok(())
}

/// What an archive says of itself, without unpacking it. Whether it is whole shows when it is restored.
pub fn read_manifest(from: &Path) -> Result<Manifest, Error> {
    let damaged = |what: &str| Error::Refused(format!("{} is damaged: {what}", from.display()));
    let file = std::fs::File::open(from).map_err(trouble(from.display()))?;
    let mut archive = tar::Archive::new(std::io::BufReader::new(file));
    let mut entries = archive.entries().map_err(|_| damaged("it is no archive"))?;
    let first = entries.next().ok_or_else(|| damaged("it is empty"))?;
    let mut first = first.map_err(|_| damaged("it is no archive of Regie"))?;
    if !first.path().is_ok_and(|path| path == Path::new(MANIFEST)) {
        return Err(damaged("it does not begin with its manifest"));
    }
    let mut text = Vec::new();
    first.read_to_end(&mut text).map_err(|_| damaged("it ends too early"))?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| damaged(&error.to_string()))?;
    if manifest.format != 1 {
        return Err(Error::Refused(format!("archives of format {} need a newer Regie", manifest.format)));
    }
    Ok(manifest)
}

async fn empty(settings: &PostgresSettings) -> Result<(), Error> {
    let pool = crate::postgres::Pool::new(settings)?;
    let mut line = pool.line().await?;
    let there = line.client()?.query_one("SELECT to_regclass('migration') IS NOT NULL", &[]).await?;
    if there.try_get(0)? {
        return Err(Error::Refused(
            "this database already holds a school. A restore writes over nothing: name an empty database"
                .into(),
        ));
    }
    Ok(())
}

/// Unpacks and checks every entry; what is not in the manifest is damage too.
pub(super) fn unpack(from: &Path, scratch: &Path) -> Result<Manifest, Error> {
    let failed = trouble(from.display());
    let damaged = |what: &str| Error::Refused(format!("{} is damaged: {what}", from.display()));
    let file = std::fs::File::open(from).map_err(&failed)?;
    let mut archive = tar::Archive::new(std::io::BufReader::new(file));
    let mut names: Vec<PathBuf> = Vec::new();
    for entry in archive.entries().map_err(|_| damaged("it is no archive"))? {
        let mut entry = entry.map_err(|_| damaged("it ends too early"))?;
        let name = entry.path().map_err(|_| damaged("an entry has no name"))?.into_owned();
        // `unpack_in` refuses names that lead outside.
        if !entry.unpack_in(scratch).map_err(|error| damaged(&error.to_string()))? {
            return Err(damaged(&format!("the entry {} leads outside", name.display())));
        }
        names.push(name);
    }
    let manifest = read_manifest(from)?;
    let newest = crate::migrations(true).last().map_or("", |last| last.name);
    if manifest.schema.as_str() > newest {
        return Err(Error::Refused(format!(
            "the archive is of a newer Regie ({}); restore it with that release",
            manifest.schema
        )));
    }
    if names.len() != manifest.entries.len() + 1 {
        return Err(damaged("it holds other files than its manifest"));
    }
    for (name, expected) in &manifest.entries {
        let path = scratch.join(name);
        if !path.exists() || hash_of_file(&path)? != *expected {
            return Err(damaged(&format!("{name} is not what was saved")));
        }
    }
    Ok(manifest)
}

/// By renaming where possible, over file systems by copying; on disk before it counts.
fn move_file(from: &Path, to: &Path) -> Result<(), Error> {
    let failed = trouble(to.display());
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(&failed)?;
    }
    if std::fs::rename(from, to).is_err() {
        std::fs::copy(from, to).map_err(&failed)?;
    }
    std::fs::File::open(to).and_then(|file| file.sync_all()).map_err(&failed)
}

impl Db {
    /// After a restore: brings the schema up to date, gives the journal stamps that this database's next lines will
    /// come after, and applies erasures that were made since the archive. Gives the number of lines erased again.
    pub async fn restored(&self, ledger: &Ledger) -> Result<usize, Error> {
        self.migrate().await?;
        if self.is_postgres() {
            // Stamps are transaction numbers of the cluster that was; ours may be far below them.
            let Backend::Postgres { pool } = &self.0.backend else {
                return Err(Error::Bug("settings and database differ".into()));
            };
            let mut line = pool.line().await?;
            line.client()?.batch_execute(RESTAMP).await?;
        }
        self.erase_again(ledger).await
    }
}

/// Below every number a transaction can have, in the order of the chain.
const RESTAMP: &str = "BEGIN; SET LOCAL regie.institution = 'system'; SET LOCAL statement_timeout = 0;
    UPDATE journal j SET stamp = r.place - 4000000000000000000
    FROM (SELECT institution, id, row_number() OVER (ORDER BY stamp, id) AS place FROM journal) r
    WHERE r.institution = j.institution AND r.id = j.id;
    UPDATE journal_head h SET stamp = j.stamp FROM journal j
    WHERE j.institution = h.institution AND j.id = h.entry;
    COMMIT";
