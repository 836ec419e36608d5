//! One portable SQL text on SQLite and PostgreSQL, and transactions that cannot forget the journal.
//! The only crate that names a database driver.

mod backup;
mod changes;
mod doctor;
mod error;
pub mod journal;
mod kept;
mod lease;
mod measure;
mod migrate;
pub mod outbox;
mod postgres;
mod reader;
pub mod row;
mod seal;
mod sqlite;
pub mod statement;
mod trial;
mod tx;
pub mod value;
mod write;

pub use backup::{
    Brought, ERASURES, Folders, Known, Manifest, STAYS, Stay, TRAVELS, Tenant, Travel, read_manifest, restore,
};
pub use changes::{Change, Changes, Touched};
pub use doctor::Ailment;
pub use error::Error;
pub use journal::Event;
pub use lease::Fence;
pub use measure::Measures;
pub use migrate::{Migration, ddl, migrations, views};
pub use outbox::Outgoing;
pub use postgres::PostgresSettings;
pub use reader::Reader;
pub use seal::chain::Hash;
pub use seal::checkpoint::{Checkpoint, Signer};
pub use seal::erase::{Erasure, ErasureLine, Ledger};
pub use seal::verify::{Flaw, Trust, Verdict};
pub use seal::{Lag, SealSettings, Sealed, Sealer};
pub use sqlite::{Synchronous, script};
pub use statement::{Query, STATEMENTS, Statement};
pub(crate) use statement::{postgres_statements, sqlite_statements, system_statements};
pub use tx::{Ask, Done, Expect, Tx};
pub use write::Work;

#[doc(hidden)]
pub use linkme;

use jiff::Timestamp;
use regie_core::id::InstitutionId;
use regie_core::{Clock, Random};
use std::path::PathBuf;
use std::sync::Arc;

/// Which database, and how.
#[derive(Debug, Clone)]
pub enum Settings {
    Sqlite { path: PathBuf, readers: usize, synchronous: Synchronous },
    Postgres(PostgresSettings),
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    backend: Backend,
    settings: Settings,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    changes: Arc<Changes>,
    kept: kept::Kept,
    lag: Lag,
    grown: seal::Grown,
    written: tokio::sync::Notify,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.changes.close();
    }
}

enum Backend {
    Sqlite { writer: sqlite::Writer, readers: sqlite::Readers },
    Postgres { pool: Box<postgres::Pool> },
}

impl Db {
    /// Opens the database; needs a Tokio runtime. Migrating is a step of its own.
    pub fn open(settings: Settings, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, Error> {
        let backend = match &settings {
            Settings::Sqlite { path, readers, synchronous } => Backend::Sqlite {
                writer: sqlite::Writer::start(path, *synchronous)?,
                readers: sqlite::Readers::open(path, *readers)?,
            },
            Settings::Postgres(settings) => {
                Backend::Postgres { pool: Box::new(postgres::Pool::new(settings)?) }
            }
        };
        let changes = Arc::new(Changes::new(matches!(backend, Backend::Postgres { .. })));
        let db = Self(Arc::new(Inner {
            backend,
            settings,
            clock,
            random,
            changes,
            kept: Default::default(),
            lag: Lag::default(),
            grown: Default::default(),
            written: Default::default(),
        }));
        changes::start(&db);
        Ok(db)
    }

    /// For asking; each question is its own snapshot.
    pub fn reader(&self, institution: InstitutionId) -> Reader {
        Reader::new(self.clone(), institution)
    }

    /// What changes, on this node and on the others.
    pub fn changes(&self) -> &Changes {
        &self.0.changes
    }

    /// Resolves soon after something was written by this process: there may be something to deliver.
    pub async fn written(&self) {
        self.0.written.notified().await;
    }

    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.0.backend, Backend::Postgres { .. })
    }

    /// True once a flush failed: this process must not write again.
    pub fn stopped(&self) -> bool {
        matches!(&self.0.backend, Backend::Sqlite { writer, .. } if writer.stopped())
    }

    /// Stops writing jobs on SQLite after this time instead of ten seconds, so that a test need not wait so long.
    #[doc(hidden)]
    pub fn limit_jobs(&self, time: std::time::Duration) {
        if let Backend::Sqlite { writer, .. } = &self.0.backend {
            writer.limit(time);
        }
    }

    fn changed(&self, institution: InstitutionId, touched: Vec<Touched>) {
        if !touched.is_empty() {
            self.0.written.notify_one();
        }
        self.0.changes.note(institution, touched);
    }
}
