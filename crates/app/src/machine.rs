//! The machine's own clock, randomness and log.

use crate::settings::Settings;
use jiff::Timestamp;
use regie_core::{Clock, Random};
use tracing_subscriber::EnvFilter;

pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the app owns the clock")]
    fn now(&self) -> Timestamp {
        // Both databases keep microseconds; finer would come back different.
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

pub struct SystemRandom;

impl Random for SystemRandom {
    #[allow(clippy::disallowed_methods, reason = "the app owns randomness")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::RngCore::fill_bytes(&mut rand::rng(), bytes);
    }
}

/// Structured lines on standard error; `REGIE_LOG` narrows them (`info`, `regie_db=debug`).
pub fn log(settings: &Settings) {
    // The driver would log the values of statements, whatever else is asked for.
    let filter = EnvFilter::new(format!("{},tokio_postgres=info", settings.log));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call in tests keeps the first subscriber.
    let _ = if settings.log_json { lines.json().try_init() } else { lines.with_target(false).try_init() };
}
