//! Runs what must happen later, repeatedly or again: rows of the outbox and clocks. Every node runs one; rows are
//! claimed for a while and clocks tick once for all nodes.
//!
//! ```ignore
//! let jobs = Jobs::new()
//!     .on("booking.confirmed", |db, job| Box::pin(send_confirmation(db, job)))
//!     .every("sweep", SignedDuration::from_mins(10), |db, _| Box::pin(sweep(db)));
//! let running = jobs.start(&db, node, RunSettings::default());
//! …
//! running.stop().await;
//! ```
//!
//! A handler may meet the same row twice: what it does in the database it does in one transaction that begins with
//! `tx.first_time(consumer, job.row.id)`; what it does elsewhere carries the row's id as idempotency key.

mod clock;
pub mod import;
pub mod mail;
pub mod notice;
pub mod period;
pub mod person;
mod run;
mod school;

pub use clock::sweep;
pub use run::{RunSettings, Running};

use jiff::SignedDuration;
use regie_core::id::InstitutionId;
use regie_db::outbox::Delivery;
use regie_db::{Db, Error, Fence};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

/// One row to handle.
#[derive(Debug, Clone)]
pub struct Job {
    pub institution: InstitutionId,
    pub row: Delivery,
}

/// Why a row was not handled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Something that may pass: it is tried again, with growing pauses.
    #[error("{0}")]
    Later(String),
    /// Something that will not pass by itself: dead at once, for the administrator to look at.
    #[error("{0}")]
    Never(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Decode(_) | Error::Bug(_) => Failure::Never(error.to_string()),
            _ => Failure::Later(error.to_string()),
        }
    }
}

pub type Handling = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;
pub type Ticking = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

pub type Mourning = Pin<Box<dyn Future<Output = ()> + Send>>;

pub(crate) type Mourner = Arc<dyn Fn(Db, Job) -> Mourning + Send + Sync>;

pub(crate) type Handler = Arc<dyn Fn(Db, Job) -> Handling + Send + Sync>;

pub(crate) struct Clock {
    pub(crate) name: &'static str,
    pub(crate) period: SignedDuration,
    pub(crate) work: Arc<dyn Fn(Db, Fence) -> Ticking + Send + Sync>,
}

/// Who handles what.
#[derive(Default)]
pub struct Jobs {
    pub(crate) handlers: HashMap<&'static str, Handler>,
    pub(crate) clocks: Vec<Clock>,
    pub(crate) mourner: Option<Mourner>,
}

impl Jobs {
    pub fn new() -> Self {
        Self::default()
    }

    /// One handler for each event; several consumers of one event are several outbox rows.
    pub fn on(
        mut self,
        event: &'static str,
        handler: impl Fn(Db, Job) -> Handling + Send + Sync + 'static,
    ) -> Self {
        self.handlers.insert(event, Arc::new(handler));
        self
    }

    /// What happens when a row is given up: somebody should know.
    pub fn when_dead(mut self, mourner: impl Fn(Db, Job) -> Mourning + Send + Sync + 'static) -> Self {
        self.mourner = Some(Arc::new(mourner));
        self
    }

    /// Work that returns: of all nodes one does it, once a period. It checks the fence in its transactions
    /// (`tx.under`) when doing it twice would matter.
    pub fn every(
        mut self,
        name: &'static str,
        period: SignedDuration,
        work: impl Fn(Db, Fence) -> Ticking + Send + Sync + 'static,
    ) -> Self {
        self.clocks.push(Clock { name, period, work: Arc::new(work) });
        self
    }

    /// The events that have a handler.
    pub fn events(&self) -> Vec<&'static str> {
        let mut events: Vec<_> = self.handlers.keys().copied().collect();
        events.sort_unstable();
        events
    }
}
