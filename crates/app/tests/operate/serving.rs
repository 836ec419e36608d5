//! One node: stopping without losing a request, measurements, a log without people in it, and the brake.

use crate::node::{Browser, House, block_on, until};
use regie_core::{Caller, Role};
use regie_people::person::{Filter, list};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Readers read and write as fast as they can while the node is asked to stop. As a load balancer does, they go elsewhere
/// once it says that it is not ready; nothing they asked before is lost, and an open stream does not hold up the end.
async fn stopping(postgres: bool) {
    let house = House::demo(postgres).await;
    let mut node = house.node(&["--drain-seconds", "3"]);
    let mut office = node.browser();
    let csrf = office.sign_in("examoffice").await;
    let mut live = office.listen().await;
    let (acknowledged, read, away) =
        (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
    let readers: Vec<_> = (0..6)
        .map(|n| {
            let (mut browser, csrf) = (office.clone(), csrf.clone());
            let (acknowledged, read, away) = (acknowledged.clone(), read.clone(), away.clone());
            tokio::spawn(async move {
                for turn in 0.. {
                    if away.load(Ordering::Relaxed) {
                        return;
                    }
                    let number = format!("9{n}{turn:06}");
                    assert_eq!(browser.add_student(&csrf, &number).await, Some(true), "a request was lost");
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                    assert_eq!(browser.get("/people?q=vries").await.status, 200);
                    read.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    until("some work", async || (acknowledged.load(Ordering::Relaxed) >= 30).then_some(())).await;
    node.terminate();
    let mut balancer = node.browser();
    until("not ready", async || (balancer.get("/ready").await.status == 503).then_some(())).await;
    away.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
    assert!(node.ended().await.success(), "{}", node.log());
    while live.recv().await.is_some() {}
    let db = house.db();
    let school = regie_people::institution::by_slug(&db, regie_app::demo::SLUG).await.unwrap().unwrap().id;
    let caller = Caller { role: Some(Role::ExamOffice), ..Caller::system(school, db.now()) };
    let filter = Filter { text: "vries9".into(), ..Filter::default() };
    let found = list(&db, &caller, &filter).await.unwrap();
    assert_eq!(found.total, u64::from(acknowledged.load(Ordering::Relaxed)));
    assert!(read.load(Ordering::Relaxed) > 0);
}

#[test]
fn a_stop_under_load_loses_no_request_on_sqlite() {
    block_on(stopping(false));
}

#[test]
fn a_stop_under_load_loses_no_request_on_postgres() {
    block_on(stopping(true));
}

/// What is planted in every place where somebody can type.
const PLANTED: &[&str] = &["Zwaluwenberg", "zwaluw%40planted.example", "zwaluw@planted.example", "111222333"];

async fn plant(browser: &mut Browser, csrf: &str) {
    browser.headers = "User-Agent: Zwaluwenberg 111222333\r\nReferer: http://x/?q=Zwaluwenberg\r\n\
         X-Request-Id: Zwaluwenberg111222333 zwaluw@planted.example\r\nX-Forwarded-For: Zwaluwenberg\r\n"
        .into();
    for (method, path, form) in [
        ("GET", "/people?q=Zwaluwenberg&unit=111222333", String::new()),
        ("GET", "/people/Zwaluwenberg", String::new()),
        ("GET", "/Zwaluwenberg/111222333", String::new()),
        ("GET", "/password/reset/Zwaluwenberg", String::new()),
        ("POST", "/sign-in", format!("csrf={csrf}&mail=zwaluw%40planted.example&password=Zwaluwenberg")),
        ("POST", "/sign-in", format!("csrf={csrf}&mail[zwaluw@planted.example]=111222333&%%%")),
        ("POST", "/password/forgot", format!("csrf={csrf}&mail=zwaluw%40planted.example")),
        ("POST", "/invitation/Zwaluwenberg", format!("csrf={csrf}&password=111222333")),
        ("ZWALUWENBERG", "/people", String::new()),
    ] {
        let answer = browser.try_ask(method, path, &form).await;
        assert!(answer.as_ref().is_ok_and(|answer| answer.status < 500), "{method} {path}: {answer:?}");
    }
}

/// A log at its most talkative holds no name, address or number that somebody typed, signed in or not, and every line of
/// it is one JSON object.
async fn discretion(postgres: bool) {
    let house = House::demo(postgres).await;
    let node = house.node(&["--log", "debug"]);
    let mut stranger = node.browser();
    let csrf = stranger.get("/sign-in").await.csrf();
    plant(&mut stranger, &csrf).await;
    let mut office = node.browser();
    let csrf = office.sign_in("examoffice").await;
    let form = "kind=student&number=111222333&given_name=Zwaluwenberg&prefix=&family_name=Zwaluwenberg&id_check=notAvailable\
         &id_check_name=&mail=zwaluw%40planted.example&phone=&born=&unit=&state=active&request=";
    assert_eq!(office.post("/people/new", &format!("csrf={csrf}&{form}")).await.status, 303);
    // The second is refused by a constraint of the database, which knows the values.
    assert!(office.post("/people/new", &format!("csrf={csrf}&{form}")).await.status >= 400);
    assert!(office.post("/people/new", &format!("csrf={csrf}&{form}&unit=Zwaluwenberg")).await.status >= 400);
    plant(&mut office, &csrf).await;
    let log = node.log();
    let answered = log.lines().filter(|line| line.contains("\"answered\"")).count();
    assert!(answered >= 15, "{log}");
    for line in log.lines() {
        let read: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(read["timestamp"].is_string() && read["level"].is_string(), "{line}");
        for word in PLANTED {
            assert!(!line.to_lowercase().contains(&word.to_lowercase()), "{word} in {line}");
        }
    }
    assert!(log.contains("\"route\":\"/people/{id}\"") && log.contains("\"route\":\"none\""), "{log}");
}

#[test]
fn the_log_holds_no_personal_data_on_sqlite() {
    block_on(discretion(false));
}

#[test]
fn the_log_holds_no_personal_data_on_postgres() {
    block_on(discretion(true));
}

async fn measurements(postgres: bool) {
    let house = House::demo(postgres).await;
    let node = house.node(&[]);
    let mut office = node.browser();
    let csrf = office.sign_in("examoffice").await;
    assert_eq!(office.add_student(&csrf, "900001").await, Some(true));
    office.get("/people/nobody").await;
    let text = office.get("/metrics").await.body;
    let value = |line: &str| -> f64 {
        let found = text.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
        found.unwrap_or_else(|| panic!("no {line} in {text}")).parse().unwrap()
    };
    let requests = |method: &str, route: &str, status: u16| {
        value(&format!(
            "regie_http_request_seconds_count{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}"
        ))
    };
    assert_eq!(requests("POST", "/sign-in", 303), 1.0);
    assert_eq!(requests("POST", "/people/new", 303), 1.0);
    assert_eq!(requests("GET", "/people/{id}", 404), 1.0);
    assert!(text.contains(
        "regie_http_request_seconds_bucket{method=\"POST\",route=\"/people/new\",status=\"303\",le=\"0.5\"}"
    ));
    assert!(value("regie_sign_ins") >= 1.0 && value("regie_pool_size") >= 2.0);
    assert_eq!(value("regie_http_under_way"), 1.0, "this very request");
    for name in [
        "regie_pool_in_use",
        "regie_seal_lag_seconds",
        "regie_seal_failures",
        "regie_writer_stopped",
        "regie_writer_queue",
        "regie_outbox_depth",
        "regie_outbox_late_seconds",
        "regie_outbox_dead",
        "regie_http_braked_total",
    ] {
        value(name);
    }
    let database = if postgres { "postgres" } else { "sqlite" };
    assert!(text.contains(&format!("database=\"{database}\"")) && text.contains("regie_build_info{"));
    if !postgres {
        assert!(value("regie_writer_group_jobs_count") >= 2.0);
        assert!(value("regie_writer_sync_seconds_sum") > 0.0);
    }
}

#[test]
fn what_is_measured_on_sqlite() {
    block_on(measurements(false));
}

#[test]
fn what_is_measured_on_postgres() {
    block_on(measurements(true));
}

/// Asks until it is braked; the buckets fill so slowly that even a busy machine gets there.
async fn braked(reader: &mut Browser, method: &str, path: &str) -> crate::node::Answer {
    for _ in 0..100 {
        let answer = reader.try_ask(method, path, "").await.unwrap();
        if answer.status == 429 {
            return answer;
        }
    }
    panic!("nobody braked {method} {path}");
}

/// A reader behind the proxy who asks too fast is told so on a page; others are not, and signing in is braked sooner.
#[test]
fn who_asks_too_fast_is_braked() {
    block_on(async {
        let house = House::demo(false).await;
        let node = house.node(&["--rate-address", "2", "--rate-sign-in-address", "1"]);
        let mut reader = node.browser();
        reader.headers = "X-Forwarded-For: 198.51.100.7\r\n".into();
        let told = braked(&mut reader, "GET", "/sign-in").await;
        let seconds: u64 = told.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=30).contains(&seconds) && told.body.contains("Even rustig aan"), "{told:?}");
        reader.headers = "X-Forwarded-For: 198.51.100.8\r\nAccept: application/json\r\n".into();
        let told = braked(&mut reader, "GET", "/api/v1/client").await;
        assert_eq!(told.header("content-type"), Some("application/problem+json"));
        reader.headers = "X-Forwarded-For: 198.51.100.9\r\n".into();
        assert_eq!(reader.get("/sign-in").await.status, 200, "somebody else");
        reader.headers = "X-Forwarded-For: 198.51.100.10\r\n".into();
        braked(&mut reader, "POST", "/sign-in").await;
        let text = node.browser().get("/metrics").await.body;
        let counted = text.lines().find_map(|line| line.strip_prefix("regie_http_braked_total "));
        assert_eq!(counted, Some("3"), "{text}");
    });
}

/// One program that asks too often is braked, wherever it asks from; another one is not.
#[test]
fn a_program_that_asks_too_fast_is_braked() {
    use base64::Engine as _;
    use regie_signin::client::{AddClient, ApiScope, add};
    block_on(async {
        let house = House::demo(false).await;
        let node = house.node(&["--rate-client", "3"]);
        let db = house.db();
        let school =
            regie_people::institution::by_slug(&db, regie_app::demo::SLUG).await.unwrap().unwrap().id;
        let random = regie_testkit::SeededRandom::new(5);
        let mut programs = Vec::new();
        for name in ["een", "twee"] {
            let id = regie_core::clock::new_id(&regie_testkit::RealClock, &random);
            let scopes = vec![ApiScope::OrganisationRead];
            let client = AddClient { id, name: name.into(), role: Role::ExamOffice, scopes };
            let system = Caller::system(school, db.now());
            let (id, secret) = add(&db, &system, &random, client).await.unwrap();
            let both = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{}", secret.secret()));
            let mut program = node.browser();
            program.headers = format!("Authorization: Basic {both}\r\n");
            let told = program.post("/oauth/token", "grant_type=client_credentials").await;
            assert_eq!(told.status, 200, "{told:?}");
            let told: serde_json::Value = serde_json::from_str(&told.body).unwrap();
            let token = told["access_token"].as_str().unwrap();
            program.headers = format!("Authorization: Bearer {token}\r\nX-Forwarded-For: 198.51.100.20\r\n");
            programs.push(program);
        }
        let told = braked(&mut programs[0], "GET", "/api/v1/institution").await;
        let seconds: u64 = told.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=20).contains(&seconds), "{told:?}");
        assert_eq!(told.header("content-type"), Some("application/problem+json"));
        let body: serde_json::Value = serde_json::from_str(&told.body).unwrap();
        assert_eq!(body["code"], "too-many-requests");
        // From elsewhere it is still the same program.
        programs[0].headers = programs[0].headers.replace("198.51.100.20", "198.51.100.21");
        braked(&mut programs[0], "GET", "/api/v1/institution").await;
        assert_eq!(programs[1].get("/api/v1/institution").await.status, 200, "another program");
    });
}
