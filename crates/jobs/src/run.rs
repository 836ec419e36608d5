//! The runner of one node: looks which schools have something due, and gives each of them a task of its own, so that
//! one school's pile or slow receiver is not another school's delay.

use crate::school::School;
use crate::{Handler, Jobs, Mourner, clock};
use jiff::SignedDuration;
use regie_core::id::InstitutionId;
use regie_db::Db;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct RunSettings {
    /// Handlers that run at once in this node.
    pub at_once: usize,
    /// Of those, for one school.
    pub at_once_per_school: usize,
    /// A row is ours for so long; a handler gets four fifths of it.
    pub lease: SignedDuration,
    /// How often the node looks without being woken: other nodes' rows, retries and rows for later.
    pub look: Duration,
    /// How long a stop waits for handlers that run.
    pub patience: Duration,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            at_once: 64,
            at_once_per_school: 16,
            lease: SignedDuration::from_mins(5),
            look: Duration::from_millis(500),
            patience: Duration::from_secs(20),
        }
    }
}

/// What all schools' tasks share.
pub(crate) struct Shared {
    pub(crate) db: Db,
    pub(crate) handlers: HashMap<&'static str, Handler>,
    pub(crate) mourner: Option<Mourner>,
    pub(crate) settings: RunSettings,
    pub(crate) room: Arc<Semaphore>,
    pub(crate) stopping: watch::Receiver<bool>,
}

/// A running runner. Dropping it breaks off what runs, as a killed process would; `stop` is graceful.
pub struct Running {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    patience: Duration,
}

impl Jobs {
    /// `node` is this process's own id, made at its start.
    pub fn start(self, db: &Db, node: Uuid, settings: RunSettings) -> Running {
        let (stop, stopping) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for clock in self.clocks {
            tasks.spawn(clock::run(db.clone(), clock, node, stopping.clone()));
        }
        let patience = settings.patience;
        let shared = Arc::new(Shared {
            db: db.clone(),
            handlers: self.handlers,
            mourner: self.mourner,
            room: Arc::new(Semaphore::new(settings.at_once)),
            settings,
            stopping,
        });
        tasks.spawn(look(shared));
        Running { stop, tasks, patience }
    }
}

impl Running {
    /// Claims nothing more, lets the running handlers end (within the patience of the settings), gives the rest back.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        let ending = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(self.patience, ending).await.is_err() {
            tracing::warn!(
                "handlers were still running at the stop; their rows come back when their leases end"
            );
        }
    }
}

async fn look(shared: Arc<Shared>) {
    let mut active: HashSet<InstitutionId> = HashSet::new();
    let mut schools: JoinSet<InstitutionId> = JoinSet::new();
    let mut stopping = shared.stopping.clone();
    while !*stopping.borrow() {
        match shared.db.schools_with_deliveries().await {
            Ok(due) => {
                for institution in due.into_iter().filter(|school| active.insert(*school)).collect::<Vec<_>>()
                {
                    let school = School::new(shared.clone(), institution);
                    schools.spawn(school.deliver());
                }
            }
            Err(error) => tracing::warn!(%error, "the outbox could not be read just now"),
        }
        let woken = async {
            shared.db.written().await;
            // A rush writes thousands of rows a second; looking fifty times is enough.
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(shared.settings.look) => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
            Some(done) = schools.join_next() => match done {
                Ok(institution) => { active.remove(&institution); }
                Err(error) => {
                    tracing::error!(%error, "a school's delivery broke off");
                    // Which one is unknown: look at all of them again.
                    active.clear();
                }
            },
        }
    }
    while schools.join_next().await.is_some() {}
}
