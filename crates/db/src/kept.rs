//! What every request asks and hardly ever changes, kept in the memory of a node until somebody changes it.
//!
//! A change on this node voids what is kept before its answer leaves; one on another node does so with the news of it,
//! within half a second. A node that cannot hear the others keeps nothing.

use crate::Db;
use regie_core::id::{Id as _, InstitutionId};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Older is asked again, whatever was heard: a node may die between a commit and the news of it.
const LONGEST: Duration = Duration::from_secs(10);
/// Above this all of it is let go.
const MOST: usize = 20_000;

struct One {
    turn: u64,
    asked: Instant,
    value: Arc<dyn Any + Send + Sync>,
}

type All = HashMap<(TypeId, Uuid, Uuid), One>;

pub(crate) struct Kept {
    all: Mutex<All>,
    longest: Mutex<Duration>,
}

impl Default for Kept {
    fn default() -> Self {
        Self { all: Mutex::default(), longest: Mutex::new(LONGEST) }
    }
}

impl Db {
    /// What `ask` gave, now or a moment ago. `about` tells apart what is kept of one type at one institution; `kinds` are
    /// those of the ids that a write touches when it changes the answer.
    pub async fn kept<T, E>(
        &self,
        institution: InstitutionId,
        about: Uuid,
        kinds: &[&str],
        ask: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E>
    where
        T: Any + Send + Sync,
    {
        let key = (TypeId::of::<T>(), institution.uuid(), about);
        // Read before the question: what changes while it is answered makes the answer old at once.
        let Some(turn) = self.changes().turn(institution, kinds) else { return ask.await.map(Arc::new) };
        let asked = Instant::now();
        if let Some(value) = self.0.kept.find::<T>(&key, turn, asked) {
            return Ok(value);
        }
        let value = Arc::new(ask.await?);
        self.0.kept.put(key, One { turn, asked, value: value.clone() });
        Ok(value)
    }

    /// Keeps things longer, so that a test sees what voids them besides their age.
    #[doc(hidden)]
    pub fn keep_for(&self, time: Duration) {
        if let Ok(mut longest) = self.0.kept.longest.lock() {
            *longest = time;
        }
    }
}

impl Kept {
    fn find<T: Any + Send + Sync>(
        &self,
        key: &(TypeId, Uuid, Uuid),
        turn: u64,
        now: Instant,
    ) -> Option<Arc<T>> {
        let longest = *self.longest.lock().ok()?;
        let all = self.all.lock().ok()?;
        let one = all.get(key)?;
        let fresh = one.turn == turn && now.duration_since(one.asked) < longest;
        fresh.then(|| one.value.clone().downcast().ok()).flatten()
    }

    fn put(&self, key: (TypeId, Uuid, Uuid), one: One) {
        let Ok(mut all) = self.all.lock() else { return };
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(key, one);
    }
}
