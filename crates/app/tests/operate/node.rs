//! A node as an operator starts it, and browsers that talk to it over plain HTTP.

use regie_db::Db;
use regie_testkit::{RealClock, SeededRandom, cluster};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Generous: a test must not fail because the machine is busy.
pub const LONG: Duration = Duration::from_secs(400);

/// A folder and a database that nodes serve.
pub struct House {
    pub dir: tempfile::TempDir,
    pub database: Option<String>,
}

impl House {
    /// With the tiny demo school in it.
    pub async fn demo(postgres: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut database = None;
        if postgres {
            let name = dir.path().file_name().unwrap().to_str().unwrap().replace('.', "h").to_lowercase();
            cluster().run("postgres", &format!("CREATE DATABASE node_{name}")).await;
            database = Some(cluster().url(&format!("node_{name}")));
        }
        let house = Self { dir, database };
        let out = house.command(&["demo", "--size", "tiny"]).output().unwrap();
        assert!(out.status.success(), "{out:?}");
        house
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regie"));
        for name in ["REGIE_CONFIG", "REGIE_DATA", "REGIE_DATABASE", "REGIE_LOG", "REGIE_LISTEN"] {
            command.env_remove(name);
        }
        command.arg("--data").arg(self.dir.path().join("data")).args(words);
        if let Some(database) = &self.database {
            command.args(["--database", database]);
        }
        command
    }

    pub fn db(&self) -> Db {
        let settings = match &self.database {
            Some(url) => regie_db::Settings::Postgres(regie_db::PostgresSettings {
                url: url.clone(),
                connections: 6,
                authority: None,
                row_security: false,
            }),
            None => regie_db::Settings::Sqlite {
                path: self.dir.path().join("data/regie.db"),
                readers: 2,
                synchronous: regie_db::Synchronous::Full,
            },
        };
        Db::open(settings, Arc::new(RealClock), Arc::new(SeededRandom::new(23))).unwrap()
    }

    /// Starts a node and waits until it says where it is.
    pub fn node(&self, words: &[&str]) -> Node {
        let log =
            self.dir.path().join(format!("log-{}", std::fs::read_dir(self.dir.path()).unwrap().count()));
        let mut command = self.command(&["--listen", "127.0.0.1:0", "--log-json", "serve"]);
        command.args(words).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let Some((_, address)) = line.trim().split_once("http://") else {
            panic!("it did not start: {line}{}", std::fs::read_to_string(&log).unwrap());
        };
        // What it says later must not fill the pipe.
        std::thread::spawn(move || said.lines().map_while(Result::ok).for_each(drop));
        Node { address: address.to_owned(), child, log }
    }
}

pub struct Node {
    pub address: String,
    pub child: Child,
    log: PathBuf,
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Node {
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    pub fn terminate(&self) {
        let out = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(out.success());
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until it has ended by itself.
    pub async fn ended(&mut self) -> std::process::ExitStatus {
        until("the node to end", async || self.child.try_wait().unwrap()).await
    }

    pub fn browser(&self) -> Browser {
        Browser { address: self.address.clone(), cookies: Vec::new(), headers: String::new() }
    }
}

/// Asks again and again until there is an answer.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(started.elapsed() < LONG, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The token that the forms of this page carry.
    pub fn csrf(&self) -> String {
        let (_, behind) =
            self.body.split_once("name=\"csrf\" content=\"").unwrap_or_else(|| panic!("{self:?}"));
        behind.split_once('"').unwrap().0.to_owned()
    }
}

/// One reader. Each request has a connection of its own.
#[derive(Debug, Clone)]
pub struct Browser {
    pub address: String,
    pub cookies: Vec<(String, String)>,
    /// More header lines, each with its end.
    pub headers: String,
}

impl Browser {
    pub fn at(&self, node: &Node) -> Self {
        Self { address: node.address.clone(), ..self.clone() }
    }

    fn request(&self, method: &str, path: &str, form: &str) -> String {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {}\r\n{}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.address,
            cookies.join("; "),
            self.headers,
            form.len()
        )
    }

    /// `Err` when the connection broke before the answer was whole.
    pub async fn try_ask(&mut self, method: &str, path: &str, form: &str) -> std::io::Result<Answer> {
        let mut stream = TcpStream::connect(&self.address).await?;
        stream.write_all(self.request(method, path, form).as_bytes()).await?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let cut_off = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut_off)?;
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or_else(cut_off)?;
        let answer = Answer { status, head: head.to_owned(), body: body.to_owned() };
        if let Some(length) = answer.header("content-length")
            && length.parse::<usize>().is_ok_and(|length| bytes.len() < head.len() + 4 + length)
        {
            return Err(cut_off());
        }
        for line in head.lines().filter(|line| line.to_lowercase().starts_with("set-cookie: ")) {
            let pair = line.split_once(": ").unwrap().1.split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        Ok(answer)
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.try_ask("GET", path, "").await.unwrap()
    }

    pub async fn post(&mut self, path: &str, form: &str) -> Answer {
        self.try_ask("POST", path, form).await.unwrap()
    }

    /// Signs in as one of the demo's people.
    pub async fn sign_in(&mut self, role: &str) -> String {
        let csrf = self.get("/sign-in").await.csrf();
        let password = regie_app::demo::PASSWORD;
        let form = format!("csrf={csrf}&mail={role}%40delta.example&password={password}");
        let answer = self.post("/sign-in", &form).await;
        assert_eq!(answer.status, 303, "{answer:?}");
        self.get("/").await.csrf()
    }

    /// Adds a student by the form. True when it was acknowledged, `None` when the connection broke.
    pub async fn add_student(&mut self, csrf: &str, number: &str) -> Option<bool> {
        let form = format!(
            "csrf={csrf}&kind=student&number={number}&given_name=Noor&prefix=&family_name=Vries{number}&id_check=notAvailable\
             &id_check_name=&mail=&phone=&born=&unit=&state=active&request="
        );
        self.try_ask("POST", "/people/new", &form).await.ok().map(|answer| answer.status == 303)
    }

    /// Opens the stream of changes and gives the lines as they come.
    pub async fn listen(&self) -> tokio::sync::mpsc::UnboundedReceiver<String> {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(self.request("GET", "/live", "").as_bytes()).await.unwrap();
        let (tell, heard) = tokio::sync::mpsc::unbounded_channel();
        let (begun, begins) = tokio::sync::oneshot::channel();
        tokio::spawn(async move {
            let mut begun = Some(begun);
            let mut lines = tokio::io::AsyncBufReadExt::lines(tokio::io::BufReader::new(stream));
            while let Ok(Some(line)) = lines.next_line().await {
                if line.is_empty()
                    && let Some(begun) = begun.take()
                {
                    let _ = begun.send(());
                }
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        begins.await.unwrap();
        heard
    }
}

pub fn block_on(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(work);
}
