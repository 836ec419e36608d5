//! Making an archive while everybody works on.

use super::{Folders, MANIFEST, Manifest, POSTGRES, SQLITE, Tenant, hash_of_file, run, trouble};
use crate::sqlite::{Synchronous, open};
use crate::{Db, Error, Settings};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

impl Db {
    /// Writes an archive of the whole database with its files. What is committed when it begins is in it. The archive
    /// appears under its name only when it is complete and on disk; it holds keys, so only its owner may read it.
    pub async fn backup(&self, to: &Path, folders: &Folders) -> Result<Manifest, Error> {
        let scratch = scratch(to)?;
        let outcome = self.save(to, &scratch, folders).await;
        let _ = std::fs::remove_dir_all(&scratch);
        outcome
    }

    async fn save(&self, to: &Path, scratch: &Path, folders: &Folders) -> Result<Manifest, Error> {
        let (kind, name) = if self.is_postgres() { ("postgres", POSTGRES) } else { ("sqlite", SQLITE) };
        let copy = scratch.join(name);
        match &self.0.settings {
            Settings::Sqlite { path, .. } => {
                let (path, copy) = (path.clone(), copy.clone());
                let copied = tokio::task::spawn_blocking(move || copy_sqlite(&path, &copy)).await;
                copied.map_err(|error| Error::Bug(error.to_string()))??;
            }
            Settings::Postgres(settings) => {
                let file = format!("--file={}", copy.display());
                run("pg_dump", settings, vec!["--format=custom".into(), "--no-owner".into(), file]).await?;
            }
        }
        // The blobs come after the database: they are only ever added, so what the rows name is there.
        let mut files: Vec<(String, PathBuf)> = vec![(name.to_owned(), copy)];
        files.extend(
            folders.keys.iter().filter(|(_, p)| p.exists()).map(|(n, p)| (format!("keys/{n}"), p.clone())),
        );
        if let Some(blobs) = &folders.blobs {
            gather(blobs, "blobs", &mut files)?;
        }
        pack(to, scratch, kind, None, self.now(), self.is_postgres(), &files)
    }
}

/// An empty folder beside the archive to be. The archive itself must not be there yet.
pub(super) fn scratch(to: &Path) -> Result<PathBuf, Error> {
    if to.exists() {
        return Err(Error::Refused(format!(
            "{} exists. A backup writes over nothing: name another file",
            to.display()
        )));
    }
    let scratch = to.with_extension("making");
    std::fs::create_dir_all(&scratch).map_err(trouble(scratch.display()))?;
    Ok(scratch)
}

/// The files and their manifest as one archive.
pub(super) fn pack(
    to: &Path,
    scratch: &Path,
    kind: &str,
    institution: Option<Tenant>,
    made_at: Timestamp,
    postgres: bool,
    files: &[(String, PathBuf)],
) -> Result<Manifest, Error> {
    let mut entries = BTreeMap::new();
    for (name, path) in files {
        entries.insert(name.clone(), hash_of_file(path)?);
    }
    let schema = crate::migrations(postgres).last().map_or("", |last| last.name).to_owned();
    let manifest = Manifest { format: 1, made_at, database: kind.to_owned(), institution, schema, entries };
    write(to, &scratch.join("archive"), &manifest, files)?;
    Ok(manifest)
}

/// SQLite's own online backup: one reading transaction, the writer goes on.
fn copy_sqlite(from: &Path, to: &Path) -> Result<(), Error> {
    let source = open(from, false, Synchronous::Full)?;
    let mut target = rusqlite::Connection::open(to)?;
    let backup = rusqlite::backup::Backup::new(&source, &mut target)?;
    loop {
        match backup.step(-1)? {
            rusqlite::backup::StepResult::Done => break,
            rusqlite::backup::StepResult::More => {}
            _ => std::thread::sleep(std::time::Duration::from_millis(50)),
        }
    }
    drop(backup);
    // An archive is one file, so its database has no log beside it.
    target.execute_batch("PRAGMA journal_mode = DELETE")?;
    let sound: String = target.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if sound != "ok" {
        return Err(Error::Refused(format!("the copy is damaged ({sound}); run `regie doctor`")));
    }
    Ok(())
}

/// All files below a folder, with their names in the archive.
pub(super) fn gather(folder: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) -> Result<(), Error> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder).map_err(trouble(folder.display()))? {
        let entry = entry.map_err(trouble(folder.display()))?;
        let path = entry.path();
        let Some(part) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let name = format!("{name}/{part}");
        if path.is_dir() {
            gather(&path, &name, files)?;
        } else {
            files.push((name, path));
        }
    }
    Ok(())
}

fn write(to: &Path, making: &Path, manifest: &Manifest, files: &[(String, PathBuf)]) -> Result<(), Error> {
    let failed = trouble(to.display());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(making).map_err(&failed)?;
    let mut archive = tar::Builder::new(std::io::BufWriter::new(file));
    let text = serde_json::to_vec_pretty(manifest).map_err(|error| Error::Bug(error.to_string()))?;
    let mut header = tar::Header::new_gnu();
    header.set_size(text.len() as u64);
    header.set_mode(0o600);
    header.set_cksum();
    archive.append_data(&mut header, MANIFEST, text.as_slice()).map_err(&failed)?;
    for (name, path) in files {
        archive.append_path_with_name(path, name).map_err(&failed)?;
    }
    let buffered = archive.into_inner().map_err(&failed)?;
    let file = buffered.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(&failed)?;
    std::fs::rename(making, to).map_err(&failed)?;
    if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        // The name, too, must be on disk.
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(&failed)?;
    }
    Ok(())
}
