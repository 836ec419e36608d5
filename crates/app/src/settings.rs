//! Settings: a flag wins over the environment, the environment over the file, the file over the default. What is wrong is
//! told with the name of the setting and the place where it stands.

use regie_core::limit::Rates;
use regie_db::{PostgresSettings, Synchronous};
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// As given on the command line or in the environment.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Given {
    /// A TOML file with the same names, written with underscores.
    #[arg(long, env = "REGIE_CONFIG", global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where data, keys and blobs stand [default: var].
    #[arg(long, env = "REGIE_DATA", global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// `postgres://…` or `host=… dbname=…`; without it one SQLite file in the data folder.
    #[arg(long, env = "REGIE_DATABASE", global = true, value_name = "ADDRESS")]
    database: Option<String>,
    /// Connections to PostgreSQL per node, 2 to 500 [default: 16].
    #[arg(long, env = "REGIE_CONNECTIONS", global = true, value_name = "NUMBER")]
    connections: Option<usize>,
    /// The authority that signed PostgreSQL's certificate, as PEM.
    #[arg(long, env = "REGIE_DATABASE_CA", global = true, value_name = "FILE")]
    database_ca: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8080].
    #[arg(long, env = "REGIE_LISTEN", global = true, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The address readers use; with https cookies are secure and browsers are told to stay with it.
    #[arg(long, env = "REGIE_PUBLIC_URL", global = true, value_name = "URL")]
    public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed: addresses or networks, with commas [default: 127.0.0.1,::1].
    #[arg(
        long,
        env = "REGIE_TRUSTED_PROXIES",
        global = true,
        value_name = "NETWORKS",
        value_delimiter = ','
    )]
    trusted_proxies: Option<Vec<Network>>,
    /// Requests a minute from one address; 0 is no limit [default: 6000].
    #[arg(long, env = "REGIE_RATE_ADDRESS", global = true, value_name = "NUMBER")]
    rate_address: Option<u32>,
    /// Requests a minute by one account [default: 600].
    #[arg(long, env = "REGIE_RATE_ACCOUNT", global = true, value_name = "NUMBER")]
    rate_account: Option<u32>,
    /// Requests a minute by one program [default: 1200].
    #[arg(long, env = "REGIE_RATE_CLIENT", global = true, value_name = "NUMBER")]
    rate_client: Option<u32>,
    /// Attempts a minute to sign in from one address [default: 300].
    #[arg(long, env = "REGIE_RATE_SIGN_IN_ADDRESS", global = true, value_name = "NUMBER")]
    rate_sign_in_address: Option<u32>,
    /// Attempts a minute to sign in as one account [default: 10].
    #[arg(long, env = "REGIE_RATE_SIGN_IN_ACCOUNT", global = true, value_name = "NUMBER")]
    rate_sign_in_account: Option<u32>,
    /// At a stop: seconds during which `/ready` says no and requests are still taken [default: 2].
    #[arg(long, env = "REGIE_DRAIN_SECONDS", global = true, value_name = "SECONDS")]
    drain_seconds: Option<u64>,
    /// What to log, for example `regie_db=debug,info` [default: info].
    #[arg(long, env = "REGIE_LOG", global = true, value_name = "FILTER")]
    log: Option<String>,
    /// Log lines as JSON.
    #[arg(long, env = "REGIE_LOG_JSON", global = true)]
    log_json: bool,
    /// Where traces go, in OTLP over HTTP: `http://127.0.0.1:4318/v1/traces`. Only in a build with OpenTelemetry.
    #[arg(long, env = "REGIE_OTLP_ENDPOINT", global = true, value_name = "URL")]
    otlp_endpoint: Option<String>,
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
    trusted_proxies: Option<Vec<Network>>,
    rate_address: Option<u32>,
    rate_account: Option<u32>,
    rate_client: Option<u32>,
    rate_sign_in_address: Option<u32>,
    rate_sign_in_account: Option<u32>,
    drain_seconds: Option<u64>,
    log: Option<String>,
    log_json: Option<bool>,
    otlp_endpoint: Option<String>,
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
    pub trusted_proxies: Vec<Network>,
    pub rates: Rates,
    pub drain: Duration,
    pub log: String,
    pub log_json: bool,
    /// The collector of traces.
    pub otlp: Option<String>,
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
        // Where a setting stands that is there but makes no sense.
        let wrong = |name: &str, as_flag: bool, what: &str| {
            let place = match (&given.config, as_flag) {
                (Some(path), false) => format!("{} in {}", name, path.display()),
                _ => {
                    let (flag, variable) = (name.replace('_', "-"), name.to_uppercase());
                    format!("--{flag} (or REGIE_{variable})")
                }
            };
            format!("{place}: {what}")
        };
        let connections = given.connections.or(file.connections).unwrap_or(16);
        if !(2..=500).contains(&connections) {
            let what = format!("{connections} is not between 2 and 500");
            return Err(wrong("connections", given.connections.is_some(), &what));
        }
        let listen = given.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let public_url =
            given.public_url.clone().or(file.public_url).unwrap_or_else(|| format!("http://{listen}"));
        if !(public_url.starts_with("https://") || public_url.starts_with("http://")) {
            let what = format!("{public_url} does not begin with https:// or http://");
            return Err(wrong("public_url", given.public_url.is_some(), &what));
        }
        let log = given.log.clone().or(file.log).unwrap_or_else(|| "info".into());
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&log) {
            return Err(wrong("log", given.log.is_some(), &format!("{log}: {error}")));
        }
        let data = given.data.or(file.data).unwrap_or_else(|| "var".into());
        let database = match given.database.or(file.database) {
            Some(url) => regie_db::Settings::Postgres(PostgresSettings {
                url,
                connections,
                authority: given.database_ca.or(file.database_ca),
                row_security: false,
            }),
            None => regie_db::Settings::Sqlite {
                path: data.join("regie.db"),
                readers: 8,
                synchronous: Synchronous::Full,
            },
        };
        let usual = Rates::default();
        let rate = |flag: Option<u32>, file: Option<u32>, usual| flag.or(file).unwrap_or(usual);
        let rates = Rates {
            address: rate(given.rate_address, file.rate_address, usual.address),
            account: rate(given.rate_account, file.rate_account, usual.account),
            client: rate(given.rate_client, file.rate_client, usual.client),
            sign_in_address: rate(
                given.rate_sign_in_address,
                file.rate_sign_in_address,
                usual.sign_in_address,
            ),
            sign_in_account: rate(
                given.rate_sign_in_account,
                file.rate_sign_in_account,
                usual.sign_in_account,
            ),
        };
        Ok(Self {
            trusted_proxies: given
                .trusted_proxies
                .or(file.trusted_proxies)
                .unwrap_or_else(|| Network::LOCAL.into()),
            rates,
            drain: Duration::from_secs(given.drain_seconds.or(file.drain_seconds).unwrap_or(2)),
            otlp: given.otlp_endpoint.or(file.otlp_endpoint),
            log_json: given.log_json || file.log_json.unwrap_or(false),
            public_url,
            data,
            database,
            listen,
            mail: given.mail.or(crate::mail::Given {
                smtp_host: file.smtp_host,
                smtp_port: file.smtp_port,
                smtp_security: file.smtp_security,
                smtp_user: file.smtp_user,
                smtp_password_file: file.smtp_password_file,
                smtp_sender: file.smtp_sender,
                smtp_ca: file.smtp_ca,
            }),
            log,
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

    /// Sheets that were handed in, until they are carried out or old.
    pub fn imports(&self) -> PathBuf {
        self.data.join("imports")
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

/// An address, or a network as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    base: IpAddr,
    bits: u32,
}

impl Network {
    /// The machine itself.
    pub const LOCAL: [Network; 2] = [
        Network { base: IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), bits: 32 },
        Network { base: IpAddr::V6(std::net::Ipv6Addr::LOCALHOST), bits: 128 },
    ];

    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - self.bits).unwrap_or(0);
                base.to_bits() & mask == address.to_bits() & mask
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - self.bits).unwrap_or(0);
                base.to_bits() & mask == address.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let told = || format!("{text} is no address or network, such as 10.0.0.1 or 10.0.0.0/8");
        let (base, bits) =
            text.trim().split_once('/').map_or((text.trim(), None), |(base, bits)| (base, Some(bits)));
        let base: IpAddr = base.parse().map_err(|_| told())?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| told()))?;
        if bits > most { Err(told()) } else { Ok(Self { base, bits }) }
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, Given) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("regie.toml");
        std::fs::write(&path, text).unwrap();
        (dir, Given { config: Some(path), ..Given::default() })
    }

    #[test]
    fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
        let (_dir, given) = file(
            "listen = \"127.0.0.1:9000\"\npublic_url = \"https://regie.school.nl\"\nrate_account = 60\n\
             trusted_proxies = [\"10.0.0.0/8\"]\n",
        );
        let given = Given { log: Some("debug".into()), ..given };
        let settings = Settings::read(given.clone()).unwrap();
        assert_eq!((settings.listen.port(), settings.secure(), &*settings.log), (9000, true, "debug"));
        assert_eq!((settings.rates.account, settings.rates.client), (60, 1200));
        assert_eq!(settings.trusted_proxies, ["10.0.0.0/8".parse().unwrap()]);
        let flag = Given {
            listen: Some(SocketAddr::from(([127, 0, 0, 1], 9001))),
            rate_account: Some(0),
            ..given.clone()
        };
        let settings = Settings::read(flag).unwrap();
        assert_eq!((settings.listen.port(), settings.rates.account), (9001, 0));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_name_and_place() {
        let cases = [
            ("lisen = \"127.0.0.1:9000\"\n", "lisen"),
            ("log = \"info\"\nlisten = \"here\"\n", "line 2"),
            ("connections = 1\n", "connections in "),
            ("public_url = \"regie.school.nl\"\n", "public_url in "),
            ("log = \"a=b=c\"\n", "log in "),
            ("trusted_proxies = [\"10.0.0.0/33\"]\n", "line 1"),
            ("rate_address = -1\n", "line 1"),
        ];
        for (text, told) in cases {
            let (_dir, given) = file(text);
            let error = Settings::read(given).unwrap_err();
            assert!(error.contains("regie.toml") && error.contains(told), "{text}: {error}");
        }
        let flag = Given { connections: Some(1), ..Given::default() };
        let error = Settings::read(flag).unwrap_err();
        assert_eq!(error, "--connections (or REGIE_CONNECTIONS): 1 is not between 2 and 500");
        let missing = Given { config: Some("/nowhere/regie.toml".into()), ..Given::default() };
        assert!(Settings::read(missing).unwrap_err().starts_with("/nowhere/regie.toml: "));
    }

    #[test]
    fn a_network_holds_its_addresses() {
        let network = |text: &str| text.parse::<Network>().unwrap();
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(network("10.0.0.0/8").holds(address("10.200.3.4")));
        assert!(network("10.0.0.0/8").holds(address("::ffff:10.200.3.4")));
        assert!(!network("10.0.0.0/8").holds(address("11.0.0.1")));
        assert!(
            network("192.0.2.1").holds(address("192.0.2.1"))
                && !network("192.0.2.1").holds(address("192.0.2.2"))
        );
        assert!(
            network("0.0.0.0/0").holds(address("203.0.113.5"))
                && network("::/0").holds(address("2001:db8::1"))
        );
        assert!(network("2001:db8::/32").holds(address("2001:db8:1::1")));
        assert!("x".parse::<Network>().is_err() && "10.0.0.0/".parse::<Network>().is_err());
    }
}
