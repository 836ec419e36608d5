//! A PostgreSQL of our own: the distribution's binaries, an unprivileged user, a unix socket, never a TCP port
//! (a taken port would mean talking to a stranger without noticing).

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Whether the cluster keeps its promises; ordinary tests do without for speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    Fsync,
    None,
    /// As `Fsync`, only that nothing is ever flushed: what a crash test must notice.
    Control,
}

pub struct Cluster {
    /// Holds data and socket; goes away with the cluster.
    dir: PathBuf,
    data: PathBuf,
    settings: Vec<String>,
    server: Option<Child>,
    durability: Durability,
    /// Started here, not by whoever started the tests.
    own: bool,
}

/// The cluster for ordinary tests: the one the test runner started, or one for this process.
pub fn cluster() -> &'static Cluster {
    static SHARED: OnceLock<Cluster> = OnceLock::new();
    SHARED.get_or_init(|| match std::env::var_os("REGIE_TEST_POSTGRES") {
        Some(dir) => {
            let dir = PathBuf::from(dir);
            let data = dir.join("data");
            Cluster {
                dir,
                data,
                settings: Vec::new(),
                server: None,
                durability: Durability::None,
                own: false,
            }
        }
        None => Cluster::start(Durability::None),
    })
}

fn children(parent: u32) -> Vec<u32> {
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // "1234 (name of it) S 1200 …"
        let behind = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
        behind.split_whitespace().nth(1) == Some(parent.to_string().as_str())
    })
    .collect()
}

pub(crate) fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0\n"))
}

fn binary(name: &str) -> PathBuf {
    let mut homes: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    homes.sort();
    homes.reverse();
    homes.into_iter().map(|home| home.join(name)).find(|path| path.exists()).unwrap_or_else(|| {
        panic!(
            "{name} was not found: run `apt-get install postgresql` (the tests need PostgreSQL 15 or newer)"
        )
    })
}

impl Cluster {
    pub fn start(durability: Durability) -> Self {
        let dir = tempfile::Builder::new().prefix("regie-pg-").tempdir().unwrap().keep();
        let data = dir.join("data");
        Self::start_on(dir, data, durability, &[])
    }

    /// As `start`, with its data elsewhere and settings of its own (`name=value`).
    pub fn start_at(data: PathBuf, durability: Durability, settings: &[&str]) -> Self {
        let dir = tempfile::Builder::new().prefix("regie-pg-").tempdir().unwrap().keep();
        Self::start_on(dir, data, durability, settings)
    }

    fn start_on(dir: PathBuf, data: PathBuf, durability: Durability, settings: &[&str]) -> Self {
        let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        let mut cluster = Self { dir, data, settings, server: None, durability, own: true };
        if is_root() {
            let done = Command::new("chown").arg("postgres").arg(&cluster.dir).status().unwrap();
            assert!(
                done.success(),
                "the user postgres is needed to run PostgreSQL as somebody else than root"
            );
        }
        let out = cluster
            .command("initdb")
            .args(["--username=regie", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&cluster.data)
            .output()
            .unwrap();
        assert!(out.status.success(), "initdb: {}", String::from_utf8_lossy(&out.stderr));
        cluster.launch();
        cluster
    }

    /// Runs one of PostgreSQL's programs, not as root: it refuses to be.
    fn command(&self, program: &str) -> Command {
        let program = binary(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.dir).stdin(Stdio::null()).env("LC_ALL", "C");
        if let Some(port) = self.settings.iter().find_map(|setting| setting.strip_prefix("port=")) {
            command.env("PGPORT", port);
        }
        command
    }

    /// Starts the server on its data and waits until it answers.
    pub fn launch(&mut self) {
        let fsync = if self.durability == Durability::Fsync { "on" } else { "off" };
        let commit = if self.durability == Durability::None { "off" } else { "on" };
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.dir.join("log")).unwrap();
        let started = Instant::now();
        loop {
            let mut server = self.command("postgres");
            server
                .arg("-D")
                .arg(&self.data)
                .arg("-k")
                .arg(&self.dir)
                .args(["-c", "listen_addresses=", "-c", "max_connections=200", "-c", "shared_buffers=64MB"])
                .args(["-c", &format!("fsync={fsync}"), "-c", &format!("full_page_writes={fsync}")])
                .args(["-c", &format!("synchronous_commit={commit}")]);
            for setting in &self.settings {
                server.args(["-c", setting]);
            }
            let mut child =
                server.stdout(log.try_clone().unwrap()).stderr(log.try_clone().unwrap()).spawn().unwrap();
            let ended = loop {
                if self.ready() {
                    break false;
                }
                if child.try_wait().unwrap().is_some() {
                    break true;
                }
                assert!(
                    started.elapsed() < Duration::from_secs(60),
                    "PostgreSQL did not start: {}",
                    self.log()
                );
                std::thread::sleep(Duration::from_millis(20));
            };
            if !ended {
                self.server = Some(child);
                return;
            }
            // After a kill the last of the old processes may still hold the shared memory.
            assert!(started.elapsed() < Duration::from_secs(30), "PostgreSQL did not start: {}", self.log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn ready(&self) -> bool {
        self.command("pg_isready").arg("-h").arg(&self.dir).arg("-q").status().is_ok_and(|s| s.success())
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.join("log")).unwrap_or_default()
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// SIGKILL to the postmaster, as a power cut would look to it.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.server.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        // Its children notice by themselves; the next start waits until they are gone.
        let pid = self.data.join("postmaster.pid");
        let started = Instant::now();
        while self.ready() && started.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = std::fs::remove_file(pid);
    }

    /// SIGKILL to every process of the server at once, as in a power cut.
    pub fn kill_all(&mut self) {
        let children = self.server.as_ref().map(|server| children(server.id())).unwrap_or_default();
        self.kill();
        for child in children {
            // By its number, moments after it was seen: a child of our own postmaster.
            let _ = Command::new("kill").args(["-9", &child.to_string()]).stderr(Stdio::null()).status();
        }
    }

    pub fn stop(&mut self) {
        if let Some(mut child) = self.server.take() {
            let data = &self.data;
            let _ = self.command("pg_ctl").args(["stop", "-m", "immediate", "-w", "-D"]).arg(data).output();
            let _ = child.wait();
        }
    }

    /// Runs statements as the owner of everything.
    pub async fn run(&self, database: &str, sql: &str) {
        let (client, connection) =
            tokio_postgres::connect(&self.url(database), tokio_postgres::NoTls).await.unwrap();
        let running = tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        drop(client);
        running.await.unwrap().unwrap();
    }

    /// The address of a database in this cluster, for the user that owns everything.
    pub fn url(&self, database: &str) -> String {
        format!("host={} user=regie dbname={database}", self.dir.display())
    }

    /// As `url`, for a user that row-level security applies to.
    pub fn judged_url(&self, database: &str) -> String {
        format!("host={} user=judged dbname={database}", self.dir.display())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.own {
            self.stop();
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}
