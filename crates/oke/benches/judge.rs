//! How fast messages are read and judged, and how fast a whole snapshot is pulled: `cargo bench -p regie-oke`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a measurement"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use regie_oke::check::{Context, check};
use regie_oke::client::{Client, Log, Partner, Ring};
use regie_oke::exchange::{Method, Operation, Role};
use regie_oke::memory::{Kind, Shelf};
use regie_oke::message::Association;
use regie_oke::outside::{Outside, id_of};
use regie_oke::patch::merge;
use regie_oke::simulate::data::{SCHOOL, School, participation, student};
use regie_oke::simulate::{Stand, StandSettings, credentials, scopes_of};
use regie_oke::timing::Timing;
use regie_oke::wire::Wire;

fn main() {
    let message: Association = participation(&id_of("p"), &id_of("s"), student(4));
    let bytes = message.write().to_string().into_bytes();
    let operation = Operation::find(Role::Ta, Method::Put, "/associations/x").unwrap();
    let context = Context::request(operation, 2);
    rate("read and judge a flow 2 participation", || {
        black_box(check(black_box(&bytes), &context));
    });
    rate("parse the same bytes to JSON only", || {
        black_box(serde_json::from_slice::<serde_json::Value>(black_box(&bytes)).unwrap());
    });
    let stored = message.write();
    let patch = serde_json::json!({ "associationType": "componentOfferingAssociation",
        "consumers": [{ "consumerKey": "nl-test-admin", "personalNeeds": ["spoken"] }] });
    rate("merge a patch (with two copies)", || {
        let mut target = stored.clone();
        merge(&mut target, patch.clone());
        black_box(target);
    });
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(snapshot(55_000));
}

fn rate(name: &str, mut once: impl FnMut()) {
    for _ in 0..1000 {
        once();
    }
    // The best of several short rounds says most on a busy machine.
    let best = (0..20)
        .map(|_| {
            let started = Instant::now();
            for _ in 0..2000 {
                once();
            }
            started.elapsed() / 2000
        })
        .min()
        .unwrap();
    println!("{name}: {:.2} µs, {:.0} a second", best.as_secs_f64() * 1e6, 1.0 / best.as_secs_f64());
}

async fn snapshot(count: usize) {
    let outside = Outside::fixed("2026-11-16T08:00:00Z".parse().unwrap(), 1);
    let stand = Stand::start(StandSettings::new(Role::Ta), outside.clone()).await.unwrap();
    let (session, school) = (id_of("session"), School::small("2026-11-23T08:00:00Z".parse().unwrap()));
    stand.memory.put(
        SCHOOL,
        Shelf::Session,
        Kind::Offering,
        &session,
        &school.session(&session, 0, school.start, Timing::Fixed),
    );
    for number in 0..count {
        let id = id_of(&format!("participation {number}"));
        stand.memory.put(
            SCHOOL,
            Shelf::Session,
            Kind::Association,
            &id,
            &participation(&id, &session, student(number)),
        );
    }
    let own = credentials(Role::Tpl, SCHOOL);
    let mut partner = Partner::new("ta", Role::Ta, &stand.base_url()).with_credentials(
        &stand.token_url(),
        &own.id,
        &own.secret,
        &scopes_of(Role::Tpl, Role::Ta),
    );
    partner.allow_http = true;
    partner.timeout = Duration::from_secs(60);
    let log: Arc<dyn Log> = Arc::new(Ring::new(10));
    let client = Client::new(partner, log, outside).unwrap();
    let (started, busy) = (Instant::now(), busy());
    let pulled = client.offering_associations(&session, &[]).await.unwrap();
    println!(
        "a snapshot of {} participations pulled and judged: {:.2} s, of processor time {:.2} s for both ends together, {} findings, peak memory {}",
        pulled.message.len(),
        started.elapsed().as_secs_f64(),
        self::busy() - busy,
        pulled.findings.len(),
        peak()
    );
}

/// How long this process has kept processors busy, in seconds: what a shared machine cannot stretch.
fn busy() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: f64 = text
        .rsplit(") ")
        .next()
        .unwrap_or_default()
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

/// The most memory this process had, as the kernel tells.
fn peak() -> String {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|text| {
            text.lines()
                .find(|line| line.starts_with("VmHWM"))
                .map(|line| line.trim_start_matches("VmHWM:").trim().to_owned())
        })
        .unwrap_or_else(|| "unknown".to_owned())
}
