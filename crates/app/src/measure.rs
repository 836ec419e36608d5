//! What is measured, for Prometheus, and one line in the log for each request. Neither ever holds a name, an address or
//! what was typed: a request is known by the template of its route and by its own id.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use regie_db::Db;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tracing::Instrument as _;

/// Seconds.
const ANSWERS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
const SYNCS: &[f64] = &[0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0];
const GROUPS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// The recorder of this process; made once, however often it is asked for.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    static MADE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let make = || {
        let named = |name: &str| Matcher::Full(name.to_owned());
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(named("regie_http_request_seconds"), ANSWERS)
            .and_then(|builder| builder.set_buckets_for_metric(named("regie_job_seconds"), ANSWERS))
            .and_then(|builder| builder.set_buckets_for_metric(named("regie_writer_sync_seconds"), SYNCS))
            .and_then(|builder| builder.set_buckets_for_metric(named("regie_writer_group_jobs"), GROUPS))
            .map_err(|error| error.to_string())
            .and_then(|builder| builder.install_recorder().map_err(|error| error.to_string()));
        match handle {
            Ok(handle) => {
                describe();
                Some(handle)
            }
            Err(error) => {
                tracing::warn!(%error, "nothing is measured");
                None
            }
        }
    };
    MADE.get_or_init(make).as_ref()
}

fn describe() {
    describe_histogram!("regie_http_request_seconds", "Time to the first byte of an answer.");
    describe_counter!("regie_http_braked_total", "Requests refused because they came too fast.");
    describe_gauge!("regie_http_under_way", "Requests that are being answered.");
    describe_gauge!("regie_writer_queue", "Commands that wait for SQLite's writer.");
    describe_histogram!("regie_writer_group_jobs", "Commands that shared one commit on SQLite.");
    describe_histogram!("regie_writer_sync_seconds", "Time of a commit on SQLite, the sync included.");
    describe_gauge!("regie_writer_stopped", "1 when a flush failed and this node must not write.");
    describe_gauge!("regie_pool_in_use", "Connections to the database that are lent out.");
    describe_gauge!("regie_pool_size", "Connections to the database that this node may use.");
    describe_gauge!("regie_seal_lag_seconds", "Age of the oldest journal line that is not sealed yet.");
    describe_gauge!("regie_seal_failures", "Sealing rounds that failed since the last good one.");
    describe_gauge!("regie_outbox_depth", "Messages that wait, up to 100,000.");
    describe_gauge!("regie_outbox_late_seconds", "How long the first message that is due has waited.");
    describe_gauge!("regie_outbox_dead", "Messages that could not be delivered and wait for somebody.");
    describe_gauge!("regie_sign_ins", "Browsers that are signed in.");
    describe_histogram!("regie_job_seconds", "Time of a delivery, by event and outcome.");
    describe_gauge!("regie_build_info", "1, with the version as label.");
}

/// The layer: times each request, and writes one line about it.
pub async fn watch(request: Request, next: Next) -> Response {
    let method = known(request.method());
    // What leads nowhere has no template, and whoever made it up must not fill the log with it.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |it| it.as_str().to_owned());
    let name = format!("{method} {route}");
    let span = tracing::info_span!(
        "request",
        method,
        route,
        status = tracing::field::Empty,
        otel.name = cfg!(feature = "opentelemetry").then_some(name),
        otel.kind = cfg!(feature = "opentelemetry").then_some("server"),
    );
    let started = Instant::now();
    let under_way = UnderWay::begin();
    let response = next.run(request).instrument(span.clone()).await;
    drop(under_way);
    let (status, elapsed) = (response.status(), started.elapsed());
    span.record("status", status.as_u16());
    let labels =
        [("method", method.to_owned()), ("route", route.clone()), ("status", status.as_u16().to_string())];
    histogram!("regie_http_request_seconds", &labels).record(elapsed.as_secs_f64());
    let quiet = matches!(route.as_str(), "/health" | "/ready" | "/metrics" | "/assets/{file}");
    let id = response.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    let (status, millis) = (status.as_u16(), elapsed.as_secs_f64() * 1000.0);
    if quiet {
        tracing::debug!(method, route, status, millis, request = id, "answered");
    } else {
        tracing::info!(method, route, status, millis, request = id, "answered");
    }
    response
}

/// One of the methods there are; what somebody makes up must not become a label.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Counts down too when the reader goes away in the middle.
struct UnderWay;

impl UnderWay {
    fn begin() -> Self {
        gauge!("regie_http_under_way").increment(1.0);
        UnderWay
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        gauge!("regie_http_under_way").decrement(1.0);
    }
}

/// Everything as Prometheus reads it. What must be looked up is looked up now, within two seconds.
pub async fn metrics(State(db): State<Db>) -> Response {
    let Some(recorder) = recorder() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "nothing is measured\n").into_response();
    };
    gauge!("regie_build_info", "version" => env!("CARGO_PKG_VERSION"), "database" => database(&db)).set(1.0);
    let lag = db.seal_lag();
    gauge!("regie_seal_lag_seconds").set(lag.oldest().as_secs_f64());
    gauge!("regie_seal_failures").set(lag.failures() as f64);
    gauge!("regie_writer_stopped").set(f64::from(u8::from(db.stopped())));
    let measures = db.measures();
    gauge!("regie_writer_queue").set(measures.queue as f64);
    gauge!("regie_pool_in_use").set(measures.in_use as f64);
    gauge!("regie_pool_size").set(measures.size as f64);
    let looked_up = async {
        let (depth, late, dead) = db.outbox_measures().await?;
        gauge!("regie_outbox_depth").set(depth as f64);
        gauge!("regie_outbox_late_seconds").set(late.as_secs_f64());
        gauge!("regie_outbox_dead").set(dead as f64);
        gauge!("regie_sign_ins").set(regie_signin::count(&db).await? as f64);
        Ok::<(), regie_db::Error>(())
    };
    match tokio::time::timeout(Duration::from_secs(2), looked_up).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the outbox could not be measured"),
        Err(_) => tracing::warn!("the database did not answer in time to be measured"),
    }
    counter!("regie_http_braked_total").increment(0);
    recorder.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], recorder.render()).into_response()
}

fn database(db: &Db) -> &'static str {
    if db.is_postgres() { "postgres" } else { "sqlite" }
}

/// Keeps what was recorded small while nobody asks for it.
pub async fn upkeep() {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        if let Some(recorder) = recorder() {
            recorder.run_upkeep();
        }
    }
}
