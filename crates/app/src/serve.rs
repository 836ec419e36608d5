//! Serving: pages, health, the sealer and the jobs of this node, until asked to stop.

use crate::command::open;
use crate::demo;
use crate::machine::{SystemClock, SystemRandom};
use crate::settings::Settings;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::{Extension, Router};
use jiff::SignedDuration;
use regie_core::id::Id as _;
use regie_core::{Clock, Random};
use regie_db::{Db, SealSettings, Signer};
use regie_jobs::mail::Courier;
use regie_jobs::{Jobs, RunSettings};
use regie_signin::{Passwords, Policy};
use regie_web::House;
use regie_web::csrf::Key;
use regie_web::front::{Front, open as open_front};
use regie_web::layer::{name_request, secure};
use regie_web::reference::ApiDocument;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Runs until Ctrl-C or SIGTERM; requests that are under way are answered first.
pub async fn serve(settings: Settings) -> Result<(), String> {
    let db = open(&settings)?;
    let applied = db.migrate().await.map_err(|error| error.to_string())?;
    if !applied.is_empty() {
        tracing::info!(applied = applied.join(", "), "the database was brought up to date");
    }
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    std::fs::create_dir_all(settings.keys()).map_err(|error| error.to_string())?;
    let signer =
        Signer::open(&settings.keys().join("journal.key"), &*random).map_err(|error| error.to_string())?;
    let _sealer = db.start_sealer(Arc::new(signer), SealSettings::default(), |checkpoint| {
        // The log is the first place outside the database where a checkpoint lands.
        tracing::info!(checkpoint = checkpoint.to_line(), "journal checkpoint");
    });
    let house = house(&db, &settings, clock.clone(), random.clone()).await?;
    let key = Key::new(secret(&settings.keys().join("forms.key"), &*random)?);
    let node = regie_core::clock::new_id::<regie_core::id::DeviceId>(&*clock, &*random);
    let front = Front { clock, random, key, secure: settings.secure(), body_limit: 64 << 20 };
    let listener =
        TcpListener::bind(settings.listen).await.map_err(|error| format!("{}: {error}", settings.listen))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let settings = settings.at(address);
    welcome(&house, &settings);
    let courier = crate::mail::courier(&settings, !house.demo.is_empty())?;
    let running = jobs(courier).start(&db, node.uuid(), RunSettings::default());
    axum::serve(listener, router(db, house, front))
        .with_graceful_shutdown(asked_to_stop())
        .await
        .map_err(|error| error.to_string())?;
    running.stop().await;
    Ok(())
}

/// What this node does besides answering: rows of the outbox, and clocks that tick once for all nodes.
pub fn jobs(courier: Courier) -> Jobs {
    let courier = Arc::new(courier);
    Jobs::new()
        .on("mail.send", move |db, job| {
            let courier = courier.clone();
            Box::pin(async move { courier.send(&db, &job).await })
        })
        .every("sweep", SignedDuration::from_mins(10), |db, _| {
            Box::pin(regie_jobs::sweep(db, SignedDuration::from_hours(7 * 24)))
        })
}

/// Everything that answers.
pub fn router(db: Db, house: House, front: Front) -> Router {
    let recognise = from_fn_with_state(house.clone(), regie_web::me::recognise);
    let programs = regie_api::open(regie_api::House {
        db: db.clone(),
        clock: house.clock.clone(),
        random: house.random.clone(),
    })
    .layer(from_fn_with_state(front.clone(), name_request))
    .layer(from_fn_with_state(front.clone(), secure));
    let document = ApiDocument(Arc::new(regie_api::document()));
    let pages = open_front(regie_web::door(), front, house, move |pages| pages.layer(recognise));
    let pages = pages.layer(Extension(document)).merge(programs);
    Router::new()
        .route("/health", get(|| async { "ok\n" }))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(db)
        .merge(pages)
}

pub async fn house(
    db: &Db,
    settings: &Settings,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<House, String> {
    let demo = demo::sign_ins(db).await.map_err(|error| error.to_string())?;
    Ok(House {
        db: db.clone(),
        passwords: Passwords::standard(&*random).map_err(|error| error.to_string())?,
        clock,
        random,
        policy: Policy::default(),
        secure: settings.secure(),
        demo: demo.into(),
    })
}

/// A secret of 32 bytes in a file of its own, made on first use, for this user alone.
fn secret(path: &Path, random: &dyn Random) -> Result<[u8; 32], String> {
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    match std::fs::read(path) {
        Ok(bytes) => bytes.try_into().map_err(|_| {
            format!("{} is not a key of 32 bytes; remove it to have a new one made", path.display())
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut bytes = [0; 32];
            random.fill(&mut bytes);
            use std::io::Write as _;
            use std::os::unix::fs::OpenOptionsExt as _;
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
                .map_err(told)?;
            file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(told)?;
            Ok(bytes)
        }
        Err(error) => Err(told(error)),
    }
}

/// Ready means: this node can answer and write.
async fn ready(State(db): State<Db>) -> (StatusCode, String) {
    if db.stopped() {
        return (StatusCode::SERVICE_UNAVAILABLE, "a flush failed; restart after checking the disk\n".into());
    }
    match tokio::time::timeout(std::time::Duration::from_secs(2), db.pending()).await {
        Ok(Ok(pending)) if pending.is_empty() => (StatusCode::OK, "ready\n".into()),
        Ok(Ok(pending)) => {
            (StatusCode::SERVICE_UNAVAILABLE, format!("migrations wait: {}\n", pending.join(", ")))
        }
        Ok(Err(error)) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")),
        Err(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer within two seconds\n".into())
        }
    }
}

async fn metrics(State(db): State<Db>) -> String {
    let lag = db.seal_lag();
    format!(
        "# HELP regie_seal_lag_seconds Age of the oldest journal line that is not sealed yet.\n\
         # TYPE regie_seal_lag_seconds gauge\nregie_seal_lag_seconds {}\n\
         # HELP regie_seal_failures Sealing rounds that failed since the last good one.\n\
         # TYPE regie_seal_failures gauge\nregie_seal_failures {}\n\
         # HELP regie_writer_stopped 1 when a flush failed and this node must not write.\n\
         # TYPE regie_writer_stopped gauge\nregie_writer_stopped {}\n",
        lag.oldest().as_secs_f64(),
        lag.failures(),
        u8::from(db.stopped()),
    )
}

async fn asked_to_stop() {
    let interrupted = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! { () = interrupted => {}, () = terminated => {} }
    tracing::info!("stopping: requests under way are answered first");
}

#[allow(clippy::print_stdout, reason = "who starts Regie wants to know where it is")]
fn welcome(house: &House, settings: &Settings) {
    println!("Regie: {}", settings.public_url);
    if let Some(first) = house.demo.first() {
        println!("Demo logins (password {}):", first.password);
        for one in house.demo.iter() {
            println!("  {:<20} {}", one.role.code(), one.mail);
        }
    }
}
