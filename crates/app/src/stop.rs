//! Ending well: first this node says that it is not ready, so that a load balancer sends nobody any more; then it takes no
//! new connections, answers what is under way, and lets go of its streams; and it does not wait for ever.

use regie_db::Db;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// What is still under way after so long is broken off.
const PATIENCE: Duration = Duration::from_secs(25);

/// Whether this node is on its way out.
#[derive(Clone, Default)]
pub struct Stopping(Arc<AtomicBool>);

impl Stopping {
    pub fn now(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Ctrl-C or SIGTERM.
pub async fn asked() {
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
}

/// Runs what `serving` gives until asked to stop. `serving` gets what resolves when no new connection may be taken.
pub async fn gracefully<S, F>(db: &Db, stopping: Stopping, drain: Duration, serving: S) -> Result<(), String>
where
    S: FnOnce(std::pin::Pin<Box<dyn Future<Output = ()> + Send>>) -> F,
    F: Future<Output = std::io::Result<()>>,
{
    let (close, mut closed) = watch::channel(false);
    let shut = Box::pin(async move {
        let _ = closed.wait_for(|closed| *closed).await;
    });
    let served = serving(shut);
    let ending = async {
        asked().await;
        stopping.begin();
        tracing::info!("stopping: requests under way are answered first");
        // Who is impatient asks twice.
        tokio::select! { () = tokio::time::sleep(drain) => {}, () = asked() => {} }
        db.changes().end();
        close.send_replace(true);
        tokio::time::sleep(PATIENCE).await;
        tracing::warn!(
            "some requests were still under way after {} seconds; they are broken off",
            PATIENCE.as_secs()
        );
    };
    tokio::select! {
        served = served => served.map_err(|error| error.to_string()),
        () = ending => Ok(()),
    }
}
