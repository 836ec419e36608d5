//! One school's deliveries, while it has some.

use crate::run::Shared;
use crate::{Failure, Job};
use regie_core::id::{InstitutionId, OutboxId};
use regie_db::Error;
use regie_db::outbox::Delivery;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;
use tracing::Instrument as _;
use uuid::Uuid;

/// Rows claimed in one go.
const SLICE: usize = 500;
/// What ended is told to the database within this time.
const TELL: Duration = Duration::from_millis(50);

/// Claimed rows of one subject, in order: they are handled one after the other.
struct Run {
    lease: Uuid,
    rows: VecDeque<Delivery>,
}

/// What became of a run.
struct Ended {
    lease: Uuid,
    delivered: Vec<OutboxId>,
    failed: Option<(Delivery, Failure)>,
    /// Behind the failure, or too late for this lease.
    untouched: Vec<OutboxId>,
}

pub(crate) struct School {
    shared: Arc<Shared>,
    institution: InstitutionId,
    /// Claimed and not begun.
    waiting: VecDeque<Run>,
    running: JoinSet<Ended>,
    /// Not told to the database yet.
    ended: Vec<Ended>,
}

impl School {
    pub(crate) fn new(shared: Arc<Shared>, institution: InstitutionId) -> Self {
        Self { shared, institution, waiting: VecDeque::new(), running: JoinSet::new(), ended: Vec::new() }
    }

    pub(crate) async fn deliver(mut self) -> InstitutionId {
        if let Err(error) = self.all().await {
            // The rows come back when their leases end.
            tracing::warn!(%error, institution = %self.institution, "deliveries were broken off");
        }
        self.institution
    }

    async fn all(&mut self) -> Result<(), Error> {
        loop {
            let stopping = *self.shared.stopping.borrow();
            if stopping {
                self.give_back();
            } else if self.waiting.is_empty() && self.running.len() < self.shared.settings.at_once_per_school
            {
                // First what is done: rows of its subjects wait behind it.
                self.answer().await?;
                self.claim().await?;
            }
            self.begin().await;
            if self.running.is_empty() {
                return self.answer().await;
            }
            // What ends is told together: a write each would cost more than the deliveries.
            let next = if self.ended.is_empty() {
                self.running.join_next().await
            } else if let Ok(next) = tokio::time::timeout(TELL, self.running.join_next()).await {
                next
            } else {
                self.answer().await?;
                continue;
            };
            // A task that was aborted leaves its rows to the end of their lease.
            self.ended.extend(next.and_then(Result::ok));
            while let Some(next) = self.running.try_join_next() {
                self.ended.extend(next.ok());
            }
        }
    }

    async fn claim(&mut self) -> Result<(), Error> {
        let claim = self.shared.db.claim(self.institution, SLICE, self.shared.settings.lease).await?;
        let mut place: HashMap<Uuid, usize> = HashMap::new();
        for row in claim.rows {
            let at = *place.entry(row.subject).or_insert_with(|| {
                self.waiting.push_back(Run { lease: claim.lease, rows: VecDeque::new() });
                self.waiting.len() - 1
            });
            if let Some(run) = self.waiting.get_mut(at) {
                run.rows.push_back(row);
            }
        }
        Ok(())
    }

    async fn begin(&mut self) {
        while self.running.len() < self.shared.settings.at_once_per_school && !self.waiting.is_empty() {
            let Ok(room) = self.shared.room.clone().acquire_owned().await else { return };
            let Some(run) = self.waiting.pop_front() else { return };
            self.running.spawn(run.handle(self.shared.clone(), self.institution, room));
        }
    }

    async fn answer(&mut self) -> Result<(), Error> {
        let db = &self.shared.db;
        let mut delivered: HashMap<Uuid, Vec<OutboxId>> = HashMap::new();
        let mut untouched: HashMap<Uuid, Vec<OutboxId>> = HashMap::new();
        for end in std::mem::take(&mut self.ended) {
            delivered.entry(end.lease).or_default().extend(end.delivered);
            untouched.entry(end.lease).or_default().extend(end.untouched);
            match end.failed {
                None => {}
                Some((row, Failure::Later(reason))) => {
                    db.failed(self.institution, end.lease, &row, &reason).await?;
                    if row.attempts >= regie_db::outbox::ATTEMPTS {
                        mourn(&self.shared, self.institution, row).await;
                    }
                }
                Some((row, Failure::Never(reason))) => {
                    db.undeliverable(self.institution, end.lease, &row, &reason).await?;
                    mourn(&self.shared, self.institution, row).await;
                }
            }
        }
        for (lease, ids) in delivered.into_iter().filter(|(_, ids)| !ids.is_empty()) {
            db.delivered(self.institution, lease, ids).await?;
        }
        for (lease, ids) in untouched.into_iter().filter(|(_, ids)| !ids.is_empty()) {
            db.unclaim(self.institution, lease, ids).await?;
        }
        Ok(())
    }

    fn give_back(&mut self) {
        self.ended.extend(self.waiting.drain(..).map(|run| run.ended(Vec::new(), None)));
    }
}

/// Somebody should know that a row was given up.
async fn mourn(shared: &Shared, institution: InstitutionId, row: Delivery) {
    if let Some(mourner) = &shared.mourner {
        mourner(shared.db.clone(), Job { institution, row }).await;
    }
}

impl Run {
    fn ended(self, delivered: Vec<OutboxId>, failed: Option<(Delivery, Failure)>) -> Ended {
        let untouched = self.rows.into_iter().map(|row| row.id).collect();
        Ended { lease: self.lease, delivered, failed, untouched }
    }

    /// Row after row, until one fails, the node stops, or half of the lease is gone. The rest is for another time.
    async fn handle(
        mut self,
        shared: Arc<Shared>,
        institution: InstitutionId,
        _room: OwnedSemaphorePermit,
    ) -> Ended {
        let lease = Duration::try_from(shared.settings.lease).unwrap_or(Duration::from_secs(60));
        let started = Instant::now();
        let mut delivered = Vec::new();
        while let Some(row) = self.rows.pop_front() {
            let late = started.elapsed() > lease / 2 || *shared.stopping.borrow();
            if late && !delivered.is_empty() {
                self.rows.push_front(row);
                break;
            }
            let time = (lease * 4 / 5).saturating_sub(started.elapsed());
            match one(&shared, institution, row.clone(), time).await {
                Ok(()) => delivered.push(row.id),
                Err(failure) => return self.ended(delivered, Some((row, failure))),
            }
        }
        self.ended(delivered, None)
    }
}

async fn one(
    shared: &Shared,
    institution: InstitutionId,
    row: Delivery,
    time: Duration,
) -> Result<(), Failure> {
    let Some((event, handler)) = shared.handlers.get_key_value(row.event.as_str()) else {
        // During a rolling upgrade a newer node knows it.
        return Err(Failure::Later(format!("this release of Regie does not know {}", row.event)));
    };
    // A task of its own, so that a panic is a failure of this row alone; it ends with this one when that is broken off.
    let (event, started, mut task) = (*event, Instant::now(), JoinSet::new());
    let attempt = row.attempts;
    let work = handler(shared.db.clone(), Job { institution, row });
    task.spawn(tokio::time::timeout(time, work).instrument(tracing::debug_span!("delivery", event, attempt)));
    let outcome = match task.join_next().await {
        Some(Ok(Ok(outcome))) => outcome,
        Some(Ok(Err(_))) => Err(Failure::Later(format!("it took longer than {} seconds", time.as_secs()))),
        Some(Err(error)) => Err(Failure::Later(format!("the handler broke off: {error}"))),
        None => Err(Failure::Later("the handler was never begun".into())),
    };
    let ended = match &outcome {
        Ok(()) => "delivered",
        Err(Failure::Later(_)) => "later",
        Err(Failure::Never(_)) => "never",
    };
    metrics::histogram!("regie_job_seconds", "event" => event, "outcome" => ended)
        .record(started.elapsed().as_secs_f64());
    outcome
}
