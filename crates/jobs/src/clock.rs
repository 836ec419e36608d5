//! Clocks: each node asks, one gets the tick.

use crate::Clock;
use jiff::SignedDuration;
use regie_db::{Db, Error};
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// How often a node asks whether a clock is due.
const LOOK: Duration = Duration::from_millis(500);

pub(crate) async fn run(db: Db, clock: Clock, node: Uuid, mut stopping: watch::Receiver<bool>) {
    loop {
        match db.tick(clock.name, node, clock.period).await {
            Ok(Some(fence)) => {
                let work = (clock.work)(db.clone(), fence);
                // In a task of its own: a panic in one clock is an entry in the log, not the end of all.
                match tokio::spawn(work).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::warn!(%error, clock = clock.name, "a clock's work failed"),
                    Err(error) => tracing::error!(%error, clock = clock.name, "a clock's work broke off"),
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, clock = clock.name, "the clock could not be read"),
        }
        tokio::select! {
            _ = tokio::time::sleep(LOOK) => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
    }
}

/// What the sweep clock does: forget request ids and consumer marks after a time in which nobody sends them again.
pub async fn sweep(db: Db, keep: SignedDuration) -> Result<(), Error> {
    let before = db.now().checked_sub(keep).unwrap_or(db.now());
    let mut slices = 0;
    while db.sweep(before).await? > 0 && slices < 1000 {
        slices += 1;
        tokio::task::yield_now().await;
    }
    Ok(())
}
