//! A real SMTP server in a process of its own, for tests here and (by path) of the app.

use regie_post::{Security, Smtp, SmtpSettings};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Once;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Where this crate stands, whoever compiles this.
const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../post");

pub struct Server {
    pub port: u16,
    /// The certificate authority made for this server alone.
    pub authority: Vec<u8>,
    events: Receiver<Value>,
    process: Child,
    _input: ChildStdin,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn folder() -> String {
    format!("{HERE}/tests/server")
}

/// The server comes from the package registry, at the versions of the lock file, once.
fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let lock = std::fs::File::create(format!("{}/.install.lock", folder())).unwrap();
        // Tests run as several processes at once.
        lock.lock().unwrap();
        let done = Command::new("sh")
            .args(["scripts/npm-install", "crates/post/tests/server"])
            .current_dir(format!("{HERE}/../.."))
            .status();
        assert!(done.unwrap().success(), "the test server of {} needs node, npm and a registry", folder());
    });
}

impl Server {
    pub fn start(mode: &str) -> Self {
        install();
        let folder_of_keys = tempfile::tempdir().unwrap();
        let (key, chain, authority) = certificates(folder_of_keys.path());
        let mut process = Command::new("node")
            .arg("server.mjs")
            .args([mode, &key, &chain])
            .current_dir(folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, events) = channel();
        std::thread::spawn(move || {
            for line in output.lines() {
                let Ok(line) = line else { return };
                if sender.send(serde_json::from_str(&line).unwrap()).is_err() {
                    return;
                }
            }
        });
        let first: Value = events.recv_timeout(Duration::from_secs(60)).unwrap();
        let port = u16::try_from(first["port"].as_u64().unwrap()).unwrap();
        Self { port, authority, events, process, _input: input, _folder: folder_of_keys }
    }

    pub fn settings(&self, security: Security) -> SmtpSettings {
        SmtpSettings {
            host: "localhost".to_owned(),
            port: self.port,
            security,
            credentials: (security != Security::None).then(|| ("regie".to_owned(), "geheim".to_owned())),
            timeout: Duration::from_secs(20),
            hello: "regie.example".to_owned(),
            trusted: (security != Security::None).then(|| self.authority.clone()),
            connections: 2,
        }
    }

    pub fn smtp(&self, security: Security) -> Smtp {
        Smtp::new(&self.settings(security)).unwrap()
    }

    /// The next thing the server says it did.
    pub fn event(&self) -> Value {
        self.events.recv_timeout(Duration::from_secs(30)).unwrap()
    }

    pub fn nothing_more(&self) {
        assert_eq!(self.events.recv_timeout(Duration::from_millis(300)).ok(), None);
    }
}

fn certificates(folder: &std::path::Path) -> (String, String, Vec<u8>) {
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let server = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = server.signed_by(&key, &issuer).unwrap();
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    (
        write("key.pem", key.serialize_pem()),
        write("chain.pem", certificate.pem()),
        authority_certificate.pem().into_bytes(),
    )
}
