//! What a school notices and an operator pays for: the list of 12,000 persons, the first answer after a start, memory at
//! rest, the size of the binary. The binary itself, over HTTP on this machine, with the large demo school.
//!
//!     cargo bench -p regie --bench serve
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench"
)]

use regie_testkit::cluster;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_regie");

struct Node {
    child: Child,
    address: String,
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn regie(data: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new(BINARY);
    command.arg("--data").arg(data).stderr(Stdio::null()).stdin(Stdio::null());
    if let Some(database) = database {
        command.args(["--database", database]);
    }
    command
}

/// From the start of the process to the whole answer of the first page.
fn start(data: &Path, database: Option<&str>) -> (Node, Duration) {
    let started = Instant::now();
    let mut command = regie(data, database);
    command.args(["--listen", "127.0.0.1:0", "--log", "warn", "serve"]).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    std::thread::spawn(move || said.lines().map_while(Result::ok).for_each(drop));
    let address = line.trim().split_once("http://").unwrap().1.to_owned();
    let node = Node { child, address };
    assert_eq!(Reader::new(&node).ask("GET", "/sign-in", "").0, 200);
    (node, started.elapsed())
}

/// A browser with one connection that stays open.
struct Reader {
    stream: BufReader<TcpStream>,
    cookies: Vec<(String, String)>,
}

impl Reader {
    fn new(node: &Node) -> Self {
        let stream = TcpStream::connect(&node.address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream), cookies: Vec::new() }
    }

    fn ask(&mut self, method: &str, path: &str, form: &str) -> (u16, String) {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let text = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nCookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            cookies.join("; "),
            form.len()
        );
        self.stream.get_mut().write_all(text.as_bytes()).unwrap();
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let (mut length, mut chunked) = (0, false);
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name {
                "content-length" => length = value.parse().unwrap(),
                "transfer-encoding" => chunked = true,
                "set-cookie" => {
                    let (name, value) = value.split(';').next().unwrap().split_once('=').unwrap();
                    self.cookies.retain(|(known, _)| known != name);
                    self.cookies.push((name.to_owned(), value.to_owned()));
                }
                _ => {}
            }
        }
        let mut body = Vec::new();
        loop {
            if chunked {
                line.clear();
                self.stream.read_line(&mut line).unwrap();
                length = usize::from_str_radix(line.trim(), 16).unwrap() + 2;
            }
            let start = body.len();
            body.resize(start + length, 0);
            self.stream.read_exact(&mut body[start..]).unwrap();
            if !chunked || length == 2 {
                return (status, String::from_utf8_lossy(&body).into_owned());
            }
            body.truncate(body.len() - 2);
        }
    }

    fn sign_in(&mut self) {
        let page = self.ask("GET", "/sign-in", "").1;
        let csrf =
            page.split_once("name=\"csrf\" content=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        let password = regie_app::demo::PASSWORD;
        let form = format!("csrf={csrf}&mail=examoffice%40delta.example&password={password}");
        assert_eq!(self.ask("POST", "/sign-in", &form).0, 303);
    }
}

/// Processor time of a process, its threads together.
fn processor(node: &Node) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", node.child.id())).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

fn memory(node: &Node, what: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", node.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<f64>().unwrap() / 1024.0
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Every kind of page that the exam office opens: in the middle of the list, searched, by number, one kind, one student.
fn list(node: &Node, database: &str) {
    let mut reader = Reader::new(node);
    reader.sign_in();
    for (what, path) in [
        ("first page of 50", "/people"),
        ("page 130 of 50", "/people?page=130"),
        ("search for a name", "/people?q=jansen"),
        ("search, few found", "/people?q=40321"),
        ("students only", "/people?kind=student&page=7"),
    ] {
        for _ in 0..20 {
            assert_eq!(reader.ask("GET", path, "").0, 200, "{path}");
        }
        let (rounds, before) = (400, processor(node));
        let mut times: Vec<Duration> = (0..rounds)
            .map(|_| {
                let started = Instant::now();
                reader.ask("GET", path, "");
                started.elapsed()
            })
            .collect();
        let used = processor(node) - before;
        times.sort();
        let at = |part: f64| millis(times[(f64::from(rounds) * part) as usize]);
        println!(
            "{database:<11} {what:<22} p50 {:>6.2} ms   p99 {:>6.2} ms   worst {:>6.2} ms   processor {:>6.2} ms each",
            at(0.5),
            at(0.99),
            millis(times[rounds as usize - 1]),
            millis(used / u32::try_from(rounds).unwrap())
        );
    }
}

fn measure(database: &str, data: &Path, address: Option<&str>) {
    let filling = Instant::now();
    let out = regie(data, address).args(["demo", "--size", "large"]).output().unwrap();
    assert!(out.status.success(), "{out:?}");
    println!(
        "{database:<11} {} in {:.1} s",
        String::from_utf8_lossy(&out.stdout).trim(),
        filling.elapsed().as_secs_f64()
    );
    let mut starts = Vec::new();
    for round in 0..5 {
        // As after a start of the machine, where we may: nothing of binary and database in memory.
        let cold = round == 0 && std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok();
        let (node, time) = start(data, address);
        starts.push(format!("{:.0} ms{}", millis(time), if cold { " (caches dropped)" } else { "" }));
        drop(node);
    }
    println!("{database:<11} start to first answer     {}   (goal 1000 ms)", starts.join(", "));
    let (node, _) = start(data, address);
    std::thread::sleep(Duration::from_secs(5));
    println!(
        "{database:<11} memory at rest            {:.0} MB resident, {:.0} MB of it our own (goal 150 MB)",
        memory(&node, "VmRSS:"),
        memory(&node, "RssAnon:")
    );
    list(&node, database);
    println!(
        "{database:<11} memory after that         {:.0} MB resident, {:.0} MB of it our own",
        memory(&node, "VmRSS:"),
        memory(&node, "RssAnon:")
    );
}

fn main() {
    let size = std::fs::metadata(BINARY).unwrap().len();
    println!("binary      {:.1} MB (goal 80 MB)", size as f64 / 1e6);
    println!(
        "Times are whole round trips over HTTP on this machine, one reader, so more than the server's own (goal: p99 25 ms on SQLite)."
    );
    let dir = tempfile::tempdir().unwrap();
    measure("SQLite", &dir.path().join("sqlite"), None);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(cluster().run("postgres", "CREATE DATABASE bench_serve"));
    measure("PostgreSQL", &dir.path().join("postgres"), Some(&cluster().url("bench_serve")));
}
