//! The writer: one thread that gathers waiting jobs into one transaction and answers them after the sync.
//!
//! One sync serves up to 256 jobs, which is what makes `synchronous = FULL` affordable. Each job runs in its own
//! savepoint, so that a refused one leaves the others unharmed. Nobody is answered before the sync.

use super::{Synchronous, open, run_text};
use crate::Error;
use rusqlite::Connection;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

const GROUP: usize = 256;
const BUDGET: Duration = Duration::from_millis(10);
/// A job above this is written to the log: bulk work belongs in slices.
const SLOW: Duration = Duration::from_millis(100);
/// A job above this is stopped: everybody waits for it.
const LIMIT: Duration = Duration::from_secs(10);
/// In quiet moments a write-ahead log above this is folded back into the file and cut off.
const FOLD_ABOVE: u64 = 4 << 20;

/// Told once the group's fate is known.
pub(crate) type Answer = Box<dyn FnOnce(Result<(), Error>) + Send>;

pub(crate) struct Ran {
    pub(crate) connection: Connection,
    pub(crate) keep: bool,
    pub(crate) answer: Answer,
}

/// One use case's work. It is either run or refused, never dropped without a word.
pub(crate) trait Job: Send {
    /// True when nobody waits for the answer any more and nothing has begun.
    fn abandoned(&self) -> bool;
    fn run(self: Box<Self>, connection: Connection) -> Ran;
    fn refuse(self: Box<Self>, why: Error);
}

pub(crate) struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
    /// Jobs that were sent and not yet begun.
    queue: Arc<AtomicU64>,
    stopped: Arc<AtomicBool>,
    /// In milliseconds.
    limit: Arc<AtomicU64>,
}

impl Writer {
    pub(crate) fn start(path: &Path, synchronous: Synchronous) -> Result<Self, Error> {
        let connection = open(path, true, synchronous)?;
        let (jobs, waiting) = mpsc::channel();
        let stopped = Arc::new(AtomicBool::new(false));
        let limit = Arc::new(AtomicU64::new(LIMIT.as_millis() as u64));
        let queue = Arc::new(AtomicU64::new(0));
        let mut thread = Thread {
            queue: queue.clone(),
            limit: limit.clone(),
            connection: Some(connection),
            wal: path.with_extension(wal_extension(path)),
            stopped: stopped.clone(),
        };
        std::thread::Builder::new()
            .name("regie-writer".into())
            .spawn(move || thread.work(&waiting))
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self { jobs, queue, stopped, limit })
    }

    pub(crate) fn submit(&self, job: Box<dyn Job>) -> Result<(), Error> {
        self.queue.fetch_add(1, Ordering::Relaxed);
        self.jobs.send(job).map_err(|_| Error::Stopped("the writer ended".into()))
    }

    pub(crate) fn queue(&self) -> u64 {
        self.queue.load(Ordering::Relaxed)
    }

    pub(crate) fn limit(&self, time: Duration) {
        self.limit.store(time.as_millis() as u64, Ordering::Relaxed);
    }

    pub(crate) fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

fn wal_extension(path: &Path) -> String {
    path.extension().map_or_else(|| "-wal".into(), |e| format!("{}-wal", e.to_string_lossy()))
}

struct Thread {
    connection: Option<Connection>,
    wal: std::path::PathBuf,
    limit: Arc<AtomicU64>,
    queue: Arc<AtomicU64>,
    stopped: Arc<AtomicBool>,
}

impl Thread {
    fn work(&mut self, waiting: &mpsc::Receiver<Box<dyn Job>>) {
        loop {
            let first = match waiting.recv_timeout(Duration::from_secs(1)) {
                Ok(job) => job,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    self.fold();
                    continue;
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    self.fold();
                    return;
                }
            };
            if self.stopped.load(Ordering::Relaxed) {
                self.queue.fetch_sub(1, Ordering::Relaxed);
                first.refuse(Error::Stopped("an earlier flush failed".into()));
                continue;
            }
            if let Err(error) = self.text("BEGIN IMMEDIATE") {
                self.queue.fetch_sub(1, Ordering::Relaxed);
                first.refuse(error);
                continue;
            }
            let mut answers = Vec::new();
            let fate = self.group(first, waiting, &mut answers);
            if let Err(Error::Stopped(why)) = &fate {
                tracing::error!(%why, "a flush failed: no more writing, because pages may be lost");
                self.stopped.store(true, Ordering::Relaxed);
            }
            for answer in answers {
                answer(fate.clone());
            }
        }
    }

    /// One transaction. `Err` is for all of its jobs: nothing of them was kept.
    fn group(
        &mut self,
        first: Box<dyn Job>,
        waiting: &mpsc::Receiver<Box<dyn Job>>,
        answers: &mut Vec<Answer>,
    ) -> Result<(), Error> {
        let started = Instant::now();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            self.queue.fetch_sub(1, Ordering::Relaxed);
            if !job.abandoned() {
                self.one(job, answers)?;
            }
            if answers.len() < GROUP && started.elapsed() < BUDGET {
                next = waiting.try_recv().ok();
            }
        }
        metrics::histogram!("regie_writer_group_jobs").record(answers.len() as f64);
        let sync = Instant::now();
        let kept = self.text("COMMIT").inspect_err(|_| {
            if self.connection.as_ref().is_some_and(|c| !c.is_autocommit()) {
                let _ = self.text("ROLLBACK");
            }
        });
        metrics::histogram!("regie_writer_sync_seconds").record(sync.elapsed().as_secs_f64());
        kept
    }

    fn one(&mut self, job: Box<dyn Job>, answers: &mut Vec<Answer>) -> Result<(), Error> {
        self.text("SAVEPOINT job")?;
        let Some(mut connection) = self.connection.take() else {
            return Err(Error::Bug("the writer lost its connection".into()));
        };
        let started = Instant::now();
        limit(&mut connection, started, Duration::from_millis(self.limit.load(Ordering::Relaxed)));
        let mut ran = job.run(connection);
        unlimited(&mut ran.connection);
        self.connection = Some(ran.connection);
        answers.push(ran.answer);
        if started.elapsed() > SLOW {
            tracing::warn!(millis = started.elapsed().as_millis() as u64, "a slow writing job");
        }
        if self.connection.as_ref().is_some_and(Connection::is_autocommit) {
            // Some errors (no space, a statement stopped half-way) roll back everything: then every job fails.
            return Err(Error::Again("another job rolled the group back".into()));
        }
        if !ran.keep {
            self.text("ROLLBACK TO job")?;
        }
        self.text("RELEASE job")
    }

    fn text(&self, sql: &str) -> Result<(), Error> {
        match &self.connection {
            Some(connection) => run_text(connection, sql, &[]).map(drop),
            None => Err(Error::Bug("the writer lost its connection".into())),
        }
    }

    fn fold(&self) {
        let large = std::fs::metadata(&self.wal).is_ok_and(|wal| wal.len() > FOLD_ABOVE);
        if large && let Some(connection) = &self.connection {
            // Readers of a moment may still hold it; then the next quiet second tries again.
            let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
    }
}

/// Stops a statement that runs too long. The handler is asked every so many steps of SQLite's machine.
fn limit(connection: &mut Connection, started: Instant, most: Duration) {
    let _ = connection.progress_handler(20_000, Some(move || started.elapsed() > most));
}

fn unlimited(connection: &mut Connection) {
    let _ = connection.progress_handler(0, None::<fn() -> bool>);
}
