//! Serving: pages, health, the sealer and the jobs of this node, until asked to stop.

use crate::command::open;
use crate::demo;
use crate::limit::{self, Brake};
use crate::machine::{SystemClock, SystemRandom};
use crate::measure;
use crate::settings::Settings;
use crate::stop::{self, Stopping};
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Extension, Router};
use jiff::SignedDuration;
use regie_core::id::Id as _;
use regie_core::limit::{Limits, Rates};
use regie_core::{Clock, Random};
use regie_db::{Db, Ledger, SealSettings, Signer};
use regie_files::Files;
use regie_jobs::import::{Reading, forget_old, put_away};
use regie_jobs::mail::Courier;
use regie_jobs::{Jobs, RunSettings};
use regie_signin::federation::Federation;
use regie_signin::{Passwords, Policy, Vault, reseal};
use regie_web::House;
use regie_web::csrf::Key;
use regie_web::front::{Front, open as open_front};
use regie_web::layer::{name_request, secure};
use regie_web::reference::ApiDocument;
use std::net::SocketAddr;
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
    let signer = Arc::new(signer);
    let _sealer = db.start_sealer(signer.clone(), SealSettings::default(), |checkpoint| {
        // The log is the first place outside the database where a checkpoint lands.
        tracing::info!(checkpoint = checkpoint.to_line(), "journal checkpoint");
    });
    let house = house(&db, &settings, clock.clone(), random.clone()).await?;
    let brake = brake(&settings, &house, clock.clone());
    let resealed = reseal(&db, house.passwords.vault(), &*random).await.map_err(|error| error.to_string())?;
    if resealed > 0 {
        tracing::info!(resealed, "secrets were put under the newest key");
    }
    let key = Key::new(secret(&settings.keys().join("forms.key"), &*random)?);
    let node = regie_core::clock::new_id::<regie_core::id::DeviceId>(&*clock, &*random);
    let front = Front { clock, random, key, secure: settings.secure(), body_limit: 64 << 20 };
    let listener =
        TcpListener::bind(settings.listen).await.map_err(|error| format!("{}: {error}", settings.listen))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let settings = settings.at(address);
    welcome(&house, &settings);
    let courier = crate::mail::courier(&settings, !house.demo.is_empty())?;
    let jobs = with_people(jobs(courier), &house, signer, Ledger::new(settings.erasures()));
    let running = jobs.start(&db, node.uuid(), RunSettings::default());
    measure::recorder();
    let _upkeep = tokio::spawn(measure::upkeep());
    let stopping = Stopping::default();
    let app = router(db.clone(), house, front)
        .layer(Extension(stopping.clone()))
        .layer(from_fn_with_state(brake, limit::brake))
        .layer(from_fn(measure::watch))
        .into_make_service_with_connect_info::<SocketAddr>();
    stop::gracefully(&db, stopping, settings.drain, |closed| async move {
        axum::serve(listener, app).with_graceful_shutdown(closed).await
    })
    .await?;
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
        .on("notice.tell", |db, job| Box::pin(async move { regie_jobs::notice::deliver(&db, &job).await }))
        .when_dead(|db, job| Box::pin(regie_jobs::notice::died(db, job)))
        .every("periods", SignedDuration::from_secs(30), |db, _| Box::pin(regie_jobs::period::close(db)))
        .every("sweep", SignedDuration::from_mins(10), |db, _| {
            Box::pin(regie_jobs::sweep(db, SignedDuration::from_hours(7 * 24)))
        })
}

/// How fast one may ask here. The accounts of a demo are everybody's, so they are not counted.
fn brake(settings: &Settings, house: &House, clock: Arc<dyn Clock>) -> Brake {
    let mut rates = settings.rates;
    if !house.demo.is_empty() {
        rates = Rates { account: 0, sign_in_account: 0, ..rates };
    }
    Brake {
        limits: Arc::new(Limits::new(rates)),
        clock,
        proxies: settings.trusted_proxies.clone().into(),
        secure: settings.secure(),
    }
}

/// With those jobs that need the files that were handed in, or the key and the ledger of erasures.
pub fn with_people(jobs: Jobs, house: &House, signer: Arc<Signer>, ledger: Ledger) -> Jobs {
    let reading =
        Reading { files: house.files.clone(), clock: house.clock.clone(), random: house.random.clone() };
    let files = house.files.clone();
    jobs.on("import.judge", reading.handler())
        .on("import.settled", put_away(files.clone()))
        .on("person.merged", regie_jobs::person::merged)
        .on("person.erased", regie_jobs::person::erased(signer, ledger))
        .every("imports", SignedDuration::from_hours(6), move |db, _| Box::pin(forget_old(db, files.clone())))
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
    let federation = Federation::new();
    let document = ApiDocument(Arc::new(regie_api::document()));
    let pages = open_front(regie_web::door(), front, house, move |pages| pages.layer(recognise));
    let pages = match federation {
        Ok(federation) => pages.layer(Extension(federation)),
        Err(error) => {
            tracing::error!(%error, "nobody can sign in through a provider");
            pages
        }
    };
    let pages = pages
        .layer(axum::middleware::from_fn(regie_web::federation::exempt))
        .layer(Extension(document))
        .merge(programs);
    Router::new()
        .route("/health", get(|| async { "ok\n" }))
        .route("/ready", get(ready))
        .route("/metrics", get(measure::metrics))
        .with_state(db)
        .merge(pages)
}

pub async fn house(
    db: &Db,
    settings: &Settings,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<House, String> {
    std::fs::create_dir_all(settings.keys()).map_err(|error| error.to_string())?;
    let demo = demo::sign_ins(db).await.map_err(|error| error.to_string())?;
    Ok(House {
        db: db.clone(),
        passwords: Passwords::standard(&*random)
            .map_err(|error| error.to_string())?
            .sealing_in(vault(&settings.keys().join("secrets.key"), &*random)?),
        clock,
        random,
        policy: Policy::default(),
        files: Files::on_disk(&settings.imports()).map_err(|error| error.to_string())?,
        secure: settings.secure(),
        demo: demo.into(),
    })
}

/// The keys that second factors and providers' secrets are sealed under, the newest first; made on first use.
pub fn vault(path: &Path, random: &dyn Random) -> Result<Vault, String> {
    if !path.exists() {
        secret(path, random)?;
    }
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (keys, rest) = bytes.as_chunks::<32>();
    if !rest.is_empty() {
        return Err(format!(
            "{} does not hold whole keys of 32 bytes; restore it from a backup",
            path.display()
        ));
    }
    Vault::new(keys).map_err(|error| error.to_string())
}

/// A secret of 32 bytes in a file of its own, made on first use, for this user alone.
fn secret(path: &Path, random: &dyn Random) -> Result<[u8; 32], String> {
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    match std::fs::read(path) {
        Ok(bytes) => bytes.try_into().map_err(|_| {
            format!("{} is not a key of 32 bytes; remove it to have a new one made", path.display())
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let (mut bytes, mut name) = ([0; 32], [0; 8]);
            random.fill(&mut bytes);
            random.fill(&mut name);
            use std::io::Write as _;
            use std::os::unix::fs::OpenOptionsExt as _;
            // Complete before it has its name: another node may look for it at this very moment, or have made one.
            let making = path.with_extension(format!("making-{:016x}", u64::from_be_bytes(name)));
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&making)
                .map_err(told)?;
            file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(told)?;
            let named = std::fs::hard_link(&making, path);
            std::fs::remove_file(&making).map_err(told)?;
            match named {
                Ok(()) => Ok(bytes),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => secret(path, random),
                Err(error) => Err(told(error)),
            }
        }
        Err(error) => Err(told(error)),
    }
}

/// Ready means: this node can answer and write.
async fn ready(State(db): State<Db>, stopping: Option<Extension<Stopping>>) -> (StatusCode, String) {
    if stopping.is_some_and(|stopping| stopping.now()) {
        return (StatusCode::SERVICE_UNAVAILABLE, "this node stops\n".into());
    }
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
