//! Settings: a flag wins over the environment, the environment over the file, the file over the default.

use regie_db::{PostgresSettings, Synchronous};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;

/// As given on the command line or in the environment.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Given {
    /// A TOML file with the same names.
    #[arg(long, env = "REGIE_CONFIG", global = true)]
    config: Option<PathBuf>,
    /// Where data, keys and blobs stand [default: var].
    #[arg(long, env = "REGIE_DATA", global = true)]
    data: Option<PathBuf>,
    /// `postgres://…` or `host=… dbname=…`; without it one SQLite file in the data folder.
    #[arg(long, env = "REGIE_DATABASE", global = true)]
    database: Option<String>,
    /// Connections to PostgreSQL per node [default: 16].
    #[arg(long, env = "REGIE_CONNECTIONS", global = true)]
    connections: Option<usize>,
    /// The authority that signed PostgreSQL's certificate, as PEM.
    #[arg(long, env = "REGIE_DATABASE_CA", global = true)]
    database_ca: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8080].
    #[arg(long, env = "REGIE_LISTEN", global = true)]
    listen: Option<SocketAddr>,
    /// The address readers use; with https cookies are secure and browsers are told to stay with it.
    #[arg(long, env = "REGIE_PUBLIC_URL", global = true)]
    public_url: Option<String>,
    /// What to log [default: info].
    #[arg(long, env = "REGIE_LOG", global = true)]
    log: Option<String>,
    /// Log lines as JSON.
    #[arg(long, env = "REGIE_LOG_JSON", global = true)]
    log_json: bool,
    #[command(flatten)]
    mail: crate::mail::Given,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    connections: Option<usize>,
    database_ca: Option<PathBuf>,
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    log: Option<String>,
    log_json: Option<bool>,
    smtp_host: Option<String>,
    smtp_port: Option<u16>,
    smtp_security: Option<crate::mail::Encryption>,
    smtp_user: Option<String>,
    smtp_password_file: Option<PathBuf>,
    smtp_sender: Option<String>,
    smtp_ca: Option<PathBuf>,
}

/// What holds.
#[derive(Debug, Clone)]
pub struct Settings {
    pub data: PathBuf,
    pub database: regie_db::Settings,
    pub listen: SocketAddr,
    pub public_url: String,
    pub log: String,
    pub log_json: bool,
    pub mail: crate::mail::Given,
}

impl Settings {
    pub fn read(given: Given) -> Result<Self, String> {
        let file = match &given.config {
            None => File::default(),
            Some(path) => {
                let text =
                    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
                toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?
            }
        };
        let data = given.data.or(file.data).unwrap_or_else(|| "var".into());
        let listen = given.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let database = match given.database.or(file.database) {
            Some(url) => regie_db::Settings::Postgres(PostgresSettings {
                url,
                connections: given.connections.or(file.connections).unwrap_or(16).clamp(2, 500),
                authority: given.database_ca.or(file.database_ca),
                row_security: false,
            }),
            None => regie_db::Settings::Sqlite {
                path: data.join("regie.db"),
                readers: 8,
                synchronous: Synchronous::Full,
            },
        };
        Ok(Self {
            public_url: given.public_url.or(file.public_url).unwrap_or_else(|| format!("http://{listen}")),
            data,
            database,
            listen,
            log: given.log.or(file.log).unwrap_or_else(|| "info".into()),
            log_json: given.log_json || file.log_json.unwrap_or(false),
            mail: given.mail.or(crate::mail::Given {
                smtp_host: file.smtp_host,
                smtp_port: file.smtp_port,
                smtp_security: file.smtp_security,
                smtp_user: file.smtp_user,
                smtp_password_file: file.smtp_password_file,
                smtp_sender: file.smtp_sender,
                smtp_ca: file.smtp_ca,
            }),
        })
    }

    /// With the port the machine gave, when it was left to the machine.
    pub fn at(self, address: SocketAddr) -> Self {
        let left = self.public_url.ends_with(":0");
        Self { public_url: if left { format!("http://{address}") } else { self.public_url }, ..self }
    }

    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The folder of keys; made readable for this user alone.
    pub fn keys(&self) -> PathBuf {
        self.data.join("keys")
    }

    /// The file outside the database that remembers what was lawfully erased.
    pub fn erasures(&self) -> PathBuf {
        self.keys().join(regie_db::ERASURES)
    }

    /// Where uploaded files lie when they are on the disk.
    pub fn blobs(&self) -> PathBuf {
        self.data.join("blobs")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_wins_over_the_file_and_a_wrong_name_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("regie.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:9000\"\npublic_url = \"https://regie.school.nl\"\n")
            .unwrap();
        let given = Given { config: Some(path.clone()), log: Some("debug".into()), ..Given::default() };
        let settings = Settings::read(given.clone()).unwrap();
        assert_eq!((settings.listen.port(), settings.secure(), &*settings.log), (9000, true, "debug"));
        let flag = Given { listen: Some(SocketAddr::from(([127, 0, 0, 1], 9001))), ..given.clone() };
        assert_eq!(Settings::read(flag).unwrap().listen.port(), 9001);
        std::fs::write(&path, "lisen = \"127.0.0.1:9000\"\n").unwrap();
        let told = Settings::read(given).unwrap_err();
        assert!(told.contains("lisen") && told.contains("line 1"), "{told}");
    }
}
