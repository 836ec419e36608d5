//! The machine's own clock, randomness and log.

use crate::settings::Settings;
use jiff::Timestamp;
use regie_core::{Clock, Random};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

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

/// What is still to be sent when this process ends.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Telling {
    #[cfg(feature = "opentelemetry")]
    traces: Option<crate::trace::Traces>,
}

impl Telling {
    /// Sends what is left.
    pub fn end(&self) {
        #[cfg(feature = "opentelemetry")]
        if let Some(traces) = &self.traces {
            traces.end();
        }
    }
}

/// Structured lines on standard error; `REGIE_LOG` narrows them (`info`, `regie_db=debug`). With a collector, traces too.
/// Runs inside the runtime.
pub fn log(settings: &Settings) -> Result<Telling, String> {
    // The driver would log the values of statements, whatever else is asked for.
    let filter = || EnvFilter::new(format!("{},tokio_postgres=info", settings.log));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match settings.log_json {
        true => lines.json().with_filter(filter()).boxed(),
        false => lines.with_target(false).with_filter(filter()).boxed(),
    };
    let registry = tracing_subscriber::registry().with(lines);
    // A second call in tests keeps the first subscriber.
    #[cfg(not(feature = "opentelemetry"))]
    {
        let _ = registry.try_init();
        match &settings.otlp {
            Some(_) => Err("otlp_endpoint is set, and this binary sends no traces: build it with `--features opentelemetry`".into()),
            None => Ok(Telling::default()),
        }
    }
    #[cfg(feature = "opentelemetry")]
    {
        let traces = settings.otlp.as_deref().map(crate::trace::Traces::to).transpose()?;
        let layer = traces.as_ref().map(crate::trace::Traces::layer);
        let _ = registry.with(layer).try_init();
        Ok(Telling { traces })
    }
}
