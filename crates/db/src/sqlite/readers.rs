//! Readers: a few read-only connections without a lock between them. A question is answered on the asking thread,
//! because handing it over costs more than most questions do.

use super::{Synchronous, open};
use crate::Error;
use crossbeam_queue::ArrayQueue;
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(crate) struct Readers {
    free: Arc<ArrayQueue<Connection>>,
    permits: Arc<Semaphore>,
    size: usize,
}

impl Readers {
    pub(crate) fn open(path: &Path, count: usize) -> Result<Self, Error> {
        let free = ArrayQueue::new(count);
        for _ in 0..count {
            let connection = open(path, false, Synchronous::Full)?;
            free.push(connection).map_err(|_| Error::Bug("too many readers".into()))?;
        }
        Ok(Self { free: Arc::new(free), permits: Arc::new(Semaphore::new(count)), size: count })
    }

    /// Readers that are lent out, and how many there are.
    pub(crate) fn in_use(&self) -> (usize, usize) {
        (self.size.saturating_sub(self.permits.available_permits()), self.size)
    }

    /// Waits for a free connection.
    pub(crate) async fn lend(&self) -> Result<Lent, Error> {
        let permit = self.permits.clone().acquire_owned().await.map_err(|e| Error::Bug(e.to_string()))?;
        let connection = self.free.pop().ok_or_else(|| Error::Bug("a reader was not given back".into()))?;
        Ok(Lent { connection: Some(connection), free: self.free.clone(), _permit: permit })
    }
}

/// A reader on loan; dropping gives it back.
pub(crate) struct Lent {
    connection: Option<Connection>,
    free: Arc<ArrayQueue<Connection>>,
    // Released after the connection is back.
    _permit: OwnedSemaphorePermit,
}

impl Lent {
    pub(crate) fn connection(&self) -> Result<&Connection, Error> {
        self.connection.as_ref().ok_or_else(|| Error::Bug("a reader without a connection".into()))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let _ = self.free.push(connection);
        }
    }
}
