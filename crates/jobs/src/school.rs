//! One school's deliveries, while it has some.

use crate::run::Shared;
use crate::{Failure, Job};
use regie_core::id::{InstitutionId, OutboxId};
use regie_db::Error;
use regie_db::outbox::Delivery;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{Id, JoinError, JoinSet};
use uuid::Uuid;

const SLICE: i64 = 100;

type Ended = Result<(Id, Result<(), Failure>), JoinError>;

pub(crate) struct School {
    shared: Arc<Shared>,
    institution: InstitutionId,
    /// Claimed and not begun.
    waiting: VecDeque<(Uuid, Delivery)>,
    running: JoinSet<Result<(), Failure>>,
    /// What each running task handles.
    handled: HashMap<Id, (Uuid, Delivery)>,
}

impl School {
    pub(crate) fn new(shared: Arc<Shared>, institution: InstitutionId) -> Self {
        Self {
            shared,
            institution,
            waiting: VecDeque::new(),
            running: JoinSet::new(),
            handled: HashMap::new(),
        }
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
                self.give_back().await?;
            } else if self.waiting.is_empty() && self.running.len() < self.shared.settings.at_once_per_school
            {
                let claim = self.shared.db.claim(self.institution, SLICE, self.shared.settings.lease).await?;
                let lease = claim.lease;
                self.waiting.extend(claim.rows.into_iter().map(|row| (lease, row)));
            }
            self.begin().await;
            let Some(first) = self.running.join_next_with_id().await else { return Ok(()) };
            let mut ended = vec![first];
            while let Some(next) = self.running.try_join_next_with_id() {
                ended.push(next);
            }
            self.answer(ended).await?;
        }
    }

    async fn begin(&mut self) {
        while self.running.len() < self.shared.settings.at_once_per_school {
            let Some((lease, row)) = self.waiting.pop_front() else { return };
            let Ok(room) = self.shared.room.clone().acquire_owned().await else { return };
            let job = Job { institution: self.institution, row: row.clone() };
            let handler = self.shared.handlers.get(row.event.as_str()).cloned();
            let (db, lease_time) = (self.shared.db.clone(), self.shared.settings.lease);
            let time = Duration::try_from(lease_time).unwrap_or(Duration::from_secs(60)) * 4 / 5;
            let task = self.running.spawn(async move {
                let _room = room;
                let Some(handler) = handler else {
                    // During a rolling upgrade a newer node knows it.
                    return Err(Failure::Later(format!(
                        "this release of Regie does not know {}",
                        job.row.event
                    )));
                };
                tokio::time::timeout(time, handler(db, job)).await.unwrap_or_else(|_| {
                    Err(Failure::Later(format!("it took longer than {} seconds", time.as_secs())))
                })
            });
            self.handled.insert(task.id(), (lease, row));
        }
    }

    async fn answer(&mut self, ended: Vec<Ended>) -> Result<(), Error> {
        let db = &self.shared.db;
        let mut delivered: HashMap<Uuid, Vec<OutboxId>> = HashMap::new();
        for end in ended {
            let (id, outcome) = match end {
                Ok((id, outcome)) => (id, outcome),
                Err(error) => (error.id(), Err(Failure::Later(format!("the handler broke off: {error}")))),
            };
            let Some((lease, row)) = self.handled.remove(&id) else { continue };
            match outcome {
                Ok(()) => delivered.entry(lease).or_default().push(row.id),
                Err(Failure::Later(reason)) => db.failed(self.institution, lease, &row, &reason).await?,
                Err(Failure::Never(reason)) => {
                    db.undeliverable(self.institution, lease, &row, &reason).await?;
                }
            }
        }
        for (lease, ids) in delivered {
            db.delivered(self.institution, lease, ids).await?;
        }
        Ok(())
    }

    async fn give_back(&mut self) -> Result<(), Error> {
        let mut by_lease: HashMap<Uuid, Vec<OutboxId>> = HashMap::new();
        for (lease, row) in self.waiting.drain(..) {
            by_lease.entry(lease).or_default().push(row.id);
        }
        for (lease, ids) in by_lease {
            self.shared.db.unclaim(self.institution, lease, ids).await?;
        }
        Ok(())
    }
}
