//! One archive with everything a school needs to start again elsewhere: database, blobs, keys. It is a plain tar file
//! whose first entry lists every other one with its hash, so that damage is found before anything is put back.

mod restore;
mod save;

pub use restore::restore;

use crate::Error;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

const MANIFEST: &str = "manifest.json";
const SQLITE: &str = "database.sqlite";
const POSTGRES: &str = "database.dump";

/// What lies beside the database.
#[derive(Debug, Clone, Default)]
pub struct Folders {
    /// Content-addressed files; absent when they are on an object store, which has backups of its own.
    pub blobs: Option<PathBuf>,
    /// Single files by the name they have in the archive: the signing key, the erasure ledger, settings.
    pub keys: BTreeMap<String, PathBuf>,
}

/// What is in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    pub format: u32,
    pub made_at: Timestamp,
    /// `sqlite` or `postgres`; an archive goes back to the same kind.
    pub database: String,
    /// The newest migration in it.
    pub schema: String,
    /// Every other entry with its SHA-256.
    pub entries: BTreeMap<String, String>,
}

fn trouble(what: impl std::fmt::Display) -> impl Fn(std::io::Error) -> Error {
    move |error| match error.raw_os_error() {
        Some(28) => Error::DiskFull,
        _ => Error::Refused(format!("{what}: {error}")),
    }
}

fn hash_of(mut from: impl Read) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    std::io::copy(&mut from, &mut hasher)?;
    Ok(hex::encode(hasher.finalize()))
}

fn hash_of_file(path: &Path) -> Result<String, Error> {
    std::fs::File::open(path).and_then(hash_of).map_err(trouble(path.display()))
}

/// PostgreSQL's own program, the newest on this machine.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin").join(name)))
        })
        .filter(|(_, path)| path.exists())
        .collect();
    found.sort();
    found.pop().map_or_else(|| name.into(), |(_, path)| path)
}

/// Runs it to its end; what it complained of becomes the error.
async fn run(name: &'static str, arguments: Vec<String>) -> Result<(), Error> {
    let ran = tokio::task::spawn_blocking(move || Command::new(program(name)).args(arguments).output()).await;
    let out = ran.map_err(|error| Error::Bug(error.to_string()))?.map_err(|error| {
        Error::Refused(format!(
            "{name} is needed and could not be started ({error}): install postgresql-client"
        ))
    })?;
    if out.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&out.stderr);
    let said: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).take(4).collect();
    Err(Error::Refused(format!("{name}: {}", said.join(" "))))
}
