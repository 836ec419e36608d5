//! One archive with everything a school needs to start again elsewhere: database, blobs, keys. It is a plain tar file
//! whose first entry lists every other one with its hash, so that damage is found before anything is put back.

mod bring;
mod catalogue;
mod cell;
mod restore;
mod save;
mod take;
mod travel;

pub use bring::Brought;
pub use restore::{read_manifest, restore};
pub use travel::{Known, STAYS, Stay, TRAVELS, Travel};

use crate::{Error, PostgresSettings};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use uuid::Uuid;

/// The erasure ledger's name among [`Folders::keys`].
pub const ERASURES: &str = "erasures";

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
    /// `sqlite` or `postgres`: the whole, which goes back to the same kind. `rows`: one institution, for either.
    pub database: String,
    /// Whose archive it is, when it is of one institution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub institution: Option<Tenant>,
    /// The newest migration in it.
    pub schema: String,
    /// Every other entry with its SHA-256.
    pub entries: BTreeMap<String, String>,
}

/// An institution, as an archive names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
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

/// Runs it on this database to its end; what it complained of becomes the error. The password goes by the environment,
/// where other users of the machine cannot read it.
async fn run(name: &'static str, settings: &PostgresSettings, arguments: Vec<String>) -> Result<(), Error> {
    let mut command = Command::new(program(name));
    command.args(arguments);
    for (key, value) in connection(settings)? {
        command.env(key, value);
    }
    let ran = tokio::task::spawn_blocking(move || command.output()).await;
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

/// The address as PostgreSQL's own programs read it from their environment.
fn connection(settings: &PostgresSettings) -> Result<Vec<(&'static str, String)>, Error> {
    let config: tokio_postgres::Config =
        settings.url.parse().map_err(|error| Error::Refused(format!("database address: {error}")))?;
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .map(|host| match host {
            tokio_postgres::config::Host::Tcp(name) => name.clone(),
            tokio_postgres::config::Host::Unix(path) => path.display().to_string(),
        })
        .collect();
    let ports: Vec<String> = config.get_ports().iter().map(ToString::to_string).collect();
    let mut out = vec![("PGHOST", hosts.join(",")), ("PGPORT", ports.join(","))];
    out.extend(config.get_user().map(|user| ("PGUSER", user.to_owned())));
    out.extend(config.get_dbname().map(|name| ("PGDATABASE", name.to_owned())));
    out.extend(config.get_password().map(|word| ("PGPASSWORD", String::from_utf8_lossy(word).into_owned())));
    if config.get_ssl_mode() == tokio_postgres::config::SslMode::Require {
        let mode = if settings.authority.is_some() { "verify-full" } else { "require" };
        out.push(("PGSSLMODE", mode.into()));
    }
    out.extend(settings.authority.as_ref().map(|path| ("PGSSLROOTCERT", path.display().to_string())));
    out.retain(|(_, value)| !value.is_empty());
    Ok(out)
}
