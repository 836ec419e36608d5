//! What changed, for live screens: after each commit the first news leaves at once, then every 250 ms.
//! On PostgreSQL every node tells the others, outside the transaction, at most four times a second.

use crate::{Backend, Db};
use regie_core::id::{Id, InstitutionId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Notify, broadcast, watch};
use uuid::Uuid;

const PACE: Duration = Duration::from_millis(250);
const CHANNEL: &str = "regie_changes";
/// Above this many things at once, screens are told that anything may have changed.
const MANY: usize = 100;

/// A thing that was touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touched {
    pub kind: &'static str,
    pub id: Uuid,
}

/// News for screens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Change {
    /// One thing of one institution.
    Thing { institution: Uuid, kind: String, id: Uuid },
    /// So much of this institution that looking again at everything is simpler.
    Institution { institution: Uuid },
    /// News may have been missed (a lost connection, a slow listener).
    Everything,
}

pub struct Changes {
    pending: Mutex<BTreeSet<Change>>,
    some: Notify,
    news: broadcast::Sender<Arc<Vec<Change>>>,
    /// Other nodes may have screens open even when this one has none.
    others: bool,
    turns: Mutex<Turns>,
    /// What other nodes change is not heard now.
    deaf: AtomicBool,
    /// The database is gone; the tasks end.
    closed: AtomicBool,
    /// This node stops: its screens must go and listen to another.
    over: watch::Sender<bool>,
}

/// How often what was touched; only ever more.
#[derive(Default)]
struct Turns {
    everything: u64,
    /// By institution and kind; under no kind what may have been any.
    of: HashMap<Uuid, HashMap<String, u64>>,
}

impl Turns {
    fn touched(&mut self, institution: Uuid, kind: &str) {
        let kinds = self.of.entry(institution).or_default();
        match kinds.get_mut(kind) {
            Some(count) => *count += 1,
            None => drop(kinds.insert(kind.to_owned(), 1)),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Notice {
    node: Uuid,
    changes: Vec<Change>,
}

impl Changes {
    pub(crate) fn new(others: bool) -> Self {
        Self {
            pending: Mutex::default(),
            some: Notify::new(),
            news: broadcast::channel(64).0,
            others,
            turns: Mutex::default(),
            deaf: AtomicBool::new(others),
            closed: AtomicBool::new(false),
            over: watch::channel(false).0,
        }
    }

    /// What is kept of these kinds holds as long as this number stays the same; `None` when nobody can tell.
    pub(crate) fn turn(&self, institution: InstitutionId, kinds: &[&str]) -> Option<u64> {
        if self.deaf.load(Ordering::Acquire) {
            return None;
        }
        let turns = self.turns.lock().ok()?;
        let of = turns.of.get(&institution.uuid());
        let count = |kind: &str| of.and_then(|of| of.get(kind)).copied().unwrap_or_default();
        Some(turns.everything + count("") + kinds.iter().map(|kind| count(kind)).sum::<u64>())
    }

    /// What others tell voids what this node keeps; what it changes itself does so in `note`, before the answer leaves.
    fn heard(&self, changes: &[Change]) {
        let Ok(mut turns) = self.turns.lock() else { return };
        for change in changes {
            match change {
                Change::Thing { institution, kind, .. } => turns.touched(*institution, kind),
                Change::Institution { institution } => turns.touched(*institution, ""),
                Change::Everything => turns.everything += 1,
            }
        }
    }

    pub(crate) fn note(&self, institution: InstitutionId, touched: Vec<Touched>) {
        if let Ok(mut turns) = self.turns.lock() {
            touched.iter().for_each(|one| turns.touched(institution.uuid(), one.kind));
        }
        if touched.is_empty() || !(self.others || self.news.receiver_count() > 0) {
            return;
        }
        let institution = institution.uuid();
        if let Ok(mut pending) = self.pending.lock() {
            if pending.len() + touched.len() > MANY {
                pending.insert(Change::Institution { institution });
            } else {
                pending.extend(touched.into_iter().map(|Touched { kind, id }| Change::Thing {
                    institution,
                    kind: kind.into(),
                    id,
                }));
            }
        }
        self.some.notify_one();
    }

    /// A listener that falls behind gets a lag error from the channel and must treat it as `Everything`.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Vec<Change>>> {
        self.news.subscribe()
    }

    /// Tells everybody who listens to go: a stream without end would hold up a stop.
    pub fn end(&self) {
        self.over.send_replace(true);
    }

    /// Resolves when this node stops.
    pub async fn ended(&self) {
        let mut over = self.over.subscribe();
        // The sender lives as long as we do.
        let _ = over.wait_for(|over| *over).await;
    }

    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        self.some.notify_waiters();
        self.some.notify_one();
    }

    fn take(&self) -> Vec<Change> {
        self.pending
            .lock()
            .map(|mut pending| std::mem::take(&mut *pending).into_iter().collect())
            .unwrap_or_default()
    }

    fn pass_on(&self, changes: Vec<Change>) {
        self.heard(&changes);
        self.tell(changes);
    }

    fn tell(&self, changes: Vec<Change>) {
        // Nobody listening is fine.
        let _ = self.news.send(Arc::new(changes));
    }
}

/// The tasks end when the last handle of the database is dropped.
pub(crate) fn start(db: &Db) {
    let weak = Arc::downgrade(&db.0);
    let node: Uuid = db.new_id::<regie_core::id::DeviceId>().uuid();
    let changes = db.0.changes.clone();
    tokio::spawn(async move {
        loop {
            changes.some.notified().await;
            if changes.closed.load(Ordering::Relaxed) {
                return;
            }
            let news = changes.take();
            if news.is_empty() {
                continue;
            }
            if let Some(inner) = weak.upgrade()
                && let Backend::Postgres { pool } = &inner.backend
            {
                tell_others(pool, Notice { node, changes: news.clone() }).await;
            }
            changes.tell(news);
            tokio::time::sleep(PACE).await;
        }
    });
    if db.is_postgres() {
        tokio::spawn(listen(Arc::downgrade(&db.0), node));
    }
}

async fn tell_others(pool: &crate::postgres::Pool, mut notice: Notice) {
    let mut text = serde_json::to_string(&notice).unwrap_or_default();
    if text.len() > 7_500 {
        // A notice holds 8,000 bytes.
        notice.changes = vec![Change::Everything];
        text = serde_json::to_string(&notice).unwrap_or_default();
    }
    if let Ok(mut line) = pool.line().await
        && let Ok(client) = line.client()
        && let Err(error) = client.execute("SELECT pg_notify($1, $2)", &[&CHANNEL, &text]).await
    {
        tracing::warn!(%error, "the other nodes were not told what changed");
    }
}

async fn listen(weak: std::sync::Weak<crate::Inner>, node: Uuid) {
    loop {
        let Some(inner) = weak.upgrade() else { return };
        let Backend::Postgres { pool } = &inner.backend else { return };
        let (heard, mut hear) = tokio::sync::mpsc::unbounded_channel();
        let listening = pool.listen(CHANNEL, heard).await;
        drop(inner);
        if let Ok((_client, _task)) = listening {
            if let Some(inner) = weak.upgrade() {
                // What happened before we listened is unknown.
                inner.changes.pass_on(vec![Change::Everything]);
                inner.changes.deaf.store(false, Ordering::Release);
            }
            loop {
                match tokio::time::timeout(Duration::from_secs(1), hear.recv()).await {
                    Ok(Some(text)) => {
                        let Some(inner) = weak.upgrade() else { return };
                        match serde_json::from_str::<Notice>(&text) {
                            Ok(notice) if notice.node == node => {}
                            Ok(notice) => inner.changes.pass_on(notice.changes),
                            Err(_) => inner.changes.pass_on(vec![Change::Everything]),
                        }
                    }
                    Ok(None) => break,
                    Err(_) if weak.strong_count() == 0 => return,
                    Err(_) => {}
                }
            }
            if let Some(inner) = weak.upgrade() {
                inner.changes.deaf.store(true, Ordering::Release);
            }
        }
        tokio::time::sleep(PACE).await;
    }
}
